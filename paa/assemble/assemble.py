"""The stage in one page: a scanned package, a version and the floors of its siblings → its setup directory."""

import hashlib
import re
from collections.abc import Mapping
from pathlib import PurePosixPath

from paa.assemble.metadata import project_file, resolved_dependencies
from paa.assemble.readme import readme
from paa.assemble.sources import INTERFACE_FILES, rewrite_imports, with_version
from paa.config import Config
from paa.documents import MANIFEST_PATH, Manifest, manifest_bytes
from paa.edges.templates import render
from paa.edges.tree import Tree
from paa.errors import FindingsError
from paa.model import ScannedPackage, SetupDirectory
from paa.scan.components import Layout
from paa.scan.imports import read_source

ARTIFACTS_FOLDER = "artifacts"
# What a licence file's path may hold (PEP 639: glob patterns are not file names).
_UNSAFE = re.compile(r"[^A-Za-z0-9._-]")


def assemble(
    tree: Tree, config: Config, scanned: ScannedPackage, version: str, floors: Mapping[str, str]
) -> SetupDirectory:
    """The setup directory of a package without errors, as bytes by path; nothing is written.

    Raises FindingsError for sources that can't be moved into a package faithfully, FileError or GitError when the tree
    can't be read.
    """
    package, metadata = scanned.package, scanned.metadata
    if metadata is None:
        message = f"{package.name} has no metadata: it was not scanned to the end"
        raise FindingsError(message)
    name = package.name
    license_files = _license_files(tree, package.license_files)
    dependencies = resolved_dependencies(scanned.requirements, floors, config)
    files = {
        "pyproject.toml": project_file(metadata, version, dependencies, name, license_files),
        "README.md": readme(tree, scanned, metadata),
        **license_files,
        **_import_package(tree, config, scanned, version),
    }
    artifacts = _artifacts(tree, config, scanned)
    files |= {f"{name}/{ARTIFACTS_FOLDER}/{path}": data for path, data in artifacts.items()}
    manifest = Manifest(
        package=name,
        version=version,
        fingerprint=scanned.fingerprint,
        repository=metadata.urls.get("Repository"),
        components=scanned.components,
        interfaces=tuple(package.interfaces),
        artifacts={path: hashlib.sha256(data).hexdigest() for path, data in artifacts.items()},
    )
    files[f"{name}/{MANIFEST_PATH}"] = manifest_bytes(manifest)
    return SetupDirectory(
        package=name, distribution=metadata.distribution, version=version, import_package=name, files=files
    )


def _import_package(tree: Tree, config: Config, scanned: ScannedPackage, version: str) -> dict[str, bytes]:
    package = scanned.package
    layout = Layout(
        package=package.name,
        module_dir=config.module_dir,
        dependencies_dir=config.dependencies_dir,
        paths=tree.blobs.keys(),
        folders=frozenset(str(folder) for path in scanned.components for folder in PurePosixPath(path).parents),
    )
    places = {package.module: f"{package.name}/__init__.py"}
    places |= {path: f"{package.name}/{INTERFACE_FILES[kind]}" for kind, path in package.interfaces.items()}
    places |= {path: layout.shipped_path(path) for path in scanned.components}
    sources = tree.read(places)
    files = {
        place: rewrite_imports(sources[path], layout, path) if scanned.components else sources[path]
        for path, place in places.items()
    }
    facts = read_source(sources[package.module])
    module = f"{package.name}/__init__.py"
    if not facts.defines_version:
        files[module] = with_version(files[module], version)
    alias = f"{package.name}/{package.name}.py"
    star = any("*" in fact.names for fact in facts.imports)
    values = {"package": package.name, "keeps_own_name": star or package.name in facts.bindings}
    files[alias] = render("package/alias.py.j2", values, root=tree.root).encode()
    return files


def _license_files(tree: Tree, paths: tuple[str, ...]) -> dict[str, bytes]:
    """Licence files at the top of the setup directory, under names that are no glob patterns."""
    contents = tree.read(paths)
    return {_UNSAFE.sub("_", PurePosixPath(path).name): contents[path] for path in paths}


def _artifacts(tree: Tree, config: Config, scanned: ScannedPackage) -> dict[str, bytes]:
    folder = f"{config.artifacts_dir}/{scanned.package.name}/"
    contents = tree.read(scanned.package.artifacts)
    return {path.removeprefix(folder): data for path, data in contents.items()}
