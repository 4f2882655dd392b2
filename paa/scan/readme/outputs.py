"""What a code cell printed → Markdown that shows on PyPI: text in fences, and a pointer to what can't be shown."""

import re
from collections.abc import Iterator

from paa.scan.readme.notebook import Output

# A README is read, not searched; whoever wants all of it opens the notebook.
_MOST_LINES = 100
_LONGEST_LINE = 500
# Control sequences of terminals (ECMA-48): colours and cursor moves, titles and links, and the two-byte ones.
_ESCAPE = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]|\x1b[\]PX^_][^\x07\x1b]*(?:\x07|\x1b\\)?|\x1b[ -/]*[0-~]")
_CONTROL = re.compile(r"[\x00-\x07\x0b\x0c\x0e-\x1f\x7f-\x9f]")
# "<IPython.core.display.HTML object>": what stands for the thing itself, which has another form beside this one.
_OPAQUE = re.compile(r"<[A-Za-z_][\w.]*(?: [^<>]*)?>")
_WIDGET = "application/vnd.jupyter.widget-view+json"


def output_markdown(output: Output, place: str) -> Iterator[str]:
    """The paragraphs that show ``output``; ``place`` says, in Markdown, where the notebook is."""
    data = output.data
    if data is None:
        yield from _text(output.text, place)
    elif data.get("text/markdown"):
        yield data["text/markdown"].strip("\n")
    elif any(media.startswith("image/") for media in data):
        yield f"*An image, to be seen in {place}.*"
    elif _WIDGET in data:
        yield f"*A widget, to be seen in {place}.*"
    elif (plain := data.get("text/plain", "").strip("\n")) and not (len(data) > 1 and _OPAQUE.fullmatch(plain.strip())):
        yield from _text(plain, place)
    elif formula := data.get("text/latex", "").strip("\n"):
        yield fenced(formula, "latex")
    elif len(data) > 1:
        # Something else than text: HTML, a script, a chart that is drawn by one.
        yield f"*An output, to be seen in {place}.*"


def fenced(text: str, language: str) -> str:
    """``text`` as a block of code, between fences that nothing in it ends."""
    longest = max((len(run) for run in re.findall(r"`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}{language}\n{text}\n{fence}"


def terminal_text(text: str) -> str:
    """``text`` as a terminal shows it in the end: no colours, and nothing of what was overwritten."""
    lines = _ESCAPE.sub("", text).replace("\r\n", "\n").split("\n")
    return "\n".join(_CONTROL.sub("", _overwritten(line)).rstrip() for line in lines).strip("\n")


def _overwritten(line: str) -> str:
    """A line after its carriage returns and backspaces, which put the cursor back and erase nothing."""
    if "\b" in line:
        kept: list[str] = []
        for character in line:
            if character != "\b":
                kept.append(character)
            elif kept and kept[-1] != "\r":
                kept.pop()
        line = "".join(kept)
    shown = ""
    for piece in reversed(line.split("\r")):
        shown += piece[len(shown) :]
    return shown


def _text(text: str, place: str) -> Iterator[str]:
    lines = terminal_text(text).split("\n")
    shown = [line if len(line) <= _LONGEST_LINE else f"{line[:_LONGEST_LINE]}…" for line in lines[:_MOST_LINES]]
    if any(shown):
        yield fenced("\n".join(shown), "text")
    if len(lines) > _MOST_LINES:
        yield f"*{len(lines) - _MOST_LINES:,} more lines, to be seen in {place}.*"
