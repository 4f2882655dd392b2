"""Release set → indexes, in the plan's order. Killed at any point and run again, it ends where it would have ended.

What is done is read off the indexes, never off a receipt or an HTTP status.
"""

import contextlib
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from paa.edges.credentials import find_credentials
from paa.edges.index import IndexUnavailableError
from paa.edges.waiting import Backoff
from paa.errors import OutsideError
from paa.model import BuiltRelease, Index, Published, PublishState, Receipt, Release, ReleaseSet
from paa.publish.channel import Channel, Parcel, Presence, confirm, deliver, look, open_channel, refuse_others
from paa.publish.gate import Candidate, candidates, damage, reason_to_block
from paa.publish.receipts import write_receipt

_NOT_DONE = (PublishState.FAILED, PublishState.BLOCKED)
_OUTAGES_IN_A_ROW = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishOptions:
    """How to publish.

    ``required_checks`` names the checks that must have passed for exactly the files that are sent. ``environment`` is
    where credentials are looked up. A ``dry_run`` asks the indexes and writes and sends nothing. ``confirm_seconds``
    bounds how long an index may take to serve what it took; ``backoff`` how often it is tried.
    """

    required_checks: tuple[str, ...]
    environment: Mapping[str, str]
    dry_run: bool = False
    confirm_seconds: float = 120.0
    backoff: Backoff = field(default_factory=Backoff)


def publish(
    release_set: ReleaseSet,
    folder: Path,
    indexes: Sequence[Index],
    options: PublishOptions,
    report: Callable[[Published], None],
) -> tuple[Published, ...]:
    """Bring every release of ``release_set``, whose files lie in ``folder``, to every index (resolved, see targets).

    ``report`` hears of each result as soon as it stands. A failure blocks only the releases that need the failed one,
    on that index. Raises UsageError for a provisional plan and ConfigError for an index without addresses, before
    anything is sent; what happens later is in the results.
    """
    planned = tuple(candidates(release_set))
    results: list[Published] = []
    failed: dict[str, set[str]] = {index.name: set() for index in indexes}
    outages: Counter[str] = Counter()
    with contextlib.ExitStack() as stack:
        channels = [stack.enter_context(_open(index, options, only_target=len(indexes) == 1)) for index in indexes]
        for candidate in planned:
            for channel in channels:
                name = channel.index.name
                result = _blocked(candidate, channel, failed[name], is_down=outages[name] >= _OUTAGES_IN_A_ROW)
                if result is None:
                    try:
                        result = publish_release(candidate, channel, folder, options)
                        outages[name] = 0
                    except IndexUnavailableError as error:
                        result = _result(candidate.release, channel, PublishState.FAILED, reason=_text(error))
                        outages[name] += 1
                if result.state in _NOT_DONE:
                    failed[name].add(candidate.release.package)
                results.append(result)
                report(result)
    return tuple(results)


def publish_release(candidate: Candidate, channel: Channel, folder: Path, options: PublishOptions) -> Published:
    """Bring one release to one index. What goes wrong is in the result, but IndexUnavailableError is raised."""
    release, built = candidate.release, candidate.built
    reason = reason_to_block(candidate, options.required_checks)
    if built is None or reason is not None:
        return _result(release, channel, PublishState.BLOCKED, reason=reason)
    if problem := damage(built, folder):
        return _result(release, channel, PublishState.FAILED, reason=problem)
    try:
        return _bring(built, channel, folder, dry_run=options.dry_run)
    except IndexUnavailableError:
        raise
    except OutsideError as error:
        return _result(release, channel, PublishState.FAILED, reason=_text(error))


def _bring(built: BuiltRelease, channel: Channel, folder: Path, *, dry_run: bool) -> Published:
    parcels = [
        Parcel(distribution=built.release.distribution, file=file, path=folder / file.name) for file in built.files
    ]
    presences = look(channel, parcels)
    refuse_others(channel, presences)
    absent = {name for name, presence in presences.items() if presence is Presence.ABSENT}
    if dry_run:
        state = PublishState.WOULD_UPLOAD if absent else PublishState.ALREADY_THERE
        return _result(built.release, channel, state)
    for parcel in parcels:
        if parcel.file.name in absent or channel.mends:
            deliver(channel, parcel)
    if absent:
        confirm(channel, parcels)
    receipts = tuple(
        write_receipt(folder, _receipt(built.release, channel, parcel, uploaded=parcel.file.name in absent))
        for parcel in parcels
    )
    state = PublishState.UPLOADED if absent else PublishState.ALREADY_THERE
    return _result(built.release, channel, state, receipts=receipts)


def _open(index: Index, options: PublishOptions, *, only_target: bool) -> contextlib.AbstractContextManager[Channel]:
    credentials = find_credentials(index, environment=options.environment, only_target=only_target)
    return open_channel(index, credentials, backoff=options.backoff, confirm_seconds=options.confirm_seconds)


def _blocked(candidate: Candidate, channel: Channel, failed: Collection[str], *, is_down: bool) -> Published | None:
    blockers = [need for need in candidate.release.needs if need in failed]
    if blockers:
        reason = f"blocked by {', '.join(blockers)}"
        return _result(candidate.release, channel, PublishState.BLOCKED, reason=reason)
    if is_down:
        reason = f"not tried: index {channel.index.name} can't be reached"
        return _result(candidate.release, channel, PublishState.BLOCKED, reason=reason)
    return None


def _receipt(release: Release, channel: Channel, parcel: Parcel, *, uploaded: bool) -> Receipt:
    return Receipt(
        index=channel.index.name,
        file=parcel.file.name,
        sha256=parcel.file.sha256,
        package=release.package,
        version=release.version,
        uploaded=uploaded,
    )


def _result(
    release: Release,
    channel: Channel,
    state: PublishState,
    *,
    reason: str | None = None,
    receipts: tuple[Receipt, ...] = (),
) -> Published:
    return Published(
        package=release.package,
        distribution=release.distribution,
        version=release.version,
        index=channel.index.name,
        state=state,
        reason=reason,
        receipts=receipts,
    )


def _text(error: OutsideError) -> str:
    return error.message if error.advice is None else f"{error.message}; {error.advice}"
