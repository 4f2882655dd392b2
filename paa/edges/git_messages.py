"""What commit messages say, without what the commits change: cheap enough to ask about a whole history."""

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from paa.edges.git import git

_FORMAT = "%x00%H%x00%ct%x00%B%x00"


@dataclass(frozen=True, slots=True, kw_only=True)
class DatedMessage:
    """The whole message of a commit, and when it was committed (seconds since 1970, by the committer's clock)."""

    sha: str
    time: int
    text: str


def messages_matching(root: Path, pattern: str) -> tuple[DatedMessage, ...]:
    """The commits of HEAD, but for merges, with a line that matches an extended regular expression; newest first."""
    options = (
        "--no-merges",
        "--encoding=UTF-8",
        "--no-show-signature",
        "--no-mailmap",
        "--no-color",
        f"--format={_FORMAT}",
    )
    output = git(root, "log", "-z", "--extended-regexp", f"--grep={pattern}", *options, "HEAD", "--")
    fields = os.fsencode(os.fsdecode(output)).decode("utf-8", "replace").split("\0")
    # Every commit gives: "", sha, time, message, then an empty field that ends it.
    return tuple(
        DatedMessage(sha=fields[at + 1], time=int(fields[at + 2]), text=fields[at + 3])
        for at in range(0, len(fields) - 4, 5)
    )


def commit_times(root: Path, commits: Iterable[str]) -> dict[str, int]:
    """When each of ``commits`` was committed; those that this clone does not have are left out."""
    wanted = "".join(f"{commit}\n" for commit in sorted(set(commits)))
    if not wanted:
        return {}
    output = git(
        root, "rev-list", "--no-walk", "--ignore-missing", "--timestamp", "--stdin", standard_input=wanted.encode()
    )
    pairs = (line.split(" ") for line in output.decode().splitlines())
    return {sha: int(time) for time, sha in pairs}
