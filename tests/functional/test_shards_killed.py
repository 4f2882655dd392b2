"""Gathering, killed before each thing that it does to a file or folder, and run again, ends as if nothing had been."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.functional.command_line import done, paa, snapshot
from tests.functional.engine.children import KILLED, Children, forking
from tests.functional.samples import three_packages
from tests.repository import Repository

pytestmark = pytest.mark.skipif(os.name == "nt", reason="forks, and kills with a signal")


@pytest.fixture(scope="module")
def children(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Children]:
    """Where ``paa`` is run in children that can be killed."""
    with forking(tmp_path_factory.mktemp("children")) as running:
        yield running


def downloaded(root: Path, repository: Repository) -> tuple[Path, Path]:
    """A world whose folder ``repository`` is none, but has two shards to gather; and their plan."""
    three_packages(repository)
    plan = root / "plan.json"
    done(paa(repository.path, "plan", "--output", str(plan)))
    world = root / "world"
    for shard, packages in (("dist-1", ["wordcount", "wordreport"]), ("dist-2", ["dice"])):
        target = world / "repository" / "dist" / shard
        done(paa(repository.path, "make-package", "--plan", str(plan), "--dist", str(target), *packages))
        done(paa(repository.path, "check", "--dist", str(target)))
    return world, plan


def test_killed_anywhere_and_run_again(tmp_path: Path, repository: Repository, children: Children) -> None:
    begin, plan = downloaded(tmp_path, repository)
    command = ("check", "--plan", str(plan), "--dist", "dist")

    def copy(name: str) -> Path:
        return Path(shutil.copytree(begin, tmp_path / name))

    undisturbed = copy("undisturbed")
    ended = children.run(undisturbed, *command, every=True)
    assert ended.code == 0, ended.told
    expected = snapshot(undisturbed)
    assert not [path for path in expected if "dist-1" in path or "dist-2" in path]
    moved = [step for step in ended.steps if "os.rename" in step and "dist/dist-" in step]
    assert len(moved) == 6
    wrong = []
    for number, step in enumerate(ended.steps, start=1):
        world = copy("killed")
        assert children.run(world, *command, kill_at=number, every=True).code == KILLED
        done(children.run(world, *command))
        found = {path: seen for path, seen in snapshot(world).items() if not path.endswith(".tmp")}
        if found != expected:
            wrong.append(f"killed before {step}: {sorted(set(found) ^ set(expected))}")
        shutil.rmtree(world)
    assert not wrong, "\n".join(wrong)
