"""With which login an index is read: none before it asks for one, and the one that is stored after that."""

import base64
import dataclasses
from pathlib import Path

import pytest

from paa.edges.credentials import find_credentials
from paa.edges.index import open_index
from paa.edges.waiting import Backoff
from paa.errors import IndexReadError
from paa.model import Index, IndexKind
from tests.servers import Reply, ScriptedIndex, html_reply
from tests.unit.edges.programs import install_program

QUICK = Backoff(tries=2, first_seconds=0.0)
PAGE = html_reply('<a href="/files/foo-1.0.tar.gz">foo-1.0.tar.gz</a>')
REFUSED = Reply(status=401)


def read(index: Index, environment: dict[str, str], *, times: int = 1) -> None:
    credentials = find_credentials(index, environment=environment, only_target=True)
    with open_index(index, credentials, backoff=QUICK) as reader:
        for _ in range(times):
            assert [file.name for file in reader.files("foo")] == ["foo-1.0.tar.gz"]


def logins(scripted: ScriptedIndex) -> list[str | None]:
    """The user name and password of each question, in order."""
    headers = [request.headers.get("Authorization") for request in scripted.seen]
    return [header and base64.b64decode(header.removeprefix("Basic ")).decode() for header in headers]


def store(home: Path, scripted: ScriptedIndex) -> None:
    (home / ".pypirc").write_text(
        "[distutils]\nindex-servers = x\n"
        f"[x]\nrepository = {scripted.url}upload/\nusername = stored\npassword = hunter2\n",
        encoding="utf-8",
    )


def test_what_anybody_may_read_is_read_without_a_login(scripted: ScriptedIndex, home: Path) -> None:
    store(home, scripted)
    scripted.pages["/simple/foo/"] = [PAGE]
    read(scripted.index(), {})
    assert logins(scripted) == [None]


def test_a_refusal_leads_to_the_stored_login_which_is_then_kept(scripted: ScriptedIndex, home: Path) -> None:
    store(home, scripted)
    scripted.pages["/simple/foo/"] = [REFUSED, PAGE]
    read(scripted.index(), {}, times=2)
    assert logins(scripted) == [None, "stored:hunter2", "stored:hunter2"]


def test_a_refused_login_is_no_reason_to_try_another(scripted: ScriptedIndex, home: Path) -> None:
    store(home, scripted)
    scripted.pages["/simple/foo/"] = [REFUSED]
    with pytest.raises(IndexReadError, match="does not let us read it"):
        read(scripted.index(), {"PAA_SCRIPTED_PASSWORD": "own"})
    assert logins(scripted) == [":own"]


def test_a_stored_login_that_is_refused_is_tried_once(scripted: ScriptedIndex, home: Path) -> None:
    store(home, scripted)
    scripted.pages["/simple/foo/"] = [REFUSED]
    with pytest.raises(IndexReadError, match="does not let us read it") as caught:
        read(scripted.index(), {})
    assert logins(scripted) == [None, "stored:hunter2"]
    assert "hunter2" not in f"{caught.value} {caught.value.advice}"


def test_reading_can_have_a_login_of_its_own(scripted: ScriptedIndex) -> None:
    scripted.pages["/simple/foo/"] = [PAGE]
    environment = {"PAA_SCRIPTED_PASSWORD": "push", "PAA_SCRIPTED_READ_PASSWORD": "pull"}
    read(dataclasses.replace(scripted.index(), kind=IndexKind.GEMFURY), environment)
    assert logins(scripted) == ["pull:NOPASS"]


def test_a_kind_with_a_token_of_its_own_gets_it_at_once(scripted: ScriptedIndex, tmp_path: Path) -> None:
    gcloud = install_program(tmp_path, "gcloud", output="ya29.x\n")
    scripted.pages["/simple/foo/"] = [PAGE]
    index = dataclasses.replace(scripted.index(), kind=IndexKind.GOOGLE)
    environment = {"PATH": str(gcloud.folder)}
    read(index, environment, times=2)
    read(index, environment)
    assert logins(scripted) == ["oauth2accesstoken:ya29.x"] * 3
    assert len(gcloud.calls()) == 1


def test_a_token_that_can_not_be_had_is_an_index_that_can_not_be_read(scripted: ScriptedIndex, tmp_path: Path) -> None:
    index = dataclasses.replace(scripted.index(), kind=IndexKind.GOOGLE)
    with pytest.raises(IndexReadError, match="index scripted: the program 'gcloud' is not installed"):
        read(index, {"PATH": str(tmp_path)})
    assert scripted.seen == []


def test_a_damaged_pypirc_matters_only_to_who_needs_it(scripted: ScriptedIndex, home: Path) -> None:
    (home / ".pypirc").write_text("[distutils\nhunter2\n", encoding="utf-8")
    scripted.pages["/simple/foo/"] = [PAGE, REFUSED]
    read(scripted.index(), {})
    with pytest.raises(IndexReadError, match="pypirc can't be read") as caught:
        read(scripted.index(), {})
    assert "hunter2" not in f"{caught.value} {caught.value.advice}"
