"""Trusted publishing: the CI system vouches for the run, PyPI gives a token for it, and no secret is stored."""

import base64
import json
import os
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from paa.edges.credentials import find_credentials, source_of
from paa.errors import UploadError
from paa.model import Index, IndexKind
from paa.publish.login import log_in
from paa.publish.targets import resolve_index
from paa.publish.upload import open_uploader
from tests.distributions import build, describe
from tests.https import https_server, on_the_internet
from tests.servers import Reply, ScriptedIndex, scripted_index

MINTED = "pypi-minted-for-this-run"


def as_json(document: object, status: int = 200) -> Reply:
    return Reply(status=status, body=json.dumps(document).encode(), headers={"Content-Type": "application/json"})


def identity(claims: dict[str, str]) -> str:
    """A JSON web token (RFC 7519); only PyPI itself would check its signature."""
    parts = [json.dumps(part).encode() for part in ({"alg": "RS256", "typ": "JWT"}, claims)]
    return ".".join(base64.urlsafe_b64encode(part).decode().rstrip("=") for part in (*parts, b"signature"))


@pytest.fixture(params=[IndexKind.PYPI, IndexKind.TESTPYPI])
def index(request: pytest.FixtureRequest) -> Index:
    return resolve_index(Index(name="pypi", kind=request.param))


@pytest.fixture
def runner() -> Iterator[ScriptedIndex]:
    """What vouches for a run on GitHub Actions, named in the environment as it is there."""
    with scripted_index() as running:
        running.pages["/identity"] = [as_json({"value": identity({"aud": "the-index"})})]
        os.environ |= {
            "GITHUB_ACTIONS": "true",
            "ACTIONS_ID_TOKEN_REQUEST_URL": f"{running.url}identity?run=1",
            "ACTIONS_ID_TOKEN_REQUEST_TOKEN": "of-the-run",
        }
        yield running


@pytest.fixture
def server(tmp_path: Path, index: Index, runner: ScriptedIndex) -> Iterator[ScriptedIndex]:
    """A server in the place of PyPI."""
    assert runner.seen == []
    host = urlsplit(index.upload_url or "").hostname or ""
    with https_server(tmp_path, host) as running, on_the_internet(running):
        running.pages["/_/oidc/audience"] = [as_json({"audience": "the-index"})]
        running.pages["/_/oidc/mint-token"] = [as_json({"success": True, "token": MINTED, "expires": 1 << 40})]
        yield running


def upload(index: Index, tmp_path: Path) -> None:
    wheel = build(tmp_path / "dist", "foo", "1.0")[0]
    credentials = find_credentials(index, environment=os.environ, only_target=True)
    with open_uploader(index, log_in(index, credentials)) as uploader:
        uploader.upload(wheel, describe(wheel).sha256)


@pytest.mark.parametrize("password", [None, "", "$(TWINE_PASSWORD)"])
def test_a_run_without_a_password_gets_a_token(
    server: ScriptedIndex, runner: ScriptedIndex, index: Index, tmp_path: Path, password: str | None
) -> None:
    if password is not None:
        os.environ |= {"TWINE_USERNAME": "", "TWINE_PASSWORD": password}
    upload(index, tmp_path)
    assert server.uploaded == ["foo-1.0-py3-none-any.whl"]
    login = base64.b64encode(f"__token__:{MINTED}".encode()).decode()
    assert server.seen[-1].headers["Authorization"] == f"Basic {login}"
    assert runner.paths() == ["/identity?run=1&audience=the-index"]


def test_a_password_that_is_there_comes_first(server: ScriptedIndex, index: Index, tmp_path: Path) -> None:
    os.environ["TWINE_PASSWORD"] = "own"
    assert source_of(index, environment=os.environ, only_target=True) == "TWINE_PASSWORD"
    upload(index, tmp_path)
    assert [request.method for request in server.seen] == ["POST"]


def test_a_run_that_is_not_trusted_is_told_why(server: ScriptedIndex, index: Index, tmp_path: Path) -> None:
    reasons = {"errors": [{"code": "invalid-publisher", "description": "no publisher fits these claims"}]}
    server.pages["/_/oidc/mint-token"] = [as_json(reasons, status=422)]
    with pytest.raises(UploadError, match="no publisher fits these claims") as caught:
        upload(index, tmp_path)
    assert "PAA_PYPI_PASSWORD" in (caught.value.advice or "")
    assert server.uploaded == []


def test_where_it_comes_from_is_said_without_asking(server: ScriptedIndex, index: Index) -> None:
    assert source_of(index, environment=os.environ, only_target=True) == "trusted publishing"
    assert server.seen == []
