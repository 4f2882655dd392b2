"""Notebook files: what is read of them, and what is wrong with them."""

import json

import pytest

from paa.scan.readme.notebook import CellKind, NotebookError, Output, read_notebook

PATH = "example_notebooks/tool.ipynb"


def document(*cells: object, **keys: object) -> bytes:
    return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5, **keys}).encode()


def code(*outputs: dict[str, object], **keys: object) -> dict[str, object]:
    return {"cell_type": "code", "metadata": {}, "source": "x", "outputs": list(outputs), **keys}


def outputs(*given: dict[str, object]) -> tuple[Output, ...]:
    return read_notebook(document(code(*given)), PATH).cells[0].outputs


def test_cells_are_read_in_their_order() -> None:
    cells = (
        {"cell_type": "markdown", "source": ["# A\n", "b"]},
        code(source="1", metadata={"tags": ["Remove_Input", "own"]}),
        {"cell_type": "raw", "source": "raw", "metadata": {"raw_mimetype": "text/markdown"}},
    )
    found = read_notebook(document(*cells), PATH).cells
    assert [(cell.kind, cell.source) for cell in found] == [
        (CellKind.MARKDOWN, "# A\nb"),
        (CellKind.CODE, "1"),
        (CellKind.RAW, "raw"),
    ]
    assert found[1].tags == {"remove-input", "own"}
    assert found[2].media_type == "text/markdown"


@pytest.mark.parametrize(
    ("metadata", "language", "kernel"),
    [
        ({}, "python", ""),
        ({"kernelspec": {"name": "ir", "language": "R"}}, "r", "ir"),
        ({"language_info": {"name": "julia"}, "kernelspec": {"name": "j", "language": "other"}}, "julia", "j"),
        ({"kernelspec": None, "language_info": {"name": 3}}, "python", ""),
        ("nonsense", "python", ""),
    ],
)
def test_language_and_kernel_are_those_of_the_notebook(metadata: object, language: str, kernel: str) -> None:
    notebook = read_notebook(document(metadata=metadata), PATH)
    assert (notebook.language, notebook.kernel) == (language, kernel)


def test_pieces_of_one_stream_are_put_together() -> None:
    found = outputs(
        {"output_type": "stream", "name": "stdout", "text": ["a\n", "b"]},
        {"output_type": "stream", "name": "stdout", "text": "\rc\n"},
        {"output_type": "stream", "name": "stderr", "text": "d\n"},
        {"output_type": "error", "ename": "E", "evalue": "v", "traceback": ["one", "two"]},
        {"output_type": "error", "ename": "E", "evalue": "v", "traceback": []},
        {"output_type": "stream", "text": "e"},
    )
    assert [(output.stream, output.text) for output in found] == [
        ("stdout", "a\nb\rc\n"),
        ("stderr", "d\n"),
        ("error", "one\ntwo"),
        ("error", "E: v"),
        ("stdout", "e"),
    ]


def test_the_forms_of_an_output_are_kept_by_their_media_type() -> None:
    (found,) = outputs(
        {"output_type": "display_data", "data": {"text/plain": ["a", "b"], "application/json": {"a": 1}}}
    )
    assert found.data == {"text/plain": "ab", "application/json": ""}


@pytest.mark.parametrize(
    "data",
    [
        b"\xef\xbb\xbf" + document({"cell_type": "markdown", "source": "a"}),
        document({"cell_type": "markdown", "source": "a"}).replace(b'"metadata": {}', b'"metadata": {"a": NaN}'),
        b'{"cells": [{"cell_type": "markdown", "source": "a"}]}',
        b'\r\n{"cells":\r\n[{"cell_type": "markdown", "source": "a", "id": 7, "metadata": null}]}',
    ],
)
def test_what_jupyter_takes_is_taken(data: bytes) -> None:
    assert [cell.source for cell in read_notebook(data, PATH).cells] == ["a"]


def test_many_cells_are_no_matter() -> None:
    assert len(read_notebook(document(*[code() for _ in range(20_000)]), PATH).cells) == 20_000


@pytest.mark.parametrize(
    ("data", "place", "reason"),
    [
        (b"", ":1", "it is not JSON: Expecting value"),
        (b'{\n"cells": [\n', ":3", "it is not JSON: Expecting value"),
        (b'{\n<<<<<<< HEAD\n"cells": []}', ":2", "it holds a merge conflict"),
        (b'{\n"a": "\xff"}', ":2", "it is not UTF-8"),
        ('{"cells": []}'.encode("utf-16"), ":1", "it is not UTF-8"),
        (b"[]", "", "it has no list of cells"),
        (b'{"cells": {}}', "", "it has no list of cells"),
        (b'{"cells": [], "cells": []}', "", "the key 'cells' is there twice in one object"),
        (b'{"worksheets": [], "nbformat": 3}', "", "it is nbformat 3, and paa reads nbformat 4"),
        (b'{"cells": [], "nbformat": 5}', "", "it is nbformat 5, and paa reads nbformat 4"),
        (b'{"cells": ["text"]}', "", "cell 1 is of no known kind (None)"),
        (b'{"cells": [{"cell_type": ["code"]}]}', "", "cell 1 is of no known kind (['code'])"),
        (b'{"cells": [{"cell_type": "heading", "source": ""}]}', "", "cell 1 is of no known kind ('heading')"),
        (b'{"cells": [{"cell_type": "markdown"}]}', "", "the source of cell 1 is no text"),
        (b'{"cells": [{"cell_type": "markdown", "source": [1]}]}', "", "the source of cell 1 is no text"),
        (
            b'{"cells": [{"cell_type": "code", "source": "", "outputs": ["b"]}]}',
            "",
            "an output of cell 1 has no output_t",
        ),
        (b"[" * 100_000, "", "it is nested too deeply"),
        (b'{"cells": ' + b"1" * 5000 + b"}", "", "Exceeds the limit"),
    ],
)
def test_a_broken_notebook_is_named_with_the_place(data: bytes, place: str, reason: str) -> None:
    with pytest.raises(NotebookError) as caught:
        read_notebook(data, PATH)
    assert caught.value.message.startswith(f"{PATH}{place}: this notebook can't be read: {reason}")


def test_an_old_notebook_comes_with_the_command_that_brings_it_up_to_date() -> None:
    with pytest.raises(NotebookError) as caught:
        read_notebook(b'{"worksheets": [], "nbformat": 3}', PATH)
    assert caught.value.advice == "jupyter nbconvert --to notebook --inplace --nbformat 4 NOTEBOOK"
