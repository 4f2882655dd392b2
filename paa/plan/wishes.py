"""What is released though it has not changed, because somebody asks for it: ``--all``, or a commit. Pure."""

from collections.abc import Collection, Mapping, Sequence

from paa.errors import FindingsError
from paa.model import Reason, ScannedPackage
from paa.plan.completing import asks
from paa.plan.records import History
from paa.plan.work import Work


def wishes(work: Work, wanted: Sequence[ScannedPackage]) -> Mapping[str, tuple[Reason, ...]]:
    """Why packages that have not changed are to be released all the same."""
    given, unchanged = work.given, {}
    for item in wanted:
        last = given.history.get(item.package.name, History()).last
        if last is not None and last.fingerprint == item.fingerprint and not item.errors:
            unchanged[item.package.name] = last.commit or ""
    wished: dict[str, tuple[Reason, ...]] = {
        name: (Reason(kind="asked", text="asked for with --all"),) for name in unchanged.keys() & given.again
    }
    if not given.config.use_commit_messages or not unchanged:
        return wished
    for name, those in sorted(given.asked_for(unchanged).items()):
        if reasons := _asked_by_commits(work, name, unchanged[name], those):
            wished[name] = (*wished.get(name, ()), *reasons)
    return wished


def _asked_by_commits(work: Work, name: str, since: str, those: Collection[str]) -> tuple[Reason, ...]:
    """What only a history can tell is left alone where it can't be read: the package is unchanged."""
    try:
        asked = work.requests_since(since or None)
    except FindingsError:
        return ()
    return tuple(
        Reason(kind="asked", text=commit.subject, commit=commit.sha)
        for commit, requests in asked or ()
        if name in requests and commit.sha in those and asks(commit, requests[name])
    )
