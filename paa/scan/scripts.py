"""Commands that a package declares itself, in ``entry_points``: whether what they would run is there."""

import re
from collections.abc import Collection, Iterator, Mapping

from paa.model import Finding, Location, ScannedPackage
from paa.scan.components import Layout
from paa.scan.metadata.values import line_of
from paa.scan.places import shipped_places
from paa.scan.shipped import may_bind
from paa.scan.source.facts import SourceFacts

# The groups whose targets are called when a user calls the command (entry points specification).
_GROUPS = ("console_scripts", "gui_scripts")
# What binds names that no statement of the module shows, or puts another module in its place.
_UNCLEAR = re.compile(rb"\b(?:global|globals|vars|locals|exec|eval|setattr|modules|__dict__|__path__)\b")


def scripts(scanned: ScannedPackage) -> tuple[tuple[str, str, str], ...]:
    """The commands that the module's metadata declare: (group, name, ``module:object``)."""
    points = scanned.metadata.entry_points if scanned.metadata else {}
    return tuple((group, name, points[group][name]) for group in _GROUPS for name in points.get(group, ()))


def names_are_clear(source: bytes) -> bool:
    """Whether the names that a module has once it has run are those that its statements bind, and no others."""
    return _UNCLEAR.search(source) is None


def script_findings(
    layout: Layout, scanned: ScannedPackage, sources: Mapping[str, SourceFacts], merged: Collection[str]
) -> Iterator[Finding]:
    """An error for each command whose module or object the package would not have.

    ``sources`` (by path) are those whose names are clear, ``merged`` the paths of those that become the package's own
    module. What other distributions have is not looked into.
    """
    module, facts = scanned.package.module, sources.get(scanned.package.module)
    if facts is None:
        return  # It may say itself where its submodules are, too.
    places = _modules(layout, scanned, merged)
    for group, name, target in scripts(scanned):
        dotted, _, object_path = target.partition("[")[0].strip().partition(":")
        if dotted.partition(".")[0] != layout.package:
            continue
        found = places.get(dotted)
        first = object_path.partition(".")[0]
        if found is None:
            reason = f"the package has no module {dotted!r}"
        elif sources.keys() >= set(found) and not any(may_bind(layout, path, sources, first) for path in found):
            reason = f"{found[0]} binds no {first!r}"
        else:
            continue
        line = line_of(f"entry_points.{group}.{name}", facts.metadata_lines, facts.metadata_line)
        yield Finding(
            rule="metadata",
            message=f"__package_metadata__: entry_points.{group}: {name!r} would run {target!r}, and {reason}",
            location=Location(path=module, line=line),
            advice="write 'module:object' as it can be imported from the installed package",
        )


def _modules(layout: Layout, scanned: ScannedPackage, merged: Collection[str]) -> dict[str, tuple[str, ...]]:
    """The modules of the package by dotted name, each with the sources that it is made of, its own first."""
    package, module = scanned.package.name, scanned.package.module
    whole = (module, *(path for path in merged if path != module))
    found = {package: whole, f"{package}.{package}": whole}
    for path, place in shipped_places(layout, scanned.package, scanned.components).items():
        if path not in whole:
            name = place.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
            found.setdefault(name, (path,))
    return found
