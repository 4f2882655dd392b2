"""Feeds of Azure Artifacts that are defined by a file each: ``.azure/feeds/*.yml``, which pipelines read too."""

from collections.abc import Mapping
from functools import partial
from pathlib import Path, PurePosixPath

from paa.config.document import DocumentError, compose
from paa.config.faults import Context, Fault, did_you_mean, found, joined, shown
from paa.config.index_kinds import ADDRESSES
from paa.config.indexes import environment_prefix, read_field, reading_prefix
from paa.config.nodes import Mapping as MappingNode
from paa.config.nodes import Node, is_blank
from paa.config.rules import INDEX_NAME, broken
from paa.config.settings import BUILT_IN_INDEXES
from paa.model import Index, IndexKind

# The keys of such a file, and those of an index that they stand for.
_KEYS = {"feed_name": "feed", "organization": "organization", "project_guid": "project"} | {
    address: address for address in ADDRESSES
}
_NEEDED = ("feed_name", "organization")
# A file that pipelines read as a template of variables has the keys below this one.
_VARIABLES = "variables"


def feed_names(paths: tuple[str, ...]) -> dict[str, str]:
    """The name of the index that each of ``paths`` defines: its file name without the extension."""
    return {path: PurePosixPath(path).stem for path in paths}


def read_feeds(
    files: Mapping[str, bytes], configured: Mapping[str, int]
) -> tuple[dict[str, Index], dict[str, list[Fault]]]:
    """The indexes that ``files`` (content by path) define, by name, and what is wrong in them, by path.

    ``configured`` are the names of the entries of ``indexes:`` with their lines: no name may stand for two indexes, and
    no two indexes may share their environment variables.
    """
    taken = {environment_prefix(name): f"as {name!r} in .paa.config, line {line}" for name, line in configured.items()}
    taken |= {environment_prefix(name): "and needs no file" for name in BUILT_IN_INDEXES}
    indexes: dict[str, Index] = {}
    faults: dict[str, list[Fault]] = {}
    for path, name in feed_names((*sorted(files),)).items():
        context = Context(root=Path(), check_paths=False, faults=[])
        if rule := broken(name, INDEX_NAME):
            _note(context, f"the file is named for its index, and {shown(name)} {rule.message}; rename it")
        elif (prefix := environment_prefix(name)) in taken:
            _note(context, f"the index {name!r} is there already, {taken[prefix]}; rename this file or remove one")
        elif shared := {reading_prefix(name), prefix.removesuffix("READ_")} & (taken.keys() - {prefix}):
            _note(context, f"shares {max(prefix, *shared)}… with the index {taken[shared.pop()]}; rename this file")
        else:
            taken[prefix] = f"by {path}"
        index = _read_feed(files[path], name, context)
        if context.faults:
            faults[path] = context.faults
        else:
            indexes[name] = index
    return indexes, faults


def _read_feed(data: bytes, name: str, context: Context) -> Index:
    values: dict[str, str] = {}
    for key, node in _entries(data, context).items():
        field = _KEYS[key]
        text = context.attempt(node, key, partial(read_field, kind=IndexKind.AZURE, name=field))
        values[field] = text or ""
    return Index(
        name=name,
        kind=IndexKind.AZURE,
        organization=values.get("organization"),
        project=values.get("project"),
        feed=values.get("feed"),
        upload_url=values.get("upload_url"),
        simple_url=values.get("simple_url"),
    )


def _entries(data: bytes, context: Context) -> dict[str, Node]:
    """The known keys that have a value. Everything else is noted."""
    try:
        document = compose(data)
    except DocumentError as error:
        context.faults.append(Fault(line=error.line, key="", message=error.message))
        return {}
    context.faults.extend(Fault(line=line, key="", message=message) for line, message in document.faults)
    root = document.root
    if not isinstance(root, MappingNode):
        what = "nothing" if root is None else found(root)
        _note(context, f"found {what}, expected a mapping with {' and '.join(map(repr, _NEEDED))}")
        return {}
    above, entries = "", context.entries(root, "")
    if set(entries) == {_VARIABLES} and isinstance(inner := entries[_VARIABLES][1], MappingNode):
        root, above, entries = inner, _VARIABLES, context.entries(inner, _VARIABLES)
    for key in sorted(entries.keys() - _KEYS.keys()):
        context.add(entries[key][0], joined(above, key), f"unknown key{did_you_mean(key, _KEYS)}")
    given = {key: node for key, (_, node) in entries.items() if key in _KEYS and not is_blank(node)}
    for key in _NEEDED:
        if key not in given:
            context.add(root, "", f"lacks {key!r}")
    return given


def _note(context: Context, message: str) -> None:
    context.faults.append(Fault(line=1, key="", message=message))
