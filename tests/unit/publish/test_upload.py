import traceback
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import rich

from paa.edges.credentials import Credentials, find_credentials
from paa.errors import UploadError
from paa.model import Index, IndexKind
from paa.publish.login import log_in
from paa.publish.refusals import Refusal
from paa.publish.targets import resolve_index
from paa.publish.upload import RefusedError, TemporaryUploadError, open_uploader, quiet_twine
from tests.distributions import build, describe
from tests.servers import HOST, Reply, ScriptedIndex, free_port

SECRET = Credentials(username="me", password="hunter2")


@pytest.fixture
def wheel(tmp_path: Path) -> Path:
    return build(tmp_path / "dist", "foo", "1.0")[0]


def chain(error: BaseException | None) -> Iterator[BaseException]:
    """``error`` and all that it came from."""
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def upload(index: Index, file: Path, credentials: Credentials | None = None) -> None:
    with open_uploader(index, log_in(index, credentials)) as uploader:
        uploader.upload(file, describe(file).sha256)


def test_a_file_arrives_as_it_is(scripted: ScriptedIndex, wheel: Path) -> None:
    upload(scripted.index(), wheel)
    assert scripted.files == {wheel.name: wheel.read_bytes()}
    assert "Authorization" not in scripted.seen[0].headers


def test_one_try_is_one_request(scripted: ScriptedIndex, wheel: Path) -> None:
    scripted.uploads.extend([Reply(status=503)] * 9)
    with pytest.raises(TemporaryUploadError):
        upload(scripted.index(), wheel)
    assert len(scripted.uploaded) == 1


def test_the_pause_that_the_server_asks_for_is_passed_on(scripted: ScriptedIndex, wheel: Path) -> None:
    scripted.uploads.append(Reply(status=429, headers={"Retry-After": "7"}))
    with pytest.raises(TemporaryUploadError) as caught:
        upload(scripted.index(), wheel)
    assert caught.value.retry_after == 7.0


def test_a_refusal_keeps_the_secret_in_the_whole_chain(scripted: ScriptedIndex, wheel: Path) -> None:
    scripted.uploads.append(Reply(status=403, body=b"bad: hunter2 and bWU6aHVudGVyMg=="))
    with pytest.raises(UploadError, match=r"403 Forbidden: bad: \*\*\* and \*\*\*") as caught:
        upload(scripted.index(), wheel, SECRET)
    assert scripted.seen[0].headers["Authorization"] == "Basic bWU6aHVudGVyMg=="
    assert "hunter2" not in "".join(traceback.format_exception(caught.value))
    assert caught.value.exit_code == 3


def test_a_server_that_is_down_is_temporary_and_keeps_the_secret(wheel: Path) -> None:
    url = f"http://{HOST}:{free_port()}/"
    index = Index(name="down", kind=IndexKind.GENERIC, upload_url=url, simple_url=url)
    with pytest.raises(TemporaryUploadError, match="Connection refused") as caught:
        upload(index, wheel, SECRET)
    assert "hunter2" not in "".join(traceback.format_exception(caught.value))


def test_no_frame_of_the_whole_chain_holds_the_secret(wheel: Path) -> None:
    url = f"http://{HOST}:{free_port()}/"
    index = Index(name="down", kind=IndexKind.GENERIC, upload_url=url, simple_url=url)
    with pytest.raises(TemporaryUploadError) as caught:
        upload(index, wheel, SECRET)
    assert caught.value.__cause__ is not None
    for error in chain(caught.value):
        for frame, _ in traceback.walk_tb(error.__traceback__):
            if "/paa/" in frame.f_code.co_filename or "site-packages" in frame.f_code.co_filename:
                held = " ".join(repr(value) for value in frame.f_locals.values())
                assert "hunter2" not in held
                assert "bWU6aHVudGVyMg" not in held


def test_a_password_that_anybody_can_read_on_the_way_is_warned_of(caplog: pytest.LogCaptureFixture) -> None:
    index = Index(name="far", kind=IndexKind.GENERIC, upload_url="http://index.example.org/", simple_url="http://x/")
    log_in(index, SECRET)
    assert "plain text" in caplog.text
    assert "hunter2" not in caplog.text
    caplog.clear()
    for url in ("https://index.example.org/", "http://localhost:8080/", "http://127.0.0.1/", "http://[::1]/"):
        log_in(replace(index, upload_url=url), SECRET)
    assert caplog.text == ""


def test_names_and_passwords_beyond_latin_1_are_sent(scripted: ScriptedIndex, wheel: Path) -> None:
    upload(scripted.index(), wheel, Credentials(username="żółw", password="гусь"))
    assert scripted.files


def test_bytes_that_changed_since_are_not_sent(scripted: ScriptedIndex, wheel: Path) -> None:
    with (
        open_uploader(scripted.index(), log_in(scripted.index(), None)) as uploader,
        pytest.raises(UploadError, match="changed"),
    ):
        uploader.upload(wheel, "0" * 64)
    assert scripted.seen == []


@pytest.mark.parametrize("name", ["foo-1.0-py3-none-any.whl", "foo-1.0.tar.gz", "foo-1.0.egg"])
def test_what_is_no_distribution_is_not_sent(scripted: ScriptedIndex, tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"no archive")
    with pytest.raises(UploadError, match=name):
        upload(scripted.index(), tmp_path / name)
    assert scripted.seen == []


def test_twine_is_quiet_only_meanwhile(
    scripted: ScriptedIndex, wheel: Path, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    scripted.uploads.append(Reply(status=500))
    with quiet_twine(), pytest.raises(TemporaryUploadError):
        upload(scripted.index(), wheel)
    assert capfd.readouterr() == ("", "")
    assert caplog.text == ""
    assert not rich.get_console().quiet


@pytest.mark.parametrize(
    ("status", "said", "refusal"),
    [
        (400, b"File already exists (&#39;foo&#39;, with blake2_256 hash &#39;00&#39;).", Refusal.USED),
        (400, b"This filename has already been used, use a different version.", Refusal.USED),
        (400, b"Validation failed: name has already been taken", Refusal.USED),
        (400, b"Repository does not allow updating assets: company", Refusal.USED),
        (409, b"The feed already contains file 'foo-1.0.tar.gz' in package 'foo 1.0'.", Refusal.USED),
        (403, b"Not enough permissions to delete/overwrite artifact", Refusal.CLASH),
        (403, b"A project of that name already exists, and you may not upload to it.", Refusal.CLASH),
        (409, b"", Refusal.CLASH),
        (400, b"This filename was previously used by a file that has since been deleted.", Refusal.GONE),
        (400, b"Uploading new files to releases older than 14 days is not allowed.", Refusal.GONE),
        (429, b"<h1>429 Too many new projects created</h1>", Refusal.QUOTA),
        (403, b"The user &#39;me&#39; isn&#39;t allowed to upload to project &#39;foo&#39;.", Refusal.FORBIDDEN),
        (401, b"", Refusal.FORBIDDEN),
        (400, b"The name &#39;foo&#39; is too similar to an existing project.", Refusal.INVALID),
        (413, b"", Refusal.INVALID),
    ],
)
def test_what_indexes_say_is_understood(
    scripted: ScriptedIndex, wheel: Path, status: int, said: bytes, refusal: Refusal
) -> None:
    scripted.uploads.append(Reply(status=status, body=said, headers={"Content-Type": "text/html"}))
    with pytest.raises(RefusedError) as caught:
        upload(scripted.index(), wheel)
    assert caught.value.refusal is refusal


def test_pypi_is_not_tried_without_a_login(scripted: ScriptedIndex, wheel: Path) -> None:
    index = Index(name="pypi", kind=IndexKind.PYPI, upload_url=scripted.url, simple_url=scripted.url)
    with pytest.raises(UploadError, match="cannot log in to index pypi") as caught:
        upload(index, wheel)
    assert "PAA_PYPI_PASSWORD" in (caught.value.advice or "")
    assert scripted.seen == []


def test_an_empty_password_leads_to_trusted_publishing(wheel: Path) -> None:
    """It asks PyPI which audience to use, and PyPI can't be reached from a test."""
    index = resolve_index(Index(name="pypi", kind=IndexKind.PYPI))
    credentials = find_credentials(index, environment={"TWINE_PASSWORD": ""}, only_target=True)
    with pytest.raises(UploadError, match=r"cannot log in to index pypi: .*refused"):
        upload(index, wheel, credentials)


def test_a_name_without_a_password_is_no_login(scripted: ScriptedIndex, wheel: Path) -> None:
    with pytest.raises(UploadError, match="cannot log in"):
        upload(scripted.index(), wheel, Credentials(username="me"))
    assert scripted.seen == []


def test_a_damaged_pypirc_is_told_without_what_stands_in_it(scripted: ScriptedIndex, wheel: Path, home: Path) -> None:
    (home / ".pypirc").write_text("[distutils\nhunter2\n", encoding="utf-8")
    with pytest.raises(UploadError, match="pypirc") as caught:
        upload(scripted.index(), wheel)
    assert "hunter2" not in "".join(traceback.format_exception(caught.value, chain=False))
    assert caught.value.__suppress_context__
    upload(scripted.index(), wheel, SECRET)
