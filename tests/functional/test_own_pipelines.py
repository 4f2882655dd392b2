"""The pipelines here are what ``paa init-ppr`` writes: run it for both platforms after a change of a template."""

import subprocess
from pathlib import Path

import pytest

from paa.edges.tree import disk_tree
from tests.functional.command_line import done, paa
from tests.repository import Repository

ROOT = Path(__file__).parents[2]


@pytest.fixture
def copy(repository: Repository) -> Repository:
    """What decides how the pipelines of this repository look, and the pipelines."""
    tree = disk_tree(ROOT)
    wanted = (".paa", ".github/", ".azure/", "pyproject.toml", "README.md", "paa/__init__.py")
    repository.write({path: (ROOT / path).read_bytes() for path in tree.blobs if path.startswith(wanted)})
    repository.git("branch", "--move", "main")
    repository.commit("paa")
    return repository


@pytest.mark.parametrize("platform", ["--github", "--azure"])
def test_nothing_is_to_be_upgraded(copy: Repository, platform: str) -> None:
    told = done(paa(copy.path, "init-ppr", platform, "--json")).json
    states = {item["path"]: item["state"] for item in told["files"]}
    folder = f".{platform.removeprefix('--')}/"
    assert any(path.startswith(folder) for path in states)
    assert set(states.values()) <= {"unchanged", "kept", "deleted"}, states
    assert copy.git("status", "--porcelain") == "", "run `paa init-ppr` for both platforms here, and commit"


def test_the_last_released_paa_publishes_what_the_checkout_builds() -> None:
    text = (ROOT / ".github/workflows/publish.yml").read_text(encoding="utf-8")
    jobs = text.split("\n  publish:\n")[1].split("\n  pages:\n")
    assert "pip install paa==" in jobs[0].replace('"', "")
    assert "actions/checkout" not in jobs[0]


def test_nothing_of_it_is_left_out_of_the_repository() -> None:
    ignored = subprocess.run(
        ["git", "check-ignore", ".github/workflows/publish.yml", ".azure/azure-pipelines.yml", ".paa/generated.json"],
        cwd=ROOT,
        capture_output=True,
        check=False,
    )
    assert ignored.stdout == b""
