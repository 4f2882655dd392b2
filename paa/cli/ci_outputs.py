"""A plan for the next jobs of a CI system: matrices, lists, and whether there is anything to do."""

import itertools
import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from paa.cli import output
from paa.edges.files import append_text
from paa.errors import FindingsError, UsageError
from paa.model import IndexKind, Plan
from paa.plan.destinations import branch_indexes, upload_indexes, upload_levels
from paa.plan.shards import MOST_SHARDS, Shard

_GITHUB_FILE = "GITHUB_OUTPUT"
# What jobs are made from: a name for each, and its values.
Rows = Sequence[tuple[str, Mapping[str, str | int]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class CiPlan:
    """What the jobs are told.

    ``kinds`` maps the names of indexes to what they are, ``affected`` are the packages to test, and ``levels`` is for
    how many levels of packages there are jobs of their own.
    """

    plan: Plan
    shards: Sequence[Shard]
    kinds: Mapping[str, IndexKind]
    affected: Sequence[str]
    levels: int = 0


def github_file(environment: Mapping[str, str]) -> Path:
    """The file that GitHub reads the outputs of a step from. Raises UsageError where there is none."""
    path = environment.get(_GITHUB_FILE)
    if not path:
        message = f"--github-output writes to the file that {_GITHUB_FILE} names, and it names none here"
        raise UsageError(message, advice="leave it out: it is for a step of a GitHub workflow")
    return Path(path)


def write_github(given: CiPlan, environment: Mapping[str, str]) -> None:
    """Set the outputs of this step. Raises UsageError outside of GitHub, FileError when the file can't be written."""
    values = _values(given, _github_matrix)
    # JSON in ASCII on one line: nothing in it can end a value or begin another.
    append_text(github_file(environment), "".join(f"{name}={value}\n" for name, value in values.items()))


def say_azure(given: CiPlan) -> None:
    """Set output variables of this step, by lines that the agent reads from standard output."""
    # No expression of Azure reads JSON: what is a list goes into PAA_PACKAGES as it is.
    values = _values(given, _azure_matrix) | {"affected": _words(given.affected)}
    for name, value in values.items():
        output.say_azure_variable(name, value)


def check_levels(plan: Plan, kinds: Mapping[str, IndexKind], levels: int) -> None:
    """Raise FindingsError when ``plan`` has more levels than ``levels``, or more on one than a matrix takes."""
    found = upload_levels(plan, kinds)
    if len(found) > levels:
        message = f"the packages to publish need one another in {len(found)} levels, and there are jobs for {levels}"
        raise FindingsError(message, advice="run 'paa init-ppr' again with the same options, and commit what it writes")
    if (large := max((len(level) for level in found), default=0)) > MOST_SHARDS:
        message = f"{large} packages would be published side by side, and a matrix takes {MOST_SHARDS} jobs"
        raise FindingsError(message, advice="name some packages (PAA_PACKAGES), and run again for the others")


def _values(given: CiPlan, matrix: Callable[[Rows], object]) -> dict[str, str]:
    plan = given.plan
    uploads, branches = upload_indexes(plan, given.kinds), branch_indexes(plan, given.kinds)
    shards: Rows = [
        (f"shard_{item.number}", {"shard": item.number, "packages": _words(item.packages)}) for item in given.shards
    ]
    indexes: Rows = [(name, {"index": name, "environment": name}) for name in uploads]
    return {
        "has_releases": _flag(plan.releases),
        "releases": str(len(plan.releases)),
        "shards": str(len(given.shards)),
        "matrix": _json(matrix(shards)),
        "blocked": str(len(plan.blocked)),
        "indexes": _json(matrix(indexes)),
        "has_uploads": _flag(uploads),
        "branch_indexes": _words(branches),
        "has_branches": _flag(branches),
        "affected": _json(list(given.affected)),
        "has_affected": _flag(given.affected),
        **_levels(given, matrix),
    }


def _levels(given: CiPlan, matrix: Callable[[Rows], object]) -> dict[str, str]:
    levels = upload_levels(given.plan, given.kinds)
    values: dict[str, str] = {}
    for number in range(1, given.levels + 1):
        level = levels[number - 1] if number <= len(levels) else ()
        rows: Rows = [
            (
                f"{item.index}_{item.package}",
                {"index": item.index, "package": item.package, "environment": f"{item.index}-{item.package}"},
            )
            for item in level
        ]
        values |= {f"level_{number}": _json(matrix(rows)), f"has_level_{number}": _flag(level)}
    return values


def _github_matrix(rows: Rows) -> object:
    return {"include": [row for _, row in rows]}


def _azure_matrix(rows: Rows) -> object:
    """An object of objects of texts; their names, which jobs are named by, may hold letters, digits and underscores."""
    found: dict[str, Mapping[str, str]] = {}
    for name, row in rows:
        plain = re.sub(r"[^A-Za-z0-9]", "_", name)
        first = plain if plain[:1].isalpha() else f"n_{plain}"
        number = next(count for count in itertools.count(1) if _numbered(first, count) not in found)
        found[_numbered(first, number)] = {key: str(value) for key, value in row.items()}
    return found


def _numbered(name: str, count: int) -> str:
    return name if count == 1 else f"{name}_{count}"


def _words(names: Iterable[str]) -> str:
    return " ".join(names)


def _flag(things: Sequence[object]) -> str:
    return "true" if things else "false"


def _json(value: object) -> str:
    return json.dumps(value, separators=(",", ":"))
