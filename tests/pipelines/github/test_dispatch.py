"""Runs that somebody starts by hand."""

import pytest

from tests.functional.samples import change
from tests.pipelines.github.results import FAILURE, SUCCESS
from tests.pipelines.github.world import World

pytestmark = pytest.mark.server

_HOSTILE = (
    "$(touch pwned)",
    "$(dice)",
    "`touch pwned`",
    "dice; touch pwned",
    "dice' && touch pwned '",
    '"dice" | touch pwned',
    "--version",
    "../dice",
    "::set-output name=has_releases::true",
    "dice\n##[set-output name=has_releases]true",
    "##vso[task.setvariable variable=x]y",
)


def test_one_of_two_packages_after_a_look(world: World) -> None:
    world.pull()
    change(world.work, "python_modules/dice.py", "Roll otherwise")
    change(world.work, "python_modules/wordreport.py", "Report otherwise")
    world.push()
    files, refs = world.files(), world.remote.git("for-each-ref")

    look = world.run(world.dispatch(dry_run=True))
    assert look.result == SUCCESS, look.output
    assert (look.results["publish"], look.results["record"]) == (SUCCESS, "skipped"), look.output
    assert "would upload" in look.job("publish").output
    assert (world.files(), world.remote.git("for-each-ref")) == (files, refs)

    run = world.run(world.dispatch(packages="wordreport", index="company"))
    assert run.result == SUCCESS, run.output
    assert world.versions() == {"dice": ["0.0.1"], "wordcount": ["0.0.1"], "wordreport": ["0.0.1", "0.0.2"]}
    world.released(dice="0.0.1", wordcount="0.0.1", wordreport="0.0.2")


@pytest.mark.parametrize("packages", _HOSTILE)
def test_a_hostile_name_of_a_package_is_only_a_wrong_name(world: World, packages: str) -> None:
    files, refs = world.files(), world.remote.git("for-each-ref")
    attempt = world.start(world.dispatch(packages=packages))
    run = world.sound(attempt.run())
    assert run.results["plan"] == FAILURE, run.output
    assert {job.result for job in run.jobs[1:]} == {"skipped"}, run.output
    assert "Traceback" not in run.output
    assert not [*attempt.folder.rglob("pwned")]
    assert (world.files(), world.remote.git("for-each-ref")) == (files, refs)
