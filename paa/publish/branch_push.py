"""Pushing to a repository that others push to as well: look, make, push, and begin again if somebody was faster."""

import logging
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from paa.edges.git_store import GitStore
from paa.errors import GitError, UploadError
from paa.publish.upload import TemporaryUploadError

_MOST_TRIES = 12  # each that fails has let somebody else's push through
_FOR_NOW = re.compile(
    r"could not resolve host|connection (?:refused|reset|timed out)|timed out|early eof|hung up unexpectedly"
    r"|unexpected disconnect|operation too slow|failed to connect|returned error: (?:429|5\d\d)",
    re.IGNORECASE,
)

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Push:
    """References to be pushed, and what each leads to; ``seen`` is where the remote had them when that was decided."""

    wanted: Mapping[str, str]
    seen: Mapping[str, str]


def push_until_done(store: GitStore, name: str, decide: Callable[[], Push | None]) -> None:
    """Push what ``decide`` wants, asking it again whenever the remote has moved meanwhile; None means: all is there.

    ``name`` is the file that it is about. Nothing is forced. Raises UploadError; TemporaryUploadError when it may
    work later.
    """
    for _ in range(_MOST_TRIES):
        try:
            push = decide()
            if push is None:
                return
            failure = store.push(push.wanted)
            if failure is None:
                return
            moved = failure.is_race or _seen(store, push) != push.seen
        except GitError as error:
            raise _failed(name, error.message) from error
        if not moved:
            raise _failed(name, failure.reason)
        logger.info("%s: somebody else pushed at the same time; looking again", name)
    message = f"{name} could not be pushed: somebody else pushed first, {_MOST_TRIES} times in a row"
    raise TemporaryUploadError(message, advice="run again when there is less going on")


def _seen(store: GitStore, push: Push) -> Mapping[str, str]:
    there = store.references(*push.wanted)
    return {reference: there[reference] for reference in push.wanted if reference in there}


def _failed(name: str, reason: str) -> UploadError:
    kind = TemporaryUploadError if _FOR_NOW.search(reason) else UploadError
    return kind(f"{name} could not be pushed: {reason}", advice="check the remote, and that Git may push to it")
