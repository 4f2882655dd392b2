"""What the rules of this room are given."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from paa.model import BuiltRelease, Finding


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckInput:
    """One built release to judge.

    ``folder`` holds its files and those of ``others`` (the releases built together with it, by package).
    ``find_wheel`` gives the wheel of a sibling (its distribution's name and specifier set) that is already on an
    index, as name and bytes, or None for what is no sibling; it raises OutsideError for a sibling that is nowhere.
    ``generated``: paa assembled it, so that all that is in it is known.
    """

    built: BuiltRelease
    folder: Path
    others: Mapping[str, BuiltRelease]
    find_wheel: Callable[[str, str], tuple[str, bytes] | None]
    generated: bool


Rule = Callable[[CheckInput], tuple[Finding, ...]]
