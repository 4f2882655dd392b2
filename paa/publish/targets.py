"""The kinds of index: what follows from the keys of each. One entry per kind.

The patterns are those of docs/reference/indexes.md, which names where each is from.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

from paa.config.faults import did_you_mean
from paa.config.index_kinds import KINDS_BY_NAME
from paa.errors import ConfigError, UsageError
from paa.model import Index, IndexKind, Plan, PublishSettings
from paa.model.names import normalized

if TYPE_CHECKING:
    from pathlib import Path

    from paa.config.settings import Config


@dataclass(frozen=True, slots=True, kw_only=True)
class Addresses:
    """What follows from the keys of an index: where to upload, where to ask, and where to install from if elsewhere."""

    upload_url: str | None = None
    simple_url: str | None = None
    install_url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """One kind of index, and what gives the addresses of an index of that kind, as far as they follow from its keys."""

    kind: IndexKind
    addresses: Callable[[Index], Addresses]


# They are no servers that take uploads; what they need is checked where they are opened.
BRANCHES = (IndexKind.GITHUB_PAGES, IndexKind.GIT)
_WITHOUT_UPLOADS = (IndexKind.DIRECTORY, *BRANCHES)


def resolve_index(index: Index) -> Index:
    """``index`` with everything filled in that its kind determines; what the configuration says stays.

    Raises ConfigError if something is still missing, or if an address holds a user name or a password.
    """
    from paa.edges.index import check_url

    fields = KINDS_BY_NAME[index.kind]
    given = index.upload_url is not None and index.simple_url is not None and fields.replaceable
    missing = [name for name in fields.needed if getattr(index, name) is None]
    if missing and not given:
        message = f"index {index.name}: an index of kind {index.kind} needs {' and '.join(missing)}"
        raise ConfigError(message, advice=f"set it under indexes.{index.name} in .paa.config")
    target = next(target for target in TARGETS if target.kind is index.kind)
    found = Addresses() if given else target.addresses(index)
    resolved = replace(
        index,
        upload_url=index.upload_url or found.upload_url,
        simple_url=index.simple_url or found.simple_url,
        # Whoever gives an address of his own for reading means installers too.
        install_url=index.install_url or (None if index.simple_url else found.install_url),
    )
    if index.kind not in _WITHOUT_UPLOADS:
        check_url(index.name, resolved.upload_url, "upload_url")
        check_url(index.name, resolved.simple_url, "simple_url")
    return resolved


def select_indexes(config: "Config", names: Sequence[str]) -> tuple[Index, ...]:
    """The configured indexes of those names, resolved, each once, in the order given; ``publish_to`` for no names.

    Raises UsageError for a name that is not configured, ConfigError as ``resolve_index`` does.
    """
    return tuple(resolve_index(index) for index in named_indexes(config, names))


def named_indexes(config: "Config", names: Sequence[str]) -> tuple[Index, ...]:
    """The same as they are configured, for when nothing is going to be asked. Raises UsageError likewise."""
    wanted = tuple(dict.fromkeys(names or config.publish_to))
    for name in wanted:
        if name not in config.indexes:
            message = f"there is no index {name!r}{did_you_mean(name, config.indexes)}"
            advice = f"configured: {', '.join(sorted(config.indexes))}; others are added under indexes: in .paa.config"
            raise UsageError(message, advice=advice)
    return tuple(config.indexes[name] for name in wanted)


def publish_settings(
    config: "Config", planned: Sequence[str], address: str | None, distributions: Mapping[str, bool]
) -> PublishSettings:
    """What a plan whose releases go to the indexes ``planned`` has to carry, so that any machine can publish them.

    ``address`` is where the sources can be seen, ``distributions`` are those of all packages of the repository, each
    with whether it is a project's (what is no valid name, as of a file that is blocked for it, is left out). Raises
    ConfigError as ``resolve_index`` does.
    """
    from paa.documents.rules import is_distribution_name
    from paa.edges.addresses import without_user_info

    names = (*planned, *config.publish_to, *config.prereleases_to)
    known = {normalized(name): own for name, own in sorted(distributions.items()) if is_distribution_name(name)}
    return PublishSettings(
        indexes=select_indexes(config, names),
        publish_to=config.publish_to,
        prereleases_to=config.prereleases_to,
        adopt=tuple(sorted(config.adopt)),
        distributions=tuple(sorted(known)),
        projects=tuple(sorted(name for name, own in known.items() if own)),
        repository=None if address is None else without_user_info(address),
    )


def planned_indexes(plan: Plan, names: Sequence[str], root: "Path | None") -> tuple[Index, ...]:
    """The indexes of ``plan`` (which has settings) of those names, each once; all that it releases to for no names.

    What is a branch of a Git repository belongs to that at ``root``. Raises UsageError for an index that the plan
    releases nothing to, and for such a branch where there is no repository.
    """
    known = {index.name: index for index in plan.settings.indexes} if plan.settings else {}
    wanted = tuple(dict.fromkeys(names or plan.indexes))
    for name in wanted:
        if name not in plan.indexes or name not in known:
            message = f"the plan releases nothing to an index {name!r}"
            raise UsageError(message, advice=f"it releases to {', '.join(plan.indexes) or 'none'}")
        if known[name].kind in BRANCHES and root is None:
            message = f"index {name} is on branches of a Git repository, and this is not in one"
            advice = "run it in a clone of the repository with its remote, or publish to other indexes with --index"
            raise UsageError(message, advice=advice)
    return tuple(_at(known[name], root) for name in wanted)


def further_indexes(plan: Plan, targets: Sequence[Index], root: "Path | None") -> tuple[Index, ...]:
    """The other indexes in the settings of ``plan``, as far as they can be read from here."""
    names = {index.name for index in targets}
    others = tuple(index for index in (plan.settings.indexes if plan.settings else ()) if index.name not in names)
    return tuple(_at(index, root) for index in others if index.kind not in BRANCHES or root is not None)


def _at(index: Index, root: "Path | None") -> Index:
    return replace(index, root=root) if index.kind in BRANCHES else index


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


TARGETS = (
    Target(kind=IndexKind.PYPI, addresses=_pypi),
    Target(kind=IndexKind.TESTPYPI, addresses=_testpypi),
    Target(kind=IndexKind.AZURE, addresses=_azure),
    Target(kind=IndexKind.GITLAB, addresses=_gitlab),
    Target(kind=IndexKind.CODEARTIFACT, addresses=_codeartifact),
    Target(kind=IndexKind.GOOGLE, addresses=_google),
    Target(kind=IndexKind.ARTIFACTORY, addresses=_artifactory),
    Target(kind=IndexKind.NEXUS, addresses=_nexus),
    Target(kind=IndexKind.CLOUDSMITH, addresses=_cloudsmith),
    Target(kind=IndexKind.GEMFURY, addresses=_gemfury),
    Target(kind=IndexKind.DEVPI, addresses=_devpi),
    Target(kind=IndexKind.PYPISERVER, addresses=_pypiserver),
    Target(kind=IndexKind.GENERIC, addresses=_nothing),
    Target(kind=IndexKind.DIRECTORY, addresses=_nothing),
    Target(kind=IndexKind.GITHUB_PAGES, addresses=_github_pages),
    Target(kind=IndexKind.GIT, addresses=_nothing),
)
