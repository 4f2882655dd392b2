"""A page of the documentation, as somebody follows it: its blocks in their order, and the secrets that it names."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

HOW_TO = Path(__file__).parents[2] / "docs" / "how-to"
_FENCE = re.compile(r"```(\w*)")
_SECRETS = re.compile(r"with\s+the\s+names?\s+`(\w+)`(?:\s+and\s+`(\w+)`)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A fenced block: its language, its text, the line that it begins on, and the paragraph before it, in one line."""

    language: str
    text: str
    line: int
    before: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """``secrets`` are the names of secrets that the page says to set: those that go together, one way after another."""

    name: str
    blocks: tuple[Block, ...]
    secrets: tuple[tuple[str, ...], ...]

    def until(self, command: str) -> "Page":
        """The page up to the first block that begins with ``command``, without it."""
        place = next(number for number, block in enumerate(self.blocks) if block.text.startswith(command))
        return replace(self, blocks=self.blocks[:place])


def read_page(path: Path) -> Page:
    """The page at ``path``."""
    source = path.read_text(encoding="utf-8")
    ways = tuple(tuple(name for name in found if name) for found in _SECRETS.findall(source))
    return Page(name=path.name, blocks=tuple(_blocks(source)), secrets=ways)


def _blocks(source: str) -> Iterator[Block]:
    lines = source.split("\n")
    number = 0
    while number < len(lines):
        if (found := _FENCE.fullmatch(lines[number])) is None:
            number += 1
            continue
        end = lines.index("```", number + 1)
        text = "".join(f"{line}\n" for line in lines[number + 1 : end])
        before = "\n".join(lines[:number]).rstrip().rpartition("\n\n")[2]
        yield Block(language=found[1], text=text, line=number + 1, before=" ".join(before.split()))
        number = end + 1
