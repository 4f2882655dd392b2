"""What paa writes into Git: a commit made without the work tree, tags, and the branch moved on to that commit."""

import os
from collections.abc import Iterable, Mapping
from pathlib import Path

from paa.edges.files import temporary_folder, translated
from paa.edges.git import git, list_commit, run_git
from paa.errors import GitError

_FILE_MODE = "100644"
_FILE_MODES = frozenset({_FILE_MODE, "100755"})
_ROLES = ("AUTHOR", "COMMITTER")
# Who commits on a CI system that has told Git nothing: the variable that it sets → name and address.
_CI_IDENTITIES = {
    "GITHUB_ACTIONS": ("github-actions[bot]", "41898282+github-actions[bot]@users.noreply.github.com"),
    "TF_BUILD": ("Azure Pipelines", "paa@localhost"),
    "CI": ("paa", "paa@localhost"),
}


def knows_committer(root: Path) -> bool:
    """Whether there are a name and an address to make commits and tags with: Git's, or those of a CI system."""
    identity = _identity(root)
    return all(run_git(root, "var", f"GIT_{role}_IDENT", environment=identity).code == 0 for role in _ROLES)


def create_tag(root: Path, name: str, commit: str, message: str) -> None:
    """Make an annotated tag, signed where ``tag.gpgSign`` says so. Raises GitError, also when it is there already."""
    arguments = ("tag", "--annotate", "--cleanup=verbatim", "--file=-", name, commit)
    _git_as_committer(root, *arguments, standard_input=message.encode())


def create_tag_object(root: Path, reference: str, commit: str, message: str) -> None:
    """Make an annotated tag object that only ``reference`` names. Raises GitError, also when that is there already."""
    name_object(root, reference, store_tag_object(root, reference, commit, message))


def store_tag_object(root: Path, reference: str, commit: str, message: str) -> str:
    """Make an annotated tag object for ``reference``, which nothing names yet; return it. Raises GitError."""
    tagger = _git_as_committer(root, "var", "GIT_COMMITTER_IDENT").decode("utf-8", "replace").strip()
    name = reference.removeprefix("refs/")
    text = f"object {commit}\ntype commit\ntag {name}\ntagger {tagger}\n\n{message}"
    return git(root, "mktag", standard_input=text.encode()).decode().strip()


def name_object(root: Path, reference: str, target: str) -> None:
    """Let ``reference``, which must not be there yet, name the object ``target``. Raises GitError."""
    git(root, "update-ref", "--create-reflog", reference, target, "0" * len(target))


def replace_tag(root: Path, reference: str, new: str, old: str) -> None:
    """Let ``reference`` name the object ``new`` if it still names ``old``. Raises GitError when it does not."""
    git(root, "update-ref", reference, new, old)


def commit_files(root: Path, parent: str, files: Mapping[str, bytes], message: str) -> str:
    """Make the commit that has ``files`` (by path relative to ``root``) on top of ``parent``; return it.

    No branch, index, work tree or hook has a part in it; a signature is made where ``commit.gpgSign`` asks for one.
    Raises GitError, also where one of the paths is something else than a file.
    """
    entries = list_commit(root, parent)
    modes = {path: entries[path].mode if path in entries else _FILE_MODE for path in files}
    odd = sorted(path for path, mode in modes.items() if mode not in _FILE_MODES)
    if odd:
        message = f"{odd[0]} is a symbolic link or a submodule, and no file that can be written"
        raise GitError(message, advice="put a file in its place, commit that, and run again")
    blobs = _store(root, files)
    tree = _tree_with(root, parent, {path: (modes[path], blobs[path]) for path in files})
    sign = ("-S",) if _is_set(root, "commit.gpgSign") else ()
    arguments = ("commit-tree", *sign, "-p", parent, "-F", "-", tree)
    return _git_as_committer(root, *arguments, standard_input=message.encode()).decode().strip()


def stage_from(root: Path, commit: str, paths: Iterable[str]) -> None:
    """Have Git's index hold ``paths`` as ``commit`` has them, and leave all else in it as it is. Raises GitError."""
    entries = list_commit(root, commit)
    chosen = {path: (entries[path].mode, entries[path].blob) for path in paths}
    git(root, "update-index", "-z", "--add", "--index-info", standard_input=_index_info(root, chosen))


def move_head(root: Path, new: str, old: str) -> None:
    """Let HEAD, or the branch that it stands on, be ``new`` if it still is ``old``. Raises GitError when it is not."""
    git(root, "update-ref", "-m", "paa: record releases", "HEAD", new, old)


def switch_files(root: Path, old: str, new: str) -> str | None:
    """Bring index and work tree from commit ``old`` to ``new``; None when done, else why nothing was changed.

    What is not committed there stays as it is: where it is in the way, nothing is changed.
    """
    top = Path(os.fsdecode(git(root, "rev-parse", "--show-toplevel").removesuffix(b"\n")))
    added = git(top, "diff-tree", "-r", "-z", "--no-renames", "--name-only", "--diff-filter=A", old, new)
    for name in filter(None, os.fsdecode(added).split("\0")):
        # Git would write over a file that it was told to ignore.
        if os.path.lexists(top / name) and not _is_staged(top, name):
            return f"{name} is in the way"
    # What the index believes of files may be old; whether any of them has changed is seen then.
    run_git(top, "update-index", "-q", "--refresh")
    done = run_git(root, "read-tree", "-m", "-u", old, new)
    return None if done.code == 0 else done.error_text


def _identity(root: Path) -> Mapping[str, str]:
    """The variables that say who commits where nobody told Git and a CI system runs this; else none: Git knows.

    Git must not make up an address from the name of the machine, as it would there.
    """
    system = next((found for variable, found in _CI_IDENTITIES.items() if os.environ.get(variable)), None)
    told = ("-c", "user.useConfigOnly=true", "var")
    if system is None or all(run_git(root, *told, f"GIT_{role}_IDENT").code == 0 for role in _ROLES):
        return {}
    name, address = system
    return {f"GIT_{role}_{what}": value for role in _ROLES for what, value in (("NAME", name), ("EMAIL", address))}


def _git_as_committer(root: Path, *arguments: str, standard_input: bytes = b"") -> bytes:
    """What Git prints, run by whoever commits here. Raises GitError."""
    done = run_git(root, *arguments, standard_input=standard_input, environment=_identity(root))
    if done.code != 0:
        message = f"git {arguments[0]} failed in {root}: {done.error_text or f'exit code {done.code}'}"
        raise GitError(message)
    return done.output


def _is_staged(top: Path, name: str) -> bool:
    return bool(git(top, "ls-files", "-z", "--", f":(literal){name}"))


def _is_set(root: Path, key: str) -> bool:
    return run_git(root, "config", "--type=bool", "--get", key).output.strip() == b"true"


def _store(root: Path, files: Mapping[str, bytes]) -> dict[str, str]:
    """Put the contents into Git's store, all in one call; return path → hash. They are taken as they are."""
    with temporary_folder("paa-record-") as folder:
        stored = [folder / str(number) for number in range(len(files))]
        for path, data in zip(stored, files.values(), strict=True):
            with translated("write", path):
                path.write_bytes(data)
        names = "".join(f"{path}\n" for path in stored)
        hashes = git(root, "hash-object", "-w", "--no-filters", "--stdin-paths", standard_input=os.fsencode(names))
    return dict(zip(files, hashes.decode().split(), strict=True))


def _tree_with(root: Path, parent: str, entries: Mapping[str, tuple[str, str]]) -> str:
    """The tree of ``parent`` with ``entries``, made in an index of its own."""
    with temporary_folder("paa-record-") as folder:
        environment = {"GIT_INDEX_FILE": str(folder / "index")}

        def step(*arguments: str, given: bytes = b"") -> str:
            done = run_git(root, *arguments, standard_input=given, environment=environment)
            if done.code != 0:
                message = f"git {arguments[0]} failed in {root}: {done.error_text}"
                raise GitError(message)
            return done.output.decode().strip()

        step("read-tree", parent)
        step("update-index", "-z", "--add", "--index-info", given=_index_info(root, entries))
        return step("write-tree")


def _index_info(root: Path, entries: Mapping[str, tuple[str, str]]) -> bytes:
    """Lines for ``update-index --index-info``, which takes paths from the top of the work tree, wherever it runs."""
    above = os.fsdecode(git(root, "rev-parse", "--show-prefix").removesuffix(b"\n"))
    return os.fsencode("".join(f"{mode} {blob}\t{above}{path}\0" for path, (mode, blob) in entries.items()))
