"""Expressions of Azure Pipelines: tree → value, with the conversions that the documentation has."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from tests.pipelines.azure.errors import PipelineError
from tests.pipelines.azure.expressions import Call, Item, Literal, Name, Tree, parse_expression

Function = Callable[[Sequence[object]], object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What an expression can name and call, beside the functions that are there everywhere."""

    names: Mapping[str, object] = field(default_factory=dict)
    functions: Mapping[str, Function] = field(default_factory=dict)


class IgnoringCase(dict[str, object]):
    """A mapping whose keys are found in any case; ``what`` says what it holds, where a missing key is an error."""

    def __init__(self, values: Mapping[str, object], *, what: str | None = None) -> None:
        super().__init__({key.lower(): value for key, value in values.items()})
        self.what = what

    def look_up(self, key: str) -> object:
        """The value of ``key``, None without one. Raises PipelineError where each key has to be there."""
        if self.what is not None and key.lower() not in self:
            message = f"there is no {self.what} {key!r} here, only {', '.join(sorted(self)) or 'none'}"
            raise PipelineError(message)
        return self.get(key.lower())


class _NoConversion(Exception):  # noqa: N818 (no error: the comparison is false)
    pass


def evaluate(text: str, context: Context) -> object:
    """The value of the expression ``text``. Raises PipelineError."""
    return _value(parse_expression(text), context)


def to_text(value: object) -> str:
    """``value`` as a string. Raises PipelineError for what has none."""
    match value:
        case None:
            return ""
        case bool():
            return "True" if value else "False"
        case float() | int():
            return f"{value:g}"
        case str():
            return str(value)
        case _:
            message = f"a {type(value).__name__} can't be converted to a string"
            raise PipelineError(message)


def to_boolean(value: object) -> bool:
    """``value`` as a boolean: every string but the empty one is true, ``'false'`` too."""
    return bool(value) if value is None or isinstance(value, bool | float | int | str) else True


def equal(left: object, right: object) -> bool:
    """Whether ``right``, converted to the type of ``left``, is the same; strings in any case."""
    try:
        match left:
            case bool():
                return left == to_boolean(right)
            case float() | int():
                return float(left) == _to_number(right)
            case str():
                return left.lower() == to_text(right).lower()
            case None:
                return right is None or right == ""
            case _:
                return left is right
    except (_NoConversion, PipelineError):
        return False


def _to_number(value: object) -> float:
    match value:
        case None:
            return 0.0
        case bool() | float() | int():
            return float(value)
        case str():
            try:
                return float(value) if value.strip() else 0.0
            except ValueError:
                raise _NoConversion from None
        case _:
            raise _NoConversion


def _value(tree: Tree, context: Context) -> object:
    match tree:
        case Literal(value):
            return value
        case Name(name):
            for known, value in context.names.items():
                if known.lower() == name.lower():
                    return value
            message = f"unrecognized value: {name!r}; here are {', '.join(sorted(context.names))}"
            raise PipelineError(message)
        case Item(of, None):
            return _all_items(_value(of, context))
        case Item(of, key) if key is not None:
            return _item(_value(of, context), _value(key, context))
        case Call(name, arguments):
            return _call(name, arguments, context)
    raise AssertionError(tree)


def _item(of: object, key: object) -> object:
    match of:
        case IgnoringCase():
            return of.look_up(to_text(key))
        case Mapping():
            return IgnoringCase(of).look_up(to_text(key))
        case list():
            number = _to_number(key)
            return of[int(number)] if 0 <= number < len(of) else None
        case _:
            return None


def _all_items(of: object) -> list[object]:
    match of:
        case Mapping():
            return list(of.values())
        case list():
            return list(of)
        case _:
            return []


def _call(name: str, arguments: Sequence[Tree], context: Context) -> object:
    if name == "and":
        return all(to_boolean(_value(argument, context)) for argument in _several(name, arguments))
    if name == "or":
        return any(to_boolean(_value(argument, context)) for argument in _several(name, arguments))
    values = [_value(argument, context) for argument in arguments]
    if (function := context.functions.get(name)) is not None:
        return function(values)
    if name not in _FUNCTIONS:
        message = f"unrecognized function: {name!r}"
        raise PipelineError(message)
    function, fewest, most = _FUNCTIONS[name]
    if not fewest <= len(values) <= most:
        message = f"{name}() takes {fewest} to {most} arguments, not {len(values)}"
        raise PipelineError(message)
    return function(values)


def _several(name: str, arguments: Sequence[Tree]) -> Sequence[Tree]:
    if len(arguments) < 2:
        message = f"{name}() takes at least 2 arguments"
        raise PipelineError(message)
    return arguments


def _contains(values: Sequence[object]) -> object:
    return to_text(values[1]).lower() in to_text(values[0]).lower()


def _contains_value(values: Sequence[object]) -> object:
    return any(equal(item, values[1]) for item in _all_items(values[0]))


def _compare(left: object, right: object) -> int:
    if isinstance(left, str):
        one, other = left.lower(), to_text(right).lower()
        return (one > other) - (one < other)
    try:
        number, second = _to_number(left), _to_number(right)
    except _NoConversion:
        message = f"{right!r} can't be compared with {left!r}"
        raise PipelineError(message) from None
    return (number > second) - (number < second)


def _join(values: Sequence[object]) -> object:
    items = values[1] if isinstance(values[1], list) else [values[1]]
    return to_text(values[0]).join("" if isinstance(item, dict | list) else to_text(item) for item in items)


def _format(values: Sequence[object]) -> object:
    try:
        return to_text(values[0]).format(*map(to_text, values[1:]))
    except (IndexError, KeyError, ValueError):
        message = f"format() can't use {values[0]!r}"
        raise PipelineError(message) from None


_MANY = 1000
_FUNCTIONS: Mapping[str, tuple[Function, int, int]] = {
    "not": (lambda values: not to_boolean(values[0]), 1, 1),
    "xor": (lambda values: to_boolean(values[0]) != to_boolean(values[1]), 2, 2),
    "eq": (lambda values: equal(values[0], values[1]), 2, 2),
    "ne": (lambda values: not equal(values[0], values[1]), 2, 2),
    "gt": (lambda values: _compare(values[0], values[1]) > 0, 2, 2),
    "ge": (lambda values: _compare(values[0], values[1]) >= 0, 2, 2),
    "lt": (lambda values: _compare(values[0], values[1]) < 0, 2, 2),
    "le": (lambda values: _compare(values[0], values[1]) <= 0, 2, 2),
    "in": (lambda values: any(equal(values[0], other) for other in values[1:]), 2, _MANY),
    "notin": (lambda values: not any(equal(values[0], other) for other in values[1:]), 2, _MANY),
    "startswith": (lambda values: to_text(values[0]).lower().startswith(to_text(values[1]).lower()), 2, 2),
    "endswith": (lambda values: to_text(values[0]).lower().endswith(to_text(values[1]).lower()), 2, 2),
    "contains": (_contains, 2, 2),
    "containsvalue": (_contains_value, 2, 2),
    "coalesce": (lambda values: next((each for each in values if each not in (None, "")), None), 2, _MANY),
    "iif": (lambda values: values[1] if to_boolean(values[0]) else values[2], 3, 3),
    "format": (_format, 1, _MANY),
    "join": (_join, 2, 2),
    "length": (lambda values: float(len(values[0])) if isinstance(values[0], str | list | dict) else 0.0, 1, 1),
    "lower": (lambda values: to_text(values[0]).lower(), 1, 1),
    "upper": (lambda values: to_text(values[0]).upper(), 1, 1),
    "trim": (lambda values: to_text(values[0]).strip(), 1, 1),
    "replace": (lambda values: to_text(values[0]).replace(to_text(values[1]), to_text(values[2])), 3, 3),
    "split": (lambda values: list(to_text(values[0]).split(to_text(values[1]))), 2, 2),
    "converttojson": (lambda values: json.dumps(values[0], indent=2), 1, 1),
}
