"""Releases by hand: the chosen feed, one package or all that changed, and what is recorded."""

import hashlib
import subprocess
from pathlib import Path

import pytest

from tests.functional.samples import COMPONENT, change
from tests.pipelines.azure.agent import Outcome
from tests.pipelines.azure.conftest import MakeScene
from tests.pipelines.azure.documents import read_document
from tests.pipelines.azure.parameters import allowed_values
from tests.pipelines.azure.scene import PACKAGES, Scene, files_of, succeeded
from tests.pipelines.machine import Machine

pytestmark = pytest.mark.server

FIRST = {"dice-v0.0.1", "wordcount-v0.0.1", "wordreport-v0.0.1"}


def assert_recorded(project: Scene, package: str, version: str) -> None:
    """The tag holds the hashes of what is on the feed, the tracking files and the README know the version."""
    message = project.remote.git("tag", "--list", "--format=%(contents)", f"{package}-v{version}")
    for name in files_of(f"{package}-{version}"):
        assert hashlib.sha256((project.feeds["data"].folder / name).read_bytes()).hexdigest() in message
    assert version in project.tracked(".paa/tracking/releases.json")
    assert package in project.tracked("README.md")


def test_the_first_run_releases_everything_to_the_chosen_feed(
    project: MakeScene, machine: Machine, tmp_path: Path
) -> None:
    made = project(machine=machine, settings={})
    document = read_document(made.repository.path / ".azure/azure-pipelines.yml")
    assert allowed_values(document["parameters"], "feed") == ("data",)
    run = succeeded(made.manual(feed="data"))
    assert made.on_feed() == files_of("dice-0.0.1", "wordcount-0.0.1", "wordreport-0.0.1")
    assert made.tags() == FIRST
    for package in ("dice", "wordcount", "wordreport"):
        assert_recorded(made, package, "0.0.1")
    assert "0.0.1" in run.summary
    assert "pip install" in run.summary
    address = f"{made.feeds['data'].url}simple/"
    python = made.service.machine.install_released(tmp_path / "user", address, "wordreport")
    says = "import wordreport; print(wordreport.__version__, wordreport.report('a b'))"
    done = subprocess.run([python, "-c", says], capture_output=True, text=True, check=True)
    assert done.stdout == "0.0.1 2 ['a', 'b']\n"


def test_what_changed_is_released_and_nothing_else(project: MakeScene) -> None:
    made = project(packages={"python_modules/my_tool.py": '"""A tool."""\n'})
    succeeded(made.manual(feed="data"))
    nothing = succeeded(made.manual(feed="data"))
    assert [*nothing.jobs] == ["release/plan"]
    assert "nothing to release" in nothing.output
    made.pull()
    change(made.repository, "python_modules/my_tool.py", "Change the tool")
    made.repository.write({"python_modules/other.py": '"""Another."""\n'})
    made.repository.commit("Add another")
    made.push()
    succeeded(made.manual(feed="data", package="my-tool"))
    assert made.tags() == {"my_tool-v0.0.1", "my_tool-v0.0.2"}


def test_a_component_releases_those_that_ship_it(project: MakeScene) -> None:
    made = project()
    succeeded(made.manual(feed="data"))
    made.pull()
    change(made.repository, COMPONENT, "Change what is shared")
    made.push()
    commit = made.repository.git("rev-parse", "HEAD")
    succeeded(made.manual(feed="data"))
    assert made.tags() == FIRST | {"wordcount-v0.0.2", "wordreport-v0.0.2"}
    # The same run again, of the commit that it was about.
    again = succeeded(made.manual(feed="data", commit=commit))
    assert again.stages == {"release": Outcome.SUCCEEDED}
    assert made.tags() == FIRST | {"wordcount-v0.0.2", "wordreport-v0.0.2"}


@pytest.mark.wrong_wheels("one of them can't be imported")
def test_three_packages_in_two_commits_and_one_that_fails(project: MakeScene) -> None:
    made = project(packages={**PACKAGES, "python_modules/wrong.py": "def broken(:\n"})
    made.repository.write({"python_modules/crash.py": 'raise RuntimeError("not importable")\n'})
    made.repository.commit("Add one that can't be imported")
    made.repository.write({"python_modules/late.py": '"""Late."""\n'})
    made.repository.commit("Add a late one")
    made.push()
    run = made.manual(feed="data")
    assert run.outcome is Outcome.FAILED, run.told()
    assert made.tags() == FIRST | {"late-v0.0.1"}
    assert made.on_feed() == files_of("dice-0.0.1", "late-0.0.1", "wordcount-0.0.1", "wordreport-0.0.1")
    # The run ends red, and each job that left something out says so.
    assert run.jobs["release/record"].outcome is Outcome.FAILED
    assert "wrong.py" in run.summary
    assert "crash" in run.summary
