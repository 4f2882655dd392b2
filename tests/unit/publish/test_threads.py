import pytest

from paa.publish.threads import width


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
