"""Module-level dictionaries that are read without being run: ``__package_metadata__`` and ``__cli_metadata__``."""

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from paa.scan.facts import Fault

_ADVICE = "write one dictionary of plain strings, numbers, lists and dictionaries at the top level of the module"


@dataclass(frozen=True, slots=True, kw_only=True)
class Literal:
    """A dictionary found in a module: its value (None where there is none) and the line it starts on."""

    value: Mapping[str, object] | None = None
    line: int | None = None
    faults: tuple[Fault, ...] = ()


def read_literal(tree: ast.Module, name: str) -> Literal:
    """The dictionary that the module binds to ``name``. Anything computed, changed or bound twice is a fault."""
    places = list(_bindings(tree, name))
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
        return _faulty(line, f"{name} holds something computed; it is read without running the module")
    if not isinstance(found, dict):
        return _faulty(line, f"{name} must be a dictionary, not {type(found).__name__}")
    return Literal(value=found, line=line)


def _faulty(line: int, message: str) -> Literal:
    return Literal(line=line, faults=(Fault(rule="metadata", message=message, line=line, advice=_ADVICE),))


def _bindings(tree: ast.Module, name: str) -> Iterator[tuple[int, ast.expr | None]]:
    """Each place that binds or changes ``name`` at module level, with the value where it is a plain assignment."""
    for statement in tree.body:
        targets = statement.targets if isinstance(statement, ast.Assign) else []
        if isinstance(statement, ast.AnnAssign):
            targets = [statement.target]
        if isinstance(statement, ast.Assign | ast.AnnAssign) and any(_is(target, name) for target in targets):
            yield statement.lineno, statement.value
        elif not isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            for node in ast.walk(statement):
                if isinstance(node, ast.Name) and node.id == name and _changes(statement, node):
                    yield node.lineno, None
                    break


def _changes(statement: ast.stmt, node: ast.Name) -> bool:
    """Whether a statement that is no plain assignment binds the name, or assigns into it."""
    if isinstance(node.ctx, ast.Store | ast.Del):
        return True
    targets = statement.targets if isinstance(statement, ast.Assign) else []
    if isinstance(statement, ast.AugAssign):
        targets = [statement.target]
    if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call):
        targets = [statement.value.func]
    return any(part is node for target in targets for part in ast.walk(target))


def _is(target: ast.expr, name: str) -> bool:
    return isinstance(target, ast.Name) and target.id == name


def _plain(value: object) -> object:
    """Only what JSON can hold, with tuples as lists; raises ValueError for the rest (bytes, sets, complex numbers)."""
    if value is None or isinstance(value, str | bool | int | float):
        return value
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, dict) and all(isinstance(key, str) for key in value):
        return {key: _plain(item) for key, item in value.items()}
    raise ValueError(type(value).__name__)
