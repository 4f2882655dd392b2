"""What a release's notes say, and where they go in ``.paa/release_notes/<package>.md``."""

import re
from collections.abc import Iterator, Sequence

from paa.plan.commits import Request
from paa.plan.links import change_link, commit_link
from paa.plan.pep440 import parse_version
from paa.plan.text import tidy

_TITLE = "# Release notes"
# The level that files of the existing tool have, so that old and new sections stand side by side.
_LEVEL = "###"
_SHORT_SHA = 7
_HEADING = re.compile(r" {0,3}(#{1,6})[ \t]+\[?([^\s\]]*)")
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_REFERENCE = re.compile(r" \(([#!][0-9]{1,9})\)$")
_CODE = re.compile(r"(`+[^`]+`+)")
_HTML = re.compile(r"<(?=[A-Za-z/!?])")
_ENTITY = re.compile(r"&(?=#?[A-Za-z0-9]+;)")
# What would begin a heading, quote, list, rule, fence, table, check box or link definition inside the bullet.
_BLOCK = re.compile(r"[#>|\[]|[-+*](?=[ ]|$)|([-*_=])(?=(?: ?\1){2,}$)|`{3}|~{3}")
_NUMBERED = re.compile(r"([0-9]{1,9})([.)])(?= |$)")


def release_notes(requests: Sequence[Request], repository: str | None) -> tuple[str, ...]:
    """One Markdown bullet (without its dash) per text of ``requests``, in their order, the same text once.

    With the web address of the ``repository``, each ends with a link to its commit. Take the requests of single
    commits: combined ones know only the commit that decided.
    """
    notes: dict[str, str] = {}
    for request in requests:
        for text in map(tidy, request.notes):
            if text and text not in notes:
                notes[text] = _bullet(text, request.commit, repository)
    return tuple(notes.values())


def release_notes_section(version: str, date: str, notes: Sequence[str]) -> str:
    """The Markdown section of one release: a heading with ``version`` and ``date`` (ISO 8601), then the bullets."""
    heading = f"{_LEVEL} {version} ({date})\n"
    bullets = "".join(f"- {tidy(note)}\n" for note in notes)
    return f"{heading}\n{bullets}" if bullets else heading


def prepend(existing: str, section: str, version: str) -> str:
    """``existing`` with ``section`` above its other releases; what was there stays, to the byte.

    The section goes before the first heading of a release, else below the title, else to the top. Nothing changes
    when a release headed ``version`` is there already. An empty file gets a title.
    """
    mark, text = ("\ufeff", existing[1:]) if existing.startswith("\ufeff") else ("", existing)
    if not text.strip():
        return f"{mark}{_TITLE}\n\n{section}"
    releases = [(start, said) for start, word in _headings(text) if (said := parse_version(word))]
    if any(said == parse_version(version) for _, said in releases):
        return existing
    at = releases[0][0] if releases else _below_title(text)
    before, after = text[:at], text[at:]
    line_end = "\r\n" if "\r\n" in text else "\n"
    above = line_end * max(0, 2 - _line_ends_before(before)) if before else ""
    below = line_end if after and not after.startswith(("\n", "\r\n")) else ""
    return "".join([mark, before, above, section.replace("\n", line_end), below, after])


def _below_title(text: str) -> int:
    """The end of the heading that ``text`` begins with; its beginning when it begins with something else."""
    start = len(text) - len(text.lstrip())
    end = text.find("\n", start) + 1 or len(text)
    return end if _HEADING.match(text[start:end]) else 0


def _line_ends_before(text: str) -> int:
    plain = text.replace("\r\n", "\n")
    return len(plain) - len(plain.rstrip("\n"))


def _headings(text: str) -> Iterator[tuple[int, str]]:
    """Start and first word of each ATX heading outside of fenced code; not of a title that begins with a number."""
    fence = ""
    for line in re.finditer(r"[^\n]+", text):
        mark = _FENCE.match(line[0])
        if mark and (not fence or mark[1].startswith(fence)):
            fence = "" if fence else mark[1]
        elif not fence and (heading := _HEADING.match(line[0])) and (heading[1] != "#" or "." in heading[2]):
            yield line.start(), heading[2]


def _bullet(text: str, commit: str | None, repository: str | None) -> str:
    reference = _REFERENCE.search(text)
    said = text[: reference.start()] if reference else text
    change = change_link(repository, reference[1]) if repository and reference else None
    page = commit_link(repository, commit) if repository and commit else None
    links = [f" ([{reference[1]}]({change}))" if change else reference[0]] if reference else []
    links += [f" ([{commit[:_SHORT_SHA]}]({page}))"] if commit and page else []
    return "".join([_escape(said), *links])


def _escape(text: str) -> str:
    """``text`` so that Markdown shows it as one line of a list; emphasis and code stay what they are."""
    pieces = _CODE.split(text)
    pieces[::2] = [_HTML.sub("&lt;", _ENTITY.sub("&amp;", piece)) for piece in pieces[::2]]
    shown = "".join(pieces)
    if _BLOCK.match(shown):
        return f"\\{shown}"
    return _NUMBERED.sub(r"\1\\\2", shown, count=1) if _NUMBERED.match(shown) else shown
