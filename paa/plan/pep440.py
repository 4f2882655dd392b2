"""What a text says about a version (PEP 440)."""

from collections.abc import Iterable
from functools import lru_cache

from packaging.version import Version

from paa.errors import FindingsError

# Longer ones don't fit into a file name beside the name of the distribution.
_MAX_LENGTH = 128


@lru_cache(maxsize=4096)  # A thousand packages have few versions between them.
def parse_version(text: str) -> Version | None:
    """``text`` as a PEP 440 version, or None when it is none."""
    if len(text) > _MAX_LENGTH:
        return None
    try:
        return Version(text)
    except ValueError:
        return None


def required_version(text: str) -> Version:
    """``text`` as a PEP 440 version. Raises FindingsError when it is none."""
    version = parse_version(text)
    if version is None:
        message = f"{text[:_MAX_LENGTH]!r} is not a version (PEP 440)"
        raise FindingsError(message, advice="write it like 1.2.3")
    return version


def last_version(versions: Iterable[str]) -> Version | None:
    """The highest of ``versions``, without local label; None when none of them is a PEP 440 version."""
    parsed = (parse_version(text) for text in versions)
    return max((_without_local(version) for version in parsed if version is not None), default=None)


def is_prerelease(version: str) -> bool:
    """Whether ``version`` is a pre-release or a development release. Raises FindingsError when it is no version."""
    return required_version(version).is_prerelease


def _without_local(version: Version) -> Version:
    return version if version.local is None else Version(version.public)
