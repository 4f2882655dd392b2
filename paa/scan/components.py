"""Which local files an import needs, and where they land in the package.

Components keep their places relative to the module, so relative imports and line numbers hold; only absolute imports
of them have to be rewritten (``assemble/sources.py``).
"""

import difflib
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace

from paa.scan.source.facts import Fault, ImportFact


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

    ``target`` is the component or folder of components that the statement names, as a path without a suffix; empty
    for the package itself. ``submodules`` are the components among the imported names: (name, path);
    with ``by_name`` the folder of components is one of those names itself. ``replaced`` is how many leading parts of
    the dotted name of an absolute import have to give way to ``replacement`` (a dotted name) when it is rewritten; 0
    when the statement can stay as it is.
    """

    files: tuple[str, ...] = ()
    target: str = ""
    submodules: tuple[tuple[str, str], ...] = ()
    by_name: bool = False
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
    modules = layout.module_dir.split("/")
    if parts[0] not in {layout.package, dependencies[0], dependencies[-1], shipped[0], modules[0]}:
        return None
    found = _absolute(layout, parts, fact)
    if found is not None:
        return found
    return LocalImport() if parts[0] == layout.package else _module_by_path(layout, modules, parts, fact)


def _absolute(layout: Layout, parts: list[str], fact: ImportFact) -> LocalImport | None:
    """An absolute import of components, in one of the spellings that lead to their folder."""
    dependencies, shipped = layout.dependencies_dir.split("/"), layout.shipped_folder.split("/")
    own = [layout.package, *shipped]
    if layout.dependencies_dir in layout.folders or layout.dependencies_dir in layout.paths:
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
    return None


def _module_by_path(layout: Layout, modules: list[str], parts: list[str], fact: ImportFact) -> LocalImport | None:
    """The fault of ``from python_modules.other import …``: inside a package there is no folder of modules."""
    names = parts[len(modules) :][:1] or fact.names
    if parts[: len(modules)] != modules:
        return None
    for name in names:
        if f"{layout.module_dir}/{name}.py" in layout.paths:
            message = f"{'.'.join([*modules, name])!r} can't be imported inside a package: modules are packages there"
            advice = f"write 'from {name} import …' or 'import {name}'"
            return LocalImport(fault=Fault(rule="component", message=message, line=fact.line, advice=advice))
    return None


def _below(layout: Layout, prefix: list[str], parts: list[str], fact: ImportFact) -> LocalImport | None:
    """The target of a name that begins with ``prefix``, the components' folder; None for any other name."""
    if parts[: len(prefix)] == prefix:
        return _target(layout, parts[len(prefix) :], fact)
    if parts == prefix[:-1] and prefix[-1] in fact.names:
        return replace(_target(layout, [], replace(fact, names=())), by_name=True)
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
            if not inside and (beside := _beside(layout, importer, parts, fact)):
                return LocalImport(fault=beside)
            others = _others(shipped, parts, fact)
            rest = _relative(layout, importer, replace(fact, names=others)) if others else found
            return rest if rest.fault else found
        if parts == [layout.package] or (not inside and not parts and _is_own(layout, importer, fact.names)):
            return LocalImport()
    return LocalImport(fault=_missing(layout, "." * fact.level + (fact.module or fact.names[0]), fact))


def _beside(layout: Layout, importer: str, parts: list[str], fact: ImportFact) -> Fault | None:
    """The fault of a relative import in an interface that means one file in the repository, and another in here."""
    folder = importer.rpartition("/")[0]
    if (folder or ".") == layout.module_dir:
        return None
    stem = "/".join([folder, *parts] if folder else parts)
    candidates = (f"{stem}.py", f"{stem}/__init__.py", *(f"{stem}/{name}.py" for name in fact.names))
    path = next((path for path in candidates if path in layout.paths), None)
    if path is None:
        return None
    message = f"this import means {path} in the repository, and a file of {layout.dependencies_dir}/ in the package"
    advice = f"write 'from {layout.shipped_folder.replace('/', '.')}… import …' for a component, and move the other"
    return Fault(rule="component", message=message, line=fact.line, advice=advice)


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
    in_the_way = [f"{folder}.py" for folder in folders[1:] if f"{folder}.py" in layout.paths]
    if blocking := [file for file in in_the_way if not _init(layout, file.removesuffix(".py"))]:
        # A module of the same name comes before a folder without an __init__.py.
        missing = _missing(layout, "." * fact.level + fact.module, fact)
        message = f"{missing.message}: {blocking[0]} is a module, and hides the folder of its name"
        return LocalImport(target=path, fault=replace(missing, message=message, advice="rename one of both"))
    if not init and f"{path}.py" in layout.paths:
        # A folder comes before a file of the same name, but only with an __init__.py.
        return LocalImport(files=(*files, f"{path}.py"), target=path)
    if path not in layout.folders:
        return LocalImport(target=path, fault=_missing(layout, "." * fact.level + fact.module, fact, path))
    files += init
    fault = None
    submodules = []
    for name in fact.names:
        submodule = f"{path}/{name}"
        if found := _init(layout, submodule) or [f"{submodule}.py"] * (f"{submodule}.py" in layout.paths):
            files += found
            submodules.append((name, submodule))
        elif submodule not in layout.folders and not init and name != "*":
            dotted = ".".join(filter(None, [fact.module, name]))
            fault = fault or _missing(layout, "." * fact.level + dotted, fact, submodule)
    return LocalImport(files=tuple(files), target=path, submodules=tuple(submodules), fault=fault)


def _init(layout: Layout, folder: str) -> list[str]:
    path = f"{folder}/__init__.py"
    return [path] if path in layout.paths else []


def _missing(layout: Layout, name: str, fact: ImportFact, path: str = "") -> Fault:
    """``name`` as it is written leads nowhere; ``path`` is where it would be, without a suffix."""
    message = f"the local import of {name!r} leads to no file under {layout.dependencies_dir}/"
    advice = "add the component, correct the name, or import another package of this repository by its own name"
    parts = path.split("/")
    folders = ("/".join(parts[:count]) for count in range(1, len(parts) + 1))
    if blocking := next((folder for folder in folders if folder in layout.paths), None):
        message += f": {blocking} is a link or a file, not a folder"
        advice = "put the folder itself there: links are not followed into a package"
    elif similar := _similar(layout, path):
        advice = f"did you mean {similar}?"
    return Fault(rule="component", message=message, line=fact.line, advice=advice)


def _similar(layout: Layout, path: str) -> str | None:
    folder, _, name = path.rpartition("/")
    there = {
        other.removeprefix(f"{folder}/").partition("/")[0].removesuffix(".py").lower(): other
        for other in sorted(layout.paths, reverse=True)
        if folder and other.startswith(f"{folder}/") and other.endswith(".py")
    }
    close = difflib.get_close_matches(name.lower(), there, n=1, cutoff=0.65)
    return there[close[0]] if close else None
