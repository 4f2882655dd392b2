"""What commits ask for, package by package."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from packaging.utils import canonicalize_name
from packaging.version import Version

from paa.model import Bump
from paa.plan.messages import Message, read_message
from paa.plan.versions import larger

# The trailer of the commits that paa makes itself; they count for no bump.
RECORD_TRAILER = "Paa-Record: true"
_RECORD_LINE = re.compile(r"Paa-Record:[ \t]*true[ \t]*", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Commit:
    """A commit as the plan needs it; ``paths`` are those it changed, relative to the repository like all paths."""

    sha: str
    subject: str
    body: str = ""
    paths: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Ownership:
    """Which packages a spelling of a name, or a path, belongs to. Names are normalised as in PEP 503."""

    by_name: Mapping[str, str]
    by_path: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What one or more commits ask for one package.

    ``notes`` are plain texts, not yet Markdown. ``commit`` is the one that decided the bump. ``named`` says whether a
    message named the package, not only changed its files, ``asks`` whether one asked for a bump or version in brackets.
    ``also_asked`` holds the exact versions that lost against ``exact``, highest first.
    """

    bump: Bump
    exact: str | None = None
    notes: tuple[str, ...] = ()
    commit: str | None = None
    named: bool = False
    asks: bool = False
    also_asked: tuple[str, ...] = ()


def ownership(contents: Mapping[str, Collection[str]]) -> Ownership:
    """Turn package → paths that go into it (``ScannedPackage.contents``) around, once for all commits."""
    by_path: dict[str, list[str]] = {}
    for package in sorted(contents):
        for path in contents[package]:
            by_path.setdefault(path, []).append(package)
    return Ownership(
        by_name={canonicalize_name(package): package for package in sorted(contents)},
        by_path={path: tuple(packages) for path, packages in by_path.items()},
    )


def parse_commit(commit: Commit, owners: Ownership, *, use_messages: bool = True) -> dict[str, Request]:
    """What ``commit`` asks for each package that it names or changes, sorted by package; see ``plan/messages.py``.

    A statement counts for the packages that it names, and one that names none for those that the commit changes. A
    package that is changed while only others are named gets a patch, with all that the subject says for notes.
    Without ``use_messages`` (``use_commit_messages: false``) changes count as patches and names for nothing. A commit
    that paa made counts for nothing.
    """
    if _is_record(commit.body):
        return {}
    touched = sorted({package for path in commit.paths for package in owners.by_path.get(path, ())})
    message = read_message(commit.subject, commit.body, owners.by_name)
    found = _requests(commit.sha, message, touched)
    if not use_messages:
        return {package: Request(bump=Bump.PATCH, notes=found[package].notes, commit=commit.sha) for package in touched}
    return {package: found[package] for package in sorted(found)}


def combine(requests: Sequence[Request]) -> Request:
    """One request out of all for a package: the highest exact version, else the largest bump; a patch when empty.

    Notes follow one another in the order given, each once. Of equal bumps the first gives its commit.
    """
    exacts = {version: request for request in reversed(requests) if (version := request.exact) is not None}
    notes = tuple(dict.fromkeys(note for request in requests for note in request.notes))
    named, asks = any(request.named for request in requests), any(request.asks for request in requests)
    if exacts:
        lost = {version for request in requests for version in request.also_asked}
        first, *others = sorted(exacts.keys() | lost, key=Version, reverse=True)
        return replace(exacts[first], notes=notes, named=named, asks=asks, also_asked=tuple(others))
    decisive = Request(bump=Bump.PATCH)
    for number, request in enumerate(requests):
        if number == 0 or larger(request.bump, decisive.bump) != decisive.bump:
            decisive = request
    return replace(decisive, notes=notes, named=named, asks=asks)


def _requests(sha: str, message: Message, touched: Sequence[str]) -> dict[str, Request]:
    asked: dict[str, list[Request]] = {}
    for said in (*message.subject, *message.body):
        named = bool(said.packages)
        request = Request(
            bump=said.bump, exact=said.exact, notes=said.texts, commit=sha, named=named, asks=named and said.asks
        )
        for package in said.packages or touched:
            asked.setdefault(package, []).append(request)
    title = tuple(dict.fromkeys(text for said in message.subject for text in said.texts))
    for package in touched:
        asked.setdefault(package, [Request(bump=Bump.PATCH, notes=title, commit=sha)])
    return {package: requests[0] if len(requests) == 1 else combine(requests) for package, requests in asked.items()}


def _is_record(body: str) -> bool:
    """Whether the body's last paragraph, where Git keeps trailers, holds ours."""
    last = re.split(r"\n[ \t]*\n", body.replace("\r\n", "\n").strip())[-1]
    return any(_RECORD_LINE.fullmatch(line) for line in last.split("\n"))
