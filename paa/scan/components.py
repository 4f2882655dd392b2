"""Which local files a module needs, transitively, and where they land in the package.

Components keep their places relative to the module, so relative imports and line numbers hold; only absolute imports
of them have to be rewritten (``assemble/sources.py``).
"""

from collections.abc import Callable, Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace

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
    def module(self) -> str:
        """The path of the package's module."""
        return f"{self.package}.py" if self.module_dir == "." else f"{self.module_dir}/{self.package}.py"

    @property
    def shipped_folder(self) -> str:
        """Where the components lie inside the import package: as relative to the module in the repository."""
        prefix = "" if self.module_dir == "." else f"{self.module_dir}/"
        if self.dependencies_dir.startswith(prefix):
            return self.dependencies_dir.removeprefix(prefix)
        return self.dependencies_dir.rpartition("/")[2]

    def shipped_path(self, component: str) -> str:
        """The path of a component inside the wheel."""
        return f"{self.package}/{self.shipped_folder}/{component.removeprefix(f'{self.dependencies_dir}/')}"


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalImport:
    """An import that stays inside the package: the files it needs, and the fault that one is not there.

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
    if fact.level:
        return _relative(layout, importer, fact)
    parts = fact.module.split(".")
    dependencies, shipped = layout.dependencies_dir.split("/"), layout.shipped_folder.split("/")
    if parts[0] not in {layout.package, dependencies[0], dependencies[-1], shipped[0]}:
        return None
    own = [layout.package, *shipped]
    if layout.dependencies_dir in layout.folders:
        for prefix in (own, dependencies, dependencies[-1:], shipped):
            found = _below(layout, prefix, parts, fact)
            if found is None:
                continue
            if prefix is own:
                return found
            others = _others(prefix, parts, fact)
            if others:
                return LocalImport(fault=_missing(layout, f"{fact.module}.{others[0]}", fact))
            # "from python_modules import components" has the folder's name behind "import": less has to give way.
            replaced = min(len(prefix), len(parts))
            kept = own[: len(own) - len(prefix) + replaced]
            return replace(found, replaced=replaced, replacement=".".join(kept))
    return LocalImport() if parts[0] == layout.package else None


def _below(layout: Layout, prefix: list[str], parts: list[str], fact: ImportFact) -> LocalImport | None:
    """The target of a name that begins with ``prefix``, the components' folder; None for any other name."""
    if parts[: len(prefix)] == prefix:
        return _target(layout, parts[len(prefix) :], fact)
    if parts == prefix[:-1] and prefix[-1] in fact.names:
        return _target(layout, [], replace(fact, names=()))
    return None


def _others(prefix: list[str], parts: list[str], fact: ImportFact) -> tuple[str, ...]:
    """The other names where the components' folder is one of the names that are imported."""
    return tuple(name for name in fact.names if name != prefix[-1]) if len(parts) < len(prefix) else ()


def _relative(layout: Layout, importer: str, fact: ImportFact) -> LocalImport:
    """A relative import as it will be resolved inside the package, where module and interfaces are at the top."""
    shipped = layout.shipped_folder.split("/")
    inside = importer.startswith(f"{layout.dependencies_dir}/")
    base = layout.shipped_path(importer).split("/")[1:-1] if inside else []
    up = fact.level - 1
    if up <= len(base):
        parts = [*base[: len(base) - up], *(fact.module.split(".") if fact.module else [])]
        if found := _below(layout, shipped, parts, fact):
            others = _others(shipped, parts, fact)
            rest = _relative(layout, importer, replace(fact, names=others)) if others else found
            return rest if rest.fault else found
        if not inside and (parts == [layout.package] or (not parts and _is_own(layout, importer, fact.names))):
            return LocalImport()
    return LocalImport(fault=_missing(layout, "." * fact.level + (fact.module or fact.names[0]), fact))


def _is_own(layout: Layout, importer: str, names: tuple[str, ...]) -> bool:
    """Whether ``from . import names`` asks the package itself, and not for files that lie beside the importer."""
    folder = importer.rpartition("/")[0]
    if (folder or ".") == layout.module_dir:
        return names == (layout.package,)
    prefix = f"{folder}/" if folder else ""
    return not any(f"{prefix}{name}.py" in layout.paths for name in names if name != layout.package)


def _target(layout: Layout, rest: list[str], fact: ImportFact) -> LocalImport:
    """The files that importing ``<components>.<rest>`` runs, with the ``__init__.py`` of each folder on the way."""
    folders = ["/".join([layout.dependencies_dir, *rest[:count]]) for count in range(len(rest) + 1)]
    path = folders.pop()
    files = [init for folder in folders for init in _init(layout, folder)]
    init = _init(layout, path)
    if not init and f"{path}.py" in layout.paths:
        # A folder comes before a file of the same name, but only with an __init__.py.
        return LocalImport(files=(*files, f"{path}.py"))
    if path not in layout.folders:
        return LocalImport(fault=_missing(layout, "." * fact.level + fact.module, fact))
    files += init
    fault = None
    for name in fact.names:
        submodule = f"{path}/{name}"
        if found := _init(layout, submodule):
            files += found
        elif f"{submodule}.py" in layout.paths:
            files.append(f"{submodule}.py")
        elif submodule not in layout.folders and not init and name != "*":
            fault = fault or _missing(layout, f"{'.' * fact.level}{fact.module}.{name}", fact)
    return LocalImport(files=tuple(files), fault=fault)


def _init(layout: Layout, folder: str) -> list[str]:
    path = f"{folder}/__init__.py"
    return [path] if path in layout.paths else []


def _missing(layout: Layout, name: str, fact: ImportFact) -> Fault:
    message = f"the local import of {name!r} leads to no file under {layout.dependencies_dir}/"
    advice = "add the component, correct the name, or import another package of this repository by its own name"
    return Fault(rule="component", message=message, line=fact.line, advice=advice)


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
        ignored = fact.mark is not None and fact.mark.ignore
        if ignored or fact.kind in {ImportKind.DYNAMIC, ImportKind.TYPE_ONLY}:
            continue
        found = local_import(layout, importer, fact)
        if found is None:
            continue
        if found.fault is not None and fact.kind is not ImportKind.REQUIRED:
            # Guarded: the code runs without it.
            continue
        yield found
