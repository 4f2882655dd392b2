"""Changes of a source text at the places that Python's parser gives: bytes of a line in UTF-8."""

import ast
import io
import re
import tokenize
import warnings
from collections.abc import Iterable
from dataclasses import dataclass

_LINE_END = re.compile(rb"\r\n|\r|\n")


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """Replace the UTF-8 bytes from ``start`` to ``end`` by ``text``."""

    start: int
    end: int
    text: str


def parse(source: bytes | str) -> ast.Module:
    """The tree of a source that scanning could read, without Python's warnings: they are not ours to repeat."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return ast.parse(source)


def encoding_of(source: bytes) -> str:
    """The encoding that a source declares (PEP 263)."""
    with io.BytesIO(source) as stream:
        return tokenize.detect_encoding(stream.readline)[0]


def line_starts(text: bytes) -> list[int]:
    """Where the lines begin, as Python counts them."""
    return [0, *(match.end() for match in _LINE_END.finditer(text))]


def span(starts: list[int], node: ast.stmt | ast.expr | ast.alias) -> tuple[int, int]:
    """Where the node begins and ends, in bytes of the whole text."""
    begin = starts[node.lineno - 1] + node.col_offset
    return begin, starts[(node.end_lineno or node.lineno) - 1] + (node.end_col_offset or 0)


def apply(text: bytes, edits: Iterable[Edit]) -> bytes:
    """``text`` with ``edits`` that don't overlap; those at one place in the order in which they come."""
    parts: list[bytes] = []
    done = 0
    for edit in sorted(edits, key=lambda edit: edit.start):
        parts += (text[done : edit.start], edit.text.encode())
        done = edit.end
    return b"".join([*parts, text[done:]])
