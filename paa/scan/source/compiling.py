"""What Python's parser reads and its compiler refuses, such as ``return`` outside of a function.

To compile every source would make a scan half as long again. So only those are compiled that hold something which the
compiler is known to refuse in the wrong place; what is left is found where the built wheel is imported.
"""

import __future__

import ast
import re
import warnings

# Right in most sources that have them, and looked for as text: nothing of a function is walked.
_WORDS = (b"nonlocal", b"await", b"async with", b"async for", b"__debug__")
# A line begins behind a line feed or a carriage return, a statement behind a colon or semicolon too.
_DECLARATION = re.compile(rb"(?:\A|[\r\n:;])[ \t\f]*global[ \t\f\\]")
_STAR = re.compile(rb"import[ \t\f(\\]*\*")
_INNER_STAR = re.compile(rb"[ \t\f:;]from\b[^\r\n]*\bimport[ \t\f(\\]*\*")
_YIELD = re.compile(rb"(?:\A|[\r\n])yield\b")
_LOST = (ast.Return, ast.Break, ast.Continue)
_HOLDING = (ast.If, ast.With, ast.Try, ast.TryStar)


def is_suspect(source: bytes, tree: ast.Module) -> bool:
    """Whether the compiler may refuse the ``source`` of ``tree``."""
    return (
        any(word in source for word in _WORDS)
        or (b"global" in source and _DECLARATION.search(source) is not None)
        or (_STAR.search(source) is not None and _INNER_STAR.search(source) is not None)
        or (b"yield" in source and _YIELD.search(source) is not None)
        or (b"__future__" in source and _is_misplaced(tree))
        or _has_lost(tree)
    )


def require_compiled(source: bytes) -> None:
    """Raise SyntaxError for a source that parses and does not compile, RecursionError for one nested too deeply."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        compile(source, "<source>", "exec", dont_inherit=True)


def _has_lost(tree: ast.Module) -> bool:
    """Whether a statement that leaves a function or a loop stands outside of both."""
    waiting: list[ast.stmt] = list(tree.body)
    while waiting:
        node = waiting.pop()
        if isinstance(node, _LOST):
            return True
        if isinstance(node, _HOLDING):
            waiting += (inner for inner in ast.iter_child_nodes(node) if isinstance(inner, ast.stmt))
            waiting += (inner for handler in getattr(node, "handlers", ()) for inner in handler.body)
    return False


def _is_misplaced(tree: ast.Module) -> bool:
    """Whether a ``from __future__`` stands behind other statements, or asks for what no Python has."""
    leading = True
    for number, node in enumerate(tree.body):
        if isinstance(node, ast.ImportFrom) and node.module == "__future__" and not node.level:
            if not leading or not {alias.name for alias in node.names} <= set(__future__.all_feature_names):
                return True
        elif number or not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)):
            leading = False
    return False
