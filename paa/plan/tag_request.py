"""A tag in Git → what it asks for, or why there is nothing to do. See ``plan/requested.py``."""

from dataclasses import replace

from packaging.version import Version

from paa.config import Config
from paa.edges.git_tags import Tag, list_tags
from paa.errors import FindingsError, UsageError
from paa.model import IndexKind
from paa.plan.history import read_history
from paa.plan.pep440 import parse_version
from paa.plan.records import History, Recorded, history_of
from paa.plan.requested import TagRequest, read_request
from paa.plan.tags import parse_tag_message
from paa.scan.repository import require_commit
from paa.scan.state import State

_TAGS = "refs/tags/"
_SHORT = 12


def request_of(state: State, name: str) -> TagRequest:
    """What the tag ``name``, with or without ``refs/tags/``, asks for.

    Raises UsageError for a tag that is not there or not on HEAD, FindingsError where it asks for what can't be: no
    version, no package of this repository, a version that is released from other sources, one below the last released.
    """
    head = require_commit(state.repository)
    tag = _find(state, name.removeprefix(_TAGS))
    if (record := parse_tag_message(tag.message)) is not None:
        done = f"{tag.name} records the release of {record.package} {record.version}"
        return TagRequest(tag=tag.name, package=record.package, version=record.version, done=done)
    packages = {name for name, item in state.scanned.items() if item.metadata is None or item.metadata.publish}
    request = read_request(tag.name, state.repository.config.tag_format, packages)
    if tag.commit != head:
        message = f"the tag {tag.name} is on {tag.commit[:_SHORT]}, and HEAD is {head[:_SHORT]}"
        raise UsageError(message, advice=f"git checkout {tag.name}, then run again")
    history = read_history(state).get(request.package, History())
    return _compared(request, history, state.scanned[request.package].fingerprint)


def without_requests(history: History, request: TagRequest) -> History:
    """``history`` without what no release is behind: bare tags for the version asked for, or above it."""
    asked = Version(request.version)
    kept = [item for item in history.releases if _is_released(item) or _below(item, asked)]
    return replace(history_of(kept), burnt=history.burnt)


def for_tags(config: Config) -> Config:
    """The settings that tags go by: pre-releases go to TestPyPI where nothing says where, and PyPI is meant.

    Nothing that goes to an index of one's own goes to the public one.
    """
    if config.names_prereleases_to:
        return config
    instead = {
        name: IndexKind.TESTPYPI.value for name in config.publish_to if config.indexes[name].kind is IndexKind.PYPI
    }
    names = dict.fromkeys(instead.get(name, name) for name in config.publish_to)
    return replace(config, prereleases_to=tuple(names))


def _find(state: State, name: str) -> Tag:
    found = next((tag for tag in list_tags(state.repository.root) if tag.reference == f"{_TAGS}{name}"), None)
    if found is None:
        message = f"there is no tag {name!r} here"
        raise UsageError(message, advice="git fetch --tags, or paa plan --fetch; is it spelled right?")
    return found


def _compared(request: TagRequest, history: History, fingerprint: str) -> TagRequest:
    """``request`` beside what is released already."""
    version, name = Version(request.version), f"{request.package} {request.version}"
    released = [item for item in history.releases if _is_released(item)]
    for item in released:
        if parse_version(item.version) == version:
            if item.fingerprint == fingerprint and item.partial:
                continue
            if item.fingerprint == fingerprint:
                return replace(request, done=f"{name} is released already")
            where = f" from {item.commit[:_SHORT]}, which has other sources" if item.commit else ""
            message = f"{name} is released already{where}"
            raise FindingsError(message, advice="a version is released once: tag a higher one")
    above = [item for item in released if (other := parse_version(item.version)) is not None and other > version]
    if above:
        last = max(above, key=lambda item: Version(item.version))
        message = f"the tag {request.tag} asks for {name}, and {last.version} is released"
        raise FindingsError(message, advice=f"tag a version above {last.version}")
    return request


def _is_released(item: Recorded) -> bool:
    """A bare tag has a commit and nothing more; the existing tool's files have neither a commit nor a fingerprint."""
    return item.fingerprint is not None or item.commit is None


def _below(item: Recorded, version: Version) -> bool:
    other = parse_version(item.version)
    return other is not None and other < version
