"""Module-level dictionaries that are read without being run: ``__package_metadata__`` and ``__cli_metadata__``."""

import ast
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from paa.scan.facts import Fault
from paa.scan.statements import Placed, bound

_ADVICE = "write one dictionary of plain strings, numbers, lists and dictionaries at the top level of the module"
_SURROGATE = re.compile("[\ud800-\udfff]")
_MAX_DEPTH = 20
_MAX_BITS = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Literal:
    """A dictionary found in a module: its value (None where there is none) and the line it starts on."""

    value: Mapping[str, object] | None = None
    line: int | None = None
    faults: tuple[Fault, ...] = ()


def read_literal(statements: Iterable[Placed], name: str) -> Literal:
    """The dictionary that the module binds to ``name``. Anything computed, changed or bound twice is a fault."""
    places = sorted(_bindings(statements, name), key=lambda place: place[0])
    if not places:
        return Literal()
    line, value = places[0]
    if len(places) > 1:
        return _faulty(places[1][0], f"{name} is bound or changed more than once")
    if value is None:
        return _faulty(line, f"{name} is not a plain assignment at the top level")
    try:
        found = _plain(ast.literal_eval(value))
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return _faulty(line, f"{name} holds something that is computed, or no plain value")
    if not isinstance(found, dict):
        return _faulty(line, f"{name} must be a dictionary, not {type(found).__name__}")
    return Literal(value=found, line=line)


def without_surrogates(text: str) -> str:
    r"""``text`` as it can be encoded: a string literal can hold half a character (``"\ud800"``), a file can't."""
    return _SURROGATE.sub("�", text)


def _faulty(line: int, message: str) -> Literal:
    return Literal(line=line, faults=(Fault(rule="metadata", message=message, line=line, advice=_ADVICE),))


def _bindings(statements: Iterable[Placed], name: str) -> Iterator[tuple[int, ast.expr | None]]:
    """Each line that binds or changes ``name`` in the module's scope, with the value where it is a plain assignment."""
    for statement, place in statements:
        if not place.top:
            continue
        if name in bound(statement):
            yield statement.lineno, _assigned(statement, name) if place.parent is None else None
        elif any(_is(node, name) for node in _changed(statement)):
            yield statement.lineno, None


def _assigned(statement: ast.stmt, name: str) -> ast.expr | None:
    """The value of a plain assignment to ``name``; None when it is bound in another way."""
    match statement:
        case ast.Assign(targets=targets, value=value) if any(_is(target, name) for target in targets):
            return value
        case ast.AnnAssign(value=value):
            return value
    return None


def _changed(statement: ast.stmt) -> Iterator[ast.expr]:
    """The roots of what a statement assigns into, deletes, or calls a method of: ``a`` in ``a["b"] = 1``."""
    match statement:
        case ast.Assign(targets=targets) | ast.Delete(targets=targets):
            yield from map(_root, targets)
        case ast.AugAssign(target=target):
            yield _root(target)
        case ast.Expr(value=ast.Call(func=ast.Attribute(value=value))):
            yield _root(value)


def _root(node: ast.expr) -> ast.expr:
    while isinstance(node, ast.Attribute | ast.Subscript):
        node = node.value
    return node


def _is(target: ast.expr, name: str) -> bool:
    return isinstance(target, ast.Name) and target.id == name


def _plain(value: object, depth: int = 0) -> object:
    """Only what JSON and a file can hold, with tuples as lists; raises ValueError for the rest (bytes, sets, …)."""
    if isinstance(value, str) and not _SURROGATE.search(value):
        return value
    if value is None or isinstance(value, float) or (isinstance(value, int) and value.bit_length() <= _MAX_BITS):
        return value
    if isinstance(value, list | tuple) and depth < _MAX_DEPTH:
        return [_plain(item, depth + 1) for item in value]
    if isinstance(value, dict) and depth < _MAX_DEPTH and all(isinstance(key, str) for key in value):
        return {_plain(key): _plain(item, depth + 1) for key, item in value.items()}
    raise ValueError(type(value).__name__)
