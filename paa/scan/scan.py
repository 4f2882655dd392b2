"""The stage in one page: a tree and the configuration → every package with what is known about it."""

import itertools
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from paa.config import Config
from paa.edges import git
from paa.edges.addresses import web_url
from paa.edges.templates import package_overrides
from paa.edges.tree import Tree
from paa.errors import FindingsError
from paa.model import Finding, Location, Package, ScannedPackage, Standing
from paa.model.names import normalized
from paa.scan.discover import discover, interface_folders
from paa.scan.distribution.mapping import MAPPING_PATH
from paa.scan.memory import code_key, memory_key, open_packages, open_standings

_Known = TypeVar("_Known", bound=ScannedPackage | Standing)


def scan(tree: Tree, config: Config, names: Collection[str] | None = None) -> tuple[ScannedPackage, ...]:
    """Every package of the repository (or those in ``names``), sorted by name.

    What is wrong with a package is in its findings and touches no other. Raises ConfigError for a mapping file that
    can't be read and for folders that can't be told apart, FileError or GitError when the tree can't be read.
    """
    found = _look_around(tree, config)
    projects = _scan_projects(found)
    chosen = [package for package in found.modules if names is None or package.name in names]
    scanned = _with_proposals(found, _scan_modules(found, chosen))
    scanned += (item for item in projects if names is None or item.package.name in names)
    return tuple(sorted(_distinct(scanned), key=_place))


def glance(tree: Tree, config: Config) -> tuple[Standing, ...]:
    """The standing of every package of the repository, sorted by name: what ``scan`` finds, less what it takes to know.

    Raises the same errors.
    """
    found = _look_around(tree, config)
    memory = open_standings(tree, found.key)
    known = {package.module: memory.recall(package) for package in found.modules}
    standings = [item for item in known.values() if item is not None]
    new = [package for package in found.modules if known[package.module] is None]
    standings += map(_standing, _scan_sources(found, new))
    standings = _with_proposals(found, standings)
    standings += map(_standing, _scan_projects(found))
    return tuple(sorted(_distinct(standings), key=_place))


def find_package(scanned: Iterable[ScannedPackage], name: str) -> ScannedPackage | None:
    """The package called ``name``, spelled as the module or as the distribution."""
    wanted = normalized(name)
    items = tuple(scanned)
    by_module = (item for item in items if normalized(item.package.name) == wanted)
    by_distribution = (item for item in items if normalized(item.distribution) == wanted)
    return next(itertools.chain(by_module, by_distribution), None)


def require_no_errors(scanned: ScannedPackage) -> None:
    """Raise FindingsError with every error of the package, if there is one."""
    if scanned.errors:
        lines = [f"{scanned.package.name} can't be released:", *(str(finding) for finding in scanned.errors)]
        raise FindingsError("\n".join(lines))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """What is there to be scanned. ``key`` stands for all that the result of every package depends on."""

    tree: Tree
    config: Config
    modules: tuple[Package, ...]
    projects: tuple[Package, ...]
    address: str | None
    code: str
    key: str


def _look_around(tree: Tree, config: Config) -> _Found:
    packages = discover(tree, config)
    modules = tuple(package for package in packages if package.project is None)
    remote = git.remote_url(tree.root)
    address = config.source_repo_url or (web_url(remote) if remote else None)
    folders = (config.module_dir, config.dependencies_dir, *interface_folders(config).values())
    local = tuple("" if folder == "." else f"{folder}/" for folder in folders)
    local_files = sorted(path for path in tree.blobs if path.startswith(local))
    shared = [tree.blobs.get(path) for path in (MAPPING_PATH, *package_overrides(tree.blobs))]
    code = code_key()
    return _Found(
        tree=tree,
        config=config,
        modules=modules,
        projects=tuple(package for package in packages if package.project is not None),
        address=address,
        code=code,
        key=memory_key(code, config, address, sorted(sibling_modules(modules)), local_files, shared),
    )


def _scan_projects(found: _Found) -> list[ScannedPackage]:
    if not found.projects:
        return []
    from paa.scan.project import scan_project

    return [scan_project(found.tree, found.config, package) for package in found.projects]


def _scan_modules(found: _Found, chosen: Collection[Package]) -> list[ScannedPackage]:
    """Scan ``chosen``: from memory where nothing that a package depends on has changed, from its sources otherwise."""
    memory = open_packages(found.tree, found.key)
    known = {package.module: memory.recall(package) for package in chosen}
    scanned = {module: item for module, item in known.items() if item is not None}
    new = [package for package in chosen if package.module not in scanned]
    return [*scanned.values(), *_scan_sources(found, new)]


def _scan_sources(found: _Found, new: Sequence[Package]) -> Iterable[ScannedPackage]:
    if not new:
        return ()
    # What reads sources is loaded only where there is something to read.
    from paa.scan.packages import ScanInput
    from paa.scan.shares import scan_new

    modules = sibling_modules(found.modules)
    given = ScanInput(tree=found.tree, config=found.config, modules=modules, address=found.address)
    return scan_new(given, new, found.code, found.key).values()


def _with_proposals(found: _Found, scanned: list[_Known]) -> list[_Known]:
    """What is proposed for unknown imports depends on this machine, so that it is no part of what is remembered."""
    if not any(finding.subject for item in scanned for finding in item.findings):
        return scanned
    from paa.scan.distribution.proposals import with_proposals
    from paa.scan.distribution.resolver import open_resolver

    return with_proposals(scanned, open_resolver(found.tree, sibling_modules(found.modules)))


def sibling_modules(packages: Iterable[Package]) -> dict[str, str]:
    """The packages that others of the repository can import, by name, with their modules."""
    return {package.name: package.module for package in packages if package.name.isidentifier()}


def _standing(scanned: ScannedPackage) -> Standing:
    return Standing(
        package=scanned.package,
        distribution=scanned.distribution,
        fingerprint=scanned.fingerprint,
        publish=scanned.metadata is None or scanned.metadata.publish,
        findings=scanned.findings,
    )


def _place(item: ScannedPackage | Standing) -> tuple[str, str]:
    return item.package.name, item.package.module


def _distinct(scanned: Iterable[_Known]) -> Iterator[_Known]:
    """Packages that would be one project on an index, or go by one name here, are an error of each of them."""
    items: tuple[_Known, ...] = tuple(scanned)
    different = {normalized(item.distribution) for item in items}, {item.package.name for item in items}
    if all(len(names) == len(items) for names in different):
        yield from items
        return
    distributions: dict[str, list[str]] = {}
    by_name: dict[str, list[str]] = {}
    for item in items:
        distributions.setdefault(normalized(item.distribution), []).append(item.package.module)
        by_name.setdefault(item.package.name, []).append(item.package.module)
    for item in items:
        same = {*distributions[normalized(item.distribution)], *by_name[item.package.name]} - {item.package.module}
        if not same or any(finding.rule == "name" for finding in item.findings):
            yield item
            continue
        message = f"{item.distribution!r} is also the name of {', '.join(sorted(same))} (PEP 503)"
        location = Location(path=item.package.module)
        finding = Finding(rule="name", message=message, location=location, advice="give one of them another name")
        yield replace(item, findings=(*item.findings, finding), fingerprint="")
