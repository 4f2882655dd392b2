"""What rules find, and where."""

from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Location:
    """A place in the repository; ``line`` counts from 1."""

    path: str
    line: int | None = None

    def __str__(self) -> str:
        return self.path if self.line is None else f"{self.path}:{self.line}"


class Severity(StrEnum):
    """How bad a finding is: an error blocks the package, a warning is told and nothing more."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Something that a rule found: what (``message``), where (``location``) and what to do next (``advice``).

    ``subject`` is the name that it is about, for programs: of an unknown import, what the mapping file would name.
    """

    rule: str
    message: str
    location: Location | None = None
    advice: str | None = None
    severity: Severity = Severity.ERROR
    subject: str | None = None

    def __str__(self) -> str:
        where = f"{self.location}: " if self.location else ""
        advice = f"\n    {self.advice}" if self.advice else ""
        return f"{where}{self.message}{advice}"
