"""The values of a YAML document, with their lines and without their meaning."""

from dataclasses import dataclass
from enum import StrEnum


class ScalarType(StrEnum):
    """What YAML 1.1 takes a scalar for; the value is how a message names it."""

    NOTHING = "nothing"
    BOOLEAN = "the boolean"
    NUMBER = "the number"
    DATE = "the date"
    TEXT = "the text"


@dataclass(frozen=True, slots=True, kw_only=True)
class Scalar:
    """A single value: the text as written (without quotes) and what YAML takes it for. ``line`` counts from 1."""

    line: int
    text: str
    type: ScalarType
    size: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Sequence:
    """A list. ``size`` is the number of values in it, with aliases counted as what they stand for."""

    line: int
    items: tuple["Node", ...]
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Mapping:
    """A mapping, entries in the order of the file; a key that is given twice is there twice."""

    line: int
    entries: tuple[tuple["Node", "Node"], ...]
    size: int


Node = Scalar | Sequence | Mapping


def is_blank(node: Node) -> bool:
    """Whether a value is null, or text of nothing but white space."""
    if not isinstance(node, Scalar):
        return False
    return node.type is ScalarType.NOTHING or (node.type is ScalarType.TEXT and not node.text.strip())
