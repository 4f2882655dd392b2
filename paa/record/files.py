"""What the files of a repository say after releases: pure functions over what they said before.

Nothing that is there is lost: entries are merged by package, sections and rows are added, all else stays to the byte.
"""

import logging
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from itertools import groupby

from packaging.version import Version

from paa.documents.tracking import (
    FOLDER,
    LEGACY_FILE,
    LEGACY_LOG,
    TRACKING_FILE,
    legacy_log_bytes,
    legacy_versions_bytes,
    merged,
    parse_legacy_versions,
    parse_tracking,
    tracking_bytes,
)
from paa.edges.large_files import is_pointer
from paa.plan.notes import prepend, release_notes_section
from paa.record.model import Entry, Listing
from paa.record.readme_list import with_list

log = logging.getLogger(__name__)

NOTES_FOLDER = ".paa/release_notes"
README = "README.md"
# Where recording writes; nothing in there goes into a package.
RECORD_FOLDERS = (FOLDER, NOTES_FOLDER)

# The content of a file by its path, None where there is none.
Read = Callable[[str], bytes | None]


def recorded_files(
    read: Read, entries: Iterable[Entry], listing: Listing | None = None, readme: bytes | None = None
) -> dict[str, bytes]:
    """The files that ``entries`` change, by path, with their new contents; doing it again changes nothing more.

    ``listing`` is for the list in the README, which is left alone without one; ``readme`` takes the place of the README
    that is there. Raises ConfigError for a tracking file that can't be read.
    """
    ordered = sorted(entries, key=_moment)
    old = read(TRACKING_FILE)
    tracked = merged(parse_tracking(old) if old else (), (entry.tracked for entry in ordered))
    contents = {
        TRACKING_FILE: tracking_bytes(tracked),
        LEGACY_FILE: _versions(read(LEGACY_FILE), ordered),
        LEGACY_LOG: _log(read(LEGACY_LOG), ordered),
    }
    for package in sorted({entry.record.package for entry in ordered}):
        path = notes_path(package)
        contents[path] = _notes(read(path), [entry for entry in ordered if entry.record.package == package])
    text = read(README) if readme is None else readme
    if listing is not None and text is not None:
        text = with_list(text, listing, {item.package: item.version for item in tracked})
    if text is not None and (listing is not None or readme is not None):
        contents[README] = text
    return {path: data for path, data in contents.items() if _is_new(path, read(path), data)}


def notes_path(package: str) -> str:
    """Where the release notes of ``package`` are."""
    return f"{NOTES_FOLDER}/{package}.md"


def _moment(entry: Entry) -> tuple[int, str, Version]:
    return entry.time, entry.record.package, Version(entry.record.version)


def _is_new(path: str, before: bytes | None, after: bytes) -> bool:
    if before is not None and is_pointer(before):
        log.warning("%s is in Git LFS and is left as it is", path)
        return False
    return before != after


def _versions(old: bytes | None, entries: Sequence[Entry]) -> bytes:
    """A release of an older line does not take the place of a newer one."""
    known = parse_legacy_versions(old) if old else {}
    for entry in entries:
        package, version = entry.record.package, entry.record.version
        if package not in known or Version(version) > Version(known[package]):
            known[package] = version
    return legacy_versions_bytes(old, known)


def _log(old: bytes | None, entries: Sequence[Entry]) -> bytes:
    content = old or b""
    for time, group in groupby(entries, key=lambda entry: entry.time):
        pairs = [(entry.record.package, entry.record.version) for entry in group]
        content = legacy_log_bytes(content, pairs, _utc(time).strftime("%Y-%m-%d %H:%M:%S"))
    return content


def with_notes(old: bytes | None, version: str, date: str, notes: Sequence[str]) -> bytes:
    """A file of release notes with a section for ``version``, unless it has one; ``date`` as in ISO 8601."""
    # What is no UTF-8 goes through as it is.
    content = (old or b"").decode("utf-8", "surrogateescape")
    return prepend(content, release_notes_section(version, date, notes), version).encode("utf-8", "surrogateescape")


def _notes(old: bytes | None, entries: Sequence[Entry]) -> bytes:
    content = old or b""
    for entry in entries:
        content = with_notes(content, entry.record.version, _utc(entry.time).date().isoformat(), entry.notes)
    return content


def _utc(time: int) -> datetime:
    return datetime.fromtimestamp(time, UTC)
