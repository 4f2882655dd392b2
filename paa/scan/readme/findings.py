"""What is wrong with the README of a package, known before anything is planned or built."""

import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from paa.edges.addresses import file_url
from paa.edges.templates import README_TEMPLATE, override_path
from paa.edges.tree import Tree
from paa.model import Finding, Location, ScannedPackage, Severity
from paa.scan.readable import readable, with_findings

if TYPE_CHECKING:
    from paa.scan.readme.markdown import Link

RULE = "readme"
NOTEBOOK_SUFFIX = ".ipynb"
RST_SUFFIX, TEXT_SUFFIX = ".rst", ".txt"
_MARKDOWN_SUFFIXES = frozenset({"", ".md", ".markdown", ".mdown", ".mkd"})
# Azure Artifacts refuses a longer description; PyPI states no limit, and 99 of 100 descriptions there are under 40 kB.
SIZE_LIMIT = 324_608
_SHORTER = "put the details into a page of documentation"
# READMEs and notebooks in memory at once.
_TOGETHER = 100
# What PyPI leaves of links and images (readme_renderer).
_SHOWN_SCHEMES = frozenset({"http", "https", "mailto"})
# How docutils tells of what is wrong.
_RST_REPORT = re.compile(r"<string>:(?P<line>\d+): \((?:ERROR|SEVERE)/\d\) (?P<reason>[^\n]+(?:\n[^\n]+)*)")
_RST_IMAGE = re.compile(r"^[ \t]*\.\. (?:\|[^|\n]+\| )?(?:image|figure)::[ \t]*(\S+)", re.MULTILINE)


def with_readme_findings(tree: Tree, scanned: Mapping[str, ScannedPackage]) -> dict[str, ScannedPackage]:
    """``scanned`` (by module), each package with the findings in its README file or notebook.

    A package that gets an error loses its fingerprint, as with any other error.
    """
    found = {module: _with_docstring_findings(item) for module, item in scanned.items()}
    sources = {module: readme_source(item) for module, item in scanned.items()}
    # Links are not followed, and are an error already.
    paths = {module: path for module, path in sources.items() if path is not None and path not in tree.links}
    modules = list(paths)
    for start in range(0, len(modules), _TOGETHER):
        together = modules[start : start + _TOGETHER]
        contents = readable(tree, [paths[module] for module in together])
        for module in together:
            item, path = scanned[module], paths[module]
            content = contents[path]
            findings = (content,) if isinstance(content, Finding) else readme_findings(path, content, item.repository)
            found[module] = with_findings(item, findings)
    return found


def _with_docstring_findings(scanned: ScannedPackage) -> ScannedPackage:
    """``scanned`` with an error for a docstring that is longer than the README that it becomes may be."""
    text = scanned.docstring or ""
    # Four bytes are the most that a character has.
    if len(text) * 4 <= SIZE_LIMIT or readme_source(scanned) is not None:
        return scanned
    if override_path(README_TEMPLATE) in scanned.contents:
        return scanned  # What the repository's own template makes of it is looked at by itself.
    size = len(text.encode("utf-8", "replace"))
    if size <= SIZE_LIMIT:
        return scanned
    return with_findings(scanned, (_finding(too_long(size), scanned.package.module, advice=_SHORTER),))


def readme_source(scanned: ScannedPackage) -> str | None:
    """The README file or the notebook that the README of the package is made from; None for the docstring."""
    named = scanned.metadata.readme if scanned.metadata else None
    return next(
        (path for path in (named, scanned.package.notebook) if path is not None and path in scanned.contents), None
    )


def readme_findings(path: str, data: bytes, repository: str | None) -> tuple[Finding, ...]:
    """Errors for what can't be shown at all, warnings for links and images that PyPI's page will not have.

    ``repository`` is the web address of the sources; where that is known, links to files become whole addresses.
    """
    suffix = PurePosixPath(path).suffix.lower()
    if suffix == NOTEBOOK_SUFFIX:
        return tuple(_notebook_findings(path, data, repository))
    error = _format_error(path, suffix, data) or _text_error(path, data)
    if error is not None:
        return (error,)
    text = data.decode("utf-8-sig")
    if suffix == RST_SUFFIX:
        return (*_rst_findings(path, text), *_markup_findings(path, text))
    return tuple(_link_findings(path, text, repository, _line)) if suffix != TEXT_SUFFIX else ()


def _format_error(path: str, suffix: str, data: bytes) -> Finding | None:
    if suffix not in {RST_SUFFIX, TEXT_SUFFIX, *_MARKDOWN_SUFFIXES}:
        return _finding(f"PyPI shows no README of the kind {suffix!r}", path, advice="write it as .md, .rst or .txt")
    if len(data) > SIZE_LIMIT:
        return _finding(too_long(len(data)), path, advice=_SHORTER)
    return None


def _text_error(path: str, data: bytes) -> Finding | None:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        message = f"this README is not UTF-8: {error.reason} at byte {error.start}"
        return _finding(message, path, line, advice="save it as UTF-8")
    if "\0" in text:
        return _finding("this README is no text: it has NUL bytes", path, advice="save it as UTF-8")
    if not text.strip():
        advice = "write something into it, or remove it to have the docstring as the README"
        return _finding("this README is empty", path, advice=advice)
    return None


def too_long(size: int) -> str:
    """The message for a README of ``size`` bytes, which is over the limit."""
    return f"this README has {size:,} bytes; indexes take descriptions of at most {SIZE_LIMIT:,}"


def _notebook_findings(path: str, data: bytes, repository: str | None) -> Iterator[Finding]:
    from paa.scan.readme.notebook import CellKind, NotebookError, read_notebook

    try:
        notebook = read_notebook(data, path)
    except NotebookError as error:
        yield _finding(error.reason, path, error.line, advice=error.advice)
        return
    if len(data) > SIZE_LIMIT:
        from paa.scan.readme.notebook_markdown import notebook_markdown

        # Most of a large notebook are images, which no README has.
        size = len(notebook_markdown(notebook, None).encode("utf-8", "replace"))
        if size > SIZE_LIMIT:
            yield _finding(too_long(size), path, advice=_SHORTER)
    for cell in notebook.cells:
        if cell.kind is CellKind.MARKDOWN:
            yield from _link_findings(path, cell.source, repository, _no_line)


def _line(link: "Link") -> int | None:
    return link.line


def _no_line(_: "Link") -> int | None:
    """A line of a cell is no line of the notebook's file."""
    return None


def _link_findings(
    path: str, text: str, repository: str | None, line: Callable[["Link"], int | None]
) -> Iterator[Finding]:
    # Most packages have no file to look for links in.
    from paa.scan.readme.markdown import links

    for link in links(text):
        what = "image" if link.is_image else "link"
        target = link.target if len(link.target) <= 60 else f"{link.target[:60]}…"  # noqa: PLR2004  # reads in a line
        if link.is_relative and (repository is None or file_url(repository, "x", "x", raw=link.is_image) is None):
            advice = "write the whole address, with https://, or set source_repo_url"
            message = f"this {what} leads nowhere on PyPI: {target}"
        elif link.scheme and link.scheme not in {*_SHOWN_SCHEMES, "attachment"}:
            advice = (
                "write an address with https://" if not link.is_image else "put the image into a file, and link that"
            )
            message = f"PyPI leaves out this {what}: {target}"
        else:
            continue
        yield _finding(message, path, line(link), advice=advice, severity=Severity.WARNING)


def _markup_findings(path: str, text: str) -> tuple[Finding, ...]:
    """An error for reStructuredText that PyPI would not show, as twine's strict check has it."""
    import io

    # Heavy to load, and most READMEs are Markdown, of which everything shows.
    from readme_renderer import rst

    with io.StringIO() as told:
        if rst.render(text, stream=told) is not None:
            return ()
        reports = [*_RST_REPORT.finditer(told.getvalue())]
    line = int(reports[0]["line"]) if reports else None
    reason = f": {' '.join(reports[0]['reason'].split())}" if reports else ""
    return (_finding(f"PyPI can't show this README{reason}", path, line, advice="correct the markup"),)


def _rst_findings(path: str, text: str) -> Iterator[Finding]:
    for match in _RST_IMAGE.finditer(text):
        if not match[1].lower().startswith(("http://", "https://")):
            line = text.count("\n", 0, match.start(1)) + 1
            message = f"this image leads nowhere on PyPI: {match[1]}"
            advice = "write the whole address, with https://"
            yield _finding(message, path, line, advice=advice, severity=Severity.WARNING)


def _finding(
    message: str,
    path: str,
    line: int | None = None,
    *,
    advice: str | None,
    severity: Severity = Severity.ERROR,
) -> Finding:
    location = Location(path=path, line=line)
    return Finding(rule=RULE, message=message, location=location, advice=advice, severity=severity)
