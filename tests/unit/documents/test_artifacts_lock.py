"""``artifacts.lock``: the same pins give the same bytes, and what is not whole is not used at all."""

import json

import pytest

from paa.documents.artifacts_lock import artifacts_lock_bytes, parse_artifacts_lock, refreshed
from paa.errors import ConfigError
from paa.model import Pin

A = Pin(url="https://example.org/a?x=1&y=ü", sha256="a" * 64, size=0)
B = Pin(url="https://example.org/b", sha256="b" * 64, size=123)
ITEM = {"url": "https://example.org/s3cret", "sha256": "a" * 64, "size": 1}


def test_what_is_written_is_read() -> None:
    assert parse_artifacts_lock(artifacts_lock_bytes([B, A])) == {A.url: A, B.url: B}


def test_order_does_not_count() -> None:
    assert artifacts_lock_bytes([A, B]) == artifacts_lock_bytes([B, A])


def test_an_empty_lock_is_a_lock() -> None:
    assert parse_artifacts_lock(artifacts_lock_bytes([])) == {}


def lock(*items: object, **more: object) -> bytes:
    return json.dumps({"schema": 1, "artifacts": list(items), **more}).encode()


DAMAGED = [
    (b"", "is not JSON"),
    (b"\xff\xfe", "is not JSON"),
    (b"<<<<<<< HEAD\n{}\n=======\n", "is not JSON"),
    (artifacts_lock_bytes([A])[:-20], "is not JSON"),
    (b"[]", "is not an object"),
    (b"{}", "schema: is missing"),
    (b'{"schema": 1}', "artifacts: is missing"),
    (b'{"schema": 1, "artifacts": {}}', "artifacts: {} is not an array"),
    (lock(schema=2), "has schema 2"),
    (lock(schema=0), "schema: 0 is not 1"),
    (lock("x"), "artifacts[0]: "),
    (lock(ITEM, ITEM), "1 of the addresses are there twice"),
    (lock({**ITEM, "sha256": "A" * 64}), "artifacts[0].sha256"),
    (lock({**ITEM, "sha256": "a" * 63}), "artifacts[0].sha256"),
    (lock({**ITEM, "size": -1}), "artifacts[0].size"),
    (lock({**ITEM, "size": True}), "artifacts[0].size"),
    (lock({**ITEM, "size": 1.0}), "artifacts[0].size"),
    (lock({**ITEM, "url": ""}), "artifacts[0].url"),
    (lock({"url": "x"}), "artifacts[0].sha256: is missing"),
    (b'{"schema": 1, "schema": 1, "artifacts": []}', "'schema' is there twice"),
]


@pytest.mark.parametrize(("data", "reason"), DAMAGED)
def test_a_damaged_lock_is_refused(data: bytes, reason: str) -> None:
    with pytest.raises(ConfigError) as raised:
        parse_artifacts_lock(data)
    assert raised.value.message.startswith("artifacts.lock")
    assert reason in raised.value.message
    assert "s3cret" not in raised.value.message
    assert raised.value.advice


def test_it_is_said_how_to_come_by_a_good_lock() -> None:
    for data in (b"x", lock(ITEM, ITEM)):
        with pytest.raises(ConfigError) as raised:
            parse_artifacts_lock(data)
        assert "from Git" in str(raised.value.advice)
        assert "refresh-module-artifacts" in str(raised.value.advice)


def test_a_lock_of_a_later_paa_is_not_to_be_thrown_away() -> None:
    with pytest.raises(ConfigError) as raised:
        parse_artifacts_lock(lock(schema=2))
    assert "upgrade paa" in str(raised.value.advice)


def test_a_refresh_replaces_adds_and_drops() -> None:
    changed = Pin(url=A.url, sha256="c" * 64, size=5)
    new = Pin(url="https://example.org/new", sha256="d" * 64, size=6)
    assert refreshed({A.url: A, B.url: B}, [changed, new], {A.url, new.url}, all_known=True) == (changed, new)


def test_a_refresh_keeps_what_it_was_not_asked_about() -> None:
    assert refreshed({A.url: A, B.url: B}, [], {A.url, B.url}, all_known=True) == (A, B)


def test_nothing_is_dropped_while_a_package_can_not_be_read() -> None:
    assert refreshed({A.url: A, B.url: B}, [], {A.url}, all_known=False) == (A, B)
