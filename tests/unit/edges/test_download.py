"""Whatever a server does, a download ends: with the file, or with an error that says why and shows no secret."""

import traceback
from collections.abc import Iterator
from pathlib import Path

import pytest

from paa.edges.download import Limits, Reach, TooLargeError, download, reach_of
from paa.edges.fetch import FetchError, open_session
from paa.edges.waiting import Backoff
from tests.https import PUBLIC, https_server, on_the_internet
from tests.servers import HOST, Reply, ScriptedIndex, free_port, scripted_index

QUICK = Backoff(tries=3, first_seconds=0.0)
LIMITS = Limits(size_bytes=1000, seconds=60)
SECRET = "sig=s3cret"


@pytest.fixture
def server(tmp_path: Path) -> Iterator[ScriptedIndex]:
    with https_server(tmp_path) as running:
        yield running


def get(url: str, limits: Limits = LIMITS) -> bytes:
    with open_session("paa/test") as session:
        return download(session, url, limits, QUICK)


def refused(url: str, limits: Limits = LIMITS) -> FetchError:
    """The error of a download that must fail; nothing of it, nor of its traceback's texts, holds the secret."""
    with pytest.raises(FetchError) as raised:
        get(url, limits)
    assert "s3cret" not in raised.value.message
    assert "s3cret" not in (raised.value.advice or "")
    return raised.value


def test_a_file_comes_as_it_is(server: ScriptedIndex) -> None:
    data = bytes(range(256)) * 3
    server.pages["/data.bin"] = [Reply(body=data)]
    assert get(f"{server.url}data.bin?{SECRET}") == data
    assert [seen.path for seen in server.seen] == [f"/data.bin?{SECRET}"]
    assert server.seen[0].headers["User-Agent"] == "paa/test"
    assert server.seen[0].headers["Accept-Encoding"] == "identity"


def test_an_empty_file_is_a_file(server: ScriptedIndex) -> None:
    server.pages["/empty"] = [Reply(body=b"")]
    assert get(f"{server.url}empty") == b""


def test_a_file_of_exactly_the_limit_is_taken_and_one_byte_more_is_not(server: ScriptedIndex) -> None:
    server.pages["/x"] = [Reply(body=b"x" * 1000)]
    server.pages["/y"] = [Reply(body=b"x" * 1001)]
    assert len(get(f"{server.url}x")) == 1000
    assert refused(f"{server.url}y?{SECRET}").message == f"{server.url}y is larger than 1000 bytes"


CHUNKS = b"ff\r\n" + b"x" * 255 + b"\r\n"


def test_a_body_that_hides_its_size_is_cut_off_at_the_limit(server: ScriptedIndex) -> None:
    server.pages["/x"] = [Reply(body=CHUNKS, headers={"Transfer-Encoding": "chunked"}, trickles=True)]
    with pytest.raises(TooLargeError):
        get(f"{server.url}x")


def test_a_body_in_chunks_is_put_together(server: ScriptedIndex) -> None:
    server.pages["/x"] = [Reply(body=CHUNKS * 2 + b"0\r\n\r\n", headers={"Transfer-Encoding": "chunked"})]
    assert get(f"{server.url}x") == b"x" * 510


def test_a_size_that_is_a_lie_is_believed_before_anything_is_read(server: ScriptedIndex) -> None:
    server.pages["/x"] = [Reply(body=b"x", length=10**15)]
    with pytest.raises(TooLargeError):
        get(f"{server.url}x")


BROKEN = {
    "fewer bytes than announced": Reply(body=b"half", length=100),
    "half a chunk": Reply(body=CHUNKS[:100], headers={"Transfer-Encoding": "chunked"}),
    "no last chunk": Reply(body=CHUNKS, headers={"Transfer-Encoding": "chunked"}),
    "no answer": Reply(drops=True),
}


@pytest.mark.parametrize("reply", BROKEN.values(), ids=list(BROKEN))
def test_half_a_file_is_no_file(server: ScriptedIndex, reply: Reply) -> None:
    server.pages["/x"] = [reply]
    assert "can't be fetched" in refused(f"{server.url}x?{SECRET}").message
    assert len(server.seen) == 3


@pytest.mark.parametrize("reply", [*BROKEN.values(), Reply(status=503), Reply(status=429)])
def test_what_fails_for_the_moment_is_tried_again(server: ScriptedIndex, reply: Reply) -> None:
    server.pages["/x"] = [reply, Reply(body=b"whole")]
    assert get(f"{server.url}x") == b"whole"


@pytest.mark.parametrize("status", [204, 206, 304, 400, 401, 403, 404, 410])
def test_any_other_answer_is_final(server: ScriptedIndex, status: int) -> None:
    server.pages["/x"] = [Reply(status=status)]
    assert refused(f"{server.url}x?{SECRET}").message == f"{server.url}x: the server answered with status {status}"
    assert len(server.seen) == 1


def test_a_body_that_comes_a_byte_at_a_time_runs_into_the_time_limit(server: ScriptedIndex) -> None:
    server.pages["/x"] = [Reply(body=b"x", length=10**6, trickles=True)]
    error = refused(f"{server.url}x?{SECRET}", Limits(size_bytes=10**7, seconds=0.1))
    assert error.message == f"{server.url}x has not come whole within 0.1 s"
    assert "--time-limit" in str(error.advice)


def test_redirects_on_https_are_followed(server: ScriptedIndex) -> None:
    server.pages["/a"] = [Reply(status=302, headers={"Location": "/b?x=1"})]
    server.pages["/b"] = [Reply(status=307, headers={"Location": f"{server.url}c"})]
    server.pages["/c"] = [Reply(body=b"here")]
    assert get(f"{server.url}a") == b"here"


@pytest.mark.parametrize("inside", ["127.0.0.1", "localhost", "10.0.0.1", "169.254.169.254", "[::1]", "2130706433"])
def test_a_server_on_the_internet_leads_to_none_inside(server: ScriptedIndex, inside: str) -> None:
    server.pages["/a"] = [Reply(status=302, headers={"Location": f"https://{inside}/b?{SECRET}"})]
    server.pages["/b"] = [Reply(body=b"what only this machine should see")]
    with on_the_internet(server) as url:
        error = refused(f"{url}a")
    assert f"redirects to '{inside.strip('[]')}', a host inside the network" in error.message
    assert [seen.path for seen in server.seen] == ["/a"]


def test_a_server_on_the_internet_leads_to_another_there(server: ScriptedIndex) -> None:
    server.pages["/a"] = [Reply(status=302, headers={"Location": f"https://{PUBLIC}/b"})]
    server.pages["/b"] = [Reply(body=b"here")]
    with on_the_internet(server) as url:
        assert get(f"{url}a") == b"here"


def test_what_a_redirect_says_besides_is_not_read(server: ScriptedIndex) -> None:
    server.pages["/a"] = [Reply(status=302, headers={"Location": "/b"}, body=b"x", length=10**12, trickles=True)]
    server.pages["/b"] = [Reply(body=b"here")]
    assert get(f"{server.url}a") == b"here"


def test_redirects_are_counted(server: ScriptedIndex) -> None:
    server.pages["/a"] = [Reply(status=301, headers={"Location": "/a"})]
    assert refused(f"{server.url}a?{SECRET}").message == f"{server.url}a redirects more than 5 times"
    assert len(server.seen) == 6


@pytest.mark.parametrize(
    ("location", "reason"),
    [
        ("http://127.0.0.1:9/x", "redirects to 'http://127.0.0.1:9/x', which is not https"),
        ("file:///etc/passwd", "redirects to 'file:///etc/passwd', which is not https"),
        ("data:text/plain,x", "which is not https"),
        ("ftp://127.0.0.1/x?sig=s3cret", "redirects to 'ftp://127.0.0.1/x', which is not https"),
        ("https://user:s3cret@127.0.0.1/x", "redirects to an address with a user name or password in it"),
        ("https://[127.0.0.1", "redirects to something that is no address"),
    ],
)
def test_redirects_lead_nowhere_else(server: ScriptedIndex, location: str, reason: str) -> None:
    server.pages["/a"] = [Reply(status=302, headers={"Location": location})]
    assert reason in refused(f"{server.url}a").message


def test_a_host_that_no_authority_vouches_for_is_not_asked(
    server: ScriptedIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("REQUESTS_CA_BUNDLE")
    server.pages["/x"] = [Reply(body=b"x")]
    error = refused(f"{server.url}x?{SECRET}")
    assert "the connection is not secure" in error.message
    assert server.seen == []


def test_a_server_that_speaks_no_tls_gives_nothing(server: ScriptedIndex) -> None:
    assert server.url
    with scripted_index() as plain:
        refused(plain.url.replace("http:", "https:"))
        assert plain.seen == []


def test_nobody_listening_is_told_without_the_query() -> None:
    error = refused(f"https://{HOST}:{free_port()}/x?{SECRET}")
    assert "can't be fetched" in error.message
    assert error.is_temporary


def test_the_reason_of_a_failure_does_not_hold_the_query_either(server: ScriptedIndex) -> None:
    server.pages["/x"] = [Reply(status=500)]
    with pytest.raises(FetchError) as raised:
        get(f"{server.url}x?{SECRET}")
    assert "s3cret" not in "".join(traceback.format_exception_only(raised.value))


@pytest.mark.parametrize(
    ("host", "reach"),
    [
        ("127.0.0.1", Reach.MACHINE),
        ("127.1", Reach.MACHINE),
        ("2130706433", Reach.MACHINE),
        ("localhost", Reach.MACHINE),
        ("0.0.0.0", Reach.MACHINE),  # noqa: S104  # nothing is bound to it
        ("::1", Reach.MACHINE),
        ("::ffff:127.0.0.1", Reach.MACHINE),
        ("169.254.169.254", Reach.MACHINE),
        ("fe80::1", Reach.MACHINE),
        ("10.1.2.3", Reach.PRIVATE),
        ("192.168.0.1", Reach.PRIVATE),
        ("172.16.0.1", Reach.PRIVATE),
        ("100.64.0.1", Reach.PRIVATE),
        ("fd00::1", Reach.PRIVATE),
        ("::ffff:10.0.0.1", Reach.PRIVATE),
        ("8.8.8.8", Reach.PUBLIC),
        ("2606:4700::1111", Reach.PUBLIC),
        ("", Reach.PUBLIC),
        ("a" * 300, Reach.PUBLIC),
    ],
)
def test_how_far_away_a_host_is(host: str, reach: Reach) -> None:
    assert reach_of(host) is reach
