"""What a plan needs of a remote: its tags, the releases recorded beside them, and the history of a shallow clone."""

from collections.abc import Mapping
from pathlib import Path

from paa.edges.git import current_branch
from paa.edges.git_commit import replace_tag
from paa.edges.git_history import is_shallow
from paa.edges.git_remote import RemoteState, choose_remote, fetch, look_at, read_settings
from paa.edges.git_tags import BESIDE, RECORDS, Tag, list_tags
from paa.errors import GitError, UsageError

_PLACES = tuple(f"{place}/" for place in (*RECORDS, *BESIDE))
_MOST_NAMED = 5
_SHORT = 12


def fetch_releases(root: Path) -> str:
    """Fetch the tags and the recorded releases of the remote that ``git push`` would push to; return its name.

    A shallow clone gets its whole history too. Nothing that is here is overwritten: a tag that differs is an error, but
    for one that is a plain mark here and has a message there, on the same commit (as some CI systems check tags
    out): it gets the message. Raises UsageError without a remote, GitError where the remote does not answer or differs.
    """
    remote = choose_remote(read_settings(root), current_branch(root))
    if remote is None:
        message = f"{root} has no remote to fetch from"
        raise UsageError(message, advice="git remote add origin ADDRESS, or leave out --fetch")
    state = look_at(root, remote)
    there = {name: target for name, target in state.references.items() if name.startswith(_PLACES)}
    here = {tag.reference: tag for tag in list_tags(root, (*RECORDS, *BESIDE))}
    bare = _only_bare_here(remote, here, there, state)
    wanted = [*(f"{name}:{name}" for name in sorted(there.keys() - here)), *bare]
    shallow = is_shallow(root)
    if shallow and "HEAD" in state.references:
        wanted.append("HEAD")
    fetch(root, remote, wanted, whole_history=shallow)
    for name in bare:
        replace_tag(root, name, there[name], here[name].target)
    return remote


def _only_bare_here(remote: str, here: Mapping[str, Tag], there: Mapping[str, str], state: RemoteState) -> list[str]:
    """The tags without a message here that have one there, sorted. Raises GitError where any other tag differs."""
    differing = sorted(name for name in here.keys() & there if here[name].target != there[name])
    bare = [name for name in differing if here[name].target == here[name].commit == state.peeled.get(name)]
    other = [name for name in differing if name not in bare]
    if other:
        lines = [
            f"  {name}: {here[name].target[:_SHORT]} here, {there[name][:_SHORT]} on {remote}"
            for name in other[:_MOST_NAMED]
        ]
        more = [f"  … and {len(other) - _MOST_NAMED} more"] if len(other) > _MOST_NAMED else []
        message = "\n".join([f"these tags are others here than on {remote}:", *lines, *more])
        advice = f"keep one of the two: 'git update-ref -d {other[0]}' here, then fetch again"
        raise GitError(message, advice=advice)
    return bare
