"""Tracked files and the configuration → packages and their companion files. Nothing is read here, only listed."""

import keyword
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath

from packaging.utils import canonicalize_name

from paa.config import Config
from paa.edges.tree import Tree
from paa.model import Finding, InterfaceKind, Location, Package
from paa.scan.standard_library import availability

_NOT_PACKAGES = frozenset({"__init__", "__main__", "conftest", "setup"})
_LICENSE_PREFIXES = ("LICENSE", "LICENCE", "COPYING", "NOTICE", "AUTHORS")
PROJECT_FILE = "pyproject.toml"


def discover(tree: Tree, config: Config) -> tuple[Package, ...]:
    """Every package of the repository, sorted by name. What can't be one carries the finding that says why."""
    packages = [_module_package(tree, config, path) for path in _modules(tree, config)]
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


def _modules(tree: Tree, config: Config) -> Iterator[str]:
    """The ``.py`` files and folders directly in the module folder that ask to be packages."""
    prefix = f"{config.module_dir}/"
    found = set()
    for path in tree.blobs:
        if path.startswith(prefix):
            name = path[len(prefix) :].partition("/")[0]
            if name.endswith(".py") and not name.startswith("_") and name.removesuffix(".py") not in _NOT_PACKAGES:
                found.add(prefix + name)
    yield from sorted(found)


def _module_package(tree: Tree, config: Config, path: str) -> Package:
    name = PurePosixPath(path).stem
    finding = _name_finding(name, path) or _file_finding(tree, path)
    if finding is not None:
        return Package(name=name, module=path, findings=(finding,))
    interfaces = {
        kind: f"{folder}/{name}.py"
        for kind, folder in interface_folders(config).items()
        if f"{folder}/{name}.py" in tree.blobs
    }
    notebook = f"{config.example_notebooks_path}/{name}.ipynb"
    artifacts = _files_below(tree, f"{config.artifacts_dir}/{name}") if config.add_artifacts else ()
    companions = (*interfaces.values(), *artifacts)
    return Package(
        name=name,
        module=path,
        interfaces=interfaces,
        notebook=notebook if notebook in tree.blobs else None,
        artifacts=artifacts,
        license_files=_license_files(tree, config, name),
        findings=(
            *(finding for file in companions if (finding := _file_finding(tree, file))),
            *(_link_finding(file) for file in artifacts if file.endswith(".link")),
        ),
    )


def _name_finding(name: str, path: str) -> Finding | None:
    if not name.isidentifier() or keyword.iskeyword(name) or not name.isascii():
        suggestion = "".join(letter if letter.isalnum() and letter.isascii() else "_" for letter in name)
        message = f"{name!r} can't be imported: it is not a Python identifier of ASCII letters, digits and underscores"
        advice = f"rename the file, for example to {suggestion}.py"
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


def _link_finding(path: str) -> Finding:
    message = "links to artifacts are not supported yet: the package would lack the file"
    return Finding(rule="file", message=message, location=Location(path=path), advice="put the file itself there")


def _files_below(tree: Tree, folder: str) -> tuple[str, ...]:
    prefix = f"{folder}/"
    return tuple(sorted(path for path in tree.blobs if path.startswith(prefix)))


def _license_files(tree: Tree, config: Config, name: str) -> tuple[str, ...]:
    """The package's own licence and notice, else the configured ones, else those at the top of the repository."""
    own = [path for path in _files_below(tree, f"{config.licenses_dir}/{name}") if _is_license(path)]
    configured = [path for path in (config.license_path, config.notice_path) if path]
    top = [path for path in tree.blobs if "/" not in path and _is_license(path)]
    chosen = own or configured or top
    return tuple(sorted(path for path in chosen if path in tree.blobs and path not in tree.links))


def _is_license(path: str) -> bool:
    return PurePosixPath(path).name.upper().startswith(_LICENSE_PREFIXES)


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
    """Names that are one name on an index (PEP 503) are an error of each of them."""
    by_name: dict[str, list[Package]] = {}
    for package in packages:
        by_name.setdefault(canonicalize_name(package.name), []).append(package)
    for group in by_name.values():
        for package in group:
            others = ", ".join(other.module for other in group if other is not package)
            if not others:
                yield package
                continue
            message = f"{package.name!r} is the same name on an index as {others} (PEP 503)"
            finding = Finding(rule="name", message=message, location=Location(path=package.module), advice="rename one")
            yield Package(name=package.name, module=package.module, findings=(*package.findings, finding))
