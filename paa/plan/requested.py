"""A tag of the user's as a request: of which package, as which version. Pure; ``plan/tag_request.py`` asks Git."""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from packaging.requirements import Requirement as Pep508
from packaging.version import Version

from paa.errors import FindingsError
from paa.model import Bump, ScannedPackage
from paa.plan.pep440 import parse_version
from paa.plan.question import Verdict, blocked
from paa.plan.records import LEGACY_TAG_FORMAT
from paa.plan.tags import parse_tag_name, tag_name
from paa.plan.text import tidy

_VERSION = "{version}"
# ``v1.2.3`` where there is one package.
_PLAIN_FORMATS = (f"v{_VERSION}", _VERSION)
_SHOWN = 100
# Version-like words after numbers (semver's pre-releases, habits of Java), and what they are in PEP 440.
_WORDED = re.compile(r"v?([0-9]+(?:\.[0-9]+)*)[-_.]?([A-Za-z]+)[-_.]?([0-9]*)(?:[-_.].*)?(?:\+.*)?", re.IGNORECASE)
_PLACEHOLDERS = frozenset({"x", "y", "z", "n"})
_FINAL = frozenset({"final", "ga", "release", "stable"})
_PHASES = {"m": "a", "milestone": "a", "alpha": "a", "beta": "b", "rc": "rc", "cr": "rc", "candidate": "rc"}
_NAMES = 3
_LIKE = "versions are written like 1.2.3, 1.2.3rc1 or 1.2.3.dev1"


@dataclass(frozen=True, slots=True, kw_only=True)
class TagRequest:
    """What ``tag`` asks for: ``version`` (normalised) of ``package``; ``done`` says why there is nothing to do."""

    tag: str
    package: str
    version: str
    done: str | None = None


def read_request(tag: str, tag_format: str, packages: Collection[str]) -> TagRequest:
    """The request that ``tag`` (without ``refs/tags/``) makes in a repository of ``packages`` (a set or mapping).

    It is read by ``tag_format``, as the existing tool writes tags, or in a repository of one package as a plain version
    with or without ``v``. Raises FindingsError that says what was probably meant.
    """
    named = parse_tag_name(tag_format, tag, packages) or parse_tag_name(LEGACY_TAG_FORMAT, tag, packages)
    if named is None and len(packages) == 1:
        named = next(filter(None, (parse_tag_name(form, tag, packages) for form in _PLAIN_FORMATS)), None)
    if named is None:
        raise _unreadable(tag, tag_format, packages)
    package, version = named
    if Version(version).local is not None:
        message = f"the tag {_shown(tag)} asks for {version}, and a version with a local label can't be released"
        raise FindingsError(message, advice=f"tag {tag_name(tag_format, package, Version(version).public)}")
    return TagRequest(tag=tag, package=package, version=version)


def kept_to(request: TagRequest, verdicts: Mapping[str, Verdict], item: ScannedPackage) -> dict[str, Verdict]:
    """``verdicts`` with no new version of anything but ``item``, which is the package that the tag asks for.

    A tag gives one package its version, and what it needs has its versions from tags of its own. Where a sibling was
    never released or has changed since, the package is blocked: nobody can tell whether it works with what is released.
    It is not where a mark in its source says which versions of the sibling it takes. A release of a sibling that only
    has to be completed is.
    """
    kept = {name: verdict for name, verdict in verdicts.items() if name == request.package or _is_completed(verdict)}
    own = kept[request.package]
    if own.release is None:
        return kept
    marked = {one.sibling for one in item.requirements if one.sibling and Pep508(one.requirement).specifier}
    for name in item.siblings:
        verdict = verdicts.get(name, Verdict())
        if name in kept or name in marked:
            continue
        kept[request.package] = _waiting(request, name, verdict)
        break
    return kept


def _is_completed(verdict: Verdict) -> bool:
    return verdict.blocked is None and (verdict.release is None or verdict.release.bump is Bump.NONE)


def _waiting(request: TagRequest, sibling: str, verdict: Verdict) -> Verdict:
    """The verdict on a package whose sibling has to be released first."""
    if verdict.blocked is not None:
        return blocked(request.package, f"it needs {sibling}, which can't be released: {verdict.blocked.reason}")
    release = verdict.release
    before = release.previous if release else None
    state = f"has changed since {before}" if before else "was never released"
    advice = f"release {sibling} first, by a tag of its own, then run this again"
    return blocked(request.package, f"it needs {sibling}, which {state}, and a tag releases one package", advice=advice)


def meant_version(text: str) -> str | None:
    """The version (PEP 440) that ``text``, which is none, was probably meant to be; None when that can't be told."""
    worded = _WORDED.fullmatch(text.strip())
    if worded is None:
        return None
    numbers, word, count = worded[1], worded[2].lower(), worded[3] or "1"
    if word in _PLACEHOLDERS:
        return None
    meant = numbers if word in _FINAL else f"{numbers}{_PHASES.get(word, '.dev')}{count}"
    version = parse_version(meant)
    return None if version is None else str(version)


def _unreadable(tag: str, tag_format: str, packages: Collection[str]) -> FindingsError:
    """What is wrong with a tag that can't be read, and what to write in its place."""
    halves = list(dict.fromkeys(_halves(tag, tag_format, packages)))
    fitting = sorted({(package, str(version)) for package, text in halves if (version := parse_version(text))})
    if fitting:
        read = " or ".join(f"{version} of {package}" for package, version in fitting[:_NAMES])
        message = f"the tag {_shown(tag)} can be read in several ways: {read}"
        return FindingsError(
            message, advice="tag_format in .paa.config has to tell packages apart: {package}-v{version}"
        )
    if halves:
        package, text = halves[0]
        message = f"the tag {_shown(tag)} asks for {_shown(text)} of {package}, which is no version (PEP 440)"
        meant = meant_version(text)
        written = meant and tag_name(tag_format, package, meant)
        return FindingsError(message, advice=f"was {meant} meant? Then tag {written}" if meant else _LIKE)
    some = sorted(packages)[:_NAMES]
    shown = str(parse_version(tag) or meant_version(tag) or "1.2.3")
    message = f"the tag {_shown(tag)} names no package of this repository, which has {len(packages)}"
    tags = [tag_name(tag_format, package, shown) for package in some]
    return FindingsError(
        message, advice=f"tags are written like {' or '.join(tags)}" if tags else "add a package first"
    )


def _halves(tag: str, tag_format: str, packages: Collection[str]) -> Iterator[tuple[str, str]]:
    """A package, and the text where its version should be: as far as ``tag`` looks like one of a package at all."""
    formats = (tag_format, LEGACY_TAG_FORMAT)
    for form in formats:
        for package in sorted(packages, key=lambda name: (-len(name), name)):
            for spelled in (package, package.replace("_", "-")):
                before, _, after = tag_name(form, spelled, _VERSION).partition(_VERSION)
                written = tag[len(before) : len(tag) - len(after)]
                if tag.startswith(before) and tag.endswith(after) and written:
                    yield package, written
    if len(packages) == 1 and re.match(r"v?[0-9]", tag):
        yield next(iter(packages)), tag.removeprefix("v")


def _shown(text: str) -> str:
    line = tidy(text)
    return line if len(line) <= _SHOWN else f"{line[:_SHOWN]}…"
