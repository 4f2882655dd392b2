"""What the files say after releases: everything that was there, and the releases once."""

import random
from collections.abc import Mapping

import hypothesis.strategies as st
import pytest
from hypothesis import given

from paa.documents.tracking import LEGACY_FILE, LEGACY_LOG, TRACKING_FILE, parse_legacy_versions, parse_tracking
from paa.plan.tags import TagRecord
from paa.record.files import notes_path, recorded_files
from paa.record.model import Entry

PRINT, COMMIT = "f" * 64, "c" * 40
POINTER = b"version https://git-lfs.github.com/spec/v1\noid sha256:" + b"0" * 64 + b"\nsize 12\n"


def entry(package: str, version: str, *, time: int = 0, notes: tuple[str, ...] = ("A note",)) -> Entry:
    record = TagRecord(package=package, version=version, fingerprint=PRINT, builder="flit_core 4.2.0")
    return Entry(record=record, commit=COMMIT, time=time, notes=notes)


def after(files: Mapping[str, bytes], *entries: Entry) -> dict[str, bytes]:
    return {**files, **recorded_files(files.get, entries)}


def test_a_first_release_makes_all_files() -> None:
    made = after({}, entry("a", "1.10", time=1_700_000_000))
    assert made[LEGACY_FILE] == b"a: '1.10'\n"
    assert made[LEGACY_LOG] == b"Timestamp,Package,Version\n2023-11-14 22:13:20,a,1.10\n"
    assert made[notes_path("a")] == b"# Release notes\n\n### 1.10 (2023-11-14)\n\n- A note\n"
    assert [(item.package, item.commit) for item in parse_tracking(made[TRACKING_FILE])] == [("a", COMMIT)]
    assert recorded_files(made.get, [entry("a", "1.10", time=1_800_000_000)]) == {}


def test_a_release_of_an_older_line_takes_no_newer_ones_place() -> None:
    newer = after({}, entry("a", "2.0", time=1))
    both = after(newer, entry("a", "1.9.1", time=2))
    assert both[TRACKING_FILE] == newer[TRACKING_FILE]
    assert both[LEGACY_FILE] == newer[LEGACY_FILE]
    assert both[notes_path("a")].index(b"### 1.9.1") < both[notes_path("a")].index(b"### 2.0")


RELEASES = [entry(package, f"1.{minor}", time=100 * minor) for minor in range(3) for package in "abc"]


@given(st.randoms(use_true_random=False), st.integers(0, len(RELEASES)))
def test_in_whatever_portions_they_come_nothing_is_lost(chance: random.Random, cut: int) -> None:
    shuffled = chance.sample(RELEASES, len(RELEASES))
    files = after(after({}, *shuffled[:cut]), *shuffled[cut:])
    assert {item.package: item.version for item in parse_tracking(files[TRACKING_FILE])} == dict.fromkeys("abc", "1.2")
    assert parse_legacy_versions(files[LEGACY_FILE]) == dict.fromkeys("abc", "1.2")
    assert len(files[LEGACY_LOG].splitlines()) == 1 + len(RELEASES)
    for package in "abc":
        text = files[notes_path(package)].decode()
        assert all(text.count(f"### 1.{minor} (") == 1 for minor in range(3))


@pytest.mark.parametrize(
    "old",
    [
        b"",
        b"no end",
        b"# Title",
        b"# Title\r\n\r\n### 0.1\r\n\r\n- old\r\n",
        b"\xef\xbb\xbf# Title\n\n### 0.1\n",
        b"caf\xe9 \xff\xfe\n\n### 0.1 (2020-01-01)\n\n- old\n",
        b"```\n### 1.0\n```\n",
        b"\n\n\n",
    ],
)
def test_notes_are_put_in_and_all_that_was_there_stays_to_the_byte(old: bytes) -> None:
    path, notes = notes_path("a"), ("one", "### 1.0", "<!-- x", "- two")
    made = after({path: old}, entry("a", "1.0", notes=notes))[path]
    start, end = made.index(b"### 1.0 (1970-01-01)"), made.index(b"two") + len(b"two")
    before, rest = made[:start], made[end:]
    # Only empty lines, or the title of an empty file, come beside the section itself.
    assert (before + rest).split() == (old.split() or [b"#", b"Release", b"notes"])
    assert old.startswith(before.rstrip(b"\r\n")) or not old.strip()
    assert old.endswith(rest.lstrip(b"\r\n")) or not old.strip()
    assert (b"\r\n" in old) == (b"\r\n" in made)
    assert recorded_files({**after({path: old}, entry("a", "1.0"))}.get, [entry("a", "1.0")]) == {}


def test_a_file_that_lies_in_large_file_storage_is_left_as_it_is(caplog: pytest.LogCaptureFixture) -> None:
    made = after({LEGACY_LOG: POINTER, notes_path("a"): POINTER}, entry("a", "1.0"))
    assert made[LEGACY_LOG] == made[notes_path("a")] == POINTER
    assert "Git LFS" in caplog.text
    assert TRACKING_FILE in made
