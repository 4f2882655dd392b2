"""The list of packages in the README, between two markers; all around them stays as it is, to the byte."""

import re
from collections.abc import Mapping
from urllib.parse import quote

from paa.documents.markdown import cell
from paa.record.model import ListedPackage, Listing

BEGIN, END = "<!-- paa:packages -->", "<!-- /paa:packages -->"
_BLOCK = re.compile(
    rf"^(?P<begin>[ \t]*{re.escape(BEGIN)}[ \t]*\r?)$.*?^(?P<end>[ \t]*{re.escape(END)})", re.MULTILINE | re.DOTALL
)


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


def with_empty_list(readme: bytes) -> bytes:
    """``readme`` with nothing between its markers, so that two can be compared or merged."""
    if not has_list(readme):
        return readme
    text = _BLOCK.sub(lambda match: f"{match['begin']}\n{match['end']}", _text(readme), count=1)
    return text.encode("utf-8", "surrogateescape")


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
        f"| {_name(item)} | {versions[item.package]} | {cell(item.description)} |"
        for item in sorted(released, key=lambda item: item.package)
    ]
    for index in sorted(listing.install):
        lines += ["", f"From {cell(index)}: `{_code(listing.install[index])}`"]
    return lines


def _code(command: str) -> str:
    """``command`` for a span of code that nothing in it ends; what it may hold of such characters is an address."""
    return "".join(
        quote(letter, errors="replace") if letter in "`<>|" or not letter.isprintable() else letter
        for letter in command
    )


def _name(item: ListedPackage) -> str:
    name = cell(item.distribution)
    return f"[{name}]({quote(item.page, safe=':/?#=&%~,;@+$')})" if item.page else name
