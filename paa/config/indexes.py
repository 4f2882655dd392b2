"""Package indexes: ``indexes:`` and the keys that name them."""

import os
import stat
from collections import abc
from pathlib import Path

from paa.config.faults import Context, WrongValueError, did_you_mean, found, joined, shown
from paa.config.nodes import Mapping, Node, Scalar, Sequence, is_blank
from paa.config.paths import mode_of
from paa.config.rules import INDEX_NAME, INDEX_PATH, INDEX_URL, broken
from paa.config.scalars import read_list, read_text
from paa.config.settings import BUILT_IN_INDEXES
from paa.model import Index, IndexKind

# The kinds whose addresses paa doesn't know.
NEED_URLS = (IndexKind.PYPISERVER, IndexKind.DEVPI, IndexKind.GENERIC)
FIELDS = ("kind", "path", "upload_url", "simple_url")
_URLS = ("upload_url", "simple_url")
_LATER = (
    "artifactory",
    "azure",
    "cloudsmith",
    "codeartifact",
    "gemfury",
    "git",
    "github-pages",
    "gitlab",
    "google",
    "nexus",
)
_NEVER = "github-packages"
_CREDENTIALS = ("user", "username", "password", "token", "api_token", "secret", "credentials")


def environment_prefix(name: str) -> str:
    """What the names of the environment variables with an index's credentials begin with: ``PAA_<NAME>_``."""
    return f"PAA_{name.upper().replace('-', '_')}_"


def read_indexes(node: Node, key: str, context: Context) -> dict[str, Index]:
    """All indexes by name, the built-in ones included. What is wrong in an entry is noted as a fault."""
    if not isinstance(node, Mapping):
        message = f"found {found(node)}, expected a mapping of names to indexes"
        raise WrongValueError(message)
    indexes = dict(BUILT_IN_INDEXES)
    prefixes: dict[str, str] = {}
    for name, (name_node, value) in context.entries(node, key).items():
        below = joined(key, name)
        if rule := broken(name, INDEX_NAME):
            context.add(name_node, below, f"{shown(name)} {rule.message}")
            continue
        other = prefixes.setdefault(environment_prefix(name), name)
        if other != name:
            context.add(name_node, below, f"shares {environment_prefix(name)}… with {other!r}; choose another name")
        index = _read_index(value, name, context)
        if index is not None:
            indexes[name] = index
    return indexes


def index_names(node: Node | None) -> tuple[str, ...]:
    """The names that ``publish_to`` may have: the built-in ones and those of all entries, faulty ones included."""
    given = node.entries if isinstance(node, Mapping) else ()
    names = [name.text for name, _ in given if isinstance(name, Scalar) and not broken(name.text, INDEX_NAME)]
    return tuple(sorted({*BUILT_IN_INDEXES, *names}))


def read_index_names(node: Node, key: str, context: Context, known: abc.Iterable[str]) -> tuple[str, ...]:
    """One name or a list of names, each of them known."""

    def read(item: Node) -> str:
        name = read_text(item, (), expected="the name of an index")
        if name not in known:
            message = f"there is no index {shown(name)}{did_you_mean(name, known) or '; add it to indexes'}"
            raise WrongValueError(message)
        return name

    if not isinstance(node, Sequence):
        return (read(node),)
    if not node.items:
        message = "the list is empty; name an index, or leave the key out"
        raise WrongValueError(message)
    return read_list(node, key, context, read)


def _read_index(node: Node, name: str, context: Context) -> Index | None:
    key = joined("indexes", name)
    if not isinstance(node, Mapping):
        context.add(node, key, f"found {found(node)}, expected a mapping with 'kind'")
        return None
    entries = context.entries(node, key)
    _check_fields(entries, name, context)
    given = {field: value for field, (_, value) in entries.items() if not is_blank(value)}
    if "kind" not in given:
        context.add(node, key, "lacks 'kind', one of " + ", ".join(IndexKind))
        return None
    kind = context.attempt(given["kind"], f"{key}.kind", lambda value: _read_kind(value, name))
    if kind is None:
        return None
    for field in sorted(_needed(kind) - given.keys()):
        context.add(node, key, f"kind {kind.value!r} needs {field!r}")
    for field in sorted(_excluded(kind) & given.keys()):
        context.add(given[field], f"{key}.{field}", f"kind {kind.value!r} has no {field!r}; remove it")
    urls = {
        field: context.attempt(given[field], f"{key}.{field}", _read_url) if field in given else None for field in _URLS
    }
    path = None
    if "path" in given:
        path = context.attempt(given["path"], f"{key}.path", lambda value: _read_index_path(value, context))
    return Index(name=name, kind=kind, path=path, **urls)


def _check_fields(entries: dict[str, tuple[Scalar, Node]], name: str, context: Context) -> None:
    # What else a kind needs that is not there yet is not for us to judge; credentials are.
    kind = entries["kind"][1] if "kind" in entries else None
    foreign = isinstance(kind, Scalar) and kind.text in (*_LATER, _NEVER)
    for field in sorted(entries.keys() - set(FIELDS)):
        key = joined(joined("indexes", name), field)
        if field.lower() in _CREDENTIALS:
            prefix = environment_prefix(name)
            message = f"no place for credentials; set the environment variables {prefix}USERNAME and {prefix}PASSWORD"
            context.add(entries[field][0], key, message)
        elif not foreign:
            context.add(entries[field][0], key, f"unknown key{did_you_mean(field, FIELDS)}")


def _needed(kind: IndexKind) -> set[str]:
    return {"path"} if kind is IndexKind.DIRECTORY else set(_URLS) if kind in NEED_URLS else set()


def _excluded(kind: IndexKind) -> set[str]:
    return set(_URLS) if kind is IndexKind.DIRECTORY else {"path"}


def _read_url(node: Node) -> str:
    return read_text(node, INDEX_URL, expected="an http or https address")


def _read_kind(node: Node, name: str) -> IndexKind:
    kind = read_text(node, (), expected="a kind of index")
    if kind in _LATER:
        message = f"kind {kind!r} is not supported yet; use kind: generic with upload_url and simple_url"
        raise WrongValueError(message)
    if kind == _NEVER:
        message = "GitHub Packages serves no Python packages; use kind: directory, or another index"
        raise WrongValueError(message)
    if kind not in tuple(IndexKind):
        close = did_you_mean(kind, (*IndexKind, *_LATER)) or "; known are " + ", ".join(IndexKind)
        message = f"unknown kind {shown(kind)}{close}"
        raise WrongValueError(message)
    if name in BUILT_IN_INDEXES and kind != name:
        message = f"the index {name!r} is of kind {name!r}; choose another name for one of kind {kind!r}"
        raise WrongValueError(message)
    return IndexKind(kind)


def _read_index_path(node: Node, context: Context) -> Path:
    text = read_text(node, INDEX_PATH, expected="a path")
    path, root = _absolute(context.root / text), _absolute(context.root)
    if path == root or path.is_relative_to(root / ".git"):
        message = f"{shown(text)} is the repository itself; an index needs a folder of its own"
        raise WrongValueError(message)
    if context.check_paths:
        mode = mode_of(path, text)
        if mode is not None and not stat.S_ISDIR(mode):
            message = f"{shown(text)} is a file; a folder is expected"
            raise WrongValueError(message)
    return path


def _absolute(path: Path) -> Path:
    return Path(os.path.abspath(path))  # noqa: PTH100 (unlike resolve, it leaves symbolic links as they are)
