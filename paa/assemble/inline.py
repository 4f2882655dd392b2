"""One line of a docstring → Markdown: what it shows is what was written, though it looks like markup."""

import re

from paa.scan.readme.markdown import code_spans

_ROLE = re.compile(r"(?<![\w`]):[a-z][a-z:+.-]*:`~?([^`\n]+)`(?!`)")
_REFERENCE = re.compile(r"(?<!`)`([^`<>\n]+?)\s*<(https?://[^`<>\s]+)>`__?")
_DUNDER = re.compile(r"(?<![\w\\*_])__(\w+?)__(?![\w_])")
# Stars between words, in paths and in patterns: x*y, src/*.py, *.txt, **/.
_STAR = re.compile(r"(?<=\w)\*(?=\w)|(?<=/)\*|(?<![\w*\\])\*(?=\.\w)|(?<![\w*\\])\*\*(?=/)")
_TAG = re.compile(r"<(/?)([A-Za-z][\w-]*)([^<>\n]*)>")
_AUTOLINK = re.compile(r"<(?:[A-Za-z][A-Za-z0-9+.-]+:[^\s<>]*|[\w.+-]+@[\w-]+(?:\.[\w-]+)+)>")
# The tags that PyPI shows (readme_renderer); those of them that have no end.
# fmt: off
_SHOWN_TAGS = frozenset((
    "a", "abbr", "acronym", "aside", "b", "blockquote", "br", "caption", "cite", "code", "col", "colgroup", "dd",
    "del", "details", "div", "dl", "dt", "em", "figcaption", "figure", "h1", "h2", "h3", "h4", "h5", "h6", "hr",
    "i", "img", "input", "kbd", "li", "nav", "ol", "p", "picture", "pre", "section", "span", "strong", "sub",
    "summary", "sup", "table", "tbody", "td", "th", "thead", "tr", "tt", "ul", "var",
))
# fmt: on
_EMPTY_TAGS = frozenset({"br", "hr", "img"})


def inline_markdown(line: str, text: str) -> str:
    """``line`` of ``text`` as Markdown; ``text`` tells whether a tag is HTML, which is ended, or just a name in <>."""
    line = _REFERENCE.sub(lambda match: f"[{' '.join(match[1].split())}]({match[2]})", line)
    line = _ROLE.sub(r"`\1`", line)
    pieces, end = [], 0
    for start, stop in code_spans(line):
        pieces += [_escaped(line[end:start], text), line[start:stop]]
        end = stop
    return "".join([*pieces, _escaped(line[end:], text)])


def _escaped(prose: str, text: str) -> str:
    prose = _DUNDER.sub(r"\\_\\_\1\\_\\_", prose)
    prose = _STAR.sub(lambda match: match[0].replace("*", r"\*"), prose)
    return _TAG.sub(lambda match: match[0] if _is_html(match, text) else rf"\{match[0]}", prose)


def _is_html(match: re.Match[str], text: str) -> bool:
    """Whether it is a link in <>, or a tag that PyPI shows: an empty one, or one with beginning and end."""
    if match.start() and match.string[match.start() - 1] == "\\":
        return True
    slash, name, rest = match[1], match[2].lower(), match[3]
    if _AUTOLINK.fullmatch(match[0]):
        return True
    if name not in _SHOWN_TAGS or (rest and not rest.startswith((" ", "/"))):
        return False
    other = f"<{match[2]}" if slash else f"</{match[2]}>"
    return name in _EMPTY_TAGS or other in text
