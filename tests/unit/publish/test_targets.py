import dataclasses
from pathlib import Path
from typing import TYPE_CHECKING, cast
from urllib.parse import urlsplit

import pytest
from twine.utils import DEFAULT_REPOSITORY, TEST_REPOSITORY

from paa.errors import ConfigError, UsageError
from paa.model import Index, IndexKind
from paa.publish.kinds import ADDRESSES
from paa.publish.targets import resolve_index, select_indexes

if TYPE_CHECKING:
    from paa.config.settings import Config


@dataclasses.dataclass
class Settings:
    indexes: dict[str, Index]
    publish_to: tuple[str, ...]


def settings(*indexes: Index, publish_to: tuple[str, ...] = ()) -> "Config":
    return cast("Config", Settings({index.name: index for index in indexes}, publish_to))


def test_every_kind_has_its_entry() -> None:
    assert list(ADDRESSES) == list(IndexKind)


@pytest.mark.parametrize(
    ("kind", "upload_url"), [(IndexKind.PYPI, DEFAULT_REPOSITORY), (IndexKind.TESTPYPI, TEST_REPOSITORY)]
)
def test_pypi_is_known(kind: IndexKind, upload_url: str) -> None:
    resolved = resolve_index(Index(name="x", kind=kind))
    assert resolved.upload_url == upload_url
    host = urlsplit(upload_url).netloc.removeprefix("upload.")
    assert resolved.simple_url == f"https://{host}/simple/"


@pytest.mark.parametrize(
    ("kind", "simple_url"),
    [
        (IndexKind.PYPISERVER, "https://index.example.org/team/dev/simple/"),
        (IndexKind.DEVPI, "https://index.example.org/team/dev/+simple/"),
    ],
)
def test_what_follows_from_the_upload_address_is_filled_in(kind: IndexKind, simple_url: str) -> None:
    index = Index(name="x", kind=kind, upload_url="https://index.example.org/team/dev")
    assert resolve_index(index).simple_url == simple_url
    own = dataclasses.replace(index, simple_url="https://other.example.org/")
    assert resolve_index(own) == own


@pytest.mark.parametrize(
    ("kind", "keys", "upload_url", "simple_url", "install_url"),
    [
        (
            IndexKind.AZURE,
            {"organization": "contoso", "project": "My Platform", "feed": "data"},
            "https://pkgs.dev.azure.com/contoso/My%20Platform/_packaging/data/pypi/upload/",
            "https://pkgs.dev.azure.com/contoso/My%20Platform/_packaging/data/pypi/simple/",
            None,
        ),
        (
            IndexKind.AZURE,
            {"organization": "contoso", "feed": "data"},
            "https://pkgs.dev.azure.com/contoso/_packaging/data/pypi/upload/",
            "https://pkgs.dev.azure.com/contoso/_packaging/data/pypi/simple/",
            None,
        ),
        (
            IndexKind.GITLAB,
            {"host": "git.example.org:8443", "project": "group/sub/tools", "group": "group/sub"},
            "https://git.example.org:8443/api/v4/projects/group%2Fsub%2Ftools/packages/pypi",
            "https://git.example.org:8443/api/v4/projects/group%2Fsub%2Ftools/packages/pypi/simple/",
            "https://git.example.org:8443/api/v4/groups/group%2Fsub/-/packages/pypi/simple/",
        ),
        (
            IndexKind.GITLAB,
            {"project": "42"},
            "https://gitlab.com/api/v4/projects/42/packages/pypi",
            "https://gitlab.com/api/v4/projects/42/packages/pypi/simple/",
            None,
        ),
        (
            IndexKind.CODEARTIFACT,
            {"domain": "acme", "owner": "111122223333", "region": "us-west-2", "repository": "py"},
            "https://acme-111122223333.d.codeartifact.us-west-2.amazonaws.com/pypi/py/",
            "https://acme-111122223333.d.codeartifact.us-west-2.amazonaws.com/pypi/py/simple/",
            None,
        ),
        (
            IndexKind.GOOGLE,
            {"project": "my-project", "location": "europe-west1", "repository": "py"},
            "https://europe-west1-python.pkg.dev/my-project/py/",
            "https://europe-west1-python.pkg.dev/my-project/py/simple/",
            None,
        ),
        (
            IndexKind.ARTIFACTORY,
            {"url": "https://acme.example/artifactory/", "repository": "py-local"},
            "https://acme.example/artifactory/api/pypi/py-local",
            "https://acme.example/artifactory/api/pypi/py-local/simple/",
            None,
        ),
        (
            IndexKind.NEXUS,
            {"url": "https://nexus.example", "repository": "py", "group": "all"},
            "https://nexus.example/repository/py/",
            "https://nexus.example/repository/py/simple/",
            "https://nexus.example/repository/all/simple/",
        ),
        (
            IndexKind.CLOUDSMITH,
            {"owner": "acme", "repository": "py"},
            "https://python.cloudsmith.io/acme/py/",
            "https://dl.cloudsmith.io/basic/acme/py/python/simple/",
            None,
        ),
        (IndexKind.GEMFURY, {"account": "acme"}, "https://push.fury.io/acme/", "https://pypi.fury.io/acme/", None),
        (IndexKind.GITHUB_PAGES, {"url": "https://acme.example/x"}, None, "https://acme.example/x/simple/", None),
        (IndexKind.GIT, {"branch": "dist/{package}"}, None, None, None),
    ],
)
def test_the_addresses_follow_from_the_keys(
    kind: IndexKind, keys: dict[str, str], upload_url: str | None, simple_url: str | None, install_url: str | None
) -> None:
    index = dataclasses.replace(Index(name="x", kind=kind), **keys)  # type: ignore[arg-type]  # texts, all of them
    resolved = resolve_index(index)
    assert (resolved.upload_url, resolved.simple_url, resolved.install_url) == (upload_url, simple_url, install_url)


def test_given_addresses_take_the_place_of_the_pattern() -> None:
    index = Index(name="x", kind=IndexKind.GITLAB, project="1", group="2", simple_url="https://mirror.example/")
    resolved = resolve_index(index)
    assert resolved.simple_url == "https://mirror.example/"
    assert resolved.upload_url == "https://gitlab.com/api/v4/projects/1/packages/pypi"
    # Installers are not sent to another place than the one that is asked for.
    assert resolved.install_url is None
    both = Index(name="x", kind=IndexKind.AZURE, upload_url="https://a.example/", simple_url="https://b.example/")
    assert resolve_index(both) == both


@pytest.mark.parametrize(
    "index",
    [
        Index(name="x", kind=IndexKind.PYPISERVER),
        Index(name="x", kind=IndexKind.GENERIC, upload_url="https://index.example.org/"),
        Index(name="x", kind=IndexKind.DIRECTORY),
        Index(name="x", kind=IndexKind.PYPISERVER, upload_url="https://me:hunter2@index.example.org/"),
        Index(
            name="x", kind=IndexKind.GENERIC, upload_url="ftp://index.example.org/", simple_url="https://a.example.org/"
        ),
    ],
)
def test_what_is_missing_or_unsound_is_named(index: Index) -> None:
    with pytest.raises(ConfigError, match=r"index x: .*(upload_url|simple_url|path)") as caught:
        resolve_index(index)
    assert "hunter2" not in f"{caught.value} {caught.value.advice}"


def test_indexes_are_selected_by_name(tmp_path: Path) -> None:
    local = Index(name="local", kind=IndexKind.DIRECTORY, path=tmp_path)
    other = Index(name="other", kind=IndexKind.DIRECTORY, path=tmp_path)
    config = settings(local, other, publish_to=("other",))
    assert select_indexes(config, ["local", "other", "local"]) == (local, other)
    assert select_indexes(config, []) == (other,)


def test_an_unknown_name_gets_a_proposal(tmp_path: Path) -> None:
    config = settings(Index(name="company", kind=IndexKind.DIRECTORY, path=tmp_path))
    with pytest.raises(UsageError, match="'compnay'; did you mean 'company'") as caught:
        select_indexes(config, ["compnay"])
    assert "configured: company" in (caught.value.advice or "")
