"""One generated file: what becomes of it, from what it was, is, and would be. Nothing is read or written here."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum

from paa.ppr.generated import Remembered

# Ours, base, theirs → the merged text, or None for a conflict.
Merge = Callable[[bytes, bytes, bytes], bytes | None]


class FileState(StrEnum):
    """What becomes of a file. The last three leave something to do for the user."""

    CREATED = "created"
    UPGRADED = "upgraded"
    MERGED = "merged"
    UNCHANGED = "unchanged"
    KEPT = "kept"
    DELETED = "deleted"
    RESTORED = "restored"
    REPLACED = "replaced"
    REMOVED = "removed"
    CONFLICT = "conflict"
    NOT_OURS = "not ours"
    EXISTING_TOOL = "existing tool"


UNSETTLED = (FileState.CONFLICT, FileState.NOT_OURS, FileState.EXISTING_TOOL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """A file before a run: ``new`` is the text for it, None when none is generated any more; ``current`` what is there.

    ``beside`` is the content of ``<file>.new``. A ``starter`` is only there to begin with: once the user has changed
    it, or had it before, it is the user's alone. ``recognised``: it is a template of the existing tool.
    """

    path: str
    new: str | None
    current: bytes | None
    beside: bytes | None = None
    remembered: Remembered | None = None
    starter: bool = False
    recognised: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What to do: ``write`` goes to the file, ``beside`` to ``<file>.new``, ``keep`` to ``<file>.old`` before that.

    ``drop`` and ``drop_beside`` remove the file and ``<file>.new``. ``remembered`` is what to know of it afterwards.
    """

    path: str
    state: FileState
    write: bytes | None = None
    beside: bytes | None = None
    keep: bytes | None = None
    drop: bool = False
    drop_beside: bool = False
    remembered: Remembered | None = None


def decide(situation: Situation, merge: Merge, *, force: bool) -> Change:
    """What becomes of the file; ``force`` brings back what was deleted and replaces what can't be merged.

    A file that paa did not write is replaced only if it is ``recognised``, and kept beside. Line ends are no
    difference: a file with CRLF throughout stays so.
    """
    change = _decided(situation, merge, force=force)
    remembered = situation.remembered
    if change.beside is None and remembered is not None and situation.beside is not None:
        # Nothing is offered any more; what was offered goes, unless the user has worked in it.
        settled = change.remembered is None or change.remembered.offered is None
        return replace(change, drop_beside=settled and _is(situation.beside, remembered.offered))
    return change


def _decided(situation: Situation, merge: Merge, *, force: bool) -> Change:
    if situation.new is None:
        return _no_longer(situation)
    if situation.current is None:
        return _absent(situation, situation.new, force=force)
    base = _base(situation)
    if base is None and not situation.starter and not _is(situation.current, situation.new):
        return _foreign(situation, situation.new, force=force)
    return _there(situation, base, merge, force=force)


def _there(situation: Situation, base: str | None, merge: Merge, *, force: bool) -> Change:
    """A file that is there, with the text that it comes from; without one it is a starter, or as it would be."""
    path, new, current = situation.path, situation.new or "", situation.current or b""
    known = Remembered(text=new)
    if _is(current, new):
        return Change(path=path, state=FileState.UNCHANGED, remembered=known)
    if _is(current, base):
        return Change(path=path, state=FileState.UPGRADED, write=_like(current, new), remembered=known)
    if base is None or base == new or situation.starter:
        remembered = None if base is None else Remembered(text=base)
        return Change(path=path, state=FileState.KEPT, remembered=remembered)
    merged = merge(_plain(current), base.encode(), new.encode())
    if merged is None:
        return _replaced(situation, new) if force else _offered(situation, FileState.CONFLICT, new)
    if merged == _plain(current):
        return Change(path=path, state=FileState.KEPT, remembered=known)
    return Change(path=path, state=FileState.MERGED, write=_like(current, merged), remembered=known)


def _base(situation: Situation) -> str | None:
    """What the user's changes are to be told from: what was offered counts once it was seen to."""
    remembered = situation.remembered
    if remembered is None:
        return None
    return remembered.offered if remembered.offered is not None and situation.beside is None else remembered.text


def _absent(situation: Situation, new: str, *, force: bool) -> Change:
    remembered = situation.remembered
    if remembered is None or remembered.text is None:
        state = FileState.CREATED
    elif force:
        state = FileState.RESTORED
    else:
        return Change(path=situation.path, state=FileState.DELETED, remembered=replace(remembered, offered=None))
    return Change(path=situation.path, state=state, write=new.encode(), remembered=Remembered(text=new))


def _no_longer(situation: Situation) -> Change:
    """A file that is generated no more: it goes, unless it holds the user's work."""
    remembered = situation.remembered
    ours = remembered is not None and situation.current is not None and _is(situation.current, remembered.text)
    return Change(path=situation.path, state=FileState.REMOVED if ours else FileState.KEPT, drop=ours)


def _foreign(situation: Situation, new: str, *, force: bool) -> Change:
    if not situation.recognised:
        return _offered(situation, FileState.NOT_OURS, new)
    if force:
        return _replaced(situation, new)
    return Change(path=situation.path, state=FileState.EXISTING_TOOL, remembered=situation.remembered)


def _replaced(situation: Situation, new: str) -> Change:
    return Change(
        path=situation.path,
        state=FileState.REPLACED,
        write=new.encode(),
        keep=situation.current,
        remembered=Remembered(text=new),
    )


def _offered(situation: Situation, state: FileState, new: str) -> Change:
    there = situation.beside is not None and _is(situation.beside, new)
    base = _base(situation)
    remembered = Remembered(text=base, offered=new)
    return Change(path=situation.path, state=state, beside=None if there else new.encode(), remembered=remembered)


def _is(current: bytes, text: str | None) -> bool:
    return text is not None and _plain(current) == text.encode()


def _plain(current: bytes) -> bytes:
    """Without carriage returns, if every line ends in CRLF; a mixture is what somebody has made, and stays."""
    return current.replace(b"\r\n", b"\n") if _has_crlf(current) else current


def _like(current: bytes, text: str | bytes) -> bytes:
    data = text.encode() if isinstance(text, str) else text
    return data.replace(b"\n", b"\r\n") if _has_crlf(current) else data


def _has_crlf(data: bytes) -> bool:
    return b"\r\n" in data and data.count(b"\n") == data.count(b"\r\n")
