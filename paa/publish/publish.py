"""Release set → indexes. Killed at any point and run again, it ends where it would have ended.

What is done is read off the indexes, never off a receipt or an HTTP status. First every release is judged and every
index asked about it; only then is the first file sent (paa.publish.run). The states are in paa.publish.states.
"""

import contextlib
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from paa.edges.credentials import find_credentials
from paa.edges.files import temporary_folder
from paa.edges.waiting import Backoff
from paa.model import Index, Plan, Published, ReleaseSet
from paa.publish.channel import Channel, open_channel
from paa.publish.course import Limits
from paa.publish.gate import Candidate, candidates
from paa.publish.jobs import Job, Lane, Setting, needed_packages
from paa.publish.prerequisites import not_served
from paa.publish.run import Run
from paa.publish.upload import quiet_twine


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishOptions:
    """How to publish.

    ``required_checks`` names the checks that must have passed for exactly the files that are sent. ``environment`` is
    where credentials are looked up. ``adopted`` are names (normalised) of projects that are ours whatever they look
    like. ``sources`` are further indexes from which files that are not in the folder any more may be fetched. A
    ``dry_run`` asks the indexes and writes and sends nothing. ``jobs`` is how many files are sent at once; None
    chooses. ``confirm_seconds`` bounds how long an index may take to serve what it took; ``backoff`` how often it is
    tried. ``packages`` are those to publish (None: all); what they need beside those must be on the index already.
    ``main_indexes`` are the names of those that a login for no index by name (``TWINE_*``) may be meant for; None:
    that one which is published to, if there is no other.
    """

    required_checks: tuple[str, ...]
    environment: Mapping[str, str]
    adopted: Collection[str] = ()
    sources: tuple[Index, ...] = ()
    dry_run: bool = False
    jobs: int | None = None
    confirm_seconds: float = 120.0
    backoff: Backoff = field(default_factory=Backoff)
    packages: Collection[str] | None = None
    main_indexes: Collection[str] | None = None


def publish(
    release_set: ReleaseSet,
    folder: Path,
    indexes: Sequence[Index],
    options: PublishOptions,
    report: Callable[[Published], None],
) -> tuple[Published, ...]:
    """Bring every release of ``release_set``, whose files lie in ``folder``, to every index (resolved, see targets).

    A release goes to those of ``indexes`` that the plan has for it, and to those that the plan does not know.
    ``report`` hears of each result as soon as it stands; the results come in the plan's order. A failure blocks only
    the releases that need the failed one, on that index. Raises UsageError for a provisional plan and ConfigError for
    an index without addresses, before anything is sent; what happens later is in the results. After KeyboardInterrupt,
    which comes out of here, what was being sent has been finished, and ``report`` has heard of every release.
    """
    planned = tuple(candidates(release_set))
    with contextlib.ExitStack() as stack:
        main = options.main_indexes
        if main is None:
            main = [index.name for index in indexes] if len(indexes) == 1 else []
        channels = [stack.enter_context(_open(index, options, only_target=index.name in main)) for index in indexes]
        if not options.dry_run and any(channel.way.uses_twine for channel in channels):
            stack.enter_context(quiet_twine())
        setting = Setting(
            folder=folder,
            fetched=stack.enter_context(temporary_folder("paa-publish-")),
            judged=frozenset(release_set.plan.indexes),
            required_checks=options.required_checks,
            adopted=frozenset(options.adopted),
            sources=tuple(stack.enter_context(_open(index, options, only_target=False)) for index in options.sources),
            dry_run=options.dry_run,
            most=options.jobs,
            report=report,
        )
        limits = Limits(backoff=options.backoff, confirm_seconds=options.confirm_seconds)
        names = {item.release.package for item in planned} if options.packages is None else frozenset(options.packages)
        wanted = tuple(item for item in planned if item.release.package in names)
        others = tuple(item for item in planned if item.release.package not in names)
        lanes = [
            Lane(
                channel=channel,
                failed=not_served(channel, wanted, _for(release_set.plan, others, channel), dry_run=options.dry_run),
            )
            for channel in channels
        ]
        return Run(setting, _jobs(release_set, wanted, lanes, limits)).results()


def _for(plan: Plan, candidates: Sequence[Candidate], channel: Channel) -> tuple[Candidate, ...]:
    """Those that the plan brings to that index."""
    return tuple(item for item in candidates if channel.index.name in plan.targets_of(item.release))


def _jobs(
    release_set: ReleaseSet, planned: Sequence[Candidate], lanes: Sequence[Lane], limits: Limits
) -> tuple[Job, ...]:
    """A job for each release and index, in the plan's order."""
    needed = needed_packages(planned)
    pairs = [
        (candidate, lane)
        for candidate in planned
        for lane in lanes
        if lane.name in release_set.plan.targets_of(candidate.release) or lane.name not in release_set.plan.indexes
    ]
    return tuple(
        Job(
            position=position,
            candidate=candidate,
            lane=lane,
            limits=limits,
            is_needed=candidate.release.package in needed,
        )
        for position, (candidate, lane) in enumerate(pairs)
    )


def _open(index: Index, options: PublishOptions, *, only_target: bool) -> contextlib.AbstractContextManager[Channel]:
    credentials = find_credentials(index, environment=options.environment, only_target=only_target)
    return open_channel(index, credentials, backoff=options.backoff)
