"""What can be told of a version: differences, each of a kind (a rule), and what can be done about them."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from paa.doctor.facts import Facts


class Verdict(StrEnum):
    """What can be done about a version; of several differences the last one here counts."""

    HEALTHY = "healthy"
    REPAIR = "repair"
    DECIDE = "decide"
    LOST = "lost"
    UNKNOWN = "unknown"


class Step(StrEnum):
    """A repair that paa makes."""

    FILL = "fill"
    TAG = "tag"
    TRACK = "track"
    NOTE = "note"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One kind of difference.

    ``what`` and ``then`` are sentences with places for ``package``, ``distribution``, ``version``, ``tag`` and
    ``indexes``; ``then`` is what the user does, or what follows, ``command`` (with the same places) the command or the
    line of a file for that. One that is ``harmless`` is told, and asks nobody to do anything.
    """

    name: str
    verdict: Verdict
    fits: Callable[[Facts], bool]
    what: str
    then: str
    command: str | None = None
    step: Step | None = None
    indexes: Callable[[Facts], tuple[str, ...]] = lambda _: ()
    harmless: bool = False

    @property
    def ends(self) -> bool:
        """Whether the rules below it are not asked: until somebody has dealt with this, their answers are worthless."""
        return self.verdict in {Verdict.DECIDE, Verdict.LOST, Verdict.UNKNOWN}


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """A rule that fits, with the indexes that it is about."""

    rule: Rule
    indexes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnosis:
    """All differences of one version, in the order of the rules; none for one that is well.

    ``is_superseded`` says that a later version has followed, so that what can't be repaired matters no more.
    """

    differences: tuple[Difference, ...] = ()
    is_superseded: bool = False

    @property
    def verdict(self) -> Verdict:
        """What can be done, all in all."""
        order = tuple(Verdict)
        verdicts = (difference.rule.verdict for difference in self.differences)
        return max(verdicts, key=order.index, default=Verdict.HEALTHY)

    @property
    def needs_action(self) -> bool:
        """Whether somebody has to do something: repair it, decide, or release again."""
        if self.verdict is Verdict.LOST:
            return not self.is_superseded and not all(difference.rule.harmless for difference in self.differences)
        return self.verdict is not Verdict.HEALTHY

    @property
    def steps(self) -> tuple[Step, ...]:
        """The repairs that paa can make, in order."""
        return tuple(difference.rule.step for difference in self.differences if difference.rule.step is not None)
