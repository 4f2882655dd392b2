"""Links in Markdown (GFM): found outside of code, so that they can be judged and replaced without a parser."""

import bisect
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

_FENCE = re.compile(r"[ \t]*(?:>[ \t]?)*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)?(`{3,}(?=[^`]*$)|~{3,})")
_TICKS = re.compile(r"`+")
_BRACKET = re.compile(r"\\.|[\[\]]|\n[ \t]*\n")
_ITEM = re.compile(r"[ \t]*(?:[-*+]|\d{1,9}[.)])[ \t]")
_TARGET = r"(?:<(?P<angled>[^<>\n]*)>|(?P<bare>[^\s<>()]*(?:\([^\s<>()]*\)[^\s<>()]*)*))"
_TITLE = r"""(?:\s+(?:"[^"\n]*"|'[^'\n]*'|\([^()\n]*\)))?"""
_INLINE = re.compile(rf"\]\([ \t]*{_TARGET}{_TITLE}[ \t]*\)")
_DEFINITION = re.compile(rf"^ {{0,3}}\[[^\[\]\n]+\]:[ \t]*{_TARGET}{_TITLE}[ \t]*$", re.MULTILINE)
_HTML = re.compile(
    r"""<(?P<tag>img|source|a)\b[^<>]*?\s(?:src|href|srcset)\s*=\s*["'](?P<bare>[^"'<>]+)["'][^<>]*>""", re.IGNORECASE
)
_PICTURE = re.compile(r"(?:data:image/|attachment:)|.*\.(?:png|jpe?g|gif|svg|webp|avif)(?:[?#].*)?$", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A link or an image: what it leads to, and where it stands.

    ``start`` and ``end`` are the whole link in the text, ``target_start`` and ``target_end`` where it leads to;
    ``text`` is what it is shown as (of an image: in its place); ``line`` counts from 1.
    """

    target: str
    text: str
    is_image: bool
    line: int
    start: int
    end: int
    target_start: int
    target_end: int

    @property
    def scheme(self) -> str:
        """The scheme of the address in lower case; empty for an address without one."""
        match = re.match(r"([A-Za-z][A-Za-z0-9+.-]+):", self.target)
        return match[1].lower() if match else ""

    @property
    def is_relative(self) -> bool:
        """Whether it leads to a file beside the one that it stands in, or to one below the same top."""
        return bool(self.target) and not self.scheme and not self.target.startswith(("#", "//", "?"))


def links(text: str) -> tuple[Link, ...]:
    """The links and images of ``text``, in order: inline ones, definitions of references, and those in HTML tags.

    An image inside of a link's text is there too.
    """
    shown = without_code(text)
    starts = [0, *(match.end() for match in re.finditer("\n", text))]
    opened = _opened(shown)
    found = [_inline(shown, match, starts, opened) for match in _INLINE.finditer(shown)]
    found += [_other(match, starts) for match in (*_DEFINITION.finditer(shown), *_HTML.finditer(shown))]
    return tuple(sorted((link for link in found if link is not None), key=lambda link: link.target_start))


def replace_targets(text: str, new_target: Callable[[Link], str | None]) -> str:
    """``text`` with the target of each link that ``new_target`` gives one for (None: it stays)."""
    pieces, end = [], 0
    for link in links(text):
        new = new_target(link)
        if new is not None and link.target_start >= end:
            pieces += [text[end : link.target_start], new]
            end = link.target_end
    return "".join([*pieces, text[end:]])


def replace_images(text: str, substitute: Callable[[Link], str | None]) -> str:
    """``text`` with each image that ``substitute`` gives something for replaced as a whole (None: it stays)."""
    pieces, end = [], 0
    for link in links(text):
        new = substitute(link) if link.is_image and link.start >= end else None
        if new is not None:
            pieces += [text[end : link.start], new]
            end = link.end
    return "".join([*pieces, text[end:]])


def without_code(text: str) -> str:
    """``text`` with spaces in place of all that is code or a comment: every other character stays where it was."""
    lines = [" " * len(line) if is_code else line for line, is_code in zip(text.split("\n"), _code(text), strict=True)]
    return _without_comments(_without_code_spans("\n".join(lines)))


def open_fence(text: str) -> str:
    """The fence that is begun in ``text`` and not ended; empty when there is none."""
    return _fences(text)[1]


def code_spans(text: str) -> Iterator[tuple[int, int]]:
    """Where inline code stands in ``text``, which is one paragraph: start and end, backticks included."""
    ticks = list(_TICKS.finditer(text))
    following: dict[int, int] = {}
    ends = [0] * len(ticks)
    for index in range(len(ticks) - 1, -1, -1):
        length = ticks[index].end() - ticks[index].start()
        ends[index] = following.get(length, 0)
        following[length] = index
    index = 0
    while index < len(ticks):
        if ends[index]:
            yield ticks[index].start(), ticks[ends[index]].end()
            index = ends[index]
        index += 1


def _without_code_spans(text: str) -> str:
    pieces: list[str] = []
    for paragraph in re.split(r"(\n[ \t]*\n)", text):
        end = 0
        for first, last in code_spans(paragraph):
            pieces += [paragraph[end:first], _blank(paragraph[first:last])]
            end = last
        pieces.append(paragraph[end:])
    return "".join(pieces)


def _without_comments(text: str) -> str:
    pieces, end = [], 0
    while (start := text.find("<!--", end)) >= 0 and (stop := text.find("-->", start)) >= 0:
        pieces += [text[end:start], _blank(text[start : stop + 3])]
        end = stop + 3
    return "".join([*pieces, text[end:]])


def _blank(text: str) -> str:
    return re.sub(r"[^\n]", " ", text)


def _code(text: str) -> Iterator[bool]:
    """For each line, whether it is code: between fences, or indented below no list."""
    blank, in_list, in_code = True, False, False
    for line, fenced in zip(text.split("\n"), _fences(text)[0], strict=True):
        indented = line.startswith(("    ", "\t"))
        if not line.strip():
            blank = True
            yield fenced
            continue
        in_code = not fenced and indented and not in_list and (blank or in_code)
        if _ITEM.match(line) and not in_code:
            in_list = True
        elif not indented and blank and not line.startswith(" "):
            in_list = False
        blank = False
        yield fenced or in_code


def _fences(text: str) -> tuple[list[bool], str]:
    """For each line whether it is of a fenced block, and the fence that is open at the end."""
    found, fence = [], ""
    for line in text.split("\n"):
        match = _FENCE.match(line)
        found.append(bool(fence or match))
        if not fence and match:
            fence = match[1]
        elif fence and match and line.strip(" \t>") == match[1] and match[1].startswith(fence):
            fence = ""
    return found, fence


def _opened(shown: str) -> dict[int, int]:
    """For each closing bracket the one that opens it, in the same paragraph."""
    found: dict[int, int] = {}
    waiting: list[int] = []
    for match in _BRACKET.finditer(shown):
        if match[0] == "[":
            waiting.append(match.start())
        elif match[0] == "]" and waiting:
            found[match.start()] = waiting.pop()
        elif "\n" in match[0]:
            waiting.clear()
    return found


def _inline(shown: str, match: re.Match[str], starts: list[int], opened: Mapping[int, int]) -> Link | None:
    """The link whose text ends where ``match`` begins; None when no bracket opens it."""
    start = opened.get(match.start())
    if start is None:
        return None
    is_image = shown[max(0, start - 1) : start] == "!"
    text = shown[start + 1 : match.start()]
    return _link(match, starts, start=start - is_image, text=text, is_image=is_image)


def _other(match: re.Match[str], starts: list[int]) -> Link | None:
    groups = match.groupdict()
    tag = (groups.get("tag") or "").lower()
    is_image = tag in {"img", "source"} or (not tag and _PICTURE.match(groups["bare"] or "") is not None)
    return _link(match, starts, start=match.start(), text="", is_image=is_image)


def _link(match: re.Match[str], starts: list[int], *, start: int, text: str, is_image: bool) -> Link | None:
    name = "angled" if match.groupdict().get("angled") is not None else "bare"
    if not match[name]:
        return None
    return Link(
        target=match[name],
        text=" ".join(text.split()),
        is_image=is_image,
        line=bisect.bisect_right(starts, match.start(name)),
        start=start,
        end=match.end(),
        target_start=match.start(name),
        target_end=match.end(name),
    )
