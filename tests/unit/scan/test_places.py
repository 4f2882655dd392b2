"""Two sources of a package can't lie at one place: told when the repository is scanned, with both."""

from pathlib import Path

import pytest

from tests.unit.scan.samples import scan_files

M = "python_modules"
C = f"{M}/components"
CLASHES = [
    # (name of the package, other files, settings, where, what)
    (
        "pkg",
        {f"{M}/pkg.py": "from .components import foo, Foo\n", f"{C}/Foo.py": "", f"{C}/foo.py": ""},
        "",
        f"{C}/foo.py",
        f"components/foo.py and components/Foo.py (from {C}/Foo.py) differ in case only",
    ),
    (
        "pkg",
        {
            f"{M}/pkg.py": "from .components.a import x\nfrom .components.A import y\n",
            f"{C}/a/x.py": "",
            f"{C}/A/y.py": "",
        },
        "",
        f"{C}/a/x.py",
        f"components/a and components/A (from {C}/A/y.py) differ in case only",
    ),
    (
        "tool",
        {f"{M}/tool.py": "from routes.x import a\n", "routes/x.py": "a = 1\n", "api_routes/tool.py": ""},
        "dependencies_dir: routes\n",
        "routes/x.py",
        "routes and routes.py (from api_routes/tool.py) have one name",
    ),
    (
        "pkg",
        {f"{M}/pkg.py": "from artifacts.x import a\n", f"{M}/artifacts/x.py": "a = 1\n", "artifacts/pkg/data.csv": "1"},
        f"dependencies_dir: {M}/artifacts\n",
        f"{M}/artifacts/x.py",
        "artifacts and artifacts/ (from artifacts/pkg/data.csv) have one name",
    ),
    (
        "Cli",
        {f"{M}/Cli.py": "", "cli/Cli.py": "cli = 1\n"},
        "",
        "cli/Cli.py",
        f"cli.py and Cli.py (from {M}/Cli.py) differ in case only",
    ),
]


@pytest.mark.parametrize(("name", "files", "settings", "finding"), [(*item[:3], item[3:]) for item in CLASHES])
def test_a_clash_is_an_error_of_the_scan(
    tmp_path: Path, name: str, files: dict[str, str], settings: str, finding: tuple[str, str]
) -> None:
    where, what = finding
    if len({path.lower() for path in files}) < len(files) and not _tells_case(tmp_path):
        pytest.skip("this file system takes names that differ in case only for one")
    package = scan_files(tmp_path / "ppr", files, settings)[name]

    (error,) = package.errors
    assert (error.rule, str(error.location)) == ("component", where)
    assert what in error.message
    assert package.fingerprint == ""


@pytest.mark.parametrize(
    ("files", "settings"),
    [
        ({f"{C}/cli/x.py": "", "cli/pkg.py": "cli = 1\n", f"{M}/pkg.py": "from .components.cli import x\n"}, ""),
        ({f"{C}/pkg/pkg.py": "", f"{M}/pkg.py": "from .components.pkg import pkg\n"}, ""),
        (
            {f"{M}/artifacts/x.py": "", f"{M}/artifacts/y.py": "", f"{M}/pkg.py": "from .artifacts import x, y\n"},
            f"dependencies_dir: {M}/artifacts\n",
        ),
    ],
)
def test_names_that_are_at_different_places_do_not_clash(tmp_path: Path, files: dict[str, str], settings: str) -> None:
    assert scan_files(tmp_path, files, settings)["pkg"].findings == ()


def _tells_case(folder: Path) -> bool:
    (folder / "a").touch()
    return not (folder / "A").exists()
