"""Which commits wrote the lines of a file on disk, as ``git blame`` tells it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from paa.edges.git import git
from paa.edges.git_history import is_shallow

_UNCOMMITTED = {"0"}


@dataclass(frozen=True, slots=True, kw_only=True)
class LineCommit:
    """The commit that last wrote a line: its hash, the day it was written on (ISO 8601, UTC), its subject.

    A clock that was far off makes no day: ``date`` is empty then.
    ``boundary``: this clone is shallow and its history begins there, so the line may be older.
    """

    sha: str
    date: str
    subject: str
    boundary: bool = False


def line_commits(root: Path, path: str, lines: Collection[int]) -> dict[int, LineCommit]:
    """The commits of ``lines`` (from 1) of the file at ``path`` on disk, in one call, but for lines not yet committed.

    Lines end as Git has them, at line feeds alone. Commits that the user's own settings tell Git to skip
    (``blame.ignoreRevsFile``) are skipped. Raises GitError, also for a file that HEAD does not have, and for a line
    that the file does not have.
    """
    if not lines:
        return {}
    ranges = [f"-L{line},{line}" for line in sorted(lines)]
    options = ("--line-porcelain", "--encoding=UTF-8")
    output = git(root, "blame", *options, *ranges, "--", path).decode("utf-8", "replace")
    cut_off = is_shallow(root)
    found: dict[int, LineCommit] = {}
    header: dict[str, str] = {}
    sha, number = "", 0
    for line in output.split("\n"):
        if line.startswith("\t"):
            if set(sha) != _UNCOMMITTED:
                found[number] = _commit(sha, header, cut_off=cut_off)
            header, sha = {}, ""
        elif not sha:
            sha, _, rest = line.partition(" ")
            number = int(rest.split(" ")[1]) if rest else 0
        else:
            key, _, value = line.partition(" ")
            header[key] = value
    return found


def _commit(sha: str, header: dict[str, str], *, cut_off: bool) -> LineCommit:
    return LineCommit(
        sha=sha,
        date=_day(int(header["author-time"])),
        subject=header.get("summary", ""),
        # Git says so of the first commit of all too.
        boundary=cut_off and "boundary" in header,
    )


def _day(seconds: int) -> str:
    try:
        return datetime.fromtimestamp(seconds, tz=UTC).date().isoformat()
    except (ValueError, OverflowError, OSError):
        return ""
