"""``paa run-tests``: the tests of packages against what is installed of them."""

import json
import os
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

import paa as package
from tests.functional.command_line import Result, done
from tests.functional.samples import three_packages
from tests.repository import Repository

SCHEMA = Path(__file__).parents[2] / "docs/reference/tests.schema.json"
INSTALLED = "assert 'site-packages' in {name}.__file__, {name}.__file__\n"


def environment(folder: Path, *, without: str | None = None) -> Path:
    """The interpreter of a fresh environment that sees paa and its tools, but nothing whose name begins ``without``."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder)], check=True)
    (site,) = folder.glob("lib/python*/site-packages")
    found = sorted({sysconfig.get_path(kind) for kind in ("purelib", "platlib")})
    if without is not None:
        seen = folder / "seen"
        seen.mkdir()
        for each in (path for place in found for path in Path(place).iterdir()):
            if not each.name.startswith(without) and not (seen / each.name).exists():
                (seen / each.name).symlink_to(each)
        found = [str(seen)]
    (site / "paa-under-test.pth").write_text("".join(f"import site; site.addsitedir({path!r})\n" for path in found))
    # paa alone: where it is developed there are tests, too.
    (folder / "paa-alone").mkdir()
    (folder / "paa-alone" / "paa").symlink_to(Path(package.__file__).parent)
    return folder / "bin" / "python"


@pytest.fixture
def python(tmp_path: Path) -> Path:
    return environment(tmp_path / "environment")


def run(repository: Repository, python: Path, *arguments: str, **variables: str) -> Result:
    given = {**os.environ, "PYTHONPATH": str(python.parents[1] / "paa-alone"), **variables}
    command = [str(python), "-P", "-m", "paa", "run-tests", *arguments]
    ended = subprocess.run(command, cwd=repository.path, capture_output=True, check=False, text=True, env=given)
    return Result(ended.returncode, ended.stdout, ended.stderr)


def test_each_package_is_tested_as_it_is_installed_and_none_stops_another(repository: Repository, python: Path) -> None:
    three_packages(repository)
    repository.write(
        {
            # Both files have the same name, and one folder is called like what it tests.
            "tests/wordcount/__init__.py": "",
            "tests/wordcount/test_it.py": "import wordcount\n\n\ndef test_it():\n"
            f"    {INSTALLED.format(name='wordcount')}",
            "tests/wordreport/test_it.py": "import os, wordcount, wordreport\n\n\ndef test_it():\n"
            f"    {INSTALLED.format(name='wordreport')}    assert wordreport.report('a b') == '1'\n\n\n"
            "def test_no_secret():\n    assert not [name for name in os.environ if name.startswith('PAA_')]\n",
            "python_modules/broken.py": "def f(:\n",
            "python_modules/quiet.py": "x = 1\n",
            "tests/quiet/data.txt": "no test",
        }
    )
    result = run(repository, python, PAA_PYPI_PASSWORD="secret", PAA_GIT_TOKEN="secret")
    assert result.code == 1
    assert "error: broken: broken: python_modules/broken.py:1" in result.err
    assert "error: wordreport: failed" in result.err
    for line in ("dice: passed", "wordcount: passed", "quiet: no tests"):
        assert f"{line}\n" in result.out
    assert "assert wordreport.report" in result.out
    assert result.out.count("1 passed") == 3

    as_json = run(repository, python, "--json", "Dice", "quiet")
    assert done(as_json).json["packages"] == [
        {"package": "dice", "state": "passed"},
        {"package": "quiet", "state": "no tests"},
    ]
    Draft202012Validator(json.loads(SCHEMA.read_text())).validate(as_json.json)
    assert "1 passed" in as_json.err

    named = done(run(repository, python, PAA_PACKAGES="dice\n quiet"))
    assert [line for line in named.out.splitlines() if line.startswith(("dice:", "quiet:"))] == [
        "dice: passed",
        "quiet: no tests",
    ]
    assert "wordcount" not in named.out


def test_what_needs_a_broken_package_says_so(repository: Repository, python: Path) -> None:
    three_packages(repository)
    repository.write({"python_modules/wordcount.py": "def f(:\n"})
    result = run(repository, python, "wordreport", "dice", "--json")
    assert result.code == 1
    first, second = result.json["packages"]
    assert (first["state"], second["state"]) == ("broken", "passed")
    assert "it needs wordcount, which can't be built" in first["reason"]


def test_a_requirement_that_can_t_be_had_stops_its_package_alone(repository: Repository, python: Path) -> None:
    """There is no way to any index here."""
    three_packages(repository)
    mapping = '{"certainly_missing": "certainly-missing"}'
    repository.write({"python_modules/far.py": "import certainly_missing\n", ".paa/package_mapping.json": mapping})
    result = run(repository, python, "--json")
    assert result.code == 3
    states = {item["package"]: item["state"] for item in result.json["packages"]}
    assert states == {"dice": "passed", "far": "not installed", "wordcount": "no tests", "wordreport": "no tests"}
    Draft202012Validator(json.loads(SCHEMA.read_text())).validate(result.json)


def test_without_pytest_it_says_what_to_install(repository: Repository, tmp_path: Path) -> None:
    python = environment(tmp_path / "bare", without="pytest")
    three_packages(repository)
    result = run(repository, python)
    assert result.code == 2
    assert "python -m pip install pytest" in result.err
    # What has no tests needs none.
    assert "wordcount: no tests" in done(run(repository, python, "wordcount")).out


def test_modules_in_the_root_are_tested_as_installed_too(repository: Repository, python: Path) -> None:
    repository.write(
        {
            ".paa.config": "module_dir: .\n",
            "one.py": "x = 1\n",
            "tests/one/test_one.py": f"import one\n\n\ndef test_it():\n    {INSTALLED.format(name='one')}",
        }
    )
    assert "one: passed" in done(run(repository, python)).out


def test_an_unknown_package_and_an_empty_repository(repository: Repository, python: Path) -> None:
    assert "no package here" in done(run(repository, python)).out
    assert run(repository, python, "nothing").code == 2
