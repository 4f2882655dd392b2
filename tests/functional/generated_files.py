"""A repository that paa has set up, and how it looks after an earlier paa."""

import json
from pathlib import Path
from typing import Any

from tests.functional.command_line import Result, done, paa
from tests.repository import Repository

STATE = ".paa/generated.json"
PUBLISH = ".github/workflows/publish.yml"
SCRIPT = ".github/tools/update_README.sh"
BASE = ".github/docs/README_base.md"


def set_up(repository: Repository, *options: str) -> Repository:
    """Take ``repository`` through both steps on GitHub, and commit that."""
    for _ in range(2):
        done(paa(repository.path, "init-ppr", "--github", *options))
    repository.commit("Set up")
    return repository


def init(repository: Repository, *options: str) -> Result:
    """Run ``paa init-ppr --github``."""
    return paa(repository.path, "init-ppr", "--github", *options)


def state(root: Path) -> Any:  # noqa: ANN401  # a JSON document
    """What paa remembers of the repository at ``root``."""
    return json.loads((root / STATE).read_bytes())


def change_state(root: Path, **values: object) -> None:
    """Overwrite keys of what paa remembers."""
    (root / STATE).write_text(json.dumps({**state(root), **values}))


def as_of_old(root: Path, path: str, old: str) -> None:
    """Let the file at ``path`` be one that an earlier paa has generated as ``old``."""
    files = [item for item in state(root)["files"] if item["path"] != path]
    change_state(root, files=[*files, {"path": path, "text": old}])
    (root / path).parent.mkdir(parents=True, exist_ok=True)
    (root / path).write_bytes(old.encode())


def states(result: Result) -> dict[str, str]:
    """Path → what became of it, from ``--json``."""
    return {item["path"]: item["state"] for item in result.json["files"]}
