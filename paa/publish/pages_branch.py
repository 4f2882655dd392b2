"""A ``github-pages`` index: the static index of a ``directory``, in ``simple/`` of a branch that a web server shows.

Every file comes with its pages in one commit on top of what is there, so that each state of the branch is a whole
index. Other files on the branch are never touched, and a push is never forced.
"""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from paa.edges.git import BlobEntry
from paa.edges.git_store import GitStore
from paa.edges.index import version_of
from paa.edges.index_branches import branch_reference, pages_folder, tip
from paa.edges.index_folder import YANKED, parse_yanked
from paa.errors import UploadError
from paa.publish.branch_push import Push, push_until_done
from paa.publish.file_facts import find_facts, require_distribution
from paa.publish.static_pages import (
    Listed,
    in_order,
    parse_project_json,
    project_html,
    project_json,
    root_html,
    root_json,
)

_MODE = "100644"
_Files = Mapping[str, BlobEntry]


@dataclass(frozen=True, slots=True, kw_only=True)
class PageFile:
    """A wheel or sdist on its way to a branch of pages."""

    distribution: str
    name: str
    data: bytes


def send_to_pages(store: GitStore, branch: str, file: PageFile) -> None:
    """Put ``file`` on ``branch`` of the repository beside ``store`` and list it; make the branch if there is none.

    What is there with the same bytes stays, and its pages are checked all the same. Raises UploadError, also when other
    bytes are there under that name; TemporaryUploadError when it may work later.
    """
    require_distribution(file.distribution, file.name, file.data)
    push_until_done(store, file.name, lambda: _decide(store, branch_reference(branch), file))


def _decide(store: GitStore, reference: str, file: PageFile) -> Push | None:
    commit = tip(store, reference)
    there = store.list_files(commit, "simple", YANKED) if commit else {}
    place = f"{pages_folder(file.distribution)}/{file.name}"
    own = BlobEntry(mode=_MODE, blob=store.add(file.data))
    if place in there and there[place].blob != own.blob:
        message = f"{reference} has {place} with other bytes; files on an index are never overwritten"
        raise UploadError(message, advice="release a new version")
    pages = {path: BlobEntry(mode=_MODE, blob=store.add(data)) for path, data in _pages(store, there, file).items()}
    changed = {path: entry for path, entry in {place: own, **pages}.items() if there.get(path) != entry}
    if not changed:
        return None
    if commit is None:
        # GitHub would take a new site for one to be made with Jekyll. On a branch that is there, that is decided.
        changed[".nojekyll"] = BlobEntry(mode=_MODE, blob=store.add(b""))
    made = store.commit(store.tree_with(commit, changed), f"Add {file.name} to the index\n", parent=commit)
    return Push(wanted={reference: made}, seen={reference: commit} if commit else {})


def _pages(store: GitStore, there: _Files, file: PageFile) -> dict[str, bytes]:
    """Every page that has to do with ``file``, as it must be: path → content."""
    folder = pages_folder(file.distribution)
    project = folder.rpartition("/")[2]
    yanked = parse_yanked(store.read(there[YANKED].blob), YANKED) if YANKED in there else {}
    listed, pages = _listed(file.name, file.data, folder)
    found = {file.name: listed, **dict(_others(store, there, file, pages))}
    entries = in_order(project, found, yanked)
    projects = sorted({*_projects(there), project})
    return {
        **pages,
        f"{folder}/index.json": project_json(project, entries),
        f"{folder}/index.html": project_html(project, entries),
        "simple/index.json": root_json(projects),
        "simple/index.html": root_html(projects),
    }


def _others(store: GitStore, there: _Files, file: PageFile, pages: dict[str, bytes]) -> Iterator[tuple[str, Listed]]:
    """The other files of the project. What its page lists is believed: so they need not be fetched.

    The metadata of one that the page does not list, or that lost it, is added to ``pages``.
    """
    folder = pages_folder(file.distribution)
    known = _known(store, there.get(f"{folder}/index.json"))
    for path, entry in there.items():
        name = path.removeprefix(f"{folder}/")
        if name in {path, file.name} or version_of(name, file.distribution) is None:
            continue
        listed = known.get(name)
        if listed is None or (listed.facts.metadata_sha256 and f"{path}.metadata" not in there):
            listed, beside = _listed(name, store.read(entry.blob), folder)
            pages.update(beside)
        yield name, listed


def _listed(name: str, data: bytes, folder: str) -> tuple[Listed, dict[str, bytes]]:
    facts, metadata = find_facts(name, data)
    listed = Listed(sha256=hashlib.sha256(data).hexdigest(), size=len(data), facts=facts)
    return listed, {} if metadata is None else {f"{folder}/{name}.metadata": metadata}


def _known(store: GitStore, page: BlobEntry | None) -> Mapping[str, Listed]:
    try:
        return parse_project_json(store.read(page.blob)) if page else {}
    except ValueError:
        return {}


def _projects(there: _Files) -> Iterator[str]:
    """The projects that have a file there."""
    for path in there:
        folder, _, name = path.rpartition("/")
        project = folder.removeprefix("simple/")
        if folder == f"simple/{project}" and "/" not in project and version_of(name, project) is not None:
            yield project
