"""The statements of a module, each with the place where it stands: under which conditions, guarded, or in a function.

Only statements are walked: an import can't stand in an expression, and walking every node costs a third of a scan.
"""

import ast
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from paa.scan.source.comparisons import Names
from paa.scan.source.conditions import branches
from paa.scan.source.markers import both

_FAILURES = frozenset({"ImportError", "ModuleNotFoundError"})
_GUARDS = _FAILURES | {"Exception", "BaseException"}
_EXITS = frozenset({"exit", "quit", "_exit"})
_COMPOUND = (
    ast.If,
    ast.FunctionDef,
    ast.ClassDef,
    ast.Try,
    ast.With,
    ast.For,
    ast.While,
    ast.AsyncFunctionDef,
    ast.AsyncWith,
    ast.AsyncFor,
    ast.Match,
    ast.TryStar,
)
_SCOPES = (ast.FunctionDef, ast.ClassDef, ast.AsyncFunctionDef)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Place:
    """Where statements stand.

    ``parent`` is the place of the statement that holds them, None at the top level. With ``test``, they are the body of
    an ``if`` (``taken``) or its ``else``. ``guarded``: what can't be imported there is survived. ``fallback``: they run
    where an import has failed. ``top``: they bind names of the module. ``tested``: a condition stands above.
    """

    parent: "Place | None" = None
    test: ast.expr | None = None
    taken: bool = True
    guarded: bool = False
    fallback: bool = False
    top: bool = True
    tested: bool = False


Placed = tuple[ast.stmt, Place]


def walk(tree: ast.Module, lines: Sequence[int] | None = None) -> Iterator[Placed]:
    """Every statement with its place. A stack instead of recursion: a long elif chain is as deep as it is long.

    With ``lines`` (sorted), functions and classes on none of them are yielded, and not entered.
    """
    stack: list[tuple[list[ast.stmt], Place]] = [(tree.body, Place())]
    while stack:
        statements, place = stack.pop()
        for statement in statements:
            yield statement, place
            if isinstance(statement, _COMPOUND) and (lines is None or _is_entered(statement, lines)):
                stack.extend(_bodies(statement, place))


def _is_entered(statement: ast.stmt, lines: Sequence[int]) -> bool:
    if not isinstance(statement, _SCOPES):
        return True
    after = bisect_left(lines, statement.lineno)
    return after < len(lines) and lines[after] <= (statement.end_lineno or statement.lineno)


def _bodies(statement: ast.stmt, place: Place) -> Iterator[tuple[list[ast.stmt], Place]]:
    match statement:
        case ast.If(test=test, body=body, orelse=orelse):
            yield body, replace(place, parent=place, test=test, taken=True, tested=True)
            if orelse:
                yield orelse, replace(place, parent=place, test=test, taken=False, tested=True)
        case ast.Try() | ast.TryStar():
            yield from _parts_of_try(statement, replace(place, parent=place, test=None))
        case ast.FunctionDef(body=body) | ast.AsyncFunctionDef(body=body) | ast.ClassDef(body=body):
            # Functions and classes in one another are told apart by nobody.
            yield body, replace(place, parent=place, test=None, top=False) if place.top else place
        case ast.With(items=items, body=body) | ast.AsyncWith(items=items, body=body):
            guarded = place.guarded or any(map(_suppresses, items))
            yield body, replace(place, parent=place, test=None, guarded=guarded)
        case ast.For() | ast.AsyncFor() | ast.While():
            inner = replace(place, parent=place, test=None)
            yield statement.body, inner
            yield statement.orelse, inner
        case ast.Match(cases=cases):
            inner = replace(place, parent=place, test=None)
            yield from ((case.body, inner) for case in cases)


def _parts_of_try(statement: ast.Try | ast.TryStar, plain: Place) -> Iterator[tuple[list[ast.stmt], Place]]:
    """The parts of a ``try``; ``plain`` is a place in it that nothing guards."""
    # The first handler that fits is the one that runs.
    catching = next((handler for handler in statement.handlers if _guards(handler)), None)
    survives = catching is not None and not (plain.top and _leaves(catching.body))
    guarded = replace(plain, guarded=plain.guarded or survives)
    yield statement.body, guarded
    yield statement.orelse, guarded
    yield statement.finalbody, plain
    for handler in statement.handlers:
        # A fallback is as optional as what it stands in for.
        instead = survives and _guards(handler) and _stands_in(handler, statement.body)
        yield handler.body, replace(plain, guarded=True, fallback=True) if instead else plain


def _leaves(body: list[ast.stmt]) -> bool:
    """Whether a handler ends in ``raise`` or ``sys.exit()``: at the top level the module then can't be imported."""
    match body[-1]:
        case ast.Raise():
            return True
        case ast.Expr(ast.Call(func=function)):
            return last_name(function) in _EXITS
    return False


def _stands_in(handler: ast.ExceptHandler, tried: list[ast.stmt]) -> bool:
    """Whether imports in ``handler`` stand in for one that failed: ``except Exception`` may be about anything else."""
    if handler.type is not None and not _FAILURES.isdisjoint(_exception_names(handler.type)):
        return True
    return _imports(handler.body) and _imports(tried)


def _imports(statements: list[ast.stmt]) -> bool:
    nodes = (node for statement in statements for node in ast.walk(statement))
    return any(isinstance(node, ast.Import | ast.ImportFrom) for node in nodes)


def marker_of(place: Place, names: Names, known: dict[Place, str]) -> str:
    """The marker of all conditions around ``place``, NEVER, or empty; ``known`` keeps those of other places."""
    above: list[Place] = []
    reached: Place | None = place
    while reached is not None and reached not in known:
        above.append(reached)
        reached = reached.parent
    inside = replace(names, shadowed=names.shadowed | names.shadowed_inside) if names.shadowed_inside else names
    for item in reversed(above):
        outer = known[item.parent] if item.parent is not None else ""
        seen = names if item.top else inside
        own = None if item.test is None else branches(item.test, seen)[0 if item.taken else 1]
        known[item] = both(outer, own)
    return known[place]


def _guards(handler: ast.ExceptHandler) -> bool:
    return handler.type is None or not _GUARDS.isdisjoint(_exception_names(handler.type))


def _suppresses(item: ast.withitem) -> bool:
    call = item.context_expr
    return (
        isinstance(call, ast.Call)
        and last_name(call.func) == "suppress"
        and any(not _GUARDS.isdisjoint(_exception_names(argument)) for argument in call.args)
    )


def _exception_names(node: ast.expr) -> Iterator[str]:
    yield from map(last_name, node.elts if isinstance(node, ast.Tuple) else (node,))


def last_name(node: ast.expr) -> str:
    """``c`` of ``a.b.c`` and of ``c``; empty for any other shape."""
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""
