"""The imports of a source by another way than the scan's: up from each node instead of down from the module."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass

_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_FAILURES = {"ImportError", "ModuleNotFoundError"}
_PLATFORMS = ("sys.platform", "sys.version_info")


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Found:
    """One imported module; ``conditional`` says that a condition stands above it that a marker can express."""

    line: int
    module: str
    names: tuple[str, ...]
    kind: str = "required"
    fallback: bool = False
    conditional: bool = False


@dataclass(frozen=True, slots=True)
class _Step:
    """One step upwards: ``child`` is in the ``field`` of ``node``."""

    child: ast.AST
    field: str
    node: ast.AST


def every_import(tree: ast.Module) -> Iterator[Found]:
    """Every import below ``tree``, in no order."""
    above = {
        child: _Step(child, field, node)
        for node in ast.walk(tree)
        for field, value in ast.iter_fields(node)
        for child in (value if isinstance(value, list) else [value])
        if isinstance(child, ast.AST)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield _found(node, alias.name, (), above)
        elif isinstance(node, ast.ImportFrom):
            names = tuple(alias.name for alias in node.names)
            yield _found(node, "." * node.level + (node.module or ""), names, above)


def _found(node: ast.stmt, module: str, names: tuple[str, ...], above: dict[ast.AST, _Step]) -> Found:
    steps: list[_Step] = []
    here: ast.AST = node
    while here in above:
        steps.append(above[here])
        here = above[here].node
    guarded = fallback = for_types = conditional = False
    for index, step in enumerate(steps):
        match step.node:
            case ast.If(test=test):
                for_types |= ast.unparse(test) == {"body": "TYPE_CHECKING", "orelse": "not TYPE_CHECKING"}.get(
                    step.field
                )
                conditional |= ast.unparse(test).startswith(_PLATFORMS)
            case ast.With(items=items) if step.field == "body":
                guarded |= any("suppress(ImportError)" in ast.unparse(item) for item in items)
            case ast.Try() | ast.TryStar():
                top = not any(isinstance(outer.node, _SCOPES) for outer in steps[index:])
                caught, instead = _part_of_try(step, top=top)
                guarded |= caught
                fallback |= instead
    return Found(
        line=node.lineno,
        module=module,
        names=names,
        kind="type-only" if for_types else "optional" if guarded else "required",
        fallback=fallback,
        conditional=conditional and not for_types,
    )


def _part_of_try(step: _Step, *, top: bool) -> tuple[bool, bool]:
    """Whether the child is guarded by the try that it is a part of, and whether it stands in for what failed."""
    node = step.node
    assert isinstance(node, ast.Try | ast.TryStar)
    fitting = [handler for handler in node.handlers if _catches(handler)]
    if not fitting or (top and isinstance(fitting[0].body[-1], ast.Raise)) or step.field == "finalbody":
        return False, False
    if step.field != "handlers":
        return True, False
    if step.child not in fitting:
        return False, False
    assert isinstance(step.child, ast.ExceptHandler)
    told = step.child.type is not None and not _FAILURES.isdisjoint(
        ast.unparse(step.child.type).strip("()").split(", ")
    )
    instead = told or all(any(map(_has_import, part)) for part in (step.child.body, node.body))
    return instead, instead


def _catches(handler: ast.ExceptHandler) -> bool:
    if handler.type is None:
        return True
    return not {*_FAILURES, "Exception"}.isdisjoint(ast.unparse(handler.type).strip("()").split(", "))


def _has_import(node: ast.AST) -> bool:
    return any(isinstance(inner, ast.Import | ast.ImportFrom) for inner in ast.walk(node))
