"""Three-way merges of texts, by ``git merge-file``; no repository is needed."""

from paa.edges.files import temporary_folder
from paa.edges.git import run_git
from paa.errors import GitError

# Git answers with the number of conflicts, at most 127, and with more when it failed; 255 also for binary files.
_MOST_CONFLICTS = 127
_NAMES = ("ours", "base", "theirs")


def merge_three(ours: bytes, base: bytes, theirs: bytes) -> bytes | None:
    """``ours`` with what changed from ``base`` to ``theirs``; None where both changed the same lines, or for no text.

    Raises FileError, and GitError when Git failed.
    """
    if b"\0" in ours + base + theirs:
        return None
    with temporary_folder("paa-merge-") as folder:
        for name, data in zip(_NAMES, (ours, base, theirs), strict=True):
            (folder / name).write_bytes(data)
        done = run_git(folder, "merge-file", "--stdout", "--quiet", *_NAMES)
    if done.code == 0:
        return done.output
    if done.code > _MOST_CONFLICTS or done.code < 0:
        message = f"git merge-file failed: {done.error_text or f'exit code {done.code}'}"
        raise GitError(message)
    return None
