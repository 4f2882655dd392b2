"""Environment markers joined with "and" and "or", as pairs: for the body of an ``if`` and for its ``else``."""

from collections.abc import Iterable

NEVER = "never"
"""Instead of a marker: the branch does not run."""

Branches = tuple[str | None, str | None]
"""The marker under which a body runs and the one under which its ``else`` runs, or NEVER; None for what is unknown."""

UNKNOWN: Branches = (None, None)

# What makes a longer marker was not written by hand: it counts as unknown.
_MAX_LENGTH = 500


def both(first: str, second: str | None) -> str:
    """The marker that holds where both hold; None and an empty one hold everywhere.

    What would become too long stays ``first``: a wider condition, so nothing that is needed is lost.
    """
    if not second or first == second:
        return first
    if NEVER in {first, second}:
        return NEVER
    joined = second if not first else f"{_conjunct(first)} and {_conjunct(second)}"
    return joined if len(joined) <= _MAX_LENGTH else first


def every(parts: Iterable[Branches]) -> Branches:
    """The pair for conditions that are joined with "and"."""
    bodies, others = zip(*parts, strict=True)
    return _all_of(bodies), _any_of(others)


def some(parts: Iterable[Branches]) -> Branches:
    """The pair for conditions that are joined with "or"."""
    return every(part[::-1] for part in parts)[::-1]


def _all_of(markers: Iterable[str | None]) -> str | None:
    """What is unknown is left out: the rest is a wider condition, so nothing that is needed is lost."""
    known = dict.fromkeys(marker for marker in markers if marker is not None)
    if NEVER in known:
        return NEVER
    return _short(" and ".join(known if len(known) == 1 else map(_conjunct, known)))


def _any_of(markers: Iterable[str | None]) -> str | None:
    known = dict.fromkeys(markers)
    if None in known:
        return None
    parts = [marker for marker in known if marker is not None and marker != NEVER]
    if len(parts) > 1:
        parts = [f"({part})" if " and " in part else part for part in parts]
    return _short(" or ".join(parts)) if parts else NEVER


def _short(marker: str) -> str | None:
    return marker if 0 < len(marker) <= _MAX_LENGTH else None


def _conjunct(marker: str) -> str:
    return f"({marker})" if " or " in marker else marker
