"""What of the repository goes into a package, and what can't go there as it is."""

import posixpath
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath

from paa.edges.templates import package_overrides
from paa.edges.tree import Tree
from paa.model import Finding, InterfaceKind, Location, Package, Severity
from paa.scan.components import Layout, local_import
from paa.scan.metadata.fields import COMMAND
from paa.scan.source.facts import ImportFact, ImportKind, SourceFacts

Sources = Mapping[str, SourceFacts]


def shipped_contents(
    tree: Tree, package: Package, components: tuple[str, ...], readme: str | None
) -> tuple[Mapping[str, str], tuple[Finding, ...]]:
    """What the package is made from, by path, with content hashes; and a finding for a README that is not there."""
    paths = [
        package.module,
        *package.interfaces.values(),
        *components,
        *package.artifacts.values(),
        *package.license_files,
    ]
    paths += package_overrides(tree.blobs)
    findings: tuple[Finding, ...] = ()
    if readme is not None and readme in tree.blobs and readme not in tree.links:
        paths.append(readme)
    # "README.md" is also how existing repositories name the README that is generated.
    elif readme is not None and (readme in tree.links or PurePosixPath(readme).name != "README.md"):
        reason = "is a symbolic link" if readme in tree.links else "is not in the repository"
        message = f"__package_metadata__: readme: {readme!r} {reason}"
        advice = "write the path of a Markdown file as seen from the top of the repository"
        findings = (Finding(rule="metadata", message=message, location=Location(path=package.module), advice=advice),)
    elif package.notebook is not None:
        paths.append(package.notebook)
    return {path: tree.blobs[path] for path in paths}, findings


def link_findings(tree: Tree, sources: Sources) -> Iterator[Finding]:
    """An error for each source that is a symbolic link."""
    for path in sorted(tree.links.intersection(sources)):
        message = "a symbolic link; links are not followed into a package"
        yield Finding(rule="file", message=message, location=Location(path=path), advice="put the file itself there")


def data_findings(layout: Layout, package: Package, sources: Sources) -> Iterator[Finding]:
    """A warning for each source that speaks of a data file beside it: only artifacts are shipped as data."""
    for path, facts in sorted(sources.items()):
        folder = path.rpartition("/")[0]
        for name, line in facts.file_names:
            beside = posixpath.normpath(f"{folder}/{name}" if folder else name)
            if beside in layout.paths and not beside.endswith(".py"):
                message = f"{beside} is read from beside this file, and is not shipped: only artifacts are"
                location = Location(path=path, line=line)
                yield Finding(
                    rule="data-file",
                    message=message,
                    location=location,
                    advice=f"move it to the artifacts of {package.name}, and read it from the folder 'artifacts'",
                    severity=Severity.WARNING,
                )


def command_findings(layout: Layout, package: Package, sources: Sources) -> Iterator[Finding]:
    """Errors in the file of the command line: no ``cli`` to call, or a name that no console script can have."""
    path = package.interfaces.get(InterfaceKind.CLI)
    if path is None or any(fault.blocks for fault in sources[path].faults):
        return
    command = sources[path].command
    if command is not None and COMMAND.fullmatch(command) is None:
        # It becomes the name of a file on every installer's machine.
        message = f"__cli_metadata__: {command!r} can't be the name of a command"
        advice = "use letters, digits, - _ and ."
        place = Location(path=path, line=sources[path].command_line)
        yield Finding(rule="metadata", message=message, location=place, advice=advice)
    if not may_bind(layout, path, sources, "cli"):
        message = "this file binds no 'cli': the package's command would have nothing to run"
        yield Finding(
            rule="interface", message=message, location=Location(path=path), advice="name the click group cli"
        )


def may_bind(layout: Layout, path: str, sources: Sources, name: str) -> bool:
    """Whether the source at ``path`` may have ``name`` once it has run: it binds that, or nobody knows all it binds."""
    facts = sources[path]
    if name in facts.bindings or "__getattr__" in facts.bindings:
        return True
    stars = (fact for fact in facts.imports if "*" in fact.names and fact.kind is not ImportKind.TYPE_ONLY)
    return any(_star_may_bind(layout, path, fact, sources, name) for fact in stars)


def _star_may_bind(layout: Layout, path: str, fact: ImportFact, sources: Sources, name: str) -> bool:
    """What a file of the package binds is known; another star in it, and other packages, may bind anything."""
    local = local_import(layout, path, fact)
    if local is None or local.fault is not None:
        return True
    itself = fact.module in {"", layout.package, f"{layout.package}.{layout.package}"}
    source = local.files[-1] if local.files else layout.module if itself else None
    facts = sources.get(source or "")
    if facts is None:
        return True
    return name in facts.bindings or any("*" in inner.names for inner in facts.imports) or bool(facts.faults)
