"""A plan in the making: what it is made from, and what has been decided so far."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field

from paa.config import Config
from paa.model import Reason, Release, ScannedPackage
from paa.plan.commits import Commit
from paa.plan.doubts import Doubts
from paa.plan.floors import Siblings
from paa.plan.prereleases import Stage
from paa.plan.published import Ask
from paa.plan.question import Asked, Question, Verdict
from paa.plan.records import History
from paa.plan.requested import TagRequest


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanInput:
    """What a plan is made from.

    ``commits_since`` gives the commits after a commit (None: all), newest first, or None when that commit is not an
    ancestor of HEAD. ``asked_for`` gives, for unchanged packages (name → commit of the last release), the commits that
    may ask for them. ``ask`` tells what an index has; None plans offline. ``repository`` is the https address of
    the sources. ``stage`` makes pre-releases; ``again`` names the packages to release though they are unchanged.
    ``request`` is a tag that asks for one package: nothing else is released as a new version then.
    """

    scanned: Sequence[ScannedPackage]
    history: Mapping[str, History]
    config: Config
    commit: str | None
    indexes: tuple[str, ...]
    builder: str
    repository: str | None
    commits_since: Callable[[str | None], Sequence[Commit] | None]
    ask: Ask | None
    asked_for: Callable[[Mapping[str, str]], Mapping[str, Collection[str]]] = lambda _: {}
    stage: Stage | None = None
    again: frozenset[str] = frozenset()
    request: TagRequest | None = None


@dataclass(slots=True, kw_only=True)
class Work:
    """What is known and decided.

    ``requests_since`` gives the commits after a commit with what they ask for, None where HEAD does not descend from
    it. ``doubts`` collects what makes the plan provisional, ``verdicts`` what becomes of each package.
    """

    given: PlanInput
    scanned: Mapping[str, ScannedPackage]
    requests_since: Callable[[str | None], Sequence[Asked] | None]
    doubts: Doubts = field(default_factory=Doubts)
    verdicts: dict[str, Verdict] = field(default_factory=dict)

    @property
    def releases(self) -> dict[str, Release]:
        """What is to be released so far."""
        return {name: verdict.release for name, verdict in self.verdicts.items() if verdict.release is not None}

    @property
    def siblings(self) -> Siblings:
        """What packages that need one another have to know of each other."""
        given = self.given
        return Siblings(
            scanned=self.scanned,
            planned=self.releases,
            history=given.history,
            config=given.config,
            indexes=given.indexes,
        )

    def question(self, item: ScannedPackage, wish: tuple[Reason, ...] = ()) -> Question:
        """What there is to judge ``item`` by; ``wish`` is why it is to be released though it has not changed."""
        given = self.given
        asked = given.request if given.request and given.request.package == item.package.name else None
        if asked is not None:
            wish = (*wish, Reason(kind="asked", text=f"the tag {asked.tag} asks for {asked.version}"))
        return Question(
            item=item,
            history=given.history.get(item.package.name, History()),
            config=given.config,
            indexes=given.indexes,
            stage=given.stage,
            repository=given.repository,
            ask=given.ask,
            requests_since=self.requests_since,
            doubts=self.doubts,
            distribution_of=lambda name: self.scanned[name].distribution if name in self.scanned else name,
            wish=wish,
            exact=asked.version if asked else None,
        )
