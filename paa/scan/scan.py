"""The stage in one page: a tree and the configuration → every package with what is known about it."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

from paa.config import Config
from paa.edges import git
from paa.edges.tree import Tree
from paa.errors import FindingsError
from paa.model import Finding, Location, Package, ScannedPackage, Severity
from paa.scan.components import Layout, follow
from paa.scan.discover import discover
from paa.scan.distributions import MAPPING_PATH, Resolver, load_table, parse_mapping
from paa.scan.facts import Fault, SourceFacts
from paa.scan.fingerprint import fingerprint
from paa.scan.metadata import command_finding, describe
from paa.scan.project import scan_project
from paa.scan.reading import SourceReader, open_reader
from paa.scan.requirements import require


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

    def distribution_of(self, package: str) -> str:
        """The name on the index of another package of this repository."""
        name = (self.reader.read(self.modules[package]).metadata or {}).get("name")
        return name if isinstance(name, str) else package.replace("_", "-")


def scan(tree: Tree, config: Config, names: Collection[str] | None = None) -> tuple[ScannedPackage, ...]:
    """Every package of the repository (or those in ``names``), sorted by name.

    What is wrong with a package is in its findings and touches no other. Raises ConfigError for a mapping file that
    can't be read, FileError or GitError when the tree can't be.
    """
    packages = discover(tree, config)
    reader = open_reader(tree)
    repository = _repository(tree, config, reader, packages)
    chosen = [package for package in packages if names is None or package.name in names]
    sources = list(_sources(tree, config, chosen))
    reader.read_all(sources)
    scanned = tuple(_scan_package(repository, package) for package in chosen)
    reader.keep(sources if names is None else None)
    return tuple(sorted(scanned, key=lambda item: item.package.name))


def find_package(scanned: Iterable[ScannedPackage], name: str) -> ScannedPackage | None:
    """The package called ``name``, spelled as the module or as the distribution."""
    wanted = name.replace("-", "_").lower()
    return next((item for item in scanned if item.package.name.replace("-", "_").lower() == wanted), None)


def require_no_errors(scanned: ScannedPackage) -> None:
    """Raise FindingsError with every error of the package, if there is one."""
    if scanned.errors:
        lines = [f"{scanned.package.name} can't be released:", *(str(finding) for finding in scanned.errors)]
        raise FindingsError("\n".join(lines))


def _repository(tree: Tree, config: Config, reader: SourceReader, packages: tuple[Package, ...]) -> _Repository:
    mapping_data = tree.read_one(MAPPING_PATH)
    modules = {package.name: package.module for package in packages if package.project is None and not package.findings}
    remote = git.remote_url(tree.root)
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
        folders=frozenset(str(folder) for path in tree.blobs for folder in _folders(path)),
        address=config.source_repo_url or (git.web_url(remote) if remote else None),
    )


def _folders(path: str) -> Iterable[str]:
    end = path.rfind("/")
    while end > 0:
        yield path[:end]
        end = path.rfind("/", 0, end)


def _sources(tree: Tree, config: Config, packages: Iterable[Package]) -> Iterable[str]:
    """Every Python file that scanning ``packages`` may look into."""
    for package in packages:
        if package.project is None and not package.findings:
            yield package.module
            yield from package.interfaces.values()
    prefix = f"{config.dependencies_dir}/"
    for path in tree.blobs:
        if path.startswith(prefix) and path.endswith(".py") and path not in tree.links:
            yield path


def _scan_package(repository: _Repository, package: Package) -> ScannedPackage:
    if package.project is not None:
        return scan_project(repository.tree, repository.config, package)
    if package.findings:
        return ScannedPackage(package=package, findings=package.findings)
    layout = Layout(
        package=package.name,
        module_dir=repository.config.module_dir,
        dependencies_dir=repository.config.dependencies_dir,
        paths=repository.tree.blobs.keys(),
        folders=repository.folders,
    )
    starts = (package.module, *package.interfaces.values())
    reached = follow(layout, starts, repository.reader.read)
    sources = {path: repository.reader.read(path) for path in (*starts, *reached.components)}
    facts = sources[package.module]
    findings = [_finding(path, fault) for path, source in sorted(sources.items()) for fault in source.faults]
    findings += (_finding(path, fault) for path, fault in reached.faults)
    findings += _link_findings(repository.tree, sources)
    described = describe(package.name, package.module, facts, repository.config, repository.address)
    findings += described.findings
    scanned = ScannedPackage(
        package=package, docstring=facts.docstring, components=reached.components, findings=tuple(findings)
    )
    if described.metadata is None or scanned.errors:
        return scanned
    metadata = replace(described.metadata, command=_command(package, sources))
    if (finding := command_finding(metadata.command, package.module)) is not None:
        return replace(scanned, findings=(*findings, finding))
    required = require(layout, sources, metadata, repository.resolver, repository.distribution_of)
    contents, missing = _contents(repository.tree, scanned, metadata.readme)
    return replace(
        scanned,
        metadata=metadata,
        requirements=required.requirements,
        findings=(*findings, *required.findings, *missing),
        contents=contents,
        fingerprint=fingerprint(contents, required.requirements, repository.config),
    )


def _finding(path: str, fault: Fault) -> Finding:
    return Finding(
        rule=fault.rule,
        message=fault.message,
        location=Location(path=path, line=fault.line),
        advice=fault.advice,
        severity=Severity.ERROR if fault.blocks else Severity.WARNING,
    )


def _link_findings(tree: Tree, sources: Iterable[str]) -> Iterable[Finding]:
    for path in sorted(set(sources) & tree.links):
        message = "a symbolic link; links are not followed into a package"
        yield Finding(rule="file", message=message, location=Location(path=path), advice="put the file itself there")


def _command(package: Package, sources: Mapping[str, SourceFacts]) -> str | None:
    """The console script's name: ``__cli_metadata__`` of the CLI file, else the module's name."""
    for kind, path in package.interfaces.items():
        if kind.value == "cli":
            return sources[path].command or package.name
    return None


def _contents(tree: Tree, scanned: ScannedPackage, readme: str | None) -> tuple[Mapping[str, str], tuple[Finding, ...]]:
    """What the package is made from, by path, with content hashes; and a finding for a README that is not there."""
    package = scanned.package
    paths = [
        package.module,
        *package.interfaces.values(),
        *scanned.components,
        *package.artifacts,
        *package.license_files,
    ]
    findings: tuple[Finding, ...] = ()
    if readme is not None and readme not in tree.blobs and PurePosixPath(readme).name != "README.md":
        message = f"__package_metadata__: readme: {readme!r} is not in the repository"
        findings = (Finding(rule="metadata", message=message, location=Location(path=package.module)),)
    elif readme is not None and readme in tree.blobs:
        paths.append(readme)
    elif package.notebook is not None:
        paths.append(package.notebook)
    return {path: tree.blobs[path] for path in paths}, findings
