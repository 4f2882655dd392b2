"""The tracking files: ``releases.json`` of our own, and the two of the existing tool, so that both can go on."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from packaging.version import InvalidVersion, Version

from paa.documents.as_written import Written, read_as_written
from paa.documents.reading import SCHEMA, close_document, open_document, parse_json
from paa.documents.rules import COMMIT, LINE, PACKAGE, SHA256, VERSION
from paa.documents.writing import dump
from paa.errors import ConfigError

FOLDER = ".paa/tracking"
TRACKING_FILE = f"{FOLDER}/releases.json"
LEGACY_FILE = f"{FOLDER}/lsts_package_versions.yml"
LEGACY_LOG = f"{FOLDER}/version_logs.csv"
# The tags say the same, so that nothing is lost with the file.
_REPAIR = "undo what changed it (a merge?); or remove it, commit that, and run 'paa doctor --fix', which knows the tags"


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackedRelease:
    """The last recorded release of one package, with the commit that it was made from.

    ``indexes`` are those that have it; None where nothing says so, as in files of earlier versions of paa.
    """

    package: str
    version: str
    fingerprint: str
    commit: str
    floors: Mapping[str, str] = field(default_factory=dict)
    indexes: tuple[str, ...] | None = None


def parse_tracking(data: bytes) -> tuple[TrackedRelease, ...]:
    """Read ``releases.json``. Raises ConfigError with every fault."""
    return tuple(
        TrackedRelease(
            package=package, version=version, fingerprint=fingerprint, commit=commit, floors=floors, indexes=indexes
        )
        for package, version, fingerprint, commit, floors, indexes in tracked_entries(data)
    )


def tracked_entries(data: bytes) -> Sequence[Written]:
    """The fields of every release in ``releases.json``, for those who make something else of them.

    Raises ConfigError with every fault.
    """
    entries = read_as_written(data)
    return _read_strictly(data) if entries is None else entries


def _read_strictly(data: bytes) -> Sequence[Written]:
    top = open_document(parse_json(data, TRACKING_FILE, _REPAIR), TRACKING_FILE)
    entries = [
        (
            node.text("package", PACKAGE),
            node.text("version", VERSION),
            node.text("fingerprint", SHA256),
            node.text("commit", COMMIT),
            node.text_map("floors", PACKAGE, VERSION),
            node.optional_texts("indexes", LINE),
        )
        for node in top.nodes("releases")
    ]
    close_document(top, TRACKING_FILE, _REPAIR)
    return entries


def tracking_bytes(releases: Iterable[TrackedRelease]) -> bytes:
    """The content of ``releases.json``, sorted by package."""
    items = [
        {
            "package": item.package,
            "version": item.version,
            "fingerprint": item.fingerprint,
            "commit": item.commit,
            "floors": dict(sorted(item.floors.items())),
        }
        | ({} if item.indexes is None else {"indexes": sorted(item.indexes)})
        for item in sorted(releases, key=lambda item: item.package)
    ]
    return dump({"schema": SCHEMA, "releases": items})


def merged(old: Iterable[TrackedRelease], new: Iterable[TrackedRelease]) -> tuple[TrackedRelease, ...]:
    """``old`` with ``new`` on top: per package the higher version stays, so that nothing recorded is ever lost.

    What two entries of the same release say about indexes counts together.
    """
    by_package = {item.package: item for item in old}
    for item in new:
        before = by_package.get(item.package)
        if before is None or Version(item.version) >= Version(before.version):
            by_package[item.package] = item if before is None else _joined(before, item)
    return tuple(by_package[package] for package in sorted(by_package))


def _joined(before: TrackedRelease, after: TrackedRelease) -> TrackedRelease:
    if (before.version, before.fingerprint) != (after.version, after.fingerprint) or before.indexes is None:
        return after
    return replace(after, indexes=tuple(sorted({*before.indexes, *(after.indexes or ())})))


def parse_legacy_versions(data: bytes) -> dict[str, str]:
    """``lsts_package_versions.yml`` of the existing tool: package → version. What is no version is left out.

    Raises ConfigError for what is no YAML.
    """
    content = _read_legacy(data)
    return {name: version for name, version in content.items() if isinstance(version, str) and _is_version(version)}


def _read_legacy(data: bytes) -> dict[str, Any]:
    import yaml

    try:
        # Its values are texts: read as a number, 1.10 would become 1.1.
        content: Any = yaml.load(data, Loader=yaml.BaseLoader)  # noqa: S506 (makes texts, lists and mappings only)
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        message = f"{LEGACY_FILE} is not readable as YAML: {error}"
        raise ConfigError(message, advice="mend the file, or remove it: tags and releases.json are enough") from error
    return {str(name): value for name, value in content.items()} if isinstance(content, dict) else {}


def legacy_versions_bytes(old: bytes | None, versions: Mapping[str, str]) -> bytes:
    """``lsts_package_versions.yml`` with ``versions`` put in, sorted by package as the existing tool writes it.

    What is there and no version stays; when nothing changes, every byte does. Raises ConfigError for what is no YAML.
    """
    import yaml

    before = _read_legacy(old) if old else {}
    known = {**before, **versions}
    if known == before:
        return old or b""
    return yaml.safe_dump(known, encoding="utf-8", allow_unicode=True, sort_keys=True)


def legacy_log_bytes(old: bytes | None, releases: Iterable[tuple[str, str]], timestamp: str) -> bytes:
    """``version_logs.csv`` with a row per release (package, version) appended; what has a row gets no second one.

    What was there stays, to the byte, and new rows end as the old ones do.
    """
    before = old or b"Timestamp,Package,Version\n"
    line_end = b"\r\n" if b"\r\n" in before else b"\n"
    present = {tuple(line.split(",")[1:]) for line in before.decode("utf-8", "replace").splitlines()}
    rows = [
        f"{timestamp},{name},{version}".encode() + line_end
        for name, version in sorted(releases)
        if (name, version) not in present
    ]
    gap = b"" if before.endswith(b"\n") else line_end
    return b"".join([before, gap, *rows]) if rows else before


def known_versions(read: Callable[[str], bytes | None]) -> dict[str, str]:
    """Package → the highest version that the tracking files know, ``read`` by their paths. Raises ConfigError."""
    data, legacy = read(TRACKING_FILE), read(LEGACY_FILE)
    known = parse_legacy_versions(legacy) if legacy else {}
    for item in parse_tracking(data) if data else ():
        if item.package not in known or Version(item.version) >= Version(known[item.package]):
            known[item.package] = item.version
    return known


def _is_version(text: str) -> bool:
    try:
        Version(text)
    except InvalidVersion:
        return False
    return True
