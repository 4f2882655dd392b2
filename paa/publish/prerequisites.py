"""What a run needs on an index and does not bring there itself: releases of the plan that other runs publish."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from packaging.version import Version

from paa.edges.index import IndexUnavailableError, version_of
from paa.errors import PaaError
from paa.publish.channel import Channel, presences
from paa.publish.gate import Candidate
from paa.publish.states import Presence

_AT_ONCE = 8


def not_served(
    channel: Channel, wanted: Sequence[Candidate], others: Sequence[Candidate], *, dry_run: bool
) -> set[str]:
    """The packages among ``others`` that ``wanted`` need and that the index does not serve as they were planned.

    Served is what was built, with these bytes; of what is not known to be built, any file of the planned version. What
    can't be found out is not served. In a ``dry_run`` nothing is asked: what was built would be there.
    """
    needed = {need for candidate in wanted for need in candidate.release.needs}
    asked = [candidate for candidate in others if candidate.release.package in needed]
    if dry_run:
        return {candidate.release.package for candidate in asked if candidate.built is None}
    if not asked:
        return set()
    down: list[str] = []
    with ThreadPoolExecutor(max_workers=min(_AT_ONCE, len(asked)), thread_name_prefix="ask") as pool:
        served = pool.map(lambda candidate: _is_served(channel, candidate, down), asked)
        return {candidate.release.package for candidate, is_there in zip(asked, served, strict=True) if not is_there}


def _is_served(channel: Channel, candidate: Candidate, down: list[str]) -> bool:
    """Whether the index serves it; an index that could not be reached once (``down``) is not asked again."""
    release = candidate.release
    if down:
        return False
    try:
        served = channel.files(release.distribution)
        if candidate.built is not None:
            files = [file for file in candidate.built.files if channel.takes(file)]
            return all(presence is Presence.SAME for presence in presences(channel, files, served).values())
    except IndexUnavailableError as error:
        down.append(error.message)
        return False
    except PaaError:
        return False
    version = Version(release.version)
    return any(version_of(file.name, release.distribution) == version for file in served)
