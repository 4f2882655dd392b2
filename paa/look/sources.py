"""The files of one package, read again for questions that its scan has no answer to."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from paa.model import Location, ScannedPackage
from paa.scan.components import Layout
from paa.scan.distribution.resolver import Resolver, open_resolver
from paa.scan.reach import local_imports
from paa.scan.requirements import Verdict, verdict
from paa.scan.source.facts import ImportFact, SourceFacts
from paa.scan.source.reading import open_reader
from paa.scan.standard_library import DEFAULT_REQUIRES_PYTHON
from paa.scan.state import State

Route = tuple[Location, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PackageSources:
    """What the module, the interfaces and the components of a package say, by path; the module comes first."""

    layout: Layout
    facts: Mapping[str, SourceFacts]
    resolver: Resolver
    requires_python: str

    def imports(self) -> Iterator[tuple[str, ImportFact]]:
        """Every import with the path of its file: the module's first, then by path and line."""
        for path, facts in self.facts.items():
            for fact in sorted(facts.imports, key=lambda fact: fact.line):
                yield path, fact

    def verdict(self, path: str, fact: ImportFact) -> Verdict:
        """What the import is to the requirements of the package."""
        return verdict(self.layout, path, fact, self.requires_python, self.resolver)


def open_sources(state: State, scanned: ScannedPackage) -> PackageSources:
    """Read the files of ``scanned`` as they are in ``state``; none of a project's. Raises GitError."""
    package, config = scanned.package, state.repository.config
    prefix = f"{config.dependencies_dir}/"
    local = (PurePosixPath(path) for path in state.tree.blobs if path.startswith(prefix))
    layout = Layout(
        package=package.name,
        module_dir=config.module_dir,
        dependencies_dir=config.dependencies_dir,
        paths=state.tree.blobs.keys(),
        folders={str(folder) for path in local for folder in path.parents},
    )
    modules = (item.package.name for item in state.scanned.values() if item.package.project is None)
    reader = open_reader(state.tree, "", load=False)
    paths = (package.module, *sorted(package.interfaces.values()), *scanned.components)
    if package.project is not None:
        paths = ()
    python = scanned.metadata.requires_python if scanned.metadata else config.requires_python
    return PackageSources(
        layout=layout,
        resolver=open_resolver(state.tree, sorted(name for name in modules if name.isidentifier())),
        facts={path: reader.read(path) for path in paths if path in state.tree.blobs},
        requires_python=python or DEFAULT_REQUIRES_PYTHON,
    )


def routes(sources: PackageSources, starts: tuple[str, ...]) -> Mapping[str, Route]:
    """How each file of the package is reached: the imports that lead to it from one of ``starts``, fewest first.

    The route of a start is empty.
    """
    found: dict[str, Route] = dict.fromkeys((path for path in starts if path in sources.facts), ())
    waiting = list(found)

    def facts_of(path: str) -> SourceFacts:
        return sources.facts.get(path, SourceFacts())

    for importer in waiting:  # It grows on the way: breadth first.
        for fact, local in local_imports(sources.layout, importer, facts_of):
            for path in local.files:
                if path not in found and path in sources.facts:
                    found[path] = (*found[importer], Location(path=importer, line=fact.line))
                    waiting.append(path)
    return found
