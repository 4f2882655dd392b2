"""The import package of a scanned package: module, components and interfaces at their places, as files or as one."""

from collections.abc import Mapping

from paa.assemble.sources import rewrite_imports, with_version
from paa.config import Config
from paa.config.keys import Assembly
from paa.edges.templates import ALIAS_TEMPLATE, MAIN_TEMPLATE, render
from paa.edges.tree import Tree
from paa.model import ScannedPackage
from paa.scan.lent_names import lend_names
from paa.scan.places import shipped_layout, shipped_places
from paa.scan.source.imports import read_source

Lines = tuple[tuple[int, int], ...]


def import_package(
    tree: Tree, config: Config, scanned: ScannedPackage, contents: Mapping[str, bytes], version: str
) -> dict[str, bytes]:
    """The files of the import package by path in the wheel; ``contents`` are those of the repository, by path.

    Raises RefusedError for a module that can't be merged with its components, where the settings ask for that, and for
    interfaces that use names which nobody can tell apart.
    """
    package = scanned.package
    layout = shipped_layout(config, scanned)
    places = shipped_places(layout, package, scanned.components)
    files = {path: contents[path] for path in places}
    lines: Lines = ()
    if scanned.components:
        interfaces = {path: files[path] for path in package.interfaces.values()}
        files |= lend_names(interfaces, layout, scanned.components, lambda path: read_source(files[path]))
        if config.assembly is Assembly.MERGE:
            # What merges is loaded only where it is asked for.
            from paa.assemble.merging.merge import merge

            merged = merge(layout, files, frozenset(scanned.components))
            files, lines = {package.module: merged.module, **merged.beside}, merged.lines
        files = {path: rewrite_imports(content, layout, path) for path, content in files.items()}
    if not scanned.defines_version:
        files[package.module] = with_version(files[package.module], version)
    values = {"package": package.name, "components": lines}
    made: dict[str, bytes] = {}
    if not _has_own_path(contents[package.module]):
        made[f"{package.name}/{package.name}.py"] = render(ALIAS_TEMPLATE, values, tree).encode()
    if scanned.runs_as_program:
        made[f"{package.name}/__main__.py"] = render(MAIN_TEMPLATE, values, tree).encode()
    return {places[path]: content for path, content in files.items()} | made


def _has_own_path(module: bytes) -> bool:
    """Whether the module says itself where its submodules are, as six does: no file of ours would be found there."""
    return b"__path__" in module and "__path__" in read_source(module).bindings
