"""Stages and jobs that depend on each other: what conditions see of those that ran before."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from tests.pipelines.azure.agent import Outcome
from tests.pipelines.azure.errors import PipelineError
from tests.pipelines.azure.evaluation import Function, IgnoringCase, to_text

_GOOD = (Outcome.SUCCEEDED, Outcome.ISSUES)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """A stage or job that ended: ``outputs`` by the names under which dependents find them."""

    outcome: Outcome
    outputs: Mapping[str, str] = field(default_factory=dict)
    jobs: Mapping[str, "Ended"] = field(default_factory=dict)

    def seen(self, what: str) -> IgnoringCase:
        """What an expression sees of it. An output that was never set is an error, unless something was left out."""
        strict = f"output of {what}" if self.outcome is Outcome.SUCCEEDED else None
        outputs = IgnoringCase(self.outputs, what=strict)
        return IgnoringCase({"result": self.outcome.value, "outputs": outputs}, what=f"item of {what}")


def dependencies(needs: Sequence[str], ended: Mapping[str, Ended], what: str) -> IgnoringCase:
    """The value ``dependencies``: those that it depends on directly, nothing else."""
    return IgnoringCase({name: ended[name].seen(f"{what} {name}") for name in needs}, what=f"dependency on the {what}")


def stage_dependencies(needs: Sequence[str], ended: Mapping[str, Ended]) -> IgnoringCase:
    """The value ``stageDependencies`` in a job: stage, then job."""
    stages = {
        name: IgnoringCase({job: each.seen(f"job {job}") for job, each in ended[name].jobs.items()}, what="job")
        for name in needs
    }
    return IgnoringCase(stages, what="dependency on the stage")


def status_functions(
    needs: Sequence[str], graph: Mapping[str, Sequence[str]], ended: Mapping[str, Ended]
) -> Mapping[str, Function]:
    """``succeeded()`` and its like: with names of these, without of all that it depends on, however indirectly."""
    everything = _reached(needs, graph)

    def outcomes(arguments: Sequence[object]) -> list[Outcome]:
        names = [to_text(argument) for argument in arguments]
        if unknown := {*names} - everything:
            message = f"it does not depend on {', '.join(sorted(unknown))}"
            raise PipelineError(message)
        return [ended[name].outcome for name in names or sorted(everything)]

    return {
        "succeeded": lambda names: all(outcome in _GOOD for outcome in outcomes(names)),
        "failed": lambda names: any(outcome is Outcome.FAILED for outcome in outcomes(names)),
        "succeededorfailed": lambda names: all(outcome in (*_GOOD, Outcome.FAILED) for outcome in outcomes(names)),
        "always": lambda _: True,
        "canceled": lambda names: any(outcome is Outcome.CANCELED for outcome in outcomes(names)),
    }


def together(outcomes: Iterable[Outcome]) -> Outcome:
    """The outcome of a stage from those of its jobs, of a job from those of its legs."""
    found = {*outcomes}
    for worst in (Outcome.CANCELED, Outcome.FAILED, Outcome.ISSUES, Outcome.SUCCEEDED):
        if worst in found:
            return worst
    return Outcome.SKIPPED


def in_order(names: Sequence[str], graph: Mapping[str, Sequence[str]]) -> list[str]:
    """``names``, each after what it depends on; else as they stand."""
    done: list[str] = []
    while len(done) < len(names):
        done.append(next(name for name in names if name not in done and {*graph[name]} <= {*done}))
    return done


def _reached(needs: Sequence[str], graph: Mapping[str, Sequence[str]]) -> set[str]:
    found: set[str] = set()
    waiting = [*needs]
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting.extend(graph[name])
    return found
