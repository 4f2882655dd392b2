"""Which releases the files have to tell about: those recorded now, and whatever tags prove and the files lack."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from packaging.version import Version

from paa.documents.tracking import TRACKING_FILE, parse_tracking
from paa.edges.git_tags import Tag, merged_references
from paa.edges.tree import Tree
from paa.model import BuiltRelease
from paa.plan.tags import parse_tag_message, tag_notes
from paa.record.model import Entry


def entries_for(
    tree: Tree, known: Mapping[str, Tag], recorded: Mapping[str, BuiltRelease], module_dir: str
) -> dict[str, Entry]:
    """What is to be told on top of the commit ``tree``, by reference.

    ``known`` are the tags by reference, ``recorded`` the releases that are recorded now, by reference. The others
    are what was tagged without getting into the files (a run that was killed, a branch that took no pushes): releases
    of that commit's history that are newer than what its tracking file says. Raises ConfigError or GitError.
    """
    data = tree.read_one(TRACKING_FILE)
    tracked = {item.package: Version(item.version) for item in (parse_tracking(data) if data else ())}
    newer = {
        reference: _with_targets(entry, recorded.get(reference))
        for reference, entry in _entries(known)
        if reference in recorded or _is_missing(entry, tracked, tree, module_dir)
    }
    if newer.keys() <= recorded.keys():
        return newer
    reached = merged_references(tree.root, tree.commit or "HEAD")
    return {name: entry for name, entry in newer.items() if name in recorded or name in reached}


def _entries(known: Mapping[str, Tag]) -> Iterator[tuple[str, Entry]]:
    for reference, tag in known.items():
        record = parse_tag_message(tag.message)
        if record is not None:
            yield reference, Entry(record=record, commit=tag.commit, time=tag.time, notes=tag_notes(tag.message))


def _with_targets(entry: Entry, built: BuiltRelease | None) -> Entry:
    """A tag names the indexes that there were when it was made; those that have it since then come on top."""
    now = (*built.release.targets, *built.release.present_on) if built else ()
    if not now:
        return entry
    indexes = tuple(sorted({*(entry.record.indexes or ()), *now}))
    return replace(entry, record=replace(entry.record, indexes=indexes))


def _is_missing(entry: Entry, tracked: Mapping[str, Version], tree: Tree, module_dir: str) -> bool:
    """A package that was never tracked counts as long as it is there: one that was removed does not come back."""
    package = entry.record.package
    if package in tracked:
        return Version(entry.record.version) > tracked[package]
    return (f"{module_dir}/{package}.py" if module_dir != "." else f"{package}.py") in tree.blobs
