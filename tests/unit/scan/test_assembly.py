"""What would stop a package while it is assembled or checked: found by the scan, each with its place."""

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from paa.errors import FindingsError
from tests.packages import MODULES, scan_files
from tests.unit.scan.samples import shown_findings

Files = Mapping[str, str | bytes]

TOOL = f"{MODULES}/tool.py"
DOC = '"""Doc."""\n'
LONG = "word " * 80_000
_NOTEBOOK = "example_notebooks/tool.ipynb"
_OWN = ".paa/templates/package"
_WOULD_RUN = f"metadata {TOOL}:4: __package_metadata__: entry_points.console_scripts: 'tool' would run"


def _scripts(**targets: str) -> str:
    return f'{DOC}__package_metadata__ = {{\n  "entry_points": {{\n    "console_scripts": {targets!r},\n  }},\n}}\n'


def _notebook(kind: str, text: str) -> str:
    cell = {"cell_type": kind, "id": "a", "metadata": {}, "source": text}
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [cell]})


REFUSED: dict[str, tuple[Files, str]] = {
    "a licence in another encoding": (
        {TOOL: DOC, "licenses/tool/LICENSE": b"MIT\n\xa9 Ann\n"},
        "license licenses/tool/LICENSE:2: this licence file is not UTF-8 (PEP 639): invalid start byte",
    ),
    "a name that two components have": (
        {
            TOOL: f"{DOC}from components.a import A\nfrom components.b import C\n",
            f"{MODULES}/components/a.py": "A = B = 1\n",
            f"{MODULES}/components/b.py": "B = C = 2\n",
            "cli/tool.py": "from tool.tool import *\n\n\ndef cli():\n    return B\n",
        },
        f"interface cli/tool.py:5: 'B' is no name of the module, and several components have one: {MODULES}/compo",
    ),
    "an interface that does not compile": (
        {
            TOOL: f"{DOC}from components.a import A\n",
            f"{MODULES}/components/a.py": "A = 1\n",
            "cli/tool.py": "from tool.tool import *\n\n\ndef cli():\n    nonlocal B\n",
        },
        "syntax cli/tool.py:5: syntax error: no binding for nonlocal 'B' found",
    ),
    "an interface with two arguments of one name": (
        {
            TOOL: f"{DOC}from components.a import A\n",
            f"{MODULES}/components/a.py": "A = 1\n",
            "cli/tool.py": "from tool.tool import *\n\n\ndef cli(x, x):\n    return B\n",
        },
        "syntax cli/tool.py:4: syntax error: duplicate argument 'x' in function definition",
    ),
    "a docstring that is too long": (
        {TOOL: f'"""Doc.\n\n{LONG}\n"""\n'},
        f"readme {TOOL}: this README has 400,006 bytes; indexes take descriptions of at most 324,608",
    ),
    "a notebook that is too long": (
        {TOOL: DOC, _NOTEBOOK: _notebook("markdown", LONG)},
        f"readme {_NOTEBOOK}: this README has 400,000 bytes; indexes take descriptions of at most 324,608",
    ),
    "markup that PyPI can't show": (
        {TOOL: f'{DOC}__package_metadata__ = {{"readme": "a.rst"}}\n', "a.rst": "Title\n=====\n\n.. nonsense:: a\n"},
        'readme a.rst:4: PyPI can\'t show this README: Unknown directive type "nonsense".',
    ),
    "a value that no template has": (
        {TOOL: DOC, f"{_OWN}/README.md.j2": "# Ours\n\n{{ author }}\n"},
        f"template {_OWN}/README.md.j2:3: this template can't be filled: UndefinedError: 'author' is undefined",
    ),
    "a template that ends too early": (
        {TOOL: DOC, f"{_OWN}/alias.py.j2": "\n{% if package %}\n"},
        f"template {_OWN}/alias.py.j2:2: this template can't be filled: TemplateSyntaxError: Unexpected end",
    ),
    "a template in another encoding": (
        {TOOL: DOC, f"{_OWN}/README.md.j2": b"caf\xe9\n"},
        f"template {_OWN}/README.md.j2: this template can't be filled: UnicodeDecodeError: ",
    ),
    "a template that gives no Python": (
        {TOOL: f'{DOC}if __name__ == "__main__":\n    pass\n', f"{_OWN}/main.py.j2": "import {{ package }} as\n"},
        f"template {_OWN}/main.py.j2: what this template gives is not Python: invalid syntax",
    ),
    "a command that is nowhere": (
        {TOOL: _scripts(tool="tool:run")},
        f"{_WOULD_RUN} 'tool:run', and {TOOL} binds no 'run'",
    ),
    "a command in a module that is not shipped": (
        {TOOL: _scripts(tool="tool.command:run"), f"{MODULES}/components/command.py": "def run(): pass\n"},
        f"{_WOULD_RUN} 'tool.command:run', and the package has no module 'tool.command'",
    ),
}


@pytest.mark.parametrize(("files", "finding"), REFUSED.values(), ids=REFUSED)
def test_it_is_an_error_with_its_place_and_no_package_is_made(tmp_path: Path, files: Files, finding: str) -> None:
    state = scan_files(tmp_path, {**files, f"{MODULES}/other.py": DOC})
    (found,) = shown_findings(state.scanned["tool"])
    assert found.startswith(f"error {finding}")
    assert state.scanned["tool"].fingerprint == ""
    with pytest.raises(FindingsError, match="tool can't be released"):
        state.assemble("tool")
    if not any(path.startswith(_OWN) for path in files):
        assert "other/__init__.py" in state.assemble("other").files


RIGHT: dict[str, Files] = {
    "a command in each of its places": {
        TOOL: "from components.a import late\nfrom json import *\n"
        + _scripts(
            a="tool:late", b="tool.tool:late", c="tool.components.a:late.method", d="json.tool:main", e="tool:dumps"
        ),
        f"{MODULES}/components/a.py": "class late:\n    def method(): pass\n",
    },
    "a command that is bound at run time": {TOOL: f"{_scripts(tool='tool:run')}globals()['run'] = print\n"},
    "a command that a function binds": {
        TOOL: f"{_scripts(tool='tool:run')}\n\ndef _bind():\n    global run\n    run = print\n\n\n_bind()\n"
    },
    "a module that is another one": {TOOL: f"{_scripts(tool='tool:run')}import sys\nsys.modules[__name__] = sys\n"},
    "a notebook with a large image": {
        TOOL: DOC,
        _NOTEBOOK: _notebook("markdown", f"# Tool\n\n![plot](data:image/png;base64,{'A' * 400_000})\n"),
    },
    "a template for what no package here has": {TOOL: DOC, f"{_OWN}/main.py.j2": "import {{ package }} as\n"},
    "a long docstring beside a template without it": {
        TOOL: f'"""Doc.\n\n{LONG}\n"""\n',
        f"{_OWN}/README.md.j2": "# {{ distribution }}\n",
    },
}


@pytest.mark.parametrize("files", RIGHT.values(), ids=RIGHT)
def test_what_can_be_made_is_no_error(tmp_path: Path, files: Files) -> None:
    state = scan_files(tmp_path, files)
    assert state.scanned["tool"].errors == ()
    assert state.assemble("tool").files["tool/__init__.py"]


def test_a_merged_component_is_no_module_of_its_own_for_a_command(tmp_path: Path) -> None:
    files = {
        TOOL: f"from components.a import run\n{_scripts(tool='tool.components.a:run')}",
        f"{MODULES}/components/a.py": "def run(): pass\n",
    }
    assert scan_files(tmp_path / "mirror", files).scanned["tool"].errors == ()
    (error,) = scan_files(tmp_path / "merge", files, "assembly: merge\n").scanned["tool"].errors
    assert error.message.endswith("and the package has no module 'tool.components.a'")
    inner = {**files, TOOL: f"from components.a import run as main\n{_scripts(tool='tool:run')}"}
    assert scan_files(tmp_path / "inner", inner, "assembly: merge\n").scanned["tool"].errors == ()


def test_a_link_in_the_place_of_a_template_is_told(tmp_path: Path) -> None:
    scan_files(tmp_path, {TOOL: DOC, "elsewhere.j2": "x\n", f"{_OWN}/other.j2": "x\n"})
    (tmp_path / _OWN / "README.md.j2").symlink_to(tmp_path / "elsewhere.j2")
    (finding,) = shown_findings(scan_files(tmp_path, {TOOL: DOC}).scanned["tool"])
    assert finding == (
        f"error template {_OWN}/README.md.j2: this template can't be filled: a symbolic link; links are not followed"
    )


def test_of_a_package_with_other_errors_nothing_is_told_twice(tmp_path: Path) -> None:
    files: Files = {
        TOOL: f"{DOC}from components.absent import x\n",
        f"{MODULES}/components/a.py": "",
        "licenses/tool/LICENSE": b"\xa9\n",
    }
    (finding,) = shown_findings(scan_files(tmp_path, files, "assembly: merge\n").scanned["tool"])
    assert "leads to no file" in finding
