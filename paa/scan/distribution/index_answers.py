"""What an index answers about an unknown import: which of its distributions have a wheel with that module in it.

That a project is called like the import says nothing: everybody can register it. The wheel's list of files does.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from packaging.utils import InvalidName, canonicalize_name
from packaging.version import Version

from paa.edges.index import IndexReader, IndexUnavailableError, version_of
from paa.edges.waiting import deadline
from paa.edges.wheels import read_wheel
from paa.errors import IndexReadError
from paa.model import IndexFile

# For a wheel that its index only sends as a whole. From others, some ten kilobytes are read.
_WHEEL_LIMIT = 64 << 20
_MOST_NAMES = 100
# What is called ``x`` may be distributed as any of these; {} is the import name with hyphens.
_PATTERNS = ("{}", "python-{}", "py{}", "{}-python")
_ASCII_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)*")


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexAnswer:
    """What an index has of one distribution.

    ``has`` tells whether its newest wheel holds the module; None where that could not be seen. ``exists`` is false for
    a project that the index does not have. ``evidence`` says it in words, the version included.
    """

    distribution: str
    exists: bool
    has: bool | None
    evidence: str


Ask = Callable[[str], tuple[IndexAnswer, ...]]


def possible_names(module: str) -> tuple[str, ...]:
    """The distributions that are asked about for the import ``module`` (dotted); none for a name outside of ASCII.

    Each is a valid name (PEP 508), so that it can go into an address. A name below a namespace has one only.
    """
    if not _ASCII_NAME.fullmatch(module):
        return ()
    patterns = _PATTERNS if "." not in module else _PATTERNS[:1]
    stem = re.sub(r"[._]+", "-", module.lower()).strip("-")
    names = dict.fromkeys(pattern.format(stem) for pattern in patterns)
    return tuple(name for name in names if stem and _is_name(name))


def ask_index(reader: IndexReader, index_name: str, module: str) -> tuple[IndexAnswer, ...]:
    """What ``reader`` has of every distribution that ``possible_names`` gives for ``module``.

    Raises IndexReadError when the index can't be reached, or does not let us read it; a wheel that can't be read is in
    its answer.
    """
    return tuple(_ask(reader, index_name, name, module) for name in possible_names(module))


def bounded(ask: Ask, *, seconds: float = 120.0) -> Ask:
    """``ask``, but not for ever: after so many ``seconds``, and for more names than anybody has, the answer is none."""
    is_over = deadline(seconds)
    asked: set[str] = set()

    def ask_in_time(module: str) -> tuple[IndexAnswer, ...]:
        asked.add(module)
        if is_over() or len(asked) > _MOST_NAMES:
            evidence = f"not asked: there is a limit of {seconds:.0f} seconds and {_MOST_NAMES} names, so run again"
            return (IndexAnswer(distribution=module, exists=False, has=None, evidence=evidence),)
        return ask(module)

    return ask_in_time


def newest_wheel(files: Iterable[IndexFile], distribution: str) -> tuple[IndexFile, Version] | None:
    """The wheel of the highest version that is not yanked, a final one if there is any; None without wheels.

    Of several wheels of a version, one for every platform is taken if there is one, else the first by name.
    """
    wheels = [
        (version, file)
        for file in files
        if file.name.endswith(".whl") and not file.yanked and (version := version_of(file.name, distribution))
    ]
    finals = [(version, file) for version, file in wheels if not version.is_prerelease] or wheels
    if not finals:
        return None
    newest = max(version for version, _ in finals)
    several = (file for version, file in finals if version == newest)
    return min(several, key=lambda file: (not file.name.endswith("-any.whl"), file.name)), newest


def _ask(reader: IndexReader, index_name: str, distribution: str, module: str) -> IndexAnswer:
    files = reader.files(distribution)
    if not files:
        evidence = f"{index_name} has no project {distribution!r}"
        return IndexAnswer(distribution=distribution, exists=False, has=False, evidence=evidence)
    found = newest_wheel(files, distribution)
    if found is None:
        evidence = f"{index_name} has no wheel of it that could be looked into, only sdists or yanked files"
        return IndexAnswer(distribution=distribution, exists=True, has=None, evidence=evidence)
    wheel, version = found
    try:
        with reader.open(wheel, limit_bytes=_WHEEL_LIMIT) as stream:
            contents = read_wheel(stream, wheel.name)
    except IndexUnavailableError:
        raise
    except IndexReadError as error:
        evidence = f"could not be looked into: {error.message}"
        return IndexAnswer(distribution=distribution, exists=True, has=None, evidence=evidence)
    how = contents.provides(module)
    # The spelling of the project is in the wheel; another name in it is no reason to require that.
    is_own = _is_name(contents.name) and canonicalize_name(contents.name) == distribution
    evidence = f"{version} on {index_name} {how or f'does not have {module!r}'}"
    return IndexAnswer(
        distribution=contents.name if is_own else distribution, exists=True, has=how is not None, evidence=evidence
    )


def _is_name(name: str) -> bool:
    try:
        canonicalize_name(name, validate=True)
    except InvalidName:
        return False
    return True
