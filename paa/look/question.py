"""What ``why`` is asked: a package with every import in its files, each with what it is and what provides it."""

from collections.abc import Iterator
from dataclasses import dataclass

from packaging.utils import canonicalize_name

from paa.look.sources import PackageSources, open_sources
from paa.model import Location, ScannedPackage
from paa.scan.distribution.resolver import Known, Resolution, imported_modules
from paa.scan.requirements import Verdict
from paa.scan.source.facts import ImportFact, ImportKind
from paa.scan.state import State

_SAYS = {
    Verdict.TYPE_ONLY: "it is imported for type checkers alone",
    Verdict.IGNORED: "the mark #- says that it is not to be required",
    Verdict.DYNAMIC: "it is imported by name at run time: that makes no requirement",
    Verdict.LOCAL: "it is a file of the package itself, and shipped in it",
    Verdict.LIBRARY: "it is in the standard library",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedImport:
    """One module that a statement imports; ``resolution`` is None of a file of the package."""

    path: str
    fact: ImportFact
    module: str
    verdict: Verdict
    resolution: Resolution | None

    @property
    def location(self) -> Location:
        """Where the statement is."""
        return Location(path=self.path, line=self.fact.line)


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """The package that is asked about, among those of ``state``, with all of its imports."""

    state: State
    scanned: ScannedPackage
    sources: PackageSources
    imports: tuple[AskedImport, ...]

    @property
    def own_name(self) -> str:
        """The package's own distribution, normalised."""
        return canonicalize_name(self.scanned.distribution)

    def distributions(self, item: AskedImport) -> tuple[str, ...]:
        """The normalised names of what provides an import: what was chosen, then what would do as well."""
        if not isinstance(item.resolution, Known):
            return ()
        sibling = self.state.scanned.get(item.resolution.sibling or "")
        chosen = sibling.distribution if sibling else item.resolution.distribution
        return tuple(map(canonicalize_name, (chosen, *item.resolution.alternatives)))

    def verdict_on(self, item: AskedImport) -> tuple[str, str]:
        """What becomes of an import: a word for machines, and a sentence for people."""
        if item.verdict in _SAYS:
            return item.verdict.value, _SAYS[item.verdict]
        if item.verdict is Verdict.NEVER:
            return item.verdict.value, f"no Python that {self.sources.requires_python!r} allows gets there"
        if not isinstance(item.resolution, Known):
            return "unknown", f"it is not known what provides it: paa show {self.scanned.package.name}"
        if self.own_name in self.distributions(item)[:1]:
            return "itself", "it is the package itself"
        if item.fact.kind is ImportKind.OPTIONAL:
            return "optional", f"the code goes on without it, so that it is an extra{_marked(item.fact)}"
        return "required", f"it is imported{_marked(item.fact)}"


def open_question(state: State, scanned: ScannedPackage) -> Question:
    """Read what is needed to answer questions about ``scanned``. Raises ConfigError, GitError."""
    sources = open_sources(state, scanned)
    return Question(state=state, scanned=scanned, sources=sources, imports=tuple(_imports(sources)))


def _imports(sources: PackageSources) -> Iterator[AskedImport]:
    for path, fact in sources.imports():
        verdict = sources.verdict(path, fact)
        outside = fact.level == 0 and verdict is not Verdict.LOCAL
        for module in imported_modules(fact.module, fact.names):
            resolution = sources.resolver.resolve(module) if outside else None
            yield AskedImport(path=path, fact=fact, module=module, verdict=verdict, resolution=resolution)


def _marked(fact: ImportFact) -> str:
    if fact.mark is None:
        return ""
    extras = f"[{','.join(fact.mark.extras)}]" if fact.mark.extras else ""
    return f"; the mark there asks for {extras}{fact.mark.specifier}"
