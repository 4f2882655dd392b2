"""Variables of a job: macros, nested values, what becomes an environment variable, and what is secret."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from tests.pipelines.azure.errors import PipelineError

_MOST_NESTED = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Variable:
    """One value under the name it was given; ``readonly`` ones can't be set by a step."""

    name: str
    value: str
    secret: bool = False
    readonly: bool = False


class Variables:
    """The variables of one job, found in any case."""

    def __init__(self, *given: Variable) -> None:
        self._values: dict[str, Variable] = {}
        for variable in given:
            self._values[variable.name.lower()] = variable

    def get(self, name: str) -> str | None:
        """The value of ``name``, None if nobody defined it."""
        found = self._values.get(name.lower())
        return None if found is None else found.value

    def all(self) -> tuple[Variable, ...]:
        """All of them."""
        return tuple(self._values.values())

    def replace(self, variable: Variable) -> None:
        """Put it in the place of what is there, whatever that is."""
        self._values[variable.name.lower()] = variable

    def values(self) -> dict[str, object]:
        """Name → value of all, for expressions."""
        return {variable.name: variable.value for variable in self._values.values()}

    def secrets(self) -> frozenset[str]:
        """The values of those that are secret."""
        return frozenset(variable.value for variable in self._values.values() if variable.secret and variable.value)

    def put(self, variable: Variable) -> None:
        """Add it, or replace what is there. Raises PipelineError for one that is readonly."""
        before = self._values.get(variable.name.lower())
        if before is not None and before.readonly:
            message = f"the variable {variable.name!r} is readonly"
            raise PipelineError(message)
        # Once secret, always secret.
        secret = variable.secret or (before is not None and before.secret)
        self._values[variable.name.lower()] = Variable(name=variable.name, value=variable.value, secret=secret)

    def with_nested_values(self) -> "Variables":
        """The same with macros inside of values replaced, as when a job begins; what holds a secret becomes one."""
        return Variables(*(self._expanded(variable, ()) for variable in self._values.values()))

    def expand(self, text: str) -> str:
        """``text`` with each macro ``$(name)`` replaced, once; what nobody defined stays as it is."""
        return expand_macros(text, self.get)

    def environment(self) -> dict[str, str]:
        """The environment variables that programs find: no secrets; upper case; dots and spaces are underscores."""
        return {
            environment_name(variable.name): variable.value for variable in self._values.values() if not variable.secret
        }

    def _expanded(self, variable: Variable, around: tuple[str, ...]) -> Variable:
        if len(around) > _MOST_NESTED or variable.name.lower() in around:
            return variable
        secret = variable.secret

        def look_up(name: str) -> str | None:
            nonlocal secret
            found = self._values.get(name.lower())
            if found is None:
                return None
            nested = self._expanded(found, (*around, variable.name.lower()))
            secret = secret or nested.secret
            return nested.value

        value = expand_macros(variable.value, look_up)
        return Variable(name=variable.name, value=value, secret=secret, readonly=variable.readonly)


def environment_name(name: str) -> str:
    """What the variable ``name`` is called in the environment of a program."""
    return name.replace(".", "_").replace(" ", "_").upper()


def expand_macros(text: str, look_up: Callable[[str], str | None]) -> str:
    """``text`` with each ``$(name)`` that ``look_up`` knows replaced by what it says; nothing is replaced twice."""
    done, rest = "", text
    while (begin := rest.find("$(")) >= 0 and (end := rest.find(")", begin + 2)) >= 0:
        value = look_up(rest[begin + 2 : end]) if end > begin + 2 else None
        # A candidate that is none may have another one inside.
        after = begin + 1 if value is None else end + 1
        done += rest[:after] if value is None else rest[:begin] + value
        rest = rest[after:]
    return done + rest


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """A logging command: ``##vso[area.event name=value;…]data``."""

    area: str
    event: str
    properties: Mapping[str, str]
    data: str


_ESCAPED = {"%3B": ";", "%0D": "\r", "%0A": "\n", "%5D": "]", "%AZP25": "%"}
_COMMAND = re.compile(r"##vso\[(?P<name>[^\] ]*)(?: (?P<properties>[^\]]*))?\](?P<data>.*)", re.DOTALL)


def parse_command(line: str) -> Command | None:
    """The logging command that stands in ``line``, wherever it begins; None if there is none."""
    found = _COMMAND.search(line)
    if found is None:
        return None
    parts = [part for part in found["name"].split(".") if part]
    if len(parts) != 2:
        return None
    pairs = (pair.split("=", 1) for pair in (found["properties"] or "").split(";") if pair)
    properties = {pair[0].lower(): _unescaped(pair[1]) for pair in pairs if len(pair) == 2 and pair[0] and pair[1]}
    return Command(area=parts[0].lower(), event=parts[1].lower(), properties=properties, data=_unescaped(found["data"]))


def _unescaped(text: str) -> str:
    for escaped, letter in _ESCAPED.items():
        text = text.replace(escaped, letter)
    return text
