"""Readers of simple values: a node in, a typed value out, WrongValueError for anything else."""

import math
import re
from collections.abc import Callable

from paa.config.faults import Context, WrongValueError, did_you_mean, found, shown
from paa.config.keys import ValueType
from paa.config.nodes import Node, Scalar, ScalarType, Sequence
from paa.config.rules import (
    DISTRIBUTION,
    INDEX_URL,
    MARKDOWN,
    PYTHON_VERSION,
    REPOSITORY_URL,
    SPECIFIERS,
    TAG_FORMAT,
    TEXT,
    URL,
    VERSION,
    Rule,
    broken,
)

_TRUE = frozenset({"yes", "true", "on"})
_DECIMAL = re.compile(r"[-+]?[0-9]{1,9}(?:\.[0-9]{0,20})?")
_PLAIN = re.compile(r"[\w.-]{1,40}")
LARGEST_SCORE = 10
# The texts that these rules are for may hold secrets, so no message shows them.
_NOT_SHOWN = (URL, REPOSITORY_URL, INDEX_URL)
_USER_NAME = re.compile(r"(?<=//)[^/?#@]*@")

RULES: dict[ValueType, tuple[Rule, ...]] = {
    ValueType.TEXT: TEXT,
    ValueType.MARKDOWN: MARKDOWN,
    ValueType.URL: URL,
    ValueType.REPOSITORY_URL: REPOSITORY_URL,
    ValueType.VERSION: VERSION,
    ValueType.PYTHON_VERSION: PYTHON_VERSION,
    ValueType.SPECIFIERS: SPECIFIERS,
    ValueType.TAG_FORMAT: TAG_FORMAT,
}


def read_text(node: Node, rules: tuple[Rule, ...], *, expected: str = "text") -> str:
    """A text that keeps to ``rules``. What YAML takes for a number, date or boolean is not text: it needs quotes."""
    if not isinstance(node, Scalar):
        raise WrongValueError(_wrong(node, expected))
    if node.type is not ScalarType.TEXT:
        raise WrongValueError(_wrong(node, expected) + _quoting(node))
    if rule := broken(node.text, rules):
        what = "the address" if rules in _NOT_SHOWN else shown(node.text)
        message = f"{what} {rule.message}"
        raise WrongValueError(message)
    return node.text


def read_typed_text(node: Node, value_type: ValueType) -> str:
    """A text of one of the types in ``RULES``; Markdown loses the white space around it, a repository the user name."""
    text = read_text(node, RULES[value_type], expected=value_type.value.removesuffix(" in quotes"))
    if value_type is ValueType.REPOSITORY_URL:
        return _USER_NAME.sub("", text, count=1)
    return text.strip() if value_type is ValueType.MARKDOWN else text


def read_boolean(node: Node) -> bool:
    """True or false, in any of YAML 1.1's spellings."""
    if isinstance(node, Scalar) and node.type is ScalarType.BOOLEAN:
        return node.text.lower() in _TRUE
    quoted = isinstance(node, Scalar) and node.text.lower() in _TRUE | {"no", "false", "off"}
    raise WrongValueError(_wrong(node, ValueType.BOOLEAN) + ("; remove the quotes" if quoted else ""))


def read_score(node: Node) -> float:
    """A number from 0 to 10, written in decimal."""
    if isinstance(node, Scalar) and node.type is ScalarType.NUMBER and _DECIMAL.fullmatch(node.text):
        number = float(node.text)
        if math.isfinite(number) and 0 <= number <= LARGEST_SCORE:
            return number
    raise WrongValueError(_wrong(node, ValueType.SCORE))


def read_choice(node: Node, choices: tuple[str, ...]) -> str:
    """One of ``choices``: the very member, so that an enumeration stays one."""
    expected = "one of " + ", ".join(choices)
    text = read_text(node, (), expected=expected)
    for choice in choices:
        if text == choice:
            return choice
    message = f"{shown(text)} is not {expected}{did_you_mean(text, choices)}"
    raise WrongValueError(message)


def read_choices(node: Node, key: str, context: Context, choices: tuple[str, ...]) -> tuple[str, ...]:
    """Some of ``choices``, at least one, in their own order. Faults of items are noted."""
    chosen = read_list(node, key, context, lambda item: read_choice(item, choices))
    if isinstance(node, Sequence) and not node.items:
        message = f"the list is empty, expected some of {', '.join(choices)}"
        raise WrongValueError(message)
    return tuple(choice for choice in choices if choice in chosen)


def read_distribution(node: Node) -> str:
    """A distribution's name, normalised (PEP 503)."""
    return re.sub(r"[-_.]+", "-", read_text(node, DISTRIBUTION, expected="a name")).lower()


def read_list(node: Node, key: str, context: Context, read: Callable[[Node], str]) -> tuple[str, ...]:
    """A list whose items ``read`` understands, each once. Faults of items are noted."""
    if not isinstance(node, Sequence):
        plain = isinstance(node, Scalar) and _PLAIN.fullmatch(node.text)
        raise WrongValueError(_wrong(node, "a list") + (f"; write [{plain[0]}]" if plain else ""))
    items = [context.attempt(item, f"{key}[{number}]", read) for number, item in enumerate(node.items)]
    return tuple(dict.fromkeys(item for item in items if item is not None))


def _wrong(node: Node, expected: str) -> str:
    return f"found {found(node)}, expected {expected}"


def _quoting(node: Scalar) -> str:
    if node.type is ScalarType.NOTHING:
        return ""
    if node.type is ScalarType.NUMBER and _DECIMAL.fullmatch(node.text) and f"{float(node.text):g}" != node.text:
        return f"; put it in quotes: '{node.text}' (without them it is the number {float(node.text):g})"
    return f"; put it in quotes: {shown(node.text)}"
