"""Parameters of pipelines and templates: types, defaults, allowed values."""

from collections.abc import Mapping

from tests.pipelines.azure.documents import Plain, as_boolean
from tests.pipelines.azure.errors import PipelineError
from tests.pipelines.azure.evaluation import IgnoringCase, to_text

_KEYS = {"name", "displayName", "type", "default", "values"}
_LISTS = ("stepList", "jobList", "stageList", "deploymentList")


def bind(declared: object, given: Mapping[str, object], where: str) -> IgnoringCase:
    """The values of the ``declared`` parameters. Raises PipelineError for what is missing, unknown or wrong."""
    values: dict[str, object] = {}
    left = {name.lower(): value for name, value in given.items()}
    for entry in _entries(declared, where):
        name = str(entry["name"])
        what = f"{where}: the parameter {name!r}"
        if name.lower() in left:
            value = left.pop(name.lower())
        elif "default" in entry:
            value = entry["default"]
        else:
            message = f"{what} needs a value"
            raise PipelineError(message)
        values[name] = _typed(value, entry, what)
    if left:
        message = f"{where}: unexpected parameters: {', '.join(sorted(left))}"
        raise PipelineError(message)
    return IgnoringCase(values, what="parameter")


def allowed_values(declared: object, name: str) -> tuple[str, ...]:
    """What the drop-down of the parameter ``name`` offers, in its order."""
    (entry,) = [entry for entry in _entries(declared, "") if entry["name"] == name]
    values = entry.get("values", [])
    assert isinstance(values, list)
    return tuple(map(to_text, values))


def _entries(declared: object, where: str) -> list[dict[str, object]]:
    if declared is None:
        return []
    if isinstance(declared, dict):
        # The short form: names with defaults, of any type.
        return [{"name": name, "type": "legacy", "default": value} for name, value in declared.items()]
    if not isinstance(declared, list):
        message = f"{where}: parameters: no list"
        raise PipelineError(message)
    for entry in declared:
        if not isinstance(entry, dict) or "name" not in entry or entry.keys() - _KEYS:
            message = f"{where}: parameters: {entry!r} has a wrong form"
            raise PipelineError(message)
    return declared


def _typed(value: object, entry: Mapping[str, object], what: str) -> object:
    kind = entry.get("type", "string")
    allowed = entry.get("values")
    if isinstance(allowed, list) and to_text(value) not in map(to_text, allowed):
        message = f"{what}: {value!r} is not one of {', '.join(map(to_text, allowed))}"
        raise PipelineError(message)
    match kind:
        case "string":
            return to_text(value)
        case "boolean":
            return as_boolean(value, what)
        case "number":
            try:
                return float(to_text(value))
            except ValueError:
                message = f"{what}: {value!r} is no number"
                raise PipelineError(message) from None
        case "object" | "legacy":
            return _plain_values(value)
        case str() if kind in _LISTS:
            if isinstance(value, list):
                return value
            message = f"{what}: {value!r} is no list"
            raise PipelineError(message)
        case _:
            message = f"{what}: unknown type {kind!r}"
            raise PipelineError(message)


def _plain_values(value: object) -> object:
    match value:
        case dict():
            return {key: _plain_values(item) for key, item in value.items()}
        case list():
            return [_plain_values(item) for item in value]
        case Plain() if value.lower() in ("true", "false"):
            return value.lower() == "true"
        case _:
            return value
