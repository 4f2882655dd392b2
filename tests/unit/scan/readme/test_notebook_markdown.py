"""Notebooks as READMEs: what PyPI will show of cells and outputs."""

import json
from collections.abc import Mapping

import pytest

from paa.scan.readme.notebook import read_notebook
from paa.scan.readme.notebook_markdown import notebook_markdown

ADDRESS = "https://example.org/tool.ipynb"


def code(source: str = "", *outputs: Mapping[str, object], tags: tuple[str, ...] = ()) -> dict[str, object]:
    return {"cell_type": "code", "metadata": {"tags": list(tags)}, "source": source, "outputs": list(outputs)}


def text(source: str, **keys: object) -> dict[str, object]:
    return {"cell_type": "markdown", "metadata": {}, "source": source, **keys}


def raw(source: str, **metadata: object) -> dict[str, object]:
    return {"cell_type": "raw", "metadata": metadata, "source": source}


def printed(value: str, name: str = "stdout") -> dict[str, object]:
    return {"output_type": "stream", "name": name, "text": value}


def shown(**data: object) -> dict[str, object]:
    forms = {media.replace("__", "/").replace("_xml", "+xml"): value for media, value in data.items()}
    return {"output_type": "display_data", "data": forms}


def markdown(*cells: dict[str, object], address: str | None = None, **metadata: object) -> str:
    document = {"cells": cells, "metadata": metadata, "nbformat": 4}
    return notebook_markdown(read_notebook(json.dumps(document).encode(), "tool.ipynb"), address)


def output(*outputs: Mapping[str, object], address: str | None = None) -> str:
    return markdown(code("", *outputs), address=address)


def test_text_code_and_output_follow_one_another() -> None:
    cells = (text("# A\n\ntext\n"), code("print(1)\n", printed("1\n")), code(""), text(""), text("end"))
    assert markdown(*cells) == "# A\n\ntext\n\n```python\nprint(1)\n```\n\n```text\n1\n```\n\nend"


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        ((), "```python\na\n```\n\n```text\nb\n```"),
        (("remove_cell",), ""),
        (("hide-cell",), ""),
        (("remove-input",), "```text\nb\n```"),
        (("Hide_Input", "other"), "```text\nb\n```"),
        (("remove_output",), "```python\na\n```"),
        (("hide-output",), "```python\na\n```"),
        (("remove_input", "remove_output"), ""),
    ],
)
def test_tags_leave_out_what_they_say(tags: tuple[str, ...], expected: str) -> None:
    assert markdown(code("a", printed("b"), tags=tags)) == expected


@pytest.mark.parametrize("mark", ["#| paa-hide-code", "#| hide-code"])
def test_the_marks_of_the_existing_tool_hide_code_and_keep_its_output(mark: str) -> None:
    assert markdown(code(f"\n  {mark}\nimport secret", printed("b"))) == "```text\nb\n```"
    assert markdown(code(f"a\n{mark}")) == f"```python\na\n{mark}\n```"


@pytest.mark.parametrize(
    ("language", "fence"),
    [("python", "python"), ("R", "r"), ("c++", "c++"), ("julia 1.9", ""), ("a`\n# b", ""), ("", "python")],
)
def test_code_is_marked_with_the_language_of_the_notebook(language: str, fence: str) -> None:
    assert markdown(code("x"), language_info={"name": language}) == f"```{fence}\nx\n```"


def test_raw_cells_are_left_out_but_for_markdown() -> None:
    cells = (raw("---\ntitle: x\n---"), raw("*a*", raw_mimetype="text/markdown"), raw("<b>", format="text/html"))
    assert markdown(*cells) == "*a*"


def test_fences_in_cells_end_with_their_cell() -> None:
    assert markdown(code('s = """\n````\n"""')) == '`````python\ns = """\n````\n"""\n`````'
    assert markdown(text("~~~~\nopen"), text("# B")) == "~~~~\nopen\n~~~~\n\n# B"


def test_magics_stay_as_they_are() -> None:
    assert markdown(code("%%bash\n!ls\n%time x?")) == "```python\n%%bash\n!ls\n%time x?\n```"


def test_line_ends_of_windows_are_line_ends() -> None:
    assert markdown(text("a\r\nb\r\n"), code("c\r\nd", printed("e\r\nf\r\n"))) == (
        "a\nb\n\n```python\nc\nd\n```\n\n```text\ne\nf\n```"
    )


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("\x1b[31mred\x1b[0m \x1b[1;38;5;4mblue\x1b[K", "red blue"),
        ("\x1b]8;;https://example.org\x07link\x1b]8;;\x1b\\ \x1b]0;title\x07x", "link x"),
        ("\x1b(Ba\x1bMb\x1b7c", "abc"),
        ("  0%|   |\r 50%|#  |\r100%|###|\n", "100%|###|"),
        ("long line\rshort", "shortline"),
        ("abc\r\n\r\rd", "abc\nd"),
        ("ab\b\bcd\x07\x00e", "cde"),
        ("a  \n\n\n", "a"),
        ("```\n# x", "```\n# x"),
        ("\x9b31mx\u0085", "31mx"),
    ],
)
def test_output_is_what_a_terminal_shows_in_the_end(value: str, expected: str) -> None:
    fence = "````" if "```" in expected else "```"
    assert output(printed(value)) == f"{fence}text\n{expected}\n{fence}"


def test_a_progress_bar_in_pieces_is_one_line() -> None:
    pieces = [printed(f"\r{number} of 3", "stderr") for number in range(1, 4)]
    assert output(*pieces) == "```text\n3 of 3\n```"


@pytest.mark.parametrize("value", ["", "\n", "\x1b[0m", "\r\r"])
def test_output_that_shows_nothing_is_none(value: str) -> None:
    assert output(printed(value)) == ""


def test_an_error_is_its_traceback_without_colours() -> None:
    error = {
        "output_type": "error",
        "ename": "E",
        "evalue": "v",
        "traceback": ["\x1b[0;31m---\x1b[0m", "Traceback", "E: v"],
    }
    assert output(error) == "```text\n---\nTraceback\nE: v\n```"


def test_a_long_output_is_cut_with_a_note() -> None:
    made = output(printed("\n".join(map(str, range(1234)))), address=ADDRESS)
    assert made.startswith("```text\n0\n1\n")
    assert made.endswith(f"\n99\n```\n\n*1,134 more lines, to be seen in [the notebook]({ADDRESS}).*")
    assert output(printed("x" * 501)) == f"```text\n{'x' * 500}…\n```"


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ({"text__plain": "42"}, "```text\n42\n```"),
        ({"text__plain": ["   a\n", "0  1"], "text__html": "<style>x</style><table/>"}, "```text\n   a\n0  1\n```"),
        ({"text__plain": "<IPython.core.display.Markdown object>", "text__markdown": "**a**\n"}, "**a**"),
        ({"text__plain": "<IPython.core.display.Latex object>", "text__latex": "$x$"}, "```latex\n$x$\n```"),
        ({"text__plain": "x**2", "text__latex": "$x^2$"}, "```text\nx**2\n```"),
        ({"text__plain": "<IPython.core.display.HTML object>", "text__html": "<b>"}, "*An output, to be seen in NB.*"),
        ({"text__plain": "<a.B at 0x7f00>", "application__json": {}}, "*An output, to be seen in NB.*"),
        ({"text__plain": "<Response [200]>"}, "```text\n<Response [200]>\n```"),
        ({"text__plain": "<a> and <b>"}, "```text\n<a> and <b>\n```"),
        ({"text__plain": "<Figure size 6x4 with 1 Axes>", "image__png": "aaaa"}, "*An image, to be seen in NB.*"),
        ({"image__svg_xml": ["<svg>", "</svg>"]}, "*An image, to be seen in NB.*"),
        ({"image__jpeg": "aaaa", "text__plain": "x"}, "*An image, to be seen in NB.*"),
        (
            {"application__vnd.jupyter.widget-view+json": {"model_id": "a"}, "text__plain": "IntSlider(value=0)"},
            "*A widget, to be seen in NB.*",
        ),
        ({"application__vnd.plotly.v1+json": {}, "text__html": "<script>"}, "*An output, to be seen in NB.*"),
        ({}, ""),
        ({"text__plain": ""}, ""),
        ({"text__plain": 3}, ""),
    ],
)
def test_an_output_is_shown_in_the_form_that_pypi_can_show(data: dict[str, object], expected: str) -> None:
    assert output(shown(**data)) == expected.replace("NB", "the notebook")
    assert output(shown(**data), address=ADDRESS) == expected.replace("NB", f"[the notebook]({ADDRESS})")


def test_images_inside_the_notebook_are_named_and_others_stay() -> None:
    source = (
        "![plot](attachment:p.png) ![](data:image/png;base64,aaaa) <img src='attachment:q.png'/> "
        "![c](https://example.org/c.png) `![d](attachment:d.png)`"
    )
    assert markdown(text(source)) == (
        "*Image “plot”, to be seen in the notebook.* *An image, to be seen in the notebook.* "
        "*An image, to be seen in the notebook.* ![c](https://example.org/c.png) `![d](attachment:d.png)`"
    )


@pytest.mark.parametrize("value", ["\x1b[" * 50_000, "a\b" * 50_000, "a\r" * 50_000, "`" * 50_000, "\x1b]" * 50_000])
def test_hostile_output_ends(value: str) -> None:
    assert len(output(printed(value))) < 200_000
