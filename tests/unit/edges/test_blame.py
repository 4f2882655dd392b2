"""Which commit wrote a line: of what is on disk, whatever the user's settings are."""

from pathlib import Path

import pytest

from paa.edges.blame import line_commits
from paa.errors import GitError
from tests.functional.command_line import clone
from tests.repository import Repository


@pytest.fixture
def written(repository: Repository) -> tuple[Repository, str, str]:
    """A file with a line of a first commit and one of a second."""
    repository.write({"a b.py": "import one\n"})
    first = repository.commit("Begin")
    repository.write({"a b.py": "import one\nimport two\n"})
    second = repository.commit("Addé\tmore: \x1b[31m\n\nA body\n\tsummary no\n")
    return repository, first, second


def test_each_line_has_the_commit_that_wrote_it(written: tuple[Repository, str, str]) -> None:
    repository, first, second = written
    found = line_commits(repository.path, "a b.py", [2, 1, 2])
    assert {line: commit.sha for line, commit in found.items()} == {1: first, 2: second}
    assert found[1].subject == "Begin"
    assert found[2].subject == "Addé\tmore: \x1b[31m"
    assert not found[1].boundary  # The first commit of a whole history: the line is not older.
    assert found[1].date == repository.git("log", "-1", "--format=%ad", "--date=format-local:%Y-%m-%d")


def test_lines_on_disk_that_are_not_committed_have_none(written: tuple[Repository, str, str]) -> None:
    repository, first, second = written
    repository.write({"a b.py": "import zero\nimport one\nimport two\n"})
    found = line_commits(repository.path, "a b.py", [1, 2, 3])
    assert {line: commit.sha for line, commit in found.items()} == {2: first, 3: second}


def test_a_file_that_was_renamed_keeps_its_commits(written: tuple[Repository, str, str]) -> None:
    repository, first, _ = written
    repository.git("mv", "a b.py", "c.py")
    repository.commit("Rename")
    assert line_commits(repository.path, "c.py", [1])[1].sha == first


def test_settings_of_the_user_change_nothing(written: tuple[Repository, str, str]) -> None:
    repository, first, _ = written
    repository.git("config", "blame.showEmail", "true")
    repository.git("config", "blame.showRoot", "true")
    repository.git("config", "blame.blankBoundary", "true")
    repository.git("config", "blame.date", "relative")
    assert line_commits(repository.path, "a b.py", [1])[1].sha == first


def test_a_clock_that_was_far_off_is_no_crash(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    repository.write({"a.py": "import one\n"})
    monkeypatch.setenv("GIT_AUTHOR_DATE", f"@{10**12} +0000")
    repository.commit("Far off")
    assert line_commits(repository.path, "a.py", [1])[1].date == ""


def test_a_shallow_clone_says_that_the_line_may_be_older(written: tuple[Repository, str, str], tmp_path: Path) -> None:
    repository, _, second = written
    shallow = clone(repository, tmp_path / "shallow", "--depth=1")
    found = line_commits(shallow.path, "a b.py", [1])[1]
    assert (found.sha, found.boundary) == (second, True)


@pytest.mark.parametrize(("path", "line"), [("nothing.py", 1), ("a b.py", 3), (":(top)a b.py", 1)])
def test_what_is_not_there_is_an_error(written: tuple[Repository, str, str], path: str, line: int) -> None:
    with pytest.raises(GitError):
        line_commits(written[0].path, path, [line])


def test_no_lines_ask_nothing(tmp_path: Path) -> None:
    assert line_commits(tmp_path, "nothing.py", []) == {}
