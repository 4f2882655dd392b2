"""The kinds of index: what each needs to be told, and where the rest comes from. One entry per kind."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from paa.config.faults import did_you_mean
from paa.errors import ConfigError, UsageError
from paa.model import Index, IndexKind

if TYPE_CHECKING:
    from paa.config.settings import Config


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """One kind of index.

    ``addresses`` gives the upload and the Simple API address of an index of that kind, as far as they follow from
    something: from the kind itself or from ``upload_url``. ``needs`` names the keys that the user has to set.
    """

    kind: IndexKind
    addresses: Callable[[Index], tuple[str | None, str | None]]
    needs: str


def resolve_index(index: Index) -> Index:
    """``index`` with everything filled in that its kind determines; what the configuration says stays.

    Raises ConfigError if something is still missing, or if an address holds a user name or a password.
    """
    from paa.edges.index import check_url

    target = next(target for target in TARGETS if target.kind is index.kind)
    if index.kind is IndexKind.DIRECTORY:
        if index.path is None:
            message = f"index {index.name}: an index of kind {index.kind} needs {target.needs}"
            raise ConfigError(message, advice=f"set it under indexes.{index.name} in .paa.config")
        return index
    upload_url, simple_url = target.addresses(index)
    resolved = replace(index, upload_url=index.upload_url or upload_url, simple_url=index.simple_url or simple_url)
    if resolved.upload_url is None or resolved.simple_url is None:
        message = f"index {index.name}: an index of kind {index.kind} needs {target.needs}"
        raise ConfigError(message, advice=f"set it under indexes.{index.name} in .paa.config")
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


def _pypi(_: Index) -> tuple[str | None, str | None]:
    from twine.utils import DEFAULT_REPOSITORY

    return DEFAULT_REPOSITORY, _simple_beside(DEFAULT_REPOSITORY)


def _testpypi(_: Index) -> tuple[str | None, str | None]:
    from twine.utils import TEST_REPOSITORY

    return TEST_REPOSITORY, _simple_beside(TEST_REPOSITORY)


def _simple_beside(upload_url: str) -> str:
    """PyPI's Simple API is on the upload host less its leading ``upload.``; TestPyPI's on the upload host."""
    parts = urlsplit(upload_url)
    return f"{parts.scheme}://{parts.netloc.removeprefix('upload.')}/simple/"


def _pypiserver(index: Index) -> tuple[str | None, str | None]:
    return None, _below(index.upload_url, "simple/")


def _devpi(index: Index) -> tuple[str | None, str | None]:
    return None, _below(index.upload_url, "+simple/")


def _below(url: str | None, path: str) -> str | None:
    return None if url is None else f"{url.rstrip('/')}/{path}"


def _nothing(_: Index) -> tuple[str | None, str | None]:
    return None, None


TARGETS = (
    Target(kind=IndexKind.PYPI, addresses=_pypi, needs="nothing"),
    Target(kind=IndexKind.TESTPYPI, addresses=_testpypi, needs="nothing"),
    Target(kind=IndexKind.PYPISERVER, addresses=_pypiserver, needs="upload_url"),
    Target(kind=IndexKind.DEVPI, addresses=_devpi, needs="upload_url"),
    Target(kind=IndexKind.GENERIC, addresses=_nothing, needs="upload_url and simple_url"),
    Target(kind=IndexKind.DIRECTORY, addresses=_nothing, needs="path"),
)
