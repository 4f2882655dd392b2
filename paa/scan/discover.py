"""Tracked files and the configuration → packages and their companion files. Nothing is read here, only listed."""

import keyword
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from paa.config import Config
from paa.edges.tree import Tree
from paa.errors import ConfigError
from paa.model import Finding, InterfaceKind, Location, Package
from paa.model.names import normalized
from paa.scan.artifacts import NO_ARTIFACTS, Artifacts, own_artifacts, package_artifacts, shared_artifacts
from paa.scan.metadata.license_files import LicenseFiles, package_license_files, shared_license_files
from paa.scan.standard_library import availability

_NOT_PACKAGES = frozenset({"__init__", "__main__", "conftest", "setup"})
PROJECT_FILE = "pyproject.toml"
# What the interfaces are called inside a package; ``<package>.<package>`` is another name of the module itself.
INTERFACE_MODULES: Mapping[InterfaceKind, str] = {
    InterfaceKind.CLI: "cli",
    InterfaceKind.API: "routes",
    InterfaceKind.STREAMLIT: "streamlit",
    InterfaceKind.MCP: "mcp_server",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Companions:
    """Files that belong to packages by the name of their folder, and where to look for others: once for all packages.

    ``paths`` is every file; ``interfaces`` (of each kind that there is) and ``notebooks`` are beginnings of paths.
    ``common_artifacts`` and ``common_licenses`` (with what is wrong with them) are those of every package without any
    of its own.
    """

    paths: frozenset[str]
    interfaces: Mapping[InterfaceKind, str]
    notebooks: str
    artifacts: Mapping[str, tuple[str, ...]]
    shared_artifacts: Artifacts
    common_artifacts: Artifacts
    licenses: Mapping[str, tuple[str, ...]]
    shared_licenses: LicenseFiles
    common_licenses: tuple[tuple[str, ...], tuple[Finding, ...]]


def discover(tree: Tree, config: Config) -> tuple[Package, ...]:
    """Every package of the repository, sorted by name. What can't be one carries the finding that says why.

    Raises ConfigError for a folder of components that holds the modules too: a file could be either.
    """
    _check_folders(config)
    companions = _companions(tree, config)
    packages = [_module_package(tree, config, companions, path) for path in _modules(tree, config)]
    packages += [_project_package(tree, folder) for folder in config.projects]
    return tuple(sorted(_with_clashes(packages), key=lambda package: package.name))


def _companions(tree: Tree, config: Config) -> _Companions:
    paths = frozenset(tree.blobs)
    listing = "\n".join(("", *paths))
    prefixes = {kind: _prefix(folder) for kind, folder in interface_folders(config).items()}
    shared = shared_artifacts(tree, config) if config.add_artifacts else NO_ARTIFACTS
    licenses = shared_license_files(tree, config)
    return _Companions(
        paths=paths,
        interfaces={kind: prefix for kind, prefix in prefixes.items() if f"\n{prefix}" in listing},
        notebooks=_prefix(config.example_notebooks_path),
        artifacts=_by_package(tree, config.artifacts_dir) if config.add_artifacts else {},
        shared_artifacts=shared,
        common_artifacts=NO_ARTIFACTS if shared == NO_ARTIFACTS else package_artifacts(NO_ARTIFACTS, shared, config),
        licenses=_by_package(tree, config.licenses_dir),
        shared_licenses=licenses,
        common_licenses=package_license_files(tree, (), licenses),
    )


def interface_folders(config: Config) -> Mapping[InterfaceKind, str]:
    """Where the companion files of each kind lie."""
    return {
        InterfaceKind.CLI: config.cli_dir,
        InterfaceKind.API: config.api_routes_dir,
        InterfaceKind.STREAMLIT: config.streamlit_dir,
        InterfaceKind.MCP: config.mcp_dir,
    }


def _check_folders(config: Config) -> None:
    modules, dependencies = config.module_dir, config.dependencies_dir
    if f"{modules}/".startswith(_prefix(dependencies)):
        message = f"{config.source or 'the settings'}: dependencies_dir: {dependencies!r} holds the modules too"
        advice = f"give components a folder of their own, such as {_prefix(modules)}components"
        raise ConfigError(message, advice=advice)


def _modules(tree: Tree, config: Config) -> Iterator[str]:
    """The ``.py`` files and folders directly in the module folder that ask to be packages."""
    prefix = _prefix(config.module_dir)
    start = len(prefix)
    names = {path[start:].partition("/")[0] for path in tree.blobs if path.startswith(prefix)}
    for name in sorted(names):
        if name.endswith(".py") and not name.startswith(("_", ".")) and name.removesuffix(".py") not in _NOT_PACKAGES:
            yield prefix + name


def _module_package(tree: Tree, config: Config, companions: _Companions, path: str) -> Package:
    name = path.rpartition("/")[2].removesuffix(".py")
    finding = _name_finding(name, path) or _file_finding(tree, path)
    if finding is not None:
        return Package(name=name, module=path, findings=(finding,))
    interfaces = {
        kind: place
        for kind, prefix in companions.interfaces.items()
        if (place := f"{prefix}{name}.py") in companions.paths
    }
    place = f"{companions.notebooks}{name}.ipynb"
    notebook = place if place in companions.paths else None
    artifacts = _artifacts(config, companions, name)
    licenses, findings = _licenses(tree, companions, name)
    if interfaces or notebook or artifacts is not NO_ARTIFACTS:
        shipped = [*interfaces.values(), *artifacts.files.values(), *artifacts.links.values(), notebook]
        findings = (
            *(finding for file in shipped if file and (finding := _file_finding(tree, file))),
            *artifacts.findings,
            *findings,
            *(_interface_finding(name, interfaces[kind]) for kind in interfaces if INTERFACE_MODULES[kind] == name),
        )
    return Package(
        name=name,
        module=path,
        interfaces=interfaces,
        notebook=notebook,
        artifacts=artifacts.files,
        artifact_links=artifacts.links,
        license_files=licenses,
        findings=findings,
    )


def _name_finding(name: str, path: str) -> Finding | None:
    if not (name.isidentifier() and name.isascii()) or keyword.iskeyword(name):
        suggestion = re.sub(r"[^A-Za-z0-9_]", "_", name).strip("_")
        message = f"{name!r} can't be imported: it is not a Python identifier of ASCII letters, digits and underscores"
        good = suggestion.isidentifier() and not keyword.iskeyword(suggestion)
        advice = "rename the file" + (f", for example to {suggestion}.py" if good else "")
    elif name.endswith("_"):
        message = f"{name!r} can't be the name of a distribution: it ends with an underscore (PEP 508)"
        advice = "rename the file"
    elif availability(name) is not None:
        message = f"{name!r} is a module of the standard library: the package could never be imported"
        advice = "rename the file"
    else:
        return None
    return Finding(rule="name", message=message, location=Location(path=path), advice=advice)


def _file_finding(tree: Tree, path: str) -> Finding | None:
    if path in tree.links:
        message = "a symbolic link; links are not followed into a package"
        return Finding(rule="file", message=message, location=Location(path=path), advice="put the file itself there")
    if path not in tree.blobs:
        message = "a folder whose name ends in .py"
        return Finding(rule="file", message=message, location=Location(path=path), advice="rename the folder")
    return None


def _licenses(tree: Tree, companions: _Companions, name: str) -> tuple[tuple[str, ...], tuple[Finding, ...]]:
    if name not in companions.licenses:
        return companions.common_licenses
    return package_license_files(tree, companions.licenses[name], companions.shared_licenses)


def _artifacts(config: Config, companions: _Companions, name: str) -> Artifacts:
    if name not in companions.artifacts:
        return companions.common_artifacts
    prefix = f"{_prefix(config.artifacts_dir)}{name}/"
    own = own_artifacts({path.removeprefix(prefix): path for path in companions.artifacts[name]})
    return package_artifacts(own, companions.shared_artifacts, config)


def _interface_finding(name: str, path: str) -> Finding:
    message = f"inside the package {name!r} this file would take the place of {name}.{name}, the module itself"
    advice = "rename the module and its companions: a package with this interface can't have this name"
    return Finding(rule="interface", message=message, location=Location(path=path), advice=advice)


def _prefix(folder: str) -> str:
    """What the paths of the files in ``folder`` begin with; ``.`` is the root."""
    return "" if folder == "." else f"{folder}/"


def _by_package(tree: Tree, folder: str) -> Mapping[str, tuple[str, ...]]:
    """The files below each folder of ``folder``, by that folder's name; sorted."""
    prefix = _prefix(folder)
    found: dict[str, list[str]] = {}
    for path in tree.blobs:
        if path.startswith(prefix):
            name, _, rest = path[len(prefix) :].partition("/")
            if rest:
                found.setdefault(name, []).append(path)
    return {name: tuple(sorted(paths)) for name, paths in found.items()}


def _project_package(tree: Tree, folder: str) -> Package:
    """A folder with its own ``pyproject.toml``; its name is that of the project once the file has been read."""
    prefix = "" if folder == "." else f"{folder}/"
    path = prefix + PROJECT_FILE
    name = PurePosixPath(folder).name or PurePosixPath(tree.root.name).name
    if path not in tree.blobs or path in tree.links:
        message = f"projects: {folder!r} has no {PROJECT_FILE}"
        finding = Finding(
            rule="project", message=message, location=Location(path=path), advice="add it, or drop the entry"
        )
        return Package(name=name, module=path, project=folder, findings=(finding,))
    return Package(name=name, module=path, project=folder)


def _with_clashes(packages: list[Package]) -> Iterator[Package]:
    """Names that are one name on an index (PEP 503) are an error of each; those of projects are not known yet."""
    names = [normalized(package.name) for package in packages if package.project is None]
    if len({*names}) == len(names):
        yield from packages
        return
    by_name: dict[str, list[Package]] = {}
    for package in packages:
        if package.project is None:
            by_name.setdefault(normalized(package.name), []).append(package)
    for package in packages:
        group = by_name.get(normalized(package.name), []) if package.project is None else []
        if len(group) < 2:  # noqa: PLR2004  # it takes two
            yield package
            continue
        others = ", ".join(other.module for other in group if other is not package)
        message = f"{package.name!r} is the same name on an index as {others} (PEP 503)"
        finding = Finding(rule="name", message=message, location=Location(path=package.module), advice="rename one")
        yield Package(name=package.name, module=package.module, findings=(*package.findings, finding))
