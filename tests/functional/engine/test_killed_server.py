"""Killed while it talks to a real server: between the parts of an upload, before and after each question."""

import os
import random
from pathlib import Path

import pytest

from tests.functional.command_line import done
from tests.functional.engine.children import KILLED, Children
from tests.functional.engine.proxy import Fault, stores_and_breaks_off
from tests.functional.engine.sites import LOGIN, Expected, Site, release

pytestmark = [pytest.mark.server, pytest.mark.skipif(os.name == "nt", reason="forks, and kills with a signal")]
LONG = os.environ.get("PAA_LONG") == "1"
CASES = 60 if LONG else 5


@pytest.mark.parametrize("case", range(CASES))
def test_killed_at_a_step_everything_is_on_the_server_once_after_the_next_run(
    spoiled: Path, site: Site, children: Children, expected: Expected, case: int
) -> None:
    """The steps are spread over the whole run."""
    chosen = 1 + (2 * case + 1) * len(expected.steps) // (2 * CASES)
    world = site.begin(spoiled)
    killed = release(children, world, kill_at=chosen)
    assert killed.code == KILLED
    done(release(children, world))
    assert site.problems(world, expected) == [], killed.told


@pytest.mark.parametrize("seed", range(CASES))
def test_killed_while_it_sends_everything_is_on_the_server_once_after_the_next_run(
    spoiled: Path, site: Site, children: Children, expected: Expected, seed: int
) -> None:
    """Between the parts of a request, or when it was sent and no answer has been read: at random, twice."""
    chance = random.Random(seed)  # noqa: S311  # no secret: the same cases in every run
    sends = [number for number, step in enumerate(expected.steps, start=1) if " send " in step]
    world = site.begin(spoiled)
    ends = [release(children, world, kill_at=chance.choice(sends) + chance.randint(0, 1)) for _ in range(2)]
    assert ends[0].code == KILLED
    done(release(children, world))
    assert site.problems(world, expected) == [], "\n".join(ended.told for ended in ends)


def test_killed_after_an_upload_whose_answer_was_lost_it_is_not_sent_again(
    spoiled: Path, site: Site, children: Children, expected: Expected
) -> None:
    world = site.begin(spoiled, Fault(method="POST", act=stores_and_breaks_off))
    first = next(number for number, step in enumerate(expected.steps, start=1) if "POST" in step)
    sent = next(number for number in range(first, len(expected.steps)) if "GET" in expected.steps[number])
    killed = children.run(world.root, "release", kill_at=sent + 1, environment=LOGIN)
    assert killed.code == KILLED
    assert site.files().keys() < expected.files.keys()
    assert site.proxy.stored
    done(release(children, world))
    assert site.problems(world, expected) == [], killed.told
