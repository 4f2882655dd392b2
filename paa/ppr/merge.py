"""Merges of generated files: line by line, and for YAML only what is as sound afterwards as it was before.

Lines that lie apart can be merged and still make no sense together: a job that both have added is there twice, a step
lands in what the user has turned into something else. That is a conflict like any other.
"""

from collections import Counter
from collections.abc import Iterator

from paa.config.document import DocumentError, compose
from paa.config.nodes import Mapping, Node, Scalar, Sequence
from paa.edges.git_merge import merge_three
from paa.ppr.pins import agree_on_pins
from paa.ppr.upgrade import Merge

_YAML = (".yml", ".yaml")
_JOBS = ("jobs", "stages")
# What tells an item of a list from the others, the surest first.
_NAMES = ("stage", "job", "deployment", "id", "name", "displayName", "template", "task", "uses")
_NEEDS = ("needs", "dependsOn")

# The keys on the way to a value, and in lists what tells the item.
_Place = tuple[str, ...]


def merge_for(path: str) -> Merge:
    """How changes of both are merged in the file at ``path``."""
    return _merge_yaml if path.endswith(_YAML) else merge_three


def _merge_yaml(ours: bytes, base: bytes, theirs: bytes) -> bytes | None:
    mine, before, new = agree_on_pins(ours, base, theirs)
    merged = merge_three(mine, before, new)
    return merged if merged in {None, ours} or _is_sound(mine, before, new, merged or b"") else None


def _is_sound(ours: bytes, base: bytes, theirs: bytes, merged: bytes) -> bool:
    """Whether ``merged`` has each key, job and step as often as the three others say, and waits for no other jobs."""
    try:
        roots = [compose(data).root for data in (ours, base, theirs, merged)]
    except DocumentError:
        return False
    mine, before, new, now = (Counter(_places(root)) for root in roots)
    if any(now[place] != _expected(mine[place], before[place], new[place]) for place in {*mine, *before, *new, *now}):
        return False
    return _missing_jobs(roots[-1]) <= _missing_jobs(roots[0])


def _expected(ours: int, base: int, theirs: int) -> int | None:
    """How often something is to be there; None where both have changed that, and differently."""
    if theirs == base:
        return ours
    return theirs if ours in {base, theirs} else None


def _places(node: Node | None, place: _Place = ()) -> Iterator[_Place]:
    """Where each key and each item of a list is, as often as it is there."""
    for name, child in _children(node):
        yield (*place, name)
        yield from _places(child, (*place, name))


def _children(node: Node | None) -> list[tuple[str, Node]]:
    if isinstance(node, Mapping):
        return [(_text(key), value) for key, value in node.entries]
    if isinstance(node, Sequence):
        return [(f"- {_item_name(item)}", item) for item in node.items]
    return []


def _item_name(item: Node) -> str:
    if not isinstance(item, Mapping) or not item.entries:
        return _text(item)
    values = {_text(key): _text(value) for key, value in item.entries}
    return next((values[name] for name in _NAMES if values.get(name)), _text(item.entries[0][0]))


def _text(node: Node) -> str:
    return node.text if isinstance(node, Scalar) else ""


def _missing_jobs(root: Node | None) -> set[str]:
    """The jobs (and stages) that others wait for, and that are not there."""
    named: set[str] = set()
    needed: set[str] = set()
    for key, value in _entries(root):
        if key in _NEEDS:
            needed.update(_text(item) for item in (value.items if isinstance(value, Sequence) else (value,)))
        elif key in _JOBS and isinstance(value, Mapping):
            named.update(_text(name) for name, _ in value.entries)
        elif key in {"stage", "job", "deployment"}:
            named.add(_text(value))
    return needed - named - {""}


def _entries(node: Node | None) -> Iterator[tuple[str, Node]]:
    """Every key with its value, at any depth."""
    for name, child in _children(node):
        if isinstance(node, Mapping):
            yield name, child
        yield from _entries(child)
