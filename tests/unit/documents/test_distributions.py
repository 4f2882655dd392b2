"""What a wheel or an sdist says of itself, whoever made it and however damaged it is."""

import io
import tarfile
import zipfile
from collections.abc import Callable, Mapping

import pytest

from paa.documents.distributions import Part, floors_in, headers, manifest_in, read_parts, read_served
from paa.documents.manifest import MANIFEST_PATH, Manifest, manifest_bytes
from paa.edges.fetch import Answer
from paa.edges.parts import open_parts
from paa.errors import ArchiveError, IndexReadError

OURS = Manifest(package="dice", version="1.0.0", fingerprint="1" * 64)
THEIRS = Manifest(package="other", version="1.0.0", fingerprint="2" * 64)
WHEEL, SDIST = "dice-1.0.0-py3-none-any.whl", "dice-1.0.0.tar.gz"
LARGE = b"\n" * ((16 << 20) + 1)
FILES = {
    f"dice/vendored/other/{MANIFEST_PATH}": manifest_bytes(THEIRS),
    "dice/vendored/other-2.dist-info/METADATA": b"Name: other\n",
    "dice/vendored/PKG-INFO": b"Name: other\n",
    f"dice/{MANIFEST_PATH}": manifest_bytes(OURS),
}


def wheel(files: Mapping[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", compression) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return stream.getvalue()


def sdist(files: Mapping[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w:gz") as archive:
        for name, data in files.items():
            member = tarfile.TarInfo(f"dice-1.0.0/{name}")
            member.size = len(data)
            archive.addfile(member, io.BytesIO(data))
    return stream.getvalue()


def floors(metadata: bytes) -> Mapping[str, str]:
    return floors_in({Part.METADATA: metadata})


@pytest.mark.parametrize(
    ("name", "data"),
    [
        (WHEEL, wheel({**FILES, "dice-1.0.0.dist-info/METADATA": b"Name: dice\n"})),
        (SDIST, sdist({**FILES, "PKG-INFO": b"Name: dice\n"})),
    ],
)
def test_only_what_lies_where_the_format_has_it_speaks_for_a_distribution(name: str, data: bytes) -> None:
    """A stranger's wheel that has a copy of our package inside is not ours."""
    parts = read_parts(io.BytesIO(data), name, Part.MANIFEST, Part.METADATA)
    assert manifest_in(parts) == OURS
    assert parts[Part.METADATA] == b"Name: dice\n"


def test_only_what_is_wanted_is_read_and_what_is_missing_is_left_out() -> None:
    data = wheel({"dice-1.0.0.dist-info/WHEEL": b"Generator: flit 3.12.0\n", "dice/__init__.py": b""})
    assert read_parts(io.BytesIO(data), WHEEL, Part.MANIFEST) == {}
    parts = read_parts(io.BytesIO(data), WHEEL, Part.MANIFEST, Part.BUILDER)
    assert parts == {Part.BUILDER: b"Generator: flit 3.12.0\n"}
    assert manifest_in(parts) is None
    assert floors_in(parts) == {}


@pytest.mark.parametrize("make", [wheel, sdist])
def test_a_part_that_is_too_large_is_as_if_it_were_not_there(make: Callable[[Mapping[str, bytes]], bytes]) -> None:
    """Some kilobytes of an archive can hold more than there is memory."""
    name = WHEEL if make is wheel else SDIST
    data = make({f"dice/{MANIFEST_PATH}": manifest_bytes(OURS), "PKG-INFO": LARGE, "dice-1.dist-info/METADATA": LARGE})
    assert read_parts(io.BytesIO(data), name, *Part).keys() == {Part.MANIFEST}


def test_a_link_in_an_sdist_is_no_manifest() -> None:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w:gz") as archive:
        member = tarfile.TarInfo(f"dice-1.0.0/dice/{MANIFEST_PATH}")
        member.type, member.linkname = tarfile.SYMTYPE, "/etc/hostname"
        archive.addfile(member)
    assert read_parts(io.BytesIO(stream.getvalue()), SDIST, Part.MANIFEST) == {}


@pytest.mark.parametrize(
    ("name", "data"),
    [
        (WHEEL, b""),
        (WHEEL, b"<html>"),
        (WHEEL, wheel({"dice-1.0.0.dist-info/METADATA": b"Name: dice\n"})[:-10]),
        (WHEEL, wheel({"dice-1.0.0.dist-info/METADATA": b"Name: dice\n" * 99}, zipfile.ZIP_LZMA)),
        (SDIST, b"\x1f\x8b\x08 no archive"),
        (SDIST, sdist({"PKG-INFO": b"Name: dice\n", "dice/data": bytes(range(256)) * 99})[:-300]),
    ],
)
def test_damage_is_an_error_that_says_whose_file_it_is(name: str, data: bytes) -> None:
    kind = "wheel" if name == WHEEL else "sdist"
    with pytest.raises(ArchiveError, match=rf"^{name} is not a readable {kind}: "):
        read_parts(io.BytesIO(data), name, Part.METADATA)
    with pytest.raises(IndexReadError, match=rf"^{name} on the index is not a readable {kind}: "):
        read_served(io.BytesIO(data), name, Part.METADATA)


def test_what_the_index_answers_wrong_is_not_taken_for_damage() -> None:
    stream = open_parts(WHEEL, lambda *_: Answer(status=206, url="", body=b"x"), limit_bytes=99)
    with pytest.raises(IndexReadError, match="sent something else than the part"):
        read_served(stream, WHEEL, Part.METADATA)


def test_floors_are_lower_bounds_and_exact_versions() -> None:
    wanted = b"".join(
        b"Requires-Dist: %s\n" % text
        for text in (b"Word_Count>=1.2", b"exact==2.0", b"near~=3.0", b"range>=1,<2", b"none", b"not a requirement!")
    )
    assert floors(wanted + b"\nRequires-Dist: in-the-description>=1\n") == {
        "word-count": "1.2",
        "exact": "2.0",
        "range": "1",
    }


@pytest.mark.parametrize(
    ("requirement", "found"),
    [
        (b"words==1.*", {}),
        (b"words>=01.2-1", {"words": "1.2.post1"}),
        (b"w\xe9rds>=1", {}),
    ],
)
def test_a_floor_is_a_version_that_can_be_written_into_a_plan(requirement: bytes, found: Mapping[str, str]) -> None:
    assert floors(b"Requires-Dist: " + requirement + b"\n") == found


def test_metadata_that_are_no_text_have_fields_all_the_same() -> None:
    assert headers(b"\xff\xfe\x00").keys() == []
    assert headers(b"Generator: flit 3.12.0\n")["Generator"] == "flit 3.12.0"
