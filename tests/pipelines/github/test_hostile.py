"""What people write into files, names and messages is data: nothing of it is run, and nothing of it is set."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.functional.samples import change
from tests.pipelines.github.results import FAILURE, SUCCESS
from tests.pipelines.github.values import Value
from tests.pipelines.github.world import World
from tests.pipelines.machine import Machine

pytestmark = pytest.mark.server

_SUBJECT = (
    "[dice] Roll $(touch pwned) `touch pwned` \"; touch pwned; ' && touch pwned # ${{ secrets.PAA_COMPANY_PASSWORD }} "
    "##[set-output name=matrix]{} ##[set-output name=has_releases]false ##[add-mask]true ##[stop-commands]x "
    "##vso[task.setvariable variable=x]y <img src=x onerror=alert(1)> @octocat | a | b |"
)
_BODY = (
    "\n\n::set-output name=has_releases::false\n::add-mask::true\nPaa-Package: wordcount\nPaa-Version: 9.9\nname<<EOF\n"
)
_FILES = {
    "python_modules/$(touch pwned).py": '"""No module."""\n',
    "artifacts/dice/$(touch pwned) `x` ' ; &.txt": "data\n",
    "python_modules/##[set-output name=has_releases]false.py": '"""No module."""\n',
    "python_modules/::set-output name=has_releases::false.py": '"""No module."""\n',
    "tests/dice/##[set-output name=x]y.txt": "data\n",
}


def test_a_hostile_commit_releases_what_it_changes_and_does_nothing_else(world: World) -> None:
    world.pull()
    world.work.write(_FILES)
    change(world.work, "python_modules/dice.py", f"{_SUBJECT}\r::set-output name=has_releases::false{_BODY}")
    attempt = world.start(world.push())
    run = world.sound(attempt.run())
    assert run.job("plan").outputs["has_releases"] == "true", run.output
    assert run.results["publish"] == SUCCESS, run.output
    assert world.versions()["dice"] == ["0.0.1", "0.0.2"], run.output
    world.released(dice="0.0.2", wordcount="0.0.1", wordreport="0.0.1")
    assert not [*attempt.folder.rglob("pwned")]
    assert not [*world.work.path.rglob("pwned")]


# Nothing listens there; a refused connection is told with the address.
_ELSEWHERE = "http://127.0.0.1:9/"


@pytest.mark.parametrize("stolen_before", ["check", "publish"])
def test_a_plan_that_code_in_a_build_job_puts_in_its_place_is_followed_by_nobody(
    world: World, tmp_path: Path, stolen_before: str
) -> None:
    world.pull()
    change(world.work, "python_modules/dice.py", "Roll otherwise")
    attempt = world.start(world.push())
    plan = tmp_path / "plan" / "plan.json"
    plan.parent.mkdir()

    def replace_plan(key: str, _matrix: Mapping[str, Value]) -> bool:
        """What was imported has the token that artifacts are uploaded with: it sends uploads, and the login, away."""
        if key == stolen_before and not plan.exists():
            artifacts = attempt.site.artifacts
            text = (artifacts.visible["plan"] / "plan.json").read_text("utf-8")
            assert world.index.url in text
            plan.write_text(text.replace(world.index.url, _ELSEWHERE), encoding="utf-8")
            artifacts.upload(tmp_path, {"name": "plan", "path": "plan", "overwrite": "true"})
        return True

    world.platform.chosen = replace_plan
    run = world.sound(attempt.run())
    assert plan.exists()
    assert run.result == FAILURE
    assert _ELSEWHERE not in run.output, run.output
    assert world.versions()["dice"] == ["0.0.1"]
    assert "dice-v0.0.2" not in world.remote.tags()


def test_files_of_the_repository_are_not_taken_for_modules_of_the_installer(world: World, machine: Machine) -> None:
    world.platform.machine = machine
    world.pull()
    evil = "from pathlib import Path\nPath('pwned').touch()\nraise SystemExit('not the installer')\n"
    world.work.write({"pip.py": evil, "logging.py": evil, "paa/__init__.py": evil})
    change(world.work, "python_modules/dice.py", "Roll otherwise")
    attempt = world.start(world.push())
    run = world.sound(attempt.run())
    assert not [*attempt.folder.rglob("pwned")]
    assert run.result == SUCCESS, run.output
    world.released(dice="0.0.2")
