"""One comparison of the interpreter's version or of the platform → environment markers (PEP 508)."""

import ast
from collections.abc import Mapping
from dataclasses import dataclass, field

from paa.scan.source.markers import UNKNOWN, Branches, some

_STRINGS: Mapping[str, str] = {
    "sys.platform": "sys_platform",
    "os.name": "os_name",
    "platform.system()": "platform_system",
    "platform.machine()": "platform_machine",
    "platform.python_implementation()": "platform_python_implementation",
    "sys.implementation.name": "implementation_name",
}
_PREFIXES: Mapping[str, str] = {name: name for name in ("linux", "win32", "darwin", "cygwin")} | {"win": "win32"}
_OPERATORS: Mapping[type[ast.cmpop], str] = {
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
}
_OPPOSITE = {"==": "!=", "!=": "==", "<": ">=", "<=": ">", ">": "<=", ">=": "<"}
_MIRRORED = {"==": "==", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}
_MAX_NUMBER = 10_000
_MAX_DOTS = 20
_VERSION_FIELDS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """Module-level names bound once, with what they stand for: ``PY3`` where ``PY3 = sys.version_info[0] == 3``.

    ``shadowed`` are names such as ``sys`` that are bound to something else in the module, ``shadowed_inside`` those
    that are in a function or class. ``known`` keeps what was worked out, so that each is looked into once.
    """

    expressions: Mapping[str, ast.expr]
    shadowed: frozenset[str] = frozenset()
    shadowed_inside: frozenset[str] = frozenset()
    known: dict[str, Branches] = field(default_factory=dict)


def comparison(left: ast.expr, operator: ast.cmpop, right: ast.expr, names: Names) -> Branches:
    """The markers under which ``left operator right`` is true, and under which it is false."""
    sign = _OPERATORS.get(type(operator))
    if sign is not None and isinstance(left, ast.Constant | ast.Tuple):
        left, sign, right = right, _MIRRORED[sign], left
    if isinstance(left, ast.Name):
        left = names.expressions.get(left.id, left)
    fields = _version_fields(left, names)
    if fields is not None:
        return _version_branches(fields, sign, right) if sign is not None else UNKNOWN
    variable = _STRINGS.get(dotted(left, names))
    if variable is None:
        return UNKNOWN
    if sign in {"==", "!="} and (text := _string(right)) is not None:
        return f'{variable} {sign} "{text}"', f'{variable} {_OPPOSITE[sign]} "{text}"'
    if isinstance(operator, ast.In | ast.NotIn) and isinstance(right, ast.Tuple | ast.List | ast.Set):
        texts = [_string(item) for item in right.elts]
        if texts and None not in texts:
            found = some((f'{variable} == "{text}"', f'{variable} != "{text}"') for text in texts)
            return found if isinstance(operator, ast.In) else found[::-1]
    return UNKNOWN


def prefix(test: ast.Call, names: Names) -> Branches:
    """Those of ``sys.platform.startswith("linux")``, for the platforms since Python 3.3 (sys.platform's page)."""
    if dotted(test.func, names) != "sys.platform.startswith" or len(test.args) != 1 or test.keywords:
        return UNKNOWN
    given = test.args[0].elts if isinstance(test.args[0], ast.Tuple) else test.args
    platforms = [_PREFIXES.get(_string(item) or "") for item in given]
    if not platforms or None in platforms:
        return UNKNOWN
    return some((f'sys_platform == "{platform}"', f'sys_platform != "{platform}"') for platform in platforms)


def _version_fields(node: ast.expr, names: Names) -> int | None:
    """How many fields of the interpreter's version an expression is; 0 for the major number alone, None for neither."""
    if isinstance(node, ast.Subscript):
        if dotted(node.value, names) != "sys.version_info":
            return None
        match node.slice:
            case ast.Constant(value=0):
                return 0
            case ast.Slice(lower=None | ast.Constant(value=0), step=None, upper=ast.Constant(value=int(upper))):
                return upper if upper > 0 else None
        return None
    return {"sys.version_info": _VERSION_FIELDS, "sys.version_info.major": 0}.get(dotted(node, names))


def _version_branches(fields: int, sign: str, right: ast.expr) -> Branches:
    numbers = _numbers(right)
    if not numbers or isinstance(right, ast.Tuple) == (fields == 0):
        return UNKNOWN
    if fields == 0:
        return _major_branches(sign, numbers[0])
    if len(numbers) > min(fields, 3):
        return UNKNOWN
    if len(numbers) < fields:
        # Compared with fewer fields: (3, 8, 0, …) > (3, 8) is true, == never is.
        if sign in {"==", "!="}:
            return UNKNOWN
        sign = {">": ">=", "<=": "<"}.get(sign, sign)
    if len(numbers) == 1:
        return _major_branches(sign, numbers[0])
    variable = "python_full_version" if len(numbers) == 3 else "python_version"  # noqa: PLR2004  # major, minor, micro
    text = ".".join(str(number) for number in numbers)
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
    return values if len(values) == len(items) and all(0 <= value < _MAX_NUMBER for value in values) else []


def _string(node: ast.expr) -> str | None:
    """A string that can stand between quotes in a marker."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.isprintable():
        return node.value if not set("\"'\\") & set(node.value) else None
    return None


def dotted(node: ast.expr, names: Names) -> str:
    """``a.b`` or ``a.b()`` as text, a leading name replaced by what it stands for; empty for any other shape."""
    parts: list[str] = []
    call = ""
    for _ in range(_MAX_DOTS):
        match node:
            case ast.Name(id=name) if name in names.expressions:
                node = names.expressions[name]
            case ast.Name(id=name) if name in names.shadowed:
                return ""
            case ast.Name(id=name):
                return ".".join([name + call, *reversed(parts)])
            case ast.Attribute(value=value, attr=attribute):
                parts.append(attribute + call)
                node, call = value, ""
            case ast.Call(func=function, args=[], keywords=[]) if not call:
                node, call = function, "()"
            case _:
                return ""
    return ""
