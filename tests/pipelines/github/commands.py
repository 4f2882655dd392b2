"""What a step tells the runner: commands in its output, and files that the environment names.

Source: actions/runner (ActionCommand, FileCommandManager) and GitHub Docs, "Workflow commands for GitHub Actions".
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from tests.pipelines.github.errors import WorkflowError

# A line of output may hold one of these; two of them have been switched off and fail the step.
COMMANDS = frozenset(
    {
        "add-mask", "add-matcher", "add-path", "debug", "echo", "endgroup", "error", "group", "notice",
        "remove-matcher", "save-state", "set-env", "set-output", "stop-commands", "warning",
    }
)  # fmt: skip
SWITCHED_OFF = frozenset({"add-path", "set-env"})
_LINE_END = re.compile(r"\r\n|\r|\n")
_BLOCKED = {"NODE_OPTIONS"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """One command in the output of a step."""

    name: str
    properties: dict[str, str]
    data: str


def commands_in(output: str) -> Iterator[Command]:
    """The commands that the runner takes from ``output``, until one of them stops that."""
    stopped: str | None = None
    for line in _LINE_END.split(output):
        known = COMMANDS if stopped is None else {stopped.lower()}
        found = _new_style(line, known) or _old_style(line, known)
        if found is None:
            continue
        if stopped is not None:
            stopped = None
            continue
        yield found
        stopped = found.data if found.name == "stop-commands" else None


def _new_style(line: str, known: frozenset[str] | set[str]) -> Command | None:
    """``::name key=value,key=value::data``, at the begin of a line."""
    head, sign, data = line.lstrip()[2:].partition("::")
    return _command(head, data, ",", known) if line.lstrip().startswith("::") and sign else None


def _old_style(line: str, known: frozenset[str] | set[str]) -> Command | None:
    """``##[name key=value;key=value]data``, anywhere in a line."""
    _, begin, rest = line.partition("##[")
    head, sign, data = rest.partition("]")
    return _command(head, data, ";", known) if begin and sign else None


def _command(head: str, data: str, separator: str, known: frozenset[str] | set[str]) -> Command | None:
    name, _, rest = head.partition(" ")
    if name.lower() not in known:
        return None
    pairs = (pair.partition("=") for pair in rest.strip().split(separator))
    properties = {key.lower(): _unescape(value) for key, _, value in pairs if key and value}
    return Command(name=name.lower(), properties=properties, data=_unescape(data))


def _unescape(written: str) -> str:
    for token, escaped in ((";", "%3B"), ("\r", "%0D"), ("\n", "%0A"), ("]", "%5D"), (":", "%3A"), (",", "%2C")):
        written = written.replace(escaped, token)
    return written.replace("%25", "%")


def read_pairs(written: str, what: str) -> dict[str, str]:
    """The names and values in the file behind GITHUB_OUTPUT or GITHUB_ENV. Raises WorkflowError as the runner does."""
    lines = written.removesuffix("\n").split("\n") if written else []
    found: dict[str, str] = {}
    while lines:
        line = lines.pop(0)
        if not line:
            continue
        equals, heredoc = line.find("="), line.find("<<")
        if equals >= 0 and (heredoc < 0 or equals < heredoc):
            name, value = line[:equals], line[equals + 1 :]
        elif heredoc >= 0:
            name, delimiter = line[:heredoc], line[heredoc + 2 :]
            if delimiter not in lines or not delimiter:
                message = f"{what}: invalid value. Matching delimiter not found {delimiter!r}"
                raise WorkflowError(message)
            value = "\n".join(lines[: lines.index(delimiter)])
            del lines[: lines.index(delimiter) + 1]
        else:
            name = ""
            value = ""
        if not name:
            message = f"{what}: invalid format {line!r}"
            raise WorkflowError(message)
        if what == "GITHUB_ENV" and name.upper() in _BLOCKED:
            message = f"{what}: can't store {name}"
            raise WorkflowError(message)
        found[name] = value
    return found
