"""What has been released → tags, tracking files and release notes. The index first, the tag last."""

import logging
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

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
from paa.errors import FindingsError, GitError
from paa.model import BuiltRelease, Plan, ReleaseSet
from paa.plan.commits import RECORD_TRAILER
from paa.plan.notes import prepend, release_notes_section
from paa.plan.tags import parse_tag_message, tag_message, tag_name
from paa.scan.repository import Repository

log = logging.getLogger(__name__)

NOTES_FOLDER = ".paa/release_notes"


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """What recording did: the tags (new ones and those that were there), the commit made, and how the push went.

    ``pushed`` is empty without a remote; ``push_problem`` is Git's reason when the branch could not be pushed and the
    tags went alone.
    """

    tags: tuple[str, ...] = ()
    commit: str | None = None
    pushed: tuple[str, ...] = ()
    push_problem: str | None = None


def record(repository: Repository, release_set: ReleaseSet, packages: Collection[str], *, push: bool) -> Recorded:
    """Record those releases of ``release_set`` whose package is in ``packages``: they are on every target index.

    Running it again does only what is missing. Raises FindingsError when a tag of that name records something else,
    GitError when Git fails or not even the tags can be pushed; nothing that was recorded is undone then.
    """
    chosen = [built for built in release_set.releases if built.release.package in packages]
    if not chosen:
        return Recorded()
    tags = _tag(repository, release_set.plan, chosen)
    written = _write_files(repository, release_set.plan, chosen)
    commit = git.commit_paths(repository.root, written, _commit_message(chosen)) if written else None
    if not push or git.remote_url(repository.root) is None:
        return Recorded(tags=tags, commit=commit)
    return _push(repository, tags, commit)


def _tag(repository: Repository, plan: Plan, chosen: Sequence[BuiltRelease]) -> tuple[str, ...]:
    present = {tag.name: tag for tag in git.list_tags(repository.root)}
    names = []
    for built in chosen:
        release = built.release
        name = tag_name(repository.config.tag_format, release.package, release.version)
        names.append(name)
        if name not in present:
            git.create_tag(
                repository.root, name, plan.commit or "HEAD", tag_message(release, built.files, plan.builder)
            )
            continue
        known = parse_tag_message(present[name].message)
        if known is None or (known.package, known.fingerprint) != (release.package, release.fingerprint):
            message = f"the tag {name} is there already and does not record this release of {release.package}"
            raise FindingsError(message, advice=f"look at it with 'git show {name}'; delete it if it is a mistake")
    return tuple(names)


def _write_files(repository: Repository, plan: Plan, chosen: Sequence[BuiltRelease]) -> tuple[str, ...]:
    """Write tracking files and release notes; return the paths whose content has changed."""
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


def _push(repository: Repository, tags: tuple[str, ...], commit: str | None) -> Recorded:
    """Branch and tags in one atomic push; the tags alone where the branch is refused, for they are enough."""
    references = [f"refs/tags/{tag}" for tag in tags]
    branch = git.current_branch(repository.root)
    problem = None
    if branch is not None:
        problem = git.push(repository.root, [f"HEAD:refs/heads/{branch}", *references])
        if problem is None:
            return Recorded(tags=tags, commit=commit, pushed=(branch, *tags))
    failure = git.push(repository.root, references)
    if failure is not None:
        message = f"the tags could not be pushed: {failure}"
        raise GitError(
            message, advice="the release itself is done; run 'paa record' again once the remote takes pushes"
        )
    return Recorded(tags=tags, commit=commit, pushed=tags, push_problem=problem)
