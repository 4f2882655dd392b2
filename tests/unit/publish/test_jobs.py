import pytest

from paa.publish.gate import Candidate
from paa.publish.jobs import needed_packages, width
from tests.distributions import plan_release


@pytest.mark.parametrize(
    ("jobs", "seconds", "files"),
    [
        (None, [], 4),
        (None, [9.0, 9.0], 4),
        (None, [0.01, 0.02, 9.0], 4),
        (None, [0.3, 0.3, 0.01], 8),
        (1, [0.3, 0.3, 0.3], 1),
        (32, [], 32),
    ],
)
def test_more_files_go_at_once_where_the_index_is_slow(jobs: int | None, seconds: list[float], files: int) -> None:
    assert width(jobs, seconds) == files


def test_what_is_needed_is_counted() -> None:
    planned = [plan_release("base", "1.0"), plan_release("one", "1.0", needs=["base"])]
    planned.append(plan_release("two", "1.0", needs=["base", "one"]))
    assert needed_packages([Candidate(release=release, built=None) for release in planned]) == {"base": 2, "one": 1}
