"""Interfaces that use names which only a component has, as in repositories of package-auto-assembler."""

from pathlib import Path

import pytest

from paa.errors import FindingsError
from tests.packages import MODULES, run_python, scan_files, write_tree

MODULE = f"{MODULES}/tool.py"
PARTS = f"{MODULES}/components/parts.py"
FILES: dict[str, str | bytes] = {
    PARTS: "import json\nclass A: ...\nclass B: ...\n_private = 1\n",
    MODULE: "from .components.parts import A\nown = 1\n",
}
STAR = "from tool.tool import *\n"


def interface(folder: Path, text: str | bytes, files: dict[str, str | bytes] = FILES, config: str = "") -> str:
    """The interface as it is assembled; the package is written to ``folder``."""
    setup = scan_files(folder / "ppr", {**files, "cli/tool.py": text}, config).assemble("tool")
    write_tree(folder / "setup", setup.files)
    return setup.files["tool/cli.py"].decode("latin-1")


@pytest.mark.parametrize("assembly", ["mirror", "merge"])
def test_a_name_of_a_component_is_there_behind_the_star(tmp_path: Path, assembly: str) -> None:
    text = f"{STAR}def cli():\n    return B.__name__, A.__name__, own, json.dumps([1])\n"
    interface(tmp_path, text, config=f"assembly: {assembly}\n")
    assert run_python("from tool.cli import cli; print(cli())", tmp_path / "setup") == "('B', 'A', 1, '[1]')"


def test_it_is_imported_from_where_it_is_and_no_line_moves(tmp_path: Path) -> None:
    made = interface(tmp_path, "from tool.tool import *  # all\ncli = B\n")
    assert made == "from tool.tool import *; from tool.components.parts import B  # all\ncli = B\n"


@pytest.mark.parametrize(
    "text",
    [
        f"{STAR}B = 1\ncli = B\n",
        f"{STAR}from other import B\ncli = B\n",
        f"{STAR}def cli(B): return B\n",
        f"{STAR}def cli():\n    global B\n    B = 1\n    return B\n",
        f"{STAR}class cli:\n    B = 1\n    C = B\n",
        f"{STAR}cli = [B for B in ()]\n",
        f"{STAR}cli = own\n",
        f"{STAR}cli = len\n",
        f"{STAR}cli = 'B'\n",
        f"{STAR}cli = unknown\n",
        f"{STAR}cli = _private\n",
        "from tool.tool import A\ncli = B\n",
        "import tool\ncli = B\n",
    ],
)
def test_what_is_bound_or_nobody_has_is_left_alone(tmp_path: Path, text: str) -> None:
    assert interface(tmp_path, f"#- mark\n{text}".replace("from other import B", "from json import B")) == (
        f"#- mark\n{text}".replace("from other import B", "from json import B")
    )


@pytest.mark.parametrize(
    "module",
    [
        "from .components.parts import A\n__all__ = ['A']\n",
        "from .components.parts import *\n",
        "from .components.parts import A\nfrom json import *\n",
    ],
    ids=["chosen by hand", "given already", "not to be known"],
)
def test_a_module_whose_star_gives_it_or_must_not_is_left_alone(tmp_path: Path, module: str) -> None:
    text = f"{STAR}cli = B\n"
    assert interface(tmp_path, text, {**FILES, MODULE: module}) == text


def test_what_several_components_import_alike_is_one_thing(tmp_path: Path) -> None:
    more = f"{MODULES}/components/more.py"
    files = {**FILES, PARTS: "import json\nfrom . import more\nA = 1\n", more: "import json\n"}
    made = interface(tmp_path, f"{STAR}cli = json\n", files)
    assert made.startswith("from tool.tool import *; from tool.components.more import json\n")


def test_different_things_of_one_name_are_told_apart_by_the_user(tmp_path: Path) -> None:
    files = {**FILES, PARTS: "from . import more\nA = 1\nB = 1\n", f"{MODULES}/components/more.py": "B = 2\n"}
    with pytest.raises(FindingsError, match=r"cli/tool\.py:2: 'B' is no name of the module.*more\.py.*parts\.py"):
        interface(tmp_path, f"{STAR}cli = B\n", files)


@pytest.mark.parametrize("star", ["from tool import *", "from .tool import *", "from . import *"])
def test_every_spelling_of_the_star_counts(tmp_path: Path, star: str) -> None:
    assert "; from tool.components.parts import B" in interface(tmp_path, f"{star}\ncli = B\n")


def test_the_encoding_is_kept(tmp_path: Path) -> None:
    source = "# coding: latin-1\nname = 'J\xf6rg'; from tool.tool import *\ncli = B\n"
    made = interface(tmp_path, source.encode("latin-1"))
    assert made == source.replace("import *", "import *; from tool.components.parts import B")
