"""A pull request is planned, tested and built, by whoever it is, and nothing leaves the run."""

from collections.abc import Mapping

import pytest

from tests.functional.samples import COMPONENT, change
from tests.pipelines.github.results import FAILURE, SUCCESS
from tests.pipelines.github.values import Value
from tests.pipelines.github.world import TESTS, World

pytestmark = pytest.mark.server

# Git allows all of this in the name of a branch.
_BRANCH = "$(touch${IFS}pwned);`touch${IFS}pwned`'\"|&#<x>%0A##vso"
_MESSAGE = (
    "Split otherwise $(touch pwned) `touch pwned` '; touch pwned; ' ##[set-output name=has_affected]false "
    "##[add-mask]true ##vso[task.setvariable variable=x]y\r::set-output name=affected::[]\n\n"
    "::set-output name=x::y\n::stop-commands::word\n"
)


def _one_of_each(key: str, matrix: Mapping[str, Value]) -> bool:
    """Of the jobs of the matrix of tests, the one for the first system and Python."""
    return key != "test" or (str(matrix["system"]).startswith("ubuntu") and matrix["python"] in {"3.11", 3.11})


def test_what_is_affected_is_tested_and_nothing_is_sent(world: World) -> None:
    world.pull()
    world.platform.chosen = _one_of_each
    tests = {
        "tests/wordcount/test_it.py": "import wordcount\n\ndef test_it():\n    assert wordcount.count('a b') == 2\n",
        "tests/dice/test_dice.py": "raise RuntimeError('dice is not affected')\n",
    }
    world.work.write(tests)
    world.work.commit("Tests")
    world.push()
    change(world.work, COMPONENT, _MESSAGE)
    event = world.pull_request(_BRANCH)
    files, refs = world.files(), world.remote.git("for-each-ref")
    attempt = world.start(event, TESTS)
    run = world.sound(attempt.run())
    assert run.result == SUCCESS, run.output
    assert run.job("plan").outputs["affected"] == '["wordcount","wordreport"]'
    for said in ("wordcount", "0.0.2", "wordreport"):
        assert said in run.summary
    assert "1 passed" in run.job("test").output, run.output
    assert "dice is not affected" not in run.output
    wheels = [path.name for path in attempt.folder.glob("artifacts/*wheels-1/*")]
    assert [name.split("-")[0] for name in sorted(wheels)] == ["wordcount", "wordreport"]
    assert not [*attempt.folder.rglob("pwned")]
    assert (world.files(), world.remote.git("for-each-ref")) == (files, refs)
    assert {level for job in run.jobs for level in job.permissions.values()} <= {"read"}


def test_a_test_that_fails_and_a_broken_module_are_red(world: World) -> None:
    world.pull()
    world.platform.chosen = _one_of_each
    world.work.write(
        {
            "tests/dice/test_dice.py": "def test_it():\n    assert 'this' == 'that'\n",
            "python_modules/broken.py": "def broken(:\n",
        }
    )
    world.work.commit("Break a test and a module")
    run = world.run(world.pull_request("topic"), TESTS)
    assert (run.results["test"], run.results["passed"]) == (FAILURE, FAILURE), run.output
    assert "assert 'this' == 'that'" in run.output
    assert "python_modules/broken.py:1" in run.output
