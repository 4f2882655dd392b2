"""The README of a package: a file of the repository, the example notebook, or the docstring."""

import json
from collections.abc import Iterator, Mapping

from paa.edges.templates import render
from paa.edges.tree import Tree
from paa.errors import FindingsError
from paa.model import Metadata, ScannedPackage


def readme(tree: Tree, scanned: ScannedPackage, metadata: Metadata) -> bytes:
    """Markdown, in UTF-8. Raises FindingsError for a notebook that can't be read."""
    if metadata.readme and metadata.readme in tree.blobs:
        return (tree.read_one(metadata.readme) or b"").replace(b"\r\n", b"\n")
    notebook = scanned.package.notebook
    if notebook is not None:
        text = notebook_text(tree.read_one(notebook) or b"", notebook)
    else:
        text = (scanned.docstring or metadata.description).strip()
    values = {"distribution": metadata.distribution, "text": text, "title": not text.startswith("# ")}
    return render("package/README.md.j2", values, root=tree.root).encode()


def notebook_text(data: bytes, path: str) -> str:
    """A notebook (nbformat 4) as Markdown: text cells as they are, code in fences, with what it printed."""
    try:
        cells = json.loads(data)["cells"]
        return "\n\n".join(part for cell in cells for part in _cell(cell) if part)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
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
