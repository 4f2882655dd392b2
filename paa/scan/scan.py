"""The stage in one page: a tree and the configuration → every package with what is known about it."""

import itertools
from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace

from packaging.utils import canonicalize_name

from paa.config import Config
from paa.edges import git
from paa.edges.addresses import web_url
from paa.edges.templates import package_overrides
from paa.edges.tree import Tree
from paa.errors import FindingsError
from paa.model import Finding, Location, Package, ScannedPackage
from paa.scan.discover import discover, interface_folders
from paa.scan.distribution.mapping import MAPPING_PATH
from paa.scan.memory import open_memory


def scan(tree: Tree, config: Config, names: Collection[str] | None = None) -> tuple[ScannedPackage, ...]:
    """Every package of the repository (or those in ``names``), sorted by name.

    What is wrong with a package is in its findings and touches no other. Raises ConfigError for a mapping file that
    can't be read and for folders that can't be told apart, FileError or GitError when the tree can't be read.
    """
    packages = discover(tree, config)
    projects = _scan_projects(tree, config, packages)
    modules = [package for package in packages if package.project is None]
    chosen = [package for package in modules if names is None or package.name in names]
    scanned = _with_proposals(tree, modules, _scan_modules(tree, config, modules, chosen))
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


def _scan_projects(tree: Tree, config: Config, packages: Iterable[Package]) -> list[ScannedPackage]:
    projects = [package for package in packages if package.project is not None]
    if not projects:
        return []
    from paa.scan.project import scan_project

    return [scan_project(tree, config, package) for package in projects]


def _scan_modules(
    tree: Tree, config: Config, packages: Iterable[Package], chosen: Collection[Package]
) -> list[ScannedPackage]:
    """Scan ``chosen``: from memory where nothing that a package depends on has changed, from its sources otherwise."""
    modules = sibling_modules(packages)
    remote = git.remote_url(tree.root)
    address = config.source_repo_url or (web_url(remote) if remote else None)
    folders = (config.module_dir, config.dependencies_dir, *interface_folders(config).values())
    local = tuple("" if folder == "." else f"{folder}/" for folder in folders)
    local_files = sorted(path for path in tree.blobs if path.startswith(local))
    shared = [tree.blobs.get(path) for path in (MAPPING_PATH, *package_overrides(tree.blobs))]
    memory = open_memory(tree, config, address, sorted(modules), local_files, shared)
    known = {package.module: memory.recall(package) for package in chosen}
    scanned = {module: item for module, item in known.items() if item is not None}
    new = [package for package in chosen if package.module not in scanned]
    if new:
        # What reads sources is loaded only where there is something to read.
        from paa.scan.packages import ScanInput
        from paa.scan.shares import scan_new

        scanned |= scan_new(ScanInput(tree=tree, config=config, modules=modules, address=address), new, memory)
    return list(scanned.values())


def _with_proposals(tree: Tree, packages: Iterable[Package], scanned: list[ScannedPackage]) -> list[ScannedPackage]:
    """What is proposed for unknown imports depends on this machine, so that it is no part of what is remembered."""
    if not any(finding.subject for item in scanned for finding in item.findings):
        return scanned
    from paa.scan.distribution.proposals import with_proposals
    from paa.scan.distribution.resolver import open_resolver

    return with_proposals(scanned, open_resolver(tree, sibling_modules(packages)))


def sibling_modules(packages: Iterable[Package]) -> dict[str, str]:
    """The packages that others of the repository can import, by name, with their modules."""
    return {package.name: package.module for package in packages if package.name.isidentifier()}


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
