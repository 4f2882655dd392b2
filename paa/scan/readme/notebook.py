"""A Jupyter notebook's file (nbformat 4) as plain data: what its cells say, and what they printed when it was saved."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from paa.errors import FindingsError

_FORMAT = 4
_SAVE_AGAIN = "open it in Jupyter and save it again (nbformat 4)"


class CellKind(StrEnum):
    """The kinds of cells that nbformat 4 has."""

    MARKDOWN = "markdown"
    CODE = "code"
    RAW = "raw"


@dataclass(frozen=True, slots=True, kw_only=True)
class Output:
    """Something that a code cell left: what a stream got (``stream``), or one thing in several forms (``data``).

    ``data`` maps media types to text; a type whose value is no text (JSON) has an empty one. An error is a stream that
    holds its traceback.
    """

    stream: str = ""
    text: str = ""
    data: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One cell. ``tags`` are in lower case with ``-`` for ``_``; ``media_type`` is what a raw cell is written in."""

    kind: CellKind
    source: str
    tags: frozenset[str] = frozenset()
    outputs: tuple[Output, ...] = ()
    media_type: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Notebook:
    """The cells in their order; ``language`` is that of the code, ``kernel`` the name of the kernel that ran it."""

    language: str
    kernel: str
    cells: tuple[Cell, ...]


class NotebookError(FindingsError):
    """A notebook that can't be read: ``reason`` says why, ``line`` where in its file, if that is known."""

    def __init__(self, path: str, reason: str, *, line: int | None = None, advice: str = _SAVE_AGAIN) -> None:
        self.reason = f"this notebook can't be read: {reason}"
        super().__init__(f"{path}{f':{line}' if line else ''}: {self.reason}", advice=advice)
        self.line = line


def read_notebook(data: bytes, path: str) -> Notebook:
    """The notebook in ``data``, the content of ``path``. Raises NotebookError for what is no notebook of nbformat 4."""
    document = _document(data, path)
    try:
        _require_format(document)
        return _notebook(document)
    except _WrongError as error:
        raise NotebookError(path, str(error), advice=error.advice) from error


class _WrongError(ValueError):
    def __init__(self, reason: str, advice: str = _SAVE_AGAIN) -> None:
        super().__init__(reason)
        self.advice = advice


def _document(data: bytes, path: str) -> object:
    try:
        text = data.decode("utf-8-sig")
        return json.loads(text, object_pairs_hook=_distinct)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise NotebookError(path, "it is not UTF-8", line=line, advice="save it as UTF-8") from error
    except json.JSONDecodeError as error:
        wrong = error.doc.split("\n")[error.lineno - 1] if error.doc else ""
        if wrong.startswith(("<<<<<<<", "=======", ">>>>>>>")):
            advice = "resolve the merge conflict in it"
            raise NotebookError(path, "it holds a merge conflict", line=error.lineno, advice=advice) from error
        raise NotebookError(path, f"it is not JSON: {error.msg}", line=error.lineno) from error
    except RecursionError as error:
        raise NotebookError(path, "it is nested too deeply") from error
    except (_WrongError, ValueError) as error:
        raise NotebookError(path, str(error)) from error


def _distinct(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        message = f"the key {twice!r} is there twice in one object"
        raise _WrongError(message)
    return found


def _require_format(document: object) -> None:
    """Raise _WrongError for another major version than 4; notebooks of 4 differ in nothing that is read here."""
    found = document.get("nbformat", _FORMAT) if isinstance(document, dict) else _FORMAT
    if found != _FORMAT:
        advice = "jupyter nbconvert --to notebook --inplace --nbformat 4 NOTEBOOK"
        message = f"it is nbformat {found}, and paa reads nbformat {_FORMAT}"
        raise _WrongError(message, advice if isinstance(found, int) and found < _FORMAT else _SAVE_AGAIN)


def _notebook(document: object) -> Notebook:
    if not isinstance(document, dict) or not isinstance(document.get("cells"), list):
        message = "it has no list of cells"
        raise _WrongError(message)
    metadata = _mapping(document.get("metadata"))
    kernel, language = _mapping(metadata.get("kernelspec")), _mapping(metadata.get("language_info"))
    name, kernel_name = language.get("name") or kernel.get("language"), kernel.get("name")
    return Notebook(
        language=name.lower() if isinstance(name, str) else "python",
        kernel=kernel_name if isinstance(kernel_name, str) else "",
        cells=tuple(_cell(number, cell) for number, cell in enumerate(document["cells"], start=1)),
    )


def _cell(number: int, value: object) -> Cell:
    cell, place = _mapping(value), f"cell {number}"
    kind = cell.get("cell_type")
    if not isinstance(kind, str) or kind not in set(CellKind):
        message = f"{place} is of no known kind ({kind!r})"
        raise _WrongError(message)
    metadata = _mapping(cell.get("metadata"))
    media_type = metadata.get("raw_mimetype") or metadata.get("format")
    tags = metadata.get("tags")
    outputs = cell.get("outputs")
    return Cell(
        kind=CellKind(kind),
        source=_text(cell.get("source"), f"the source of {place}"),
        tags=frozenset(str(tag).lower().replace("_", "-") for tag in (tags if isinstance(tags, list) else [])),
        outputs=tuple(_merged(_output(item, place) for item in (outputs if isinstance(outputs, list) else []))),
        media_type=media_type if isinstance(media_type, str) else "",
    )


def _output(value: object, place: str) -> Output:
    output = _mapping(value)
    kind = output.get("output_type")
    if not isinstance(kind, str):
        message = f"an output of {place} has no output_type"
        raise _WrongError(message)
    if kind == "stream":
        name = str(output.get("name", "stdout"))
        return Output(stream=name, text=_text(output.get("text"), f"an output of {place}"))
    if kind == "error":
        lines = output.get("traceback")
        if isinstance(lines, list) and lines:
            return Output(stream="error", text="\n".join(map(str, lines)))
        return Output(stream="error", text=f"{output.get('ename', 'Error')}: {output.get('evalue', '')}")
    data = _mapping(output.get("data"))
    return Output(data={media: _form(content, place) for media, content in data.items()})


def _form(content: object, place: str) -> str:
    return _text(content, f"an output of {place}") if isinstance(content, str | list) else ""


def _merged(outputs: Iterable[Output]) -> Iterator[Output]:
    """Pieces of one stream together, as they were printed: a progress bar overwrites what an earlier piece wrote."""
    before: Output | None = None
    for output in outputs:
        if before is not None and before.stream and before.stream == output.stream != "error":
            before = Output(stream=before.stream, text=before.text + output.text)
            continue
        if before is not None:
            yield before
        before = output
    if before is not None:
        yield before


def _mapping(value: object) -> Mapping[str, object]:
    return value if isinstance(value, dict) else {}


def _text(value: object, place: str) -> str:
    """Text, which nbformat also allows to be a list of lines."""
    if isinstance(value, list) and all(isinstance(line, str) for line in value):
        return "".join(value)
    if isinstance(value, str):
        return value
    message = f"{place} is no text"
    raise _WrongError(message)
