import hashlib
import json
import traceback
from collections.abc import Iterator
from pathlib import Path

import pytest

from paa.edges.credentials import Credentials
from paa.edges.index import IndexReader, IndexUnavailableError, open_index, version_of
from paa.edges.waiting import Backoff
from paa.errors import ConfigError, IndexReadError
from paa.model import Index, IndexFile, IndexKind
from tests.servers import HOST, Reply, ScriptedIndex, free_port, html_reply

QUICK = Backoff(tries=3, first_seconds=0.0)
WHEEL = "foo-1.0-py3-none-any.whl"
LINK = html_reply(f'<a href="/files/{WHEEL}">{WHEEL}</a>')


@pytest.fixture
def reader(scripted: ScriptedIndex) -> Iterator[IndexReader]:
    with open_index(scripted.index(), backoff=QUICK) as opened:
        yield opened


def test_a_project_page_is_asked_for_by_its_normalised_name(scripted: ScriptedIndex, reader: IndexReader) -> None:
    scripted.files["foo_bar-1.0.tar.gz"] = b"sdist"
    (file,) = reader.files("Foo._Bar")
    assert scripted.paths() == ["/simple/foo-bar/"]
    assert file.sha256 == hashlib.sha256(b"sdist").hexdigest()
    assert reader.read(file, limit_bytes=5) == b"sdist"


def test_a_missing_project_has_no_files(reader: IndexReader) -> None:
    assert reader.files("foo") == ()


def test_json_is_preferred_and_understood(scripted: ScriptedIndex, reader: IndexReader) -> None:
    page = {"meta": {"api-version": "1.0"}, "files": [{"filename": WHEEL, "url": f"/files/{WHEEL}", "hashes": {}}]}
    reply = Reply(body=json.dumps(page).encode(), headers={"Content-Type": "application/vnd.pypi.simple.v1+json"})
    scripted.pages["/simple/foo/"] = [reply]
    assert [file.name for file in reader.files("foo")] == [WHEEL]
    assert scripted.seen[0].headers["Accept"].startswith("application/vnd.pypi.simple.v1+json,")


@pytest.mark.parametrize("trouble", [Reply(status=500), Reply(status=503), Reply(status=429), Reply(drops=True)])
def test_what_fails_for_the_moment_is_tried_again(scripted: ScriptedIndex, reader: IndexReader, trouble: Reply) -> None:
    scripted.pages["/simple/foo/"] = [trouble, trouble, LINK]
    assert [file.name for file in reader.files("foo")] == [WHEEL]
    assert len(scripted.seen) == 3


def test_a_page_that_breaks_off_is_asked_for_again(scripted: ScriptedIndex, reader: IndexReader) -> None:
    cut = Reply(body=LINK.body[:-20], length=len(LINK.body), headers=LINK.headers)
    scripted.pages["/simple/foo/"] = [cut, LINK]
    assert [file.name for file in reader.files("foo")] == [WHEEL]
    scripted.pages["/simple/foo/"] = [cut]
    with pytest.raises(IndexReadError, match="can't be reached"):
        reader.files("foo")


def test_trying_has_an_end(scripted: ScriptedIndex, reader: IndexReader) -> None:
    scripted.pages["/simple/foo/"] = [Reply(status=502)]
    with pytest.raises(IndexReadError, match="status 502"):
        reader.files("foo")
    assert len(scripted.seen) == QUICK.tries


@pytest.mark.parametrize("status", [400, 405, 410, 204])
def test_other_answers_are_final(scripted: ScriptedIndex, reader: IndexReader, status: int) -> None:
    scripted.pages["/simple/foo/"] = [Reply(status=status)]
    with pytest.raises(IndexReadError, match=f"status {status}"):
        reader.files("foo")
    assert len(scripted.seen) == 1


def test_a_server_that_asks_for_a_long_pause_is_not_waited_for(scripted: ScriptedIndex, reader: IndexReader) -> None:
    scripted.pages["/simple/foo/"] = [Reply(status=429, headers={"Retry-After": "86400"})]
    with pytest.raises(IndexReadError, match="status 429"):
        reader.files("foo")
    assert len(scripted.seen) == 1


@pytest.mark.parametrize("status", [401, 403])
def test_a_missing_login_names_the_variables(scripted: ScriptedIndex, reader: IndexReader, status: int) -> None:
    scripted.pages["/simple/foo/"] = [Reply(status=status)]
    with pytest.raises(IndexReadError) as caught:
        reader.files("foo")
    assert "PAA_SCRIPTED_USERNAME and PAA_SCRIPTED_PASSWORD" in (caught.value.advice or "")
    assert len(scripted.seen) == 1


def test_a_server_that_is_down_is_unavailable() -> None:
    index = Index(name="down", kind=IndexKind.GENERIC, simple_url=f"http://{HOST}:{free_port()}/simple/")
    with open_index(index, backoff=QUICK) as reader, pytest.raises(IndexUnavailableError, match="refused") as caught:
        reader.files("foo")
    assert caught.value.exit_code == 3


def test_a_page_of_another_kind_names_the_address(scripted: ScriptedIndex, reader: IndexReader) -> None:
    scripted.pages["/simple/foo/"] = [html_reply("<form><input type=password></form>")]
    with pytest.raises(IndexReadError, match=f"{scripted.url}simple/foo/.*login"):
        reader.files("foo")


def test_redirects_are_followed_and_links_start_where_they_end(scripted: ScriptedIndex, reader: IndexReader) -> None:
    scripted.pages["/simple/foo/"] = [Reply(status=301, headers={"Location": "/moved/foo/"})]
    scripted.pages["/moved/foo/"] = [html_reply(f'<a href="{WHEEL}">x</a>')]
    assert reader.files("foo")[0].url == f"{scripted.url}moved/foo/{WHEEL}"


def test_a_page_of_another_host_is_not_what_this_index_has(scripted: ScriptedIndex, reader: IndexReader) -> None:
    elsewhere = scripted.url.replace(HOST, "localhost")
    scripted.pages["/simple/foo/"] = [Reply(status=302, headers={"Location": f"{elsewhere}other/foo/"})]
    scripted.pages["/other/foo/"] = [LINK]
    assert reader.files("foo") == ()


@pytest.mark.parametrize("target", ["file:///etc/passwd", "ftp://localhost/foo/", "data:text/html,x", "/simple/foo/"])
def test_redirects_to_other_schemes_and_in_circles_are_errors(
    scripted: ScriptedIndex, reader: IndexReader, target: str
) -> None:
    scripted.pages["/simple/foo/"] = [Reply(status=302, headers={"Location": target})]
    with pytest.raises(IndexReadError):
        reader.files("foo")


def test_credentials_go_to_the_index_and_to_no_other_host(scripted: ScriptedIndex) -> None:
    elsewhere = scripted.url.replace(HOST, "localhost")
    scripted.pages["/simple/foo/"] = [
        html_reply(f'<a href="{elsewhere}files/{WHEEL}">x</a><a href="/files/foo-1.zip">y</a>')
    ]
    scripted.files |= {WHEEL: b"wheel", "foo-1.zip": b"sdist"}
    with open_index(scripted.index(), Credentials(username="me", password="pässword")) as reader:
        for file in reader.files("foo"):
            reader.read(file, limit_bytes=100)
    sent = {request.path: "Authorization" in request.headers for request in scripted.seen}
    assert sent == {"/simple/foo/": True, f"/files/{WHEEL}": False, "/files/foo-1.zip": True}


def test_credentials_do_not_follow_a_redirect_to_another_host(scripted: ScriptedIndex) -> None:
    elsewhere = scripted.url.replace(HOST, "localhost")
    scripted.pages["/simple/foo/"] = [Reply(status=302, headers={"Location": f"{elsewhere}other/"})]
    scripted.pages["/other/"] = [LINK]
    with open_index(scripted.index(), Credentials(username="me", password="hunter2")) as reader:
        reader.files("foo")
    assert ["Authorization" in request.headers for request in scripted.seen] == [True, False]


def test_a_file_is_checked_against_its_hash(scripted: ScriptedIndex, reader: IndexReader) -> None:
    scripted.files[WHEEL] = b"other bytes"
    file = IndexFile(name=WHEEL, url=f"{scripted.url}files/{WHEEL}", sha256=hashlib.sha256(b"bytes").hexdigest())
    with pytest.raises(IndexReadError, match="hash"):
        reader.read(file, limit_bytes=100)


def test_a_file_has_a_limit(scripted: ScriptedIndex, reader: IndexReader) -> None:
    scripted.files[WHEEL] = b"12345"
    file = IndexFile(name=WHEEL, url=f"{scripted.url}files/{WHEEL}")
    assert reader.read(file, limit_bytes=5) == b"12345"
    with pytest.raises(IndexReadError, match="larger than 4 bytes"):
        reader.read(file, limit_bytes=4)


def test_a_file_that_is_listed_but_not_there_is_an_error(scripted: ScriptedIndex, reader: IndexReader) -> None:
    with pytest.raises(IndexReadError, match="does not serve it"):
        reader.read(IndexFile(name=WHEEL, url=f"{scripted.url}files/{WHEEL}"), limit_bytes=100)


@pytest.mark.parametrize("url", ["file:///etc/passwd", "ftp://localhost/x.whl", "https://me:hunter2@localhost/x.whl"])
def test_a_file_is_read_over_http_only_and_without_foreign_logins(reader: IndexReader, url: str) -> None:
    with pytest.raises(ConfigError) as caught:
        reader.read(IndexFile(name=WHEEL, url=url), limit_bytes=100)
    assert "hunter2" not in "".join(traceback.format_exception(caught.value))


@pytest.mark.parametrize("url", [None, "", "index.example.org/simple/", "file:///x", "https://", "http://[x/"])
def test_an_index_without_a_sound_address_is_refused(url: str | None) -> None:
    with pytest.raises(ConfigError, match="simple_url"):
        open_index(Index(name="company", kind=IndexKind.GENERIC, simple_url=url))


def test_a_password_in_an_address_is_refused_and_not_shown() -> None:
    with pytest.raises(ConfigError, match="password") as caught:
        open_index(Index(name="company", kind=IndexKind.GENERIC, simple_url="https://me:hunter2@localhost/simple/"))
    assert "hunter2" not in str(caught.value)
    assert "PAA_COMPANY_PASSWORD" in (caught.value.advice or "")


@pytest.mark.parametrize("name", ["", "..", "../foo", "foo/bar", "-foo", "foo\n"])
def test_a_name_that_is_none_is_never_asked_for(scripted: ScriptedIndex, reader: IndexReader, name: str) -> None:
    with pytest.raises(IndexReadError, match="no name of a distribution"):
        reader.files(name)
    assert scripted.seen == []


def test_a_folder_serves_its_files(tmp_path: Path) -> None:
    folder = tmp_path / "simple" / "foo-bar"
    folder.mkdir(parents=True)
    (folder / "foo_bar-1.0.tar.gz").write_bytes(b"one")
    (folder / "foo_bar-2.0.tar.gz").write_bytes(b"two")
    (folder / "index.html").write_bytes(b"page")
    (tmp_path / "yanked.json").write_text('{"schema": 1, "files": {"foo_bar-1.0.tar.gz": ""}}')
    with open_index(Index(name="local", kind=IndexKind.DIRECTORY, path=tmp_path)) as reader:
        first, second = reader.files("Foo.Bar")
        assert (first.name, first.yanked, second.yanked) == ("foo_bar-1.0.tar.gz", True, False)
        assert first.sha256 == hashlib.sha256(b"one").hexdigest()
        assert reader.read(second, limit_bytes=3) == b"two"
        assert reader.files("foo") == ()
        with pytest.raises(IndexReadError, match="larger"):
            reader.read(second, limit_bytes=2)


def test_a_folder_that_is_not_there_yet_is_empty(tmp_path: Path) -> None:
    with open_index(Index(name="local", kind=IndexKind.DIRECTORY, path=tmp_path / "new")) as reader:
        assert reader.files("foo") == ()
    assert not (tmp_path / "new").exists()


def test_a_folder_never_serves_what_is_outside(tmp_path: Path) -> None:
    secret = tmp_path / "secret.whl"
    secret.write_bytes(b"secret")
    with open_index(Index(name="local", kind=IndexKind.DIRECTORY, path=tmp_path / "index")) as reader:
        with pytest.raises(IndexReadError, match="not in the index"):
            reader.read(IndexFile(name="secret.whl", url=secret.as_uri()), limit_bytes=100)
        with pytest.raises(IndexReadError):
            reader.files("../secret")


def test_a_file_in_the_place_of_a_folder_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "index").write_bytes(b"")
    with (
        open_index(Index(name="local", kind=IndexKind.DIRECTORY, path=tmp_path / "index")) as reader,
        pytest.raises(IndexReadError, match="no folder"),
    ):
        reader.files("foo")


@pytest.mark.parametrize(
    ("name", "version"),
    [
        ("foo_bar-1.0-py3-none-any.whl", "1.0"),
        ("Foo_Bar-1.0rc1-1-py3-none-any.whl", "1.0rc1"),
        ("foo_bar-1.0.post1.tar.gz", "1.0.post1"),
        ("foo-bar-2.0.zip", "2.0"),
        ("foo-1.0.tar.gz", None),
        ("foo_bar-1.0.exe", None),
        ("foo_bar-new.tar.gz", None),
        ("foo_bar-1.0-any.whl", None),
        ("index.html", None),
        ("", None),
    ],
)
def test_the_version_is_read_off_the_name(name: str, version: str | None) -> None:
    found = version_of(name, "foo.bar")
    assert (None if found is None else str(found)) == version
