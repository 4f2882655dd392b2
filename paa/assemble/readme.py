"""The README of a package: a file of the repository, the example notebook, or the docstring."""

import json
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath

from paa.edges.templates import README_TEMPLATE, render
from paa.edges.tree import Tree
from paa.errors import FindingsError
from paa.model import Metadata, ScannedPackage

# The name says what it is written in (PEP 621); an unknown ending counts as Markdown.
_NAMES = {".rst": "README.rst", ".txt": "README.txt"}
_MARKDOWN = "README.md"


def readme(tree: Tree, contents: Mapping[str, bytes], scanned: ScannedPackage, metadata: Metadata) -> tuple[str, bytes]:
    """Name and content (UTF-8), from ``contents`` (the package's files by path).

    Raises FindingsError for a file that is not UTF-8 and for a notebook that can't be read.
    """
    if metadata.readme and metadata.readme in contents:
        name = _NAMES.get(PurePosixPath(metadata.readme).suffix.lower(), _MARKDOWN)
        return name, _file_text(contents[metadata.readme], metadata.readme).encode()
    notebook = scanned.package.notebook
    if notebook is not None:
        text = notebook_text(contents[notebook], notebook)
    else:
        text = (scanned.docstring or metadata.description).strip()
    values = {"distribution": metadata.distribution, "text": text, "title": not text.startswith("# ")}
    # A string literal can hold half a surrogate pair, which no file can.
    return _MARKDOWN, render(README_TEMPLATE, values, tree).encode("utf-8", "replace")


def _file_text(data: bytes, path: str) -> str:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        message = f"{path}: this README is not UTF-8: {error.reason} at byte {error.start}"
        raise FindingsError(message, advice="save it as UTF-8") from error
    return text.replace("\r\n", "\n").replace("\r", "\n")


def notebook_text(data: bytes, path: str) -> str:
    """A notebook (nbformat 4) as Markdown: text cells as they are, code in fences, with what it printed."""
    try:
        cells = json.loads(data)["cells"]
        return "\n\n".join(part for cell in cells for part in _cell(cell) if part)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        message = f"{path}: this notebook can't be read: {type(error).__name__}: {error}"
        raise FindingsError(message, advice="open it in Jupyter and save it again (nbformat 4)") from error


def _cell(cell: Mapping[str, object]) -> Iterator[str]:
    source = _joined(cell["source"]).strip("\n")
    if cell["cell_type"] == "markdown":
        yield source
    elif cell["cell_type"] == "code" and source:
        yield _fenced(source, "python")
        outputs = cell.get("outputs")
        for output in outputs if isinstance(outputs, list) else []:
            text = _joined(output.get("text") or (output.get("data") or {}).get("text/plain") or "").strip("\n")
            if text:
                yield _fenced(text, "text")


def _joined(value: object) -> str:
    return "".join(value) if isinstance(value, list) else str(value)


def _fenced(text: str, language: str) -> str:
    fence = "```"
    while fence in text:
        fence += "`"
    return f"{fence}{language}\n{text}\n{fence}"
