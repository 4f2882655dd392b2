"""YAML bytes → a tree of values that know their lines. Nothing is constructed: no tag ever runs anything.

The tree is built from the parser's events and not by ``yaml.compose``: libyaml's composer recurses without a limit, so
that a file of opening brackets ends the process. Size, depth and what aliases expand to are bounded here instead.
"""

import re
from dataclasses import dataclass
from types import ModuleType
from typing import Any, Protocol

from paa.config.nodes import Mapping, Node, Scalar, ScalarType, Sequence

MAXIMUM_BYTES = 1 << 20
MAXIMUM_DEPTH = 16
MAXIMUM_VALUES = 100_000

# What YAML 1.1 (5.1) doesn't allow in a stream.
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_TAG_PREFIX = "tag:yaml.org,2002:"

_SCALAR_TYPES = {
    _TAG_PREFIX + "null": ScalarType.NOTHING,
    _TAG_PREFIX + "bool": ScalarType.BOOLEAN,
    _TAG_PREFIX + "int": ScalarType.NUMBER,
    _TAG_PREFIX + "float": ScalarType.NUMBER,
    _TAG_PREFIX + "timestamp": ScalarType.DATE,
    _TAG_PREFIX + "str": ScalarType.TEXT,
    _TAG_PREFIX + "value": ScalarType.TEXT,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A file's top value (None for an empty file), and what is wrong with single values: the line and a message."""

    root: Node | None
    faults: tuple[tuple[int, str], ...]


class DocumentError(Exception):
    """The bytes are not a YAML document that can be read; ``line`` counts from 1 where it is known."""

    def __init__(self, message: str, *, line: int | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.line = line


def compose(data: bytes) -> Document:
    """Read one YAML document. Raises DocumentError for what is not UTF-8, not YAML, too large or too deep."""
    text = _decoded(data)
    import yaml

    loader_class: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        loader = loader_class(text)
        try:
            return _Composer(loader, yaml).document()
        finally:
            loader.dispose()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        said = ", ".join(part for part in (error.context, error.problem) if part)
        message = f"not valid YAML: {said}"
        # What is missing at the end is noticed after the last line.
        last = text.rstrip().count("\n") + 1
        raise DocumentError(message, line=min(mark.line + 1, last) if mark else None) from error
    except yaml.YAMLError as error:
        message = "not valid YAML"
        raise DocumentError(message) from error


def _decoded(data: bytes) -> str:
    if len(data) > MAXIMUM_BYTES:
        message = f"larger than {MAXIMUM_BYTES >> 10} KiB, which no settings file is"
        raise DocumentError(message)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        message = f"not UTF-8: byte 0x{data[error.start]:02x} can't stand here; save the file as UTF-8"
        raise DocumentError(message, line=data.count(b"\n", 0, error.start) + 1) from error
    if found := _UNPRINTABLE.search(text):
        message = f"the control character U+{ord(found[0]):04X} is not allowed in YAML; remove it"
        raise DocumentError(message, line=text.count("\n", 0, found.start()) + 1)
    return text


class _Mark(Protocol):
    line: int


class _Event(Protocol):
    """What yaml's events have; which of it, and of what type, depends on the event's class."""

    start_mark: _Mark
    anchor: str | None
    tag: str | None
    value: str
    implicit: object


class _Loader(Protocol):
    def get_event(self) -> _Event: ...

    def resolve(self, kind: type, value: str | None, implicit: object, /) -> str: ...


class _Composer:
    """One pass over the events of one document."""

    def __init__(self, loader: _Loader, yaml: ModuleType) -> None:
        self._loader = loader
        self._yaml = yaml
        self._anchors: dict[str, Node] = {}
        self._faults: list[tuple[int, str]] = []

    def document(self) -> Document:
        """The only document of the stream."""
        self._next()  # the start of the stream
        if isinstance(self._next(), self._yaml.StreamEndEvent):
            return Document(root=None, faults=())
        root = self._node(self._next(), 0)
        self._next()  # the end of the document
        after = self._next()
        if not isinstance(after, self._yaml.StreamEndEvent):
            message = "a second document begins; only one is read"
            raise DocumentError(message, line=_line(after))
        return Document(root=root, faults=tuple(self._faults))

    def _next(self) -> _Event:
        return self._loader.get_event()

    def _node(self, event: _Event, depth: int) -> Node:
        if isinstance(event, self._yaml.AliasEvent):
            return self._alias(event)
        if depth > MAXIMUM_DEPTH:
            message = f"nested more than {MAXIMUM_DEPTH} levels deep"
            raise DocumentError(message, line=_line(event))
        if isinstance(event, self._yaml.ScalarEvent):
            node: Node = self._scalar(event)
        elif isinstance(event, self._yaml.SequenceStartEvent):
            node = self._sequence(event, depth)
        else:
            node = self._mapping(event, depth)
        if node.size > MAXIMUM_VALUES:
            message = f"more than {MAXIMUM_VALUES} values, with aliases counted as what they stand for"
            raise DocumentError(message, line=node.line)
        if event.anchor is not None:
            self._anchors[event.anchor] = node
        return node

    def _alias(self, event: _Event) -> Node:
        # An anchor is known only when its value is complete, so a value can't contain itself.
        if event.anchor is None or event.anchor not in self._anchors:
            message = f"the alias *{event.anchor} stands for nothing before it, or for what it is part of"
            raise DocumentError(message, line=_line(event))
        return self._anchors[event.anchor]

    def _scalar(self, event: _Event) -> Scalar:
        line = _line(event)
        if _SURROGATE.search(event.value):
            message = "half a surrogate pair is not a character; remove the escape"
            raise DocumentError(message, line=line)
        tag = self._tag(event, self._yaml.ScalarNode, event.value)
        if tag not in _SCALAR_TYPES:
            self._refuse(line, tag)
        return Scalar(line=line, text=event.value, type=_SCALAR_TYPES.get(tag, ScalarType.TEXT))

    def _sequence(self, event: _Event, depth: int) -> Sequence:
        line = _line(event)
        if (tag := self._tag(event, self._yaml.SequenceNode, None)) != _TAG_PREFIX + "seq":
            self._refuse(line, tag)
        items: list[Node] = []
        while not isinstance(child := self._next(), self._yaml.SequenceEndEvent):
            items.append(self._node(child, depth + 1))
        return Sequence(line=line, items=tuple(items), size=1 + sum(item.size for item in items))

    def _mapping(self, event: _Event, depth: int) -> Mapping:
        line = _line(event)
        if (tag := self._tag(event, self._yaml.MappingNode, None)) != _TAG_PREFIX + "map":
            self._refuse(line, tag)
        entries: list[tuple[Node, Node]] = []
        while not isinstance(child := self._next(), self._yaml.MappingEndEvent):
            key = self._node(child, depth + 1)
            entries.append((key, self._node(self._next(), depth + 1)))
        return Mapping(line=line, entries=tuple(entries), size=1 + sum(key.size + value.size for key, value in entries))

    def _tag(self, event: _Event, node_class: type, value: str | None) -> str:
        if event.tag is None or event.tag == "!":
            return self._loader.resolve(node_class, value, event.implicit)
        return event.tag

    def _refuse(self, line: int, tag: str) -> None:
        if tag == _TAG_PREFIX + "merge":
            self._faults.append((line, "merge keys (<<) are not supported; write the entries out"))
            return
        name = tag.replace(_TAG_PREFIX, "!!", 1)
        self._faults.append((line, f"the tag {name[:60]!r} is not allowed here; remove it"))


def _line(event: _Event) -> int:
    return event.start_mark.line + 1
