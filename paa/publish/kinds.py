"""The kinds of index: what follows from the keys of each. One entry per kind.

The patterns are those of docs/reference/indexes.md, which names where each is from.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from urllib.parse import quote, urlsplit

from paa.model import Index, IndexKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Addresses:
    """What follows from the keys of an index: where to upload, where to ask, and where to install from if elsewhere."""

    upload_url: str | None = None
    simple_url: str | None = None
    install_url: str | None = None


def _pypi(_: Index) -> Addresses:
    from twine.utils import DEFAULT_REPOSITORY

    return Addresses(upload_url=DEFAULT_REPOSITORY, simple_url=_simple_beside(DEFAULT_REPOSITORY))


def _testpypi(_: Index) -> Addresses:
    from twine.utils import TEST_REPOSITORY

    return Addresses(upload_url=TEST_REPOSITORY, simple_url=_simple_beside(TEST_REPOSITORY))


def _simple_beside(upload_url: str) -> str:
    """PyPI's Simple API is on the upload host less its leading ``upload.``; TestPyPI's on the upload host."""
    parts = urlsplit(upload_url)
    return f"{parts.scheme}://{parts.netloc.removeprefix('upload.')}/simple/"


def _azure(index: Index) -> Addresses:
    place = "/".join(_part(name) for name in (index.organization, index.project) if name is not None)
    feed = f"https://pkgs.dev.azure.com/{place}/_packaging/{_part(index.feed)}/pypi"
    return Addresses(upload_url=f"{feed}/upload/", simple_url=f"{feed}/simple/")


def _gitlab(index: Index) -> Addresses:
    api = f"https://{index.host or 'gitlab.com'}/api/v4"
    # In a project's address its number, or its path as one part.
    project = f"{api}/projects/{_part(index.project)}/packages/pypi"
    group = None if index.group is None else f"{api}/groups/{_part(index.group)}/-/packages/pypi/simple/"
    return Addresses(upload_url=project, simple_url=f"{project}/simple/", install_url=group)


def _codeartifact(index: Index) -> Addresses:
    host = f"{index.domain}-{index.owner}.d.codeartifact.{index.region}.amazonaws.com"
    return _with_simple(f"https://{host}/pypi/{_part(index.repository)}/")


def _google(index: Index) -> Addresses:
    return _with_simple(f"https://{index.location}-python.pkg.dev/{_part(index.project)}/{_part(index.repository)}/")


def _artifactory(index: Index) -> Addresses:
    upload_url = f"{(index.url or '').rstrip('/')}/api/pypi/{_part(index.repository)}"
    return Addresses(upload_url=upload_url, simple_url=f"{upload_url}/simple/")


def _nexus(index: Index) -> Addresses:
    repositories = f"{(index.url or '').rstrip('/')}/repository"
    found = _with_simple(f"{repositories}/{_part(index.repository)}/")
    group = None if index.group is None else f"{repositories}/{_part(index.group)}/simple/"
    return replace(found, install_url=group)


def _cloudsmith(index: Index) -> Addresses:
    place = f"{_part(index.owner)}/{_part(index.repository)}"
    simple_url = f"https://dl.cloudsmith.io/basic/{place}/python/simple/"
    return Addresses(upload_url=f"https://python.cloudsmith.io/{place}/", simple_url=simple_url)


def _gemfury(index: Index) -> Addresses:
    account = _part(index.account)
    return Addresses(upload_url=f"https://push.fury.io/{account}/", simple_url=f"https://pypi.fury.io/{account}/")


def _devpi(index: Index) -> Addresses:
    return Addresses(simple_url=f"{(index.upload_url or '').rstrip('/')}/+simple/")


def _pypiserver(index: Index) -> Addresses:
    return Addresses(simple_url=f"{(index.upload_url or '').rstrip('/')}/simple/")


def _github_pages(index: Index) -> Addresses:
    return Addresses(simple_url=f"{(index.url or '').rstrip('/')}/simple/")


def _nothing(_: Index) -> Addresses:
    return Addresses()


def _with_simple(upload_url: str) -> Addresses:
    return Addresses(upload_url=upload_url, simple_url=f"{upload_url}simple/")


def _part(name: str | None) -> str:
    return quote(name or "", safe="")


ADDRESSES: Mapping[IndexKind, Callable[[Index], Addresses]] = {
    IndexKind.PYPI: _pypi,
    IndexKind.TESTPYPI: _testpypi,
    IndexKind.AZURE: _azure,
    IndexKind.GITLAB: _gitlab,
    IndexKind.CODEARTIFACT: _codeartifact,
    IndexKind.GOOGLE: _google,
    IndexKind.ARTIFACTORY: _artifactory,
    IndexKind.NEXUS: _nexus,
    IndexKind.CLOUDSMITH: _cloudsmith,
    IndexKind.GEMFURY: _gemfury,
    IndexKind.DEVPI: _devpi,
    IndexKind.PYPISERVER: _pypiserver,
    IndexKind.GENERIC: _nothing,
    IndexKind.DIRECTORY: _nothing,
    IndexKind.GITHUB_PAGES: _github_pages,
    IndexKind.GIT: _nothing,
}
