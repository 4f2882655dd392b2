"""The commit that records: made on top of any commit, and brought into the work tree after that."""

import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from paa.edges import git, git_history
from paa.edges.files import is_leftover, read_bytes, remove_leftovers, write_atomic
from paa.edges.git_commit import commit_files, move_head, stage_from, switch_files
from paa.edges.git_tags import Tag
from paa.edges.tree import Tree, commit_tree
from paa.model import BuiltRelease
from paa.plan.commits import RECORD_TRAILER
from paa.record.entries import entries_for
from paa.record.files import README, RECORD_FOLDERS, Read, recorded_files
from paa.record.listing import read_listing
from paa.record.model import Entry, Listing
from paa.record.readme_edit import ReadmeEdit, merged_readme
from paa.record.readme_list import has_list, outside_list
from paa.scan.repository import Repository

_MOST_NAMED = 3
_MOMENT = re.compile(rb"\b\d{4}-\d\d-\d\d(?: \d\d:\d\d:\d\d)?\b")


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordCommit:
    """A commit that tells about ``entries``, by the references of their tags.

    ``commit`` is ``base`` itself where the files tell everything already. ``readme`` is the README that took the place
    of that of ``base``, before its list was made; ``readme_problem`` says why one that was to be taken was not.
    """

    base: str
    commit: str
    entries: Mapping[str, Entry]
    listing: Listing | None
    readme: bytes | None = None
    readme_problem: str | None = None


def commit_record(
    repository: Repository,
    base: str,
    known: Mapping[str, Tag],
    recorded: Mapping[str, BuiltRelease],
    edit: ReadmeEdit | None = None,
) -> RecordCommit:
    """Make the commit on top of ``base``; nothing but Git's store is written. Raises ConfigError or GitError.

    ``known`` and ``recorded`` as for ``entries_for``; ``edit`` goes into the commit too.
    """
    tree = commit_tree(repository.root, base)
    read = _reader(tree)
    entries = entries_for(tree, known, recorded, repository.config.module_dir)
    merged = merged_readme(edit, read(README))
    readme = merged.data or read(README)
    listing = read_listing(repository, tree) if readme is not None and has_list(readme) else None
    files = recorded_files(read, entries.values(), listing, merged.data)
    commit = base
    if files:
        commit = commit_files(repository.root, base, files, _message(list(entries.values())))
    return RecordCommit(
        base=base,
        commit=commit,
        entries=entries,
        listing=listing,
        readme=merged.data,
        readme_problem=merged.problem,
    )


def is_only_recorded(repository: Repository, base: str, head: str, known: Mapping[str, Tag]) -> bool:
    """Whether nothing but paa's own commits, as paa would make them again, leads from ``base`` to ``head``.

    They can then be made anew on top of another commit, and nothing is lost.
    """
    later = git_history.log_commits(repository.root, base)
    if not all(RECORD_TRAILER in item.body.splitlines() and all(map(is_own_path, item.paths)) for item in later):
        return False
    before, after = (_reader(commit_tree(repository.root, commit)) for commit in (base, head))
    tree = commit_tree(repository.root, base)
    reached = entries_for(tree, known, {}, repository.config.module_dir)
    files = recorded_files(before, reached.values())
    paths = {path for item in later for path in item.paths}
    same = all(_told(after(path)) == _told(files.get(path, before(path))) for path in paths if path != README)
    return same and outside_list(before(README) or b"") == outside_list(after(README) or b"")


def _told(data: bytes | None) -> bytes | None:
    """A file without its moments: where another machine was first, the tags have its moments now."""
    return None if data is None else _MOMENT.sub(b"", data)


def settle(repository: Repository, old: str, made: RecordCommit) -> str | None:
    """Move HEAD from ``old`` to the commit that was made, with index and work tree; None when done.

    Else the reason why all stays as it was: something that is not committed is in the way. What was changed in the
    files of the record and is not committed stays, with the new releases put in. Raises FileError or GitError.
    """
    root, new = repository.root, made.commit
    if old == new:
        return None
    changed = os.fsdecode(git.git(root, "diff-tree", "-r", "-z", "--no-renames", "--name-only", old, new))
    own = _own_changes(root, old, made)
    others = len([name for name in changed.split("\0") if name]) > len(own)
    if not others or set(own) & set(git.list_uncommitted(root)):
        if problem := _write_own(root, own, old, made):
            return problem
        stage_from(root, new, own)
    problem = switch_files(root, old, new) if others else None
    if problem is None:
        move_head(root, new, old)
    return problem


def is_own_path(path: str) -> bool:
    """Whether ``path`` is one that recording writes."""
    return path == README or path.startswith(tuple(f"{folder}/" for folder in RECORD_FOLDERS))


def leftovers(repository: Repository) -> tuple[str, ...]:
    """What a run that was killed while it recorded may leave uncommitted: its folders, the list in the README."""
    root, head = repository.root, git.head_commit(repository.root)
    before = commit_tree(root, head).read_one(README) if head else None
    after = read_bytes(root / README) if (root / README).is_file() else None
    parts = [path.name for path in sorted(root.glob(f".{README}.*")) if is_leftover(path.name)]
    if before is not None and after is not None and outside_list(before) == outside_list(after):
        parts.append(README)
    return (*RECORD_FOLDERS, *parts)


def _own_changes(root: Path, old: str, made: RecordCommit) -> list[str]:
    """The files that differ between ``old`` and the commit made by what is recorded, and by nothing else."""
    before, after = (_reader(commit_tree(root, commit)) for commit in (old, made.commit))
    files = recorded_files(before, made.entries.values(), made.listing, made.readme)
    return [path for path, data in files.items() if after(path) == data]


def _write_own(root: Path, paths: Sequence[str], old: str, made: RecordCommit) -> str | None:
    before, after = _reader(commit_tree(root, old)), _reader(commit_tree(root, made.commit))
    inside = root.resolve()
    for path in paths:
        if not (root / path).parent.resolve().is_relative_to(inside):
            return f"{path} leads out of the repository"
    edited: dict[str, bytes] = {}
    # A README that was taken from the work tree is in the commit, with all that stood there.
    taken = README if made.readme is not None else None
    on_disk = [path for path in paths if path != taken and _on_disk(root, path) not in {before(path), after(path)}]
    if on_disk:
        edited = recorded_files(lambda path: _on_disk(root, path), made.entries.values(), made.listing)
    for path in paths:
        data = edited.get(path) if path in on_disk else after(path)
        if data is not None and data != _on_disk(root, path):
            write_atomic(root / path, data)
        remove_leftovers(root / path)
    return None


def _on_disk(root: Path, path: str) -> bytes | None:
    file = root / path
    return read_bytes(file) if file.exists() else None


def _reader(tree: Tree) -> Read:
    return tree.read_one


def _message(entries: Sequence[Entry]) -> str:
    names = sorted(f"{entry.record.package} {entry.record.version}" for entry in entries)
    subject = f"Record {', '.join(names) if len(names) <= _MOST_NAMED else f'{len(names)} releases'}"
    body = "".join(f"- {name}\n" for name in names)
    # What a run on GitHub pushes starts none anyhow, and with these words a tag on this commit would start none either.
    skip = "" if os.environ.get("GITHUB_ACTIONS") else " [skip ci]"
    return f"{subject}{skip}\n\n{body}\n{RECORD_TRAILER}\n"
