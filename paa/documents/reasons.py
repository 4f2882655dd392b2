"""``paa why --json``: why a package requires a distribution, or does not. docs/reference/formats.md describes it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from paa.documents.details import location_to_json, requirement_to_json
from paa.documents.reading import SCHEMA
from paa.documents.writing import without_none
from paa.model import Location, Requirement


class Answer(StrEnum):
    """How a package stands to a distribution."""

    REQUIRED = "required"
    OPTIONAL = "optional"
    NOT_REQUIRED = "not required"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReasonStep:
    """One source that was asked for the distribution of an import: what it answered, and whether that decided."""

    source: str
    answer: str | None
    evidence: str
    decided: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ReasonCommit:
    """The commit that last wrote a line; ``date`` is its day. ``boundary``: the clone knows no older one."""

    sha: str
    date: str
    subject: str
    boundary: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Occurrence:
    """A place that asks for the distribution, or that could have.

    ``text`` is the line there and ``says`` what it comes to; ``kind`` is a word for that. ``module`` is what is
    imported, None where a requirement is written down. ``route`` are the imports that lead to the file from the module
    or an interface, ``marker`` the conditions around the import.
    """

    location: Location
    text: str
    kind: str
    says: str
    module: str | None = None
    marker: str = ""
    route: tuple[Location, ...] = ()
    steps: tuple[ReasonStep, ...] = ()
    commit: ReasonCommit | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """Why ``package`` requires what was ``asked`` for, or why not.

    ``distributions`` are what the question came to: an import name stands for what provides it. ``notes`` complete the
    answer, ``near`` are names that may have been meant. ``floors`` maps siblings to the versions last released.
    """

    package: str
    asked: str
    distributions: tuple[str, ...] = ()
    requirements: tuple[Requirement, ...] = ()
    occurrences: tuple[Occurrence, ...] = ()
    notes: tuple[str, ...] = ()
    near: tuple[str, ...] = ()
    floors: Mapping[str, str] = field(default_factory=dict)

    @property
    def answer(self) -> Answer:
        """Whether it is required always, for extras alone, or not."""
        if not self.requirements:
            return Answer.NOT_REQUIRED
        always = any(item.extra is None for item in self.requirements)
        return Answer.REQUIRED if always else Answer.OPTIONAL


def explanation_to_json(explanation: Explanation) -> dict[str, object]:
    """The document of an explanation."""
    return {
        "schema": SCHEMA,
        "package": explanation.package,
        "asked": explanation.asked,
        "answer": explanation.answer.value,
        "distributions": list(explanation.distributions),
        "requirements": [requirement_to_json(item, explanation.floors) for item in explanation.requirements],
        "occurrences": [_occurrence_to_json(item) for item in explanation.occurrences],
        "notes": list(explanation.notes),
        "near": list(explanation.near),
    }


def _occurrence_to_json(item: Occurrence) -> dict[str, object]:
    commit = item.commit
    return {
        **location_to_json(item.location),
        "text": item.text,
        "kind": item.kind,
        "says": item.says,
        **without_none({"module": item.module, "marker": item.marker or None}),
        "route": [location_to_json(place) for place in item.route],
        "steps": [
            {"source": step.source, "answer": step.answer, "evidence": step.evidence, "decided": step.decided}
            for step in item.steps
        ],
        "commit": None
        if commit is None
        else {"sha": commit.sha, "date": commit.date, "subject": commit.subject, "boundary": commit.boundary},
    }
