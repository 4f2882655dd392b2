"""Which components a package ships: those that its module and interfaces import, transitively, and no others."""

from collections.abc import Callable, Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace

from paa.scan.components import Layout, LocalImport, local_import
from paa.scan.source.facts import Fault, ImportFact, ImportKind, SourceFacts


@dataclass(frozen=True, slots=True, kw_only=True)
class Reached:
    """The components that a package ships, and the local imports that lead nowhere: (path of the importer, fault)."""

    components: tuple[str, ...]
    faults: tuple[tuple[str, Fault], ...]


def follow(layout: Layout, starts: tuple[str, ...], facts_of: Callable[[str], SourceFacts]) -> Reached:
    """Follow local imports from ``starts`` (module and interfaces) until nothing new is reached; cycles are fine.

    What only type checkers import is not followed. An import that leads nowhere is a blocking fault, or a warning
    where the code says that it runs without it; so is one that is made by name at run time.
    """
    seen: set[str] = set()
    faults: list[tuple[str, Fault]] = []
    waiting = list(starts)
    while waiting:
        importer = waiting.pop()
        for _, found in local_imports(layout, importer, facts_of):
            if found.fault is not None:
                faults.append((importer, found.fault))
            new = [path for path in found.files if path not in seen]
            seen.update(new)
            waiting += new
    for importer in (*starts, *seen):
        faults += ((importer, fault) for fault in _by_name(layout, importer, facts_of(importer), seen))
    return Reached(components=tuple(sorted(seen)), faults=tuple(sorted(set(faults), key=_place)))


def _place(item: tuple[str, Fault]) -> tuple[str, int, str]:
    path, fault = item
    return path, fault.line or 0, fault.message


def local_imports(
    layout: Layout, importer: str, facts_of: Callable[[str], SourceFacts]
) -> Iterator[tuple[ImportFact, LocalImport]]:
    """The imports of the file ``importer`` that are followed inside the package, each with what it needs."""
    for fact in facts_of(importer).imports:
        ignored = fact.mark is not None and fact.mark.ignore
        if ignored or fact.kind in {ImportKind.DYNAMIC, ImportKind.TYPE_ONLY}:
            continue
        found = local_import(layout, importer, fact)
        if found is None:
            continue
        if found.fault is not None and fact.kind is not ImportKind.REQUIRED:
            message = f"{found.fault.message} (the import is optional, so the package is made without)"
            found = replace(found, fault=replace(found.fault, message=message, blocks=False))
        yield fact, found
        if "*" in fact.names:
            yield from ((fact, starred) for starred in _starred(layout, importer, fact, found, facts_of))


def _starred(
    layout: Layout, importer: str, fact: ImportFact, found: LocalImport, facts_of: Callable[[str], SourceFacts]
) -> Iterator[LocalImport]:
    """``from .components import *`` also imports the components that ``__all__`` of the folder names."""
    init = f"{found.target}/__init__.py"
    if init in found.files and (names := facts_of(init).exports):
        named = local_import(layout, importer, replace(fact, names=names))
        if named is not None:
            yield replace(named, fault=None)


def _by_name(layout: Layout, importer: str, facts: SourceFacts, shipped: AbstractSet[str]) -> Iterator[Fault]:
    """A warning for each component that is imported by a name in a string: that is neither followed nor rewritten."""
    for fact in facts.imports:
        if fact.kind is not ImportKind.DYNAMIC:
            continue
        name = fact.module.lstrip(".")
        level = len(fact.module) - len(name)
        found = local_import(layout, importer, replace(fact, module=name, level=level)) if name else None
        if found is None or not found.target or (level and found.fault is not None):
            # From which package a relative name starts is for the program to say.
            continue
        missing = [path for path in found.files if path not in shipped]
        if found.fault is not None or missing:
            reason = found.fault.message if found.fault else f"{missing[-1]} is not shipped for that"
            message = f"{fact.module!r} is imported by name at run time, which is not followed: {reason}"
            advice = "import it with a statement, inside the function if it has to be late"
        elif found.replaced:
            inside = ".".join([found.replacement, *name.split(".")[found.replaced :]])
            message = f"{fact.module!r} is imported by name at run time: inside the package it is {inside!r}"
            advice = "import it with a statement, or by a relative name and __package__"
        else:
            continue
        yield Fault(rule="dynamic-import", message=message, line=fact.line, advice=advice, blocks=False)
