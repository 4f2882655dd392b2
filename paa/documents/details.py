"""``paa show --json``: all that is known about one package. docs/reference/formats.md describes the document."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from paa.documents.listing import ListedPackage, listed_to_json
from paa.documents.reading import SCHEMA
from paa.documents.writing import without_none
from paa.model import Finding, Location, Metadata, Requirement, ScannedPackage


@dataclass(frozen=True, slots=True, kw_only=True)
class PackageFile:
    """A file of the repository that goes into a package, or decides what does.

    ``place`` is its path in the wheel; None where it is not copied there (the README becomes the description) or where
    a project's own build backend decides. With ``url``, the file at ``path`` only names the address of what is shipped.
    """

    path: str
    place: str | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PassedImport:
    """An import from outside that is not simply required; ``kind`` is optional, type-only, dynamic or ignored."""

    module: str
    kind: str
    location: Location


@dataclass(frozen=True, slots=True, kw_only=True)
class PackageDetails:
    """One package as it is on disk. ``floors`` maps its siblings to the versions that they were last released as."""

    listed: ListedPackage
    scanned: ScannedPackage
    files: tuple[PackageFile, ...] = ()
    imports: tuple[PassedImport, ...] = ()
    floors: Mapping[str, str] = field(default_factory=dict)


def details_to_json(details: PackageDetails) -> dict[str, object]:
    """The document of one package: its entry in the list, and more."""
    scanned = details.scanned
    return {
        "schema": SCHEMA,
        **listed_to_json(details.listed),
        "repository": scanned.repository,
        "files": [_file_to_json(file) for file in details.files],
        "components": list(scanned.components),
        "requirements": [requirement_to_json(item, details.floors) for item in scanned.requirements],
        "imports": [
            {"module": item.module, "kind": item.kind, **location_to_json(item.location)} for item in details.imports
        ],
        "metadata": None if scanned.metadata is None else _metadata_to_json(scanned.metadata),
        "fingerprint": scanned.fingerprint or None,
        "findings": [_finding_to_json(finding) for finding in scanned.findings],
    }


def _file_to_json(file: PackageFile) -> dict[str, object]:
    return {"path": file.path, "place": file.place} | without_none({"url": file.url})


def requirement_to_json(item: Requirement, floors: Mapping[str, str]) -> dict[str, object]:
    """One requirement; ``floor`` is the version of the sibling that it stands for, where one was released."""
    return without_none(
        {
            "requirement": item.requirement,
            "evidence": item.evidence,
            "from": [location_to_json(place) for place in item.sources],
            "extra": item.extra,
            "sibling": item.sibling,
            "floor": floors.get(item.sibling) if item.sibling else None,
        }
    )


def location_to_json(place: Location) -> dict[str, object]:
    """A place in the repository."""
    return without_none({"path": place.path, "line": place.line})


def _finding_to_json(finding: Finding) -> dict[str, object]:
    return without_none(
        {
            "rule": finding.rule,
            "severity": finding.severity.value,
            "message": finding.message,
            "path": finding.location.path if finding.location else None,
            "line": finding.location.line if finding.location else None,
            "advice": finding.advice,
        }
    )


def _metadata_to_json(metadata: Metadata) -> dict[str, object]:
    return {
        "description": metadata.description,
        "requires_python": metadata.requires_python,
        "authors": [{"name": name, "email": email} for name, email in metadata.authors],
        "license": metadata.license,
        "keywords": list(metadata.keywords),
        "classifiers": list(metadata.classifiers),
        "urls": dict(sorted(metadata.urls.items())),
        "readme": metadata.readme,
        "import_names": list(metadata.import_names),
        "command": metadata.command,
        "entry_points": {
            group: dict(sorted(entries.items())) for group, entries in sorted(metadata.entry_points.items())
        },
        "publish": metadata.publish,
    }
