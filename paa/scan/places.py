"""Where the sources of a package lie inside it, and what can't lie there together."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import PurePosixPath

from paa.config import Config
from paa.model import Finding, Location, Package, ScannedPackage
from paa.scan.components import Layout
from paa.scan.discover import INTERFACE_MODULES

# Where artifacts lie inside the import package.
ARTIFACTS_FOLDER = "artifacts"


def shipped_layout(config: Config, scanned: ScannedPackage) -> Layout:
    """What is shipped and nothing else: a tree in another process holds no more, and both have to write the same."""
    return Layout(
        package=scanned.package.name,
        module_dir=config.module_dir,
        dependencies_dir=config.dependencies_dir,
        paths=frozenset(scanned.contents),
        folders=frozenset(str(folder) for path in scanned.components for folder in PurePosixPath(path).parents),
    )


def shipped_places(layout: Layout, package: Package, components: Iterable[str]) -> dict[str, str]:
    """The sources of a package by path in the repository → their paths in the wheel."""
    places = {package.module: f"{package.name}/__init__.py"}
    places |= {path: f"{package.name}/{INTERFACE_MODULES[kind]}.py" for kind, path in package.interfaces.items()}
    return places | {path: layout.shipped_path(path) for path in components}


def placed_contents(
    layout: Layout, package: Package, components: Iterable[str], contents: Mapping[str, str]
) -> dict[str, str]:
    """``contents`` (path in the repository → hash) by what each file is in the package.

    Where the folders of the repository lie, and what they are called, is no part of a package. What has no place of
    its own, such as the repository's templates, keeps its path.
    """
    places = shipped_places(layout, package, components)
    names = [PurePosixPath(path).name for path in package.license_files]
    places |= {
        path: f"licenses/{name if names.count(name) == 1 else path}"
        for path, name in zip(package.license_files, names, strict=True)
    }
    if package.notebook is not None:
        places[package.notebook] = "README.ipynb"
    artifacts = {path: blob for path, blob in contents.items() if path in package.artifacts.values()}
    placed = {f"{package.name}/{ARTIFACTS_FOLDER}/{place}": contents[path] for place, path in package.artifacts.items()}
    return placed | {places.get(path, path): blob for path, blob in contents.items() if path not in artifacts}


def place_findings(layout: Layout, package: Package, components: tuple[str, ...]) -> Iterator[Finding]:
    """An error for each source whose place in the package is taken, or is where names that differ in case are one."""
    taken = {f"{package.name}.py".lower(): (f"{package.name}.py", package.module)}
    if artifacts := [*package.artifacts.values(), *package.artifact_links.values()]:
        taken[ARTIFACTS_FOLDER] = (f"{ARTIFACTS_FOLDER}/", artifacts[0])
    for path, place in shipped_places(layout, package, components).items():
        parts = place.split("/")[1:]
        names = ["/".join(parts[: count + 1]) for count in range(len(parts))]
        for name in names:
            clash = _clash(taken, name, is_file=name == names[-1])
            # An interface with exactly the module's name has its own finding.
            if clash is not None and not (clash[0] == name and path in package.interfaces.values()):
                yield _finding(package, path, name, clash)
                break
        for name in names:
            taken.setdefault(name.lower(), (name, path))


def _clash(taken: Mapping[str, tuple[str, str]], name: str, *, is_file: bool) -> tuple[str, str] | None:
    """What is at ``name`` already: the same in another case, the same file, or a module and a folder of one name."""
    there = taken.get(name.lower())
    if there is not None and (there[0] != name or is_file):
        return there
    top = "/" not in name
    return taken.get(f"{name.lower()}.py") if top and not is_file else None


def _finding(package: Package, path: str, name: str, clash: tuple[str, str]) -> Finding:
    other, origin = clash
    message = f"inside the package {package.name!r}, {name} and {other} (from {origin}) have one name"
    if name.lower() == other.lower() and name != other:
        message = f"inside the package {package.name!r}, {name} and {other} (from {origin}) differ in case only"
    advice = "rename one: macOS and Windows take both for the same" if "case" in message else "rename one"
    if path not in package.interfaces.values():
        advice += ", or the folder of components and dependencies_dir with it"
    return Finding(rule="component", message=message, location=Location(path=path), advice=advice)
