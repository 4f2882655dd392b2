"""Trove classifiers: which there are, by a table of facts, since an index refuses a package for one that it misses.

The table (``data/classifiers.json``) has those that PyPI takes, as the distribution trove-classifiers lists them, and
those that it no longer takes, each with what it takes instead. Indexes of one's own may have others.
"""

import difflib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from paa.edges.files import read_bytes

_TABLE = Path(__file__).parent.parent / "data" / "classifiers.json"
_SHAPE = re.compile(r"\S(?:.*\S)?(?: :: \S(?:.*\S)?)+")
# PyPI has none of these and never will: they keep a package off it.
_PRIVATE = "Private :: "
_LONGEST = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassifierFault:
    """What is wrong with a classifier; ``certain`` when no index can have it, or when it is a known one misspelt."""

    message: str
    advice: str | None
    certain: bool


def classifier_fault(text: str) -> ClassifierFault | None:
    """What is wrong with the classifier ``text``; None for one that PyPI takes, and for those in ``Private``."""
    known = _known()
    if (text in known and not known[text]) or (text.startswith(_PRIVATE) and _SHAPE.fullmatch(text)):
        return None
    if not _SHAPE.fullmatch(text):
        message = f"{text!r} is not a classifier: its parts are separated by ' :: '"
        return ClassifierFault(message=message, advice=_near(text), certain=True)
    if instead := known.get(text):
        message = f"PyPI no longer takes {text!r}"
        return ClassifierFault(message=message, advice=f"write {instead!r}", certain=False)
    for other in known:
        if _letters(other) == _letters(text):
            message = f"{text!r} is spelt {other!r}"
            return ClassifierFault(message=message, advice="PyPI takes no other spelling", certain=True)
    message = f"{text!r} is not among the classifiers that PyPI is known to take"
    return ClassifierFault(message=message, advice=_near(text), certain=False)


def _near(text: str) -> str | None:
    close = difflib.get_close_matches(text[:_LONGEST], _known(), n=1, cutoff=0.8)
    return f"did you mean {close[0]!r}?" if close else None


def _letters(text: str) -> str:
    return re.sub(r"[\s_-]", "", text).casefold()


@cache
def _known() -> Mapping[str, str]:
    """Every classifier, with what stands for it now where PyPI no longer takes it."""
    document = json.loads(read_bytes(_TABLE))
    return {**dict.fromkeys(document["classifiers"], ""), **document["renamed"]}
