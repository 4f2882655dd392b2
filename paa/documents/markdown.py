"""Text from anywhere as Markdown that shows it and means nothing else: for lists, tables and summaries."""

import html
import re

# What Markdown would take for more than a character, in a cell of a table.
_SPECIAL = re.compile(r"([\\`*_{}\[\]()#+!|~>-])")
_LONGEST = 300


def cell(text: str, *, longest: int = _LONGEST) -> str:
    """``text`` on one line that means nothing but itself in Markdown and HTML, cut off after ``longest`` characters.

    What can't be seen (control characters, those that turn the direction of writing, half surrogate pairs) is
    replaced.
    """
    line = " ".join(text.split())
    shown = line if len(line) <= longest else f"{line[:longest].rstrip()}…"
    seen = "".join(letter if letter.isprintable() else "\ufffd" for letter in shown)
    return _SPECIAL.sub(r"\\\1", html.escape(seen, quote=False))


def code(text: str, *, longest: int = _LONGEST) -> str:
    """``text`` on one line as code: nothing in it becomes a link, a mention of somebody, an image or HTML.

    Not for tables, which a ``|`` in it would cut.
    """
    line = " ".join(text.split())
    shown = line if len(line) <= longest else f"{line[:longest].rstrip()}…"
    seen = "".join(letter if letter.isprintable() else "\ufffd" for letter in shown)
    fence = "`" * (1 + max((len(run) for run in re.findall(r"`+", seen)), default=0))
    space = " " if not seen.strip("`") or seen.startswith("`") or seen.endswith("`") else ""
    return f"{fence}{space}{seen or ' '}{space}{fence}"


def code_block(text: str, language: str = "") -> str:
    """``text`` as a block of code, between fences that nothing in it ends; it ends with a line end."""
    seen = "".join(letter if letter.isprintable() or letter in "\n\t" else "\ufffd" for letter in text.rstrip("\n"))
    longest = max((len(run) for run in re.findall(r"`+", seen)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}{language}\n{seen}\n{fence}\n"
