"""Evidence → every version that has to be looked at, diagnosed. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass

from paa.doctor.case import Case, cases
from paa.doctor.diagnosis import Diagnosis, Difference
from paa.doctor.evidence import Evidence
from paa.doctor.rules import diagnose
from paa.plan.tags import tag_name


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What differs, what to do or what follows, and the command for that, if there is one."""

    text: str
    then: str
    command: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Examined:
    """One version of one package, with what was found out."""

    evidence: Evidence
    case: Case
    diagnosis: Diagnosis

    @property
    def name(self) -> str:
        """Package and version, for people."""
        return f"{self.evidence.package} {self.case.version}"

    def told(self, difference: Difference) -> Told:
        """A difference in words."""
        evidence, version = self.evidence, str(self.case.version)
        tag = self.case.tag.name if self.case.tag else tag_name(evidence.tag_format, evidence.package, version)
        places = {
            "package": evidence.package,
            "distribution": evidence.distribution,
            "version": version,
            "tag": tag,
            "indexes": _listed(difference.indexes),
        }
        rule = difference.rule
        return Told(
            text=rule.what.format_map(places),
            then=rule.then.format_map(places),
            command=rule.command.format_map(places) if rule.command is not None else None,
        )


def examine(evidence: Iterable[Evidence]) -> tuple[Examined, ...]:
    """The last release of each package, and every earlier one that matters; highest version first."""
    return tuple(
        Examined(evidence=item, case=case, diagnosis=diagnose(case.facts)) for item in evidence for case in cases(item)
    )


def _listed(names: tuple[str, ...]) -> str:
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
