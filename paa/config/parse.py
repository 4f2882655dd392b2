"""The bytes of ``.paa.config`` → Config, or every fault at once."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from paa.config.document import Document, DocumentError, compose
from paa.config.faults import Context, Fault, did_you_mean, found, joined
from paa.config.feeds import feed_names, read_feeds
from paa.config.indexes import index_lines, read_index_names, read_indexes
from paa.config.keys import KEYS_BY_NAME, Key, ValueType
from paa.config.nodes import Mapping as MappingNode
from paa.config.nodes import Node, is_blank
from paa.config.paths import read_file, read_folder, read_paths, read_projects
from paa.config.rules import TEXT
from paa.config.scalars import (
    read_boolean,
    read_choice,
    read_choices,
    read_distribution,
    read_list,
    read_score,
    read_text,
    read_typed_text,
)
from paa.config.settings import BUILT_IN_INDEXES, CONFIG_FILE, Config, make_config
from paa.errors import ConfigError

# Each holds files named `<package>.py`, so no two of them can be one folder.
_MODULE_FOLDERS = ("module_dir", "cli_dir", "api_routes_dir", "streamlit_dir", "mcp_dir")


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where a text is from; see ``paa.config.parse_config``."""

    root: Path
    source: str | None
    check_paths: bool


def parse(
    text: bytes, origin: Origin, feeds: Mapping[str, bytes], read: Callable[[bytes], Document] | None = None
) -> Config:
    """The settings in ``text``; see ``paa.config.parse_config``."""
    name = origin.source or CONFIG_FILE
    try:
        document = (read or compose)(text)
    except DocumentError as error:
        raise _error({name: [Fault(line=error.line, key="", message=error.message)]}) from error
    context = Context(root=origin.root, check_paths=origin.check_paths, faults=[])
    context.faults.extend(Fault(line=line, key="", message=message) for line, message in document.faults)
    values, faults = _read(document, context, feeds)
    if context.faults or faults:
        raise _error({name: context.faults, **faults} if context.faults else faults)
    return make_config(values, source=origin.source)


def _error(faults: Mapping[str, list[Fault]]) -> ConfigError:
    # Python's sort keeps the order in which faults on one line were found.
    lines = [
        fault.text(source) for source, own in faults.items() for fault in sorted(own, key=lambda fault: fault.line or 0)
    ]
    many = "one fault" if len(lines) == 1 else f"{len(lines)} faults"
    return ConfigError(
        f"{next(iter(faults))} can't be used: {many}",
        faults=list(dict.fromkeys(lines)),
        advice="correct the lines named above, then run again",
    )


def _read(
    document: Document, context: Context, feeds: Mapping[str, bytes]
) -> tuple[dict[str, Any], dict[str, list[Fault]]]:
    """The values by key, and what is wrong in the files that define feeds."""
    given = _given(document.root, context)
    configured = index_lines(given.get("indexes"))
    from_files, faults = read_feeds(feeds, configured)
    known = tuple(sorted({*BUILT_IN_INDEXES, *configured, *feed_names((*feeds,)).values()}))
    values: dict[str, Any] = {}
    for name, node in given.items():
        value = context.attempt(node, name, _reader(KEYS_BY_NAME[name], context, known))
        if value is not None:
            values[name] = value
    if from_files:
        values["indexes"] = {**BUILT_IN_INDEXES, **from_files, **values.get("indexes", {})}
    _check_module_folders(values, given, context)
    return values, faults


def _given(root: Node | None, context: Context) -> dict[str, Node]:
    """The known keys that have a value. Everything else is noted."""
    if root is None or is_blank(root):
        return {}
    if not isinstance(root, MappingNode):
        context.add(root, "", f"found {found(root)}, expected a mapping of keys to values")
        return {}
    entries = context.entries(root, "")
    for name, (key_node, _) in entries.items():
        if name not in KEYS_BY_NAME:
            context.add(key_node, joined("", name), f"unknown key{did_you_mean(name, KEYS_BY_NAME)}")
    return {name: node for name, (_, node) in entries.items() if name in KEYS_BY_NAME and not is_blank(node)}


def _reader(key: Key, context: Context, known: tuple[str, ...]) -> Callable[[Node], object]:
    """What reads the value of ``key``; ``known`` are the names of indexes that there are."""
    name, value_type = key.name, key.value_type
    readers: dict[ValueType, Callable[[Node], object]] = {
        ValueType.FOLDER: lambda node: read_folder(node, context),
        ValueType.FILE: lambda node: read_file(node, context),
        ValueType.PATHS: lambda node: read_paths(node, name, context),
        ValueType.BOOLEAN: read_boolean,
        ValueType.SCORE: read_score,
        ValueType.TEXTS: lambda node: read_list(node, name, context, lambda item: read_text(item, TEXT)),
        ValueType.CHOICE: lambda node: read_choice(node, key.choices),
        ValueType.CHOICES: lambda node: read_choices(node, name, context, key.choices),
        ValueType.INDEXES: lambda node: read_indexes(node, name, context),
        ValueType.INDEX_NAMES: lambda node: read_index_names(node, name, context, known),
        ValueType.DISTRIBUTIONS: lambda node: read_list(node, name, context, read_distribution),
        ValueType.PROJECTS: lambda node: read_projects(node, name, context),
    }
    return lambda node: readers[value_type](node) if value_type in readers else read_typed_text(node, value_type)


def _check_module_folders(values: dict[str, Any], given: dict[str, Node], context: Context) -> None:
    keys_by_folder: dict[object, list[str]] = {}
    for name in _MODULE_FOLDERS:
        keys_by_folder.setdefault(values.get(name, KEYS_BY_NAME[name].default), []).append(name)
    for names in keys_by_folder.values():
        named = sorted((name for name in names if name in given), key=lambda name: given[name].line)
        if len(names) > 1 and named:
            others = ", ".join(name for name in names if name != named[-1])
            context.add(given[named[-1]], named[-1], f"is the same folder as {others}; each needs one of its own")
