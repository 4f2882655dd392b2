"""The stage in one page: a tree and the configuration → every package with what is known about it."""

import itertools
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from packaging.utils import canonicalize_name

from paa.config import Config
from paa.edges import git
from paa.edges.addresses import web_url
from paa.edges.templates import package_overrides
from paa.edges.tree import Tree
from paa.errors import FindingsError
from paa.model import Finding, InterfaceKind, Location, Package, ScannedPackage, Severity
from paa.scan.components import Layout, follow
from paa.scan.discover import discover, interface_folders
from paa.scan.distributions import MAPPING_PATH, Resolver, load_table, parse_mapping
from paa.scan.facts import Fault, SourceFacts
from paa.scan.fingerprint import fingerprint
from paa.scan.memory import memory_key, open_memory
from paa.scan.metadata import describe, given_name
from paa.scan.project import scan_project
from paa.scan.reading import SourceReader, open_reader
from paa.scan.requirements import require
from paa.scan.shipped import command_findings, link_findings, place_findings, shipped_contents

# From here on reading and writing the cache of facts costs less than parsing.
_MANY = 30


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


def scan(tree: Tree, config: Config, names: Collection[str] | None = None) -> tuple[ScannedPackage, ...]:
    """Every package of the repository (or those in ``names``), sorted by name.

    What is wrong with a package is in its findings and touches no other. Raises ConfigError for a mapping file that
    can't be read and for folders that can't be told apart, FileError or GitError when the tree can't be read.
    """
    packages = discover(tree, config)
    projects = [scan_project(tree, config, package) for package in packages if package.project is not None]
    modules = [package for package in packages if package.project is None]
    chosen = [package for package in modules if names is None or package.name in names]
    scanned = _scan_modules(tree, config, modules, chosen)
    scanned += (item for item in projects if names is None or item.package.name in names)
    return tuple(sorted(_distinct(scanned), key=lambda item: (item.package.name, item.package.module)))


def find_package(scanned: Iterable[ScannedPackage], name: str) -> ScannedPackage | None:
    """The package called ``name``, spelled as the module or as the distribution."""
    wanted = canonicalize_name(name)
    items = tuple(scanned)
    by_module = (item for item in items if canonicalize_name(item.package.name) == wanted)
    by_distribution = (item for item in items if canonicalize_name(item.distribution) == wanted)
    return next(itertools.chain(by_module, by_distribution), None)


def require_no_errors(scanned: ScannedPackage) -> None:
    """Raise FindingsError with every error of the package, if there is one."""
    if scanned.errors:
        lines = [f"{scanned.package.name} can't be released:", *(str(finding) for finding in scanned.errors)]
        raise FindingsError("\n".join(lines))


def _scan_modules(
    tree: Tree, config: Config, packages: Iterable[Package], chosen: Collection[Package]
) -> list[ScannedPackage]:
    """Scan ``chosen``: from memory where nothing that a package depends on has changed, from its sources otherwise."""
    modules = {package.name: package.module for package in packages if package.name.isidentifier()}
    remote = git.remote_url(tree.root)
    address = config.source_repo_url or (web_url(remote) if remote else None)
    folders = (config.dependencies_dir, *interface_folders(config).values())
    local = tuple("" if folder == "." else f"{folder}/" for folder in folders)
    local_files = sorted(path for path in tree.blobs if path.startswith(local))
    shared = [tree.blobs.get(path) for path in (MAPPING_PATH, *package_overrides(tree.blobs))]
    memory = open_memory(tree, memory_key(config, address, sorted(modules), local_files, shared))
    scanned = {package.module: memory.recall(package) for package in chosen}
    new = [package for package in chosen if scanned[package.module] is None]
    if new:
        reader = open_reader(tree, load=len(new) >= _MANY)
        repository = _repository(tree, config, reader, modules, address)
        sources = list(_sources(tree, config, new))
        reader.read_all(sources)
        scanned |= {package.module: _scan_package(repository, package) for package in new}
        if len(new) >= _MANY:
            reader.keep(sources if len(new) == len(modules) else None)
        if len(new) >= _MANY or len(modules) < _MANY * 10:
            # A few of many are scanned again next time: that is faster than writing down all.
            memory.keep((item for package in new if (item := scanned[package.module]) is not None), modules)
    return [item for item in scanned.values() if item is not None]


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


def _distinct(scanned: Iterable[ScannedPackage]) -> Iterator[ScannedPackage]:
    """Packages that would be one project on an index, or go by one name here, are an error of each of them."""
    items = tuple(scanned)
    distributions: dict[str, list[str]] = {}
    names: dict[str, list[str]] = {}
    for item in items:
        distributions.setdefault(canonicalize_name(item.distribution), []).append(item.package.module)
        names.setdefault(item.package.name, []).append(item.package.module)
    for item in items:
        same = {*distributions[canonicalize_name(item.distribution)], *names[item.package.name]} - {item.package.module}
        if not same or any(finding.rule == "name" for finding in item.findings):
            yield item
            continue
        message = f"{item.distribution!r} is also the name of {', '.join(sorted(same))} (PEP 503)"
        location = Location(path=item.package.module)
        finding = Finding(rule="name", message=message, location=location, advice="give one of them another name")
        yield replace(item, findings=(*item.findings, finding), fingerprint="")
