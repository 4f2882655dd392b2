"""What a source says it exports (``__all__``), and which files beside itself it speaks of."""

import ast
import re
from collections.abc import Iterable, Iterator

from paa.scan.source.literals import without_surrogates
from paa.scan.source.statements import Placed, last_name

_EXPORTS = "__all__"
# How a source gets at the files that lie beside it.
_LOOKS_BESIDE = (b"__file__", b"importlib.resources", b"importlib_resources", b"get_data")
_FILE_NAME = re.compile(r"[^\s*?<>|\"]{1,200}\.[A-Za-z0-9]{1,10}")


def exports(statements: Iterable[Placed]) -> tuple[str, ...]:
    """The names that a module adds to its ``__all__`` at the top level, sorted; those that are computed are unseen."""
    names: set[str] = set()
    for statement, place in statements:
        if place.top:
            for value in _exported(statement):
                names.update(_texts(value))
    return tuple(sorted(names))


def _exported(statement: ast.stmt) -> Iterator[ast.expr]:
    match statement:
        case ast.Assign(targets=targets, value=value) if any(last_name(target) == _EXPORTS for target in targets):
            yield value
        case ast.AnnAssign(target=ast.Name(id="__all__"), value=ast.expr() as value):
            yield value
        case ast.AugAssign(target=ast.Name(id="__all__"), value=value):
            yield value
        case ast.Expr(ast.Call(func=ast.Attribute(value=ast.Name(id="__all__")), args=arguments)):
            yield from arguments


def _texts(value: ast.expr) -> Iterator[str]:
    for node in ast.walk(value):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield without_surrogates(node.value)


def file_names(tree: ast.Module, source: bytes) -> tuple[tuple[str, int], ...]:
    """The texts that can be names of files, with their lines, where the source looks for files beside itself."""
    if not any(sign in source for sign in _LOOKS_BESIDE):
        return ()
    found = {
        (without_surrogates(node.value), node.lineno)
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and _FILE_NAME.fullmatch(node.value)
    }
    return tuple(sorted(found))
