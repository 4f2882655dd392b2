"""``releases.json`` in the very form in which paa writes it, read by one pattern: thousands of entries in no time.

Whatever differs from that form by a single character, and whatever breaks a rule, is left to the strict reader: it
reads the same from what is in order, and tells what is wrong with the rest.
"""

import keyword
import re
from collections.abc import Mapping
from functools import lru_cache

from paa.documents.reading import SCHEMA
from paa.documents.rules import LINE, is_package_name, is_version

_HEADER = f'{{\n  "schema": {SCHEMA},\n  "releases": [\n'
# Texts without escapes; what rules ask of them beyond their letters is looked at when all are known.
_NAME = "[A-Za-z][A-Za-z0-9_]{0,254}"
_TEXT = r"[ !#-\[\]-~]+"
_FLOOR = rf'\n        "{_NAME}": "{_TEXT}"'
_INDEX = rf'\n        "{_TEXT}"'
_ENTRY = re.compile(
    r"    \{\n"
    rf'      "package": "({_NAME})",\n'
    rf'      "version": "({_TEXT})",\n'
    r'      "fingerprint": "([0-9a-f]{64})",\n'
    r'      "commit": "([0-9a-f]{40}|[0-9a-f]{64})",\n'
    rf'      "floors": \{{({_FLOOR}(?:,{_FLOOR})*\n      )?\}}'
    rf'(?:,\n      "indexes": (\[(?:{_INDEX}(?:,{_INDEX})*\n      )?\]))?'
    r"\n    \}(?:,\n(?=    \{)|\n  \]\n\}\n\Z)"
)
_QUOTED = re.compile(f'"({_TEXT})"')
# Package, version, fingerprint, commit, floors and indexes of an entry.
Written = tuple[str, str, str, str, Mapping[str, str], tuple[str, ...] | None]


def read_as_written(data: bytes) -> list[Written] | None:
    """Every entry of ``releases.json``; None where the strict reader has to look at it.

    Equal floors are one object: they are for reading alone.
    """
    try:
        text = data.decode("ascii")
        return _entries(text) if text.startswith(_HEADER) else None
    except ValueError:
        return None


def _entries(text: str) -> list[Written] | None:
    """Every entry; None where there is more than entries. Raises ValueError where one of them breaks a rule."""
    entries, end = [], len(_HEADER)
    for match in _ENTRY.finditer(text, end):
        if match.start() != end:
            return None
        end = match.end()
        package, version, fingerprint, commit, floors, indexes = match.groups()
        entries.append((package, version, fingerprint, commit, _floors(floors), _indexes(indexes)))
    _require(not any(map(keyword.iskeyword, (entry[0] for entry in entries))))
    _require(all(map(is_version, {entry[1] for entry in entries})))
    return entries if end == len(text) else None


@lru_cache(maxsize=4096)  # Packages that are released together have the same ones.
def _floors(block: str | None) -> Mapping[str, str]:
    quoted = _QUOTED.findall(block or "")
    floors = dict(zip(quoted[::2], quoted[1::2], strict=True))
    _require(len(floors) * 2 == len(quoted))  # No name is there twice.
    _require(all(map(is_package_name, floors)) and all(map(is_version, floors.values())))
    return floors


@lru_cache(maxsize=4096)
def _indexes(block: str | None) -> tuple[str, ...] | None:
    names = None if block is None else tuple(_QUOTED.findall(block))
    _require(names is None or all(map(LINE.holds, names)))
    return names


def _require(holds: bool) -> None:  # noqa: FBT001  # what is looked at
    """Raise ValueError, which tells nobody anything: the strict reader does."""
    if not holds:
        raise ValueError
