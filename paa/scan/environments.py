"""Environment markers against the Pythons that a package allows."""

import re
from functools import lru_cache

from packaging.markers import Marker
from packaging.specifiers import SpecifierSet

# Those that a marker can tell apart: released ones, and enough of those to come. No Python 4 is planned, and the
# branch beside `sys.version_info[0] == 3` means Python 2.
_PYTHONS = tuple(f"3.{minor}" for minor in range(6, 40))
_PATCHES = ("0", "99")
# A comparison of anything but Python's version.
_OTHER = re.compile(r'\b(?!python_version|python_full_version)[a-z_]+ [!=]= "[^"]*"')
_ALWAYS = 'python_version > "0"'


@lru_cache(maxsize=1024)
def can_hold(marker: str, requires_python: str) -> bool:
    """Whether ``marker``, made by paa.scan.conditions, can be true on any Python that the package allows.

    Python 2 branches ask for nothing. Every platform is possible: the answer is the same on every machine.
    """
    if not marker:
        return True
    # There is no "not" in markers, so what is true with every platform being the right one is the widest case.
    widest = Marker(_OTHER.sub(_ALWAYS, marker))
    return any(widest.evaluate(dict(environment)) for environment in _environments(requires_python))


@lru_cache(maxsize=64)
def _environments(requires_python: str) -> tuple[tuple[tuple[str, str], ...], ...]:
    allowed = SpecifierSet(requires_python)
    found = tuple(
        (("python_version", version), ("python_full_version", f"{version}.{patch}"))
        for version in _PYTHONS
        for patch in _PATCHES
    )
    return tuple(pair for pair in found if allowed.contains(pair[1][1])) or found
