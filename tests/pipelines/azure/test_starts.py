"""What starts a run and what it then does: pushes, tags, pull requests, and a choice among feeds."""

import pytest

from tests.functional.samples import change
from tests.pipelines.azure.agent import Outcome
from tests.pipelines.azure.conftest import MakeScene
from tests.pipelines.azure.errors import PipelineError
from tests.pipelines.azure.scene import PACKAGES, files_of, succeeded

pytestmark = pytest.mark.server

TOOL = {"python_modules/tool.py": '"""A tool."""\n'}


def test_a_push_shows_what_would_be_released_and_sends_nothing(project: MakeScene) -> None:
    made = project(packages=TOOL)
    run = succeeded(made.pushed())
    assert [*run.jobs] == ["plan/plan"]
    assert "tool" in run.summary
    assert (made.on_feed(), made.tags()) == ([], set())
    made.repository.git("switch", "--quiet", "--create", "feature")
    made.push("feature")
    assert made.pushed("refs/heads/feature") is None


def test_a_push_releases_where_the_settings_say_so(project: MakeScene) -> None:
    made = project(packages=TOOL, settings={"publish_to": "data", "azure_publish_on_push": "true"})
    succeeded(made.pushed())
    assert (made.on_feed(), made.tags()) == (files_of("tool-0.0.1"), {"tool-v0.0.1"})
    # What the run itself has pushed starts none.
    assert made.pushed() is None


def test_the_chosen_feed_gets_it_and_no_other(project: MakeScene) -> None:
    made = project(packages=TOOL, feeds=("data", "science"))
    succeeded(made.manual(feed="science"))
    assert (made.on_feed("data"), made.on_feed("science")) == ([], files_of("tool-0.0.1"))
    # The tag says that publish_to has it.
    assert made.tags() == set()
    succeeded(made.manual(feed="data"))
    assert made.on_feed("data") == made.on_feed("science") == files_of("tool-0.0.1")
    assert made.tags() == {"tool-v0.0.1"}
    name = files_of("tool-0.0.1")[0]
    assert len({made.feeds[feed].folder.joinpath(name).read_bytes() for feed in ("data", "science")}) == 1
    with pytest.raises(PipelineError, match="not one of data, science"):
        made.manual(feed="other")


def test_a_tag_releases_the_version_that_it_names(project: MakeScene) -> None:
    made = project(packages=PACKAGES, options=("--trigger", "tag"))
    assert made.pushed() is None
    made.repository.git("tag", "dice-v0.3.0")
    made.push("dice-v0.3.0")
    succeeded(made.pushed("refs/tags/dice-v0.3.0"))
    assert made.on_feed() == files_of("dice-0.3.0")
    assert made.tags() == {"dice-v0.3.0"}
    assert made.remote.git("for-each-ref", "--format=%(refname)", "refs/paa/releases") == "refs/paa/releases/dice/0.3.0"


def test_a_pull_request_runs_the_tests_of_what_it_changes_and_sends_nothing(project: MakeScene) -> None:
    tests = {
        "tests/dice/test_dice.py": "def test_it():\n    raise AssertionError('not affected')\n",
        "tests/wordreport/test_it.py": "import wordreport\n\ndef test_it():\n    assert wordreport.report('a')\n",
    }
    made = project(packages={**PACKAGES, **tests})
    succeeded(made.manual(feed="data"))
    released, recorded = made.on_feed(), made.tags()
    made.pull()
    made.repository.git("switch", "--quiet", "--create", "feature")
    change(made.repository, "python_modules/wordcount.py", "feat(wordcount): count more")
    made.push("feature")
    run = made.pull_request("feature", "linux_3_14")
    assert run.outcome is Outcome.SUCCEEDED, run.told()
    assert {name.partition("/")[2] for name in run.jobs} == {"plan", "test/linux_3_14", "build/shard_1"}
    assert "1 passed" in run.jobs["tests/test/linux_3_14"].output
    assert "not affected" not in run.output
    assert "wordcount" in run.summary
    wheels = [path for name in run.artifacts.names() for path in run.artifacts.files(name) if path.endswith(".whl")]
    assert sorted(wheels) == ["wordcount-0.1.0-py3-none-any.whl"]
    assert (made.on_feed(), made.tags()) == (released, recorded)
