"""Killed right before and after any step, and run again: it ends where an undisturbed run ends.

By default a step is whatever can be seen from outside: a file that takes its place (on the index, in ``dist``, a
receipt, a tracking file), something that is sent, and what Git is told to write. With ``PAA_LONG=1`` every temporary
file and every folder is one too, two indexes are published to at the same time, and many more random cases are tried.
"""

import os
import random
import shutil
from pathlib import Path

import pytest

from tests.functional.command_line import done
from tests.functional.engine.children import KILLED, Children
from tests.functional.engine.conftest import released_and_changed
from tests.functional.engine.worlds import ONE_INDEX, TWO_INDEXES, World, differences, new_world

pytestmark = pytest.mark.skipif(os.name == "nt", reason="forks, and kills with a signal")
LONG = os.environ.get("PAA_LONG") == "1"
SLICES = 6
SEEDS = range(200 if LONG else 6)


@pytest.fixture(scope="session")
def swept(tmp_path_factory: pytest.TempPathFactory, children: Children) -> World:
    """Two of three packages have changed since their release. To be copied, not to be touched."""
    world = new_world(tmp_path_factory.mktemp("swept") / "world", settings=TWO_INDEXES if LONG else ONE_INDEX)
    return released_and_changed(world, children)


@pytest.fixture(scope="session")
def undisturbed(tmp_path_factory: pytest.TempPathFactory, swept: World, children: Children) -> dict[str, str]:
    """What a release leaves behind that nobody disturbs."""
    world = swept.copy(tmp_path_factory.mktemp("undisturbed") / "world")
    done(children.run(world.root, "release"))
    outcome = world.outcome()
    assert "nothing to release" in done(children.run(world.root, "release")).out
    assert differences(world.outcome(), outcome) == []
    return outcome


@pytest.fixture(scope="session")
def undisturbed_first(
    tmp_path_factory: pytest.TempPathFactory, unreleased: World, children: Children
) -> dict[str, str]:
    """What a first release leaves behind that nobody disturbs."""
    world = unreleased.copy(tmp_path_factory.mktemp("undisturbed") / "world")
    done(children.run(world.root, "release"))
    return world.outcome()


def go_on(children: Children, world: World, expected: dict[str, str]) -> list[str]:
    """Run a release to its end; tell what is wrong with what it leaves behind."""
    before = world.archives()
    ended = children.run(world.root, "release")
    after = world.archives()
    told = [] if ended.code == 0 else [ended.told]
    told += [f"written again: {name}" for name, seen in before.items() if after.get(name) != seen]
    return told + differences(world.outcome(), expected)


@pytest.mark.parametrize("part", range(SLICES))
def test_killed_at_any_step_the_next_run_ends_as_an_undisturbed_one(
    tmp_path: Path, swept: World, children: Children, undisturbed: dict[str, str], part: int
) -> None:
    wrong = []
    for step in range(part + 1, 10_000, SLICES):
        world = swept.copy(tmp_path / str(step))
        killed = children.run(world.root, "release", kill_at=step, every=LONG)
        if killed.code != KILLED:
            assert done(killed).steps
            break
        if told := go_on(children, world, undisturbed):
            wrong.append("\n  ".join([f"killed before {killed.steps[-1]}:", *told]))
        shutil.rmtree(world.root)
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("seed", SEEDS)
def test_killed_again_and_again_a_first_release_comes_to_its_end(
    spoiled: Path, unreleased: World, children: Children, undisturbed_first: dict[str, str], seed: int
) -> None:
    chance = random.Random(seed)  # noqa: S311  # no secret: the same cases in every run
    world = unreleased.copy(spoiled)
    kills = []
    for _ in range(chance.randint(1, 4)):
        killed = children.run(world.root, "release", kill_at=chance.randint(1, 300), every=True)
        kills.append(killed.steps[-1])
        if killed.code != KILLED:
            break
    wrong = go_on(children, world, undisturbed_first)
    assert not wrong, "\n".join([*kills, *wrong])
