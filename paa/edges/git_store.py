"""A bare repository of our own, in a temporary folder, between this process and a remote repository.

What is fetched, made and pushed goes through it, so that nothing of the user's own repository changes: no reference,
no work tree, no index, and it does not become shallow. The user's settings of Git count, those of the repository
included: that is where CI systems keep their credentials.
"""

import os
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from paa.edges.files import temporary_folder
from paa.edges.git import BlobEntry, run_git
from paa.edges.git_login import Login, login_at
from paa.edges.git_settings import Remote, settings_for
from paa.errors import GitError

_REMOTE = "target"
_OWN = (
    ("http.lowSpeedLimit", "1"),  # a server that hangs is given up, after this many seconds
    ("http.lowSpeedTime", "120"),
    ("gc.auto", "0"),
    ("maintenance.auto", "false"),
    ("push.followTags", "false"),
)
_NAME, _ADDRESS = "paa", "paa@localhost"
_NO_OBJECT = "0" * 40
_RACES = re.compile(r"cannot lock ref|failed to update ref|incorrect old value")


@dataclass(frozen=True, slots=True, kw_only=True)
class PushFailure:
    """Why a push was refused, in Git's words; ``is_race`` says that somebody else pushed at the same time."""

    reason: str
    is_race: bool


@contextmanager
def open_store(remote: Remote) -> Iterator["GitStore"]:
    """An empty store beside ``remote``; nothing is asked yet.

    Raises ConfigError for an address that is no remote or holds a password, GitError where Git fails.
    """
    login = login_at(remote.root, remote.address)
    settings = [*settings_for(remote, _REMOTE), *_OWN, *login.settings]
    with temporary_folder("paa-git-") as folder:
        environment = {"GIT_CONFIG_COUNT": str(len(settings))}
        for number, (key, value) in enumerate(settings):
            # In the environment, because others can see arguments and these may hold a token.
            environment |= {f"GIT_CONFIG_KEY_{number}": key, f"GIT_CONFIG_VALUE_{number}": value}
        store = GitStore(folder, environment | login.quiet, login)
        store.git("init", "--quiet", "--bare", "--template=")
        yield store


class GitStore:
    """Objects by their ids, references of the remote by their full names."""

    def __init__(self, folder: Path, environment: Mapping[str, str], login: Login) -> None:
        self._folder = folder
        self._environment = environment
        self._login = login
        self._commits: set[str] = set()

    def git(self, *arguments: str, standard_input: bytes = b"", environment: Mapping[str, str] | None = None) -> bytes:
        """What Git prints here. Raises GitError."""
        done = run_git(
            self._folder,
            *arguments,
            standard_input=standard_input,
            environment={**self._environment, **(environment or {})},
        )
        if done.code != 0:
            message = f"git {arguments[0]} failed: {self._reason(done.error_text) or f'exit code {done.code}'}"
            raise GitError(message)
        return done.output

    def references(self, *patterns: str) -> dict[str, str]:
        """The references of the remote that fit ``patterns``, which may end in ``*``, and what each leads to now."""
        listed = os.fsdecode(self.git("ls-remote", "--refs", _REMOTE, *patterns)).splitlines()
        pairs = (line.partition("\t")[::2] for line in listed)
        return {name: target for target, name in pairs if any(_fits(name, pattern) for pattern in patterns)}

    def fetch(self, reference: str, *, contents: bool = False) -> str:
        """Get what ``reference`` leads to, without its history; return the object's id.

        Without ``contents`` files are left out where the remote can do that, and fetched when they are read.
        """
        own = f"refs/fetched/{reference}"
        options = ("--quiet", "--no-tags", "--no-write-fetch-head", "--depth=1")
        self.git("fetch", *options, *([] if contents else ["--filter=blob:none"]), _REMOTE, f"+{reference}:{own}")
        target = self.git("rev-parse", "--verify", own).decode().strip()
        self._commits.add(target)
        return target

    def get(self, reference: str, target: str) -> str:
        """The same, but without asking the remote where ``target``, which ``reference`` leads to, is here already."""
        return target if target in self._commits else self.fetch(reference)

    def tree_of(self, thing: str) -> str:
        """The tree of a commit, or of a tag that leads to one. Raises GitError for anything else."""
        return self.git("rev-parse", "--verify", f"{thing}^{{tree}}").decode().strip()

    def commit_of(self, thing: str) -> str:
        """The commit that a tag leads to, or that it is itself. Raises GitError for anything else."""
        return self.git("rev-parse", "--verify", f"{thing}^{{commit}}").decode().strip()

    def message_of(self, commit: str) -> str:
        """The message of ``commit``."""
        return self.git("cat-file", "commit", commit).partition(b"\n\n")[2].decode("utf-8", "replace")

    def list_files(self, thing: str, *paths: str) -> dict[str, BlobEntry]:
        """Every file of a commit or tree, or those at or below ``paths``: path from the top → mode and blob."""
        entries = {}
        for record in self.git("ls-tree", "-r", "-z", "--full-tree", thing, "--", *paths).split(b"\0"):
            if record:
                head, _, path = record.partition(b"\t")
                mode, _, blob = head.decode().split(" ")
                entries[os.fsdecode(path)] = BlobEntry(mode=mode, blob=blob)
        return entries

    def read(self, blob: str) -> bytes:
        """The content of a file, fetched now if it has to be."""
        return self.git("cat-file", "blob", blob)

    def add(self, data: bytes) -> str:
        """Keep ``data`` here; return its id."""
        return self.git("hash-object", "-w", "--stdin", standard_input=data).decode().strip()

    def add_files(self, paths: Sequence[Path]) -> list[str]:
        """Keep the contents of files here, all in one call; return their ids."""
        if not paths:
            return []
        names = b"".join(os.fsencode(path.absolute()) + b"\n" for path in paths)
        return self.git("hash-object", "-w", "--no-filters", "--stdin-paths", standard_input=names).decode().split()

    def tree_with(self, base: str | None, files: Mapping[str, BlobEntry], without: Collection[str] = ()) -> str:
        """The tree of ``base`` (a commit or tree; None: an empty one) in which ``files`` are put or replaced.

        The files in ``without`` are not in it, unless they are in ``files``. Raises GitError for a path that Git does
        not allow, and for one where a file is and a folder should be.
        """
        gone = {*without} - files.keys()
        # Git would put a folder in the place of a file, and a file in the place of a folder, without a word.
        every = {*files, *(self.list_files(base) if base else ())} - gone
        if clash := sorted(_folders(every) & every):
            message = f"{clash[0]} is a file already, and would have to be a folder (or the other way round)"
            raise GitError(message)
        self.git("read-tree", *([base] if base else ["--empty"]))
        lines = (os.fsencode(f"{entry.mode} {entry.blob}\t{path}") for path, entry in files.items())
        taken = (os.fsencode(f"0 {_NO_OBJECT}\t{path}") for path in sorted(gone))
        given = b"".join(line + b"\0" for line in (*taken, *lines))
        self.git("update-index", "-z", "--index-info", standard_input=given)
        tree = self.git("write-tree", "--missing-ok").decode().strip()
        written = self.list_files(tree)
        # Git leaves out what it does not allow (such as .git), and calls it a success.
        if refused := sorted(path for path, entry in files.items() if written.get(path) != entry):
            message = f"Git does not take the path {refused[0]!r}"
            raise GitError(message)
        return tree

    def commit(self, tree: str, message: str, *, parent: str | None, seconds: str | None = None) -> str:
        """A commit by paa. With ``seconds`` (since 1970) as its time, the same arguments give the same id."""
        identity = {
            f"GIT_{role}_{what}": value
            for role in ("AUTHOR", "COMMITTER")
            for what, value in (("NAME", _NAME), ("EMAIL", _ADDRESS), ("DATE", f"{seconds} +0000" if seconds else ""))
            if value
        }
        above = ["-p", parent] if parent else []
        options = ("-c", "i18n.commitEncoding=UTF-8", "commit-tree", "--no-gpg-sign")
        done = self.git(*options, *above, tree, standard_input=message.encode(), environment=identity)
        made = done.decode().strip()
        self._commits.add(made)
        return made

    def push(self, references: Mapping[str, str]) -> PushFailure | None:
        """Let ``references`` lead to these objects, all or none; None when done. Never forced.

        A remote that can't do it in one step gets them one by one, in the order given.
        """
        specifications = [f"{target}:{name}" for name, target in references.items()]
        options = ("push", "--quiet", "--no-verify", "--recurse-submodules=no")
        done = run_git(self._folder, *options, "--atomic", _REMOTE, *specifications, environment=self._environment)
        if done.code != 0 and "does not support --atomic" in done.error_text:
            done = run_git(self._folder, *options, _REMOTE, *specifications, environment=self._environment)
        if done.code == 0:
            return None
        return PushFailure(reason=self._reason(done.error_text), is_race=bool(_RACES.search(done.error_text)))

    def _reason(self, text: str) -> str:
        """Git's words on one line, without its hints and without anything secret."""
        lines = (line.strip() for line in self._login.explained(text).splitlines())
        return "; ".join(line for line in lines if line and not line.startswith(("hint:", "warning:")))


def _folders(paths: Iterable[str]) -> set[str]:
    """Every folder that is on the way to one of ``paths``."""
    return {str(folder) for path in paths for folder in PurePosixPath(path).parents}


def _fits(name: str, pattern: str) -> bool:
    """ls-remote takes a pattern for the end of a name; here it is the whole name, or its beginning."""
    return name.startswith(pattern[:-1]) if pattern.endswith("*") else name == pattern
