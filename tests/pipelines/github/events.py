"""What starts a workflow, and whether it does.

Source: GitHub Docs, "Events that trigger workflows" and "Workflow syntax for GitHub Actions" (filters).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from tests.pipelines.github.errors import WorkflowError
from tests.pipelines.github.values import Value, text
from tests.pipelines.github.workflow import Workflow, mapping, strings

_SKIP = re.compile(r"\[(skip ci|ci skip|no ci|skip actions|actions skip)\]", re.IGNORECASE)
_FILTERS = {
    "push": {"branches", "branches-ignore", "tags", "tags-ignore"},
    "pull_request": {"branches", "branches-ignore", "types"},
    "merge_group": {"branches", "types"},
    "release": {"types"},
    "workflow_dispatch": {"inputs"},
}
_INPUT = {"description", "required", "default", "type", "options"}
_DEFAULT_TYPES = ("opened", "synchronize", "reopened")
_GLOB = re.compile(r"\*\*/|\*\*|\*|\?|\+|\[[^\]]*\]|.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One event. ``secrets``: whether the run gets any; a pull request of a fork does not, nor may its token write."""

    name: str
    sha: str
    ref: str
    payload: Mapping[str, Value] = field(default_factory=dict)
    inputs: Mapping[str, Value] = field(default_factory=dict)
    base_ref: str = ""
    head_ref: str = ""
    message: str = ""
    secrets: bool = True

    @property
    def ref_name(self) -> str:
        """The branch or tag, in short; ``7/merge`` for a pull request."""
        return re.sub(r"^refs/(heads|tags|pull)/", "", self.ref)


def starts(workflow: Workflow, event: Event) -> bool:
    """Whether ``event`` starts ``workflow``. Raises WorkflowError for filters that are not known."""
    for name, filters in workflow.on.items():
        if name not in _FILTERS or mapping(filters, name).keys() - _FILTERS[name]:
            message = f"on.{name}: not known: {sorted(mapping(filters, name).keys() - _FILTERS.get(name, set()))}"
            raise WorkflowError(message)
    if event.name not in workflow.on:
        return False
    if event.name in {"push", "pull_request"} and _SKIP.search(event.message):
        return False
    filters = mapping(workflow.on[event.name], event.name)
    if "types" in filters or event.name == "pull_request":
        types = strings(filters.get("types", _DEFAULT_TYPES), "types")
        if text(event.payload.get("action")) not in types:
            return False
    return _ref_passes(filters, event)


def read_inputs(workflow: Workflow, given: Mapping[str, Value]) -> dict[str, Value]:
    """The inputs of a manual run, as the form would have them. Raises WorkflowError for what it would not take."""
    declared = mapping(mapping(workflow.on.get("workflow_dispatch"), "on").get("inputs"), "inputs")
    if unknown := given.keys() - declared.keys():
        message = f"no input is called {sorted(unknown)}"
        raise WorkflowError(message)
    made: dict[str, Value] = {}
    for name, said in declared.items():
        entry = mapping(said, name)
        kind = entry.get("type", "string")
        value = given.get(name, entry.get("default", False if kind == "boolean" else ""))
        options = entry.get("options", ())
        wrong = {
            "string": not isinstance(value, str),
            "boolean": not isinstance(value, bool),
            "choice": not isinstance(options, list) or value not in options,
        }
        if entry.keys() - _INPUT or wrong.get(str(kind), True) or (entry.get("required") and value == ""):
            message = f"the input {name!r} ({dict(entry)}) can't be {value!r}"
            raise WorkflowError(message)
        made[name] = value
    return made


def _ref_passes(filters: Mapping[str, Value], event: Event) -> bool:
    if event.name not in {"push", "pull_request", "merge_group"}:
        return True
    tag = event.ref.startswith("refs/tags/")
    ours, others = ("tags", "branches") if tag else ("branches", "tags")
    name = event.base_ref or event.ref_name
    if ours in filters:
        return _matches(strings(filters[ours], ours), name)
    if f"{ours}-ignore" in filters:
        return not _matches(strings(filters[f"{ours}-ignore"], ours), name)
    return not (others in filters or f"{others}-ignore" in filters)


def _matches(patterns: tuple[str, ...], name: str) -> bool:
    """Whether the last pattern that fits ``name`` is one without ``!``."""
    found = False
    for pattern in patterns:
        if re.fullmatch(_regular(pattern.removeprefix("!")), name):
            found = not pattern.startswith("!")
    return found


def _regular(pattern: str) -> str:
    meanings = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "?", "+": "+"}
    return "".join(
        meanings.get(part, part if part.startswith("[") and len(part) > 1 else re.escape(part))
        for part in _GLOB.findall(pattern)
    )
