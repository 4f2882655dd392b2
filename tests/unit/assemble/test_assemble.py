"""The setup directory as a whole."""

import json
import tomllib
from dataclasses import replace
from pathlib import Path

import pytest

from paa.edges.tree import loaded_tree
from paa.errors import FindingsError
from tests.packages import MODULES, scan_files

MODULE = f"{MODULES}/tool.py"
CLI = "import click\n@click.group()\ndef cli(): pass\n"


def test_a_package_with_everything_holds_its_files_and_no_others(tmp_path: Path) -> None:
    files = {
        MODULE: "from components.words import count\n",
        f"{MODULES}/other.py": "",
        f"{MODULES}/components/__init__.py": "",
        f"{MODULES}/components/words.py": "from .deep.more import count\n",
        f"{MODULES}/components/deep/more.py": "count = len\n",
        f"{MODULES}/components/unused.py": "",
        "cli/tool.py": CLI,
        "cli/other.py": CLI,
        "api_routes/tool.py": "from fastapi import APIRouter\nrouter = APIRouter()\n",
        "streamlit/tool.py": "import streamlit\n",
        "mcp/tool.py": "from mcp.server.fastmcp import FastMCP\nmcp = FastMCP('tool')\n",
        "artifacts/tool/data.txt": "data",
        "tests/tool/test_tool.py": "",
        "LICENSE": "MIT",
    }
    setup = scan_files(tmp_path, files).assemble("tool")
    assert sorted(setup.files) == [
        "LICENSE",
        "README.md",
        "pyproject.toml",
        "tool/.paa/manifest.json",
        "tool/__init__.py",
        "tool/artifacts/data.txt",
        "tool/cli.py",
        "tool/components/__init__.py",
        "tool/components/deep/more.py",
        "tool/components/words.py",
        "tool/mcp_server.py",
        "tool/routes.py",
        "tool/streamlit.py",
        "tool/tool.py",
    ]
    assert (setup.package, setup.distribution, setup.version) == ("tool", "tool", "1.0.0")
    manifest = json.loads(setup.files["tool/.paa/manifest.json"])
    assert manifest["components"] == [f"{MODULES}/components/{name}.py" for name in ("__init__", "deep/more", "words")]
    assert manifest["interfaces"] == ["api", "cli", "mcp", "streamlit"]
    assert [item["path"] for item in manifest["artifacts"]] == ["data.txt"]
    scripts = tomllib.loads(setup.files["pyproject.toml"].decode())["project"]["scripts"]
    assert scripts == {"tool": "tool.cli:cli"}


def test_the_same_input_gives_the_same_files(tmp_path: Path) -> None:
    files = {
        MODULE: "from components import a, b\n",
        f"{MODULES}/components/a.py": "",
        f"{MODULES}/components/b.py": "",
    }
    one = scan_files(tmp_path / "one", files).assemble("tool")
    two = scan_files(tmp_path / "two", dict(reversed(files.items()))).assemble("tool")
    assert one == two
    assert list(one.files) == list(two.files)


@pytest.mark.parametrize(
    ("package", "folder"),
    [("cli", "cli"), ("routes", "api_routes"), ("mcp_server", "mcp")],
)
def test_an_interface_that_would_take_the_module_s_place_is_refused(tmp_path: Path, package: str, folder: str) -> None:
    state = scan_files(tmp_path, {f"{MODULES}/{package}.py": "", f"{folder}/{package}.py": "cli = 1\n"})
    with pytest.raises(FindingsError, match=rf"this file would take the place of {package}\.{package}"):
        state.assemble(package)


def test_components_that_would_take_the_module_s_place_are_refused(tmp_path: Path) -> None:
    files = {f"{MODULES}/components.py": "from .components.x import a\n", f"{MODULES}/components/x.py": "a = 1\n"}
    with pytest.raises(FindingsError, match=r"components and components\.py .* have one name"):
        scan_files(tmp_path, files).assemble("components")


def test_a_tree_that_holds_more_than_the_package_gives_the_same(tmp_path: Path) -> None:
    """As in a worker process, which gets what is shipped and nothing else."""
    files = {
        MODULE: (
            "from components.a import f\nfrom typing import TYPE_CHECKING\nif TYPE_CHECKING:\n"
            "    from components.types import T\n"
            "try:\n    from components.gone import g\nexcept ImportError:\n    g = 1\n"
        ),
        f"{MODULES}/components/a.py": "f = 1\n",
        f"{MODULES}/components/types.py": "T = int\n",
    }
    state = scan_files(tmp_path, files)
    contents = state.tree.read(state.scanned["tool"].contents)
    alone = replace(state, tree=loaded_tree(state.tree, contents))
    made = state.assemble("tool")
    assert f"{MODULES}/components/types.py" not in contents
    assert made == alone.assemble("tool")
    # What is not there can't be taken from somebody else's folder of that name.
    assert b"from tool.components.types import T" in made.files["tool/__init__.py"]
    assert b"from tool.components.gone import g" in made.files["tool/__init__.py"]


@pytest.mark.parametrize("package", ["cli", "docs", "tests", "dist", "build", "artifacts", "licenses", "README"])
def test_any_name_of_a_folder_can_be_a_package(tmp_path: Path, package: str) -> None:
    setup = scan_files(tmp_path, {f"{MODULES}/{package}.py": "value = 1\n", "LICENSE": ""}).assemble(package)
    assert setup.files[f"{package}/__init__.py"].startswith(b"value = 1\n")


def test_a_package_that_was_not_scanned_to_the_end_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FindingsError, match="was not scanned to the end"):
        scan_files(tmp_path, {MODULE: "def ("}).assemble("tool")


def test_a_template_of_the_repository_is_used(tmp_path: Path) -> None:
    template = "{% extends 'package/README.md.j2' %}"
    files = {MODULE: '"""Text."""', ".paa/templates/package/README.md.j2": "Ours: {{ distribution }}\n{{ text }}\n"}
    assert scan_files(tmp_path / "one", files).assemble("tool").files["README.md"] == b"Ours: tool\nText.\n"
    files[".paa/templates/package/README.md.j2"] = template
    assert scan_files(tmp_path / "two", files).assemble("tool").files["README.md"] == b"# tool\n\nText.\n"
