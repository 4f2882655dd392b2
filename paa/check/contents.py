"""What the files in a folder hold, held against the plan, without running any of it."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from email.parser import BytesParser
from pathlib import Path

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

from paa.check.archives import wheel_members
from paa.check.files import faults_in_files
from paa.documents.manifest import MANIFEST_PATH, Manifest, parse_manifest
from paa.edges.archives import UNREADABLE
from paa.edges.files import list_special, read_bytes
from paa.errors import FindingsError
from paa.model import BuiltRelease, DistributionKind, PublishSettings, Release, ReleaseSet

_ONCE = ("Name", "Version")


def require_plain_files(folder: Path) -> None:
    """Raise FindingsError when a symbolic link, or anything else but files and folders, lies below ``folder``."""
    if special := list_special(folder):
        shown = "".join(f"\n  {name}" for name in special)
        message = f"in {folder} there must be files and folders alone, and these are something else:{shown}"
        raise FindingsError(message, advice="what was built has no links in it: look at what put them there")


def require_planned_contents(release_set: ReleaseSet, packages: Collection[str], folder: Path) -> None:
    """Raise FindingsError unless the files of ``packages`` in ``folder`` are what the plan of ``release_set`` releases.

    The bytes are those that were named, names and metadata are those of the release, requirements on packages of the
    plan are those of the plan, and a manifest names this release and this repository. Files that are not there are
    left out. Raises FileError for a file that can't be read.
    """
    require_plain_files(folder)
    releases: dict[str, Release] = {
        canonicalize_name(release.distribution): release for release in release_set.plan.releases
    }
    settings = release_set.plan.settings or PublishSettings()
    faults: list[str] = []
    for built in release_set.releases:
        if built.release.package in packages:
            there = tuple(file for file in built.files if (folder / file.name).is_file())
            faults += _faults_in_release(replace(built, files=there), folder, releases, settings)
    if faults:
        message = "".join((f"what is in {folder} is not what was planned, so nothing of it is published:", *faults))
        raise FindingsError(message, advice="build it again from this plan, and look at what changed the files")


def _faults_in_release(
    built: BuiltRelease, folder: Path, releases: Mapping[str, Release], settings: PublishSettings
) -> Iterator[str]:
    wheels = [file.name for file in built.files if file.kind is DistributionKind.WHEEL]
    for message in faults_in_files(built, folder, generated=is_generated(built, folder)):
        yield f"\n  {built.release.package}: {message}"
    for name in wheels:
        for message in _faults_in_wheel(built, read_bytes(folder / name), releases, settings):
            yield f"\n  {built.release.package}: {name}: {message}"


def is_generated(built: BuiltRelease, folder: Path) -> bool:
    """Whether paa assembled the release: a wheel of it in ``folder`` has a manifest where those have theirs."""
    place = f"{built.release.package}/{MANIFEST_PATH}"
    for file in built.files:
        if file.kind is DistributionKind.WHEEL and (folder / file.name).is_file():
            try:
                names = [name for name, _ in wheel_members(read_bytes(folder / file.name))]
            except UNREADABLE:
                continue
            if place in names:
                return True
    return False


def _faults_in_wheel(
    built: BuiltRelease, data: bytes, releases: Mapping[str, Release], settings: PublishSettings
) -> Iterator[str]:
    try:
        members = {name: content for name, content in wheel_members(data) if content is not None}
    except UNREADABLE:
        return  # That is among the faults already.
    # At the top: files of the package may have such names, too.
    places = (name for name in members if name.endswith(".dist-info/METADATA") and name.count("/") == 1)
    metadata = members.get(next(places, ""), b"")
    headers = BytesParser().parsebytes(metadata, headersonly=True)
    for name in _ONCE:
        if len(headers.get_all(name, [])) != 1:
            yield f"its METADATA has not exactly one {name}"
    required = [str(text) for text in headers.get_all("Requires-Dist", [])]
    if sorted(required) != sorted(built.requires_dist):
        yield "it does not require what paa-release.json says"
    place = f"{built.release.package}/{MANIFEST_PATH}"
    if canonicalize_name(built.release.distribution) in settings.projects:
        return  # Its requirements are its own.
    if place not in members:
        yield "it has no manifest, as packages that paa assembles have one"
        return
    manifest = parse_manifest(members[place])
    if manifest is None or _identity(manifest) != _identity(built.release):
        yield "its manifest is not that of this release"
    elif manifest.repository not in {None, settings.repository}:
        yield f"its manifest names the repository {manifest.repository}, the plan {settings.repository}"
    yield from _faults_in_requirements(built.release, required, releases)


def _identity(said: Manifest | Release) -> tuple[str, str, str]:
    return said.package, said.version, said.fingerprint


def _faults_in_requirements(release: Release, texts: Sequence[str], releases: Mapping[str, Release]) -> Iterator[str]:
    """Each package of the plan that is required has a floor there, and the other way round.

    The versions themselves may be the author's, who can ask for any in a mark.
    """
    required = set()
    for text in texts:
        try:
            requirement = Requirement(text)
        except InvalidRequirement:
            yield f"it requires {text!r}, which is no requirement"
            continue
        sibling = releases.get(canonicalize_name(requirement.name))
        if sibling is None:
            continue
        required.add(sibling.package)
        if requirement.url is not None:
            yield f"it requires {sibling.distribution} from {requirement.url}"
        elif sibling.package in release.floors and not requirement.specifier:
            yield f"it requires {sibling.distribution} in any version, the plan {release.floors[sibling.package]}"
        elif sibling.package not in release.floors and "extra" not in str(requirement.marker):
            yield f"it requires {sibling.distribution}, which the plan does not"
    planned = {item.package: item.distribution for item in releases.values()}
    for package in sorted(release.floors.keys() & planned.keys() - required):
        yield f"it does not require {planned[package]}, which the plan does"
