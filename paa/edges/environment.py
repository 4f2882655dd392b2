"""The distributions that are installed where paa runs, as their own metadata list them."""

import re
from collections.abc import Sequence


def installed_with(module: str, *, path: Sequence[str] | None = None) -> tuple[tuple[str, str], ...]:
    """Name and version of every installed distribution whose list of files has ``module`` (dotted), sorted by name.

    The list is RECORD (the wheel format's), or the top-level names that setuptools leaves in editable installations.
    ``path`` is where to look, ``sys.path`` by default. A damaged installation counts as absent.
    """
    from importlib import metadata

    stem = re.escape(module.replace(".", "/"))
    listed = re.compile(rf"^{stem}(?:/[^,\n]*\.|\.(?:[^/,\n]*\.)?)(?:py|so|pyd),", re.MULTILINE)
    found = set()
    for distribution in metadata.distributions() if path is None else metadata.distributions(path=list(path)):
        try:
            files = distribution.read_text("RECORD") or ""
            has = listed.search(files) or module in (distribution.read_text("top_level.txt") or "").split()
            headers = (distribution.read_text("METADATA") or distribution.read_text("PKG-INFO")) if has else None
            if headers and "Name" in distribution.metadata and "Version" in distribution.metadata:
                found.add((distribution.metadata["Name"], distribution.version))
        except (OSError, UnicodeDecodeError):
            continue
    return tuple(sorted(found))
