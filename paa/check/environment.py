"""What a built wheel requires, put in reach of a clean process: nothing else of this environment is.

Requirements come from the wheels built together with it, from an index (siblings), from the environment that paa runs
in, or from the installer.
"""

import importlib.metadata
import json
import platform
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from email.parser import BytesParser
from pathlib import Path

from packaging.markers import UndefinedComparison, UndefinedEnvironmentName
from packaging.requirements import InvalidRequirement, Requirement
from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.utils import canonicalize_name

from paa.check.archives import wheel_members
from paa.check.model import CheckInput
from paa.edges.archives import UNREADABLE
from paa.edges.files import read_bytes, write_tree
from paa.edges.installer import install_into
from paa.errors import OutsideError
from paa.model import Distribution, DistributionKind


class UncheckableError(Exception):
    """The check can't be run: the wheel can't be unpacked, or a requirement can't be had."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """Where a wheel and what it requires can be imported from.

    ``own`` are folders that hold the wheel (the first) and requirements, and nothing else; ``shared`` are folders of
    this environment, in which only the top-level modules in ``allowed`` are required. ``info`` maps the names of the
    files in the wheel's .dist-info to their contents.
    """

    own: tuple[Path, ...]
    shared: tuple[Path, ...]
    allowed: tuple[str, ...]
    info: Mapping[str, bytes]


@dataclass(slots=True)
class _Found:
    """What was found for requirements so far."""

    missing: list[str] = field(default_factory=list)
    shared: set[Path] = field(default_factory=set)
    allowed: set[str] = field(default_factory=set)


def surround(given: CheckInput, temporary: Path) -> Surroundings:
    """Unpack the wheel, and find or install what it requires, below ``temporary``. Raises UncheckableError."""
    site, siblings, installed = (temporary / name for name in ("site", "siblings", "installed"))
    info = _extract(_built_wheel(given.built.files, given.folder), site)
    _require_python(info)
    found = _Found()
    seen: set[tuple[str, frozenset[str]]] = set()
    waiting = list(_required(_fields(info, "Requires-Dist", []), ()))
    while waiting:
        requirement = waiting.pop()
        key = (canonicalize_name(requirement.name), frozenset(requirement.extras))
        if key in seen:
            continue
        seen.add(key)
        if (data := _sibling(given, requirement)) is not None:
            waiting += _required(_fields(_extract(data, siblings), "Requires-Dist", []), requirement.extras)
        else:
            waiting += _from_environment(requirement, found)
    if found.missing:
        try:
            install_into(installed, sorted(found.missing))
        except OutsideError as error:
            message = f"{', '.join(sorted(found.missing))} can't be had here: {error}"
            raise UncheckableError(message) from error
    return Surroundings(
        own=(site, siblings, installed),
        shared=tuple(sorted(found.shared)),
        allowed=tuple(sorted(found.allowed)),
        info=info,
    )


def _built_wheel(files: tuple[Distribution, ...], folder: Path) -> bytes:
    name = next((file.name for file in files if file.kind is DistributionKind.WHEEL), None)
    if name is None:
        message = "there is no wheel"
        raise UncheckableError(message)
    try:
        return read_bytes(folder / name)
    except OutsideError as error:
        raise UncheckableError(str(error)) from error


def _extract(data: bytes, folder: Path) -> Mapping[str, bytes]:
    """Unpack a wheel into ``folder``; return the files of its .dist-info by name."""
    try:
        members = {name: content for name, content in wheel_members(data) if content is not None}
    except UNREADABLE as error:
        message = f"the wheel can't be read: {type(error).__name__}: {error}"
        raise UncheckableError(message) from error
    try:
        write_tree(folder, members)
    except OutsideError as error:
        message = f"the wheel can't be unpacked: {error}"
        raise UncheckableError(message) from error
    return {
        name.rpartition("/")[2]: content
        for name, content in members.items()
        if name.partition("/")[0].endswith(".dist-info") and name.count("/") == 1
    }


def _require_python(info: Mapping[str, bytes]) -> None:
    try:
        wanted = SpecifierSet(_fields(info, "Requires-Python", [""])[0])
    except InvalidSpecifier as error:
        message = f"its Requires-Python can't be read: {error}"
        raise UncheckableError(message) from error
    if not wanted.contains(platform.python_version(), prereleases=True):
        message = f"it requires Python {wanted}, and this is {platform.python_version()}"
        raise UncheckableError(message)


def _fields(info: Mapping[str, bytes], name: str, default: list[str]) -> list[str]:
    return BytesParser().parsebytes(info.get("METADATA", b""), headersonly=True).get_all(name) or default


def _required(texts: Iterable[str], extras: Iterable[str]) -> Iterator[Requirement]:
    """The requirements that count here and with ``extras``, without their markers."""
    environments = [{"extra": extra} for extra in ("", *sorted(extras))]
    try:
        for text in texts:
            requirement = Requirement(text)
            marker = requirement.marker
            if marker is None or any(marker.evaluate(environment) for environment in environments):
                requirement.marker = None
                yield requirement
    except (InvalidRequirement, UndefinedComparison, UndefinedEnvironmentName) as error:
        message = f"a requirement can't be read: {error}"
        raise UncheckableError(message) from error


def _sibling(given: CheckInput, requirement: Requirement) -> bytes | None:
    name = canonicalize_name(requirement.name)
    for other in given.others.values():
        fits = requirement.specifier.contains(other.release.version, prereleases=True)
        if canonicalize_name(other.release.distribution) == name and fits:
            return _built_wheel(other.files, given.folder)
    try:
        found = given.find_wheel(requirement.name, str(requirement.specifier))
    except OutsideError as error:
        message = f"{requirement} can't be had here: {error}"
        raise UncheckableError(message) from error
    return None if found is None else found[1]


def _from_environment(requirement: Requirement, found: _Found) -> list[Requirement]:
    """Note where paa's own environment has it, in a version that fits, or that it is missing; what it requires."""
    installed = None if requirement.url else _installed(requirement)
    if installed is None:
        found.missing.append(str(requirement))
        return []
    files = installed.files or []
    found.shared.add(Path(str(installed.locate_file(""))).resolve())
    # "name.cpython-311-x86_64-linux-gnu.so" is imported as "name".
    found.allowed |= {file.parts[0].partition(".")[0] for file in files if not file.parts[0].startswith("..")}
    return list(_required(installed.requires or [], requirement.extras))


def _installed(requirement: Requirement) -> importlib.metadata.Distribution | None:
    """The distribution as it is installed here, if it fits; None where its files are not recorded or not copied."""
    try:
        distribution = importlib.metadata.distribution(requirement.name)
        origin = json.loads(distribution.read_text("direct_url.json") or "{}")  # PEP 610
        editable = bool(origin.get("dir_info", {}).get("editable"))
        recorded = distribution.read_text("RECORD") is not None
        fits = requirement.specifier.contains(distribution.version, prereleases=True)
    # Also what an installation that is damaged, or older than PEP 440, ends in.
    except (importlib.metadata.PackageNotFoundError, ValueError, TypeError, AttributeError):
        return None
    return distribution if recorded and fits and not editable else None
