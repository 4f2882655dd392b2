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
from paa.errors import FindingsError
from paa.scan.repository import open_repository
from paa.scan.state import State
from paa.testing.needs import Needs, needs_of
from tests.functional.command_line import Result, done
from tests.functional.samples import three_packages
from tests.packages import build_package, scan_files
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
    # Not as site folders: where paa is developed, its checkout is on the path by a .pth file, and that has tests, too.
    (site / "paa-under-test.pth").write_text("".join(f"{path}\n" for path in found))
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


def wheel(folder: Path, name: str) -> str:
    """The address of a wheel of the package ``name``, which nobody has installed."""
    built = build_package(folder / name, {f"python_modules/{name}.py": f"name = {name!r}\n"}, name)
    (file,) = [file.name for file in built.files if file.name.endswith(".whl")]
    return (folder / name / "dist" / file).as_uri()


def test_what_tests_need_is_installed_for_them(repository: Repository, python: Path, tmp_path: Path) -> None:
    three_packages(repository)
    repository.write(
        {
            "tests/requirements.txt": f"# for all\n{wheel(tmp_path, 'shared_need')}\n",
            "tests/dice/requirements.txt": f"{wheel(tmp_path, 'own_need')}\n",
            "tests/dice/test_dice.py": "import own_need, shared_need\n\n\ndef test_it():\n    pass\n",
            "tests/wordcount/test_count.py": "import shared_need\n\n\ndef test_it():\n    pass\n",
        }
    )
    result = done(run(repository, python, "dice", "wordcount"))
    assert result.out.count("1 passed") == 2


def test_needs_that_can_t_be_had_stop_those_who_have_them(repository: Repository, python: Path) -> None:
    three_packages(repository)
    repository.write(
        {
            "tests/dice/requirements.txt": "certainly-missing\n",
            "tests/wordcount/test_count.py": "def test_it():\n    pass\n",
        }
    )
    result = run(repository, python, "dice", "wordcount", "--json")
    assert result.code == 3
    states = {item["package"]: item["state"] for item in result.json["packages"]}
    assert states == {"dice": "not installed", "wordcount": "passed"}
    assert "certainly-missing" in result.json["packages"][0]["reason"]


@pytest.mark.parametrize(
    ("groups", "expected"),
    [
        ("", ()),
        ("[dependency-groups]\nlint = ['ruff']\n", ()),
        ("[dependency-groups]\ndev = ['pytest>=8', {include-group = 'more'}]\nmore = ['six']\n", ("pytest>=8", "six")),
        ("[dependency-groups]\ndev = ['ruff']\ntests = ['pytest']\n", ("pytest",)),
        ("[dependency-groups]\ntest = []\ndev = ['ruff']\n", ()),
    ],
)
def test_a_project_says_what_its_tests_need_in_a_dependency_group(
    tmp_path: Path, groups: str, expected: tuple[str, ...]
) -> None:
    assert project_needs(tmp_path, groups).requirements == expected


@pytest.mark.parametrize(
    "groups",
    [
        "[dependency-groups]\ntest = 'pytest'\n",
        "[dependency-groups]\ntest = ['not a requirement!']\n",
        "[dependency-groups]\ntest = [{include-group = 'test'}]\n",
        "[dependency-groups]\ntest = [{include-group = 'nowhere'}]\n",
        "[dependency-groups]\ntest = [1]\n",
        "dependency-groups = 3\n",
        "dependency-groups = ['test']\n",
    ],
)
def test_a_dependency_group_that_can_t_be_read_is_told(tmp_path: Path, groups: str) -> None:
    with pytest.raises(FindingsError, match=r"lib/pyproject\.toml: dependency-groups can't be read: .+"):
        project_needs(tmp_path, groups)


def project_needs(folder: Path, groups: str) -> Needs:
    project = groups if groups.startswith("dependency") else ""
    text = f"{project}[project]\nname = 'lib'\nversion = '1.0'\n{'' if project else groups}"
    files: dict[str, str | bytes] = {"lib/pyproject.toml": text, "lib/lib.py": ""}
    scanned = scan_files(folder, files, "projects:\n  - path: lib\n")
    repository = open_repository(folder)
    return needs_of(State(repository=repository, tree=scanned.tree, scanned=scanned.scanned), scanned.scanned["lib"])
