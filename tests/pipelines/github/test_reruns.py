"""The same run once more: it ends where one undisturbed run ends."""

import pytest

from tests.functional.samples import change
from tests.pipelines.github.jobs import Secrets
from tests.pipelines.github.results import FAILURE, SKIPPED, SUCCESS
from tests.pipelines.github.world import SECRETS, World

pytestmark = pytest.mark.server


def test_a_run_with_a_wrong_password_is_repeated_with_the_right_one(world: World) -> None:
    world.pull()
    change(world.work, "python_modules/dice.py", "Roll otherwise")
    world.platform.secrets = Secrets(repository={**SECRETS, "PAA_COMPANY_PASSWORD": "wr0ng-password"}, environments={})
    attempt = world.start(world.push())
    run = world.sound(attempt.run())
    assert (run.results["publish"], run.results["record"]) == (FAILURE, FAILURE), run.output
    assert world.versions()["dice"] == ["0.0.1"]
    assert "dice-v0.0.2" not in world.remote.tags()

    world.platform.secrets = Secrets(repository=SECRETS, environments={})
    repeated = attempt.again(failed_only=True)
    run = world.sound(repeated.run())
    assert run.result == SUCCESS, run.output
    assert world.versions()["dice"] == ["0.0.1", "0.0.2"]
    world.released(dice="0.0.2", wordcount="0.0.1", wordreport="0.0.1")

    files, refs = world.files(), world.remote.git("for-each-ref")
    run = world.sound(repeated.again().run())
    assert run.result == SUCCESS, run.output
    assert {run.results[key] for key in ("build", "publish", "record")} == {SKIPPED}, run.output
    assert (world.files(), world.remote.git("for-each-ref")) == (files, refs)
