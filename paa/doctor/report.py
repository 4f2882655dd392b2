"""All that doctor has to say, its exit code, and its JSON document (docs/reference/doctor.schema.json)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from paa.doctor.diagnosis import Difference
from paa.doctor.evidence import Evidence
from paa.doctor.examine import Examined
from paa.doctor.new_names import NewNames, Publisher, new_names
from paa.doctor.observe import Observed
from paa.doctor.repair import Repaired
from paa.doctor.setup import Advice, CredentialSource
from paa.doctor.workflows import PublishingWorkflow
from paa.documents.reading import SCHEMA
from paa.errors import OutsideError, PaaError
from paa.model import Index, IndexKind, ScannedPackage

_WELL, _TO_REPAIR, _UNREADABLE = 0, 1, 3
_LIMITED = (IndexKind.PYPI, IndexKind.TESTPYPI)


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What was found out, and what was done about it: ``repaired`` is None for a look that changed nothing."""

    indexes: tuple[str, ...]
    observed: Observed
    examined: tuple[Examined, ...]
    advice: tuple[Advice, ...] = ()
    credentials: tuple[CredentialSource, ...] = ()
    new_names: tuple[NewNames, ...] = ()
    repaired: Repaired | None = None

    @property
    def exit_code(self) -> int:
        """3 when an index could not be read, 1 when somebody has to do something, else 0; advice counts for nothing."""
        if self.observed.unreadable:
            return _UNREADABLE
        failed = self.repaired is not None and bool(
            self.repaired.failures or any(done.refused for done in self.repaired.recorded)
        )
        is_wanting = any(item.diagnosis.needs_action for item in self.examined)
        return _TO_REPAIR if is_wanting or failed or self.observed.tracking.problems else _WELL


def find_new_names(
    indexes: Sequence[Index],
    evidence: Sequence[Evidence],
    packages: Sequence[ScannedPackage],
    workflow: PublishingWorkflow,
    today: date,
) -> tuple[NewNames, ...]:
    """For PyPI and TestPyPI: the names that are not there yet and are going to be."""
    found = []
    for index in indexes:
        absent = {
            item.package for item in evidence if item.served.get(index.name) == () and index.name in item.final_targets
        }
        new = [item for item in packages if item.package.name in absent and not item.errors]
        if new and index.kind in _LIMITED:
            address = next((item.repository for item in new if item.repository), None)
            found.append(new_names(index, new, address, workflow, today))
    return tuple(found)


def with_repairs(before: Report, after: Report, repaired: Repaired) -> Report:
    """What is left after the repairs, and what was done; the rest stands as it was found.

    A repair that was made and is not to be seen is told as a failure.
    """
    asked = {(item.name, step) for item in before.examined for step in item.diagnosis.steps}
    left = {item.name for item in after.examined for step in item.diagnosis.steps if (item.name, step) in asked}
    reasoned = {f"{result.package} {result.version}" for result in repaired.published if result.reason}
    failures = dict(repaired.failures)
    for name in sorted(left - reasoned - failures.keys()):
        advice = "this clone may have other tags or commits than the remote: git fetch --tags, git pull, then run again"
        failures[name] = OutsideError("it was repaired, but not in what this clone shows", advice=advice)
    done = replace(repaired, failures=failures)
    return replace(before, observed=after.observed, examined=after.examined, repaired=done)


def report_to_json(report: Report) -> dict[str, object]:
    """The document; packages by name, their versions highest first."""
    document: dict[str, object] = {
        "schema": SCHEMA,
        "indexes": list(report.indexes),
        "packages": [_package(item, report.examined) for item in report.observed.evidence],
        "unreadable": [{"index": name, **_error(error)} for name, error in sorted(report.observed.unreadable.items())],
        "problems": [_error(error) for error in report.observed.tracking.problems],
        "advice": [{"topic": item.topic, "text": item.text, "then": item.then} for item in report.advice],
        "credentials": [{"index": item.index, "source": item.source} for item in report.credentials],
        "new_names": [_new_names(item) for item in report.new_names],
    }
    if report.repaired is not None:
        document["repaired"] = _repaired(report.repaired)
    return document


def _package(evidence: Evidence, examined: Sequence[Examined]) -> dict[str, object]:
    return {
        "package": evidence.package,
        "distribution": evidence.distribution,
        "versions": [_version(item) for item in examined if item.evidence.package == evidence.package],
    }


def _version(item: Examined) -> dict[str, object]:
    facts = item.case.facts
    return {
        "version": str(item.case.version),
        "is_last": facts.is_last,
        "verdict": item.diagnosis.verdict.value,
        "tag": facts.tag.value,
        "tracking": facts.tracking.value,
        "noted": facts.noted,
        "indexes": [{"index": name, "state": state.value} for name, state in facts.indexes.items()],
        "differences": [_difference(item, difference) for difference in item.diagnosis.differences],
    }


def _difference(item: Examined, difference: Difference) -> dict[str, object]:
    told = item.told(difference)
    return {
        "rule": difference.rule.name,
        "verdict": difference.rule.verdict.value,
        "text": told.text,
        "then": told.then,
        "command": told.command,
        "indexes": list(difference.indexes),
    }


def _error(error: PaaError) -> dict[str, object]:
    return {"message": error.message, "advice": error.advice}


def _new_names(item: NewNames) -> dict[str, object]:
    return {
        "index": item.index,
        "distributions": list(item.distributions),
        "done_on": item.done_on,
        "publishers": [_publisher(publisher) for publisher in item.publishers],
    }


def _publisher(item: Publisher) -> dict[str, object]:
    return {
        "distribution": item.distribution,
        "owner": item.owner,
        "repository": item.repository,
        "workflow": item.workflow,
        "environment": item.environment,
        "link": item.link,
    }


def _repaired(item: Repaired) -> dict[str, object]:
    return {
        "published": [
            {
                "package": result.package,
                "version": result.version,
                "index": result.index,
                "state": result.state.value,
                "reason": result.reason,
            }
            for result in item.published
        ],
        "tags": [tag for done in item.recorded for tag in done.tags],
        "refused": [tag for done in item.recorded for tag in done.refused],
        "pushed": [name for done in item.recorded for name in done.pushed],
        "failures": [{"release": name, **_error(error)} for name, error in sorted(item.failures.items())],
    }
