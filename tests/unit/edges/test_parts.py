"""Files on a server that are read in parts: a wheel's list of files, without the wheel."""

import io
import os
from collections.abc import Iterator

import pytest

from paa.edges.fetch import Answer
from paa.edges.index import IndexReader, open_index
from paa.edges.parts import open_parts
from paa.edges.waiting import Backoff
from paa.edges.wheels import read_wheel
from paa.errors import IndexReadError
from tests.distributions import pack_wheel
from tests.servers import Reply, ScriptedIndex

_WHEEL = "acme-1.0-py3-none-any.whl"
_MANY = 1 << 30


class _Served:
    """A server of one file, as a function; ``asked`` are the ranges."""

    def __init__(self, content: bytes) -> None:
        self.content = content
        self.asked: list[str] = []

    def __call__(self, wanted: str, limit_bytes: int) -> Answer:
        assert limit_bytes >= 0
        self.asked.append(wanted)
        first, _, last = wanted.removeprefix("bytes=").partition("-")
        start = int(first) if first else max(0, len(self.content) - int(last))
        end = int(last) + 1 if first else len(self.content)
        part = self.content[start:end]
        span = f"bytes {start}-{start + len(part) - 1}/{len(self.content)}"
        return Answer(status=206, url="", body=part, content_range=span)


@pytest.fixture
def reader(scripted: ScriptedIndex) -> Iterator[IndexReader]:
    with open_index(scripted.index(), backoff=Backoff(tries=1)) as opened:
        yield opened


def test_it_reads_what_a_file_would_read() -> None:
    content = os.urandom(400_000)
    served = _Served(content)
    stream, real = open_parts("x", served, limit_bytes=_MANY), io.BytesIO(content)
    for offset, whence, size in [(-22, 2, 22), (0, 0, 4), (100_000, 0, 70_000), (-10, 1, 5), (5, 2, 5), (0, 0, -1)]:
        assert stream.seek(offset, whence) == real.seek(offset, whence)
        assert stream.read(size) == real.read(size)
        assert stream.tell() == real.tell()
    # Nothing was fetched twice.
    assert len(served.asked) <= 6


def test_of_a_large_wheel_only_the_end_is_fetched(scripted: ScriptedIndex, reader: IndexReader) -> None:
    scripted.parts = True
    scripted.files[_WHEEL] = os.urandom(2_000_000) + pack_wheel("acme", "1.0", ["acme/__init__.py"])
    (file,) = reader.files("acme")
    with reader.open(file, limit_bytes=100_000) as stream:
        assert "acme/__init__.py" in read_wheel(stream, file.name).files
    assert [seen.headers["Range"] for seen in scripted.seen if "Range" in seen.headers] == ["bytes=-65536"]


def test_a_server_that_knows_no_parts_sends_all_once(scripted: ScriptedIndex, reader: IndexReader) -> None:
    scripted.files[_WHEEL] = pack_wheel("acme", "1.0", [f"acme/m{number}.py" for number in range(5000)])
    (file,) = reader.files("acme")
    with reader.open(file, limit_bytes=10_000_000) as stream:
        assert len(read_wheel(stream, file.name).files) == 5002
    assert scripted.paths().count(f"/files/{_WHEEL}") == 1


def test_what_is_too_large_is_not_read(scripted: ScriptedIndex, reader: IndexReader) -> None:
    scripted.files[_WHEEL] = b"x" * 100_000
    (file,) = reader.files("acme")
    with reader.open(file, limit_bytes=50_000) as stream, pytest.raises(IndexReadError, match="larger than 50000"):
        stream.read()


def test_parts_count_together_for_the_limit() -> None:
    stream = open_parts("x", _Served(b"x" * 1_000_000), limit_bytes=200_000)
    stream.seek(0)
    with pytest.raises(IndexReadError, match="too much of it"):
        stream.read()


def test_a_reader_that_jumps_about_is_stopped() -> None:
    stream = open_parts("x", _Served(b"x" * (1 << 26)), limit_bytes=_MANY)

    def jump() -> None:
        for place in range(0, 1 << 26, 1 << 20):
            stream.seek(place)
            stream.read(1)

    with pytest.raises(IndexReadError, match="too much of it"):
        jump()


@pytest.mark.parametrize(
    "reply",
    [
        Reply(status=206, body=b"x" * 10),
        Reply(status=206, body=b"x" * 10, headers={"Content-Range": "bytes 0-9/*"}),
        Reply(status=206, body=b"x" * 10, headers={"Content-Range": "bytes 0-9/999999999"}),
        Reply(status=206, body=b"x" * 9, headers={"Content-Range": "bytes 0-9/10"}),
        Reply(status=206, body=b"x" * 10, headers={"Content-Range": f"bytes 0-9/{'9' * 5000}"}),
        Reply(status=416),
        Reply(status=404),
        Reply(status=403),
    ],
)
def test_another_part_than_the_one_asked_for_is_an_error(
    scripted: ScriptedIndex, reader: IndexReader, reply: Reply
) -> None:
    scripted.files[_WHEEL] = b"wheel"
    (file,) = reader.files("acme")
    scripted.pages[f"/files/{_WHEEL}"] = [reply]
    with reader.open(file, limit_bytes=_MANY) as stream, pytest.raises(IndexReadError):
        stream.read()


def test_a_file_that_changes_while_it_is_read_is_an_error() -> None:
    served = _Served(b"x" * 200_000)
    stream = open_parts("x", served, limit_bytes=_MANY)
    stream.seek(-5, os.SEEK_END)
    stream.read()
    served.content = b"y" * 300_000
    stream.seek(0)
    with pytest.raises(IndexReadError, match="changed while it was read"):
        stream.read()


def test_an_empty_file_is_read() -> None:
    stream = open_parts("x", lambda _wanted, _limit: Answer(status=200, url=""), limit_bytes=_MANY)
    assert stream.read() == b""
