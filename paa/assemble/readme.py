"""The README of a package: a file of the repository, the example notebook, or the docstring."""

import posixpath
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path, PurePosixPath
from urllib.parse import unquote

from paa.assemble.docstring import docstring_markdown
from paa.config import Config
from paa.edges import git
from paa.edges.addresses import file_url
from paa.edges.templates import README_TEMPLATE, render
from paa.edges.tree import Tree
from paa.errors import FindingsError
from paa.model import Metadata, ScannedPackage, Severity
from paa.plan.tags import tag_name
from paa.scan.readme.findings import (
    NOTEBOOK_SUFFIX,
    RST_SUFFIX,
    SIZE_LIMIT,
    TEXT_SUFFIX,
    readme_findings,
    readme_source,
    too_long,
)
from paa.scan.readme.markdown import Link, replace_targets
from paa.scan.readme.notebook import read_notebook
from paa.scan.readme.notebook_markdown import notebook_markdown

# The name says what it is written in (PEP 621).
_NAMES = {RST_SUFFIX: "README.rst", TEXT_SUFFIX: "README.txt"}
_MARKDOWN = "README.md"
_TITLE = re.compile(r"\s*(?:#[ \t]+\S|<h1\b|[^\s#>*+-][^\n]*\n=+[ \t]*(?:\n|$))", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleasedSources:
    """The sources of a release as they can be seen on the web: ``repository`` is their web address, if there is one.

    ``tag`` is the one that the release will have; ``root`` is the folder of the PPR, which can lie below the top of the
    Git repository.
    """

    repository: str | None
    tag: str
    root: Path

    def address(self, path: str, *, raw: bool) -> str | None:
        """The page of the file at ``path``, or with ``raw`` the file itself; None where that is not known."""
        if self.repository is None:
            return None
        return file_url(self.repository, posixpath.join(_folder_in_repository(self.root), path), self.tag, raw=raw)


def readme(
    tree: Tree, contents: Mapping[str, bytes], scanned: ScannedPackage, metadata: Metadata, sources: ReleasedSources
) -> tuple[str, bytes]:
    """Name and content (UTF-8), from ``contents`` (the package's files by path).

    Links to files of the repository become whole addresses, as ``sources`` has them. Raises FindingsError for a file
    or notebook that can't be read, and for a README that is longer than indexes take.
    """
    source = readme_source(scanned)
    suffix = PurePosixPath(source or "").suffix.lower()
    if source is None or suffix == NOTEBOOK_SUFFIX:
        name, text = _MARKDOWN, _generated(tree, contents, scanned, metadata, sources)
    else:
        name, text = _NAMES.get(suffix, _MARKDOWN), _file_text(contents[source], source)
        if name == _MARKDOWN:
            text = _with_addresses(text, source, sources)
    # A string literal can hold half a surrogate pair, which no file can.
    data = text.encode("utf-8", "replace")
    if len(data) > SIZE_LIMIT:
        message = f"{source or scanned.package.module}: {too_long(len(data))}"
        raise FindingsError(message, advice="put the details into a page of documentation")
    return name, data


def released_sources(tree: Tree, config: Config, scanned: ScannedPackage, version: str) -> ReleasedSources:
    """Where the sources of this release will be seen. Raises ConfigError for a tag format without a version."""
    tag = tag_name(config.tag_format, scanned.package.name, version)
    return ReleasedSources(repository=scanned.repository, tag=tag, root=tree.root)


@lru_cache(maxsize=1)
def _folder_in_repository(root: Path) -> str:
    """Where ``root`` lies in its Git repository; empty at the top. Asked once for all packages."""
    top = git.find_top(root)
    folder = root.resolve().relative_to(top.resolve()).as_posix() if top else "."
    return "" if folder == "." else folder


def _generated(
    tree: Tree, contents: Mapping[str, bytes], scanned: ScannedPackage, metadata: Metadata, sources: ReleasedSources
) -> str:
    source = readme_source(scanned)
    text = ""
    if source is not None:
        notebook = read_notebook(contents[source], source)
        text = _with_addresses(notebook_markdown(notebook, sources.address(source, raw=False)), source, sources)
    # A notebook in which nothing is written yet says nothing about the package.
    text = text.strip() or docstring_markdown(scanned.docstring or "").strip() or metadata.description.strip()
    values = {"distribution": metadata.distribution, "text": text, "title": not _TITLE.match(text)}
    return render(README_TEMPLATE, values, tree)


def _file_text(data: bytes, path: str) -> str:
    errors = [finding for finding in readme_findings(path, data, None) if finding.severity is Severity.ERROR]
    if errors:
        raise FindingsError(str(errors[0]))
    return data.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")


def _with_addresses(text: str, source: str, sources: ReleasedSources) -> str:
    """``text``, which stands in the file ``source``, with whole addresses in place of those of files beside it."""

    def target(link: Link) -> str | None:
        if not link.is_relative:
            return None
        whole, mark, fragment = link.target.partition("#")
        path = unquote(whole.partition("?")[0])
        # As on the pages of repositories, a path that begins with / is one from the top.
        base = "" if path.startswith("/") else posixpath.dirname(source)
        place = posixpath.normpath(posixpath.join(base, path.lstrip("/")))
        found = sources.address(place, raw=link.is_image) if not place.startswith("..") else None
        return f"{found}{mark}{fragment}" if found else None

    return replace_targets(text, target)
