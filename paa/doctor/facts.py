"""What can be seen of one version of a package: the whole input of the rules."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class TagState(StrEnum):
    """The tag of a version. A bare one has no trailers of ours: a request, and no proof of a release.

    One that contradicts has trailers for something else than its name or the indexes say.
    """

    ABSENT = "absent"
    BARE = "bare"
    OURS = "ours"
    CONTRADICTING = "contradicting"


class TrackingState(StrEnum):
    """What the tracking files say of the package, beside this version. ``OTHER`` is this version of other sources."""

    ABSENT = "absent"
    SAME = "same"
    OLDER = "older"
    NEWER = "newer"
    OTHER = "other"
    UNREADABLE = "unreadable"


class IndexState(StrEnum):
    """What an index has of a version. ``HALF`` lacks files of it, ``OTHER`` has other bytes under one of its names."""

    ABSENT = "absent"
    COMPLETE = "complete"
    HALF = "half"
    OTHER = "other bytes"
    YANKED = "yanked"
    UNREADABLE = "unreadable"


class Origin(StrEnum):
    """Whose the project on the indexes is, by the manifest in its wheel, by our records, or by ``adopt:``."""

    OURS = "ours"
    OTHER_REPOSITORY = "other repository"
    UNMARKED = "unmarked"


_PRESENT = (IndexState.COMPLETE, IndexState.HALF, IndexState.OTHER, IndexState.YANKED)
# Tracking that says that this version was released.
_TRACKED = (TrackingState.SAME, TrackingState.OTHER)


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """One version of a package, as it was seen.

    ``indexes`` maps each index that it belongs on to what that has. ``bytes_at_hand`` says that every file of the
    version is in ``dist/`` or on one of the indexes; ``sources_known`` that its fingerprint and commit are known.
    ``is_last`` is False for a version that a later one has followed: only half releases of those matter.
    ``all_asked`` says that every index was asked that must have the version before it is tagged. ``chosen`` are the
    indexes that it went to because they were chosen by hand, where it is not meant for all yet; ``used_up`` those that
    lack files of it and take them never again.
    """

    tag: TagState
    tracking: TrackingState
    noted: bool
    indexes: Mapping[str, IndexState]
    origin: Origin
    bytes_at_hand: bool
    sources_known: bool
    is_last: bool = True
    all_asked: bool = True
    chosen: tuple[str, ...] = ()
    used_up: tuple[str, ...] = ()

    def where(self, *states: IndexState) -> tuple[str, ...]:
        """The indexes that are in one of ``states``, in their order."""
        return tuple(name for name, state in self.indexes.items() if state in states)

    @property
    def is_present(self) -> bool:
        """Whether any index has any file of it."""
        return bool(self.where(*_PRESENT))

    @property
    def is_ours(self) -> bool:
        """Whether it was released from this repository, or is adopted."""
        return self.origin is Origin.OURS or self.tag is TagState.OURS or self.tracking in _TRACKED

    @property
    def is_released(self) -> bool:
        """Whether anything says that it was released. A bare tag only asks for it."""
        return self.is_present or self.tag is TagState.OURS or self.tracking in _TRACKED

    @property
    def lacking(self) -> tuple[str, ...]:
        """The indexes that lack files of it. An older version need not be on an index that came later."""
        states = (IndexState.HALF, IndexState.ABSENT) if self.is_last else (IndexState.HALF,)
        return self.where(*states) if self.is_released else ()

    @property
    def is_withdrawn(self) -> bool:
        """Whether somebody yanked it (PEP 592), which is a decision that nobody undoes by the way."""
        return bool(self.where(IndexState.YANKED))
