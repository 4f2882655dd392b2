"""The functions of expressions that look at their arguments alone."""

import re
from collections.abc import Callable, Mapping, Sequence

from tests.pipelines.github.errors import WorkflowError
from tests.pipelines.github.values import Value, equal, from_json, is_array, text, to_json

_PLACE = re.compile(r"\{\{|\}\}|\{(\d+)\}|[{}]")


def call(name: str, arguments: Sequence[Value]) -> Value:
    """What the function ``name`` (in lower case) returns. Raises WorkflowError for what GitHub would refuse."""
    least, most, function = FUNCTIONS[name]
    if not least <= len(arguments) <= most:
        message = f"{name}() takes {least} to {most} arguments, not {len(arguments)}"
        raise WorkflowError(message)
    return function(*arguments)


def contains(where: Value, item: Value) -> Value:
    """Whether an array has an item, or a string a part."""
    if isinstance(where, Sequence) and not isinstance(where, str):
        return any(equal(each, item) for each in where)
    return _simple(where) and _simple(item) and text(item).upper() in text(where).upper()


def starts_with(whole: Value, begin: Value) -> Value:
    """Whether a string begins so, whatever the case."""
    return _simple(whole) and _simple(begin) and text(whole).upper().startswith(text(begin).upper())


def ends_with(whole: Value, end: Value) -> Value:
    """Whether a string ends so, whatever the case."""
    return _simple(whole) and _simple(end) and text(whole).upper().endswith(text(end).upper())


def form(pattern: Value, *values: Value) -> Value:
    """Put values at ``{0}``, ``{1}`` …; ``{{`` is a brace."""

    def place(match: re.Match[str]) -> str:
        if match.group() in {"{{", "}}"}:
            return match.group()[0]
        if match[1] is None or int(match[1]) >= len(values):
            message = f"format({text(pattern)!r}) has {len(values)} values, and {match.group()!r} is none of them"
            raise WorkflowError(message)
        return text(values[int(match[1])])

    return _PLACE.sub(place, text(pattern))


def join(items: Value, separator: Value = ",") -> Value:
    """The items of an array as one string."""
    if isinstance(items, Sequence) and not isinstance(items, str):
        return text(separator).join(text(item) for item in items)
    return text(items) if _simple(items) else ""


def _simple(value: Value) -> bool:
    return not (is_array(value) or isinstance(value, Mapping))


# Name in lower case → least arguments, most arguments, function.
FUNCTIONS: Mapping[str, tuple[int, int, Callable[..., Value]]] = {
    "contains": (2, 2, contains),
    "startswith": (2, 2, starts_with),
    "endswith": (2, 2, ends_with),
    "format": (1, 255, form),
    "join": (1, 2, join),
    "tojson": (1, 1, to_json),
    "fromjson": (1, 1, lambda value: from_json(text(value))),
}
