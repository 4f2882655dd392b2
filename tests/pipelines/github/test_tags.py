"""Releases that tags ask for: ``paa init-ppr --github --trigger tag``."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.functional.command_line import done, paa
from tests.functional.samples import change
from tests.pipelines.conftest import LOGIN
from tests.pipelines.github.jobs import Secrets
from tests.pipelines.github.results import FAILURE, SKIPPED, SUCCESS
from tests.pipelines.github.world import SECRETS, World, settings
from tests.servers import PypiServer, pypiserver

pytestmark = pytest.mark.server


@pytest.fixture
def staging(tmp_path: Path) -> Iterator[PypiServer]:
    """A second index, for pre-releases."""
    with pypiserver(tmp_path / "staging", user=LOGIN) as running:
        yield running


@pytest.fixture
def tagged(world: World, staging: PypiServer) -> World:
    """The repository, set up anew so that tags release, with a change in dice that is pushed."""
    world.pull()
    more = f'  staging: {{kind: pypiserver, upload_url: "{staging.url}", simple_url: "{staging.url}simple/"}}\n'
    config = settings(world.index, "prereleases_to: staging\n").replace("publish_to:", f"{more}publish_to:")
    world.work.write({".paa.config": config})
    done(paa(world.work.path, "init-ppr", "--github", "--trigger", "tag"))
    world.work.commit("Release by tags")
    change(world.work, "python_modules/dice.py", "Roll otherwise")
    world.push()
    mine = {"PAA_STAGING_USERNAME": LOGIN[0], "PAA_STAGING_PASSWORD": LOGIN[1]}
    world.platform.secrets = Secrets(repository={**SECRETS, **mine}, environments={})
    return world


def test_a_tag_releases_its_package_with_its_version(tagged: World, staging: PypiServer) -> None:
    change(tagged.work, "python_modules/wordreport.py", "Report otherwise")
    tagged.push()
    tagged.work.git("tag", "dice-v0.5.0")
    event = tagged.push("refs/tags/dice-v0.5.0")
    run = tagged.run(event)
    assert run.result == SUCCESS, run.output
    assert tagged.versions() == {"dice": ["0.0.1", "0.5.0"], "wordcount": ["0.0.1"], "wordreport": ["0.0.1"]}
    assert [*staging.folder.iterdir()] == []
    assert tagged.tracked()["dice"] == "0.5.0"
    # The bare tag, which asked for it, stays as it is; what proves the release stands beside it.
    assert tagged.remote.git("cat-file", "-t", "refs/tags/dice-v0.5.0") == "commit"
    assert tagged.remote.git("cat-file", "-t", "refs/paa/releases/dice/0.5.0") == "tag"
    again = tagged.run(event)
    assert again.results["build"] == SKIPPED, again.output
    assert again.result == SUCCESS, again.output


def test_a_pre_release_goes_to_the_other_index(tagged: World, staging: PypiServer) -> None:
    files = tagged.files()
    tagged.work.git("tag", "dice-v0.5.0-beta.1")
    run = tagged.run(tagged.push("refs/tags/dice-v0.5.0-beta.1"))
    assert run.result == SUCCESS, run.output
    assert {path.name for path in staging.folder.iterdir()} == {"dice-0.5.0b1-py3-none-any.whl", "dice-0.5.0b1.tar.gz"}
    assert tagged.files() == files
    assert [job.environment for job in run.of("publish")] == ["staging"]


@pytest.mark.parametrize(
    ("tag", "said"), [("dice-v0.5.0-test.1", "0.5.0.dev1"), ("dices-v0.5.0", "dices"), ("dice-v0.0.0", "0.0.0")]
)
def test_a_wrong_tag_says_what_is_wrong_and_releases_nothing(tagged: World, tag: str, said: str) -> None:
    files = tagged.files()
    tagged.work.git("tag", tag)
    event = tagged.push(f"refs/tags/{tag}")
    refs = tagged.remote.git("for-each-ref")
    run = tagged.run(event)
    assert run.results["plan"] == FAILURE, run.output
    assert said in run.output
    assert {job.result for job in run.jobs[1:]} == {SKIPPED}, run.output
    assert (tagged.files(), tagged.remote.git("for-each-ref")) == (files, refs)
