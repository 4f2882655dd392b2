"""Where a release has to go: the indexes of ``publish_to``, or for a pre-release those of ``prereleases_to``."""

from collections.abc import Sequence

from paa.config import Config
from paa.model import PublishSettings, Release
from paa.plan.pep440 import is_prerelease


def required_indexes(config: Config | PublishSettings, version: str) -> tuple[str, ...]:
    """The indexes that a release of ``version`` has to be on before it counts as released, by the settings."""
    return config.prereleases_to if is_prerelease(version) else config.publish_to


def targets_of(config: Config, named: Sequence[str], version: str) -> tuple[str, ...]:
    """The indexes that ``version`` goes to when those in ``named`` (``publish_to``, unless told otherwise) are meant.

    Never lets a pre-release go to an index of ``publish_to`` that is none of ``prereleases_to``; an index beyond both
    is taken at its word.
    """
    if not is_prerelease(version) or not named:
        return tuple(named)
    if set(named) == set(config.publish_to):
        return config.prereleases_to
    allowed = tuple(name for name in named if name in config.prereleases_to or name not in config.publish_to)
    return allowed or config.prereleases_to


def is_everywhere(config: Config, release: Release) -> bool:
    """Whether ``release``, once it is on all of its targets, is on every index that it has to be on."""
    known = {*release.targets, *release.present_on}
    return not release.targets or known >= set(required_indexes(config, release.version))
