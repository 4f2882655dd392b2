"""The threads of a run of publishing: what is under way on them, and whether there is room for more."""

from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from typing import Self

from paa.publish.course import Act
from paa.publish.jobs import Job, Lane
from paa.publish.work import Outcome

# How many files are sent at once, where the user does not say: the most is for indexes that take long to answer.
_FEW, _MANY = 4, 8
_SLOW_SECONDS = 0.1
# As many of the last answers tell how long that is, and fewer than that tell nothing.
_SAMPLES, _ENOUGH = 25, 3


class Threads:
    """Used by one thread alone, as a context: leaving it waits for what is under way.

    ``most`` is how many may send at once; None leaves that to how fast the indexes answer.
    """

    def __init__(self, most: int | None) -> None:
        self._most = most
        # They start when there is something to do.
        self._pool = ThreadPoolExecutor(2 * (most or _MANY), thread_name_prefix="publish")
        self._running: dict[Future[Outcome], tuple[Job, Act]] = {}
        self._seconds: list[float] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._pool.shutdown()

    @property
    def are_busy(self) -> bool:
        """Whether anything is under way."""
        return bool(self._running)

    def start(self, job: Job, act: Act, work: Callable[[], Outcome]) -> None:
        """Do ``work``, the step ``act`` of ``job``, on a thread."""
        job.is_busy = True
        self._running[self._pool.submit(work)] = (job, act)

    def ended(self, pause: float | None) -> list[tuple[Job, Act, Outcome]]:
        """Wait for work to end, ``pause`` seconds at most; what has ended, in the order of the jobs."""
        done, _ = wait(self._running, timeout=pause, return_when=FIRST_COMPLETED)
        ended = sorted(
            ((*self._running.pop(future), future.result()) for future in done), key=lambda item: item[0].position
        )
        for job, _, _ in ended:
            job.is_busy = False
        self._seconds += [outcome.seconds for _, _, outcome in ended if outcome.seconds]
        return ended

    def have_room(self, act: Act) -> bool:
        """Whether one more step of that kind may be started now."""
        most = width(self._most, self._seconds[-_SAMPLES:])
        if act is Act.SEND:
            return sum(1 for _, running in self._running.values() if running is Act.SEND) < most
        return len(self._running) < 2 * most

    def serve(self, lane: Lane) -> bool:
        """Whether anything of ``lane`` is under way."""
        return any(job.lane is lane for job, _ in self._running.values())


def width(jobs: int | None, seconds: Sequence[float]) -> int:
    """How many files are sent at once: ``jobs``, or what pays.

    Where an index answers slowly (``seconds``: how long it took so far), threads wait more than they work.
    """
    if jobs is not None:
        return jobs
    if len(seconds) < _ENOUGH:
        return _FEW
    return _MANY if sorted(seconds)[len(seconds) // 2] > _SLOW_SECONDS else _FEW
