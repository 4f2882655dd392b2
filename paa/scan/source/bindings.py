"""The names that a module binds, and which of them a condition can be followed into."""

import ast
import itertools
from collections import Counter
from collections.abc import Callable, Iterable, Iterator

from paa.scan.source.comparisons import Names
from paa.scan.source.statements import Placed, last_name, walk

# What conditions ask these modules; ``six`` because its constants stand for the interpreter's version.
_ASKED_MODULES = frozenset({"sys", "os", "platform", "six", "typing", "typing_extensions"})
_SHADOWED = frozenset({"sys", "os", "platform"})
_ASKED_METHODS = frozenset({"startswith", "system", "machine", "python_implementation"})
# Names bound to a plain value may be set from elsewhere, but for this one: mypy's name for TYPE_CHECKING.
_NEVER_SET = "MYPY"


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
        times.update(_bound_beside(statement))
        times.update(_parameters(statement))
    return times


def _parameters(statement: ast.stmt) -> Iterable[str]:
    if not isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef):
        return ()
    given = statement.args
    every = itertools.chain(given.posonlyargs, given.args, given.kwonlyargs, (given.vararg, given.kwarg))
    return [argument.arg for argument in every if argument is not None]


def _bound_beside(statement: ast.stmt) -> Iterable[str]:
    """The names that a statement binds without assigning to it."""
    match statement:
        case ast.Global(names=names):
            return names
        case ast.Try(handlers=handlers) | ast.TryStar(handlers=handlers):
            return [handler.name for handler in handlers if handler.name]
        case ast.Match(cases=cases):
            parts = itertools.chain.from_iterable(ast.walk(case.pattern) for case in cases)
            captures = (part for part in parts if isinstance(part, ast.MatchAs | ast.MatchStar))
            return [capture.name for capture in captures if capture.name]
    return ()


def _shadowed(statement: ast.stmt) -> Iterator[str]:
    """What conditions ask, where ``statement`` binds its name to something else."""
    match statement:
        case ast.Import(names=aliases):
            yield from (alias.asname for alias in aliases if alias.asname in _SHADOWED and alias.name != alias.asname)
        case ast.Assign(targets=[ast.Name(id="TYPE_CHECKING" as name)], value=ast.Constant(value=value)) if value:
            yield name
        case ast.ImportFrom():
            # A module such as compat may well have what the name says.
            return
        case _:
            yield from (name for name in (*bound(statement), *_bound_beside(statement)) if name in _SHADOWED)


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
    shadowed = [(name, place.top) for statement, place in walk(tree) for name in _shadowed(statement)]
    given = [(name, False) for statement, _ in walk(tree) for name in _parameters(statement) if name in _SHADOWED]
    return Names(
        expressions={name: value for name, value in found.items() if times()[name] == 1},
        shadowed=frozenset(name for name, top in shadowed if top),
        shadowed_inside=frozenset(name for name, top in (*shadowed, *given) if not top),
    )


def _is_condition(name: str, value: ast.expr) -> bool:
    if isinstance(value, ast.Call):
        return last_name(value.func) in _ASKED_METHODS
    if isinstance(value, ast.Constant):
        return name == _NEVER_SET
    return isinstance(value, ast.Compare | ast.BoolOp | ast.UnaryOp | ast.Attribute | ast.Subscript | ast.Name)
