"""Publishing as the tests do it: quick retries, every result checked to be reported as well."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from paa.edges.waiting import Backoff
from paa.model import BuiltRelease, Index, Published, PublishState
from paa.publish.publish import PublishOptions, publish
from tests.distributions import CHECKS, release_set

UPLOADED, ALREADY_THERE = PublishState.UPLOADED, PublishState.ALREADY_THERE
WOULD_UPLOAD, BLOCKED, FAILED = PublishState.WOULD_UPLOAD, PublishState.BLOCKED, PublishState.FAILED
QUICK = Backoff(tries=3, first_seconds=0.0)


def run(
    dist: Path,
    indexes: Sequence[Index],
    *built: BuiltRelease,
    environment: Mapping[str, str] | None = None,
    dry_run: bool = False,
    confirm_seconds: float = 60.0,
    jobs: int | None = None,
) -> list[Published]:
    """Publish ``built``, whose files lie in ``dist``, to ``indexes``."""
    options = PublishOptions(
        required_checks=CHECKS,
        environment=environment or {},
        dry_run=dry_run,
        confirm_seconds=confirm_seconds,
        backoff=QUICK,
        jobs=jobs,
    )
    told: list[Published] = []
    results = publish(release_set(*built), dist, indexes, options, told.append)
    assert sorted(map(str, told)) == sorted(map(str, results))
    return list(results)


def states(results: Sequence[Published]) -> dict[str, PublishState]:
    """Package → state, of results for one index."""
    return {result.package: result.state for result in results}


def contents(folder: Path) -> dict[str, bytes]:
    """Name → bytes of the files directly in ``folder``."""
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


def everything_below(folder: Path) -> dict[str, bytes]:
    """Path → bytes of every file below ``folder``."""
    return {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
