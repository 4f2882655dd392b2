"""A ``strategy`` → the jobs that it makes.

Source: GitHub Docs, "Running variations of jobs in a workflow".
"""

import itertools
from collections.abc import Mapping, Sequence

from tests.pipelines.github.errors import WorkflowError
from tests.pipelines.github.values import Value, equal, is_array, text
from tests.pipelines.github.workflow import mapping

MOST_JOBS = 256
_KNOWN = {"matrix", "fail-fast", "max-parallel"}


def combinations(strategy: Mapping[str, Value]) -> list[dict[str, Value]]:
    """The matrix values of each job of an evaluated ``strategy``. Raises WorkflowError as GitHub refuses it."""
    if strategy.keys() - _KNOWN or "matrix" not in strategy:
        message = f"strategy: a matrix is needed, and {sorted(strategy.keys() - _KNOWN)} are not known"
        raise WorkflowError(message)
    matrix = mapping(strategy["matrix"], "strategy.matrix")
    vectors = {key: _items(value, key) for key, value in matrix.items() if key not in {"include", "exclude"}}
    if empty := [key for key, items in vectors.items() if not items]:
        message = f"strategy.matrix: vector {empty[0]!r} does not contain any values"
        raise WorkflowError(message)
    product = itertools.product(*vectors.values()) if vectors else ()
    made = [dict(zip(vectors, values, strict=True)) for values in product]
    for entry in _entries(matrix.get("exclude", ()), "exclude"):
        made = [job for job in made if not all(equal(job.get(key), value) for key, value in entry.items())]
    made = _included(made, _entries(matrix.get("include", ()), "include"), vectors.keys())
    if not made or len(made) > MOST_JOBS:
        message = f"strategy.matrix makes {len(made)} jobs: at least 1 and at most {MOST_JOBS} are possible"
        raise WorkflowError(message)
    return made


def matrix_name(key: str, values: Mapping[str, Value]) -> str:
    """The name that GitHub gives a job of a matrix."""
    shown = ", ".join(text(value) for value in values.values())
    return f"{key} ({shown})" if shown else key


def _included(
    made: Sequence[dict[str, Value]], entries: Sequence[Mapping[str, Value]], original: object
) -> list[dict[str, Value]]:
    """Each entry extends every job that it does not contradict, and is a job of its own where there is none."""
    assert hasattr(original, "__contains__")
    first = [dict(job) for job in made]
    extended = [dict(job) for job in made]
    alone: list[dict[str, Value]] = []
    for entry in entries:
        ours = {key: value for key, value in entry.items() if key in original}
        fitting = [
            place for place, job in enumerate(first) if all(equal(job.get(key), value) for key, value in ours.items())
        ]
        for place in fitting:
            extended[place] |= entry
        if not fitting:
            alone.append(dict(entry))
    return extended + alone


def _items(value: Value, key: str) -> Sequence[Value]:
    if not isinstance(value, Sequence) or not is_array(value):
        message = f"strategy.matrix.{key}: an array expected, not {value!r}"
        raise WorkflowError(message)
    return value


def _entries(value: Value, key: str) -> list[Mapping[str, Value]]:
    return [mapping(entry, f"strategy.matrix.{key}") for entry in _items(value, key)]
