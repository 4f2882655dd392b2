"""Conditions around imports → PEP 508 environment markers.

Where a condition can't be expressed, "runs always" is assumed, so nothing that is needed is left out; where a branch
does not run (``TYPE_CHECKING``, ``False``), NEVER says so.
"""

import ast

from paa.scan.source.comparisons import Names, comparison, dotted, prefix
from paa.scan.source.markers import NEVER, UNKNOWN, Branches, every, some

_PYTHON_2, _PYTHON_3 = 'python_version < "3"', 'python_version >= "3"'
# What is nested deeper was not written by hand: it counts as unknown.
_MAX_DEPTH = 20


def branches(test: ast.expr, names: Names, depth: int = 0) -> Branches:
    """The markers of the body and of the ``else`` of ``if test``."""
    if depth > _MAX_DEPTH:
        return UNKNOWN
    found = UNKNOWN
    match test:
        case ast.Constant(value=value):
            found = (None, NEVER) if value else (NEVER, None)
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            found = branches(operand, names, depth + 1)[::-1]
        case ast.BoolOp(op=op, values=values):
            parts = [branches(value, names, depth + 1) for value in values]
            found = every(parts) if isinstance(op, ast.And) else some(parts)
        case ast.Compare(left=left, ops=ops, comparators=rights):
            pairs = zip([left, *rights], ops, rights, strict=False)
            found = every([comparison(first, operator, second, names) for first, operator, second in pairs])
        case ast.Call():
            found = prefix(test, names)
        case ast.Name() | ast.Attribute():
            found = _named(test, names, depth)
    return found


def _named(test: ast.Name | ast.Attribute, names: Names, depth: int) -> Branches:
    if isinstance(test, ast.Name) and test.id in names.expressions:
        if test.id not in names.known:
            names.known[test.id] = UNKNOWN  # A name that stands for itself ends here.
            names.known[test.id] = branches(names.expressions[test.id], names, depth + 1)
        return names.known[test.id]
    match dotted(test, names).rpartition("."):
        case _, _, "TYPE_CHECKING":
            return NEVER, None
        case "six", _, "PY2":
            return _PYTHON_2, _PYTHON_3
        case "six", _, "PY3":
            return _PYTHON_3, _PYTHON_2
    return UNKNOWN
