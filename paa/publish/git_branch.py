"""A ``git`` index: the setup directory of each release on a branch per package, with a tag, in one push with its files.

What pip and uv install from is the tag ``dist/<package>-v<version>``: its tree is the content of the sdist, no more and
no less. The files themselves are kept beside it (paa.edges.index_branches), so that the index can be asked what it has,
byte by byte, like any other. Nothing that is there is ever moved but the branch, which goes on to newer versions.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from paa.build.backend import SOURCE_DATE_EPOCH
from paa.edges.git import BlobEntry
from paa.edges.git_store import GitStore
from paa.edges.index import version_of
from paa.edges.index_branches import branch_reference, file_reference, read_reference
from paa.errors import GitError, UploadError
from paa.publish.branch_push import Push, push_until_done
from paa.publish.sdist_contents import setup_files

if TYPE_CHECKING:
    from packaging.version import Version

_MODES = {False: "100644", True: "100755"}
_TRAILER = "Paa-File:"
_NEVER = "release a new version: nothing that is there is ever overwritten"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sending:
    """One file of a release on its way; ``branch`` is the name of the package's branch."""

    package: str
    distribution: str
    name: str
    data: bytes
    branch: str

    @property
    def version(self) -> str:
        """The version that the file is of, by its name. Raises UploadError for a name that has none."""
        version = version_of(self.name, self.distribution)
        if version is None:
            message = f"{self.name!r} is no name of a wheel or sdist of {self.distribution}"
            raise UploadError(message)
        return str(version)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """The references that pip installs a release from, in full, and what the remote has of them and of its kind."""

    tag: str
    branch: str
    there: Mapping[str, str]


def tag_of(package: str, version: str) -> str:
    """The tag that a release is installed from."""
    return f"dist/{package}-v{version}"


def send_to_branch(store: GitStore, sending: Sending) -> None:
    """Bring one file to the repository beside ``store``; with an sdist also the tag and the branch to install from.

    What is there already stays. Raises UploadError, also when the file or the tag is there with another content;
    TemporaryUploadError when it may work later.
    """
    push_until_done(store, sending.name, lambda: _decide(store, sending))


def _decide(store: GitStore, sending: Sending) -> Push | None:
    own = file_reference(sending.distribution, sending.name)
    tag = f"refs/tags/{tag_of(sending.package, sending.version)}"
    branch = branch_reference(sending.branch)
    there = store.references(own, tag, branch, f"refs/tags/{tag_of(sending.package, '*')}")
    entry = BlobEntry(mode=_MODES[False], blob=store.add(sending.data))
    kept = _commit(store, sending, store.tree_with(None, {sending.name: entry}))
    if there.get(own, kept) != kept and read_reference(store, own) != sending.data:
        message = f"{own} is there with other bytes than {sending.name}"
        raise UploadError(message, advice=_NEVER)
    is_sdist = not sending.name.endswith(".whl")
    wanted = _installable(store, sending, _Place(tag=tag, branch=branch, there=there)) if is_sdist else {}
    if own not in there:
        # Last: where the remote takes no push as a whole, its being there means that the rest is there too.
        wanted = {**wanted, own: kept}
    return Push(wanted=wanted, seen={name: there[name] for name in wanted if name in there}) if wanted else None


def _installable(store: GitStore, sending: Sending, place: _Place) -> dict[str, str]:
    """What the remote lacks of tag and branch. Raises UploadError."""
    tree = _tree(store, sending)
    moves = _is_newest(sending, place.there)
    tip = store.get(place.branch, place.there[place.branch]) if moves and place.branch in place.there else None
    if tip is not None and _TRAILER not in store.message_of(tip):
        message = f"{place.branch} holds something that paa did not put there, so nothing is put on top of it"
        raise UploadError(message, advice="choose another branch under indexes:, or move that one away")
    commit = _commit(store, sending, tree, parent=tip)
    tagged = place.there.get(place.tag)
    if tagged is None or (tagged == commit and moves):
        wanted = {place.tag: commit, place.branch: commit} if moves else {place.tag: commit}
        return {name: commit for name in wanted if place.there.get(name) != commit}
    # Made by an earlier run, on top of something else.
    commit = _checked(store, place.tag, tree)
    return {place.branch: commit} if moves and tip is None else {}


def _commit(store: GitStore, sending: Sending, tree: str, *, parent: str | None = None) -> str:
    """The commit that every run makes of the same file on top of the same parent."""
    digest = hashlib.sha256(sending.data).hexdigest()
    message = f"{sending.distribution} {sending.version}\n\n{_TRAILER} {digest} {sending.name}\n"
    return store.commit(tree, message, parent=parent, seconds=SOURCE_DATE_EPOCH)


def _tree(store: GitStore, sending: Sending) -> str:
    files = setup_files(sending.name, sending.data)
    entries = {path: BlobEntry(mode=_MODES[file.executable], blob=store.add(file.data)) for path, file in files.items()}
    return store.tree_with(None, entries)


def _checked(store: GitStore, tag: str, tree: str) -> str:
    """The commit that ``tag`` leads to, whose tree must be ``tree``."""
    target = store.fetch(tag)
    try:
        commit = store.commit_of(target)
        same = store.tree_of(commit) == tree
    except GitError as error:
        message = f"{tag} is there and leads to no commit: {error.message}"
        raise UploadError(message, advice=_NEVER) from error
    if not same:
        message = f"{tag} is there and leads to other files than those of this release"
        raise UploadError(message, advice=_NEVER)
    return commit


def _is_newest(sending: Sending, there: Iterable[str]) -> bool:
    """Whether a user who names no version wants this one: the highest final version, or the highest of all."""
    from packaging.version import InvalidVersion, Version

    beginning = f"refs/tags/{tag_of(sending.package, '')}"
    ranks = []
    for name in there:
        if name.startswith(beginning):
            try:
                ranks.append(_rank(Version(name.removeprefix(beginning))))
            except InvalidVersion:
                continue
    return all(rank <= _rank(Version(sending.version)) for rank in ranks)


def _rank(version: "Version") -> tuple[bool, "Version"]:
    return not version.is_prerelease, version
