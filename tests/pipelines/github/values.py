"""Values of expressions, and how GitHub compares and converts them.

Source: GitHub Docs, "Evaluate expressions in workflows and actions", and the expression library of actions/runner.
"""

import json
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import TypeAlias

from tests.pipelines.github.errors import WorkflowError

Value: TypeAlias = "bool | float | str | Sequence[Value] | Mapping[str, Value] | None"

_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?")
_HEXADECIMAL = re.compile(r"0x[0-9a-fA-F]+")
_OCTAL = re.compile(r"0o[0-7]+")


class Known(Mapping[str, Value]):
    """An object whose members are all known: to ask for another is an error, and not GitHub's empty string.

    Names are found whatever their case, as on GitHub.
    """

    def __init__(self, what: str, members: Mapping[str, Value]) -> None:
        self._what = what
        self._members = {name.lower(): value for name, value in members.items()}

    def __getitem__(self, name: str) -> Value:
        try:
            return self._members[name.lower()]
        except KeyError:
            have = ", ".join(sorted(self._members)) or "nothing"
            message = f"{self._what} has no {name!r} (it has {have})"
            raise WorkflowError(message) from None

    def __iter__(self) -> Iterator[str]:
        return iter(self._members)

    def __len__(self) -> int:
        return len(self._members)


def member(value: Value, name: str) -> Value:
    """The member ``name`` of an object, whatever the case; None where there is none, or ``value`` is no object."""
    if isinstance(value, Known):
        return value[name]
    if isinstance(value, Mapping):
        return next((item for key, item in value.items() if key.lower() == name.lower()), None)
    return None


def is_array(value: Value) -> bool:
    """Whether ``value`` is an array."""
    return isinstance(value, Sequence) and not isinstance(value, str)


def truth(value: Value) -> bool:
    """Whether a condition with ``value`` holds: not for null, false, 0, NaN and the empty string."""
    if isinstance(value, float | int) and not isinstance(value, bool):
        return not (value == 0 or math.isnan(value))
    return value is True or (isinstance(value, str) and value != "") or is_array(value) or isinstance(value, Mapping)


def text(value: Value) -> str:
    """``value`` as a string: what an expression leaves in the text around it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return value
    if isinstance(value, float | int):
        return _number_text(float(value))
    return "Array" if is_array(value) else "Object"


def number(value: Value) -> float:
    """``value`` as a number, NaN where it is none."""
    if value is None:
        return 0.0
    if isinstance(value, bool | float | int):
        return float(value)
    if not isinstance(value, str):
        return math.nan
    return parse_number(value.strip()) if value.strip() else 0.0


def parse_number(written: str) -> float:
    """A number as it is written in an expression; NaN where it is none."""
    if _HEXADECIMAL.fullmatch(written) or _OCTAL.fullmatch(written):
        return float(int(written, 0))
    if _NUMBER.fullmatch(written):
        return float(written)
    return {"Infinity": math.inf, "-Infinity": -math.inf}.get(written, math.nan)


def equal(left: Value, right: Value) -> bool:
    """``left == right``: strings whatever their case, other kinds as numbers, arrays and objects only themselves."""
    left, right = _same_kind(left, right)
    if isinstance(left, str) and isinstance(right, str):
        return left.upper() == right.upper()
    if isinstance(left, float) and isinstance(right, float):
        return left == right
    return left is right


def less(left: Value, right: Value, *, or_equal: bool) -> bool:
    """``left < right``, or ``<=``; never true of what can't be compared."""
    left, right = _same_kind(left, right)
    if isinstance(left, str) and isinstance(right, str):
        return left.upper() < right.upper() or (or_equal and left.upper() == right.upper())
    if isinstance(left, float) and isinstance(right, float):
        return left < right or (or_equal and left == right)
    return False


def from_json(written: str) -> Value:
    """The value of a JSON text. Raises WorkflowError, as GitHub fails."""
    try:
        made: Value = json.loads(written, parse_int=float)
    except ValueError as error:
        message = f"fromJSON of {written!r}: {error}"
        raise WorkflowError(message) from None
    return made


def to_json(value: Value) -> str:
    """``value`` as JSON, indented by two spaces."""
    return json.dumps(plain(value), indent=2, ensure_ascii=False)


def plain(value: Value) -> object:
    """``value`` in Python's own types, whole numbers as such."""
    if isinstance(value, Mapping):
        return {name: plain(item) for name, item in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [plain(item) for item in value]
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value


def _same_kind(left: Value, right: Value) -> tuple[Value, Value]:
    """Both as they are when they are of one kind (numbers and truth as numbers), else both as numbers."""
    if isinstance(left, str) and isinstance(right, str):
        return left, right
    if left is None and right is None:
        return 0.0, 0.0
    structures = [is_array(value) or isinstance(value, Mapping) for value in (left, right)]
    return (left, right) if all(structures) else (number(left), number(right))


def _number_text(value: float) -> str:
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    return str(int(value)) if value.is_integer() and abs(value) < 1e15 else f"{value:.15g}"
