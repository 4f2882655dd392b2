"""Pinned contents are fetched once, and whatever else turns up in their place is refused."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from paa.edges.download import Limits
from paa.edges.fetch import FetchError
from paa.edges.pinned import PinnedContents, open_pinned_contents, pin_of
from paa.edges.waiting import Backoff
from paa.errors import FindingsError
from paa.model import Pin
from tests.https import https_server
from tests.servers import Reply, ScriptedIndex

DATA = b"the model"
LIMITS = Limits(size_bytes=1000, seconds=60)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[ScriptedIndex]:
    with https_server(tmp_path) as running:
        running.pages["/model"] = [Reply(body=DATA)]
        yield running


@pytest.fixture
def contents(tmp_path: Path) -> Iterator[PinnedContents]:
    with open_pinned_contents(tmp_path / "cache", Backoff(tries=1)) as opened:
        yield opened


def pin(server: ScriptedIndex, data: bytes = DATA) -> Pin:
    return pin_of(f"{server.url}model?sig=s3cret", data)


def kept(folder: Path) -> list[Path]:
    return [path for path in (folder / "cache").rglob("*") if path.is_file()]


def test_the_network_is_asked_once(server: ScriptedIndex, contents: PinnedContents, tmp_path: Path) -> None:
    assert [contents.read(pin(server)) for _ in range(3)] == [DATA] * 3
    assert len(server.seen) == 1
    assert [path.name for path in kept(tmp_path)] == [hashlib.sha256(DATA).hexdigest()]


def test_what_was_fetched_to_be_pinned_is_not_fetched_again(server: ScriptedIndex, contents: PinnedContents) -> None:
    assert contents.fetch(pin(server).url, LIMITS) == (pin(server), DATA)
    assert contents.read(pin(server)) == DATA
    assert len(server.seen) == 1


def test_the_address_may_move_once_the_content_is_known(server: ScriptedIndex, contents: PinnedContents) -> None:
    contents.read(pin(server))
    moved = pin_of("https://127.0.0.1:9/elsewhere", DATA)
    assert contents.read(moved) == DATA


@pytest.mark.parametrize(("served", "reason"), [(b"the m0del", "gives something else"), (DATA + b"!", "gives more")])
def test_another_content_is_refused_and_not_kept(
    server: ScriptedIndex, contents: PinnedContents, tmp_path: Path, served: bytes, reason: str
) -> None:
    server.pages["/model"] = [Reply(body=served)]
    with pytest.raises(FindingsError, match=reason) as raised:
        contents.read(pin(server))
    assert "s3cret" not in raised.value.message
    assert "refresh-module-artifacts" in str(raised.value.advice)
    assert kept(tmp_path) == []


def test_a_shorter_content_is_refused(server: ScriptedIndex, contents: PinnedContents) -> None:
    server.pages["/model"] = [Reply(body=DATA[:-1])]
    with pytest.raises(FindingsError, match="gives something else"):
        contents.read(pin(server))


def test_a_right_hash_with_a_wrong_size_is_refused(server: ScriptedIndex, contents: PinnedContents) -> None:
    contents.read(pin(server))
    edited = Pin(url=pin(server).url, sha256=pin(server).sha256, size=len(DATA) + 5)
    with pytest.raises(FindingsError, match="gives something else"):
        contents.read(edited)


@pytest.mark.parametrize("damage", [b"", b"the m0del", DATA * 2])
def test_a_damaged_cache_is_fetched_again(
    server: ScriptedIndex, contents: PinnedContents, tmp_path: Path, damage: bytes
) -> None:
    contents.read(pin(server))
    (file,) = kept(tmp_path)
    file.write_bytes(damage)
    assert contents.read(pin(server)) == DATA
    assert file.read_bytes() == DATA


def test_a_cache_that_can_not_be_written_costs_time_only(server: ScriptedIndex, tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file where the folder would be")
    with open_pinned_contents(tmp_path / "cache", Backoff(tries=1)) as contents:
        assert [contents.read(pin(server)) for _ in range(2)] == [DATA] * 2
    assert len(server.seen) == 2


def test_a_missing_file_is_an_error_of_the_outside(server: ScriptedIndex, contents: PinnedContents) -> None:
    server.pages["/model"] = [Reply(status=404)]
    with pytest.raises(FetchError, match="status 404") as raised:
        contents.read(pin(server))
    assert raised.value.exit_code == 3
