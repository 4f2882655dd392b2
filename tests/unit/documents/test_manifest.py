import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paa.documents.manifest import Manifest, manifest_bytes, parse_manifest
from paa.model import InterfaceKind

MANIFEST = Manifest(
    package="text_tools",
    version="1.3.0",
    fingerprint="a" * 64,
    repository="https://github.com/example/tools",
    components=("python_modules/components/words.py",),
    interfaces=(InterfaceKind.CLI, InterfaceKind.MCP),
    artifacts={"data/stop words.txt": "b" * 64, "model.bin": "c" * 64},
    links={"model.bin": "https://models.example.org/model.bin"},
)


def test_a_manifest_is_read_as_it_was_written() -> None:
    assert parse_manifest(manifest_bytes(MANIFEST)) == MANIFEST
    bare = Manifest(package="a", version="0.0.1", fingerprint="0" * 64)
    assert parse_manifest(manifest_bytes(bare)) == bare


def test_order_does_not_change_the_bytes() -> None:
    one = replace(MANIFEST, components=("b.py", "a.py"), artifacts={"b": "b" * 64, "a": "c" * 64})
    other = replace(
        MANIFEST,
        components=("a.py", "b.py"),
        interfaces=MANIFEST.interfaces[::-1],
        artifacts={"a": "c" * 64, "b": "b" * 64},
    )
    assert manifest_bytes(one) == manifest_bytes(other)


def test_nothing_is_in_it_that_differs_between_two_builds() -> None:
    assert list(json.loads(manifest_bytes(MANIFEST))) == [
        "schema",
        "package",
        "version",
        "fingerprint",
        "repository",
        "components",
        "interfaces",
        "artifacts",
    ]


@pytest.mark.parametrize(
    ("address", "written"),
    [
        ("https://user:secret@github.com/o/r", "https://github.com/o/r"),
        ("https://secret@example.org:8443/o/r", "https://example.org:8443/o/r"),
        ("https://a@b:secret@example.org/o/r", "https://example.org/o/r"),
        ("https://github.com/o/r?private_token=secret#secret", "https://github.com/o/r"),
        ("git@github.com:o/r.git", None),
        ("/srv/git/secret", None),
        ("file:///srv/git/secret", None),
        ("https://[secret", None),
        ("", None),
    ],
)
def test_no_secret_and_no_local_path_is_shipped(address: str, written: str | None) -> None:
    data = manifest_bytes(replace(MANIFEST, repository=address))
    assert b"secret" not in data
    assert json.loads(data)["repository"] == written


@pytest.mark.parametrize(
    "change",
    [
        {"schema": 2},
        {"schema": None},
        {"package": "../x"},
        {"package": 1},
        {"version": "latest"},
        {"fingerprint": "short"},
        {"repository": ["x"]},
        {"components": ["/etc/passwd"]},
        {"components": "x"},
        {"artifacts": {"x": "a" * 64}},
        {"artifacts": [{"path": "../x", "sha256": "a" * 64}]},
        {"artifacts": [{"path": "x", "sha256": "a"}]},
        {"artifacts": [{"path": "x", "sha256": "a" * 64, "url": "a\nb"}]},
        {"interfaces": [1]},
    ],
)
def test_a_manifest_of_somebody_else_proves_nothing(change: dict[str, object]) -> None:
    assert parse_manifest(json.dumps({**json.loads(manifest_bytes(MANIFEST)), **change}).encode()) is None


@pytest.mark.parametrize("data", [b"", b"{}", b"[]", b"null", b"\xff", b"[" * 100_000, b'{"schema": 1}'])
def test_bytes_that_are_no_manifest_prove_nothing(data: bytes) -> None:
    assert parse_manifest(data) is None


def test_interfaces_of_a_later_paa_are_left_out() -> None:
    content = json.loads(manifest_bytes(MANIFEST))
    content["interfaces"].append("desktop")
    assert parse_manifest(json.dumps(content).encode()) == MANIFEST


@given(
    st.binary() | st.recursive(st.none() | st.integers() | st.text(), st.lists).map(lambda x: json.dumps(x).encode())
)
def test_no_bytes_make_reading_fail(data: bytes) -> None:
    assert parse_manifest(data) is None
