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
    for path, facts in sorted(sources.items()):
        wanted += (
            Wanted(requirement=Pep508(text), evidence="the mark #@", location=Location(path=path, line=line))
            for text, line in facts.added
        )
        for fact in facts.imports:
            for item in _from_import(layout, path, fact, metadata, resolver):
                if isinstance(item, Finding):
                    findings.append(item)
                else:
                    wanted.append(item)
    wanted += _from_metadata(layout, metadata)
    wanted = [_named(item, distribution_of) for item in wanted]
    own = canonicalize_name(metadata.distribution)
    wanted = [item for item in wanted if canonicalize_name(item.requirement.name) != own]
    return merge(wanted, findings)


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
    if local_import(layout, path, fact) is not None or not can_hold(fact.marker, metadata.requires_python):
        return
    if availability(top) is not None:
        yield from _library_findings(top, fact, location, metadata.requires_python)
        return
    for resolution in resolver.resolve_from(fact.module, fact.names):
        if isinstance(resolution, Known):
            yield _known(resolution, fact, location)
        else:
            yield _unknown(resolution, fact, location, resolver)


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
    )


def _named(item: Wanted, distribution_of: Callable[[str], str]) -> Wanted:
    """A sibling under its own distribution's name, which its metadata may have changed."""
    if item.sibling is None:
        return item
    requirement = Pep508(str(item.requirement))
    requirement.name = distribution_of(item.sibling)
    return replace(item, requirement=requirement)


def _unknown(resolution: Unknown, fact: ImportFact, location: Location, resolver: Resolver) -> Finding:
    candidates = resolution.candidates or resolver.propose(resolution.module)
    finding = unknown_finding(resolution.module, location, candidates, namespace=resolution.namespace)
    if fact.kind is not ImportKind.OPTIONAL:
        return finding
    # The code says itself that it runs without it: no extra is made for what is not known.
    message = f"{finding.message} (the import is optional, so it only gets no extra)"
    return Finding(
        rule=finding.rule, message=message, location=location, advice=finding.advice, severity=Severity.WARNING
    )


def _dynamic_finding(fact: ImportFact, location: Location) -> Finding:
    message = f"{fact.module!r} is imported by name at run time: that makes no requirement"
    advice = f"add a line '#@ {fact.module.partition('.')[0]}' with the distribution's name if it is one"
    return Finding(rule="dynamic-import", message=message, location=location, advice=advice, severity=Severity.WARNING)


def _library_findings(top: str, fact: ImportFact, location: Location, requires_python: str) -> Iterator[Finding]:
    missing = missing_versions(top, requires_python)
    if not missing or fact.kind is ImportKind.OPTIONAL or fact.marker:
        return
    message = f"{top!r} is not in the standard library of Python {', '.join(missing)}, which {requires_python!r} allows"
    advice = "set requires_python in __package_metadata__, or guard the import with sys.version_info"
    yield Finding(rule="standard-library", message=message, location=location, advice=advice, severity=Severity.WARNING)


def _from_metadata(layout: Layout, metadata: Metadata) -> Iterator[Wanted]:
    location = Location(path=f"{layout.module_dir}/{layout.package}.py")
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
