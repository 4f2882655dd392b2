"""Module-level dictionaries that are read without being run: ``__package_metadata__`` and ``__cli_metadata__``."""

import ast
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from paa.scan.source.bindings import bound
from paa.scan.source.facts import Fault
from paa.scan.source.statements import Placed

_ADVICE = "write one dictionary of plain strings, numbers, lists and dictionaries at the top level of the module"
_SURROGATE = re.compile("[\ud800-\udfff]")
_MAX_DEPTH = 20
_MAX_BITS = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Literal:
    """A dictionary found in a module: its value (None where there is none) and the line it starts on.

    ``lines`` has the lines of the values in it by path (``project_urls.Issues``, ``keywords.0``), as far as they are
    not those of what they stand in.
    """

    value: Mapping[str, object] | None = None
    line: int | None = None
    lines: Mapping[str, int] = field(default_factory=dict)
    faults: tuple[Fault, ...] = ()


class _NotPlainError(Exception):
    """A value that can't be read without running the module, or that nothing can be made of."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(message)
        self.line = line
        self.message = message


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
    lines: dict[str, int] = {}
    try:
        found = _plain(value, (), lines)
    except _NotPlainError as error:
        return _faulty(error.line, f"{name}{error.message}")
    if not isinstance(found, dict):
        return _faulty(line, f"{name} must be a dictionary, not {type(found).__name__}")
    return Literal(value=found, line=line, lines=lines)


def read_command(literal: Literal, name: str) -> tuple[str | None, tuple[Fault, ...]]:
    """The name of the command that ``literal``, which the file calls ``name``, gives; and what is wrong with it."""
    faults = list(literal.faults)
    for key in literal.value or {}:
        if key != "name":
            message = f"{name}: unknown key {key!r}; the only one is 'name'"
            faults.append(Fault(rule="metadata", message=message, line=literal.lines.get(key, literal.line)))
    command = (literal.value or {}).get("name")
    if command is None or isinstance(command, str):
        return command, tuple(faults)
    message = f"{name}: name must be a string, not {type(command).__name__}"
    faults.append(Fault(rule="metadata", message=message, line=literal.lines.get("name", literal.line)))
    return None, tuple(faults)


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


def _plain(node: ast.expr, path: tuple[str, ...], lines: dict[str, int]) -> object:
    """The value of ``node`` if it is one that JSON and a file can hold, with tuples as lists; ``lines`` grows.

    Raises _NotPlainError for the rest (calls, names, bytes, sets, …).
    """
    if len(path) > _MAX_DEPTH:
        raise _NotPlainError(node.lineno, f"{_shown(path)} is nested too deeply: no plain value")
    if isinstance(node, ast.Dict):
        return _plain_dictionary(node, path, lines)
    if isinstance(node, ast.List | ast.Tuple):
        return [_plain_item(node, item, (*path, str(number)), lines) for number, item in enumerate(node.elts)]
    try:
        value: object = ast.literal_eval(node)
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError) as error:
        raise _NotPlainError(node.lineno, f"{_shown(path)} is computed, or no plain value") from error
    if isinstance(value, str) and _SURROGATE.search(value):
        raise _NotPlainError(node.lineno, f"{_shown(path)} has half a character: no plain value")
    if isinstance(value, int) and value.bit_length() > _MAX_BITS:
        raise _NotPlainError(node.lineno, f"{_shown(path)} is too large a number: no plain value")
    if value is None or isinstance(value, str | float | int):
        return value
    raise _NotPlainError(node.lineno, f"{_shown(path)} is no plain value, but of type {type(value).__name__}")


def _plain_dictionary(node: ast.Dict, path: tuple[str, ...], lines: dict[str, int]) -> dict[str, object]:
    found: dict[str, object] = {}
    for key, value in zip(node.keys, node.values, strict=True):
        if key is None:
            raise _NotPlainError(value.lineno, f"{_shown(path)} is computed, with '**' in it")
        if not isinstance(key, ast.Constant) or not isinstance(key.value, str) or _SURROGATE.search(key.value):
            raise _NotPlainError(key.lineno, f"{_shown(path)} has a key that is no plain value, or no text")
        if key.value in found:
            raise _NotPlainError(key.lineno, f"{_shown((*path, key.value))} stands there twice: keep one")
        inner = (*path, key.value)
        found[key.value] = _plain_item(node, value, inner, lines)
        if key.lineno != node.lineno:
            lines[".".join(inner)] = key.lineno
    return found


def _plain_item(parent: ast.expr, node: ast.expr, path: tuple[str, ...], lines: dict[str, int]) -> object:
    if node.lineno != parent.lineno:
        lines[".".join(path)] = node.lineno
    return _plain(node, path, lines)


def _shown(path: tuple[str, ...]) -> str:
    return f": {'.'.join(path)}" if path else ""
