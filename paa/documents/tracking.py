"""The tracking files: ``releases.json`` of our own, and the two of the existing tool, so that both can go on."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from packaging.version import InvalidVersion, Version

from paa.documents.reading import SCHEMA, close_document, open_document, parse_json
from paa.documents.rules import COMMIT, PACKAGE, SHA256, VERSION
from paa.documents.writing import dump
from paa.errors import ConfigError

FOLDER = ".paa/tracking"
TRACKING_FILE = f"{FOLDER}/releases.json"
LEGACY_FILE = f"{FOLDER}/lsts_package_versions.yml"
LEGACY_LOG = f"{FOLDER}/version_logs.csv"


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackedRelease:
    """The last recorded release of one package, with the commit that it was made from."""

    package: str
    version: str
    fingerprint: str
    commit: str
    floors: Mapping[str, str] = field(default_factory=dict)


def parse_tracking(data: bytes) -> tuple[TrackedRelease, ...]:
    """Read ``releases.json``. Raises ConfigError with every fault."""
    top = open_document(parse_json(data, TRACKING_FILE), TRACKING_FILE)
    releases = tuple(
        TrackedRelease(
            package=node.text("package", PACKAGE),
            version=node.text("version", VERSION),
            fingerprint=node.text("fingerprint", SHA256),
            commit=node.text("commit", COMMIT),
            floors=node.text_map("floors", PACKAGE, VERSION),
        )
        for node in top.nodes("releases")
    )
    close_document(top, TRACKING_FILE)
    return releases


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
        for item in sorted(releases, key=lambda item: item.package)
    ]
    return dump({"schema": SCHEMA, "releases": items})


def merged(old: Iterable[TrackedRelease], new: Iterable[TrackedRelease]) -> tuple[TrackedRelease, ...]:
    """``old`` with ``new`` on top: per package the higher version stays, so that nothing recorded is ever lost."""
    by_package = {item.package: item for item in old}
    for item in new:
        before = by_package.get(item.package)
        if before is None or Version(item.version) >= Version(before.version):
            by_package[item.package] = item
    return tuple(by_package[package] for package in sorted(by_package))


def parse_legacy_versions(data: bytes) -> dict[str, str]:
    """``lsts_package_versions.yml`` of the existing tool: package → version. What is no version is left out."""
    import yaml

    try:
        # Its values are texts: read as a number, 1.10 would become 1.1.
        content: Any = yaml.load(data, Loader=yaml.BaseLoader)  # noqa: S506 (makes texts, lists and mappings only)
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        message = f"{LEGACY_FILE} is not readable as YAML: {error}"
        raise ConfigError(message, advice="mend the file, or remove it: tags and releases.json are enough") from error
    pairs = content.items() if isinstance(content, dict) else ()
    return {str(name): version for name, version in pairs if isinstance(version, str) and _is_version(version)}


def legacy_versions_bytes(old: bytes | None, versions: Mapping[str, str]) -> bytes:
    """``lsts_package_versions.yml`` with ``versions`` put in, sorted by package as the existing tool writes it."""
    import yaml

    known = {**(parse_legacy_versions(old) if old else {}), **versions}
    return yaml.safe_dump(known, encoding="utf-8", allow_unicode=True, sort_keys=True) if known else b""


def legacy_log_bytes(old: bytes | None, versions: Mapping[str, str], timestamp: str) -> bytes:
    """``version_logs.csv`` with a row per release appended; a row that is there already is not written twice.

    What was there stays, to the byte, and new rows end as the old ones do.
    """
    before = old or b"Timestamp,Package,Version\n"
    line_end = b"\r\n" if b"\r\n" in before else b"\n"
    present = {tuple(line.split(",")[1:]) for line in before.decode("utf-8", "replace").splitlines()}
    rows = [
        f"{timestamp},{name},{version}".encode() + line_end
        for name, version in sorted(versions.items())
        if (name, version) not in present
    ]
    gap = b"" if before.endswith(b"\n") else line_end
    return b"".join([before, gap, *rows]) if rows else before


def _is_version(text: str) -> bool:
    try:
        Version(text)
    except InvalidVersion:
        return False
    return True
