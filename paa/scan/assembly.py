"""What would stop a package only while it is assembled, though its sources tell: found with all else that is wrong.

Of packages with other errors nothing of this is looked into: what is missing in them would be told twice.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from paa.config import Config
from paa.config.keys import Assembly
from paa.edges.templates import package_overrides
from paa.edges.tree import Tree, loaded_tree
from paa.model import Finding, ScannedPackage
from paa.scan.lent_names import lend_names
from paa.scan.metadata.license_files import text_finding
from paa.scan.places import shipped_layout, shipped_places
from paa.scan.readable import readable, with_findings
from paa.scan.refused import RefusedError
from paa.scan.scripts import names_are_clear, script_findings, scripts
from paa.scan.source.facts import SourceFacts

_FactsOf = Callable[[str], SourceFacts]
# Packages whose files are in memory at once.
_TOGETHER = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class _Surroundings:
    """What the assembly of every package depends on; ``templates`` holds the repository's own, where it has any."""

    config: Config
    facts_of: _FactsOf
    templates: Tree | None


def with_assembly_findings(
    tree: Tree, config: Config, scanned: Mapping[str, ScannedPackage], facts_of: _FactsOf
) -> dict[str, ScannedPackage]:
    """``scanned`` (by module) with an error for all that can't be assembled; ``facts_of`` gives those of a source.

    Only files whose text decides are read: licences, the repository's own templates, interfaces that may lack names,
    and of packages with commands of their own, or with components that are merged, all sources.
    """
    found = dict(scanned)
    surroundings = _Surroundings(config=config, facts_of=facts_of, templates=_own_templates(tree))
    wanted = {module: _looked_into(config, item, facts_of) for module, item in scanned.items() if not item.errors}
    modules = [module for module, paths in wanted.items() if paths or surroundings.templates is not None]
    for start in range(0, len(modules), _TOGETHER):
        together = modules[start : start + _TOGETHER]
        contents = readable(tree, list(dict.fromkeys(path for module in together for path in wanted[module])))
        for module in together:
            own = {path: contents[path] for path in wanted[module]}
            unread = [content for content in own.values() if isinstance(content, Finding)]
            texts = {path: content for path, content in own.items() if isinstance(content, bytes)}
            findings = unread or [*_findings(surroundings, scanned[module], texts)]
            if findings:
                found[module] = with_findings(scanned[module], findings)
    return found


def _own_templates(tree: Tree) -> Tree | None:
    """A tree with nothing but the repository's own templates for packages, in memory; None without any.

    Of links the tree says that they are links. Raises FileError or GitError when one can't be read.
    """
    paths = package_overrides(tree.blobs)
    if not paths:
        return None
    contents = tree.read(path for path in paths if path not in tree.links)
    templates = loaded_tree(tree, {**dict.fromkeys(paths, b""), **contents})
    return replace(templates, links=tree.links.intersection(paths))


def runs_merged(config: Config, scanned: ScannedPackage) -> bool:
    """Whether the module of ``scanned`` and its components are to become one module."""
    return bool(scanned.components) and config.assembly is Assembly.MERGE


def sources_of(scanned: ScannedPackage) -> tuple[str, ...]:
    """The paths of the sources: module, interfaces and components."""
    return (scanned.package.module, *scanned.package.interfaces.values(), *scanned.components)


def merged_paths(config: Config, scanned: ScannedPackage, contents: Mapping[str, bytes]) -> tuple[str, ...]:
    """Those of the sources (``contents`` by path) that become one module, in the order in which they run.

    Raises RefusedError where that would not do what the files do.
    """
    from paa.scan.source.imports import read_source

    return _merged(config, scanned, contents, lambda path: read_source(contents[path]))


def _looked_into(config: Config, scanned: ScannedPackage, facts_of: _FactsOf) -> tuple[str, ...]:
    """The files of a package whose text decides whether it can be assembled."""
    licenses = scanned.package.license_files
    if runs_merged(config, scanned) or scripts(scanned):
        return (*sources_of(scanned), *licenses)
    return (*_borrowers(scanned, facts_of), *licenses)


def _borrowers(scanned: ScannedPackage, facts_of: _FactsOf) -> Sequence[str]:
    """The interfaces that may use names of components which only a star import of the module would bring."""
    if not scanned.components:
        return ()
    interfaces = scanned.package.interfaces.values()
    return [path for path in interfaces if any("*" in fact.names for fact in facts_of(path).imports)]


def _findings(surroundings: _Surroundings, scanned: ScannedPackage, contents: Mapping[str, bytes]) -> Iterator[Finding]:
    config, facts_of = surroundings.config, surroundings.facts_of
    for path in scanned.package.license_files:
        finding = text_finding(path, contents[path])
        if finding is not None:
            yield finding
    if surroundings.templates is not None:
        # Filling templates takes long to load.
        from paa.scan.templates import template_findings

        yield from template_findings(surroundings.templates, scanned, facts_of(scanned.package.module))
    merged: tuple[str, ...] = (scanned.package.module,)
    try:
        if runs_merged(config, scanned):
            merged = _merged(config, scanned, contents, facts_of)
        else:
            _lent(config, scanned, {path: contents[path] for path in _borrowers(scanned, facts_of)}, facts_of)
    except RefusedError as error:
        yield from error.findings
        return
    if scripts(scanned):
        clear = {path: facts_of(path) for path in sources_of(scanned) if names_are_clear(contents[path])}
        yield from script_findings(shipped_layout(config, scanned), scanned, clear, merged)


def _merged(
    config: Config, scanned: ScannedPackage, contents: Mapping[str, bytes], facts_of: _FactsOf
) -> tuple[str, ...]:
    # What merges is loaded only where it is asked for.
    from paa.scan.mergeable.judge import mergeable

    layout = shipped_layout(config, scanned)
    sources = {path: contents[path] for path in shipped_places(layout, scanned.package, scanned.components)}
    interfaces = {path: sources[path] for path in scanned.package.interfaces.values()}
    sources |= _lent(config, scanned, interfaces, facts_of)
    return mergeable(layout, sources, frozenset(scanned.components)).order.merged


def _lent(
    config: Config, scanned: ScannedPackage, interfaces: Mapping[str, bytes], facts_of: _FactsOf
) -> dict[str, bytes]:
    return lend_names(interfaces, shipped_layout(config, scanned), scanned.components, facts_of)
