"""Which release is the last one for the indexes that a plan is for, and which was the last to be told. Pure.

A release that was recorded where it has to be counts for all. One that went to indexes that were chosen by hand counts
for those, and its version and its commits for all that come after it.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cache

from packaging.version import Version

from paa.config import Config
from paa.errors import FindingsError
from paa.model import ScannedPackage
from paa.plan.pep440 import parse_version
from paa.plan.records import History, Recorded, history_of
from paa.plan.targets import required_indexes, targets_of


def histories_for(
    histories: Mapping[str, History],
    scanned: Iterable[ScannedPackage],
    config: Config,
    indexes: Sequence[str],
    commits_since: Callable[[str | None], object],
) -> dict[str, History]:
    """``histories`` as they count for a plan for ``indexes``; ``commits_since`` gives None where HEAD does not descend.

    What a shallow clone can't tell is told where it matters.
    """

    @cache
    def reaches(commit: str) -> bool:
        try:
            return commits_since(commit) is not None
        except FindingsError:
            return True

    fingerprints = {item.package.name: item.fingerprint for item in scanned}
    return {
        name: for_indexes(history, fingerprints.get(name, ""), config, indexes, reaches)
        for name, history in histories.items()
    }


def for_indexes(
    history: History,
    fingerprint: str,
    config: Config,
    indexes: Sequence[str],
    reaches: Callable[[str], bool],
) -> History:
    """``history`` with the ``last`` release as those see it who release to ``indexes`` what has that ``fingerprint``.

    ``reaches`` tells whether HEAD descends from a commit. A trial from elsewhere, on other indexes or beside those of
    ``publish_to``, holds nothing up: its version is taken, and that is all.
    """
    if not any(release.partial for release in history.releases):
        return history
    proven = [release for _, release in sorted(_parsed(history), key=lambda item: item[0], reverse=True)]
    here = next((release for release in proven if _on(release, config) & _targets(release, config, indexes)), None)
    is_same = here is not None and here.fingerprint == fingerprint
    if here is not None and is_same and _targets(here, config, indexes) <= _on(here, config):
        return replace(history, last=here)
    for release in proven:
        required = set(required_indexes(config, release.version))
        is_binding = bool(_on(release, config) & _targets(release, config, indexes) & required)
        if not release.partial or is_binding or release.commit is None or reaches(release.commit):
            return replace(history, last=release)
    return history


def told_last(history: History, config: Config, targets: Collection[str]) -> Recorded | None:
    """The release after which notes begin of what goes to ``targets``; None for the beginning.

    What goes everywhere where it has to be follows what was recorded so, since that is what people read; what goes to
    chosen indexes follows the last release that all of those have.
    """
    last = history.last
    if last is None or last.fingerprint is None:
        return last
    if set(required_indexes(config, last.version)) <= set(targets):
        return history_of([release for release in history.releases if not release.partial]).last
    there = [
        replace(release, partial=False)
        for release in history.releases
        if release.fingerprint is not None and set(targets) <= _on(release, config)
    ]
    return history_of(there).last


def has_arrived(last: Recorded, config: Config) -> bool:
    """Whether a partial release is known to be on every index that it has to be on, so that it is due to be tagged."""
    return last.partial and set(required_indexes(config, last.version)) <= _on(last, config)


def _parsed(history: History) -> Iterable[tuple[Version, Recorded]]:
    for release in history.releases:
        if release.fingerprint is not None and (version := parse_version(release.version)) is not None:
            yield version, release


def _on(release: Recorded, config: Config) -> set[str]:
    """The indexes that have it; a record that names none is of everything that there was to publish to."""
    return set(required_indexes(config, release.version) if release.indexes is None else release.indexes)


def _targets(release: Recorded, config: Config, indexes: Sequence[str]) -> set[str]:
    return set(targets_of(config, indexes, release.version))
