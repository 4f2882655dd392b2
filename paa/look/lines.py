"""Lines of sources as they are on disk, and the commits that wrote them."""

import io
import logging
import re
import tokenize
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from paa.documents.reasons import ReasonCommit
from paa.edges.blame import line_commits
from paa.edges.tree import Tree
from paa.errors import FileError, GitError
from paa.model import Location
from paa.scan.repository import Repository

log = logging.getLogger(__name__)

# Asking takes some milliseconds a file, more where its history is long: enough to see where something comes from.
_MOST_FILES = 10
# Lines as Python counts them: str.splitlines would end them at form feeds too.
_LINE_END = re.compile(r"\r\n|\r|\n")
# Git counts no carriage return alone as the end of a line: its numbers would be others.
_UNCOUNTED = re.compile(r"\r(?!\n)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Lines:
    """Texts of lines without the space around them, and their commits; a place that has none is not there."""

    texts: Mapping[Location, str]
    commits: Mapping[Location, ReasonCommit]


def read_lines(repository: Repository, tree: Tree, places: Collection[Location]) -> Lines:
    """What stands at ``places`` in ``tree``, which is the disk, and who wrote it; lines of ten files at most."""
    by_path: dict[str, set[int]] = {}
    for place in sorted(places, key=lambda place: (place.path, place.line or 0)):
        if place.line is not None and place.path in tree.blobs and place.path not in tree.links:
            by_path.setdefault(place.path, set()).add(place.line)
    texts: dict[Location, str] = {}
    commits: dict[Location, ReasonCommit] = {}
    for number, (path, lines) in enumerate(by_path.items()):
        text = _source(tree, path)
        source = _LINE_END.split(text)
        known = {line for line in lines if line <= len(source)}
        texts |= {Location(path=path, line=line): source[line - 1].strip() for line in known}
        if number < _MOST_FILES and repository.commit is not None and not _UNCOUNTED.search(text):
            commits |= _commits(repository, path, known)
    return Lines(texts=texts, commits=commits)


def _source(tree: Tree, path: str) -> str:
    try:
        data = tree.read_one(path) or b""
        encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
        return data.decode(encoding, "replace")
    except (FileError, SyntaxError, LookupError) as error:
        # The scan has told what is wrong with the file.
        log.debug("%s: %s", path, error)
        return ""


def _commits(repository: Repository, path: str, lines: Collection[int]) -> dict[Location, ReasonCommit]:
    try:
        found = line_commits(repository.root, path, lines)
    except GitError as error:
        # A file that was never committed, above all: there is nothing to tell.
        log.debug("%s: %s", path, error)
        return {}
    return {
        Location(path=path, line=line): ReasonCommit(
            sha=commit.sha, date=commit.date, subject=commit.subject, boundary=commit.boundary
        )
        for line, commit in found.items()
    }
