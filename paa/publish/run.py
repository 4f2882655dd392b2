"""One run of publishing: which job takes its next step when, on threads. What a step is, paa.publish.course decides.

All decisions are made in the thread that calls; the others only ask and send. So a pause keeps no thread busy, and an
interruption (Ctrl-C) comes where nothing is half done.
"""

import functools
import logging
from collections.abc import Callable, Sequence
from dataclasses import replace

from paa.edges.waiting import clock, sleep
from paa.model import Published, PublishState
from paa.publish.course import Act
from paa.publish.gate import reason_to_block
from paa.publish.jobs import (
    NOT_DONE,
    Job,
    Lane,
    Setting,
    contested,
    holds_up,
    priority,
    reason_not_to_start,
    result_of,
)
from paa.publish.refusals import Refusal
from paa.publish.threads import Threads
from paa.publish.verdicts import verdict
from paa.publish.work import Outcome, ask, fetch, judge, note_end, save, send

logger = logging.getLogger(__name__)


class Run:
    """What is under way, and what is left to do."""

    def __init__(self, setting: Setting, jobs: Sequence[Job]) -> None:
        self._setting = setting
        self._jobs = jobs
        self._threads = Threads(setting.most)

    def results(self) -> tuple[Published, ...]:
        """Do it all, and return a result for each job, in their order."""
        with self._threads:
            try:
                self._judge_all()
                self._fetch_missing()
                if self._setting.dry_run:
                    self._tell_only()
                else:
                    self._bring_all()
            except KeyboardInterrupt:
                logger.warning("interrupted: waiting for what is being sent; nothing new is started")
                self._stop()
                raise
        return tuple(job.result for job in self._jobs if job.result is not None)

    def _judge_all(self) -> None:
        """Ask about every release. As long as an index has not answered once, it is asked one thing at a time."""
        self._hold_back_unfit()
        waiting = [job for job in self._jobs if job.result is None]
        while waiting or self._threads.are_busy:
            for job in list(waiting):
                lane = job.lane
                if lane.is_down:
                    self._settle(job, PublishState.BLOCKED, reason_not_to_start(job))
                    waiting.remove(job)
                elif self._threads.have_room(Act.ASK) and (lane.was_reached or not self._threads.serve(lane)):
                    waiting.remove(job)
                    self._threads.start(job, Act.ASK, functools.partial(judge, job, self._setting))
            for job, _, outcome in self._threads.ended(None):
                self._apply_judgement(job, outcome)
        reasons = contested(self._jobs)
        for job in self._jobs:
            if job.result is None and job.package in reasons:
                self._settle(job, PublishState.BLOCKED, reasons[job.package])

    def _hold_back_unfit(self) -> None:
        """What may not be sent is not even asked about; what needs it is told that, before any fault of its own."""
        for job in self._jobs:
            reason = reason_to_block(job.candidate, self._setting.required_checks)
            if reason is not None:
                self._settle(job, PublishState.BLOCKED, reason_not_to_start(job) or reason)

    def _apply_judgement(self, job: Job, outcome: Outcome) -> None:
        self._note_outage(job.lane, outcome)
        if outcome.blocked is not None:
            self._settle(job, PublishState.BLOCKED, outcome.blocked)
        elif outcome.failed is not None or outcome.course is None or outcome.parcels is None:
            self._settle(job, PublishState.FAILED, outcome.failed)
        else:
            job.course, job.parcels, job.is_new = outcome.course, outcome.parcels, outcome.is_new
            job.limits = replace(job.limits, mends=outcome.mends)
            self._settle_if_ended(job)

    def _fetch_missing(self) -> None:
        """Get the files that have to be sent and are not on this machine from indexes that have exactly these bytes."""
        everywhere = tuple({job.lane.name: job.lane.channel for job in self._jobs}.values())
        sources = (*everywhere, *self._setting.sources)
        for job in self._jobs:
            files = job.course.files
            missing = [
                name for name, parcel in job.parcels.items() if not files[name].was_held and not parcel.path.is_file()
            ]
            if missing and job.result is None:
                work = functools.partial(fetch, job, missing, sources, self._setting.fetched)
                self._threads.start(job, Act.ASK, work)
        while self._threads.are_busy:
            for job, _, outcome in self._threads.ended(None):
                if outcome.failed is not None or outcome.parcels is None:
                    self._settle(job, PublishState.FAILED, outcome.failed)
                else:
                    job.parcels = outcome.parcels

    def _tell_only(self) -> None:
        """A dry run: what would be done."""
        for job in self._jobs:
            if job.result is not None:
                continue
            reason = reason_not_to_start(job)
            is_there = all(file.was_held for file in job.course.files.values())
            state = PublishState.ALREADY_THERE if is_there else PublishState.WOULD_UPLOAD
            self._settle(job, state if reason is None else PublishState.BLOCKED, reason)

    def _bring_all(self) -> None:
        left = sorted((job for job in self._jobs if job.result is None), key=priority)
        while left or self._threads.are_busy:
            left = self._without_blocked(left)
            due = self._start_what_can(left)
            pause = None if due is None else max(0.0, due - clock())
            if not self._threads.are_busy:
                if pause is None:
                    break
                sleep(pause)
                continue
            for job, act, outcome in self._threads.ended(pause):
                self._apply(job, act, outcome)
            left = [job for job in left if job.result is None]

    def _without_blocked(self, left: list[Job]) -> list[Job]:
        """``left`` without what can't be started any more, and what that holds up in turn."""
        while True:
            blocked = [
                (job, reason) for job in left if not job.is_busy and (reason := reason_not_to_start(job)) is not None
            ]
            if not blocked:
                return left
            for job, reason in blocked:
                self._settle(job, PublishState.BLOCKED, reason)
            left = [job for job in left if job.result is None]

    def _start_what_can(self, left: Sequence[Job]) -> float | None:
        """Start steps while there is room; return when the next one is due, None if nothing waits for a time."""
        now = clock()
        due: float | None = None
        undone: dict[str, set[str]] = {job.lane.name: set() for job in left}
        for job in left:
            undone[job.lane.name].add(job.package)
        for job in left:
            if job.is_busy or holds_up(job, undone):
                continue
            step = job.step(now)
            if step.at > now:
                due = step.at if due is None else min(due, step.at)
            elif self._threads.have_room(step.act):
                job.is_begun = True
                self._threads.start(job, step.act, self._work(job, step.act, step.file))
        return due

    def _work(self, job: Job, act: Act, file: str | None) -> Callable[[], Outcome]:
        folder = self._setting.folder
        if act is Act.SEND and file is not None:
            return functools.partial(send, job, file, folder)
        return functools.partial(save, job, folder) if act is Act.FINISH else functools.partial(ask, job)

    def _apply(self, job: Job, act: Act, outcome: Outcome) -> None:
        if act is Act.FINISH:
            if outcome.failed is not None:
                self._settle(job, PublishState.FAILED, outcome.failed)
                return
            state = PublishState.UPLOADED if job.course.uploaded else PublishState.ALREADY_THERE
            job.result = result_of(job, state, receipts=outcome.receipts)
            self._setting.report(job.result)
            return
        if outcome.course is not None:
            job.course = outcome.course
        if act is Act.ASK:
            self._note_outage(job.lane, outcome)
        if (failure := outcome.failure) is not None:
            refused_as_new = failure.refusal is Refusal.QUOTA or (failure.is_rate_limit and job.course.has_despaired)
            if job.is_new and refused_as_new:
                job.lane.takes_new_names = False
            if failure.is_rate_limit or failure.retry_after is not None:
                job.lane.resumes_at = max(job.lane.resumes_at, job.step(clock()).at)
        self._settle_if_ended(job)

    def _settle_if_ended(self, job: Job) -> None:
        """Settle a job of which a file can't get there any more."""
        step = job.step(clock())
        if step.act is not Act.STOP or step.file is None:
            return
        file = job.course.files[step.file]
        state, reason = verdict(job.course, file, job.candidate.release, job.lane.name, job.limits)
        if not self._setting.dry_run and file.tries:
            note_end(job, file, self._setting.folder)
        self._settle(job, state, reason)

    def _settle(self, job: Job, state: PublishState, reason: str | None) -> None:
        job.result = result_of(job, state, reason)
        if state in NOT_DONE:
            job.lane.failed.add(job.package)
        self._setting.report(job.result)

    def _stop(self) -> None:
        """Start nothing more, let end what is being sent, and say of every release where it stands."""
        while self._threads.are_busy:
            for job, act, outcome in self._threads.ended(None):
                if job.parcels:
                    self._apply(job, act, outcome)
        for job in self._jobs:
            if job.result is None:
                sent = any(file.tries for file in job.course.files.values())
                reason = "interrupted before the index was seen to have it all" if sent else "not tried: interrupted"
                self._settle(job, PublishState.BLOCKED, f"{reason}; run the same command again")

    def _note_outage(self, lane: Lane, outcome: Outcome) -> None:
        lane.outages = lane.outages + 1 if outcome.is_outage else 0
        lane.was_reached = lane.was_reached or bool(outcome.seconds)
