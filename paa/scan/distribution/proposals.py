"""What may be meant by an import of which no distribution is known: for the user to decide, never used by itself."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from packaging.utils import canonicalize_name

from paa.edges.environment import installed_with
from paa.model import Finding, Location, ScannedPackage, Severity, Standing
from paa.scan.distribution.mapping import MAPPING_PATH
from paa.scan.distribution.resolver import Candidate, Resolver, Unknown
from paa.scan.distribution.spelling import open_spellings

UNKNOWN_IMPORT = "unknown-import"

_Known = TypeVar("_Known", bound=ScannedPackage | Standing)

_MOST_SHOWN = 3
_LEARN = "paa extract-module-requirements --learn"
_ASK = f"{_LEARN} --ask-index pypi"


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """What is proposed for one unknown import.

    ``installed`` are the distributions here whose list of files has it; ``near`` the known names that are almost it.
    """

    unknown: Unknown
    installed: tuple[Candidate, ...] = ()
    near: tuple[Candidate, ...] = ()

    @property
    def providers(self) -> tuple[Candidate, ...]:
        """What the built-in table leaves to the user, with what is installed of it; then what is only installed."""
        here = {canonicalize_name(item.distribution): item for item in self.installed}
        told = [_joined(item, here.pop(canonicalize_name(item.distribution), None)) for item in self.unknown.candidates]
        return (*told, *here.values())


def propose(resolver: Resolver, modules: Iterable[str], *, path: Sequence[str] | None = None) -> Mapping[str, Proposal]:
    """A proposal for each of ``modules`` of which ``resolver`` knows no distribution.

    Depends on the machine, and takes some tens of milliseconds, however many modules there are. ``path`` is where to
    look for installed distributions, ``sys.path`` by default.
    """
    resolutions = {module: resolver.resolve(module) for module in modules}
    unknown = {module: found for module, found in resolutions.items() if isinstance(found, Unknown)}
    names = {found.module for found in unknown.values() if found.module and not found.namespace}
    installed = installed_with(names, path=path)
    spellings = open_spellings(resolver) if names else None
    return {
        module: Proposal(
            unknown=found,
            installed=tuple(_installed(*item) for item in installed.get(found.module, ())),
            near=spellings.near(found.module) if spellings and found.module in names and not found.candidates else (),
        )
        for module, found in unknown.items()
    }


def with_proposals(scanned: Iterable[_Known], resolver: Resolver) -> list[_Known]:
    """``scanned`` with all that can be proposed on this machine in its findings about unknown imports.

    What scanning itself finds, and remembers, is the same on every machine.
    """
    items = list(scanned)
    modules = (finding.subject for item in items for finding in item.findings if finding.rule == UNKNOWN_IMPORT)
    proposals = propose(resolver, (module for module in modules if module))
    return [replace(item, findings=tuple(_proposed(finding, proposals) for finding in item.findings)) for item in items]


def _proposed(finding: Finding, proposals: Mapping[str, Proposal]) -> Finding:
    proposal = proposals.get(finding.subject or "") if finding.rule == UNKNOWN_IMPORT else None
    if proposal is None or finding.location is None:
        return finding
    return unknown_finding(proposal, finding.location, optional=finding.severity is Severity.WARNING)


def unknown_finding(proposal: Proposal, location: Location, *, optional: bool = False) -> Finding:
    """The error for an import of which no distribution is known; a warning where the import is ``optional``.

    Its ``subject`` is the import name that a line of the mapping file would name.
    """
    unknown = proposal.unknown
    message = _message(proposal)
    if optional:
        # The code says itself that it runs without it: no extra is made for what is not known.
        message += " (the import is optional, so it only gets no extra)"
    return Finding(
        rule=UNKNOWN_IMPORT,
        message=message,
        location=location,
        advice=_advice(proposal),
        severity=Severity.WARNING if optional else Severity.ERROR,
        subject=unknown.module,
    )


def _message(proposal: Proposal) -> str:
    module = proposal.unknown.module
    if proposal.unknown.namespace:
        return f"{module!r} is a namespace that several distributions share: it does not say which one is needed"
    message = f"it is not known which distribution provides the import {module!r}"
    if providers := proposal.providers[:_MOST_SHOWN]:
        message += f"; it may be {' or '.join(f'{item.distribution} ({item.evidence})' for item in providers)}"
    if renamed := [item.evidence for item in proposal.near if item.renamed]:
        message += f": {' and '.join(renamed)}"
    elif proposal.near:
        message += f"; did you mean {' or '.join(map(_spelling, proposal.near))}?"
    return message


def _spelling(candidate: Candidate) -> str:
    same = canonicalize_name(candidate.spelling or "") == canonicalize_name(candidate.distribution)
    return repr(candidate.spelling) if same else f"{candidate.spelling!r} ({candidate.evidence})"


def _advice(proposal: Proposal) -> str:
    module = proposal.unknown.module
    if proposal.unknown.namespace:
        return f"import the module below {module!r} that is used, or mark the import '#-' and add '#@ DISTRIBUTION'"
    names = dict.fromkeys(item.distribution for item in proposal.providers) or ("DISTRIBUTION",)
    lines = " or ".join(f'"{module}": "{name}"' for name in names)
    advice = f"add to the JSON object in {MAPPING_PATH} the line {lines}"
    if renamed := [item.spelling for item in proposal.near if item.renamed]:
        return f"import {' or '.join(map(repr, renamed))} instead, or {advice}"
    if proposal.near:
        return f"correct the spelling, or {advice}"
    if len(proposal.installed) == 1:
        return f"{advice}, which is also what '{_LEARN}' does"
    return advice if proposal.providers else f"{advice}; '{_ASK}' asks PyPI for it"


def _joined(candidate: Candidate, installed: Candidate | None) -> Candidate:
    return replace(candidate, evidence=f"{candidate.evidence}; {installed.evidence}") if installed else candidate


def _installed(distribution: str, version: str) -> Candidate:
    return Candidate(distribution=distribution, evidence=f"{version}, installed here, has it")
