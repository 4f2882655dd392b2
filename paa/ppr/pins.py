"""Pins of actions in workflows: what Dependabot has moved, and paa too, is no conflict: the newest counts."""

import re
from collections.abc import Sequence

from packaging.version import InvalidVersion, Version

# An action with a commit and, behind it, the version that this is.
_PIN = re.compile(rb"(?P<action>[A-Za-z0-9._/-]+)@(?P<commit>[0-9a-f]{40})[ \t]+#[ \t]*(?P<version>[^\s]+)")


def agree_on_pins(ours: bytes, base: bytes, theirs: bytes) -> tuple[bytes, bytes, bytes]:
    """The three texts, with the newest pin in all of them for each action that ``ours`` has in a newer version.

    A pin that was put back, or that is not the same everywhere in a text, stays as it is.
    """
    texts = (ours, base, theirs)
    newest = {}
    for action in {match["action"] for match in _PIN.finditer(ours)}:
        found = [_pin(text, action) for text in texts]
        if (pin := _newest(found)) is not None:
            newest[action] = pin
    mine, before, new = (_PIN.sub(lambda match: newest.get(match["action"], match[0]), text) for text in texts)
    return mine, before, new


def _pin(text: bytes, action: bytes) -> tuple[Version, bytes] | None:
    """The version of the action in ``text``, and the words for that; None unless it is one that can be compared."""
    pins = {match[0]: match["version"] for match in _PIN.finditer(text) if match["action"] == action}
    if len(pins) != 1:
        return None
    ((words, version),) = pins.items()
    try:
        return Version(version.decode()), words
    except (InvalidVersion, UnicodeDecodeError):
        return None


def _newest(found: Sequence[tuple[Version, bytes] | None]) -> bytes | None:
    """The newest of three pins if the first has been moved forward from the second."""
    mine, before, new = found
    if mine is None or before is None or new is None or mine[0] <= before[0]:
        return None
    return max(mine, new, key=lambda pin: pin[0])[1]
