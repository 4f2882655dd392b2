"""Whether there is nothing to plan: told from standings and records, without what a plan takes to be made.

Most plans are made where nothing has changed. What this can't tell, ``plan.py`` decides.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import TYPE_CHECKING

from paa.config import Config
from paa.config.keys import InternalRequirements
from paa.model import Standing
from paa.plan.targets import targets_of

if TYPE_CHECKING:
    from paa.plan.records import History, Recorded


def unchanged(
    standings: Sequence[Standing],
    history: "Mapping[str, History]",
    config: Config,
    indexes: Sequence[str],
    asked_for: Callable[[Mapping[str, str]], Mapping[str, Collection[str]]],
) -> tuple[str, ...] | None:
    """The names of all packages, sorted, where a plan of them for ``indexes`` would release and block nothing.

    None where it takes more to tell. ``asked_for`` as in ``PlanInput``. Such a plan asks no index, since the last
    release of everything is known to be where it has to be.
    """
    if config.internal_requirements is not InternalRequirements.FLOOR:
        # Only what is required may have to follow a release that others have had since.
        return None
    last: dict[str, str] = {}
    for item in standings:
        if not item.publish:
            continue
        known = history.get(item.package.name)
        if item.errors or known is None or known.last is None or known.last.fingerprint != item.fingerprint:
            return None
        if not _is_there(config, indexes, known.last) or any(release.partial for release in known.releases):
            # What went to an index that was chosen by hand may count for these indexes, or not.
            return None
        last[item.package.name] = known.last.commit or ""
    if config.use_commit_messages and last and asked_for(last):
        return None
    return tuple(sorted(last))


def _is_there(config: Config, indexes: Sequence[str], last: "Recorded") -> bool:
    """Whether a record says that all indexes have the release which are to have it."""
    there = targets_of(config, config.publish_to, last.version) if last.indexes is None else last.indexes
    return set(targets_of(config, indexes, last.version)) <= set(there)
