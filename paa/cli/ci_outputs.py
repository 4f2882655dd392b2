"""A plan for the next jobs of a CI system: the matrix of shards, and whether there is anything to do."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from paa.cli import output
from paa.edges.files import append_text
from paa.errors import UsageError
from paa.model import Plan
from paa.plan.shards import Shard

_GITHUB_FILE = "GITHUB_OUTPUT"


def github_file(environment: Mapping[str, str]) -> Path:
    """The file that GitHub reads the outputs of a step from. Raises UsageError where there is none."""
    path = environment.get(_GITHUB_FILE)
    if not path:
        message = f"--github-output writes to the file that {_GITHUB_FILE} names, and it names none here"
        raise UsageError(message, advice="leave it out: it is for a step of a GitHub workflow")
    return Path(path)


def write_github(plan: Plan, shards: Sequence[Shard], environment: Mapping[str, str]) -> None:
    """Set the outputs of this step. Raises UsageError outside of GitHub, FileError when the file can't be written."""
    include = [{"shard": shard.number, "packages": " ".join(shard.packages)} for shard in shards]
    values = _values(plan, shards, {"include": include})
    # JSON in ASCII on one line: nothing in it can end a value or begin another.
    append_text(github_file(environment), "".join(f"{name}={value}\n" for name, value in values.items()))


def say_azure(plan: Plan, shards: Sequence[Shard]) -> None:
    """Set output variables of this step, by lines that the agent reads from standard output."""
    matrix = {
        f"shard_{shard.number}": {"shard": str(shard.number), "packages": " ".join(shard.packages)} for shard in shards
    }
    for name, value in _values(plan, shards, matrix).items():
        output.say_azure_variable(name, value)


def _values(plan: Plan, shards: Sequence[Shard], matrix: object) -> dict[str, str]:
    return {
        "has_releases": "true" if plan.releases else "false",
        "releases": str(len(plan.releases)),
        "shards": str(len(shards)),
        "matrix": json.dumps(matrix, separators=(",", ":")),
    }
