"""The proof at the end of a test run: it finds every wheel that paa assembled, and it can fail."""

import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.assembled.prove import prove
from tests.assembled.wheels import read_wheel
from tests.packages import MODULES, build_package, wheel_path

ROOT = Path(__file__).parents[2]
CONFTEST = """\
import pytest
from tests.assembled.plugin import AssembledWheels

def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(AssembledWheels(config))
"""
KEEP = """\
import shutil
from pathlib import Path
import pytest

{mark}
def test_that_builds_{name}(tmp_path: Path) -> None:
    shutil.copy({wheel!r}, tmp_path)
"""


def wheel(root: Path, name: str, source: str, **files: str) -> Path:
    """A wheel of the module ``name``; ``files`` are further ones in its folder, by name."""
    written = {f"{MODULES}/{name}.py": source, **{f"{MODULES}/{path}.py": text for path, text in files.items()}}
    return wheel_path(root / name / "dist", build_package(root / name, written, name))


def run(folder: Path, wheels: Mapping[str, Path], *arguments: str, mark: str = "") -> tuple[int, str]:
    """Exit code and output of a pytest run in which a test for each of ``wheels`` leaves it behind."""
    folder.mkdir()
    (folder / "conftest.py").write_text(CONFTEST)
    (folder / "pytest.ini").write_text("[pytest]\nstrict_markers = true\ntmp_path_retention_policy = none\n")
    for name, path in wheels.items():
        (folder / f"test_{name}.py").write_text(KEEP.format(mark=mark, name=name, wheel=str(path)))
    temporary = folder / "temporary"
    options = ["-q", "-p", "no:cacheprovider", "--basetemp", str(temporary), *arguments]
    code = f"import sys; sys.path.insert(0, {str(ROOT)!r}); import pytest; sys.exit(pytest.main(sys.argv[1:]))"
    done = subprocess.run(
        [sys.executable, "-P", "-c", code, *options], cwd=folder, capture_output=True, check=False, text=True
    )
    shutil.rmtree(temporary, ignore_errors=True)
    return done.returncode, done.stdout + done.stderr


@pytest.mark.parametrize("workers", [(), ("-n", "2")], ids=["alone", "two workers"])
def test_what_works_is_proven_and_counted(tmp_path: Path, workers: tuple[str, ...]) -> None:
    wheels = {
        "one": wheel(tmp_path, "one", "import two\nimport click\n", two="value = 1\n"),
        "two": wheel(tmp_path, "two", "value = 1\n"),
        "other": wheel(tmp_path / "other", "two", "value = 2\n"),
    }
    code, output = run(tmp_path / "run", wheels, *workers)
    assert code == 0, output
    assert "3 of 3 compiled, imported and checked by pip in 2 clean environments" in output
    assert "not installed" not in output


@pytest.mark.wrong_wheels("they are the faults that have to be found")
@pytest.mark.parametrize("workers", [(), ("-n", "2")], ids=["alone", "two workers"])
def test_a_wheel_that_can_t_be_imported_fails_the_run_though_all_tests_pass(
    tmp_path: Path, workers: tuple[str, ...]
) -> None:
    wheels = {
        "good": wheel(tmp_path, "good", "value = 1\n"),
        "bad": wheel(tmp_path, "bad", "import absent_after_all  #-\n"),
    }
    code, output = run(tmp_path / "run", wheels, *workers)
    assert code == 1, output
    assert re.search(r"\b2 passed", output)
    assert "WRONG: bad 1.0.0: import bad: ModuleNotFoundError: No module named 'absent_after_all'" in output
    assert "test_bad.py::test_that_builds_bad" in output
    assert "WRONG: good" not in output


@pytest.mark.wrong_wheels("they are the faults that have to be found")
def test_what_only_pip_or_the_compiler_sees_is_found_too(tmp_path: Path) -> None:
    lazy = wheel(tmp_path, "lazy", "def later():\n    import click\n")
    odd = wheel(tmp_path, "odd", "value = 1\n")
    with zipfile.ZipFile(odd, "a") as archive:
        archive.writestr("odd/part.py", "1 +\n")
    problems = prove([(read_wheel(lazy),), (read_wheel(odd),)], tmp_path / "environments")
    assert len(problems) == 2
    assert problems[0].startswith("lazy 1.0.0: pip check: lazy 1.0.0 requires click, which is not installed")
    assert problems[1].startswith("odd 1.0.0: compileall: ")
    assert "part.py" in problems[1]


@pytest.mark.wrong_wheels("they are the faults that have to be found")
def test_what_can_t_be_installed_offline_is_named_and_compiled_all_the_same(tmp_path: Path) -> None:
    wheels = {
        "far": wheel(tmp_path, "far", "import numpy\n"),
        "later": wheel(tmp_path, "later", '__package_metadata__ = {"requires_python": ">=3.99"}\n'),
    }
    code, output = run(tmp_path / "run", wheels)
    assert code == 0, output
    assert "0 of 2 compiled, imported" in output
    assert re.search(r"only compiled: far 1.0.0 .*: requires numpy, which is not here", output)
    assert re.search(r"only compiled: later 1.0.0 .*: requires Python >=3.99", output)
    with zipfile.ZipFile(wheels["far"], "a") as archive:
        archive.writestr("far/part.py", "1 +\n")
    code, output = run(tmp_path / "again", wheels)
    assert code == 1, output
    assert re.search(r"WRONG: compileall: .*far.part\.py", output, re.DOTALL)


@pytest.mark.wrong_wheels("they are the faults that have to be found")
def test_a_wheel_that_is_wrong_on_purpose_is_kept_out_only_with_a_reason(tmp_path: Path) -> None:
    wheels = {"bad": wheel(tmp_path, "bad", "raise SystemExit\n")}
    code, output = run(tmp_path / "kept-out", wheels, mark='@pytest.mark.wrong_wheels("it ends the process")')
    assert code == 0, output
    assert "assembled wheels" not in output
    code, output = run(tmp_path / "without-reason", wheels, mark="@pytest.mark.wrong_wheels")
    assert code == 1
    assert "wrong_wheels needs a reason" in output
