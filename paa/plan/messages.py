"""One commit message → statements: which packages it names, how far they should move, and what it says about them.

A subject is cut at ``;``. Tags count only where a part begins: ``[pkg] text``, ``[pkg][.+.] text``, ``[a][b] text``,
``[a, b][1.2.3] text``; a bump or version in brackets belongs to the name or names right before it. Elsewhere a name in
brackets is a mention. A part without a tag of its own goes on about what the part before it named.
Conventional Commits (https://www.conventionalcommits.org/en/v1.0.0/) count the same way, and the largest bump that a
part asks for in either notation holds. What names no package speaks of all packages that the commit touches.

In the body, list items that name a package start statements of their own, as squash merges write them; so do items
that begin with ``* `` (GitHub's marker for a squashed subject) and a usual commit type. ``BREAKING CHANGE:`` makes
what was last started a major.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from packaging.utils import canonicalize_name

from paa.model import Bump
from paa.plan.pep440 import parse_version
from paa.plan.text import tidy
from paa.plan.versions import larger

_BRACKET = re.compile(r"\[([^\[\]]*)\](?!\()[ \t]*")
_CONVENTIONAL = re.compile(r"([A-Za-z][A-Za-z0-9_-]*)(?:\(([^()]*)\))?(!)?:(?:[ \t]+|$)")
_BREAKING = re.compile(r"BREAKING[ -]CHANGE:[ \t]*(.*)")
_NO_BREAKING_CHANGE = frozenset({"", "-", "n/a", "na", "no", "none"})
_ITEM = re.compile(r" {0,3}([*+-])[ \t]+(?:\[[ xX]\][ \t]+)?")
_MERGE = re.compile(r"Merge (?:pull request|branch|branches|remote-tracking branch|tag|commit) |Merged in ")
_AZURE_MERGE = re.compile(r"Merged PR (\d+): ")
_SYSTEMS = "(?:ci|actions|azp|azurepipelines)"
_SKIP = re.compile(rf"\[(?:(?:skip|no)[ -]{_SYSTEMS}|{_SYSTEMS}[ -]skip)\]|\*{{3}}NO_CI\*{{3}}", re.IGNORECASE)
_TYPES = frozenset({"build", "chore", "ci", "docs", "feat", "fix", "perf", "refactor", "revert", "style", "test"})
# The second and third spelling of a row are what the existing tool also takes.
_MOVES = {
    **dict.fromkeys(("+..", "+.", "+"), Bump.MAJOR),
    **dict.fromkeys((".+.", ".+"), Bump.MINOR),
    "..+": Bump.PATCH,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """What one place of a message says: about ``packages`` (empty: all that the commit touches).

    ``exact`` is a normalised version, given with ``Bump.EXACT`` only; ``texts`` are the ``;``-separated parts.
    ``asks`` says that a bump or version stands in brackets: that is a wish, where ``feat:`` describes a change.
    """

    packages: tuple[str, ...] = ()
    bump: Bump = Bump.PATCH
    exact: str | None = None
    texts: tuple[str, ...] = ()
    asks: bool = False


_UNNAMED = Statement()


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """The statements of a subject and of the body below it."""

    subject: tuple[Statement, ...]
    body: tuple[Statement, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Opening:
    """How a part begins: its statements without texts, and the text that remains."""

    statements: tuple[Statement, ...]
    text: str
    conventional: bool

    @property
    def names(self) -> bool:
        return bool(self.statements[0].packages)


def read_message(subject: str, body: str, names: Mapping[str, str]) -> Message:
    """What a commit message says. ``names`` maps PEP 503-normalised spellings to package names."""
    subject, body = _without_merge(subject, body)
    groups = [tuple(_statements(subject, names))]
    for line in body.split("\n"):
        if breaking := _BREAKING.match(line):
            if breaking[1].strip().rstrip(".").lower() not in _NO_BREAKING_CHANGE:
                groups[-1] = tuple(replace(said, bump=larger(said.bump, Bump.MAJOR)) for said in groups[-1])
        elif item := _ITEM.match(line):
            text = line[item.end() :]
            if _counts(_opening(text, names), squashed=item[1] == "*"):
                groups.append(tuple(_statements(text, names)))
    return Message(subject=groups[0], body=tuple(said for group in groups[1:] for said in group))


def _without_merge(subject: str, body: str) -> tuple[str, str]:
    """Subject and body of what was merged, for the merge messages of the usual hosts."""
    if azure := _AZURE_MERGE.match(subject):
        return f"{subject[azure.end() :]} (!{azure[1]})", body
    if not _MERGE.match(subject):
        return subject, body
    title, _, rest = body.lstrip().partition("\n")
    return ("", body) if title.startswith(("#", "* ")) else (title, rest)


def _counts(opening: _Opening, *, squashed: bool) -> bool:
    return opening.names or (squashed and opening.conventional)


def _statements(line: str, names: Mapping[str, str]) -> Iterator[Statement]:
    current: tuple[Statement, ...] = ()
    texts: list[str] = []
    for part in line.split(";"):
        opening = _opening(part, names)
        if not current or opening.names:
            yield from (replace(said, texts=tuple(texts)) for said in current)
            current, texts = opening.statements, []
            text = opening.text
        else:
            text = tidy(_SKIP.sub("", part))
        texts += [text] if text else []
    yield from (replace(said, texts=tuple(texts)) for said in current)


def _opening(part: str, names: Mapping[str, str]) -> _Opening:
    """Read the brackets and the Conventional Commits type that ``part`` begins with, in any order."""
    rest = tidy(_SKIP.sub("", part))
    named: list[Statement] = []
    kept: list[str] = []
    least, typed, after_name = Bump.PATCH, False, False
    while True:
        if bracket := _BRACKET.match(rest):
            rest = rest[bracket.end() :]
            if packages := _named(bracket[1], names):
                named.append(Statement(packages=packages))
                after_name = True
            elif after_name and (moved := _move(named[-1], bracket[1])):
                named[-1] = moved
            else:
                kept.append(bracket[0].strip())
                after_name = False
        elif not typed and (header := _CONVENTIONAL.match(rest)) and (scope := _scope(header, names)) is not None:
            rest, typed, after_name = rest[header.end() :], True, False
            least = _bump(header)
            named += [Statement(packages=scope)] if scope else []
            kept += [f"{header[2].strip()}:"] if header[2] and header[2].strip() and not scope else []
        else:
            break
    rest = re.sub(r"^[:-] ", "", rest) if named else rest
    statements = tuple(named) or (_UNNAMED,)
    if least is not Bump.PATCH:
        statements = tuple(replace(said, bump=larger(said.bump, least)) for said in statements)
    return _Opening(statements=statements, text=" ".join([*kept, rest]).strip(), conventional=typed)


def _named(text: str, names: Mapping[str, str]) -> tuple[str, ...]:
    """The packages that a comma-separated list names; none when anything in it is not a package."""
    found = [names.get(canonicalize_name(word.strip())) for word in text.split(",")]
    return tuple(dict.fromkeys(name for name in found if name)) if all(found) else ()


def _scope(header: re.Match[str], names: Mapping[str, str]) -> tuple[str, ...] | None:
    """The packages that a header's scope names; None when it is an ordinary word before a colon and no header."""
    words = re.split(r"[,/]", header[2] or "")
    found = [name for word in words if (name := names.get(canonicalize_name(word.strip())))]
    if found:
        return tuple(dict.fromkeys(found))
    return () if header[1].lower() in _TYPES or header[3] else None


def _bump(header: re.Match[str]) -> Bump:
    if header[3]:
        return Bump.MAJOR
    return Bump.MINOR if header[1].lower() == "feat" else Bump.PATCH


def _move(said: Statement, text: str) -> Statement | None:
    """``said`` with the bump or version in brackets after its names; None when the text is neither."""
    if bump := _MOVES.get(text.strip()):
        return replace(said, bump=larger(said.bump, bump), asks=True)
    version = parse_version(text)
    return None if version is None else replace(said, bump=Bump.EXACT, exact=str(version), asks=True)
