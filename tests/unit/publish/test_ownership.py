import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from paa.documents.manifest import Manifest
from paa.model import BuiltRelease, IndexFile
from paa.publish.ownership import Claim, built_manifest, is_ours
from tests.distributions import build_release

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
