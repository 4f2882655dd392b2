"""Why a package is released, as the plan tells it."""

from collections.abc import Sequence

from paa.model import Reason, ScannedPackage
from paa.plan.commits import Commit, Request, combine
from paa.plan.records import History

_REASONS = 5


def reasons_of(
    item: ScannedPackage, history: History, asking: Sequence[tuple[Commit, Request]], wish: Sequence[Reason]
) -> tuple[Reason, ...]:
    """The reasons for a release with what the commits in ``asking`` ask for; ``wish`` comes first."""
    last = history.last
    if last is None:
        return (*wish, Reason(kind="new", text="never released", path=item.package.module))
    found = list(wish)
    if last.fingerprint is None:
        found.append(Reason(kind="taken-over", text=f"nothing says what {last.version} was made from"))
    told = {reason.commit for reason in wish if reason.commit}
    commits = [commit for commit, _ in asking if commit.sha not in told]
    for commit in commits[:_REASONS]:
        path = next((path for path in commit.paths if path in item.contents), None)
        found.append(Reason(kind="commit", text=commit.subject, commit=commit.sha, path=path))
    if not found:
        text = f"its requirements, settings or files are not those of {last.version}"
        found.append(Reason(kind="changed", text=text, path=item.package.module))
    if others := combine([request for _, request in asking]).also_asked:
        found.append(Reason(kind="commit", text=f"also asked for: {', '.join(others)}; the highest counts"))
    return tuple(found)
