"""The statements of a module, each with the place where it stands: under which conditions, guarded, or in a function.

Only statements are walked: an import can't stand in an expression, and walking every node costs a third of a scan.
"""

import ast
import itertools
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from paa.scan.conditions import Names, both, branches

_GUARDS = frozenset({"ImportError", "ModuleNotFoundError", "Exception", "BaseException"})
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
# What conditions ask these modules; ``six`` because its constants stand for the interpreter's version.
_ASKED_MODULES = frozenset({"sys", "os", "platform", "six", "typing", "typing_extensions"})
_ASKED_METHODS = frozenset({"startswith", "system", "machine", "python_implementation"})
# Names bound to a plain value may be set from elsewhere, but for this one: mypy's name for TYPE_CHECKING.
_NEVER_SET = "MYPY"


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


def walk(tree: ast.Module) -> Iterator[Placed]:
    """Every statement with its place. A stack instead of recursion: a long elif chain is as deep as it is long."""
    stack: list[tuple[list[ast.stmt], Place]] = [(tree.body, Place())]
    while stack:
        statements, place = stack.pop()
        for statement in statements:
            yield statement, place
            if isinstance(statement, _COMPOUND):
                stack.extend(_bodies(statement, place))


def _bodies(statement: ast.stmt, place: Place) -> Iterator[tuple[list[ast.stmt], Place]]:
    match statement:
        case ast.If(test=test, body=body, orelse=orelse):
            yield body, replace(place, parent=place, test=test, taken=True, tested=True)
            if orelse:
                yield orelse, replace(place, parent=place, test=test, taken=False, tested=True)
        case ast.Try() | ast.TryStar():
            guarded = place.guarded or any(map(_guards, statement.handlers))
            inner = replace(place, parent=place, test=None, guarded=guarded)
            yield statement.body, inner
            yield statement.orelse, inner
            yield statement.finalbody, replace(place, parent=place, test=None)
            for handler in statement.handlers:
                # A fallback is as optional as what it stands in for.
                guards = _guards(handler)
                yield (
                    handler.body,
                    replace(inner, guarded=place.guarded or guards, fallback=place.fallback or guards),
                )
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


def marker_of(place: Place, names: Names, known: dict[Place, str]) -> str:
    """The marker of all conditions around ``place``, NEVER, or empty; ``known`` keeps those of other places."""
    above: list[Place] = []
    reached: Place | None = place
    while reached is not None and reached not in known:
        above.append(reached)
        reached = reached.parent
    for item in reversed(above):
        outer = known[item.parent] if item.parent is not None else ""
        own = None if item.test is None else branches(item.test, names)[0 if item.taken else 1]
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


def bound(statement: ast.stmt) -> Iterable[str]:
    """The names that a statement binds in its own scope (nested bodies are statements of their own)."""
    targets: list[ast.expr] = []
    match statement:
        case ast.Assign():
            targets = statement.targets
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            return (name,)
        case ast.Import(names=aliases) | ast.ImportFrom(names=aliases):
            return [alias.asname or alias.name.partition(".")[0] for alias in aliases]
        case ast.AnnAssign() if statement.value is not None:
            targets = [statement.target]
        case ast.AugAssign() | ast.For() | ast.AsyncFor():
            targets = [statement.target]
        case ast.With() | ast.AsyncWith():
            targets = [item.optional_vars for item in statement.items if item.optional_vars]
    return _targets(targets) if targets else ()


def _targets(targets: Iterable[ast.expr]) -> Iterator[str]:
    for target in targets:
        if isinstance(target, ast.Name):
            yield target.id
        elif not isinstance(target, ast.Attribute | ast.Subscript):
            for node in ast.walk(target):
                if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                    yield node.id


def all_bound(statements: Iterable[Placed]) -> Counter[str]:
    """How often each name is bound anywhere in the module, as a parameter of a function too."""
    times: Counter[str] = Counter()
    for statement, _ in statements:
        times.update(bound(statement))
        if isinstance(statement, ast.Global):
            times.update(statement.names)
        elif isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef):
            given = statement.args
            every = itertools.chain(given.posonlyargs, given.args, given.kwonlyargs, (given.vararg, given.kwarg))
            times.update(argument.arg for argument in every if argument is not None)
    return times


def constant_names(tree: ast.Module, times: Callable[[], Counter[str]]) -> Names:
    """The names that a condition can be followed into: bound once in all the module, at its top level."""
    found: dict[str, ast.expr] = {}
    for statement in tree.body:
        match statement:
            case ast.ImportFrom(module=str(module), level=0, names=aliases) if module in _ASKED_MODULES:
                found |= {alias.asname or alias.name: ast.Attribute(ast.Name(module), alias.name) for alias in aliases}
            case ast.Import(names=aliases):
                found |= {
                    alias.asname: ast.Name(alias.name)
                    for alias in aliases
                    if alias.asname and alias.name in _ASKED_MODULES and alias.asname != alias.name
                }
            case ast.Assign(targets=[ast.Name(id=name)], value=value) if _is_condition(name, value):
                found[name] = value
            case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value) if _is_condition(name, value):
                found[name] = value
    return Names(expressions={name: value for name, value in found.items() if times()[name] == 1})


def _is_condition(name: str, value: ast.expr) -> bool:
    if isinstance(value, ast.Call):
        return last_name(value.func) in _ASKED_METHODS
    if isinstance(value, ast.Constant):
        return name == _NEVER_SET
    return isinstance(value, ast.Compare | ast.BoolOp | ast.UnaryOp | ast.Attribute | ast.Subscript | ast.Name)
