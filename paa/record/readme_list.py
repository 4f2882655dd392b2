"""The list of packages in the README, between two markers; all around them stays as it is, to the byte."""

import html
import re
from collections.abc import Mapping
from urllib.parse import quote

from paa.record.model import ListedPackage, Listing

BEGIN, END = "<!-- paa:packages -->", "<!-- /paa:packages -->"
_BLOCK = re.compile(
    rf"^(?P<begin>[ \t]*{re.escape(BEGIN)}[ \t]*)$.*?^(?P<end>[ \t]*{re.escape(END)})", re.MULTILINE | re.DOTALL
)
# What Markdown would take for more than a character, in a cell of a table.
_SPECIAL = re.compile(r"([\\`*_{}\[\]()#+!|~>-])")
_LONGEST = 300


def has_list(readme: bytes) -> bool:
    """Whether ``readme`` has a place for the list: both markers, each on a line of its own, once and in this order."""
    text = _text(readme)
    return text.count(BEGIN) == text.count(END) == 1 and _BLOCK.search(text) is not None


def with_list(readme: bytes, listing: Listing, versions: Mapping[str, str]) -> bytes:
    """``readme`` with the list of those packages that have one of ``versions`` (by package); unchanged without a place.

    The same packages and versions give the same bytes.
    """
    if not has_list(readme):
        return readme
    text = _text(readme)
    line_end = "\r\n" if f"{BEGIN}\r\n" in text else "\n"
    rows = _lines(listing, versions)

    def block(match: re.Match[str]) -> str:
        return line_end.join([match["begin"].rstrip("\r"), "", *rows, "", match["end"]])

    return _BLOCK.sub(block, text, count=1).encode("utf-8", "surrogateescape")


def outside_list(readme: bytes) -> bytes:
    """``readme`` without what stands between the markers: what paa never changes."""
    if not has_list(readme):
        return readme
    return _BLOCK.sub("", _text(readme), count=1).replace("\r\n", "\n").encode("utf-8", "surrogateescape")


def _text(readme: bytes) -> str:
    return readme.decode("utf-8", "surrogateescape")


def _lines(listing: Listing, versions: Mapping[str, str]) -> list[str]:
    released = [item for item in listing.packages if item.package in versions]
    if not released:
        return ["No package has been released yet."]
    lines = ["| package | version | what it is |", "| --- | --- | --- |"]
    lines += [
        f"| {_name(item)} | {versions[item.package]} | {_cell(item.description)} |"
        for item in sorted(released, key=lambda item: item.package)
    ]
    for index in sorted(listing.install):
        lines += ["", f"From {_cell(index)}: `{listing.install[index]}`"]
    return lines


def _name(item: ListedPackage) -> str:
    name = _cell(item.distribution)
    return f"[{name}]({quote(item.page, safe=':/?#=&%~,;@+$')})" if item.page else name


def _cell(text: str) -> str:
    """``text`` on one line that means nothing but itself in Markdown and HTML."""
    line = " ".join(text.split())
    shown = line if len(line) <= _LONGEST else f"{line[:_LONGEST].rstrip()}…"
    return _SPECIAL.sub(r"\\\1", html.escape(shown, quote=False))
