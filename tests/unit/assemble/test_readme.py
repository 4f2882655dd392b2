"""The README: from a file, a notebook or the docstring."""

import json
from pathlib import Path

import pytest

from paa.errors import FindingsError
from paa.scan.readme.findings import SIZE_LIMIT
from tests.packages import MODULES, scan_files

MODULE = f"{MODULES}/tool.py"
NOTEBOOK = "example_notebooks/tool.ipynb"
OWN = '__package_metadata__ = {{"readme": "{}"}}\n'
GITHUB = "source_repo_url: https://github.com/me/tools\n"


def notebook(*cells: dict[str, object]) -> str:
    return json.dumps({"cells": cells, "nbformat": 4, "nbformat_minor": 5, "metadata": {}})


def files(tmp_path: Path, contents: dict[str, str | bytes], settings: str = "") -> dict[str, bytes]:
    return dict(scan_files(tmp_path, contents, settings).assemble("tool").files)


def readme(tmp_path: Path, contents: dict[str, str | bytes], settings: str = "") -> str:
    return files(tmp_path, contents, settings)["README.md"].decode()


def test_the_docstring_becomes_the_readme_under_a_title(tmp_path: Path) -> None:
    source = '"""Does *things*.\n\n    - one\n    """\n'
    assert readme(tmp_path, {MODULE: source}) == "# tool\n\nDoes *things*.\n\n- one\n"


@pytest.mark.parametrize("title", ["# The tool\n", "The tool\n========\n", "<h1 align=center>The tool</h1>\n"])
def test_a_docstring_with_a_title_keeps_it(tmp_path: Path, title: str) -> None:
    assert readme(tmp_path, {MODULE: f'"""{title}\nText."""\n'}) == f"{title}\nText.\n"


@pytest.mark.parametrize("text", ["#1 of all tools.", "## Usage", "Equal:\n\n===="])
def test_what_only_looks_like_a_title_is_none(tmp_path: Path, text: str) -> None:
    assert readme(tmp_path, {MODULE: f'"""{text}"""\n'}).startswith("# tool\n\n")


def test_without_a_docstring_the_description_is_there(tmp_path: Path) -> None:
    source = '__package_metadata__ = {"description": "Sums up.", "name": "my-tool"}\n'
    assert readme(tmp_path, {MODULE: source}) == "# my-tool\n\nSums up.\n"


def test_text_that_looks_like_a_template_is_text(tmp_path: Path) -> None:
    source = '"""{{ 7 * 7 }} {% for x in y %} {# gone #}"""\n'
    assert readme(tmp_path, {MODULE: source}) == "# tool\n\n{{ 7 * 7 }} {% for x in y %} {# gone #}\n"


def test_half_a_surrogate_pair_does_not_stop_the_build(tmp_path: Path) -> None:
    assert readme(tmp_path / "one", {MODULE: '"""A \\ud800 b."""\n'}).startswith("# tool\n\nA ")
    text = '{"cells": [{"cell_type": "markdown", "source": "A \\ud800 b."}]}'
    assert readme(tmp_path / "two", {MODULE: "", NOTEBOOK: text}) == "# tool\n\nA ? b.\n"


def test_the_notebook_wins_over_the_docstring(tmp_path: Path) -> None:
    cells: tuple[dict[str, object], ...] = (
        {"cell_type": "markdown", "source": ["# Tool\n", "\n", "How to use it.\n"]},
        {"cell_type": "code", "source": "1 + 1\n", "outputs": [{"output_type": "stream", "text": ["2\n"]}]},
    )
    made = readme(tmp_path, {MODULE: '"""Docs."""\n', NOTEBOOK: notebook(*cells)})
    assert made == "# Tool\n\nHow to use it.\n\n```python\n1 + 1\n```\n\n```text\n2\n```\n"


def test_a_notebook_in_which_nothing_is_written_yet_counts_as_none(tmp_path: Path) -> None:
    empty = notebook({"cell_type": "code", "source": "", "outputs": []}, {"cell_type": "markdown", "source": " \n"})
    assert readme(tmp_path, {MODULE: '"""Docs."""\n', NOTEBOOK: empty}) == "# tool\n\nDocs.\n"


def test_a_notebook_can_be_the_readme_that_the_module_names(tmp_path: Path) -> None:
    cell: dict[str, object] = {"cell_type": "markdown", "source": "# Mine"}
    made = files(tmp_path, {MODULE: OWN.format("docs/mine.ipynb"), "docs/mine.ipynb": notebook(cell)})
    assert made["README.md"] == b"# Mine\n"
    assert 'readme = "README.md"' in made["pyproject.toml"].decode()


def test_two_builds_of_one_notebook_are_the_same_bytes(tmp_path: Path) -> None:
    cells: tuple[dict[str, object], ...] = (
        {"cell_type": "markdown", "source": "![a](attachment:a.png)", "attachments": {"a.png": {"image/png": "aaaa"}}},
        {"cell_type": "code", "source": "x", "outputs": [{"output_type": "display_data", "data": {"image/png": "a"}}]},
    )
    contents: dict[str, str | bytes] = {MODULE: "", NOTEBOOK: notebook(*cells)}
    assert files(tmp_path / "one", contents) == files(tmp_path / "two", contents)


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("docs/tool.md", "README.md"),
        ("docs/tool.MARKDOWN", "README.md"),
        ("docs/tool.rst", "README.rst"),
        ("docs/tool.RST", "README.rst"),
        ("docs/tool.txt", "README.txt"),
        ("docs/tool", "README.md"),
    ],
)
def test_a_readme_of_its_own_keeps_its_kind(tmp_path: Path, path: str, name: str) -> None:
    made = files(tmp_path, {MODULE: OWN.format(path), path: b"\xef\xbb\xbfTitle\r\n=====\r\n\xc3\xbc\r\n"})
    assert [file for file in made if file.startswith("README")] == [name]
    assert made[name].decode() == "Title\n=====\nü\n"
    assert f'readme = "{name}"' in made["pyproject.toml"].decode()


def test_links_to_files_become_addresses_at_the_tag_of_the_release(tmp_path: Path) -> None:
    text = """# Tool

![logo](images/logo.png "Our logo") [guide](guide%20two.md#start) [top](/LICENSE) [home](https://example.org/a.md)
[below](#usage) [outside](../../elsewhere.md) <img src="images/plan.svg" width=10> `[code](x.md)`

```
[code](x.md)
```

    [code](x.md)

- item

    [in the list](x.md)

[ref]: images/ref.gif
"""
    sources = "https://github.com/me/tools"
    expected = (
        text.replace("(images/logo.png", f"({sources}/raw/tool-v1.0.0/docs/images/logo.png")
        .replace("(guide%20two.md", f"({sources}/blob/tool-v1.0.0/docs/guide%20two.md")
        .replace("(/LICENSE", f"({sources}/blob/tool-v1.0.0/LICENSE")
        .replace('"images/plan.svg"', f'"{sources}/raw/tool-v1.0.0/docs/images/plan.svg?sanitize=true"')
        .replace("[in the list](x.md", f"[in the list]({sources}/blob/tool-v1.0.0/docs/x.md")
        .replace(": images/ref.gif", f": {sources}/raw/tool-v1.0.0/docs/images/ref.gif")
    )
    assert readme(tmp_path, {MODULE: OWN.format("docs/tool.md"), "docs/tool.md": text}, GITHUB) == expected


def test_without_an_address_of_the_sources_links_stay(tmp_path: Path) -> None:
    text = "# Tool\n\n![logo](logo.png) [guide](guide.md)\n"
    assert readme(tmp_path, {MODULE: OWN.format("tool.md"), "tool.md": text}) == text


def test_a_link_in_a_notebook_is_seen_from_the_notebook(tmp_path: Path) -> None:
    cell: dict[str, object] = {"cell_type": "markdown", "source": "# T\n\n![a](../images/a.png) ![b](attachment:b.png)"}
    made = readme(tmp_path, {MODULE: "", NOTEBOOK: notebook(cell)}, GITHUB)
    assert "![a](https://github.com/me/tools/raw/tool-v1.0.0/images/a.png)" in made
    page = f"https://github.com/me/tools/blob/tool-v1.0.0/{NOTEBOOK}"
    assert f"*Image “b”, to be seen in [the notebook]({page}).*" in made


def test_an_unusual_tag_is_quoted_in_an_address(tmp_path: Path) -> None:
    contents: dict[str, str | bytes] = {MODULE: OWN.format("a.md"), "a.md": "[b](b.md)\n"}
    state = scan_files(tmp_path, contents, f'{GITHUB}tag_format: "{{package}}/v{{version}}"\n')
    made = state.assemble("tool", "1!2.0+local").files["README.md"].decode()
    assert made == "[b](https://github.com/me/tools/blob/tool/v1%212.0%2Blocal/b.md)\n"


def test_a_readme_that_grows_over_the_limit_is_refused(tmp_path: Path) -> None:
    cell: dict[str, object] = {"cell_type": "markdown", "source": "text " * (SIZE_LIMIT // 5 + 1)}
    with pytest.raises(FindingsError, match=rf"{NOTEBOOK}: this README has 324,6\d\d bytes; .* at most 324,608"):
        files(tmp_path, {MODULE: "", NOTEBOOK: notebook(cell)})


def test_a_template_of_the_repository_decides(tmp_path: Path) -> None:
    template = "{{ distribution }}|{{ title }}|{{ text }}"
    contents: dict[str, str | bytes] = {MODULE: '"""It."""\n', ".paa/templates/package/README.md.j2": template}
    assert readme(tmp_path, contents) == "tool|True|It."


@pytest.mark.parametrize("kind", ["readme", "notebook"])
def test_a_link_in_place_of_a_file_is_not_followed(tmp_path: Path, kind: str) -> None:
    secret = tmp_path / "secret.md"
    secret.write_text(notebook({"cell_type": "markdown", "source": "secret"}))
    ppr = tmp_path / "ppr"
    path = "docs/tool.md" if kind == "readme" else NOTEBOOK
    (ppr / path).parent.mkdir(parents=True)
    (ppr / path).symlink_to(secret)
    state = scan_files(ppr, {MODULE: OWN.format("docs/tool.md") if kind == "readme" else ""})
    assert ["symbolic link" in finding.message for finding in state.scanned["tool"].errors] == [True]
