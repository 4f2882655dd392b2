"""What would stop a release, or make it do less: Git, settings, credentials. It is looked at, and not changed."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from paa.check.missing import missing_checks
from paa.edges import git, git_history
from paa.edges.credentials import source_of, variable_names
from paa.errors import OutsideError, UsageError
from paa.model import Index, IndexKind
from paa.record import leftovers, require_committer
from paa.scan.repository import Repository, uncommitted

_SHOWN = 3
# Nobody logs in there: a folder, and branches of the repository, to which Git pushes.
_WITHOUT_LOGIN = (IndexKind.DIRECTORY, IndexKind.GITHUB_PAGES, IndexKind.GIT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    """One thing that is not as a release needs it; ``topic`` is a word for programs, ``then`` what to do."""

    topic: str
    text: str
    then: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CredentialSource:
    """Where the credentials for an index come from: a variable, keyring, ``.pypirc`` …; None where there are none."""

    index: str
    source: str | None


def setup_advice(repository: Repository, dist: Path) -> tuple[Advice, ...]:
    """What is to be said about Git and the settings; ``dist`` is where builds go. Raises GitError."""
    return (*_git_advice(repository, dist), *_settings_advice(repository))


def credential_sources(indexes: Sequence[Index], environment: Mapping[str, str]) -> tuple[CredentialSource, ...]:
    """For each index that takes a login, where it comes from. No secret is looked at, and no program started."""
    found = []
    for index in indexes:
        if index.kind not in _WITHOUT_LOGIN:
            try:
                source = source_of(index, environment=environment, only_target=len(indexes) == 1)
            except OutsideError:
                source = None
            found.append(CredentialSource(index=index.name, source=source))
    return tuple(found)


def credentials_advice(sources: Sequence[CredentialSource], indexes: Sequence[Index]) -> tuple[Advice, ...]:
    """What is missing to upload."""
    kinds = {index.name: index.kind for index in indexes}
    return tuple(
        Advice(
            topic="credentials",
            text=f"there are no credentials for the index {item.index}",
            then=_to_log_in(item, kinds[item.index]),
        )
        for item in sources
        if item.source is None
    )


def _to_log_in(item: CredentialSource, kind: IndexKind) -> str:
    name, password = variable_names(item.index)
    if kind in (IndexKind.PYPI, IndexKind.TESTPYPI):
        return f"set {password} to an API token, or release from a CI system with trusted publishing"
    return f"set {name} and {password} if it wants a login"


def _git_advice(repository: Repository, dist: Path) -> Iterator[Advice]:
    root = repository.root
    if not repository.in_git:
        return
    try:
        require_committer(repository)
    except UsageError as error:
        yield Advice(topic="committer", text=error.message, then=error.advice or "")
    if git.remote_url(root) is None:
        yield Advice(
            topic="remote",
            text="there is no remote 'origin': tags and tracking stay on this machine",
            then="git remote add origin ADDRESS",
        )
    if git_history.is_shallow(root):
        yield Advice(
            topic="shallow",
            text="this clone is shallow: commits and tags that a release needs may be missing",
            then="git fetch --unshallow --tags (in CI: fetch the whole history)",
        )
    if git.current_branch(root) is None:
        yield Advice(
            topic="detached",
            text="HEAD is on no branch: a release pushes its tag alone, and its tracking and notes are not kept",
            then="git switch BRANCH",
        )
    built = (dist.relative_to(root).as_posix(),) if dist.is_relative_to(root) else ()
    if changed := uncommitted(repository, but=(*built, *leftovers(repository))):
        more = f" and {len(changed) - _SHOWN} more" if len(changed) > _SHOWN else ""
        yield Advice(
            topic="uncommitted",
            text=f"not committed, so it would not be released: {', '.join(changed[:_SHOWN])}{more}",
            then="commit or stash it; paa release refuses to start",
        )


def _settings_advice(repository: Repository) -> Iterator[Advice]:
    for key in missing_checks(repository.config):
        yield Advice(
            topic="settings",
            text=f"{key}: this version of paa has no such check; dependencies are not looked at",
            then=f"set {key}: false in .paa.config, so that nobody relies on it",
        )
