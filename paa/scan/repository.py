"""The repository that a command works on: where it begins, its settings, and the states of it that can be read."""

import os
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from paa.config import CONFIG_FILE, Config, default_config, is_feed_file, load_config, parse_config
from paa.edges import git
from paa.edges.cache import cache_file, cache_folder
from paa.edges.tree import Tree, commit_tree, disk_tree
from paa.errors import FileError, UsageError

if TYPE_CHECKING:
    from paa.config.document import Document


@dataclass(frozen=True, slots=True, kw_only=True)
class Repository:
    """A PPR. ``commit`` is HEAD, None outside Git and before the first commit; ``in_git`` tells the two apart."""

    root: Path
    config: Config
    in_git: bool
    commit: str | None


def open_repository(folder: Path, config_file: Path | None = None) -> Repository:
    """The repository that ``folder`` lies in.

    It begins at the nearest folder upwards with ``.paa.config``, else at the top of the Git work tree, else at
    ``folder`` itself. ``config_file`` (absolute) is read instead of ``.paa.config``.

    Raises FileError when there is no such folder, ConfigError for wrong settings, GitError for a broken repository.
    """
    if not folder.is_dir():
        message = f"{folder.absolute()} is not a folder"
        raise FileError(message, advice="check the path behind -C")
    # As Git has it, which knows no symbolic links on the way.
    folder = folder.resolve()
    top, commit = git.find_top_and_head(folder)
    root = _root(folder, top)
    config = load_config(root, config_file, compose=_reader_of(root))
    return Repository(root=root, config=config, in_git=top is not None, commit=commit)


def disk_state(repository: Repository) -> Tree:
    """What is on disk. Raises FileError or GitError."""
    return disk_tree(repository.root, in_git=repository.in_git)


def head_state(repository: Repository) -> tuple[Repository, Tree]:
    """What HEAD holds, with the settings that it holds. Raises UsageError where there is no commit to read."""
    commit = require_commit(repository)
    tree = commit_tree(repository.root, commit)
    if repository.config.source not in {None, CONFIG_FILE}:
        return repository, tree
    return replace(repository, config=_config_of(tree)), tree


def _config_of(tree: Tree) -> Config:
    """The settings that a commit holds. Raises ConfigError."""
    data = tree.read_one(CONFIG_FILE)
    feeds = tree.read(path for path in tree.blobs if is_feed_file(path) and path not in tree.links)
    if data is None and not feeds:
        return default_config()
    source = None if data is None else CONFIG_FILE
    compose = _reader_of(tree.root)
    return parse_config(data or b"", root=tree.root, source=source, feeds=feeds, check_paths=False, compose=compose)


def _reader_of(root: Path) -> "Callable[[bytes], Document]":
    """What reads the settings of the repository at ``root``."""

    def read(data: bytes) -> "Document":
        # Without settings there is nothing to be remembered either.
        from paa.edges.settings_memory import remembering

        return remembering(cache_file(cache_folder(os.environ), root, "settings"))(data)

    return read


def require_commit(repository: Repository) -> str:
    """HEAD's commit. Raises UsageError outside Git and before the first commit."""
    if not repository.in_git:
        message = f"{repository.root} is not a Git repository: releases are made from commits"
        raise UsageError(message, advice="git init && git add . && git commit, then run again")
    if repository.commit is None:
        message = f"{repository.root} has no commit yet: releases are made from commits"
        raise UsageError(message, advice="git add . && git commit, then run again")
    return repository.commit


def uncommitted(repository: Repository, *, but: Collection[str]) -> list[str]:
    """The files that are not committed, save for those that are, or lie in, what is named in ``but``."""
    exempt = tuple(f"{path}/" for path in but)
    return [path for path in git.list_uncommitted(repository.root) if not f"{path}/".startswith(exempt)]


def require_clean(repository: Repository, *, but: Collection[str]) -> None:
    """Raise UsageError that names the files when anything is not committed, save for what ``uncommitted`` passes by."""
    if changed := uncommitted(repository, but=but):
        shown = "".join(f"\n  {path}" for path in changed[:10])
        more = f"\n  … and {len(changed) - 10} more" if len(changed) > 10 else ""  # noqa: PLR2004  # as many as shown
        message = f"these files are not committed, so they would not be released:{shown}{more}"
        raise UsageError(message, advice="commit or stash them, or release HEAD as it is with --allow-dirty")


def _root(folder: Path, top: Path | None) -> Path:
    for candidate in (folder, *folder.parents):
        if (candidate / CONFIG_FILE).exists() and (top is None or candidate.is_relative_to(top)):
            return candidate
        if candidate == top:
            break
    return top or folder
