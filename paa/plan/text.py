"""What people wrote, as it can stand in one line of a tag, a note or a log."""

import re

_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f]")
_FORGING = re.compile("[\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def tidy(text: str) -> str:
    """``text`` on one line, without control and direction characters (they could forge what a terminal shows)."""
    return " ".join(_FORGING.sub("\ufffd", _CONTROL.sub(" ", text)).split())
