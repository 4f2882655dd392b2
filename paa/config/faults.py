"""What is wrong with a settings file: one line a fault, gathered until the whole file has been read."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from paa.config.nodes import Mapping, Node, Scalar, ScalarType, Sequence

T = TypeVar("T")

_SHOWN_LENGTH = 60
_USER_INFO = re.compile(r"\S+@")
_PLAIN_KEY = re.compile(r"[A-Za-z0-9_-]{1,60}")


class WrongValueError(Exception):
    """A value is not what its key takes. The message says what was found and what is expected, not where."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One thing that is wrong. ``key`` is the path of keys to it (``indexes.company.kind``), empty for the file."""

    line: int | None
    key: str
    message: str

    def text(self, source: str) -> str:
        """The fault as one line: file, line, key path, message."""
        where = source if self.line is None else f"{source}:{self.line}"
        return ": ".join(part for part in (where, self.key, self.message) if part)


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What all who read values share. ``faults`` grows; ``check_paths`` says whether to compare paths with the disk."""

    root: Path
    check_paths: bool
    faults: list[Fault]

    def add(self, node: Node, key: str, message: str) -> None:
        """Note a fault at ``node``."""
        self.faults.append(Fault(line=node.line, key=key, message=message))

    def attempt(self, node: Node, key: str, read: Callable[[Node], T]) -> T | None:
        """What ``read`` makes of ``node``; when it refuses the value, None, and the fault is noted."""
        try:
            return read(node)
        except WrongValueError as error:
            self.add(node, key, str(error))
            return None

    def entries(self, node: Mapping, key: str) -> dict[str, tuple[Scalar, Node]]:
        """The entries of a mapping by key. Keys that are given twice, or are not text, are noted as faults."""
        entries: dict[str, tuple[Scalar, Node]] = {}
        for name, value in node.entries:
            if not isinstance(name, Scalar):
                self.add(name, key, f"{found(name)} can't be a key")
            elif name.text in entries:
                first = entries[name.text][0].line
                self.add(name, joined(key, name.text), f"given twice, first on line {first}; keep one")
            else:
                entries[name.text] = (name, value)
        return entries


def joined(path: str, key: str) -> str:
    """``key`` below ``path``, as messages show it."""
    name = key if _PLAIN_KEY.fullmatch(key) else shown(key)
    return f"{path}.{name}" if path else name


def shown(text: str) -> str:
    """``text`` for a message: quoted, shortened, on one line, and without what may be a secret in a URL."""
    text = _USER_INFO.sub("…@", text)
    return repr(text if len(text) <= _SHOWN_LENGTH else text[:_SHOWN_LENGTH] + "…")


def found(node: Node) -> str:
    """What was found, for a message."""
    match node:
        case Sequence():
            return "a list"
        case Mapping():
            return "a mapping"
        case Scalar(type=ScalarType.NOTHING):
            return "nothing"
        case Scalar(type=ScalarType.TEXT):
            return f"the text {shown(node.text)}"
        case Scalar():
            return f"{node.type} {node.text[:_SHOWN_LENGTH]}"


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """``; did you mean '…'?`` with the known name closest to ``name``, or nothing when none is close."""
    import difflib

    by_lower = {candidate.lower(): str(candidate) for candidate in sorted(known)}
    close = difflib.get_close_matches(name[:_SHOWN_LENGTH].lower(), by_lower, n=1, cutoff=0.6)
    return f"; did you mean {by_lower[close[0]]!r}?" if close else ""
