"""The first push of a new repository ends with packages that can be installed."""

from pathlib import Path

import pytest

from tests.pipelines.github.world import FirstPush, World

pytestmark = pytest.mark.server


def test_three_packages_are_released(first_push: FirstPush, world: World) -> None:
    run = world.sound(first_push.run)
    assert run.results == dict.fromkeys(("plan", "build", "check", "publish", "pages", "record"), "success"), run.output
    assert world.versions() == {"dice": ["0.0.1"], "wordcount": ["0.0.1"], "wordreport": ["0.0.1"]}
    world.released(dice="0.0.1", wordcount="0.0.1", wordreport="0.0.1")
    assert world.remote.tags() == ("dice-v0.0.1", "wordcount-v0.0.1", "wordreport-v0.0.1")
    assert world.remote.git("rev-parse", "dice-v0.0.1^{commit}") == first_push.event.sha
    assert world.remote.git("rev-list", "--count", f"{first_push.event.sha}..main") == "1"


def test_what_was_released_can_be_installed(world: World, tmp_path: Path) -> None:
    code = "import wordreport; print(wordreport.__version__, wordreport.report('a b'))"
    assert world.install(tmp_path / "fresh", "wordreport", code) == "0.0.1 2 ['a', 'b']"


def test_the_summary_says_what_happened_and_how_to_install_it(first_push: FirstPush) -> None:
    summary = first_push.run.summary
    for said in ("wordreport", "never released", "needs wordcount 0.0.1", "| wordcount | 0.0.1 | company |"):
        assert said in summary, summary
    assert f"pip install --index-url {first_push.world.index.url}simple/ dice==0.0.1" in summary
    assert [step.name for job in first_push.run.jobs for step in job.steps if step.summary][-1] == "Record"


def test_each_job_may_do_what_it_needs_and_no_more(first_push: FirstPush) -> None:
    may = {job.key: dict(job.permissions) for job in first_push.run.jobs}
    assert may == {
        "plan": {"contents": "read"},
        "build": {"contents": "read"},
        "check": {},
        "publish": {},
        "pages": {"contents": "write"},
        "record": {"contents": "write"},
    }
    assert first_push.run.job("publish").environment == "company"


def test_a_tag_on_the_commit_of_what_was_recorded_would_start_a_run(world: World) -> None:
    """GitHub skips tags of commits that ask for it; what a run pushes starts nothing without that."""
    world.pull()
    assert world.message(world.work.git("rev-parse", "HEAD")).startswith("Record ")
    assert "skip ci" not in world.message(world.work.git("rev-parse", "HEAD"))
    assert world.work.git("status", "--porcelain") == ""
