"""The stage in one page: a scanned package, a version and the floors of its siblings → its setup directory."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import PurePosixPath

from paa.assemble.companions import ARTIFACTS_FOLDER, artifacts, license_files
from paa.assemble.metadata import project_file, resolved_dependencies
from paa.assemble.readme import readme
from paa.assemble.sources import rewrite_imports, with_version
from paa.config import Config
from paa.config.keys import Assembly
from paa.documents.manifest import MANIFEST_PATH, Manifest, manifest_bytes
from paa.edges.templates import ALIAS_TEMPLATE, MAIN_TEMPLATE, render
from paa.edges.tree import Tree
from paa.errors import FindingsError
from paa.model import Package, ScannedPackage, SetupDirectory
from paa.scan.components import Layout
from paa.scan.discover import INTERFACE_MODULES


def assemble(
    tree: Tree, config: Config, scanned: ScannedPackage, version: str, floors: Mapping[str, str]
) -> SetupDirectory:
    """The setup directory of a package without errors, as bytes by path; nothing is written.

    Raises FindingsError for what can't be put into a package faithfully, FileError or GitError when the tree can't be
    read.
    """
    package, metadata = scanned.package, scanned.metadata
    if metadata is None:
        message = f"{package.name} has no metadata: it was not scanned to the end"
        raise FindingsError(message)
    if config.assembly is Assembly.MERGE:
        message = f"{config.source}: 'assembly: merge' is not supported yet"
        raise FindingsError(message, advice="remove the line: 'mirror' keeps modules and components apart")
    name = package.name
    contents = tree.read(source_paths(tree, scanned))
    readme_name, readme_text = readme(tree, contents, scanned, metadata)
    licenses = license_files(_only(contents, package.license_files), ("pyproject.toml", readme_name, "PKG-INFO", name))
    dependencies = resolved_dependencies(scanned.requirements, floors, config)
    shipped = artifacts(_only(contents, package.artifacts), PurePosixPath(config.artifacts_dir, name))
    files = {
        "pyproject.toml": project_file(metadata, version, dependencies, name, (readme_name, *licenses)),
        readme_name: readme_text,
        **licenses,
        **_import_package(tree, config, scanned, contents, version),
        **{f"{name}/{ARTIFACTS_FOLDER}/{path}": data for path, data in shipped.items()},
        f"{name}/{MANIFEST_PATH}": _manifest(scanned, version, shipped),
    }
    return SetupDirectory(
        package=name, distribution=metadata.distribution, version=version, import_package=name, files=files
    )


def _manifest(scanned: ScannedPackage, version: str, shipped: Mapping[str, bytes]) -> bytes:
    manifest = Manifest(
        package=scanned.package.name,
        version=version,
        fingerprint=scanned.fingerprint,
        repository=scanned.repository,
        components=scanned.components,
        interfaces=tuple(scanned.package.interfaces),
        artifacts={path: hashlib.sha256(data).hexdigest() for path, data in shipped.items()},
    )
    return manifest_bytes(manifest)


def source_paths(tree: Tree, scanned: ScannedPackage) -> tuple[str, ...]:
    """Every path of ``tree`` that the package is assembled from.

    Raises FindingsError for a link: links are not followed into a package.
    """
    paths = tuple(scanned.contents)
    for path in paths:
        if path in tree.links:
            message = f"{path}: a symbolic link; links are not followed into a package"
            raise FindingsError(message, advice="put the file itself there")
    return paths


def _only(contents: Mapping[str, bytes], paths: Iterable[str]) -> dict[str, bytes]:
    return {path: contents[path] for path in paths}


def _import_package(
    tree: Tree, config: Config, scanned: ScannedPackage, contents: Mapping[str, bytes], version: str
) -> dict[str, bytes]:
    package = scanned.package
    layout = Layout(
        package=package.name,
        module_dir=config.module_dir,
        dependencies_dir=config.dependencies_dir,
        paths=tree.blobs.keys(),
        folders=frozenset(str(folder) for path in scanned.components for folder in PurePosixPath(path).parents),
    )
    _require_distinct(package, layout, scanned.components)
    places = {package.module: f"{package.name}/__init__.py"}
    places |= {path: f"{package.name}/{INTERFACE_MODULES[kind]}.py" for kind, path in package.interfaces.items()}
    places |= {path: layout.shipped_path(path) for path in scanned.components}
    files = {
        place: rewrite_imports(contents[path], layout, path) if scanned.components else contents[path]
        for path, place in places.items()
    }
    module = f"{package.name}/__init__.py"
    if not scanned.defines_version:
        files[module] = with_version(files[module], version)
    alias = render(ALIAS_TEMPLATE, {"package": package.name}, tree)
    files[f"{package.name}/{package.name}.py"] = alias.encode()
    if scanned.runs_as_program:
        files[f"{package.name}/__main__.py"] = render(MAIN_TEMPLATE, {"package": package.name}, tree).encode()
    return files


def _require_distinct(package: Package, layout: Layout, components: Sequence[str]) -> None:
    """Raise FindingsError where two things would be the same module of the import package."""
    taken = {package.name: "the module itself, which is also there under its own name"}
    wanted = [(INTERFACE_MODULES[kind], path) for kind, path in package.interfaces.items()]
    if components:
        wanted.append((layout.shipped_folder.partition("/")[0], f"{layout.dependencies_dir}/"))
    for name, origin in wanted:
        if name in taken:
            message = f"{package.name}.{name} would be both {origin} and {taken[name]}"
            raise FindingsError(message, advice=f"rename {package.module}, or move {origin}")
        taken[name] = origin
