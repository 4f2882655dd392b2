"""The history that a clone holds: commits with what they say and change, and how they descend from each other."""

import os
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from paa.edges.git import git, run_git

_FORMAT = "%x00%H%x00%s%x00%b%x00"


@dataclass(frozen=True, slots=True, kw_only=True)
class LoggedCommit:
    """A commit as ``git log`` tells it; ``paths`` are relative to the folder asked about, and empty for merges."""

    sha: str
    subject: str
    body: str
    paths: tuple[str, ...]


def log_commits(root: Path, since: str | None) -> tuple[LoggedCommit, ...]:
    """The commits from ``since`` (exclusive; None: all) to HEAD that HEAD holds, newest first, in one call."""
    span = "HEAD" if since is None else f"{since}..HEAD"
    # Nothing of the user's settings may change what is printed.
    options = ("--encoding=UTF-8", "--no-show-signature", "--no-mailmap", "--no-color", f"--format={_FORMAT}")
    output = git(root, "log", "-z", "--name-only", "--no-renames", "--relative", *options, span, "--")
    # Every commit gives: "", sha, subject, body, then a line end and its paths, each ended by NUL. Nothing else in
    # there is an empty field before a hash.
    fields = os.fsdecode(output).split("\0")
    starts = [at for at in range(len(fields) - 3) if not fields[at] and _is_sha(fields[at + 1])]
    commits = []
    for start, end in pairwise([*starts, len(fields)]):
        sha, subject, body, *rest = fields[start + 1 : end]
        paths = [path for path in rest if path]
        paths[:1] = [path.removeprefix("\n") for path in paths[:1]]
        commits.append(LoggedCommit(sha=sha, subject=_text(subject), body=_text(body).strip(), paths=tuple(paths)))
    return tuple(commits)


def is_ancestor(root: Path, ancestor: str, descendant: str) -> bool:
    """Whether ``descendant`` holds ``ancestor`` in its history; False also when either is not in this clone."""
    return run_git(root, "merge-base", "--is-ancestor", ancestor, descendant).code == 0


def merge_base(root: Path, one: str, other: str) -> str | None:
    """The last commit that both hold in their history; None when there is none, or when either is not in this clone."""
    done = run_git(root, "merge-base", one, other)
    return done.output.decode().strip() if done.code == 0 else None


def is_shallow(root: Path) -> bool:
    """Whether history was cut off when this repository was cloned."""
    return git(root, "rev-parse", "--is-shallow-repository").strip() == b"true"


def _text(field: str) -> str:
    return os.fsencode(field).decode("utf-8", "replace")


def _is_sha(text: str) -> bool:
    return len(text) in {40, 64} and all(character in "0123456789abcdef" for character in text)
