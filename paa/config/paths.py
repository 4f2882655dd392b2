"""Readers of paths: which are possible at all, and which the disk contradicts."""

import posixpath
import stat
from pathlib import Path

from paa.config.faults import Context, WrongValueError, did_you_mean, found, joined, shown
from paa.config.nodes import Mapping, Node, Sequence
from paa.config.rules import INNER_PATH, PATH, Rule, broken
from paa.config.scalars import read_text


def read_path(node: Node, rules: tuple[Rule, ...] = INNER_PATH) -> str:
    """A path that stays in the repository, without ``./``, doubled or trailing slashes. The disk is not looked at."""
    return posixpath.normpath(read_text(node, rules, expected="a path"))


def read_folder(node: Node, context: Context) -> str:
    """The path of a folder. It may be missing; a file, or a way out of the repository, must not be there instead."""
    path = read_path(node, PATH)
    if context.check_paths:
        mode = mode_of(context.root / path, path)
        if mode is not None and not stat.S_ISDIR(mode):
            message = f"{shown(path)} is a file; a folder is expected"
            raise WrongValueError(message)
        _stay_inside(context.root, path)
    return path


def read_file(node: Node, context: Context) -> str:
    """The path of a file that is there."""
    path = read_path(node)
    if context.check_paths:
        mode = mode_of(context.root / path, path)
        if mode is None:
            message = f"there is no file {shown(path)}"
            raise WrongValueError(message)
        if not stat.S_ISREG(mode):
            message = f"{shown(path)} is not a file"
            raise WrongValueError(message)
        _stay_inside(context.root, path)
    return path


def read_paths(node: Node, key: str, context: Context) -> dict[str, str]:
    """A mapping of paths to paths. Both stay where they belong: in the repository, the package or the site."""
    if not isinstance(node, Mapping):
        message = f"found {found(node)}, expected a mapping of paths to paths"
        raise WrongValueError(message)
    paths: dict[str, str] = {}
    for name, (name_node, value) in context.entries(node, key).items():
        below = joined(key, name)
        normal = posixpath.normpath(name)
        if rule := broken(name, INNER_PATH):
            context.add(name_node, below, f"{shown(name)} {rule.message}")
        elif normal in paths:
            context.add(name_node, below, f"{shown(normal)} is there already, written differently; keep one")
        paths[normal] = context.attempt(value, below, read_path) or ""
    return paths


def read_projects(node: Node, key: str, context: Context) -> tuple[str, ...]:
    """The folders of a list of mappings with ``path``."""
    if not isinstance(node, Sequence):
        message = f"found {found(node)}, expected a list such as [{{path: .}}]"
        raise WrongValueError(message)
    folders: list[str] = []
    for number, item in enumerate(node.items):
        below = f"{key}[{number}]"
        if not isinstance(item, Mapping):
            context.add(item, below, f"found {found(item)}, expected a mapping with 'path', such as {{path: .}}")
            continue
        entries = context.entries(item, below)
        for unknown in sorted(entries.keys() - {"path"}):
            context.add(entries[unknown][0], joined(below, unknown), f"unknown key{did_you_mean(unknown, ('path',))}")
        if "path" not in entries:
            context.add(item, below, "lacks 'path'")
            continue
        folder = context.attempt(entries["path"][1], f"{below}.path", lambda value: read_folder(value, context))
        if folder is not None:
            folders.append(folder)
    return tuple(dict.fromkeys(folders))


def mode_of(path: Path, name: str) -> int | None:
    """The mode of what is at ``path``, None if nothing is. ``name`` is the path as the user wrote it."""
    try:
        return path.stat().st_mode
    except FileNotFoundError:
        return None
    except NotADirectoryError as error:
        message = f"{shown(name)} leads through a file"
        raise WrongValueError(message) from error
    except OSError as error:
        message = f"{shown(name)} can't be looked at: {error.strerror}"
        raise WrongValueError(message) from error


def _stay_inside(root: Path, path: str) -> None:
    if not (root / path).resolve().is_relative_to(root.resolve()):
        message = f"{shown(path)} leads out of the repository through a symbolic link"
        raise WrongValueError(message)
