"""What of the repository goes into a package, and where each file ends up in the wheel."""

from collections.abc import Iterator

from paa.assemble.companions import license_files
from paa.documents.details import PackageFile
from paa.edges.addresses import without_user_info
from paa.model import ScannedPackage
from paa.scan.assembly import merged_paths, runs_merged, sources_of
from paa.scan.components import Layout
from paa.scan.places import ARTIFACTS_FOLDER, shipped_places
from paa.scan.state import State

# The folder's real name has the version in it, which a package on disk does not have yet.
_LICENSES = "*.dist-info/licenses"


def package_files(state: State, scanned: ScannedPackage, layout: Layout) -> tuple[PackageFile, ...]:
    """The files of ``scanned``, sorted. Of a broken package those that are known; of a project, without places.

    Raises FileError or GitError when sources that are to be merged can't be read.
    """
    placed = [] if scanned.package.project is not None else list(_placed(state, scanned, layout))
    paths = {file.path for file in placed}
    others = [PackageFile(path=path) for path in scanned.contents if path not in paths]
    return tuple(sorted((*placed, *others), key=lambda file: (file.path, file.place or "")))


def _placed(state: State, scanned: ScannedPackage, layout: Layout) -> Iterator[PackageFile]:
    package = scanned.package
    name = package.name
    sources = _source_places(state, scanned, layout)
    places = [(place, path) for path, place in sources.items()]
    places += [(f"{name}/{ARTIFACTS_FOLDER}/{place}", path) for place, path in package.artifacts.items()]
    # Two files of one name get other names there; the assembler says which.
    licenses = license_files({path: path.encode() for path in package.license_files}, ("pyproject.toml", "PKG-INFO"))
    places += [(f"{_LICENSES}/{place}", path.decode()) for place, path in licenses.items()]
    yield from (PackageFile(path=path, place=place) for place, path in places if path in state.tree.blobs)
    for link in scanned.linked_artifacts:
        place = f"{name}/{ARTIFACTS_FOLDER}/{link.path}"
        yield PackageFile(path=link.source.path, place=place, url=without_user_info(link.url))


def _source_places(state: State, scanned: ScannedPackage, layout: Layout) -> dict[str, str]:
    """The sources with their places. Where they are merged, components share that of the module, as far as it has them.

    Where merging is asked for and something is wrong, nobody knows which would be merged: components have no place.
    """
    config = state.repository.config
    places = shipped_places(layout, scanned.package, scanned.components)
    if not runs_merged(config, scanned):
        return places
    if scanned.errors:
        return {path: place for path, place in places.items() if path not in scanned.components}
    merged = merged_paths(config, scanned, state.tree.read(sources_of(scanned)))
    return places | dict.fromkeys(merged, places[scanned.package.module])
