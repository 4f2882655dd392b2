"""Git's remotes: which one a branch belongs to, what it has, and pushing to it."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from paa.edges.git import git, run_git
from paa.edges.git_login import login_at
from paa.edges.git_tags import Tag
from paa.errors import GitError, UsageError

_BRANCHES = "refs/heads/"
_PEELED = "^{}"


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoteState:
    """What a remote had when it was asked: ``references`` by their whole names, and its own branch.

    ``peeled`` has the commits (or whatever it is) that references to tag objects lead to.
    """

    references: Mapping[str, str]
    default_branch: str | None
    peeled: Mapping[str, str] = field(default_factory=dict)


def read_settings(root: Path) -> dict[str, str]:
    """Git's settings of remotes, branches and pushing; the last value of each."""
    done = run_git(root, "config", "-z", "--get-regexp", r"^(remote|branch|push)\.")
    pairs = (os.fsdecode(record).partition("\n") for record in done.output.split(b"\0") if record)
    return {name: value for name, _, value in pairs}


def choose_remote(settings: Mapping[str, str], branch: str | None) -> str | None:
    """The remote that ``git push`` would push ``branch`` (None: a detached HEAD) to; None where there is no remote.

    Raises UsageError when there are several and nothing says which.
    """
    remotes = sorted({name[len("remote.") : -len(".url")] for name in settings if _is_remote_url(name)})
    asked = (f"branch.{branch}.pushremote", "remote.pushdefault", f"branch.{branch}.remote")
    for name in (settings.get(key) for key in asked):
        if name is not None and name != ".":
            return name
    if not remotes or "origin" in remotes:
        return "origin" if remotes else None
    if len(remotes) == 1:
        return remotes[0]
    message = f"there are several remotes ({', '.join(remotes)}), and nothing says which one releases are pushed to"
    raise UsageError(message, advice="git config remote.pushDefault NAME, or paa record --no-push")


def branch_there(settings: Mapping[str, str], branch: str) -> str:
    """What ``branch`` is called on its remote: the same, unless ``push.default`` says that upstreams count."""
    merge = settings.get(f"branch.{branch}.merge", "")
    if settings.get("push.default") in {"upstream", "tracking"} and merge.startswith(_BRANCHES):
        return merge.removeprefix(_BRANCHES)
    return branch


def look_at(root: Path, remote: str) -> RemoteState:
    """Ask ``remote`` what it has. Raises GitError when it does not answer."""
    output = os.fsdecode(_asked(root, remote, "ls-remote", "--quiet", "--symref", "--", remote))
    references, peeled, default = {}, {}, None
    for line in output.split("\n"):
        first, _, name = line.partition("\t")
        if first.startswith("ref: ") and name == "HEAD":
            default = first.removeprefix("ref: ").removeprefix(_BRANCHES)
        elif name.endswith(_PEELED):
            peeled[name.removesuffix(_PEELED)] = first
        elif name and not first.startswith("ref: "):
            references[name] = first
    return RemoteState(references=references, default_branch=default, peeled=peeled)


def fetch(root: Path, remote: str, refspecs: Sequence[str], *, whole_history: bool = False) -> None:
    """Fetch ``refspecs``, no tags besides, and nothing into the work tree. Raises GitError.

    With ``whole_history`` a shallow clone gets all that it lacks, of everything.
    """
    if refspecs:
        options = ("--quiet", "--no-tags", "--no-recurse-submodules", "--no-write-fetch-head", "--stdin")
        history = ("--unshallow",) if whole_history else ()
        lines = "".join(f"{refspec}\n" for refspec in refspecs)
        _asked(root, remote, "fetch", *options, *history, "--", remote, standard_input=os.fsencode(lines))


def has_object(root: Path, name: str) -> bool:
    """Whether this clone has the object of that hash."""
    return run_git(root, "cat-file", "-e", name).code == 0


def read_tag(root: Path, name: str, target: str) -> Tag:
    """The tag ``name`` as it is elsewhere, where it names the object ``target``. Raises GitError."""
    commit = git(root, "rev-parse", "--verify", f"{target}^{{}}").decode().strip()
    done = run_git(root, "cat-file", "tag", target)
    head, _, message = done.output.decode("utf-8", "replace").partition("\n\n")
    return Tag(name=name, commit=commit, message=message if done.code == 0 else "", target=target, time=_time(head))


def push(root: Path, remote: str, refspecs: Sequence[str]) -> str | None:
    """Push just ``refspecs``, all or none; return None when done, else Git's reason (without user info).

    A remote that can't do it in one step takes them one by one. Never forces anything.
    """
    options = ("push", "--quiet", "--no-follow-tags")
    login = login_at(root, remote)
    variables = login.variables(os.environ)
    done = run_git(root, *options, "--atomic", "--", remote, *refspecs, environment=variables)
    if done.code != 0 and "does not support --atomic" in done.error_text:
        done = run_git(root, *options, "--", remote, *refspecs, environment=variables)
    if done.code == 0:
        return None
    return login.explained(done.error_text) or f"git push ended with {done.code}"


def remote_commit(root: Path, remote: str, branch: str) -> str | None:
    """The commit of ``branch`` on ``remote``, as far as this clone knows."""
    done = run_git(root, "rev-parse", "--verify", "--quiet", f"refs/remotes/{remote}/{branch}^{{commit}}")
    return done.output.decode().strip() if done.code == 0 else None


def _asked(root: Path, remote: str, *arguments: str, standard_input: bytes = b"") -> bytes:
    """What Git says of ``remote``, with the token for it if there is one. Raises GitError."""
    login = login_at(root, remote)
    done = run_git(root, *arguments, standard_input=standard_input, environment=login.variables(os.environ))
    if done.code != 0:
        reason = login.explained(done.error_text) or f"exit code {done.code}"
        message = f"git {arguments[0]} failed in {root}: {reason}"
        advice = (
            "does the token hold for this repository, and for long enough?"
            if login.is_refused(done.error_text)
            else None
        )
        raise GitError(message, advice=advice)
    return done.output


def _is_remote_url(name: str) -> bool:
    return name.startswith("remote.") and name.endswith(".url")


def _time(head: str) -> int:
    """The seconds since 1970 of a tag object's ``tagger`` line (gitformat: name, address, seconds, zone)."""
    for line in head.split("\n"):
        if line.startswith("tagger ") and len(words := line.rsplit(" ", 2)) == 3 and words[1].isdigit():  # noqa: PLR2004  # before, seconds, zone
            return int(words[1])
    return 0
