"""What has been released → tags, tracking files and release notes. The index first, the tag last."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from packaging.version import Version

from paa.documents.tracking import (
    FOLDER as TRACKING_FOLDER,
)
from paa.documents.tracking import (
    LEGACY_FILE,
    LEGACY_LOG,
    TRACKING_FILE,
    TrackedRelease,
    legacy_log_bytes,
    legacy_versions_bytes,
    merged,
    parse_tracking,
    tracking_bytes,
)
from paa.edges import clock, git
from paa.edges.files import read_bytes, write_atomic
from paa.edges.tree import Tree
from paa.errors import GitError, UsageError
from paa.model import BuiltRelease, Plan, ReleaseSet
from paa.plan.commits import RECORD_TRAILER
from paa.plan.notes import prepend, release_notes_section
from paa.plan.tags import parse_tag_message, tag_message, tag_name
from paa.scan.repository import Repository

NOTES_FOLDER = ".paa/release_notes"
# Where recording writes; nothing in there goes into a package.
RECORD_FOLDERS = (TRACKING_FOLDER, NOTES_FOLDER)


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """What recording did: the tags (new ones and those that were there), the commit made, and how the push went.

    ``pushed`` is empty without a remote; ``push_problem`` is Git's reason when the branch could not be pushed and the
    tags went alone. ``refused`` are the tags that are there already and record something else.
    """

    tags: tuple[str, ...] = ()
    commit: str | None = None
    pushed: tuple[str, ...] = ()
    push_problem: str | None = None
    refused: tuple[str, ...] = ()


def require_committer(repository: Repository) -> None:
    """Raise UsageError when Git could make no commit and no tag here: better before anything is published."""
    if not git.knows_committer(repository.root):
        message = "Git does not know who commits and tags here, so that a release could not be recorded"
        raise UsageError(message, advice="git config user.name NAME && git config user.email ADDRESS, then run again")


def record(repository: Repository, release_set: ReleaseSet, packages: Collection[str], *, push: bool) -> Recorded:
    """Record those releases of ``release_set`` whose package is in ``packages``: they are on every target index.

    One commit holds what is written for all of them; the tags come after it, so that whatever is interrupted can be
    told by a tag that is missing. Running it again does only what is missing. A tag that is there and records
    something else keeps its release from being recorded, and no other. Raises UsageError when Git has no committer,
    GitError when Git fails or not even the tags can be pushed; nothing that was recorded is undone then.
    """
    chosen = {
        _tag_name(repository, built): built for built in release_set.releases if built.release.package in packages
    }
    present = {tag.name: tag for tag in git.list_tags(repository.root)}
    refused = tuple(name for name, built in chosen.items() if name in present and not _records(present[name], built))
    sound = {name: built for name, built in chosen.items() if name not in refused}
    if not sound:
        return Recorded(refused=refused)
    require_committer(repository)
    written = _write_files(repository, release_set.plan, list(sound.values()))
    commit = git.commit_paths(repository.root, written, _commit_message(list(sound.values())))
    source, builder = release_set.plan.commit or "HEAD", release_set.plan.builder
    for name, built in sound.items():
        if name not in present:
            git.create_tag(repository.root, name, source, tag_message(built.release, built.files, builder))
    done = Recorded(tags=tuple(sound), commit=commit, refused=refused)
    if not push or git.remote_url(repository.root) is None:
        return done
    return _push(repository, done)


def is_recorded(repository: Repository, tree: Tree, release_set: ReleaseSet, *, push: bool) -> bool:
    """Whether every release of ``release_set`` has its tag and stands in the tracking file of ``tree``, which is HEAD.

    With ``push`` it must be on the remote too, as far as this clone knows.
    """
    tags = {tag.name for tag in git.list_tags(repository.root)}
    data = tree.read_one(TRACKING_FILE)
    tracked = {item.package: item for item in (parse_tracking(data) if data else ())}
    for built in release_set.releases:
        release = built.release
        known = tracked.get(release.package)
        if _tag_name(repository, built) not in tags or known is None:
            return False
        if Version(known.version) < Version(release.version):
            return False
    return not push or git.is_pushed(repository.root)


def _tag_name(repository: Repository, built: BuiltRelease) -> str:
    return tag_name(repository.config.tag_format, built.release.package, built.release.version)


def _records(tag: git.Tag, built: BuiltRelease) -> bool:
    known, release = parse_tag_message(tag.message), built.release
    return known is not None and (known.package, known.fingerprint) == (release.package, release.fingerprint)


def _write_files(repository: Repository, plan: Plan, chosen: Sequence[BuiltRelease]) -> tuple[str, ...]:
    """Write tracking files and release notes; return their paths."""
    versions = {built.release.package: built.release.version for built in chosen}
    old = _read(repository, TRACKING_FILE)
    tracked = [
        TrackedRelease(
            package=built.release.package,
            version=built.release.version,
            fingerprint=built.release.fingerprint,
            commit=plan.commit or "",
            floors=built.release.floors,
        )
        for built in chosen
    ]
    contents: dict[str, bytes] = {
        TRACKING_FILE: tracking_bytes(merged(parse_tracking(old) if old else (), tracked)),
        LEGACY_FILE: legacy_versions_bytes(_read(repository, LEGACY_FILE), versions),
        LEGACY_LOG: legacy_log_bytes(_read(repository, LEGACY_LOG), versions, clock.timestamp()),
    }
    contents |= {f"{NOTES_FOLDER}/{built.release.package}.md": _notes(repository, built) for built in chosen}
    return _write_changed(repository, contents)


def _notes(repository: Repository, built: BuiltRelease) -> bytes:
    release = built.release
    existing = (_read(repository, f"{NOTES_FOLDER}/{release.package}.md") or b"").decode("utf-8", "replace")
    section = release_notes_section(release.version, clock.today(), release.notes)
    return prepend(existing, section, release.version).encode()


def _read(repository: Repository, path: str) -> bytes | None:
    file = repository.root / path
    return read_bytes(file) if file.exists() else None


def _write_changed(repository: Repository, contents: Mapping[str, bytes]) -> tuple[str, ...]:
    for path, data in contents.items():
        if _read(repository, path) != data:
            write_atomic(repository.root / path, data)
    return tuple(sorted(contents))


def _commit_message(chosen: Sequence[BuiltRelease]) -> str:
    names = ", ".join(f"{built.release.package} {built.release.version}" for built in chosen)
    subject = f"Record {names}" if len(chosen) <= 3 else f"Record {len(chosen)} releases"  # noqa: PLR2004  # fits a subject line
    body = "\n".join(f"- {built.release.package} {built.release.version}" for built in chosen)
    return f"{subject} [skip ci]\n\n{body}\n\n{RECORD_TRAILER}\n"


def _push(repository: Repository, done: Recorded) -> Recorded:
    """Branch and tags in one atomic push; the tags alone where the branch is refused, for they are enough."""
    references = [f"refs/tags/{tag}" for tag in done.tags]
    branch = git.current_branch(repository.root)
    problem = None
    if branch is not None:
        problem = git.push(repository.root, [f"HEAD:refs/heads/{branch}", *references])
        if problem is None:
            return replace(done, pushed=(branch, *done.tags))
    failure = git.push(repository.root, references)
    if failure is not None:
        message = f"the tags could not be pushed: {failure}"
        advice = "the release itself is done; run the same command again once the remote takes pushes"
        raise GitError(message, advice=advice)
    return replace(done, pushed=done.tags, push_problem=problem)
