"""Expressions: what stands between ``${{`` and ``}}``, and in ``if``.

Source: GitHub Docs, "Evaluate expressions in workflows and actions".
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from tests.pipelines.github.errors import WorkflowError
from tests.pipelines.github.functions import FUNCTIONS, call
from tests.pipelines.github.values import Value, equal, is_array, less, member, number, parse_number, text, truth

STATUS_FUNCTIONS = frozenset({"success", "failure", "cancelled", "always"})

_TOKEN = re.compile(
    r"""\s*(?:
        (?P<string>'(?:[^']|'')*')
      | (?P<number>[+-]?(?:0x[0-9a-fA-F]+|0o[0-7]+|(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?))(?![\w.])
      | (?P<name>[A-Za-z_][A-Za-z0-9_-]*)
      | (?P<sign>&&|\|\||==|!=|<=|>=|[()\[\].,*!<>])
    )""",
    re.VERBOSE,
)
_KEYWORDS: Mapping[str, Value] = {
    "true": True,
    "false": False,
    "null": None,
    "NaN": parse_number("NaN"),
    "Infinity": parse_number("Infinity"),
}
# What binds loosest comes first.
_LEVELS = (("||",), ("&&",), ("==", "!="), ("<", "<=", ">", ">="))


@dataclass(frozen=True, slots=True)
class Literal:
    """A value as it is written."""

    value: Value


@dataclass(frozen=True, slots=True)
class Name:
    """A context."""

    name: str


@dataclass(frozen=True, slots=True)
class Member:
    """A member of an object or array; ``key`` None means all of them (``.*``)."""

    whole: "Node"
    key: "Node | None"


@dataclass(frozen=True, slots=True)
class Call:
    """A function with its arguments, or an operator."""

    name: str
    arguments: tuple["Node", ...]


Node: TypeAlias = Literal | Name | Member | Call


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """What an expression may use where it stands: contexts, and functions beside those that all may use."""

    contexts: Mapping[str, Value]
    functions: Mapping[str, Callable[..., Value]]


class _Star(list[Value]):
    """What ``.*`` gives: a member of it is the members of all its items."""


def parse(source: str) -> Node:
    """The expression ``source``. Raises WorkflowError where GitHub would refuse it."""
    tokens = [*_tokens(source), ("end", "")]
    reader = _Reader(source, tokens)
    node = reader.binary(0)
    reader.take("end")
    return node


def evaluate(node: Node, scope: Scope) -> Value:
    """The value of ``node``. Raises WorkflowError for contexts and functions that ``scope`` has not."""
    match node:
        case Literal(value):
            return value
        case Name(name):
            if name.lower() not in scope.contexts:
                message = f"the context {name!r} is not known here (there are: {', '.join(sorted(scope.contexts))})"
                raise WorkflowError(message)
            return scope.contexts[name.lower()]
        case Member(whole, key):
            return _member(evaluate(whole, scope), None if key is None else (evaluate(key, scope),))
        case Call(name, arguments):
            return _call(name, arguments, scope)


def calls(node: Node) -> Iterator[str]:
    """The names of the functions and operators in ``node``, in lower case."""
    match node:
        case Call(name, arguments):
            yield name.lower()
            for argument in arguments:
                yield from calls(argument)
        case Member(whole, key):
            yield from calls(whole)
            yield from calls(key) if key is not None else ()
        case _:
            return


def _call(name: str, arguments: Sequence[Node], scope: Scope) -> Value:
    if name in {"&&", "||"}:
        left = evaluate(arguments[0], scope)
        return left if truth(left) is (name == "||") else evaluate(arguments[1], scope)
    values = [evaluate(argument, scope) for argument in arguments]
    if name in _OPERATORS:
        return _OPERATORS[name](*values)
    if name.lower() in FUNCTIONS:
        return call(name.lower(), values)
    if name.lower() in scope.functions:
        return scope.functions[name.lower()](*values)
    message = f"the function {name}() is not known here"
    raise WorkflowError(message)


_OPERATORS: Mapping[str, Callable[..., Value]] = {
    "!": lambda value: not truth(value),
    "==": equal,
    "!=": lambda left, right: not equal(left, right),
    "<": lambda left, right: less(left, right, or_equal=False),
    "<=": lambda left, right: less(left, right, or_equal=True),
    ">": lambda left, right: less(right, left, or_equal=False),
    ">=": lambda left, right: less(right, left, or_equal=True),
}


def _member(whole: Value, key: tuple[Value] | None) -> Value:
    if key is None:
        return _Star(_items(whole))
    if isinstance(whole, _Star):
        found = (_member(item, key) for item in whole)
        return _Star([item for item in found if item is not None])
    if isinstance(whole, Sequence) and not isinstance(whole, str):
        place = number(key[0])
        return whole[int(place)] if place.is_integer() and 0 <= place < len(whole) else None
    return member(whole, text(key[0]))


def _items(whole: Value) -> list[Value]:
    if isinstance(whole, Mapping):
        return [whole[name] for name in whole]
    return [*whole] if isinstance(whole, Sequence) and is_array(whole) else []


def _tokens(source: str) -> Iterator[tuple[str, str]]:
    place = 0
    while source[place:].strip():
        match = _TOKEN.match(source, place)
        if match is None:
            message = f"{source!r}: what stands at {source[place:].strip()!r} is no expression"
            raise WorkflowError(message)
        place = match.end()
        kind = str(match.lastgroup)
        yield kind, match[kind]


class _Reader:
    """Goes through the tokens of one expression."""

    def __init__(self, source: str, tokens: Sequence[tuple[str, str]]) -> None:
        self._source = source
        self._tokens = [*reversed(tokens)]

    def take(self, *wanted: str) -> str:
        """The next token, which has to be one of the signs, or of the kinds, ``wanted``."""
        kind, written = self._tokens[-1]
        if kind not in wanted and not (kind == "sign" and written in wanted):
            message = f"{self._source!r}: {' or '.join(wanted)} expected, not {written or 'the end'!r}"
            raise WorkflowError(message)
        self._tokens.pop()
        return written

    def comes(self, *signs: str) -> bool:
        """Whether one of ``signs`` is next."""
        return self._tokens[-1][0] == "sign" and self._tokens[-1][1] in signs

    def binary(self, level: int) -> Node:
        if level == len(_LEVELS):
            return self.unary()
        node = self.binary(level + 1)
        while self.comes(*_LEVELS[level]):
            node = Call(self.take(*_LEVELS[level]), (node, self.binary(level + 1)))
        return node

    def unary(self) -> Node:
        if self.comes("!"):
            return Call(self.take("!"), (self.unary(),))
        node = self.primary()
        while self.comes(".", "["):
            node = Member(node, self.key())
        return node

    def key(self) -> Node | None:
        if self.take(".", "[") == ".":
            if self.comes("*"):
                self.take("*")
                return None
            return Literal(self.take("name"))
        if self.comes("*"):
            self.take("*")
            node = None
        else:
            node = self.binary(0)
        self.take("]")
        return node

    def primary(self) -> Node:
        kind, written = self._tokens[-1]
        if self.comes("("):
            self.take("(")
            node = self.binary(0)
            self.take(")")
            return node
        self.take("string", "number", "name")
        if kind == "string":
            return Literal(written[1:-1].replace("''", "'"))
        if kind == "number":
            return Literal(parse_number(written))
        if written in _KEYWORDS:
            return Literal(_KEYWORDS[written])
        return Call(written, self.arguments()) if self.comes("(") else Name(written)

    def arguments(self) -> tuple[Node, ...]:
        self.take("(")
        found: list[Node] = []
        while not self.comes(")"):
            found.append(self.binary(0))
            if not self.comes(")"):
                self.take(",")
        self.take(")")
        return tuple(found)
