"""Publishing to a real pypiserver."""

import logging
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from paa.model import Receipt
from tests.distributions import build, build_release
from tests.functional.publishing import (
    ALREADY_THERE,
    FAILED,
    UPLOADED,
    contents,
    run,
    states,
)
from tests.receipts import read_receipts
from tests.servers import PypiServer, pypiserver

pytestmark = pytest.mark.server
LOGIN = ("tester", "hunter2-pässword")


@pytest.fixture
def dist(tmp_path: Path) -> Path:
    return tmp_path / "dist"


@pytest.fixture
def server(tmp_path: Path) -> Iterator[PypiServer]:
    with pypiserver(tmp_path / "server", user=LOGIN) as running:
        yield running


@pytest.fixture
def login() -> dict[str, str]:
    return {"PAA_COMPANY_USERNAME": LOGIN[0], "PAA_COMPANY_PASSWORD": LOGIN[1]}


@pytest.mark.parametrize("hashes", [True, False])
def test_a_server_gets_the_files_once(tmp_path: Path, dist: Path, *, hashes: bool) -> None:
    built = build_release(dist, "foo-bar", "1.0"), build_release(dist, "baz", "1.0")
    with pypiserver(tmp_path / "server", hashes=hashes) as server:
        results = run(dist, [server.index()], *built)
        assert states(results) == {"foo_bar": UPLOADED, "baz": UPLOADED}
        assert contents(server.folder) == contents(dist)
        assert read_receipts(dist)[0] == Receipt(
            index="company",
            file="baz-1.0-py3-none-any.whl",
            sha256=built[1].files[0].sha256,
            package="baz",
            version="1.0",
            uploaded=True,
        )
        uploads = server.uploads()
        assert uploads == 4
        assert states(run(dist, [server.index()], *built)) == {"foo_bar": ALREADY_THERE, "baz": ALREADY_THERE}
        assert server.uploads() == uploads


@pytest.mark.parametrize("hashes", [True, False])
def test_other_bytes_on_a_server_stay(tmp_path: Path, dist: Path, *, hashes: bool) -> None:
    before = build(tmp_path / "before", "foo", "1.0", content="value = 2\n")[0]
    with pypiserver(tmp_path / "server", hashes=hashes) as server:
        shutil.copy(before, server.folder)
        (result,) = run(dist, [server.index()], build_release(dist, "foo", "1.0"))
        assert result.state is FAILED
        assert f"has {before.name} with other bytes" in str(result.reason)
        assert contents(server.folder) == {before.name: before.read_bytes()}
        assert server.uploads() == 0


def test_a_half_done_release_is_completed(server: PypiServer, dist: Path, login: dict[str, str]) -> None:
    built = build_release(dist, "foo", "1.0")
    shutil.copy(dist / built.files[0].name, server.folder)
    (result,) = run(dist, [server.index()], built, environment=login)
    assert result.state is UPLOADED
    assert [receipt.uploaded for receipt in result.receipts] == [False, True]
    assert server.uploads() == 1


def test_a_wrong_password_is_told_and_shown_nowhere(
    server: PypiServer, dist: Path, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    environment = {"TWINE_USERNAME": LOGIN[0], "TWINE_PASSWORD": "wrong-s3cret"}
    (result,) = run(dist, [server.index()], build_release(dist, "foo", "1.0"), environment=environment)
    assert result.state is FAILED
    assert "403 Forbidden" in str(result.reason)
    assert "PAA_COMPANY_USERNAME and PAA_COMPANY_PASSWORD" in str(result.reason)
    printed = capfd.readouterr()
    assert "wrong-s3cret" not in f"{result} {printed} {caplog.text}"
    assert contents(server.folder) == {}


def test_no_password_is_told(server: PypiServer, dist: Path) -> None:
    (result,) = run(dist, [server.index()], build_release(dist, "foo", "1.0"), environment={"TWINE_PASSWORD": ""})
    assert result.state is FAILED
    assert "401 Unauthorized" in str(result.reason)


def test_the_user_s_pypirc_counts_for_its_own_address_only(server: PypiServer, dist: Path, home: Path) -> None:
    text = "[distutils]\nindex-servers =\n  theirs\n\n[theirs]\nrepository = {}\nusername = {}\npassword = {}\n"
    built = build_release(dist, "foo", "1.0")
    (home / ".pypirc").write_text(text.format("https://index.example.org/", *LOGIN), encoding="utf-8")
    assert run(dist, [server.index()], built)[0].state is FAILED
    (home / ".pypirc").write_text(text.format(server.url, *LOGIN), encoding="utf-8")
    assert run(dist, [server.index()], built)[0].state is UPLOADED


def test_uploading_prints_nothing(
    server: PypiServer, dist: Path, login: dict[str, str], capfd: pytest.CaptureFixture[str]
) -> None:
    run(dist, [server.index()], build_release(dist, "foo", "1.0"), environment=login)
    assert capfd.readouterr() == ("", "")
