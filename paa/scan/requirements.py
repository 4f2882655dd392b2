"""Facts of a package's files → its requirements, each with where it comes from. What is not known is an error."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from enum import StrEnum

from packaging.markers import Marker
from packaging.requirements import Requirement as Pep508
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

from paa.model import Finding, Location, Metadata, Severity
from paa.scan.components import Layout, local_import
from paa.scan.distribution.own_names import OwnNames
from paa.scan.distribution.proposals import Proposal, unknown_finding
from paa.scan.distribution.resolver import Known, Resolver, Unknown, imported_modules
from paa.scan.environments import can_hold
from paa.scan.merging import Required, Wanted, as_stated, merge, named
from paa.scan.source.facts import ImportFact, ImportKind, SourceFacts
from paa.scan.standard_library import availability, missing_versions


class Verdict(StrEnum):
    """What an import is to the requirements of a package: only one that leads OUTSIDE can become one."""

    TYPE_ONLY = "type-only"
    IGNORED = "ignored"
    DYNAMIC = "dynamic"
    LOCAL = "local"
    NEVER = "never"
    LIBRARY = "standard library"
    OUTSIDE = "outside"


def verdict(layout: Layout, path: str, fact: ImportFact, requires_python: str, resolver: Resolver) -> Verdict:
    """What the import ``fact`` in the file ``path`` is; NEVER where no Python that the package allows gets there.

    What the mapping file of ``resolver`` has a line for is OUTSIDE, although the library may have it too.
    """
    if fact.kind in {ImportKind.TYPE_ONLY, ImportKind.DYNAMIC}:
        return Verdict(fact.kind.value)
    if fact.mark is not None and fact.mark.ignore:
        return Verdict.IGNORED
    if local_import(layout, path, fact) is not None:
        return Verdict.LOCAL
    if not can_hold(fact.marker, requires_python):
        return Verdict.NEVER
    if all(map(resolver.from_mapping, imported_modules(fact.module, fact.names))):
        return Verdict.OUTSIDE
    return Verdict.LIBRARY if _is_library(fact, requires_python) else Verdict.OUTSIDE


def require(
    layout: Layout,
    sources: Mapping[str, SourceFacts],
    metadata: Metadata,
    resolver: Resolver,
    distribution_of: Callable[[str], str],
) -> Required:
    """The requirements of the package whose files are ``sources`` (module, components and interfaces, by path).

    ``distribution_of`` gives the name on the index of another package of the repository.
    """
    findings: list[Finding] = []
    wanted: list[Wanted] = []
    stated = list(_from_metadata(layout, metadata))
    for path, facts in sorted(sources.items()):
        stated += (
            Wanted(requirement=Pep508(text), evidence="the mark #@", location=Location(path=path, line=line))
            for text, line in facts.added
        )
        for fact in facts.imports:
            for item in _from_import(layout, path, fact, metadata, resolver):
                if isinstance(item, Finding):
                    findings.append(item)
                else:
                    wanted.append(item)
    names = OwnNames(distribution=metadata.distribution, distribution_of=distribution_of, resolver=resolver)
    stated = [names.recognised(item) for item in stated]
    findings += names.findings((*wanted, *stated))
    wanted = [names.named(item) for item in (*as_stated(wanted, stated), *stated)]
    return merge((item for item in wanted if not names.is_own(item)), findings, metadata.requires_python)


def _from_import(
    layout: Layout, path: str, fact: ImportFact, metadata: Metadata, resolver: Resolver
) -> Iterator[Wanted | Finding]:
    location = Location(path=path, line=fact.line)
    match verdict(layout, path, fact, metadata.requires_python, resolver):
        case Verdict.DYNAMIC:
            top = fact.module.partition(".")[0]
            outside = local_import(layout, path, fact) is None
            if top and outside and availability(top) is None:
                yield _dynamic_finding(fact, location)
        case Verdict.LOCAL:
            yield from _idle_mark(fact, location, "is part of the package")
        case Verdict.LIBRARY:
            yield from _library_findings(fact, location, metadata.requires_python)
            yield from _idle_mark(fact, location, "is in the standard library")
        case Verdict.OUTSIDE:
            yield from _from_elsewhere(fact, location, resolver)


def _from_elsewhere(fact: ImportFact, location: Location, resolver: Resolver) -> Iterator[Wanted | Finding]:
    known = []
    for resolution in resolver.resolve_from(fact.module, fact.names):
        if isinstance(resolution, Unknown):
            optional = fact.kind is ImportKind.OPTIONAL
            yield unknown_finding(Proposal(unknown=resolution), location, optional=optional)
        elif resolution.distribution not in known:
            known.append(resolution.distribution)
            yield _known(resolution, fact, location)
    if fact.mark is not None and len(known) > 1:
        message = f"one mark behind an import of several distributions: does it mean {' or '.join(known)}?"
        advice = "import from each in a statement of its own"
        yield Finding(rule="mark", message=message, location=location, advice=advice)
    if fact.fallback and known:
        message = f"{fact.module!r} stands in for an import that may fail: neither is required, both are optional"
        advice = f"if the package can't do without, add a line '#@ {known[0]}'"
        yield Finding(
            rule="optional-import", message=message, location=location, advice=advice, severity=Severity.WARNING
        )


def _known(resolution: Known, fact: ImportFact, location: Location) -> Wanted:
    requirement = named(resolution.distribution)
    if fact.mark is not None:
        requirement.specifier = SpecifierSet(fact.mark.specifier)
        requirement.extras = set(fact.mark.extras)
    if fact.marker:
        requirement.marker = Marker(fact.marker)
    extra = canonicalize_name(resolution.distribution) if fact.kind is ImportKind.OPTIONAL else None
    return Wanted(
        requirement=requirement,
        evidence=resolution.evidence,
        location=location,
        extra=extra,
        sibling=resolution.sibling,
        alternatives=resolution.alternatives,
    )


def _dynamic_finding(fact: ImportFact, location: Location) -> Finding:
    message = f"{fact.module!r} is imported by name at run time: that makes no requirement"
    advice = f"add a line '#@ {fact.module.partition('.')[0]}' with the distribution's name if it is one"
    return Finding(rule="dynamic-import", message=message, location=location, advice=advice, severity=Severity.WARNING)


def _idle_mark(fact: ImportFact, location: Location, reason: str) -> Iterator[Finding]:
    if fact.mark is not None:
        message = f"the mark behind the import asks for nothing: {fact.module or '.'!r} {reason}"
        yield Finding(rule="mark", message=message, location=location, severity=Severity.WARNING)


def _lacking(name: str, fact: ImportFact, requires_python: str) -> tuple[str, ...]:
    """The Pythons that the package allows, get to the import, and lack ``name`` in their library."""
    versions = missing_versions(name, requires_python)
    return tuple(version for version in versions if can_hold(fact.marker, f"=={version}.*"))


def _is_library(fact: ImportFact, requires_python: str) -> bool:
    """Whether any Python that gets to the import has it in its library; ``asyncore`` left it with 3.12."""
    top = fact.module.partition(".")[0]
    if availability(top) is None:
        return False
    reached = _lacking("", fact, requires_python)
    return not reached or _lacking(top, fact, requires_python) != reached


def _library_findings(fact: ImportFact, location: Location, requires_python: str) -> Iterator[Finding]:
    if fact.kind is ImportKind.OPTIONAL:
        return
    for module in (fact.module, *(f"{fact.module}.{name}" for name in fact.names)):
        if missing := _lacking(module, fact, requires_python):
            versions = ", ".join(missing)
            message = (
                f"{module!r} is not in the standard library of Python {versions}, which {requires_python!r} allows"
            )
            advice = "set requires_python in __package_metadata__, or guard the import with sys.version_info"
            yield Finding(
                rule="standard-library", message=message, location=location, advice=advice, severity=Severity.WARNING
            )
            return


def _from_metadata(layout: Layout, metadata: Metadata) -> Iterator[Wanted]:
    location = Location(path=layout.module)
    groups: list[tuple[str | None, Iterable[str]]] = [
        (None, metadata.install_requires),
        *metadata.extras_require.items(),
    ]
    for extra, texts in groups:
        key = "install_requires" if extra is None else f"extras_require.{extra}"
        for text in texts:
            yield Wanted(
                requirement=Pep508(text), evidence=f"__package_metadata__: {key}", location=location, extra=extra
            )
