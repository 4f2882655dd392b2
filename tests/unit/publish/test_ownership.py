import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from paa.documents.manifest import Manifest
from paa.edges.waiting import Backoff
from paa.errors import IndexReadError
from paa.model import BuiltRelease, Index, IndexFile, IndexKind
from paa.publish.channel import open_channel
from paa.publish.ownership import Claim, built_manifest, is_ours, newest_manifest
from tests.distributions import build, build_release

THEIRS = Manifest(package="foo", version="0.9", fingerprint="1" * 64, repository="https://example.org/theirs")
OURS = replace(THEIRS, repository="https://example.org/ours")
SERVED = (IndexFile(name="foo-0.9-py3-none-any.whl", url="https://example.org/foo.whl", sha256="a" * 64),)


@pytest.fixture
def claim(tmp_path: Path) -> Claim:
    built = build_release(tmp_path, "foo", "1.0")
    return Claim(built=built, holds_ours=False, was_judged=False, adopted=(), manifest=OURS)


def never() -> Manifest | None:
    """What must not be asked for."""
    pytest.fail("the wheel was opened")


def test_what_is_not_there_is_ours(claim: Claim) -> None:
    assert is_ours(claim, (), never)


def test_what_is_known_opens_no_wheel(claim: Claim) -> None:
    release = replace(claim.built.release, previous="0.9")
    for known in (
        replace(claim, was_judged=True),
        replace(claim, holds_ours=True),
        replace(claim, adopted={"foo"}),
        replace(claim, built=replace(claim.built, release=release)),
    ):
        assert is_ours(known, SERVED, never)


@pytest.mark.parametrize(
    ("theirs", "verdict"),
    [
        (OURS, True),
        (THEIRS, False),
        (None, False),
        (replace(THEIRS, repository=None), False),
        (replace(THEIRS, repository=None, fingerprint="0" * 64), True),
        (replace(THEIRS, fingerprint="0" * 64), False),  # a copy of the sources in another repository
    ],
)
def test_the_manifest_in_the_newest_wheel_decides(claim: Claim, theirs: Manifest | None, *, verdict: bool) -> None:
    assert is_ours(claim, SERVED, lambda: theirs) is verdict


def test_two_repositories_without_an_address_are_not_the_same(claim: Claim) -> None:
    nowhere = replace(OURS, repository=None)
    assert not is_ours(replace(claim, manifest=nowhere), SERVED, lambda: nowhere)


def test_a_wheel_that_is_not_there_or_none_tells_nothing(tmp_path: Path, claim: Claim) -> None:
    built: BuiltRelease = claim.built
    assert built_manifest(built, tmp_path) is None
    (tmp_path / built.files[0].name).write_bytes(b"no archive")
    assert built_manifest(built, tmp_path) is None
    with zipfile.ZipFile(tmp_path / built.files[0].name, "w") as archive:
        archive.writestr("foo/.paa/manifest.json", "{")
    assert built_manifest(built, tmp_path) is None
    (tmp_path / built.files[0].name).unlink()
    assert built_manifest(built, tmp_path) is None


def test_a_damaged_wheel_on_an_index_proves_nothing_and_is_an_error_that_names_it(tmp_path: Path) -> None:
    """To take it for a wheel of nobody, or of ours, would be to guess."""
    wheel, _ = build(tmp_path / "index" / "simple" / "foo", "foo", "0.9")
    index = Index(name="local", kind=IndexKind.DIRECTORY, path=tmp_path / "index")
    with open_channel(index, None, backoff=Backoff()) as channel:
        assert newest_manifest(channel, "foo", channel.files("foo")) is None
        wheel.write_bytes(b"<html>")
        with pytest.raises(IndexReadError, match=rf"^{wheel.name} on the index is not a readable wheel: "):
            newest_manifest(channel, "foo", channel.files("foo"))
