"""What in a source asks about the module that it is in: that gives another answer once modules are merged."""

import ast
from collections.abc import Iterator

from paa.model import Location
from paa.scan.mergeable.order import Refusal
from paa.scan.mergeable.sources import Source
from paa.scan.source.statements import last_name

_NAMESPACE = frozenset({"globals", "eval", "exec", "__annotations__", "__builtins__"})
# Of the caller's own namespace only where they stand outside of functions.
_OWN_NAMESPACE = frozenset({"locals", "vars", "dir"})
_FRAMES = frozenset({"_getframe", "currentframe"})
_IMPORTERS = frozenset({"import_module", "__import__", "reload"})
_OF_THE_FILE = frozenset({"__file__", "__doc__", "__spec__", "__package__", "__path__", "__loader__", "__cached__"})
_HOOKS = ("__getattr__", "__dir__")
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)


def reflections(source: Source, package: str, *, is_module: bool) -> Iterator[Refusal]:
    """Why ``source`` can't be merged by itself; ``is_module``: it keeps its name and its file."""
    local = {id(statement.node) for statement in source.imports}
    functions = (node for node in ast.walk(source.tree) if isinstance(node, _FUNCTIONS))
    late = {id(node) for function in functions for node in ast.walk(function)}
    found: list[tuple[int, str]] = []
    for hook in _HOOKS:
        lines = [binding.line for binding in source.names.bindings.get(hook, ())]
        found += ((line, f"{hook} would answer for the names of all merged files") for line in lines[:1])
    for node in ast.walk(source.tree):
        reason = None
        if isinstance(node, ast.Call):
            reason = _call(node, package, late=id(node) in late)
        elif isinstance(node, ast.Name | ast.Attribute):
            reason = _name(node, is_module=is_module)
        elif isinstance(node, ast.ImportFrom) and id(node) not in local:
            reason = _import(node)
        if reason is not None:
            found.append((getattr(node, "lineno", 1), reason))
    if not is_module:
        allowed = {id(node) for node in own_names(source)}
        names = (node for node in ast.walk(source.tree) if isinstance(node, ast.Name) and node.id == "__name__")
        found += ((node.lineno, "__name__ would be that of the package") for node in names if id(node) not in allowed)
    for line, reason in sorted(set(found)):
        yield Refusal(location=Location(path=source.path, line=line), reason=reason)


def _call(node: ast.Call, package: str, *, late: bool) -> str | None:
    match node:
        case ast.Call(func=ast.Name(id=name), args=[], keywords=[]) if name in _OWN_NAMESPACE and not late:
            return f"{name}() would show the names of all merged files"
        case ast.Call(func=function, args=arguments) if last_name(function) in _IMPORTERS:
            return None if _leads_out(arguments, package) else f"{last_name(function)} may ask for a component"
    return None


def _leads_out(arguments: list[ast.expr], package: str) -> bool:
    match arguments:
        case [ast.Constant(value=str(name)), *_]:
            return not name.startswith(".") and name.partition(".")[0] != package
    return False


def _name(node: ast.Name | ast.Attribute, *, is_module: bool) -> str | None:
    match node:
        case ast.Name(id=name) if name in _NAMESPACE:
            return f"{name} would show the names of all merged files"
        case ast.Name(id=name) if name in _OF_THE_FILE and not is_module:
            return f"{name} would be that of the package"
        case ast.Attribute(value=ast.Name(id="sys"), attr="modules"):
            return "sys.modules no longer has the components"
    name = last_name(node)
    return f"{name} would show the names of all merged files" if name in _FRAMES else None


def _import(node: ast.ImportFrom) -> str | None:
    names = {item.name for item in node.names}
    if "*" in names:
        return "nobody can tell which names 'import *' brings from outside of the package"
    if node.module == "sys" and "modules" in names:
        return "sys.modules no longer has the components"
    return None


def own_names(source: Source) -> Iterator[ast.Name]:
    """The ``__name__`` that can be written out: those that are only compared, or given to ``getLogger``."""
    inside_strings = {
        id(node) for text in ast.walk(source.tree) if isinstance(text, ast.JoinedStr) for node in ast.walk(text)
    }
    for node in ast.walk(source.tree):
        candidates: list[ast.expr] = []
        match node:
            case ast.Compare(left=left, comparators=right):
                candidates = [left, *right]
            case ast.Call(func=function, args=arguments) if last_name(function) == "getLogger":
                candidates = arguments
        for item in candidates:
            match item:
                case ast.Name(id="__name__", ctx=ast.Load()) if id(item) not in inside_strings:
                    yield item
