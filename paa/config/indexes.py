"""Package indexes: ``indexes:`` and the keys that name them."""

import os
import stat
from collections import abc
from functools import partial
from pathlib import Path
from typing import Any

from paa.config.faults import Context, WrongValueError, did_you_mean, found, joined, shown
from paa.config.index_kinds import ADDRESSES, FIELDS_BY_NAME, KINDS_BY_NAME, KindFields, rules_of
from paa.config.nodes import Mapping, Node, Scalar, ScalarType, Sequence, is_blank
from paa.config.paths import mode_of
from paa.config.rules import INDEX_NAME, INDEX_PATH, broken
from paa.config.scalars import read_list, read_text
from paa.config.settings import BUILT_IN_INDEXES
from paa.model import Index, IndexKind

_NEVER = "github-packages"
# The example that Azure's feeds begin with: it is removed when there is one.
_EXAMPLE = "example_feed"
_CREDENTIALS = ("user", "username", "password", "token", "api_token", "secret", "credentials")


def environment_prefix(name: str) -> str:
    """What the names of the environment variables with an index's credentials begin with: ``PAA_<NAME>_``."""
    return f"PAA_{name.upper().replace('-', '_')}_"


def reading_prefix(name: str) -> str:
    """The same for the variables with what an index is read with, if that is not the same."""
    return f"{environment_prefix(name)}READ_"


def read_indexes(node: Node, key: str, context: Context) -> dict[str, Index]:
    """All indexes by name, the built-in ones included. What is wrong in an entry is noted as a fault."""
    if not isinstance(node, Mapping):
        message = f"found {found(node)}, expected a mapping of names to indexes"
        raise WrongValueError(message)
    indexes = dict(BUILT_IN_INDEXES)
    prefixes: dict[str, str] = {}
    entries = context.entries(node, key)
    for name, (name_node, value) in entries.items():
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
    for name, (name_node, _) in entries.items():
        if reader := prefixes.get(reading_prefix(name)):
            context.add(name_node, joined(key, name), f"shares {reading_prefix(name)}… with {reader!r}; rename one")
    return indexes


def index_lines(node: Node | None) -> dict[str, int]:
    """The lines of all entries by name, faulty ones included: what ``publish_to`` may have."""
    given = node.entries if isinstance(node, Mapping) else ()
    names = [name for name, _ in given if isinstance(name, Scalar) and not broken(name.text, INDEX_NAME)]
    return {name.text: name.line for name in reversed(names)}


def read_index_names(node: Node, key: str, context: Context, known: abc.Iterable[str]) -> tuple[str, ...]:
    """One name or a list of names, each of them known."""

    def read(item: Node) -> str:
        name = read_text(item, (), expected="the name of an index")
        if name not in known:
            message = f"there is no index {shown(name)}{did_you_mean(name, known) or _how_to_have(name)}"
            raise WrongValueError(message)
        return name

    if not isinstance(node, Sequence):
        return (read(node),)
    if not node.items:
        message = "the list is empty; name an index, or leave the key out"
        raise WrongValueError(message)
    return read_list(node, key, context, read)


def _how_to_have(name: str) -> str:
    if name == _EXAMPLE:
        return " any more; name your own feeds here, as they are called in .azure/feeds/"
    return "; add it to indexes"


def _read_index(node: Node, name: str, context: Context) -> Index | None:
    key = joined("indexes", name)
    if not isinstance(node, Mapping):
        context.add(node, key, f"found {found(node)}, expected a mapping with 'kind'")
        return None
    entries = context.entries(node, key)
    given = {field: value for field, (_, value) in entries.items() if not is_blank(value)}
    if "kind" not in given:
        _check_names(entries, name, (*FIELDS_BY_NAME,), context)
        context.add(node, key, "lacks 'kind', one of " + ", ".join(IndexKind))
        return None
    kind = context.attempt(given["kind"], f"{key}.kind", lambda value: _read_kind(value, name))
    if kind is None:
        # Which keys it has can't be judged, but credentials are wrong in every kind.
        _check_names(entries, name, None, context)
        return None
    fields = KINDS_BY_NAME[kind]
    _check_names(entries, name, fields.names, context)
    for field in _missing(fields, given):
        context.add(node, key, f"kind {kind.value!r} needs {field!r}")
    for field in sorted(given.keys() & FIELDS_BY_NAME.keys() - {*fields.names}):
        context.add(given[field], f"{key}.{field}", f"kind {kind.value!r} has no {field!r}; remove it")
    return _made(name, fields, {field: given[field] for field in fields.names if field in given}, context)


def _made(name: str, fields: KindFields, given: abc.Mapping[str, Node], context: Context) -> Index:
    key = joined("indexes", name)
    values: dict[str, Any] = dict(fields.defaults)
    path = None
    for field, node in given.items():
        below = f"{key}.{field}"
        if field == "path":
            path = context.attempt(node, below, lambda value: _read_index_path(value, context))
        elif text := context.attempt(node, below, partial(read_field, kind=fields.kind, name=field)):
            values[field] = text
    root = _absolute(context.root) if fields.in_repository else None
    return Index(name=name, kind=fields.kind, path=path, root=root, **values)


def read_field(node: Node, kind: IndexKind, name: str) -> str:
    """The value of one key of an entry, which keeps to the rules that the kind has for it."""
    field = FIELDS_BY_NAME[name]
    if field.number and isinstance(node, Scalar) and node.type is ScalarType.NUMBER and node.text.isdigit():
        node = Scalar(line=node.line, text=node.text, type=ScalarType.TEXT)
    return read_text(node, rules_of(kind, name), expected=field.expected)


def _missing(fields: KindFields, given: abc.Collection[str]) -> list[str]:
    if fields.replaceable and all(address in given for address in ADDRESSES):
        return []
    return sorted(field for field in fields.needed if field not in given)


def _check_names(
    entries: dict[str, tuple[Scalar, Node]], name: str, known: tuple[str, ...] | None, context: Context
) -> None:
    for field in sorted(entries.keys() - {"kind", *FIELDS_BY_NAME}):
        key = joined(joined("indexes", name), field)
        if field.lower() in _CREDENTIALS:
            prefix = environment_prefix(name)
            message = f"no place for credentials; set the environment variables {prefix}USERNAME and {prefix}PASSWORD"
            context.add(entries[field][0], key, message)
        elif known is not None:
            context.add(entries[field][0], key, f"unknown key{did_you_mean(field, ('kind', *known))}")


def _read_kind(node: Node, name: str) -> IndexKind:
    kind = read_text(node, (), expected="a kind of index")
    if kind == _NEVER:
        message = (
            "GitHub Packages serves no Python packages; use kind: git (for private packages), kind: github-pages "
            "(which is public), or another index"
        )
        raise WrongValueError(message)
    if kind not in tuple(IndexKind):
        close = did_you_mean(kind, IndexKind) or "; known are " + ", ".join(IndexKind)
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
