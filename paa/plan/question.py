"""What is asked about one package when a plan is made, and what the answer is."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from paa.config import Config
from paa.errors import IndexReadError
from paa.model import Blocked, Bump, Reason, Release, ScannedPackage
from paa.plan.commits import Commit, Request
from paa.plan.doubts import Doubts
from paa.plan.prereleases import Stage
from paa.plan.published import Ask, PublishedProject
from paa.plan.records import History
from paa.plan.standing import Projects

# A commit with what it asks for, by package.
Asked = tuple[Commit, Mapping[str, Request]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What became of one package, before order and floors are known.

    ``floors`` are those of the release where it is on an index already (normalised distribution name → version).
    """

    release: Release | None = None
    blocked: Blocked | None = None
    floors: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One package, and what is there to judge it by.

    ``indexes`` are those of the plan. ``ask`` tells what an index has; None plans offline. ``requests_since`` gives the
    commits after a commit, None when HEAD does not descend from it. ``doubts`` collects what makes the plan
    provisional. ``distribution_of`` knows the names that packages have on the index. ``wish`` is why an unchanged
    package is to be released again, ``exact`` the version that a tag asks for, whatever commits say.
    """

    item: ScannedPackage
    history: History
    config: Config
    indexes: tuple[str, ...]
    stage: Stage | None
    repository: str | None
    ask: Ask | None
    requests_since: Callable[[str | None], Sequence[Asked] | None]
    doubts: Doubts
    distribution_of: Callable[[str], str]
    wish: tuple[Reason, ...] = ()
    exact: str | None = None

    @property
    def name(self) -> str:
        """The package's name."""
        return self.item.package.name

    def projects(self, indexes: Sequence[str]) -> Projects:
        """What ``indexes`` have of the package; nothing of one that can't be read."""
        return {index: self._project(index) for index in indexes}

    def _project(self, index: str) -> PublishedProject:
        if self.ask is None or self.doubts.is_down(index):
            return PublishedProject()
        try:
            return self.ask(index, self.item.distribution)
        except IndexReadError as error:
            self.doubts.add(index, self.item.distribution, error)
            return PublishedProject()


def blocked(
    package: str, reason: str, *, path: str | None = None, line: int | None = None, advice: str | None = None
) -> Verdict:
    """The verdict on a package that can't be released."""
    return Verdict(blocked=Blocked(package=package, reason=reason, path=path, line=line, advice=advice))


def new_release(question: Question, version: str, bump: Bump, reasons: tuple[Reason, ...]) -> Release:
    """A release of the package in question; where it goes and what its notes say is put in by whoever makes it."""
    last = question.history.last
    return Release(
        package=question.name,
        distribution=question.item.distribution,
        version=version,
        previous=last.version if last and last.version != version else None,
        bump=bump,
        fingerprint=question.item.fingerprint,
        reasons=reasons,
    )
