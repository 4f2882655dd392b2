"""What a page of the Simple API says: bytes in, files out. Nothing here reads or connects.

HTML as in PEP 503 (with PEP 592's yanks and PEP 629's version), JSON as in PEP 691 (later fields are tolerated).
"""

import json
import re
from html.parser import HTMLParser
from urllib.parse import unquote, urldefrag, urljoin, urlsplit

from paa.errors import IndexReadError
from paa.model import IndexFile

_SUFFIXES = (".whl", ".tar.gz", ".zip")
_SHA256 = re.compile(r"[0-9a-f]{64}")
_FRAGMENT_SHA256 = re.compile(r"(?:^|&)sha256=([0-9a-f]{64})(?:&|$)")
_HTML_TYPES = ("text/html", "application/vnd.pypi.simple.v1+html", "application/vnd.pypi.simple.latest+html")
_JSON_TYPES = ("application/vnd.pypi.simple.v1+json", "application/vnd.pypi.simple.latest+json")

ACCEPT = "application/vnd.pypi.simple.v1+json, application/vnd.pypi.simple.v1+html;q=0.2, text/html;q=0.1"


def parse_page(page: bytes, *, url: str, content_type: str, distribution: str) -> tuple[IndexFile, ...]:
    """The distribution files that a project page lists, in the page's order.

    ``url`` is where the page came from (relative links start there), ``content_type`` the header that came with it.
    Raises IndexReadError for a page that is no project page, or not a whole one.
    """
    media_type, _, parameters = content_type.partition(";")
    media_type = media_type.strip().lower()
    if media_type in _JSON_TYPES:
        return parse_json(page, url=url)
    if media_type in _HTML_TYPES:
        charset = re.search(r"charset=[\"']?([\w.:-]+)", parameters, re.IGNORECASE)
        return parse_html(_text(page, charset[1] if charset else "utf-8"), url=url, distribution=distribution)
    message = f"the answer is of type {media_type or 'unknown'}, which is no page of the Simple API"
    raise IndexReadError(message)


def parse_json(page: bytes, *, url: str) -> tuple[IndexFile, ...]:
    """The files of a PEP 691 project page. Raises IndexReadError."""
    try:
        document = json.loads(page)
    except (ValueError, RecursionError) as error:
        message = "the answer is no JSON, or not a whole document"
        raise IndexReadError(message) from error
    if not isinstance(document, dict) or not isinstance(document.get("files"), list):
        message = "the JSON has no list of files (PEP 691)"
        raise IndexReadError(message)
    meta = document.get("meta")
    _check_api_version(meta.get("api-version") if isinstance(meta, dict) else None)
    found = (_json_file(entry, url) for entry in document["files"])
    return tuple(file for file in found if file is not None)


def _json_file(entry: object, url: str) -> IndexFile | None:
    fields = entry if isinstance(entry, dict) else {}
    name = fields.get("filename")
    link = fields.get("url")
    if not isinstance(name, str) or not isinstance(link, str):
        message = "a file in the JSON has no file name or no URL (PEP 691)"
        raise IndexReadError(message)
    if not is_distribution(name):
        return None
    hashes = fields.get("hashes")
    digest = hashes.get("sha256") if isinstance(hashes, dict) else None
    sha256 = digest.lower() if isinstance(digest, str) and _SHA256.fullmatch(digest.lower()) else None
    if (joined := _joined(url, link)) is None:
        return None
    return IndexFile(name=name, url=joined[0], sha256=sha256, yanked=bool(fields.get("yanked")))


def parse_html(page: str, *, url: str, distribution: str) -> tuple[IndexFile, ...]:
    """The files of a PEP 503 project page. Raises IndexReadError.

    A page without any file must show in another way that it is the project's page: a login form or an error page
    sent as a success must not be taken for "this project has no files".
    """
    parser = _PageParser()
    try:
        parser.feed(page)
    except AssertionError as error:  # how html.parser gives up on malformed declarations
        message = "the answer is no HTML"
        raise IndexReadError(message) from error
    if "<" in parser.rawdata or parser.open_elements:
        message = "the page ends in the middle"
        raise IndexReadError(message)
    if parser.repository_version is not None:
        _check_api_version(parser.repository_version)
    base = _joined(url, parser.base or "") or (url, "")
    found = (_html_file(link, base[0], yanked=yanked) for link, yanked in parser.anchors)
    files = tuple(file for file in found if file is not None)
    if not files and not _is_project_page(parser, distribution):
        message = "the answer is HTML, but no project page of the Simple API (a login or an error page?)"
        raise IndexReadError(message)
    return files


def _html_file(link: str, base: str, *, yanked: bool) -> IndexFile | None:
    joined = _joined(base, link)
    if joined is None:
        return None
    address, fragment = joined
    name = unquote(urlsplit(address).path.rpartition("/")[2])
    if not is_distribution(name):
        return None
    digest = _FRAGMENT_SHA256.search(fragment.lower())
    return IndexFile(name=name, url=address, sha256=digest[1] if digest else None, yanked=yanked)


def _is_project_page(parser: "_PageParser", distribution: str) -> bool:
    if parser.has_form:
        return False
    heading = re.sub(r"[-_.]+", "-", " ".join(parser.headings).lower())
    wanted = re.sub(r"[-_.]+", "-", distribution.lower())
    return parser.repository_version is not None or "links for" in heading or wanted in heading.split()


class _PageParser(HTMLParser):
    """Collects what a project page holds; ``open_elements`` are html and body elements that were never closed."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.anchors: list[tuple[str, bool]] = []
        self.base: str | None = None
        self.repository_version: str | None = None
        self.headings: list[str] = []
        self.has_form = False
        self.open_elements: list[str] = []
        self._in_heading = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = dict(reversed(attrs))  # of an attribute given twice, the first counts
        match tag:
            case "a":
                if href := attributes.get("href"):
                    self.anchors.append((href, "data-yanked" in attributes))
            case "base":
                self.base = self.base or attributes.get("href")
            case "meta":
                if (attributes.get("name") or "").lower() == "pypi:repository-version":
                    self.repository_version = attributes.get("content") or ""
            case "form" | "input":
                self.has_form = True
            case "html" | "body":
                self.open_elements.append(tag)
            case "title" | "h1":
                self._in_heading = True

    def handle_endtag(self, tag: str) -> None:
        if tag in self.open_elements:
            self.open_elements.remove(tag)
        elif tag in ("title", "h1"):
            self._in_heading = False

    def handle_data(self, data: str) -> None:
        if self._in_heading:
            self.headings.append(data)


def _check_api_version(version: object) -> None:
    """A client must stop at a major version that it does not know (PEP 629)."""
    if not isinstance(version, str) or version.partition(".")[0].strip() != "1":
        message = f"the page says that it is version {version!r} of the Simple API; version 1 was expected"
        raise IndexReadError(message)


def _joined(base: str, link: str) -> tuple[str, str] | None:
    """``link`` as seen from ``base``, and its fragment; None for a malformed one, which can't be a file's address."""
    try:
        address, fragment = urldefrag(urljoin(base, link.strip()))
        urlsplit(address)
    except ValueError:
        return None
    return address, fragment


def is_distribution(name: str) -> bool:
    """Whether ``name`` is a plain file name, without any folder, that ends as wheels and sdists do."""
    return name.endswith(_SUFFIXES) and not name.startswith(".") and not re.search(r"[/\\\0-\x1f]", name)


def _text(page: bytes, charset: str) -> str:
    try:
        return page.decode(charset, "replace")
    except (LookupError, UnicodeError) as error:
        message = f"the page says that it is in an encoding that there is not, {charset}"
        raise IndexReadError(message) from error
