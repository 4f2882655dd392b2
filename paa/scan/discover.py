"""Tracked files and the configuration → packages and their companion files. Nothing is read here, only listed."""

import keyword
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from packaging.utils import canonicalize_name

from paa.config import Config
from paa.edges.tree import Tree
from paa.errors import ConfigError
from paa.model import Finding, InterfaceKind, Location, Package
from paa.scan.standard_library import availability

_NOT_PACKAGES = frozenset({"__init__", "__main__", "conftest", "setup"})
_LICENSE = re.compile(r"(?:LICEN[CS]ES?|COPYING|NOTICE|AUTHORS)(?![A-Za-z]).*", re.IGNORECASE)
_NOT_TEXT = frozenset({".cfg", ".ini", ".ipynb", ".json", ".link", ".py", ".pyi", ".sh", ".toml", ".yaml", ".yml"})
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
    """Files that belong to packages by the name of their folder, listed once for all packages."""

    artifacts: Mapping[str, tuple[str, ...]]
    licenses: Mapping[str, tuple[str, ...]]
    shared_licenses: tuple[str, ...]


def discover(tree: Tree, config: Config) -> tuple[Package, ...]:
    """Every package of the repository, sorted by name. What can't be one carries the finding that says why.

    Raises ConfigError for a folder of components that holds the modules too: a file could be either.
    """
    _check_folders(config)
    companions = _Companions(
        artifacts=_by_package(tree, config.artifacts_dir) if config.add_artifacts else {},
        licenses=_by_package(tree, config.licenses_dir),
        shared_licenses=_shared_licenses(tree, config),
    )
    packages = [_module_package(tree, config, companions, path) for path in _modules(tree, config)]
    packages += [_project_package(tree, folder) for folder in config.projects]
    return tuple(sorted(_with_clashes(packages), key=lambda package: package.name))


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
    found = set()
    for path in tree.blobs:
        if path.startswith(prefix):
            name = path[len(prefix) :].partition("/")[0]
            if (
                name.endswith(".py")
                and not name.startswith(("_", "."))
                and name.removesuffix(".py") not in _NOT_PACKAGES
            ):
                found.add(prefix + name)
    yield from sorted(found)


def _module_package(tree: Tree, config: Config, companions: _Companions, path: str) -> Package:
    name = PurePosixPath(path).stem
    finding = _name_finding(name, path) or _file_finding(tree, path)
    if finding is not None:
        return Package(name=name, module=path, findings=(finding,))
    interfaces = {
        kind: f"{_prefix(folder)}{name}.py"
        for kind, folder in interface_folders(config).items()
        if f"{_prefix(folder)}{name}.py" in tree.blobs
    }
    notebook = f"{_prefix(config.example_notebooks_path)}{name}.ipynb"
    artifacts = companions.artifacts.get(name, ())
    shipped = (*interfaces.values(), *artifacts, *((notebook,) if notebook in tree.blobs else ()))
    own_licenses = tuple(path for path in companions.licenses.get(name, ()) if _is_license(tree, path))
    return Package(
        name=name,
        module=path,
        interfaces=interfaces,
        notebook=notebook if notebook in tree.blobs else None,
        artifacts=artifacts,
        license_files=own_licenses or companions.shared_licenses,
        findings=(
            *(finding for file in shipped if (finding := _file_finding(tree, file))),
            *(finding for file in artifacts if (finding := _artifact_finding(file))),
            *(_interface_finding(name, interfaces[kind]) for kind in interfaces if INTERFACE_MODULES[kind] == name),
        ),
    )


def _name_finding(name: str, path: str) -> Finding | None:
    if not name.isidentifier() or keyword.iskeyword(name) or not name.isascii():
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


def _artifact_finding(path: str) -> Finding | None:
    if path.endswith(".link"):
        message = "links to artifacts are not supported yet: the package would lack the file"
        return Finding(rule="file", message=message, location=Location(path=path), advice="put the file itself there")
    if not path.isprintable() or "\\" in path:
        message = f"{path!r} can't be the name of a file in a package: not everywhere can it be unpacked"
        return Finding(rule="file", message=message, location=Location(path=path), advice="rename the file")
    return None


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


def _shared_licenses(tree: Tree, config: Config) -> tuple[str, ...]:
    """Licence and notice of packages without their own: the configured ones, else those at the top."""
    configured = [path for path in (config.license_path, config.notice_path) if path]
    top = [path for path in tree.blobs if "/" not in path and _is_license(tree, path)]
    return tuple(sorted(path for path in configured or top if path in tree.blobs and path not in tree.links))


def _is_license(tree: Tree, path: str) -> bool:
    file = PurePosixPath(path)
    return path not in tree.links and file.suffix.lower() not in _NOT_TEXT and _LICENSE.fullmatch(file.name) is not None


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
    by_name: dict[str, list[Package]] = {}
    for package in packages:
        if package.project is None:
            by_name.setdefault(canonicalize_name(package.name), []).append(package)
    for package in packages:
        group = by_name.get(canonicalize_name(package.name), []) if package.project is None else []
        if len(group) < 2:  # noqa: PLR2004  # it takes two
            yield package
            continue
        others = ", ".join(other.module for other in group if other is not package)
        message = f"{package.name!r} is the same name on an index as {others} (PEP 503)"
        finding = Finding(rule="name", message=message, location=Location(path=package.module), advice="rename one")
        yield Package(name=package.name, module=package.module, findings=(*package.findings, finding))
