"""Names that PyPI does not have yet: what to register for trusted publishing, in which order, and how long it takes.

PyPI takes about four new projects a day from one user, and one *pending* publisher for each combination of owner,
repository, workflow and environment. So several new names need an environment each. Pure.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import urlsplit

from paa.doctor.setup import Advice
from paa.doctor.workflows import PublishingWorkflow
from paa.model import Index, IndexKind, ScannedPackage
from paa.plan.order import finished

NEW_NAMES_A_DAY = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Publisher:
    """One entry to register at ``link`` before the name's first release."""

    distribution: str
    owner: str
    repository: str
    workflow: str
    environment: str
    link: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NewNames:
    """The names that an index does not have, in the order in which they can be released.

    ``done_on`` is the day (ISO 8601) on which the last one can be there, None where the index has no such limit.
    ``publishers`` is empty where nothing can be registered: another index than PyPI and TestPyPI, or sources that are
    not on GitHub.
    """

    index: str
    distributions: tuple[str, ...]
    done_on: str | None = None
    publishers: tuple[Publisher, ...] = ()


def new_names(
    index: Index,
    packages: Sequence[ScannedPackage],
    repository: str | None,
    workflow: PublishingWorkflow,
    today: date,
) -> NewNames:
    """What is to be known about the first releases of ``packages``, none of whose names ``index`` has.

    ``repository`` is the web address of the sources.
    """
    by_name = {item.package.name: item for item in packages}
    order = finished({name: by_name[name].siblings for name in sorted(by_name)})
    distributions = tuple(by_name[name].distribution for name in order)
    if index.kind not in (IndexKind.PYPI, IndexKind.TESTPYPI):
        return NewNames(index=index.name, distributions=distributions)
    days = (len(distributions) - 1) // NEW_NAMES_A_DAY
    publishers: tuple[Publisher, ...] = ()
    if (place := _on_github(repository)) is not None and index.upload_url:
        link = _form(index.upload_url)
        publishers = tuple(
            Publisher(
                distribution=by_name[name].distribution,
                owner=place[0],
                repository=place[1],
                workflow=workflow.name,
                environment=workflow.environment(index.name, name, alone=len(order) == 1),
                link=link,
            )
            for name in order
        )
    return NewNames(
        index=index.name,
        distributions=distributions,
        done_on=(today + timedelta(days=days)).isoformat(),
        publishers=publishers,
    )


def environment_advice(workflow: PublishingWorkflow, new: Sequence[NewNames]) -> tuple[Advice, ...]:
    """What is to be said where several names are new, and the workflow has one environment for all of them."""
    if workflow.per_package is not False:
        return ()
    return tuple(
        Advice(
            topic="environments",
            text=f"{len(names.publishers)} names are new on {names.index}, which takes one pending publisher for each "
            f"environment, and {workflow.name} publishes all from one",
            then="paa init-ppr --github --environment-per-package, or make their first release with a token",
        )
        for names in new
        if len(names.publishers) > 1
    )


def _on_github(repository: str | None) -> tuple[str, str] | None:
    parts = urlsplit(repository or "")
    names = parts.path.strip("/").removesuffix(".git").split("/")
    if parts.hostname != "github.com" or len(names) != 2:  # noqa: PLR2004  # owner and name
        return None
    return names[0], names[1]


def _form(upload_url: str) -> str:
    """Where a publisher for a name that is not there yet is registered: on the host of the index itself."""
    parts = urlsplit(upload_url)
    return f"{parts.scheme}://{parts.netloc.removeprefix('upload.')}/manage/account/publishing/"
