"""The stage in one page: a scanned package, a version and the floors of its siblings → its setup directory."""

import hashlib
from collections.abc import Iterable, Mapping

from paa.assemble.companions import artifacts, license_files
from paa.assemble.import_package import import_package
from paa.assemble.metadata import project_file, resolved_dependencies
from paa.assemble.readme import readme, released_sources
from paa.config import Config
from paa.documents.manifest import MANIFEST_PATH, Manifest, manifest_bytes
from paa.edges.addresses import without_user_info
from paa.edges.large_files import with_large_files
from paa.edges.tree import Tree
from paa.errors import FindingsError
from paa.model import ScannedPackage, SetupDirectory
from paa.scan.places import ARTIFACTS_FOLDER
from paa.scan.scan import require_no_errors


def assemble(
    tree: Tree, config: Config, scanned: ScannedPackage, version: str, floors: Mapping[str, str]
) -> SetupDirectory:
    """The setup directory of a package without errors, as bytes by path; nothing is written.

    Raises FindingsError for what can't be put into a package faithfully, FileError or GitError when the tree can't be
    read, FetchError when a linked artifact can't be fetched.
    """
    package, metadata = scanned.package, scanned.metadata
    if metadata is None:
        message = f"{package.name} has no metadata: it was not scanned to the end"
        raise FindingsError(message)
    require_no_errors(scanned)
    name = package.name
    contents = with_large_files(tree.root, tree.read(source_paths(tree, scanned)))
    sources = released_sources(tree, config, scanned, version)
    readme_name, readme_text = readme(tree, contents, scanned, metadata, sources)
    licenses = license_files(_only(contents, package.license_files), ("pyproject.toml", readme_name, "PKG-INFO", name))
    dependencies = resolved_dependencies(scanned.requirements, floors, config)
    shipped = artifacts(contents, scanned)
    files = {
        "pyproject.toml": project_file(metadata, version, dependencies, name, (readme_name, *licenses)),
        readme_name: readme_text,
        **licenses,
        **import_package(tree, config, scanned, contents, version),
        **{f"{name}/{ARTIFACTS_FOLDER}/{path}": data for path, data in shipped.items()},
        f"{name}/{MANIFEST_PATH}": _manifest(scanned, version, shipped),
    }
    return SetupDirectory(
        package=name,
        distribution=metadata.distribution,
        version=version,
        import_package=name,
        files=files,
        isolated=bool(metadata.import_names),
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
        # Without the query: what may be a token is not published.
        links={item.path: without_user_info(item.url) for item in scanned.linked_artifacts},
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
