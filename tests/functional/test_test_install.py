"""``paa test-install``: what is on disk, in the environment that paa runs in."""

import os
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

from tests.functional.command_line import Result, done, outside_dist
from tests.functional.samples import three_packages
from tests.repository import Repository


@pytest.fixture
def python(tmp_path: Path) -> Path:
    """The interpreter of a fresh environment that sees paa and its tools, and is no part of this one."""
    folder = tmp_path / "environment"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder)], check=True)
    (site,) = folder.glob("lib/python*/site-packages")
    lines = [
        f"import site; site.addsitedir({path!r})" for path in {sysconfig.get_path(k) for k in ("purelib", "platlib")}
    ]
    (site / "paa-under-test.pth").write_text("\n".join(sorted(lines)) + "\n")
    return folder / "bin" / "python"


def test_install(repository: Repository, python: Path, *arguments: str) -> Result:
    command = [str(python), "-m", "paa", "test-install", *arguments]
    ended = subprocess.run(command, cwd=repository.path, capture_output=True, check=False, text=True)
    return Result(ended.returncode, ended.stdout, ended.stderr)


test_install.__test__ = False  # type: ignore[attr-defined]  # named for the command, and no test


def output_of(python: Path, program: str) -> str:
    command = [str(python), "-P", "-c", program]
    return subprocess.run(command, capture_output=True, check=True, text=True, cwd=python.parent).stdout.strip()


def test_the_package_and_the_siblings_that_it_needs_are_installed_as_they_are_on_disk(
    repository: Repository, python: Path
) -> None:
    three_packages(repository)
    before = outside_dist(repository.path)
    result = done(test_install(repository, python, "wordreport"))
    assert "installed wordreport 0.0.0" in result.out
    program = "import wordreport, importlib.metadata as m; print(wordreport.report('a b'), m.version('wordcount'))"
    assert output_of(python, program) == "2 ['a', 'b'] 0.0.0"
    assert output_of(python, "import importlib.util as u; print(u.find_spec('dice'))") == "None"
    assert not (repository.path / "dist").exists()
    assert outside_dist(repository.path) == before

    # Again, after a change: the same version, and yet what is on disk now.
    path = repository.path / "python_modules" / "wordcount.py"
    path.write_text('"""Count."""\n\n\ndef count(text):\n    return "many"\n')
    done(test_install(repository, python, "wordreport"))
    assert output_of(python, "import wordreport; print(wordreport.report('a b'))") == "many ['a', 'b']"


def test_a_version_can_be_given(repository: Repository, python: Path) -> None:
    three_packages(repository)
    done(test_install(repository, python, "Wordreport", "--version", "7.0"))
    versions = "import importlib.metadata as m; print(m.version('wordreport'), m.version('wordcount'))"
    assert output_of(python, versions) == "7.0 7.0"


def test_requirements_are_installed_unless_they_are_to_be_left_alone(repository: Repository, python: Path) -> None:
    """There is no way to any index here, so that a requirement that is not installed can't be had."""
    mapping = '{"certainly_missing": "certainly-missing"}'
    module = "import click\n\n\ndef f():\n    import certainly_missing\n    return certainly_missing\n"
    repository.write({"python_modules/one.py": module, ".paa/package_mapping.json": mapping})
    repository.commit("One")
    result = test_install(repository, python, "one")
    assert result.code == 3
    assert "certainly-missing" in result.err
    done(test_install(repository, python, "one", "--skip-deps-install"))
    assert output_of(python, "import one; print(one.__version__)") == "0.0.0"


def test_a_command_of_the_package_can_be_called(repository: Repository, python: Path) -> None:
    command = "import click\nfrom one.one import *\n\n\n@click.group()\ndef cli():\n    pass\n"
    command += "\n\n@cli.command()\ndef hello():\n    click.echo(VALUE)\n"
    repository.write({"python_modules/one.py": "VALUE = 41\n", "cli/one.py": command})
    repository.commit("One")
    done(test_install(repository, python, "one"))
    shown = subprocess.run([str(python.parent / "one"), "hello"], capture_output=True, check=True, text=True)
    assert shown.stdout == "41\n"


def test_what_opts_out_of_releases_can_be_installed(repository: Repository, python: Path) -> None:
    repository.write({"python_modules/mine.py": '__package_metadata__ = {"publish": False}\nvalue = 5\n'})
    done(test_install(repository, python, "mine"))
    assert output_of(python, "import mine; print(mine.value)") == "5"


def test_files_of_the_repository_don_t_get_in_the_way_of_the_installer(repository: Repository, python: Path) -> None:
    """A module called like one of pip's or of the standard library lies where paa is called."""
    trap = "raise SystemExit('the wrong module was imported')\n"
    repository.write({"python_modules/one.py": "value = 1\n", "pip.py": trap, "queue.py": trap})
    command = [str(python), "-P", "-m", "paa", "test-install", "one"]
    ended = subprocess.run(command, cwd=repository.path, capture_output=True, check=False, text=True, env=os.environ)
    assert ended.returncode == 0, ended.stderr
