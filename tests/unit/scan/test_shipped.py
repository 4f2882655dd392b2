"""What goes into a package: its command line has something to call, its README is there."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from paa.model import ScannedPackage
from tests.unit.scan.samples import scan_files, shown_findings

M = "python_modules"
NO_CLI = "error interface cli/pkg.py: this file binds no 'cli': the package's command would have nothing to run"


def scanned(folder: Path, files: Mapping[str, str | bytes]) -> ScannedPackage:
    return scan_files(folder, {f"{M}/pkg.py": "", **files})["pkg"]


BOUND = [
    ("import click\n@click.group()\ndef cli(): pass\n", {}),
    ("import click\ncli = click.Group()\n", {}),
    ("cli: object = print\n", {}),
    ("def main(): pass\ncli = main\n", {}),
    ("class cli: pass\n", {}),
    ("from pkg import cli\n", {}),
    ("from pkg.pkg import main as cli\n", {}),
    ("try:\n    import rich\nexcept ImportError:\n    def cli(): pass\nelse:\n    def cli(): pass\n", {}),
    ("def __getattr__(name): return print\n", {}),
    # Through a star, where the other file binds it …
    ("from pkg.pkg import *\n", {f"{M}/pkg.py": "def cli(): pass\n"}),
    ("from pkg import *\n", {f"{M}/pkg.py": "def cli(): pass\n"}),
    ("from .pkg import *\n", {f"{M}/pkg.py": "def cli(): pass\n"}),
    ("from components.c import *\n", {f"{M}/components/c.py": "cli = 1\n"}),
    ("from .components.c import *\n", {f"{M}/components/c.py": "from requests import *\n"}),
    # … or nobody can know.
    ("from pkg.pkg import *\n", {f"{M}/pkg.py": "from requests import *\n"}),
    ("from requests import *\n", {}),
    ("from sib import *\n", {f"{M}/sib.py": ""}),
]


@pytest.mark.parametrize(("source", "more"), BOUND, ids=[f"{source} {more}" for source, more in BOUND])
def test_a_command_line_that_binds_cli_or_may(tmp_path: Path, source: str, more: dict[str, str]) -> None:
    package = scanned(tmp_path, {"cli/pkg.py": source, **more})

    assert shown_findings(package) == []
    assert package.metadata is not None
    assert package.metadata.command == "pkg"


UNBOUND = [
    ("", {}),
    ("import click\n@click.command()\ndef main(): pass\n", {}),
    ("def f():\n    cli = 1\n", {}),
    ("'''\ncli = 1\n'''\n", {}),
    ("cli: object\n", {}),
    ("from pkg.pkg import *\n", {}),
    ("from pkg import *\ndef main(): pass\n", {f"{M}/pkg.py": "def main(): pass\n"}),
    ("from components.c import *\n", {f"{M}/components/c.py": "x = 1\n"}),
    ("if TYPE_CHECKING:\n    from requests import *\n", {}),
]


@pytest.mark.parametrize(("source", "more"), UNBOUND, ids=[f"{source} {more}" for source, more in UNBOUND])
def test_a_command_line_without_cli_is_an_error(tmp_path: Path, source: str, more: dict[str, str]) -> None:
    package = scanned(tmp_path, {"cli/pkg.py": source, **more})

    assert shown_findings(package) == [NO_CLI]
    assert package.fingerprint == ""


def test_a_command_line_that_cannot_be_read_has_that_error_alone(tmp_path: Path) -> None:
    (finding,) = scanned(tmp_path, {"cli/pkg.py": "def cli(:\n"}).errors

    assert (finding.rule, str(finding.location)) == ("syntax", "cli/pkg.py:1")


def test_other_interfaces_need_no_cli(tmp_path: Path) -> None:
    package = scanned(tmp_path, {"api_routes/pkg.py": "", "mcp/pkg.py": "", "streamlit/pkg.py": ""})

    assert shown_findings(package) == []
    assert package.metadata is not None
    assert package.metadata.command is None


def test_the_command_is_named_by_its_own_metadata(tmp_path: Path) -> None:
    package = scanned(tmp_path, {"cli/pkg.py": "__cli_metadata__ = {'name': 'my-tool'}\ncli = 1\n"})

    assert package.metadata is not None
    assert package.metadata.command == "my-tool"


@pytest.mark.parametrize("name", ["../evil", "a b", "-x", "a/b", "a\\n", "$(id)", "ünï"])
def test_a_command_with_a_name_that_is_none_is_an_error(tmp_path: Path, name: str) -> None:
    (finding,) = scanned(tmp_path, {"cli/pkg.py": f"__cli_metadata__ = {{'name': '{name}'}}\ncli = 1\n"}).errors

    assert (finding.rule, str(finding.location)) == ("metadata", "cli/pkg.py:1")
    assert "can't be the name of a command" in finding.message


# ------------------------------------------------------------------------------------------------------------ READMEs


def with_readme(folder: Path, readme: str, more: Mapping[str, str | bytes]) -> ScannedPackage:
    return scanned(folder, {f"{M}/pkg.py": f"__package_metadata__ = {{'readme': {readme!r}}}\n", **more})


@pytest.mark.parametrize("readme", ["docs/pkg.md", "./docs/pkg.md", "docs//pkg.md"])
def test_a_readme_of_its_own_goes_into_the_package(tmp_path: Path, readme: str) -> None:
    package = with_readme(tmp_path, readme, {"docs/pkg.md": "# A", "example_notebooks/pkg.ipynb": "{}"})

    assert shown_findings(package) == []
    assert sorted(package.contents) == ["docs/pkg.md", f"{M}/pkg.py"]


@pytest.mark.parametrize("readme", ["docs/gone.md", "../outside.md", "/etc/hostname", "docs", "docs/pkg.MD"])
def test_a_readme_that_is_not_in_the_repository_is_an_error(tmp_path: Path, readme: str) -> None:
    package = with_readme(tmp_path, readme, {"docs/pkg.md": "# A", "../outside.md": "# B"})

    (finding,) = package.errors
    assert (finding.rule, str(finding.location)) == ("metadata", f"{M}/pkg.py")
    assert finding.message == f"__package_metadata__: readme: {readme!r} is not in the repository"
    assert package.fingerprint == ""


def test_a_readme_that_is_a_symbolic_link_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "pkg.md").symlink_to("/etc/hostname")

    (finding,) = with_readme(tmp_path, "pkg.md", {}).errors

    assert finding.message == "__package_metadata__: readme: 'pkg.md' is a symbolic link"


def test_readme_md_is_also_the_name_of_the_readme_that_is_generated(tmp_path: Path) -> None:
    generated = with_readme(tmp_path / "a", "README.md", {"example_notebooks/pkg.ipynb": '{"cells": []}'})
    own = with_readme(tmp_path / "b", "README.md", {"README.md": "# A", "example_notebooks/pkg.ipynb": '{"cells": []}'})

    assert shown_findings(generated) == shown_findings(own) == []
    assert sorted(generated.contents) == ["example_notebooks/pkg.ipynb", f"{M}/pkg.py"]
    assert sorted(own.contents) == ["README.md", f"{M}/pkg.py"]


# --------------------------------------------------------------------------------------------------- files beside code

DATA = f"{M}/components/words/list.csv"
READERS = [
    "from pathlib import Path\nWORDS = Path(__file__).parent / 'list.csv'\n",
    "import os\nWORDS = os.path.join(os.path.dirname(__file__), 'list.csv')\n",
    "from importlib.resources import files\nWORDS = files(__package__) / 'list.csv'\n",
    "import pkgutil\nWORDS = pkgutil.get_data(__package__, './list.csv')\n",
]


@pytest.mark.parametrize("source", READERS)
def test_a_data_file_that_a_component_reads_from_beside_itself_is_said_not_to_be_shipped(
    tmp_path: Path, source: str
) -> None:
    files = {f"{M}/pkg.py": "from .components.words import w\n", f"{M}/components/words/w.py": source, DATA: "a,b\n"}

    package = scanned(tmp_path, files)

    assert shown_findings(package) == [
        (
            f"warning data-file {M}/components/words/w.py:2: {DATA} is read from beside this file, and is not shipped: "
            "only artifacts are"
        )
    ]
    assert DATA not in package.contents


def test_a_data_file_beside_the_module_is_told_too_and_others_are_not(tmp_path: Path) -> None:
    source = (
        "from pathlib import Path\nhere = Path(__file__).parent\none = here / 'one.json'\ntwo = here / 'two.json'\n"
    )
    files = {f"{M}/pkg.py": source, f"{M}/one.json": "{}", f"{M}/other.json": "{}", "two.json": "{}"}

    (finding,) = scanned(tmp_path, files).findings

    assert (finding.rule, str(finding.location)) == ("data-file", f"{M}/pkg.py:3")


def test_a_source_that_only_speaks_of_a_file_is_left_alone(tmp_path: Path) -> None:
    assert scanned(tmp_path, {f"{M}/pkg.py": "name = 'one.json'\n", f"{M}/one.json": "{}"}).findings == ()
