"""Packages whose sources have to be read: module, components and interfaces → all that is known about each."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from paa.config import Config
from paa.edges.tree import Tree
from paa.model import Finding, InterfaceKind, Location, Package, ScannedPackage, Severity
from paa.scan.components import Layout, follow
from paa.scan.distributions import MAPPING_PATH, Resolver, load_table, parse_mapping
from paa.scan.facts import Fault, SourceFacts
from paa.scan.fingerprint import fingerprint
from paa.scan.metadata import describe, given_name
from paa.scan.reading import SourceReader, open_reader
from paa.scan.requirements import require
from paa.scan.shipped import command_findings, link_findings, place_findings, shipped_contents

# From here on reading and writing the cache of facts costs less than parsing.
MANY = 30


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
        facts = self.reader.read(path) if path in self.tree.blobs else SourceFacts()
        return given_name(facts) or package.replace("_", "-")


def read_packages(
    tree: Tree, config: Config, modules: Mapping[str, str], address: str | None, new: Collection[Package]
) -> dict[str, ScannedPackage]:
    """The packages ``new`` scanned from their sources, by module.

    ``modules`` maps every package of the repository to its module; ``address`` is where the sources can be browsed.
    Raises ConfigError for a mapping file that can't be read, GitError when the tree can't be.
    """
    reader = open_reader(tree, load=len(new) >= MANY)
    repository = _repository(tree, config, reader, modules, address)
    sources = list(_sources(tree, config, new))
    reader.read_all(sources)
    scanned = {package.module: _scan_package(repository, package) for package in new}
    if len(new) >= MANY:
        reader.keep(sources if len(new) == len(modules) else None)
    return scanned


def _repository(
    tree: Tree, config: Config, reader: SourceReader, modules: Mapping[str, str], address: str | None
) -> _Repository:
    mapping_data = tree.read_one(MAPPING_PATH)
    prefix = f"{config.dependencies_dir}/"
    return _Repository(
        tree=tree,
        config=config,
        reader=reader,
        resolver=Resolver(
            mapping=parse_mapping(mapping_data, MAPPING_PATH) if mapping_data is not None else {},
            siblings={name: name for name in modules},
            table=load_table(),
        ),
        modules=modules,
        folders=frozenset(folder for path in tree.blobs if path.startswith(prefix) for folder in _folders(path)),
        address=address,
    )


def _folders(path: str) -> Iterator[str]:
    end = path.rfind("/")
    while end > 0:
        yield path[:end]
        end = path.rfind("/", 0, end)


def _sources(tree: Tree, config: Config, packages: Iterable[Package]) -> Iterator[str]:
    """Every Python file that scanning ``packages`` may look into."""
    for package in packages:
        if package.module in tree.blobs:
            yield package.module
        yield from package.interfaces.values()
    prefix = f"{config.dependencies_dir}/"
    for path in tree.blobs:
        if path.startswith(prefix) and path.endswith(".py") and path not in tree.links:
            yield path


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
    if metadata is None or any(fault.blocks for fault in facts.faults):
        return replace(scanned, findings=_each_once(*findings, *described.findings))
    metadata = replace(metadata, command=_command(package, sources))
    required = require(layout, sources, metadata, repository.resolver, repository.distribution_of)
    contents, missing = shipped_contents(repository.tree, package, reached.components, metadata.readme)
    found = _each_once(*findings, *described.findings, *required.findings, *missing)
    scanned = replace(scanned, metadata=metadata, requirements=required.requirements, findings=found, contents=contents)
    if scanned.errors:
        return scanned
    return replace(scanned, fingerprint=fingerprint(contents, required.requirements, repository.config))


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
