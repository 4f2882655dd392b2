"""Git as a command: plain functions, few calls, everything read ``-z``. No shell, no user-set pager, hook or alias."""

import contextlib
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from paa.edges.addresses import text_without_user_info
from paa.edges.run import Completed, run, started
from paa.errors import GitError

# What a hook or an alias of Git sets to name its own repository; we name ours by the folder.
_REPOSITORY_VARIABLES = (
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_COMMON_DIR",
    "GIT_DIR",
    "GIT_GLOB_PATHSPECS",
    "GIT_ICASE_PATHSPECS",
    "GIT_INDEX_FILE",
    "GIT_LITERAL_PATHSPECS",
    "GIT_NAMESPACE",
    "GIT_NOGLOB_PATHSPECS",
    "GIT_OBJECT_DIRECTORY",
    "GIT_PREFIX",
    "GIT_WORK_TREE",
)
# What packages are published with: no business of Git's hooks. CI's own tokens stay, Git may log in with them.
_UPLOAD_SECRETS = ("ACTIONS_ID_TOKEN_REQUEST_", "PAA_", "TWINE_", "UV_PUBLISH_")
_GIT = ("git", "-c", "core.quotepath=off")
_STATUS = ("status", "--porcelain=v1", "-z", "--no-renames", "--untracked-files=all", "--", ".")
_SKIPPED = "S"


@dataclass(frozen=True, slots=True, kw_only=True)
class BlobEntry:
    """A path of a commit or of the index: ``mode`` as Git writes it (100644, 100755, 120000, 160000)."""

    mode: str
    blob: str


def run_git(
    root: Path, *arguments: str, standard_input: bytes = b"", environment: Mapping[str, str] | None = None
) -> Completed:
    """Run Git in ``root``; how it ended is the caller's to judge. ``environment`` comes on top of this process's."""
    variables = {**_variables(), **(environment or {})}
    return run((*_GIT, *arguments), folder=root, standard_input=standard_input, environment=variables)


def _variables() -> dict[str, str]:
    kept = {
        name: value
        for name, value in os.environ.items()
        if name not in _REPOSITORY_VARIABLES and not name.upper().startswith(_UPLOAD_SECRETS)
    }
    return kept | {"GIT_OPTIONAL_LOCKS": "0", "LC_ALL": "C", "GIT_TERMINAL_PROMPT": "0"}


def git(root: Path, *arguments: str, standard_input: bytes = b"") -> bytes:
    """Run Git in ``root`` and return what it printed. Raises GitError with Git's own words when it fails."""
    return _output(root, arguments, run_git(root, *arguments, standard_input=standard_input))


def _output(root: Path, arguments: Sequence[str], done: Completed) -> bytes:
    if done.code != 0:
        reason = text_without_user_info(done.error_text) or f"exit code {done.code}"
        message = f"git {arguments[0]} failed in {root}: {reason}"
        raise GitError(message)
    return done.output


def find_top(folder: Path) -> Path | None:
    """The top of the work tree that ``folder`` lies in, None outside Git. Raises GitError for a broken repository."""
    done = run_git(folder, "rev-parse", "--show-toplevel")
    if done.code == 0:
        return Path(os.fsdecode(done.output.removesuffix(b"\n")))
    if "not a git repository" in done.error_text:
        return None
    message = f"Git can't use {folder}: {done.error_text}"
    raise GitError(message)


def find_top_and_head(folder: Path) -> tuple[Path | None, str | None]:
    """What ``find_top`` and ``head_commit`` say, from one process where there is a commit. Raises GitError likewise."""
    done = run_git(folder, "rev-parse", "--show-toplevel", "HEAD^{commit}")
    if done.code == 0:
        # A folder may have line ends in its name, a commit has none.
        top, _, commit = done.output.removesuffix(b"\n").rpartition(b"\n")
        return Path(os.fsdecode(top)), commit.decode()
    top_alone = find_top(folder)
    return top_alone, None if top_alone is None else head_commit(folder)


def head_commit(root: Path) -> str | None:
    """The commit that HEAD leads to, or None in a repository without commits."""
    return find_commit(root, "HEAD")


def find_commit(root: Path, revision: str) -> str | None:
    """The commit that ``revision`` (a hash, a tag, a branch …) leads to, or None."""
    done = run_git(root, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
    return done.output.decode().strip() if done.code == 0 else None


def list_commit(root: Path, commit: str) -> dict[str, BlobEntry]:
    """The files of ``commit`` below ``root``, by path relative to it."""
    entries = {}
    for record in _records(git(root, "ls-tree", "-r", "-z", commit)):
        head, _, path = record.partition("\t")
        mode, _, blob = head.split(" ")
        entries[path] = BlobEntry(mode=mode, blob=blob)
    return entries


def list_index(root: Path) -> dict[str, BlobEntry]:
    """The files that Git's index holds below ``root``, but for those that a sparse checkout leaves out."""
    entries = {}
    for record in _records(git(root, "ls-files", "-s", "-t", "-z")):
        head, _, path = record.partition("\t")
        tag, mode, blob, _ = head.split(" ")
        if tag != _SKIPPED:
            entries[path] = BlobEntry(mode=mode, blob=blob)
    return entries


def list_uncommitted(root: Path) -> tuple[str, ...]:
    """Paths below ``root`` that differ from HEAD: staged, modified, deleted or untracked; sorted.

    Another repository inside this one that is not tracked is one path that ends in a slash.
    """
    with uncommitted(root) as found:
        return found()


@contextlib.contextmanager
def uncommitted(root: Path) -> Iterator[Callable[[], tuple[str, ...]]]:
    """What ``list_uncommitted`` says, asked for and waited for apart: Git looks at every file meanwhile."""
    with started((*_GIT, *_STATUS), folder=root, environment=_variables()) as done:

        def found() -> tuple[str, ...]:
            # Git gives these paths relative to the top of the work tree, wherever it is asked.
            above = os.fsdecode(git(root, "rev-parse", "--show-prefix").removesuffix(b"\n"))
            records = _records(_output(root, _STATUS, done()))
            return tuple(sorted({record[3:].removeprefix(above) for record in records}))

        yield found


def list_ignored(root: Path, paths: Iterable[str]) -> tuple[str, ...]:
    """Those of ``paths`` that Git would not take up below ``root``; what is tracked already is none of them."""
    names = os.fsencode("".join(f"{path}\0" for path in sorted(paths)))
    return tuple(_records(run_git(root, "check-ignore", "-z", "--stdin", standard_input=names).output))


def read_blobs(root: Path, blobs: Iterable[str]) -> dict[str, bytes]:
    """The contents of ``blobs``, by their hash, in one call. Raises GitError when one is missing."""
    wanted = sorted(set(blobs))
    if not wanted:
        return {}
    output = git(root, "cat-file", "--batch", standard_input="".join(f"{blob}\n" for blob in wanted).encode())
    contents, position = {}, 0
    for blob in wanted:
        end = output.index(b"\n", position)
        header = output[position:end].decode().split(" ")
        if header[1] != "blob":
            message = f"Git does not have the object {blob} (a shallow or damaged clone?)"
            raise GitError(message, advice="git fetch --unshallow, or clone again")
        size = int(header[2])
        contents[blob] = output[end + 1 : end + 1 + size]
        position = end + size + 2
    return contents


def changed_paths(root: Path, since: str, commit: str) -> tuple[str, ...]:
    """The paths below ``root`` that differ between two commits, relative to it; sorted."""
    output = git(root, "diff-tree", "-r", "-z", "--name-only", "--no-renames", "--relative", since, commit, "--")
    return tuple(sorted(_records(output)))


def current_branch(root: Path) -> str | None:
    """The name of the checked-out branch, or None on a detached HEAD."""
    done = run_git(root, "symbolic-ref", "--quiet", "--short", "HEAD")
    return os.fsdecode(done.output).strip() if done.code == 0 else None


def remote_url(root: Path, remote: str = "origin") -> str | None:
    """The fetch URL of ``remote`` as it is configured, or None."""
    done = run_git(root, "config", "--get", f"remote.{remote}.url")
    return os.fsdecode(done.output).strip() or None if done.code == 0 else None


def _records(output: bytes) -> list[str]:
    """NUL-ended records; bytes that are no UTF-8 survive as surrogates (os.fsdecode), as in paths on disk."""
    return os.fsdecode(output).removesuffix("\0").split("\0") if output else []
