"""``dist/paa-release.json`` ↔ ReleaseSet. docs/reference/formats.md describes the document."""

from dataclasses import replace

from packaging.utils import canonicalize_name, parse_sdist_filename, parse_wheel_filename
from packaging.version import Version

from paa.documents.plans import document_of, read_plan, read_release, release_to_json
from paa.documents.reading import Node, close_document, open_document, twice
from paa.documents.rules import FILE, LINE, SHA256, is_file_name
from paa.model import BuiltRelease, Distribution, DistributionKind, Outcome, Release, ReleaseSet

_WHEEL_ENDING = ".whl"


def release_set_to_json(releases: ReleaseSet) -> dict[str, object]:
    """The document of a build: the plan's, each release with its files, requirements and checks.

    A release of the plan that was not built has no files. What was built beyond the plan comes last.
    """
    built = {item.release.package: item for item in releases.releases}
    planned = {release.package: release for release in releases.plan.releases}
    absent = {name: BuiltRelease(release=planned[name], files=(), requires_dist=()) for name in planned}
    entries = [_built_to_json(item) for item in {**absent, **built}.values()]
    unchanged = tuple(package for package in releases.plan.unchanged if package not in built)
    return document_of(replace(releases.plan, unchanged=unchanged), entries)


def release_set_from_json(document: object, source: str = "the release set") -> ReleaseSet:
    """Read the document of a build. Raises ConfigError with every fault, each with its key path in ``source``.

    ``releases`` of the result are those with files; ``plan.releases`` are all of the document, so that a release
    that needs one that was not built can be told so.
    """
    top = open_document(document, source)
    built = [_read_built(node) for node in top.nodes("releases")]
    for name in twice(file.name for item in built for file in item.files):
        top.fault("releases", f"the file {name} is there twice")
    plan = read_plan(top, [item.release for item in built])
    close_document(top, source)
    return ReleaseSet(plan=plan, releases=tuple(item for item in built if item.files))


def _built_to_json(built: BuiltRelease) -> dict[str, object]:
    files = sorted(built.files, key=lambda file: file.name)
    return {
        **release_to_json(built.release),
        "files": [
            {"name": file.name, "size": file.size, "sha256": file.sha256, "kind": file.kind.value} for file in files
        ],
        "requires_dist": sorted(built.requires_dist),
        "checks": {name: outcome.value for name, outcome in sorted(built.checks.items())},
    }


def _read_built(node: Node) -> BuiltRelease:
    release = read_release(node)
    checks = node.node("checks")
    return BuiltRelease(
        release=release,
        files=tuple(_read_file(file, release) for file in node.nodes("files")),
        requires_dist=node.texts("requires_dist", LINE),
        checks={name: checks.choice(name, Outcome) for name in checks.values},
    )


def _read_file(node: Node, release: Release) -> Distribution:
    file = Distribution(
        name=node.text("name", FILE),
        size=node.number("size"),
        sha256=node.text("sha256", SHA256),
        kind=node.choice("kind", DistributionKind),
    )
    if file.name and (file.kind is DistributionKind.WHEEL) != file.name.endswith(_WHEEL_ENDING):
        node.fault("kind", f"{file.name} is not a {file.kind.value}")
    elif is_file_name(file.name) and release.distribution and release.version and not _belongs(file, release):
        node.fault("name", f"{file.name} is not a file of {release.distribution} {release.version}")
    return file


def _belongs(file: Distribution, release: Release) -> bool:
    """Whether the name of the file is that of the release (binary distribution format, PEP 625)."""
    try:
        if file.kind is DistributionKind.WHEEL:
            name, version, _, _ = parse_wheel_filename(file.name)
        else:
            name, version = parse_sdist_filename(file.name)
    except ValueError:
        return False
    return name == canonicalize_name(release.distribution) and version == Version(release.version)
