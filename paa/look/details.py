"""One scanned package → all that is known about it."""

from collections.abc import Iterator, Mapping

from paa.documents.details import PackageDetails, PassedImport
from paa.look.files import package_files
from paa.look.listing import listed
from paa.look.sources import PackageSources, open_sources
from paa.model import Location, ScannedPackage
from paa.plan.records import History
from paa.scan.requirements import Verdict
from paa.scan.source.facts import ImportFact, ImportKind
from paa.scan.standard_library import availability
from paa.scan.state import State


def package_details(state: State, scanned: ScannedPackage, history: Mapping[str, History]) -> PackageDetails:
    """All about ``scanned``, one of the packages of ``state``. Raises GitError where its files can't be read."""
    sources = open_sources(state, scanned)
    return PackageDetails(
        listed=listed(scanned, history.get(scanned.package.name, History())),
        scanned=scanned,
        files=package_files(state, scanned, sources.layout),
        imports=tuple(_passed(sources)),
        floors=released_floors(scanned, history),
    )


def released_floors(scanned: ScannedPackage, history: Mapping[str, History]) -> Mapping[str, str]:
    """The last released version of each sibling that ``scanned`` requires, where there is one."""
    names = sorted({item.sibling for item in scanned.requirements if item.sibling})
    last = {name: history.get(name, History()).last for name in names}
    return {name: record.version for name, record in last.items() if record is not None}


def _passed(sources: PackageSources) -> Iterator[PassedImport]:
    for path, fact in sources.imports():
        kind = _kind(sources, path, fact)
        if kind is not None:
            yield PassedImport(module=fact.module, kind=kind, location=Location(path=path, line=fact.line))


def _kind(sources: PackageSources, path: str, fact: ImportFact) -> str | None:
    """How an import passes without being simply required; None for one that is, and for what is at hand anyway."""
    top = fact.module.partition(".")[0]
    if fact.level or not top or top == sources.layout.package or availability(top) is not None:
        return None
    verdict = sources.verdict(path, fact)
    if verdict is Verdict.OUTSIDE:
        return "optional" if fact.kind is ImportKind.OPTIONAL else None
    return None if verdict in {Verdict.LOCAL, Verdict.LIBRARY} else verdict.value
