"""Conditions around imports → PEP 508 environment markers.

A condition is a pair: the marker under which the body runs and the one under which the ``else`` runs. Either is None
where it can't be expressed ("runs always" is then assumed, so nothing that is needed is left out) and NEVER where
the branch does not run (``TYPE_CHECKING``, ``False``).
"""

import ast
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

NEVER = "never"
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
_PYTHON_2, _PYTHON_3 = 'python_version < "3"', 'python_version >= "3"'
# What is nested deeper, or makes a longer marker, was not written by hand: it counts as unknown.
_MAX_DEPTH = 20
_MAX_LENGTH = 500
_MAX_NUMBER = 10_000
_VERSION_FIELDS = 5

Branches = tuple[str | None, str | None]
UNKNOWN: Branches = (None, None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """Module-level names bound once, with what they stand for: ``PY3`` where ``PY3 = sys.version_info[0] == 3``.

    ``known`` keeps what was worked out, so that each is looked into once.
    """

    expressions: Mapping[str, ast.expr]
    known: dict[str, Branches] = field(default_factory=dict)


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
            found = _every(parts) if isinstance(op, ast.And) else _some(parts)
        case ast.Compare(left=left, ops=ops, comparators=rights):
            pairs = zip([left, *rights], ops, rights, strict=False)
            found = _every([_comparison(first, operator, second, names) for first, operator, second in pairs])
        case ast.Call():
            found = _prefix(test, names)
        case ast.Name() | ast.Attribute():
            found = _named(test, names, depth)
    return found


def both(first: str, second: str | None) -> str:
    """The marker that holds where both hold; None and an empty one hold everywhere.

    What would become too long stays ``first``: a wider condition, so nothing that is needed is lost.
    """
    if not second or first == second:
        return first
    if NEVER in {first, second}:
        return NEVER
    joined = second if not first else f"{_conjunct(first)} and {_conjunct(second)}"
    return joined if len(joined) <= _MAX_LENGTH else first


def _named(test: ast.Name | ast.Attribute, names: Names, depth: int) -> Branches:
    if isinstance(test, ast.Name) and test.id in names.expressions:
        if test.id not in names.known:
            names.known[test.id] = UNKNOWN  # A name that stands for itself ends here.
            names.known[test.id] = branches(names.expressions[test.id], names, depth + 1)
        return names.known[test.id]
    match _dotted(test, names).rpartition("."):
        case _, _, "TYPE_CHECKING":
            return NEVER, None
        case "six", _, "PY2":
            return _PYTHON_2, _PYTHON_3
        case "six", _, "PY3":
            return _PYTHON_3, _PYTHON_2
    return UNKNOWN


def _every(parts: Iterable[Branches]) -> Branches:
    bodies, others = zip(*parts, strict=True)
    return _all_of(bodies), _any_of(others)


def _some(parts: Iterable[Branches]) -> Branches:
    return _every(part[::-1] for part in parts)[::-1]


def _all_of(markers: Iterable[str | None]) -> str | None:
    """What is unknown is left out: the rest is a wider condition, so nothing that is needed is lost."""
    known = dict.fromkeys(marker for marker in markers if marker is not None)
    if NEVER in known:
        return NEVER
    return _short(" and ".join(known if len(known) == 1 else map(_conjunct, known)))


def _any_of(markers: Iterable[str | None]) -> str | None:
    known = dict.fromkeys(markers)
    if None in known:
        return None
    parts = [marker for marker in known if marker is not None and marker != NEVER]
    if len(parts) > 1:
        parts = [f"({part})" if " and " in part else part for part in parts]
    return _short(" or ".join(parts)) if parts else NEVER


def _short(marker: str) -> str | None:
    return marker if 0 < len(marker) <= _MAX_LENGTH else None


def _conjunct(marker: str) -> str:
    return f"({marker})" if " or " in marker else marker


def _comparison(left: ast.expr, operator: ast.cmpop, right: ast.expr, names: Names) -> Branches:
    sign = _OPERATORS.get(type(operator))
    if sign is not None and isinstance(left, ast.Constant | ast.Tuple):
        left, sign, right = right, _MIRRORED[sign], left
    if isinstance(left, ast.Name):
        left = names.expressions.get(left.id, left)
    fields = _version_fields(left, names)
    if fields is not None:
        return _version_branches(fields, sign, right) if sign is not None else UNKNOWN
    variable = _STRINGS.get(_dotted(left, names))
    if variable is None:
        return UNKNOWN
    if sign in {"==", "!="} and (text := _string(right)) is not None:
        return f'{variable} {sign} "{text}"', f'{variable} {_OPPOSITE[sign]} "{text}"'
    if isinstance(operator, ast.In | ast.NotIn) and isinstance(right, ast.Tuple | ast.List | ast.Set):
        texts = [_string(item) for item in right.elts]
        if texts and None not in texts:
            found = _some((f'{variable} == "{text}"', f'{variable} != "{text}"') for text in texts)
            return found if isinstance(operator, ast.In) else found[::-1]
    return UNKNOWN


def _prefix(test: ast.Call, names: Names) -> Branches:
    """``sys.platform.startswith("linux")``: the platforms that there are since Python 3.3 (sys.platform's page)."""
    if _dotted(test.func, names) != "sys.platform.startswith" or len(test.args) != 1:
        return UNKNOWN
    platform = _PREFIXES.get(_string(test.args[0]) or "")
    return UNKNOWN if platform is None else (f'sys_platform == "{platform}"', f'sys_platform != "{platform}"')


def _version_fields(node: ast.expr, names: Names) -> int | None:
    """How many fields of the interpreter's version an expression is; 0 for the major number alone, None for neither."""
    if isinstance(node, ast.Subscript):
        if _dotted(node.value, names) != "sys.version_info":
            return None
        match node.slice:
            case ast.Constant(value=0):
                return 0
            case ast.Slice(lower=None, step=None, upper=ast.Constant(value=int(upper))) if upper > 0:
                return upper
        return None
    return {"sys.version_info": _VERSION_FIELDS, "sys.version_info.major": 0}.get(_dotted(node, names))


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


def _dotted(node: ast.expr, names: Names) -> str:
    """``a.b`` or ``a.b()`` as text, a leading name replaced by what it stands for; empty for any other shape."""
    parts: list[str] = []
    call = ""
    for _ in range(_MAX_DEPTH):
        match node:
            case ast.Name(id=name) if name in names.expressions:
                node = names.expressions[name]
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
