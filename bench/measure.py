"""Whole processes, timed in turn with their baseline, so that a ratio holds when the machine's speed drifts."""

import os
import resource
import statistics
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """A program to time: ``arguments`` in ``folder``; ``before`` puts things back before each run, untimed.

    Any exit code but ``codes`` ends the measurement: a failure is fast and says nothing.
    """

    arguments: Sequence[str]
    folder: Path
    environment: Mapping[str, str] | None = None
    before: Callable[[], None] | None = None
    codes: frozenset[int] = frozenset({0})


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A line of the report: medians in seconds, and the median of the ratios pair by pair."""

    name: str
    seconds: float
    baseline: str
    baseline_seconds: float
    ratio: float
    target: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Baseline:
    """What a figure is measured against: commands whose times are added, and how often the pair is timed."""

    name: str
    commands: Sequence[Command]
    runs: int


def compare(name: str, command: Command, baseline: Baseline, *, target: float) -> Figure:
    """Time ``command`` against ``baseline`` in turn, after one round that does not count."""
    pairs = [(_seconds([command]), _seconds(baseline.commands)) for _ in range(baseline.runs + 1)][1:]
    return Figure(
        name=name,
        seconds=statistics.median(pair[0] for pair in pairs),
        baseline=baseline.name,
        baseline_seconds=statistics.median(pair[1] for pair in pairs),
        ratio=statistics.median(pair[0] / pair[1] for pair in pairs),
        target=target,
    )


def _seconds(commands: Sequence[Command]) -> float:
    total = 0.0
    for command in commands:
        if command.before is not None:
            command.before()
        started = time.perf_counter()
        done = subprocess.run(
            command.arguments,
            cwd=command.folder,
            env={**os.environ, **(command.environment or {})},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
        )
        total += time.perf_counter() - started
        if done.returncode not in command.codes:
            output = (done.stdout + done.stderr).decode("utf-8", "replace")
            message = f"{' '.join(command.arguments)} ended with {done.returncode}:\n{output[-2000:]}"
            raise RuntimeError(message)
    return total


def peak_memory_megabytes() -> float:
    """The largest peak of all processes that were run so far (getrusage(2): kilobytes on Linux)."""
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024


def show(figure: Figure) -> str:
    """One line: the figure, what it is measured against, and whether the target holds."""
    verdict = "ok" if figure.ratio <= figure.target else "MISSED"
    return (
        f"{figure.name:<46} {figure.seconds * 1000:9.0f} ms  {figure.ratio:6.2f}x"
        f"  (target {figure.target:g}x)  {verdict:<6}  of {figure.baseline}: {figure.baseline_seconds * 1000:.0f} ms"
    )
