"""Conditions around imports → PEP 508 environment markers.

A condition is a pair: the marker under which the body runs and the one under which the ``else`` runs. Either is None
where it can't be expressed ("runs always" is then assumed, so nothing that is needed is left out) and NEVER where
the branch does not run (``TYPE_CHECKING``, ``False``).
"""

import ast
from collections.abc import Mapping

NEVER = "never"
_TYPE_CHECKING = ("TYPE_CHECKING", "typing.TYPE_CHECKING", "t.TYPE_CHECKING", "typing_extensions.TYPE_CHECKING")
_STRINGS: Mapping[str, str] = {
    "sys.platform": "sys_platform",
    "os.name": "os_name",
    "platform.system()": "platform_system",
    "platform.machine()": "platform_machine",
    "platform.python_implementation()": "platform_python_implementation",
    "sys.implementation.name": "implementation_name",
}
_PREFIXES: Mapping[str, str] = {
    "linux": "linux",
    "win": "win32",
    "win32": "win32",
    "darwin": "darwin",
    "cygwin": "cygwin",
}
_OPERATORS: Mapping[type[ast.cmpop], str] = {
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
}
_OPPOSITE = {"==": "!=", "!=": "==", "<": ">=", "<=": ">", ">": "<=", ">=": "<"}
_MAX_DEPTH = 20

Branches = tuple[str | None, str | None]
Names = Mapping[str, ast.expr]
UNKNOWN: Branches = (None, None)


def branches(test: ast.expr, names: Names, depth: int = 0) -> Branches:
    """The markers of the body and of the ``else`` of ``if test``.

    ``names`` maps the module-level names that are bound once to the expression they stand for, so that
    ``PY3 = sys.version_info[0] == 3`` is understood where ``PY3`` is tested.
    """
    if depth > _MAX_DEPTH:
        return UNKNOWN
    if _dotted(test) in _TYPE_CHECKING:
        return NEVER, None
    match test:
        case ast.Constant(value=value):
            return (None, NEVER) if value else (NEVER, None)
        case ast.Name(id=name) if name in names:
            found = branches(names[name], names, depth + 1)
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            body, other = branches(operand, names, depth + 1)
            found = other, body
        case ast.BoolOp():
            found = _combined(test, names, depth)
        case ast.Compare(ops=[_]):
            found = _comparison(test, names)
        case ast.Call():
            found = _prefix(test)
        case _:
            found = UNKNOWN
    return found


def both(first: str, second: str | None) -> str:
    """The marker that holds where both hold; None and an empty one hold everywhere."""
    if not second or first == second:
        return first
    if NEVER in {first, second}:
        return NEVER
    return second if not first else f"{_grouped(first)} and {_grouped(second)}"


def _combined(test: ast.BoolOp, names: Names, depth: int) -> Branches:
    parts = [branches(value, names, depth + 1) for value in test.values]
    bodies, others = [part[0] for part in parts], [part[1] for part in parts]
    if isinstance(test.op, ast.And):
        return _all_of(bodies), _any_of(others)
    return _any_of(bodies), _all_of(others)


def _all_of(markers: list[str | None]) -> str | None:
    """What is unknown is left out: the rest is a wider condition, so nothing that is needed is lost."""
    known = [marker for marker in markers if marker is not None]
    if NEVER in known:
        return NEVER
    return " and ".join(_grouped(marker) for marker in known) or None


def _any_of(markers: list[str | None]) -> str | None:
    if any(marker is None for marker in markers):
        return None
    known = [marker for marker in markers if marker is not None and marker != NEVER]
    return " or ".join(_grouped(marker) for marker in known) if known else NEVER


def _grouped(marker: str) -> str:
    return f"({marker})" if " or " in marker or " and " in marker else marker


def _comparison(test: ast.Compare, names: Names) -> Branches:
    left, right, operator = test.left, test.comparators[0], type(test.ops[0])
    version = _version_kind(_resolved(left, names))
    if version is not None and operator in _OPERATORS:
        return _version_branches(version, _OPERATORS[operator], right)
    variable = _STRINGS.get(_dotted(_resolved(left, names)))
    if variable is None:
        return UNKNOWN
    if operator in {ast.Eq, ast.NotEq} and (text := _string(right)) is not None:
        sign = _OPERATORS[operator]
        return f'{variable} {sign} "{text}"', f'{variable} {_OPPOSITE[sign]} "{text}"'
    if operator in {ast.In, ast.NotIn} and isinstance(right, ast.Tuple | ast.List | ast.Set):
        texts = [_string(item) for item in right.elts]
        if texts and all(text is not None for text in texts):
            found = " or ".join(f'{variable} == "{text}"' for text in texts)
            missed = " and ".join(f'{variable} != "{text}"' for text in texts)
            return (found, missed) if operator is ast.In else (missed, found)
    return UNKNOWN


def _prefix(test: ast.Call) -> Branches:
    """``sys.platform.startswith("linux")``: the platforms that there are since Python 3.3 (sys.platform's page)."""
    if _dotted(test.func) != "sys.platform.startswith" or len(test.args) != 1:
        return UNKNOWN
    platform = _PREFIXES.get(_string(test.args[0]) or "")
    return UNKNOWN if platform is None else (f'sys_platform == "{platform}"', f'sys_platform != "{platform}"')


def _resolved(node: ast.expr, names: Names) -> ast.expr:
    """``node`` with a leading name replaced by what it stands for: ``py.major`` where ``py = sys.version_info``."""
    if isinstance(node, ast.Name):
        return names.get(node.id, node)
    if isinstance(node, ast.Attribute):
        return ast.Attribute(value=_resolved(node.value, names), attr=node.attr, ctx=ast.Load())
    if isinstance(node, ast.Subscript):
        return ast.Subscript(value=_resolved(node.value, names), slice=node.slice, ctx=ast.Load())
    return node


def _version_kind(node: ast.expr) -> str | None:
    """What part of the interpreter's version an expression is: full, cut (``[:n]``), major; None for none."""
    if _dotted(node) == "sys.version_info":
        return "full"
    if _dotted(node) == "sys.version_info.major":
        return "major"
    if isinstance(node, ast.Subscript) and _dotted(node.value) == "sys.version_info":
        if isinstance(node.slice, ast.Constant) and node.slice.value == 0:
            return "major"
        if isinstance(node.slice, ast.Slice) and node.slice.lower is None and node.slice.step is None:
            return "cut"
    return None


def _version_branches(kind: str, sign: str, right: ast.expr) -> Branches:
    numbers = _numbers(right)
    if not numbers or len(numbers) > 3 or (kind == "major") != isinstance(right, ast.Constant):  # noqa: PLR2004  # major, minor, micro
        return UNKNOWN
    variable = "python_full_version" if len(numbers) == 3 else "python_version"  # noqa: PLR2004
    text = ".".join(str(number) for number in numbers)
    if kind == "full":
        # The five fields of version_info are compared with fewer: (3, 8, 0, …) > (3, 8) is true, == never is.
        if sign in {"==", "!="}:
            return UNKNOWN
        sign = {">": ">=", "<=": "<"}.get(sign, sign)
    if len(numbers) == 1:
        return _major_branches(sign, numbers[0])
    return f'{variable} {sign} "{text}"', f'{variable} {_OPPOSITE[sign]} "{text}"'


def _major_branches(sign: str, major: int) -> Branches:
    at_least, below = f'python_version >= "{major}"', f'python_version < "{major}"'
    beyond, up_to = f'python_version >= "{major + 1}"', f'python_version < "{major + 1}"'
    same, other = f"{at_least} and {up_to}", f"{below} or {beyond}"
    return {
        ">=": (at_least, below),
        "<": (below, at_least),
        ">": (beyond, up_to),
        "<=": (up_to, beyond),
        "==": (same, other),
        "!=": (other, same),
    }[sign]


def _numbers(node: ast.expr) -> list[int]:
    items = node.elts if isinstance(node, ast.Tuple) else [node]
    values = [item.value for item in items if isinstance(item, ast.Constant) and type(item.value) is int]
    return values if len(values) == len(items) else []


def _string(node: ast.expr) -> str | None:
    """A string that can stand between quotes in a marker."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.isprintable():
        return node.value if not set("\"'\\") & set(node.value) else None
    return None


def _dotted(node: ast.expr) -> str:
    """``a.b`` or ``a.b()`` as text; empty for any other shape."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        base = _dotted(node.value)
        return f"{base}.{node.attr}" if base else ""
    if isinstance(node, ast.Call) and not node.args and not node.keywords:
        base = _dotted(node.func)
        return f"{base}()" if base else ""
    return ""
