"""The README: from a file, a notebook or the docstring."""

import json
from pathlib import Path

import pytest

from paa.assemble.readme import notebook_text
from paa.errors import FindingsError
from tests.packages import MODULES, scan_files

MODULE = f"{MODULES}/tool.py"
NOTEBOOK = "example_notebooks/tool.ipynb"


def notebook(*cells: dict[str, object]) -> str:
    return json.dumps({"cells": cells, "nbformat": 4, "nbformat_minor": 5, "metadata": {}})


def files(tmp_path: Path, contents: dict[str, str | bytes]) -> dict[str, bytes]:
    return dict(scan_files(tmp_path, contents).assemble("tool").files)


def test_the_docstring_becomes_the_readme_under_a_title(tmp_path: Path) -> None:
    source = '"""Does *things*.\n\n    - one\n    """\n'
    assert files(tmp_path, {MODULE: source})["README.md"] == b"# tool\n\nDoes *things*.\n\n- one\n"


def test_a_docstring_with_a_title_keeps_it(tmp_path: Path) -> None:
    assert files(tmp_path, {MODULE: '"""# The tool\n\nText."""\n'})["README.md"] == b"# The tool\n\nText.\n"


def test_without_a_docstring_the_description_is_there(tmp_path: Path) -> None:
    source = '__package_metadata__ = {"description": "Sums up.", "name": "my-tool"}\n'
    assert files(tmp_path, {MODULE: source})["README.md"] == b"# my-tool\n\nSums up.\n"


def test_text_that_looks_like_a_template_is_text(tmp_path: Path) -> None:
    source = '"""{{ 7 * 7 }} {% for x in y %} {# gone #}"""\n'
    assert files(tmp_path, {MODULE: source})["README.md"] == b"# tool\n\n{{ 7 * 7 }} {% for x in y %} {# gone #}\n"


def test_half_a_surrogate_pair_does_not_stop_the_build(tmp_path: Path) -> None:
    assert files(tmp_path / "one", {MODULE: '"""A \\ud800 b."""\n'})["README.md"].startswith(b"# tool\n\nA ")
    text = '{"cells": [{"cell_type": "markdown", "source": "A \\ud800 b."}]}'
    assert files(tmp_path / "two", {MODULE: "", NOTEBOOK: text})["README.md"] == b"# tool\n\nA ? b.\n"


def test_the_notebook_wins_over_the_docstring(tmp_path: Path) -> None:
    cells: tuple[dict[str, object], ...] = (
        {"cell_type": "markdown", "source": ["# Tool\n", "\n", "How to use it.\n"]},
        {
            "cell_type": "code",
            "source": "print(1)\n",
            "outputs": [
                {"output_type": "stream", "text": ["1\n"]},
                {"output_type": "execute_result", "data": {"text/plain": "2", "image/png": "…"}},
                {"output_type": "display_data", "data": {"image/png": "…"}},
            ],
        },
        {"cell_type": "code", "source": "", "outputs": []},
        {"cell_type": "raw", "source": "left out"},
    )
    made = files(tmp_path, {MODULE: '"""Docs."""\n', NOTEBOOK: notebook(*cells)})
    expected = "# Tool\n\nHow to use it.\n\n```python\nprint(1)\n```\n\n```text\n1\n```\n\n```text\n2\n```\n"
    assert made["README.md"].decode() == expected


def test_a_fence_in_a_cell_does_not_end_the_cell() -> None:
    data = notebook({"cell_type": "code", "source": 's = """\n```\n"""', "outputs": []}).encode()
    assert notebook_text(data, NOTEBOOK) == '````python\ns = """\n```\n"""\n````'


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{",
        b"\xff",
        b"[]",
        b'{"worksheets": []}',
        b'{"cells": [{"cell_type": "markdown"}]}',
        b'{"cells": [{"cell_type": "markdown", "source": [1]}]}',
        b'{"cells": ["text"]}',
        b'{"cells": [{"cell_type": "code", "source": "a", "outputs": ["b"]}]}',
        b"[" * 100_000,
    ],
)
def test_a_broken_notebook_is_named(data: bytes) -> None:
    with pytest.raises(FindingsError, match=f"{NOTEBOOK}: this notebook can't be read"):
        notebook_text(data, NOTEBOOK)


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("docs/tool.md", "README.md"),
        ("docs/tool.rst", "README.rst"),
        ("docs/tool.RST", "README.rst"),
        ("docs/tool.txt", "README.txt"),
        ("docs/tool", "README.md"),
    ],
)
def test_a_readme_of_its_own_keeps_its_kind(tmp_path: Path, path: str, name: str) -> None:
    metadata = f'__package_metadata__ = {{"readme": "{path}"}}\n'
    made = files(tmp_path, {MODULE: metadata, path: b"\xef\xbb\xbfTitle\r\n=====\r\n\xc3\xbc\r\n"})
    assert [file for file in made if file.startswith("README")] == [name]
    assert made[name].decode() == "Title\n=====\nü\n"
    assert f'readme = "{name}"' in made["pyproject.toml"].decode()


def test_a_readme_that_is_not_utf_8_is_named(tmp_path: Path) -> None:
    metadata = '__package_metadata__ = {"readme": "docs/tool.md"}\n'
    with pytest.raises(FindingsError, match=r"docs/tool\.md: this README is not UTF-8: .* at byte 2"):
        files(tmp_path, {MODULE: metadata, "docs/tool.md": b"a \xff"})


@pytest.mark.parametrize("kind", ["readme", "notebook"])
def test_a_link_is_not_followed(tmp_path: Path, kind: str) -> None:
    secret = tmp_path / "secret.md"
    secret.write_text(notebook({"cell_type": "markdown", "source": "secret"}))
    ppr = tmp_path / "ppr"
    path = "docs/tool.md" if kind == "readme" else NOTEBOOK
    (ppr / path).parent.mkdir(parents=True)
    (ppr / path).symlink_to(secret)
    metadata = '__package_metadata__ = {"readme": "docs/tool.md"}\n' if kind == "readme" else ""
    state = scan_files(ppr, {MODULE: metadata})
    if state.scanned["tool"].errors:
        assert "symbolic link" in state.scanned["tool"].errors[0].message
    else:
        with pytest.raises(FindingsError, match=rf"{path}: a symbolic link"):
            state.assemble("tool")
