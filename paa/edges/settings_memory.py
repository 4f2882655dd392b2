"""Settings files as they were read before, by content: to load what reads YAML takes longer than to list packages."""

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from paa.config import document
from paa.config.document import Document, compose
from paa.config.nodes import Mapping, Node, Scalar, ScalarType, Sequence
from paa.edges.cache import compact, load_cache, store_cache

# A settings file on disk, the one of HEAD, and some that came before.
_MOST = 8
_MOST_VALUES = 10_000


def remembering(file: Path) -> Callable[[bytes], Document]:
    """``paa.config.document.compose``, with what it finds kept in the cache ``file``; it raises the same errors.

    Only documents without faults are kept.
    """
    key = _code_key()

    def read(data: bytes) -> Document:
        name = hashlib.sha256(data).hexdigest()
        entries = load_cache(file, key)
        try:
            return Document(root=_node(entries[name]), faults=())
        except (KeyError, TypeError, ValueError):
            # Nothing there, or damaged.
            found = compose(data)
        if not found.faults and (found.root is None or found.root.size <= _MOST_VALUES):
            kept = list(entries)[: _MOST - 1]
            texts = {entry: compact(entries[entry]) for entry in kept}
            store_cache(file, key, {**texts, name: compact(_value(found.root))})
        return found

    return read


def _code_key() -> str:
    """What is remembered is as good as the code that read it."""
    status = Path(document.__file__).stat()
    return f"{status.st_mtime_ns} {status.st_size}"


def _value(node: Node | None) -> object:
    match node:
        case None:
            return None
        case Scalar():
            return [node.line, node.text, node.type.name]
        case Sequence():
            return [node.line, [_value(item) for item in node.items]]
        case Mapping():
            return [node.line, [[_value(key), _value(value)] for key, value in node.entries], {}]


def _node(value: Any) -> Node | None:  # noqa: ANN401  # the shape is what is being tested
    return None if value is None else _some_node(value)


def _some_node(value: Any) -> Node:  # noqa: ANN401  # likewise
    """The node in an entry. Raises KeyError, TypeError or ValueError for what is none."""
    line, content, *kind = value
    if isinstance(content, str):
        (name,) = kind
        return Scalar(line=line, text=content, type=ScalarType[name])
    if kind:
        entries = tuple((_some_node(key), _some_node(item)) for key, item in content)
        return Mapping(line=line, entries=entries, size=1 + sum(key.size + item.size for key, item in entries))
    items = tuple(_some_node(item) for item in content)
    return Sequence(line=line, items=items, size=1 + sum(item.size for item in items))
