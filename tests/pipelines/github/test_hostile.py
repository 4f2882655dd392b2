"""What people write into files, names and messages is data: nothing of it is run, and nothing of it is set."""

import pytest

from tests.functional.samples import change
from tests.pipelines.github.results import SUCCESS
from tests.pipelines.github.world import World

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
