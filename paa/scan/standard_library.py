"""Which module is in the standard library of which CPython: a table of facts, the same on every machine.

The table (``data/standard_library.json``) covers CPython 3.8 to 3.15. Its top-level names are those of
``sys.stdlib_module_names`` (so ``test`` and what only tests CPython is not in it), plus ``__main__``; submodules are
listed where they came later or left earlier than their package.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from paa.edges.files import read_bytes
from paa.errors import ConfigError

SUPPORTED_PYTHONS = ("3.11", "3.12", "3.13", "3.14", "3.15")
"""The CPython versions that get fixes (3.10 had its last in October 2026): what a package is made for by default."""

DEFAULT_REQUIRES_PYTHON = ">=3.11"

_OLDER_PYTHONS = ("3.8", "3.9", "3.10")
_PATCHES = range(40)
_TABLE = Path(__file__).parent / "data" / "standard_library.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Availability:
    """The first and the last CPython version, as (major, minor), whose library has a module.

    ``since`` is None for what 3.8 had already, ``until`` is None for what 3.15 still has.
    """

    since: tuple[int, int] | None = None
    until: tuple[int, int] | None = None

    def covers(self, version: tuple[int, int]) -> bool:
        """Whether the library of ``version`` has the module."""
        return (self.since is None or version >= self.since) and (self.until is None or version <= self.until)


_ALWAYS = Availability()


def availability(name: str) -> Availability | None:
    """When the module ``name`` (dotted or not) was in the standard library; None for a module that never was.

    A submodule that is not in the table was there as long as its package.
    """
    table = _table()
    while name:
        if found := table.get(name):
            return found
        name = name.rpartition(".")[0]
    return None


def library_modules() -> frozenset[str]:
    """The top-level modules that are in the library of any version, but for private ones."""
    return frozenset(name for name in _table() if "." not in name and not name.startswith("_"))


@lru_cache(maxsize=4096)
def missing_versions(name: str, requires_python: str) -> tuple[str, ...]:
    """The CPython versions from 3.8 to 3.15 that ``requires_python`` admits and whose library lacks ``name``, in order.

    A version is admitted when any of its patch releases is. Raises ConfigError for what is not a PEP 440 specifier set.
    """
    found = availability(name)
    admitted = _admitted(requires_python)
    return tuple(version for version in admitted if found is None or not found.covers(_parts(version)))


@lru_cache(maxsize=64)
def _admitted(requires_python: str) -> tuple[str, ...]:
    # It takes longer to load than most of what is asked here, and is needed for what is new only.
    from packaging.specifiers import InvalidSpecifier, SpecifierSet

    try:
        specifiers = SpecifierSet(requires_python)
    except InvalidSpecifier as error:
        message = f"requires_python: {requires_python!r} is not a version specifier"
        raise ConfigError(message, advice=f"write it as in PEP 440, for example {DEFAULT_REQUIRES_PYTHON!r}") from error
    return tuple(
        version
        for version in (*_OLDER_PYTHONS, *SUPPORTED_PYTHONS)
        if any(specifiers.contains(f"{version}.{patch}") for patch in _PATCHES)
    )


@cache
def _table() -> Mapping[str, Availability]:
    """The table is a constant of the distribution, kept as a file so that it can be read and reviewed as data."""
    document = json.loads(read_bytes(_TABLE))
    table = dict.fromkeys(document["always"], _ALWAYS)
    for name, (since, until) in document["partly"].items():
        table[name] = Availability(since=_parts(since) if since else None, until=_parts(until) if until else None)
    return table


def _parts(version: str) -> tuple[int, int]:
    major, _, minor = version.partition(".")
    return int(major), int(minor)
