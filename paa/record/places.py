"""Where a release is recorded: in the tag of its name, or beside it where a tag of the user's has that name."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from paa.edges import git_remote
from paa.edges.git_commit import create_tag, create_tag_object, replace_tag
from paa.edges.git_remote import RemoteState
from paa.edges.git_tags import RELEASE_REFERENCES, Tag, list_tags
from paa.errors import GitError
from paa.model import BuiltRelease, Plan
from paa.plan.tags import parse_tag_message, tag_message, tag_name
from paa.scan.repository import Repository

_TAGS = "refs/tags/"


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """The reference of each release that can be recorded, and the tags that record something else."""

    taken: Mapping[str, BuiltRelease]
    refused: tuple[str, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The references as people write them."""
        return tuple(reference.removeprefix(_TAGS) for reference in self.taken)


def tag_reference(repository: Repository, built: BuiltRelease) -> str:
    """The reference of the tag that names the release."""
    return _TAGS + tag_name(repository.config.tag_format, built.release.package, built.release.version)


def own_reference(built: BuiltRelease) -> str:
    """Where the release is recorded when the tag that names it is the user's own."""
    return f"{RELEASE_REFERENCES}/{built.release.package}/{built.release.version}"


def find_places(repository: Repository, wanted: Iterable[BuiltRelease], known: Mapping[str, Tag]) -> Places:
    """The place of each release; ``known`` are all tags that are there, by reference.

    A bare tag, which is a request and no record, stays what it is. One that records something else refuses the release.
    """
    taken, refused = {}, []
    for built in wanted:
        first, second = tag_reference(repository, built), own_reference(built)
        tag, beside = known.get(first), known.get(second)
        if _is_free(tag, built):
            taken[second if tag is None and beside is not None and records(beside, built) else first] = built
        elif tag is not None and parse_tag_message(tag.message) is None and _is_free(beside, built):
            taken[second] = built
        else:
            refused.append(first.removeprefix(_TAGS))
    return Places(taken=taken, refused=tuple(refused))


def records(tag: Tag, built: BuiltRelease) -> bool:
    """Whether ``tag`` says what was built: the same release, and no other bytes for a file of it."""
    known, release = parse_tag_message(tag.message), built.release
    if known is None:
        return False
    told = (known.package, known.version, known.fingerprint)
    return told == (release.package, release.version, release.fingerprint) and all(
        known.files.get(file.name, file.sha256) == file.sha256 for file in built.files
    )


def known_tags(
    repository: Repository, remote: str | None, state: RemoteState | None, names: Sequence[str]
) -> dict[str, Tag]:
    """The tags of this clone by reference, and of those in ``names`` what ``remote`` has: that comes first.

    A tag that only the remote has is fetched. Where both have recorded the same release, as after two runs at once,
    that of the remote stays. Raises GitError.
    """
    root = repository.root
    known = {tag.reference: tag for tag in list_tags(root)}
    if remote is None or state is None:
        return known
    there = {name: state.references[name] for name in names if name in state.references}
    other = {name: target for name, target in there.items() if name in known and known[name].target != target}
    absent = [name for name in there if name not in known]
    unseen = [name for name, target in other.items() if not git_remote.has_object(root, target)]
    git_remote.fetch(root, remote, [*(f"{name}:{name}" for name in absent), *unseen])
    if absent:
        known |= {tag.reference: tag for tag in list_tags(root) if tag.reference in absent}
    for name, target in other.items():
        theirs = git_remote.read_tag(root, name.removeprefix(_TAGS), target)
        ours, record = known[name], parse_tag_message(theirs.message)
        if record is not None and (record, theirs.commit) == (parse_tag_message(ours.message), ours.commit):
            replace_tag(root, name, target, ours.target)
        known[name] = theirs
    return known


def make_tags(repository: Repository, plan: Plan, places: Places, known: Mapping[str, Tag]) -> tuple[str, ...]:
    """Make the tags that are missing; return their references. Raises GitError."""
    made = []
    for reference, built in places.taken.items():
        if reference in known:
            continue
        message = tag_message(built.release, built.files, plan.builder)
        source = plan.commit or "HEAD"
        if reference.startswith(_TAGS):
            _make_tag(repository, reference.removeprefix(_TAGS), source, message)
        else:
            create_tag_object(repository.root, reference, source, message)
        made.append(reference)
    return tuple(made)


def _make_tag(repository: Repository, name: str, source: str, message: str) -> None:
    try:
        create_tag(repository.root, name, source, message)
    except GitError as error:
        advice = (
            "see what Git says (tag.gpgSign wants a key that is there), then run again: it goes on where it stopped"
        )
        raise GitError(error.message, advice=advice) from error


def _is_free(tag: Tag | None, built: BuiltRelease) -> bool:
    return tag is None or records(tag, built)
