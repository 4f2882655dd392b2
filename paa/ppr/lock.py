"""Requirements with hashes for paa and all that it needs: one version of each, on every platform that pipelines have.

Versions are the newest that all requirements allow, found by taking the newest of each and looking again until nothing
moves. There is no search back from a version whose own requirements can't be met: that is an error.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from packaging.markers import Marker
from packaging.requirements import InvalidRequirement, Requirement
from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.utils import canonicalize_name
from packaging.version import Version

from paa.errors import IndexReadError

_ROUNDS = 50
_PLATFORMS: Mapping[str, Mapping[str, str]] = {
    "darwin": {"os_name": "posix", "platform_system": "Darwin", "platform_machine": "arm64"},
    "linux": {"os_name": "posix", "platform_system": "Linux", "platform_machine": "x86_64"},
    "win32": {"os_name": "nt", "platform_system": "Windows", "platform_machine": "AMD64"},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What one version of a distribution says of itself."""

    requires: tuple[Requirement, ...] = ()
    python: SpecifierSet = field(default_factory=SpecifierSet)


class Offer(Protocol):
    """What an index has."""

    def versions(self, name: str) -> Sequence[Version]:
        """The versions of a distribution that have a wheel and were not yanked. Raises IndexReadError."""

    def facts(self, name: str, version: Version) -> Facts:
        """What that version says of itself. Raises IndexReadError."""

    def hashes(self, name: str, version: Version) -> tuple[str, ...]:
        """The SHA-256 of all of its files, sorted. Raises IndexReadError where the index gives none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Locked:
    """One line: a version with its extras, the platforms that need it, and the hashes of its files."""

    name: str
    version: Version
    extras: tuple[str, ...]
    platforms: frozenset[str]
    hashes: tuple[str, ...]


@dataclass(slots=True, kw_only=True)
class _Need:
    """What is asked of one distribution, gathered on the way."""

    specifiers: SpecifierSet
    extras: set[str]
    platforms: set[str]

    def add(self, requirement: Requirement, platforms: frozenset[str]) -> bool:
        """Take up what ``requirement`` asks for on ``platforms``; whether more follows from it than before."""
        self.specifiers &= requirement.specifier
        more = not requirement.extras <= self.extras or not platforms <= self.platforms
        self.extras |= requirement.extras
        self.platforms |= platforms
        return more


def resolve(roots: Iterable[Requirement], offer: Offer, python: str) -> tuple[Locked, ...]:
    """All that ``roots`` need on Python ``python`` (such as ``3.14``), sorted by name.

    Raises IndexReadError where the index has nothing that fits, or does not answer.
    """
    wanted = tuple(roots)
    pins: dict[str, Version] = {}
    for _ in range(_ROUNDS):
        needs = _needs(wanted, pins, offer, python)
        newest = {name: _newest(name, need.specifiers, offer, python) for name, need in needs.items()}
        if newest == pins:
            return tuple(
                Locked(
                    name=name,
                    version=pins[name],
                    extras=tuple(sorted(need.extras)),
                    platforms=frozenset(need.platforms),
                    hashes=offer.hashes(name, pins[name]),
                )
                for name, need in sorted(needs.items())
            )
        pins = newest
    message = "the requirements of paa were not settled: versions keep excluding one another"
    raise IndexReadError(message, advice="leave --lock out, and report this")


def lock_text(locked: Iterable[Locked], head: str) -> str:
    """The requirements file, for ``pip install --require-hashes --requirement``."""
    return head + "".join(_lines(item) for item in locked)


def _lines(item: Locked) -> str:
    extras = f"[{','.join(item.extras)}]" if item.extras else ""
    needed = " or ".join(f'sys_platform == "{name}"' for name in sorted(item.platforms))
    marker = f" ; {needed}" if len(item.platforms) < len(_PLATFORMS) else ""
    hashes = "".join(f" \\\n    --hash=sha256:{digest}" for digest in item.hashes)
    return f"{item.name}{extras}=={item.version}{marker}{hashes}\n"


def _needs(roots: Sequence[Requirement], pins: Mapping[str, Version], offer: Offer, python: str) -> dict[str, _Need]:
    """What ``roots`` and the pinned versions ask for."""
    needs: dict[str, _Need] = {}
    waiting = [(requirement, frozenset(_PLATFORMS)) for requirement in roots]
    while waiting:
        requirement, platforms = waiting.pop()
        name = canonicalize_name(requirement.name)
        need = needs.setdefault(name, _Need(specifiers=SpecifierSet(), extras=set(), platforms=set()))
        if need.add(requirement, platforms) and name in pins:
            for other in offer.facts(name, pins[name]).requires:
                on = frozenset(one for one in need.platforms if _holds(other.marker, need.extras, one, python))
                waiting += [(other, on)] if on else []
    return needs


def _holds(marker: Marker | None, extras: Iterable[str], platform: str, python: str) -> bool:
    if marker is None:
        return True
    environment = {
        **_PLATFORMS[platform],
        "sys_platform": platform,
        "implementation_name": "cpython",
        "platform_python_implementation": "CPython",
        "platform_release": "",
        "platform_version": "",
        "implementation_version": f"{python}.0",
        "python_version": python,
        "python_full_version": f"{python}.0",
    }
    return any(marker.evaluate({**environment, "extra": extra}) for extra in ("", *sorted(extras)))


def _newest(name: str, specifiers: SpecifierSet, offer: Offer, python: str) -> Version:
    for version in sorted(specifiers.filter(offer.versions(name)), reverse=True):
        if offer.facts(name, version).python.contains(f"{python}.0", prereleases=True):
            return version
    message = f"the index has no wheel of {name}{f' {specifiers}' if str(specifiers) else ''} for Python {python}"
    raise IndexReadError(message, advice="leave --lock out, or set python_version in .paa.config to another version")


def read_facts(requires: Iterable[str], python: str | None, name: str) -> Facts:
    """Facts from the metadata of ``name``. Raises IndexReadError for requirements that make no sense, or are URLs."""
    try:
        found = tuple(Requirement(text) for text in requires)
        specifiers = SpecifierSet(python or "")
    except (InvalidRequirement, InvalidSpecifier) as error:
        message = f"the metadata of {name} is wrong: {error}"
        raise IndexReadError(message) from error
    if addressed := [requirement.name for requirement in found if requirement.url]:
        message = f"{name} requires {addressed[0]} from an address, which no index has"
        raise IndexReadError(message)
    return Facts(requires=found, python=specifiers)
