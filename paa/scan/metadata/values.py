"""The values of ``__package_metadata__``, each asked for by its type. What is wrong is collected, with its line."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from packaging.requirements import InvalidRequirement, Requirement
from packaging.specifiers import InvalidSpecifier, SpecifierSet

from paa.model import Finding, Location, Severity

# What ends a line in a metadata file, for one reader or another, and what no line of text holds.
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_SPACES = re.compile(r" {2,}")
_BARE_VERSION = re.compile(r"\d+(?:\.\d+)*")


def line_of(path: str, lines: Mapping[str, int], otherwise: int | None) -> int | None:
    """The line of the value at ``path``, or of the nearest that holds it; ``otherwise`` where none is in ``lines``."""
    while path:
        if path in lines:
            return lines[path]
        path = path.rpartition(".")[0]
    return otherwise


@dataclass(frozen=True, slots=True, kw_only=True)
class MetadataReader:
    """Typed getters over the dictionary; a getter that finds a fault notes it in ``findings`` and goes on with nothing.

    ``lines`` has the lines of values by path (``project_urls.Issues``) where they differ from that of ``location``.
    """

    values: Mapping[str, object]
    lines: Mapping[str, int]
    location: Location
    findings: list[Finding]

    def fault(self, path: str, message: str, advice: str | None = None, severity: Severity = Severity.ERROR) -> None:
        """Note what is wrong with the value at ``path``."""
        location = Location(path=self.location.path, line=line_of(path, self.lines, self.location.line))
        text = f"__package_metadata__: {message}"
        self.findings.append(
            Finding(rule="metadata", message=text, location=location, advice=advice, severity=severity)
        )

    def given(self, key: str) -> bool:
        """Whether the key is there with a value; None stands for none."""
        return self.values.get(key) is not None

    def text(self, key: str, pattern: re.Pattern[str] | None = None) -> str | None:
        """A text without white space around it; with ``pattern`` (of names), exactly as written. None when blank."""
        value = self.values.get(key)
        if value is None:
            return None
        if not isinstance(value, str):
            self.fault(key, f"{key} must be a string, not {type(value).__name__}")
            return None
        if pattern is not None and not pattern.fullmatch(value):
            self.fault(key, f"{key}: {value!r} is not a valid name (PEP 508)")
            return None
        return value.strip() or None

    def boolean(self, key: str, *, default: bool) -> bool:
        """True or False."""
        value = default if self.values.get(key) is None else self.values[key]
        if not isinstance(value, bool):
            self.fault(key, f"{key} must be True or False, not {value!r}")
            return default
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts, each on one line."""
        value = [] if self.values.get(key) is None else self.values[key]
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            self.fault(key, f"{key} must be a list of strings")
            return ()
        return tuple(one_line(item) for item in value)

    def text_or_texts(self, key: str) -> tuple[str, ...]:
        """One text or a list of them, each on one line; blank ones stay, so that they keep their places."""
        value = self.values.get(key)
        items = [] if value is None else [value] if isinstance(value, str) else value
        if not isinstance(items, list) or not all(isinstance(item, str) for item in items):
            self.fault(key, f"{key} must be a string or a list of strings")
            return ()
        return tuple(one_line(item) for item in items)

    def mapping(self, key: str) -> Iterator[tuple[str, object]]:
        """The items of a dictionary."""
        value = {} if self.values.get(key) is None else self.values[key]
        if not isinstance(value, dict):
            self.fault(key, f"{key} must be a dictionary")
            return
        yield from value.items()

    def specifier(self, key: str) -> str | None:
        """A set of version specifiers (PEP 440) in its canonical form, one that some version satisfies."""
        value = self.text(key)
        if not value:
            return None
        try:
            specifiers = SpecifierSet(value)
        except InvalidSpecifier:
            meant = f">={value}" if _BARE_VERSION.fullmatch(value) else ">=3.11"
            self.fault(key, f"{key}: {value!r} is not a version specifier (PEP 440)", f"write for example {meant!r}")
            return None
        if specifiers.is_unsatisfiable():
            self.fault(key, f"{key}: no version satisfies {value!r}", "write for example '>=3.11'")
            return None
        return str(specifiers)

    def requirements(self, path: str, value: object) -> tuple[str, ...]:
        """Requirements (PEP 508): a list of them, or a text with one on each line."""
        items = value.splitlines() if isinstance(value, str) else [] if value is None else value
        if not isinstance(items, Sequence) or not all(isinstance(item, str) for item in items):
            self.fault(path, f"{path} must be a list of requirements")
            return ()
        found = []
        for number, item in enumerate(items):
            if not item.strip() or item.lstrip().startswith("#"):
                continue
            try:
                found.append(str(Requirement(item)))
            except (InvalidRequirement, RecursionError) as error:
                reason = str(error).partition("\n")[0]
                message = f"{path}: {item!r} is not a requirement: {reason}"
                self.fault(f"{path}.{number}", message, "write PEP 508, for example 'name>=1.2'")
        return tuple(found)


def one_line(text: str) -> str:
    """``text`` on one line and without control characters: a metadata field can't hold them."""
    return _SPACES.sub(" ", _CONTROL.sub(" ", text)).strip()
