"""Which local files a module needs, transitively, and where they land in the package.

Components keep their places relative to the module, so relative imports and line numbers hold; only absolute imports
of them have to be rewritten (``assemble/sources.py``).
"""

from collections.abc import Callable, Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

from paa.scan.facts import Fault, ImportFact, ImportKind, SourceFacts


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """Where one package's local code lies in the repository (``paths``: every file there is)."""

    package: str
    module_dir: str
    dependencies_dir: str
    paths: AbstractSet[str]
    folders: AbstractSet[str]

    @property
    def shipped_folder(self) -> str:
        """Where the components lie inside the import package: as relative to the module in the repository."""
        dependencies, modules = PurePosixPath(self.dependencies_dir), PurePosixPath(self.module_dir)
        if dependencies != modules and dependencies.is_relative_to(modules):
            return dependencies.relative_to(modules).as_posix()
        return dependencies.name

    def shipped_path(self, component: str) -> str:
        """The path of a component inside the wheel."""
        inside = PurePosixPath(component).relative_to(self.dependencies_dir).as_posix()
        return f"{self.package}/{self.shipped_folder}/{inside}"


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalImport:
    """An import that stays inside the package: the files it needs, or the fault that they are not there.

    ``replaced`` is how many leading parts of the dotted name of an absolute import have to give way to
    ``replacement`` (a dotted name) when it is rewritten; 0 when the statement can stay as it is.
    """

    files: tuple[str, ...] = ()
    replaced: int = 0
    replacement: str = ""
    fault: Fault | None = None


def local_import(layout: Layout, importer: str, fact: ImportFact) -> LocalImport | None:
    """What a local import needs; None when the import leads out of the package.

    ``importer`` is the path of the file that imports; outside the components' folder it imports as the package itself.
    """
    parts = fact.module.split(".") if fact.module else []
    if fact.level:
        return _relative(layout, importer, fact, parts)
    if layout.dependencies_dir not in layout.folders:
        return LocalImport() if parts[0] == layout.package else None
    own = [layout.package, *PurePosixPath(layout.shipped_folder).parts]
    for prefix in (
        own,
        list(PurePosixPath(layout.dependencies_dir).parts),
        [PurePosixPath(layout.dependencies_dir).name],
    ):
        if parts[: len(prefix)] == prefix:
            found = _target(layout, parts[len(prefix) :], fact)
            return found if prefix is own else replace(found, replaced=len(prefix), replacement=".".join(own))
        if prefix[:-1] and parts == prefix[:-1] and prefix[-1] in fact.names and prefix is not own:
            # ``from python_modules import components``: the folder itself is what is imported.
            found = _target(layout, [], fact)
            return replace(found, replaced=len(parts), replacement=".".join(own[:-1]))
    return LocalImport() if parts[0] == layout.package else None


def _relative(layout: Layout, importer: str, fact: ImportFact, parts: list[str]) -> LocalImport:
    base = PurePosixPath(importer).parent
    if not base.is_relative_to(layout.dependencies_dir):
        base = PurePosixPath(layout.dependencies_dir)
        # The module and the interfaces stand in the import package's own folder.
        base = PurePosixPath(*base.parts[: len(base.parts) - len(PurePosixPath(layout.shipped_folder).parts)])
    root = base.parts
    for _ in range(fact.level - 1):
        if not root:
            break
        root = root[:-1]
    target = [*root, *parts]
    dependencies = list(PurePosixPath(layout.dependencies_dir).parts)
    if target[: len(dependencies)] == dependencies:
        return _target(layout, target[len(dependencies) :], fact)
    if target == dependencies[: len(target)] and dependencies[len(target) :][:1] == list(fact.names[:1]):
        return _target(layout, [], fact)
    if parts in ([], [layout.package]) and not PurePosixPath(importer).is_relative_to(layout.dependencies_dir):
        return LocalImport()
    return LocalImport(fault=_missing(layout, "." * fact.level + fact.module, fact.line))


def _target(layout: Layout, rest: list[str], fact: ImportFact) -> LocalImport:
    """The files that importing ``<components>.<rest>`` runs, with the ``__init__.py`` of each folder on the way."""
    path = "/".join([layout.dependencies_dir, *rest])
    files = [
        init for count in range(len(rest)) for init in _init(layout, "/".join([layout.dependencies_dir, *rest[:count]]))
    ]
    if f"{path}.py" in layout.paths:
        return LocalImport(files=(*files, f"{path}.py"))
    if path not in layout.folders:
        return LocalImport(fault=_missing(layout, ".".join(["." * fact.level + fact.module]), fact.line))
    init = _init(layout, path)
    files += init
    for name in fact.names:
        if f"{path}/{name}.py" in layout.paths:
            files.append(f"{path}/{name}.py")
        elif f"{path}/{name}" in layout.folders:
            files += _init(layout, f"{path}/{name}")
        elif not init and name != "*" and not (not rest and name == PurePosixPath(path).name):
            return LocalImport(fault=_missing(layout, f"{fact.module}.{name}", fact.line))
    return LocalImport(files=tuple(files))


def _init(layout: Layout, folder: str) -> list[str]:
    path = f"{folder}/__init__.py"
    return [path] if path in layout.paths else []


def _missing(layout: Layout, name: str, line: int) -> Fault:
    message = f"the local import of {name!r} leads to no file under {layout.dependencies_dir}/"
    advice = "add the component, correct the name, or import another package of this repository by its own name"
    return Fault(rule="component", message=message, line=line, advice=advice)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reached:
    """The components that a package ships, and the local imports that lead nowhere: (path of the importer, fault)."""

    components: tuple[str, ...]
    faults: tuple[tuple[str, Fault], ...]


def follow(layout: Layout, starts: tuple[str, ...], facts_of: Callable[[str], SourceFacts]) -> Reached:
    """Follow local imports from ``starts`` (module and interfaces) until nothing new is reached; cycles are fine."""
    seen: set[str] = set()
    faults: list[tuple[str, Fault]] = []
    waiting = list(starts)
    while waiting:
        importer = waiting.pop()
        for found in _local_imports(layout, importer, facts_of(importer)):
            if found.fault is not None:
                faults.append((importer, found.fault))
            new = [path for path in found.files if path not in seen]
            seen.update(new)
            waiting += new
    return Reached(
        components=tuple(sorted(seen)), faults=tuple(sorted(set(faults), key=lambda item: (item[0], item[1].line or 0)))
    )


def _local_imports(layout: Layout, importer: str, facts: SourceFacts) -> Iterator[LocalImport]:
    for fact in facts.imports:
        if fact.kind is ImportKind.DYNAMIC or (fact.mark is not None and fact.mark.ignore):
            continue
        found = local_import(layout, importer, fact)
        if found is None:
            continue
        if found.fault is not None and fact.kind is not ImportKind.REQUIRED:
            # Guarded or type-only: the code runs without it.
            continue
        yield found
