"""Facts of a package's files → its requirements, each with where it comes from. What is not known is an error."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace

from packaging.markers import Marker
from packaging.requirements import Requirement as Pep508
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

from paa.model import Finding, Location, Metadata, Severity
from paa.scan.components import Layout, local_import
from paa.scan.distributions import Known, Resolver, Unknown, unknown_finding
from paa.scan.environments import can_hold
from paa.scan.facts import ImportFact, ImportKind, SourceFacts
from paa.scan.merging import Required, Wanted, merge
from paa.scan.standard_library import availability, missing_versions


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
    named = {canonicalize_name(item.requirement.name) for item in stated if item.extra is None}
    # Of several builds of the same thing, the one that is asked for by name is taken.
    wanted = [item for item in wanted if named.isdisjoint(map(canonicalize_name, item.alternatives))]
    wanted = [_named(item, distribution_of) for item in (*wanted, *stated)]
    own = canonicalize_name(metadata.distribution)
    return merge((item for item in wanted if not _is_own(item, own)), findings)


def _is_own(item: Wanted, own: str) -> bool:
    """The package itself is no requirement; in an extra it can stand for other extras of it: ``own[fast,nice]``."""
    selects = item.extra is not None and item.requirement.extras
    return canonicalize_name(item.requirement.name) == own and not selects


def _from_import(
    layout: Layout, path: str, fact: ImportFact, metadata: Metadata, resolver: Resolver
) -> Iterator[Wanted | Finding]:
    location = Location(path=path, line=fact.line)
    if fact.kind is ImportKind.TYPE_ONLY or (fact.mark is not None and fact.mark.ignore):
        return
    top = fact.module.partition(".")[0]
    if fact.kind is ImportKind.DYNAMIC:
        if top and top != layout.package and availability(top) is None:
            yield _dynamic_finding(fact, location)
        return
    if local_import(layout, path, fact) is not None:
        yield from _idle_mark(fact, location, "is part of the package")
    elif not can_hold(fact.marker, metadata.requires_python):
        return
    elif _is_library(top, metadata.requires_python):
        yield from _library_findings(fact, location, metadata.requires_python)
        yield from _idle_mark(fact, location, "is in the standard library")
    else:
        yield from _from_elsewhere(fact, location, resolver)


def _from_elsewhere(fact: ImportFact, location: Location, resolver: Resolver) -> Iterator[Wanted | Finding]:
    known = []
    for resolution in resolver.resolve_from(fact.module, fact.names):
        if isinstance(resolution, Unknown):
            yield _unknown(resolution, fact, location, resolver)
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
    requirement = Pep508(resolution.distribution)
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


def _named(item: Wanted, distribution_of: Callable[[str], str]) -> Wanted:
    """A sibling under its own distribution's name, which its metadata may have changed."""
    if item.sibling is None:
        return item
    requirement = Pep508(str(item.requirement))
    requirement.name = distribution_of(item.sibling)
    extra = item.extra and canonicalize_name(requirement.name)
    return replace(item, requirement=requirement, extra=extra)


def _unknown(resolution: Unknown, fact: ImportFact, location: Location, resolver: Resolver) -> Finding:
    candidates = resolution.candidates or resolver.propose(resolution.module)
    finding = unknown_finding(resolution.module, location, candidates, namespace=resolution.namespace)
    if fact.kind is not ImportKind.OPTIONAL:
        return finding
    # The code says itself that it runs without it: no extra is made for what is not known.
    message = f"{finding.message} (the import is optional, so it only gets no extra)"
    return replace(finding, message=message, severity=Severity.WARNING)


def _dynamic_finding(fact: ImportFact, location: Location) -> Finding:
    message = f"{fact.module!r} is imported by name at run time: that makes no requirement"
    advice = f"add a line '#@ {fact.module.partition('.')[0]}' with the distribution's name if it is one"
    return Finding(rule="dynamic-import", message=message, location=location, advice=advice, severity=Severity.WARNING)


def _idle_mark(fact: ImportFact, location: Location, reason: str) -> Iterator[Finding]:
    if fact.mark is not None:
        message = f"the mark behind the import asks for nothing: {fact.module or '.'!r} {reason}"
        yield Finding(rule="mark", message=message, location=location, severity=Severity.WARNING)


def _is_library(top: str, requires_python: str) -> bool:
    """Whether any Python that the package allows has ``top`` in its library; ``asyncore`` left it with 3.12."""
    allowed = missing_versions("", requires_python)
    return availability(top) is not None and (not allowed or missing_versions(top, requires_python) != allowed)


def _library_findings(fact: ImportFact, location: Location, requires_python: str) -> Iterator[Finding]:
    if fact.kind is ImportKind.OPTIONAL or fact.marker:
        return
    for module in (fact.module, *(f"{fact.module}.{name}" for name in fact.names)):
        if missing := missing_versions(module, requires_python):
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
