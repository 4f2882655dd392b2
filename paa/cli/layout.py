"""Text for people in 80 columns. What must be copied whole (a path, an address, a version) is never broken."""

import textwrap
from collections.abc import Sequence

from paa.cli import output

WIDTH = 80
_MOST_LEFT = 30


def say_wrapped(text: str, *, first: str = "", rest: str = "", style: str | None = None) -> None:
    """``text`` as one paragraph that begins with ``first``, each further line with ``rest``.

    Line ends in it count as spaces: what somebody wrote can't pass for a line of ours.
    """
    lines = textwrap.wrap(
        _one_line(text),
        width=WIDTH,
        initial_indent=first,
        subsequent_indent=rest,
        break_long_words=False,
        break_on_hyphens=False,
    )
    for line in lines or [first.rstrip()]:
        output.say(line, style=style)


def say_pairs(rows: Sequence[tuple[str, Sequence[str]]], *, indent: int = 2) -> None:
    """Terms with what is said about each, in two columns; every text on the right begins on a line of its own.

    A term that is too long for the left column has a line to itself, and so has a text with a word that is too long for
    the right one: it begins further left.
    """
    terms = [_one_line(term) for term, _ in rows]
    width = max((len(term) for term in terms if len(term) <= _MOST_LEFT), default=0)
    left = " " * indent
    column = " " * (indent + width + 2)
    for term, (_, texts) in zip(terms, rows, strict=True):
        first = f"{left}{term.ljust(width)}  "
        if len(term) > width or not texts:
            output.say(first.rstrip())
            first = column
        for text in texts:
            if len(column) + max(map(len, text.split()), default=0) > WIDTH:
                if first != column:
                    output.say(first.rstrip())
                say_wrapped(text, first=f"{left}    ", rest=f"{left}    ")
            else:
                say_wrapped(text, first=first, rest=column)
            first = column


def _one_line(text: str) -> str:
    return " ".join(text.split())
