"""Our own wheel holds the templates; they are found there, in an editable install and in a checkout."""

import os
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

from tests.packages import unpack

ROOT = Path(__file__).parents[2]
_RENDER = (
    "import sys, paa\nfrom paa.edges.templates import render, templates_folder\n"
    "print(paa.__file__)\nprint(templates_folder())\n"
    "print(render('package/README.md.j2', {'distribution': 'tool', 'text': 'Text.', 'title': True}))\n"
)


def hatchling(hook: str, folder: Path, project: Path = ROOT) -> Path:
    """Call a hook of our build backend on the project, and return the file that it made."""
    code = f"import sys; from hatchling.build import {hook}; print({hook}(sys.argv[1]))"
    folder.mkdir(exist_ok=True)
    done = subprocess.run([sys.executable, "-c", code, str(folder)], cwd=project, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
    return folder / done.stdout.decode().split()[-1]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return hatchling("build_wheel", tmp_path_factory.mktemp("own"))


def templates(root: Path) -> set[str]:
    return {path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file() and path.suffix != ".pyc"}


def rendered(folder: Path, *arguments: str, environment: dict[str, str] | None = None) -> list[str]:
    """What a clean process prints that finds paa as the arguments say: its file, its templates, and a README."""
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=folder,
        env={**{name: value for name, value in os.environ.items() if name != "PYTHONPATH"}, **(environment or {})},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def test_every_template_is_in_the_wheel_and_nothing_else_of_the_checkout(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
        metadata = archive.read(next(name for name in names if name.endswith(".dist-info/METADATA"))).decode()
    shipped = {name.removeprefix("paa/templates/") for name in names if name.startswith("paa/templates/")}
    assert shipped == templates(ROOT / "templates")
    assert {name.partition("/")[0].partition("-")[0] for name in names} == {"paa"}
    assert not [name for name in names if name.endswith((".pyc", ".j2.py")) or "__pycache__" in name]
    assert {"paa/py.typed", "paa/ppr/data/actions.json"} <= {*names}
    assert metadata.startswith("Metadata-Version: 2.4\nName: paa\n")


def test_the_installed_wheel_finds_its_templates(wheel: Path, tmp_path: Path) -> None:
    target = tmp_path / "installed"
    options = ["--no-deps", "--no-index", "--quiet", "--disable-pip-version-check", "--target", str(target)]
    subprocess.run([sys.executable, "-m", "pip", "install", *options, str(wheel)], check=True)
    found = rendered(tmp_path, "-I", "-c", f"import sys; sys.path.insert(0, {str(target)!r})\n{_RENDER}")
    assert found[:3] == [str(target / "paa" / "__init__.py"), str(target / "paa" / "templates"), "# tool"]


def test_a_wheel_that_is_only_unpacked_builds_packages(wheel: Path, tmp_path: Path) -> None:
    target = unpack(wheel, tmp_path / "unpacked")
    module = tmp_path / "ppr" / "python_modules" / "tool.py"
    module.parent.mkdir(parents=True)
    module.write_text('"""A tool."""\n')
    code = f"import sys; sys.path.insert(0, {str(target)!r})\nfrom paa.cli.app import run\nsys.exit(run(sys.argv[1:]))"
    rendered(tmp_path, "-I", "-c", code, "-C", str(tmp_path / "ppr"), "make-package", "tool")
    assert len(list((tmp_path / "ppr" / "dist").glob("tool-*.whl"))) == 1


def test_an_editable_install_finds_those_of_the_checkout(tmp_path: Path) -> None:
    site = unpack(hatchling("build_editable", tmp_path / "editable"), tmp_path / "site")
    found = rendered(tmp_path, "-I", "-c", f"import site; site.addsitedir({str(site)!r})\n{_RENDER}")
    assert found[:3] == [str(ROOT / "paa" / "__init__.py"), str(ROOT / "templates"), "# tool"]


def test_a_checkout_finds_its_own(tmp_path: Path) -> None:
    found = rendered(tmp_path, "-c", _RENDER, environment={"PYTHONPATH": str(ROOT)})
    assert found[:3] == [str(ROOT / "paa" / "__init__.py"), str(ROOT / "templates"), "# tool"]


def test_the_sdist_builds_the_same_wheel(wheel: Path, tmp_path: Path) -> None:
    with tarfile.open(hatchling("build_sdist", tmp_path / "sdist")) as sdist:
        sdist.extractall(tmp_path, filter="data")
    project = next(path for path in tmp_path.iterdir() if path.name.startswith("paa-"))
    rebuilt = hatchling("build_wheel", tmp_path / "rebuilt", project)
    assert rebuilt.name == wheel.name
    with zipfile.ZipFile(wheel) as one, zipfile.ZipFile(rebuilt) as two:
        assert one.namelist() == two.namelist()
        assert all(one.read(name) == two.read(name) for name in one.namelist())
