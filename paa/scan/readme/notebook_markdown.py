"""A notebook → Markdown: text as it is, code in fences, and what it printed."""

import re
from collections.abc import Iterator

from paa.scan.readme.markdown import Link, open_fence, replace_images
from paa.scan.readme.notebook import Cell, CellKind, Notebook
from paa.scan.readme.outputs import fenced, output_markdown

# What a tag leaves out; "hide" is how Jupyter Book says "show on demand", which a README can't.
_NO_CELL = frozenset({"remove-cell", "hide-cell"})
_NO_SOURCE = frozenset({"remove-input", "hide-input"})
_NO_OUTPUT = frozenset({"remove-output", "hide-output"})
# How notebooks of existing repositories ask for the same, in their first line of code.
_HIDE_CODE = ("#| paa-hide-code", "#| hide-code")
_LANGUAGE = re.compile(r"[a-z0-9+#._-]{1,40}")
# Images inside the notebook's own file, and those that a page on PyPI loses.
_EMBEDDED = frozenset({"attachment", "data"})


def notebook_markdown(notebook: Notebook, address: str | None) -> str:
    """The notebook as Markdown for a README. ``address`` is where the notebook itself can be seen, None if nowhere.

    Images that are in the notebook's file can't be shown on PyPI (it leaves out ``data:`` addresses): in their place
    stands where they are. Cells tagged ``remove-cell``, ``remove-input`` or ``remove-output`` (or ``hide-…``, or with
    ``_``) are left out, or a part of them; so are raw cells that are not Markdown.
    """
    place = f"[the notebook]({address})" if address else "the notebook"
    language = notebook.language if _LANGUAGE.fullmatch(notebook.language) else ""
    parts = (part for cell in notebook.cells for part in _cell(cell, language, place))
    return "\n\n".join(part for part in parts if part.strip())


def _cell(cell: Cell, language: str, place: str) -> Iterator[str]:
    source = cell.source.replace("\r\n", "\n").strip("\n")
    if cell.tags & _NO_CELL:
        return
    if cell.kind is CellKind.MARKDOWN:
        yield _markdown(source, place)
    elif cell.kind is CellKind.RAW:
        yield _markdown(source, place) if cell.media_type in {"text/markdown", "markdown"} else ""
    else:
        hidden = cell.tags & _NO_SOURCE or source.lstrip().startswith(_HIDE_CODE)
        yield fenced(source, language) if source.strip() and not hidden else ""
        if not cell.tags & _NO_OUTPUT:
            for output in cell.outputs:
                yield from output_markdown(output, place)


def _markdown(text: str, place: str) -> str:
    def substitute(image: Link) -> str | None:
        if image.scheme not in _EMBEDDED:
            return None
        return f"*{f'Image “{image.text}”' if image.text else 'An image'}, to be seen in {place}.*"

    shown = replace_images(text, substitute).strip("\n")
    # A fence that is left open ends with its cell.
    fence = open_fence(shown)
    return f"{shown}\n{fence}" if fence else shown
