"""Environment markers against the Pythons that a package allows and the platforms that there are."""

import itertools
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
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

_PLATFORM = ("sys_platform", "os_name", "platform_system")
_PLATFORMS = (("linux", "posix", "Linux"), ("darwin", "posix", "Darwin"), ("win32", "nt", "Windows"), ("", "", ""))
_IMPLEMENTATION = ("implementation_name", "platform_python_implementation")
_IMPLEMENTATIONS = (("cpython", "CPython"), ("pypy", "PyPy"), ("", ""))
_FREE = ("platform_machine", "platform_release", "platform_version", "implementation_version")
_COMPARED = re.compile(r'(?:(\w+) (?:in|not in|[<>=!~]+) )?"([^"]*)"(?: (?:in|not in|[<>=!~]+) (\w+))?')
# Beyond this, markers were made by a machine.
_MOST = 50_000


@lru_cache(maxsize=1024)
def can_hold(marker: str, requires_python: str) -> bool:
    """Whether ``marker``, made by paa.scan.source.conditions, can be true on any Python that the package allows.

    Python 2 branches ask for nothing. Every platform is possible: the answer is the same on every machine.
    """
    if not marker:
        return True
    # There is no "not" in markers, so what is true with every platform being the right one is the widest case.
    widest = Marker(_OTHER.sub(_ALWAYS, marker))
    return any(widest.evaluate(dict(environment)) for environment in _environments(requires_python))


def held_together(markers: Iterable[str], requires_python: str) -> frozenset[frozenset[str]]:
    """Which of ``markers`` (any PEP 508 markers) hold at once: one set for each kind of environment that there is.

    Environments are every Python that the package allows, on the platforms of today and on every other that is named.
    """
    return _held_together(tuple(sorted(set(markers))), requires_python)


@lru_cache(maxsize=256)
def _held_together(markers: tuple[str, ...], requires_python: str) -> frozenset[frozenset[str]]:
    parsed = {marker: Marker(marker) for marker in markers}
    axes = _axes(" ".join(markers), requires_python)
    if math.prod(map(len, axes)) * len(markers) > _MOST:
        return frozenset((frozenset(), *(frozenset({marker}) for marker in markers)))
    situations = ({name: value for part in parts for name, value in part.items()} for parts in itertools.product(*axes))
    return frozenset(
        frozenset(text for text, marker in parsed.items() if marker.evaluate(environment)) for environment in situations
    )


def _axes(text: str, requires_python: str) -> list[list[dict[str, str]]]:
    """What markers can tell apart: the Pythons, and for other variables the values that they have or are asked for."""
    asked: dict[str, set[str]] = {}
    for before, value, after in _COMPARED.findall(text):
        asked.setdefault(before or after, set()).add(value)
    pythons = [dict(python) for python in _environments(requires_python)]
    if "python_full_version" not in asked:
        pythons = list({python["python_version"]: python for python in pythons}.values())
    if "python_version" not in asked and "python_full_version" not in asked:
        pythons = pythons[:1]
    return [
        pythons,
        _related(_PLATFORM, _PLATFORMS, asked),
        _related(_IMPLEMENTATION, _IMPLEMENTATIONS, asked),
        *(_related((name,), (("0",),), asked) for name in _FREE),
    ]


def _related(
    names: Sequence[str], known: Sequence[Sequence[str]], asked: Mapping[str, AbstractSet[str]]
) -> list[dict[str, str]]:
    """The values of variables that go together: those that are ``known``, and what else they are ``asked`` for."""
    found = [dict(zip(names, row, strict=True)) for row in known]
    if asked.keys().isdisjoint(names):
        return found[-1:]
    rest = found[-1]
    for name in names:
        seen = {row[name] for row in found}
        found += [{**rest, name: value} for value in sorted(asked.get(name, set()) - seen)]
    return found


@lru_cache(maxsize=64)
def _environments(requires_python: str) -> tuple[tuple[tuple[str, str], ...], ...]:
    allowed = SpecifierSet(requires_python)
    found = tuple(
        (("python_version", version), ("python_full_version", f"{version}.{patch}"))
        for version in _PYTHONS
        for patch in _PATCHES
    )
    return tuple(pair for pair in found if allowed.contains(pair[1][1])) or found
