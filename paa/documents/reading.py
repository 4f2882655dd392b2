"""Read a JSON document strictly: every fault is collected, with its key path, before anything is raised."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, NoReturn, TypeVar

import paa
from paa.documents.rules import ANY_TEXT, Rule
from paa.errors import ConfigError

SCHEMA = 1
_Choice = TypeVar("_Choice", bound=StrEnum)
_SHOWN = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """An object of a document, where it stands in it, and the list that takes the faults of the whole document.

    Getters return the value, or a neutral one after noting a fault; nothing read may be used once there are faults.
    Keys that nobody asks for are ignored: a later paa may write more under the same schema number.
    """

    values: Mapping[str, Any]
    where: str
    faults: list[str]

    def fault(self, key: str, problem: str) -> None:
        """Note that the value of ``key`` is wrong."""
        self.faults.append(f"{self._path(key)}: {problem}")

    def text(self, key: str, rule: Rule = ANY_TEXT) -> str:
        """The text of ``key``, which must be there."""
        value = self.values.get(key)
        if isinstance(value, str) and rule.holds(value):
            return value
        # Where it stands is told only where something is wrong with it: there are thousands of them.
        return self._text(self._path(key), self._required(key), rule)

    def optional_text(self, key: str, rule: Rule = ANY_TEXT) -> str | None:
        """The text of ``key``; None when it is null or not there."""
        value = self.values.get(key)
        return None if value is None else self._text(self._path(key), value, rule)

    def texts(self, key: str, rule: Rule = ANY_TEXT) -> tuple[str, ...]:
        """The texts of the array ``key``, which must be there."""
        value = self.values.get(key)
        if isinstance(value, list) and _all_hold(value, rule):
            return tuple(value)
        return tuple(self._text(path, value, rule) for path, value in self._items(key))

    def text_map(self, key: str, names: Rule, rule: Rule) -> dict[str, str]:
        """The object ``key``, which must be there, as name → text."""
        value = self.values.get(key)
        if isinstance(value, dict) and _all_hold(value, names) and _all_hold(value.values(), rule):
            return dict(value)
        node = self.node(key)
        for name in node.values:
            self._text(f"{node.where}.{name}", name, names)
        return {name: node.text(name, rule) for name in node.values}

    def number(self, key: str) -> int:
        """The whole number of ``key``, which must be there and not negative."""
        value = self._required(key)
        if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
            return value
        self._wrong(self._path(key), value, "a whole number from 0")
        return 0

    def optional_texts(self, key: str, rule: Rule = ANY_TEXT) -> tuple[str, ...] | None:
        """The texts of the array ``key``; None when it is null or not there."""
        return None if self.values.get(key) is None else self.texts(key, rule)

    def optional_number(self, key: str) -> int | None:
        """The whole number of ``key``; None when it is null or not there."""
        return None if self.values.get(key) is None else self.number(key)

    def flag(self, key: str) -> bool:
        """The boolean of ``key``, which must be there."""
        value = self._required(key)
        if not isinstance(value, bool):
            self._wrong(self._path(key), value, "true or false")
        return value is True

    def choice(self, key: str, kind: type[_Choice]) -> _Choice:
        """The member of ``kind`` whose value the text of ``key`` is."""
        members = {member.value: member for member in kind}
        value = self._required(key)
        if isinstance(value, str) and value in members:
            return members[value]
        self._wrong(self._path(key), value, f"one of {', '.join(members)}")
        return next(iter(kind))

    def nodes(self, key: str) -> tuple["Node", ...]:
        """The objects of the array ``key``, which must be there."""
        found = []
        for path, value in self._items(key):
            if isinstance(value, dict):
                found.append(Node(values=value, where=path, faults=self.faults))
            else:
                self._wrong(path, value, "an object")
        return tuple(found)

    def node(self, key: str) -> "Node":
        """The object of ``key``, which must be there."""
        value = self._required(key)
        if isinstance(value, dict):
            return Node(values=value, where=self._path(key), faults=self.faults)
        self._wrong(self._path(key), value, "an object")
        return Node(values={}, where=self._path(key), faults=self.faults)

    def _path(self, key: str) -> str:
        return f"{self.where}.{key}" if self.where else key

    def _required(self, key: str) -> object:
        if key not in self.values:
            return _MISSING
        value: object = self.values[key]
        return value

    def _items(self, key: str) -> Iterator[tuple[str, object]]:
        value = self._required(key)
        if not isinstance(value, list):
            self._wrong(self._path(key), value, "an array")
            return
        for number, item in enumerate(value):
            yield f"{self._path(key)}[{number}]", item

    def _text(self, path: str, value: object, rule: Rule) -> str:
        if isinstance(value, str) and rule.holds(value):
            return value
        self._wrong(path, value, rule.wants)
        return ""

    def _wrong(self, path: str, value: object, wants: str) -> None:
        self.faults.append(f"{path}: is missing" if value is _MISSING else f"{path}: {_shown(value)} is not {wants}")


_MISSING = object()
_AGAIN = "it is written by paa and not meant to be edited: make it again"


def _all_hold(values: Iterable[object], rule: Rule) -> bool:
    return all(isinstance(value, str) and rule.holds(value) for value in values)


def parse_json(data: bytes, source: str, advice: str = _AGAIN) -> object:
    """``data`` as JSON in UTF-8, no key twice in one object. Raises ConfigError with ``advice``."""
    try:
        document: object = json.loads(data.decode("utf-8-sig"), object_pairs_hook=_unique, parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        message = f"{source} is not JSON: {error}"
        raise ConfigError(message, advice=advice) from error
    return document


def open_document(document: object, source: str) -> Node:
    """The document's top, after its schema number was found to be ours. Raises ConfigError that names ``source``."""
    if not isinstance(document, dict):
        message = f"{source}: {_shown(document)} is not an object"
        raise ConfigError(message, advice="give a document that paa wrote")
    schema = document.get("schema")
    if isinstance(schema, int) and not isinstance(schema, bool) and schema > SCHEMA:
        writer = document.get("paa")
        by = f" by paa {writer}" if isinstance(writer, str) and writer.isprintable() else " by a newer paa"
        message = (
            f"{source} has schema {schema} and was written{by}; this is paa {paa.__version__}, which reads {SCHEMA}"
        )
        raise ConfigError(message, advice="upgrade paa, or make the document again with this one")
    node = Node(values=document, where="", faults=[])
    if isinstance(schema, bool) or schema != SCHEMA:
        node.fault("schema", "is missing" if schema is None else f"{_shown(schema)} is not {SCHEMA}")
    return node


def close_document(node: Node, source: str, advice: str = _AGAIN) -> None:
    """Raise ConfigError with every fault that was noted, and ``advice``; do nothing when there are none."""
    if node.faults:
        message = f"{source} can't be used:"
        raise ConfigError(message, faults=node.faults, advice=advice)


def twice(names: Iterable[str]) -> list[str]:
    """The names that come more than once, sorted, without the empty one that stands for a fault."""
    return sorted(name for name, times in Counter(names).items() if times > 1 and name)


def _shown(value: object) -> str:
    text = json.dumps(value, default=repr)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        message = f"the key {twice(key for key, _ in pairs)[0]!r} is there twice"
        raise ValueError(message)
    return found


def _refuse(constant: str) -> NoReturn:
    message = f"{constant} is not a number of JSON"
    raise ValueError(message)
