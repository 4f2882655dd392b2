"""An environment for each package, as new names need them for trusted publishing."""

import pytest

from tests.functional.command_line import done, paa
from tests.functional.samples import COMPONENT, change
from tests.pipelines.github.jobs import Secrets
from tests.pipelines.github.results import SUCCESS
from tests.pipelines.github.world import SECRETS, World

pytestmark = pytest.mark.server


def test_siblings_on_two_levels_are_published_in_environments_of_their_own(world: World) -> None:
    world.pull()
    done(paa(world.work.path, "init-ppr", "--github", "--environment-per-package"))
    change(world.work, COMPONENT, "[wordcount][.+.] Split otherwise")
    change(world.work, "python_modules/dice.py", "Roll otherwise")
    reading = {"package-indexes": SECRETS}
    environments = {f"company-{name}": SECRETS for name in ("dice", "wordcount", "wordreport")}
    world.platform.secrets = Secrets(repository={}, environments={**environments, **reading})
    run = world.run(world.push())
    assert run.result == SUCCESS, run.output
    published: dict[str, list[str]] = {job.key: [] for job in run.jobs if job.key.startswith("publish")}
    for job in run.jobs:
        if job.key in published and job.folder is not None:
            published[job.key].append(job.environment)
    assert published["publish-1"] == ["company-dice", "company-wordcount"]
    assert published["publish-2"] == ["company-wordreport"]
    assert not any(published[key] for key in published if key not in {"publish-1", "publish-2"})
    assert world.versions()["wordreport"] == ["0.0.1", "0.0.2"]
    world.released(dice="0.0.2", wordcount="0.1.0", wordreport="0.0.2")
