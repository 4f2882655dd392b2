"""Packages whose sources have to be read: module, components and interfaces → all that is known about each."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from paa.config import Config
from paa.config.keys import Assembly
from paa.edges.tree import Tree
from paa.model import Finding, InterfaceKind, Location, Package, ScannedPackage, Severity
from paa.scan.assembly import with_assembly_findings
from paa.scan.components import Layout
from paa.scan.distribution.resolver import Resolver, open_resolver
from paa.scan.fingerprint import fingerprint
from paa.scan.links import LinkSources, open_links, package_links, placed_artifacts
from paa.scan.metadata.describe import describe, given_name
from paa.scan.metadata.syntax import syntax_findings
from paa.scan.places import place_findings, placed_contents
from paa.scan.reach import follow
from paa.scan.readme.findings import with_readme_findings
from paa.scan.requirements import require
from paa.scan.shipped import command_findings, data_findings, link_findings, shipped_contents
from paa.scan.source.facts import Fault, SourceFacts
from paa.scan.source.reading import SourceReader


@dataclass(frozen=True, slots=True, kw_only=True)
class ScanInput:
    """What scanning a package needs to know of the repository.

    ``modules`` maps every package to its module; ``address`` is where the sources can be browsed.
    """

    tree: Tree
    config: Config
    modules: Mapping[str, str]
    address: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Repository:
    """What scanning one package needs to know of the rest."""

    tree: Tree
    config: Config
    reader: SourceReader
    resolver: Resolver
    modules: Mapping[str, str]
    folders: frozenset[str]
    address: str | None
    links: LinkSources

    def layout(self, package: Package) -> Layout:
        """Where the package's local code lies."""
        return Layout(
            package=package.name,
            module_dir=self.config.module_dir,
            dependencies_dir=self.config.dependencies_dir,
            paths=self.tree.blobs.keys(),
            folders=self.folders,
        )

    def distribution_of(self, package: str) -> str:
        """The name on the index of another package of this repository."""
        path = self.modules[package]
        known = path in self.tree.blobs and self.reader.has_metadata(path)
        facts = self.reader.read(path) if known else SourceFacts()
        return given_name(facts) or package.replace("_", "-")


def read_packages(given: ScanInput, packages: Collection[Package], reader: SourceReader) -> dict[str, ScannedPackage]:
    """The packages scanned from their sources, by module.

    Raises ConfigError for a mapping file that can't be read, GitError when the tree can't be.
    """
    repository = _repository(given, reader, open_links(given.tree, packages))
    reader.read_all(source_paths(given, packages))
    scanned = {package.module: _scan_package(repository, package) for package in packages}
    scanned = with_readme_findings(given.tree, scanned)
    return with_assembly_findings(given.tree, given.config, scanned, reader.read)


def source_paths(given: ScanInput, packages: Iterable[Package]) -> Iterator[str]:
    """Every Python file that scanning ``packages`` may look into."""
    for package in packages:
        if package.module in given.tree.blobs:
            yield package.module
        yield from package.interfaces.values()
    prefix = f"{given.config.dependencies_dir}/"
    for path in given.tree.blobs:
        if path.startswith(prefix) and path.endswith(".py") and path not in given.tree.links:
            yield path


def _repository(given: ScanInput, reader: SourceReader, links: LinkSources) -> _Repository:
    prefix = f"{given.config.dependencies_dir}/"
    return _Repository(
        tree=given.tree,
        config=given.config,
        reader=reader,
        resolver=open_resolver(given.tree, given.modules),
        modules=given.modules,
        folders=frozenset(folder for path in given.tree.blobs if path.startswith(prefix) for folder in _folders(path)),
        address=given.address,
        links=links,
    )


def _folders(path: str) -> Iterator[str]:
    end = path.rfind("/")
    while end > 0:
        yield path[:end]
        end = path.rfind("/", 0, end)


def _scan_package(repository: _Repository, package: Package) -> ScannedPackage:
    if package.module not in repository.tree.blobs or package.module in repository.tree.links:
        return ScannedPackage(package=package, findings=package.findings)
    layout = repository.layout(package)
    starts = (package.module, *package.interfaces.values())
    reached = follow(layout, starts, repository.reader.read)
    sources = {path: repository.reader.read(path) for path in (*starts, *reached.components)}
    facts = sources[package.module]
    findings = [
        *package.findings,
        *_source_findings(sources, reached.components),
        *(_finding(path, fault) for path, fault in reached.faults),
        *link_findings(repository.tree, sources),
        *place_findings(layout, package, reached.components),
        *command_findings(layout, package, sources),
        *data_findings(layout, package, sources),
    ]
    scanned = ScannedPackage(
        package=package,
        docstring=facts.docstring,
        defines_version=facts.defines_version,
        runs_as_program=facts.runs_as_program,
        repository=repository.address,
        components=reached.components,
    )
    described = describe(package.name, package.module, facts, repository.config, repository.address)
    metadata = described.metadata
    # What a mark says can be wrong without hiding what else is.
    if metadata is None or any(fault.blocks and fault.rule != "mark" for fault in facts.faults):
        return replace(scanned, findings=_each_once(*findings, *described.findings))
    metadata = replace(metadata, command=_command(package, sources))
    required = require(layout, sources, metadata, repository.resolver, repository.distribution_of)
    findings += syntax_findings(sources, metadata.requires_python, lambda path: repository.tree.read((path,))[path])
    contents, missing = shipped_contents(repository.tree, package, reached.components, metadata.readme)
    links = package_links(package, facts if repository.config.add_artifacts else SourceFacts(), repository.links)
    scanned = replace(
        scanned,
        metadata=metadata,
        requirements=required.requirements,
        linked_artifacts=links.linked,
        findings=_each_once(*findings, *described.findings, *required.findings, *missing, *links.findings),
        contents={**contents, **links.contents},
    )
    if scanned.errors:
        return scanned
    artifacts = placed_artifacts(package, links.linked, repository.config)
    merged = bool(reached.components) and repository.config.assembly is Assembly.MERGE
    placed = placed_contents(layout, package, reached.components, contents)
    mark = fingerprint(placed, required.requirements, repository.config, artifacts, merged=merged)
    return replace(scanned, fingerprint=mark)


def _source_findings(sources: Mapping[str, SourceFacts], components: Collection[str]) -> Iterator[Finding]:
    for path, facts in sorted(sources.items()):
        # The metadata of a component describes nothing, whatever it is.
        yield from (
            _finding(path, fault) for fault in facts.faults if fault.rule != "metadata" or path not in components
        )


def _each_once(*findings: Finding) -> tuple[Finding, ...]:
    return tuple(dict.fromkeys(findings))


def _finding(path: str, fault: Fault) -> Finding:
    return Finding(
        rule=fault.rule,
        message=fault.message,
        location=Location(path=path, line=fault.line),
        advice=fault.advice,
        severity=Severity.ERROR if fault.blocks else Severity.WARNING,
    )


def _command(package: Package, sources: Mapping[str, SourceFacts]) -> str | None:
    """The console script's name: ``__cli_metadata__`` of the CLI file, else the module's name."""
    path = package.interfaces.get(InterfaceKind.CLI)
    return None if path is None else sources[path].command or package.name
