"""Tags as they were read before, by the object that each leads to: it never changes, and thousands take long to read.

A memory that is lost or damaged, or that other code has written, costs time and nothing else.
"""

from pathlib import Path

import packaging

from paa.documents import rules
from paa.edges.cache import compact, load_cache, store_cache
from paa.edges.git_tags import BESIDE, BURNT_REFERENCES, PUBLISHED_REFERENCES, RECORDS, Tag, list_references, list_tags
from paa.plan import records, tags
from paa.plan.records import Recorded, recorded_by

_PLACES = (*RECORDS, *BESIDE)
# So many are named to Git one by one; of more, all are read.
_FEW = 100


def remembered_tags(root: Path, file: Path) -> tuple[Tag | Recorded, ...]:
    """What ``list_tags`` gives for all places of records, with what it says of a release in place of a tag of ours.

    Sorted as it is there; a tag that has no such thing to say comes without its message. ``file`` is the cache for it.
    Raises GitError.
    """
    references = list_references(root, _PLACES)
    key = _code_key()
    entries = load_cache(file, key) if references else {}
    found = {reference: _recalled(reference, target, entries.get(target)) for reference, target in references.items()}
    unread = [reference for reference, item in found.items() if item is None]
    if unread:
        kept = {target: entries[target] for reference, target in references.items() if found[reference] is not None}
        new: dict[str, object] = {}
        for tag in list_tags(root, unread if len(unread) <= _FEW else _PLACES):
            if tag.reference in found:
                found[tag.reference] = _read(tag, new)
        if new.keys() - kept.keys():
            store_cache(file, key, {target: compact(entry) for target, entry in (kept | new).items()})
    return tuple(item for item in found.values() if item is not None)


def _read(tag: Tag, entries: dict[str, object]) -> Tag | Recorded:
    """What ``tag`` says, put into ``entries`` where it is to be remembered: what is damaged is told every time."""
    if tag.reference.startswith(f"{BURNT_REFERENCES}/"):
        return tag
    record = recorded_by(tag)
    if record is None:
        if "Paa-" not in tag.message:
            entries[tag.target] = [tag.commit]
        return _bare(tag.reference, tag.commit, tag.target)
    indexes = None if record.indexes is None else list(record.indexes)
    rest = [record.package, record.version, record.fingerprint, dict(record.floors), indexes]
    entries[tag.target] = [tag.commit, *rest]
    return record


def _recalled(reference: str, target: str, entry: object) -> Tag | Recorded | None:
    """What is remembered of ``target``, None for nothing and for what can't be."""
    if not isinstance(entry, list) or reference.startswith(f"{BURNT_REFERENCES}/"):
        return None
    if len(entry) == 1 and isinstance(entry[0], str):
        return _bare(reference, entry[0], target)
    try:
        commit, package, version, fingerprint, floors, indexes = entry
    except ValueError:
        return None
    if not (type(commit) is type(package) is type(version) is type(fingerprint) is str and type(floors) is dict):
        return None
    if (floors and not _are_texts(list(floors.values()))) or not (indexes is None or _are_texts(indexes)):
        return None
    return Recorded(
        package=package,
        version=version,
        fingerprint=fingerprint,
        commit=commit,
        floors=floors,
        indexes=None if indexes is None else tuple(indexes),
        partial=reference.startswith(f"{PUBLISHED_REFERENCES}/"),
    )


def _bare(reference: str, commit: str, target: str) -> Tag:
    return Tag(name=reference.removeprefix("refs/tags/"), commit=commit, message="", target=target)


def _are_texts(values: object) -> bool:
    return isinstance(values, list) and all(isinstance(value, str) for value in values)


def _code_key() -> str:
    """What is remembered is as good as the code that read it."""
    states = (Path(file).stat() for file in (__file__, records.__file__, tags.__file__, rules.__file__))
    return " ".join((packaging.__version__, *(f"{status.st_mtime_ns} {status.st_size}" for status in states)))
