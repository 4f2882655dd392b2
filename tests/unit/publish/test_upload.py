import traceback
from collections.abc import Iterator
from pathlib import Path

import pytest
import rich

from paa.edges.credentials import Credentials, find_credentials
from paa.errors import UploadError
from paa.model import Index, IndexKind
from paa.publish.targets import resolve_index
from paa.publish.upload import TemporaryUploadError, open_uploader
from tests.distributions import build, describe
from tests.servers import HOST, Reply, ScriptedIndex, free_port, scripted_index

SECRET = Credentials(username="me", password="hunter2")


@pytest.fixture
def server() -> Iterator[ScriptedIndex]:
    with scripted_index() as running:
        yield running


@pytest.fixture
def wheel(tmp_path: Path) -> Path:
    return build(tmp_path / "dist", "foo", "1.0")[0]


def upload(index: Index, file: Path, credentials: Credentials | None = None) -> None:
    with open_uploader(index, credentials) as uploader:
        uploader.upload(file, describe(file).sha256)


def test_a_file_arrives_as_it_is(server: ScriptedIndex, wheel: Path) -> None:
    upload(server.index(), wheel)
    assert server.files == {wheel.name: wheel.read_bytes()}
    assert "Authorization" not in server.seen[0].headers


def test_one_try_is_one_request(server: ScriptedIndex, wheel: Path) -> None:
    server.uploads.extend([Reply(status=503)] * 9)
    with pytest.raises(TemporaryUploadError):
        upload(server.index(), wheel)
    assert len(server.uploaded) == 1


def test_the_pause_that_the_server_asks_for_is_passed_on(server: ScriptedIndex, wheel: Path) -> None:
    server.uploads.append(Reply(status=429, headers={"Retry-After": "7"}))
    with pytest.raises(TemporaryUploadError) as caught:
        upload(server.index(), wheel)
    assert caught.value.retry_after == 7.0


def test_a_refusal_keeps_the_secret_in_the_whole_chain(server: ScriptedIndex, wheel: Path) -> None:
    server.uploads.append(Reply(status=403, body=b"bad: hunter2 and bWU6aHVudGVyMg=="))
    with pytest.raises(UploadError, match=r"403 Forbidden: bad: \*\*\* and \*\*\*") as caught:
        upload(server.index(), wheel, SECRET)
    assert server.seen[0].headers["Authorization"] == "Basic bWU6aHVudGVyMg=="
    assert "hunter2" not in "".join(traceback.format_exception(caught.value))
    assert caught.value.exit_code == 3


def test_a_server_that_is_down_is_temporary_and_keeps_the_secret(wheel: Path) -> None:
    url = f"http://{HOST}:{free_port()}/"
    index = Index(name="down", kind=IndexKind.GENERIC, upload_url=url, simple_url=url)
    with pytest.raises(TemporaryUploadError, match="Connection refused") as caught:
        upload(index, wheel, SECRET)
    assert "hunter2" not in "".join(traceback.format_exception(caught.value))


def test_names_and_passwords_beyond_latin_1_are_sent(server: ScriptedIndex, wheel: Path) -> None:
    upload(server.index(), wheel, Credentials(username="żółw", password="гусь"))
    assert server.files


def test_bytes_that_changed_since_are_not_sent(server: ScriptedIndex, wheel: Path) -> None:
    with open_uploader(server.index(), None) as uploader, pytest.raises(UploadError, match="changed"):
        uploader.upload(wheel, "0" * 64)
    assert server.seen == []


@pytest.mark.parametrize("name", ["foo-1.0-py3-none-any.whl", "foo-1.0.tar.gz", "foo-1.0.egg"])
def test_what_is_no_distribution_is_not_sent(server: ScriptedIndex, tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"no archive")
    with pytest.raises(UploadError, match=name):
        upload(server.index(), tmp_path / name)
    assert server.seen == []


def test_the_console_is_quiet_only_meanwhile(server: ScriptedIndex, wheel: Path) -> None:
    with open_uploader(server.index(), None) as uploader:
        assert rich.get_console().quiet
        uploader.upload(wheel, describe(wheel).sha256)
    assert not rich.get_console().quiet


def test_pypi_is_not_tried_without_a_login(server: ScriptedIndex, wheel: Path) -> None:
    index = Index(name="pypi", kind=IndexKind.PYPI, upload_url=server.url, simple_url=server.url)
    with pytest.raises(UploadError, match="cannot log in to index pypi") as caught:
        upload(index, wheel)
    assert "PAA_PYPI_PASSWORD" in (caught.value.advice or "")
    assert server.seen == []


def test_an_empty_password_leads_to_trusted_publishing(wheel: Path) -> None:
    """It asks PyPI which audience to use, and PyPI can't be reached from a test."""
    index = resolve_index(Index(name="pypi", kind=IndexKind.PYPI))
    credentials = find_credentials(index, environment={"TWINE_PASSWORD": ""}, only_target=True)
    with pytest.raises(UploadError, match=r"cannot log in to index pypi: .*refused"):
        upload(index, wheel, credentials)


def test_a_name_without_a_password_is_no_login(server: ScriptedIndex, wheel: Path) -> None:
    with pytest.raises(UploadError, match="cannot log in"):
        upload(server.index(), wheel, Credentials(username="me"))
    assert server.seen == []


def test_a_damaged_pypirc_is_told_without_what_stands_in_it(server: ScriptedIndex, wheel: Path, home: Path) -> None:
    (home / ".pypirc").write_text("[distutils\nhunter2\n", encoding="utf-8")
    with pytest.raises(UploadError, match="pypirc") as caught:
        upload(server.index(), wheel)
    assert "hunter2" not in "".join(traceback.format_exception(caught.value, chain=False))
    assert caught.value.__suppress_context__
    upload(server.index(), wheel, SECRET)
