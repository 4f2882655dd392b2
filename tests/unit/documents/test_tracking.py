"""The tracking files: read as they were written, by us and by the existing tool."""

import csv
import io
import json
from dataclasses import replace

import hypothesis.strategies as st
import pytest
import yaml
from hypothesis import given

from paa.documents.tracking import (
    TrackedRelease,
    legacy_log_bytes,
    legacy_versions_bytes,
    merged,
    parse_legacy_versions,
    parse_tracking,
    tracking_bytes,
)
from paa.errors import ConfigError

PRINT = "f" * 64
COMMIT = "c" * 40
NAMES = st.from_regex(r"[A-Za-z][A-Za-z0-9_]{0,8}", fullmatch=True)
VERSIONS = st.lists(st.integers(0, 30), min_size=1, max_size=4).map(lambda parts: ".".join(map(str, parts)))


def release(package: str, version: str) -> TrackedRelease:
    return TrackedRelease(
        package=package, version=version, fingerprint=PRINT, commit=COMMIT, floors={"z": "1", "b": "2"}
    )


def test_what_was_written_is_read_again_in_the_order_of_names() -> None:
    releases = (release("b", "1.0"), release("a", "2.0rc1"))
    data = tracking_bytes(releases)
    assert parse_tracking(data) == (releases[1], releases[0])
    assert tracking_bytes(reversed(releases)) == data
    assert json.loads(data)["releases"][0]["floors"] == {"b": "2", "z": "1"}
    assert data.endswith(b"\n")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"package": "../x"}, "releases[0].package"),
        ({"version": "one"}, "releases[0].version"),
        ({"version": "01.0"}, "releases[0].version"),
        ({"fingerprint": "F" * 64}, "releases[0].fingerprint"),
        ({"commit": "HEAD"}, "releases[0].commit"),
        ({"floors": {"a": "x"}}, "releases[0].floors"),
        ({"floors": []}, "releases[0].floors"),
    ],
)
def test_each_fault_is_told_with_its_place(change: dict[str, object], said: str) -> None:
    document = json.loads(tracking_bytes([release("a", "1.0")]))
    document["releases"][0] |= change
    with pytest.raises(ConfigError) as caught:
        parse_tracking(json.dumps(document).encode())
    assert said in caught.value.message
    assert "releases.json" in caught.value.message


def test_merging_keeps_the_highest_and_loses_nothing() -> None:
    old = (release("a", "1.9"), release("b", "2.0"), release("c", "1.0"))
    new = (release("a", "1.10"), release("b", "1.9"), release("d", "0.1"))
    assert [(item.package, item.version) for item in merged(old, new)] == [
        ("a", "1.10"),
        ("b", "2.0"),
        ("c", "1.0"),
        ("d", "0.1"),
    ]


def test_what_entries_of_one_release_say_about_indexes_counts_together() -> None:
    def on(*indexes: str) -> TrackedRelease:
        return replace(release("a", "1.0"), indexes=indexes)

    assert merged([on("x")], [on("y")]) == (on("x", "y"),)
    assert merged([release("a", "1.0")], [on("y")]) == (on("y"),)
    assert merged([on("x")], [release("a", "1.0")]) == (on("x"),)
    # Of another release it says nothing.
    assert merged([on("x")], [replace(on("y"), version="1.1")]) == (replace(on("y"), version="1.1"),)
    assert merged([on("x")], [replace(on("y"), fingerprint="0" * 64)]) == (replace(on("y"), fingerprint="0" * 64),)


def test_versions_of_the_existing_tool_are_read_as_texts() -> None:
    data = b"a: 1.10\nb: '2.0'\nc: 1.2.3\nd: nonsense\ne: [1]\nf:\non: 3\n1: 4\n"
    assert parse_legacy_versions(data) == {"a": "1.10", "b": "2.0", "c": "1.2.3", "on": "3", "1": "4"}
    assert parse_legacy_versions(b"") == {}
    assert parse_legacy_versions(b"- a\n") == {}


@pytest.mark.parametrize("data", [b"a: [", b"\xff\xfe\xff", b"a: !!python/object/apply:os.getcwd []\nb: {"])
def test_versions_that_can_t_be_read_are_an_error(data: bytes) -> None:
    with pytest.raises(ConfigError, match="lsts_package_versions"):
        parse_legacy_versions(data)


def test_nothing_in_the_versions_is_ever_run() -> None:
    assert parse_legacy_versions(b"a: !!python/object/apply:os.getcwd []\nb: '1.0'\n") == {"b": "1.0"}


@given(st.dictionaries(NAMES, VERSIONS), st.dictionaries(NAMES, VERSIONS))
def test_versions_are_the_same_for_us_and_for_any_yaml_reader(old: dict[str, str], new: dict[str, str]) -> None:
    data = legacy_versions_bytes(legacy_versions_bytes(None, old), new)
    assert parse_legacy_versions(data) == {**old, **new}
    assert (yaml.safe_load(data) or {}) == {**old, **new}


def test_usual_versions_stand_there_as_the_existing_tool_writes_them() -> None:
    assert legacy_versions_bytes(b"b: 1.0.0\n", {"a": "0.0.1"}) == b"a: 0.0.1\nb: 1.0.0\n"


def test_what_is_no_version_is_not_lost_and_nothing_is_rewritten_for_nothing() -> None:
    old = b"# by hand\nb:   1.0.0\nc: nonsense\nd: [1, 2]\n"
    assert legacy_versions_bytes(old, {"b": "1.0.0"}) == old
    assert yaml.safe_load(legacy_versions_bytes(old, {"a": "1.0"})) == {
        "a": "1.0",
        "b": "1.0.0",
        "c": "nonsense",
        "d": ["1", "2"],
    }


def test_the_log_gets_a_row_per_release_once() -> None:
    first = legacy_log_bytes(None, [("b", "1.0.0"), ("a", "0.0.1")], "2026-01-01 00:00:00")
    assert first == b"Timestamp,Package,Version\n2026-01-01 00:00:00,a,0.0.1\n2026-01-01 00:00:00,b,1.0.0\n"
    again = legacy_log_bytes(first, [("b", "1.0.0"), ("a", "0.0.2")], "2026-02-02 00:00:00")
    assert again == first + b"2026-02-02 00:00:00,a,0.0.2\n"
    assert [row["Version"] for row in csv.DictReader(io.StringIO(again.decode()))] == ["0.0.1", "1.0.0", "0.0.2"]


def test_a_log_that_ends_without_a_line_end_or_in_windows_ones_goes_on() -> None:
    for old in (b"Timestamp,Package,Version\n2026,a,1.0", b"Timestamp,Package,Version\r\n2026,a,1.0\r\n"):
        rows = legacy_log_bytes(old, [("a", "1.1")], "2027").decode().splitlines()
        assert rows == ["Timestamp,Package,Version", "2026,a,1.0", "2027,a,1.1"]
