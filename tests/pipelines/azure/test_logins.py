"""Who uploads and who pushes: the build's own identity, a personal access token, and what is refused."""

import pytest

from tests.pipelines.azure.agent import Outcome
from tests.pipelines.azure.conftest import MakeScene
from tests.pipelines.azure.scene import files_of, succeeded
from tests.pipelines.azure.variables import Variable
from tests.pipelines.conftest import LOGIN
from tests.pipelines.git_host import protect

pytestmark = pytest.mark.server

TOOL = {"python_modules/tool.py": '"""A tool."""\n'}


def login(name: str, password: str) -> tuple[Variable, ...]:
    """The variables of the documents: both are secret there."""
    given = {"TWINE_USERNAME": name, "TWINE_PASSWORD": password}
    return tuple(Variable(name=key, value=value, secret=True) for key, value in given.items())


def test_a_personal_access_token_comes_before_the_build_identity(project: MakeScene) -> None:
    """The feed takes that token alone; first it is wrong, then right."""
    made = project(packages=TOOL, login=LOGIN)
    made.variables = login(LOGIN[0], "not-the-passw0rd")
    wrong = made.manual(feed="data")
    assert wrong.outcome is Outcome.FAILED, wrong.told()
    publish = wrong.jobs["release/publish/data"]
    assert "##[error]Bash exited with code '3'." in publish.output
    assert "403" in publish.output or "refused" in publish.output
    assert "TWINE_PASSWORD" in publish.output
    assert (made.on_feed(), made.tags()) == ([], set())
    assert wrong.jobs["release/record"].outcome is Outcome.FAILED

    made.variables = login(*LOGIN)
    succeeded(made.manual(feed="data"))
    assert (made.on_feed(), made.tags()) == (files_of("tool-0.0.1"), {"tool-v0.0.1"})


def test_undefined_variables_are_no_login(project: MakeScene) -> None:
    """Nobody has defined TWINE_*, and the feed does not take the build identity: what is missing is said."""
    made = project(packages=TOOL, login=LOGIN)
    run = made.manual(feed="data")
    assert run.outcome is Outcome.FAILED, run.told()
    assert "##[error]Bash exited with code '3'." in run.jobs["release/publish/data"].output
    assert "$(TWINE" not in run.output
    assert (made.on_feed(), made.tags()) == ([], set())


def test_where_the_branch_takes_no_push_the_tags_are_enough(project: MakeScene) -> None:
    made = project(packages=TOOL)
    protect(made.remote)
    before = made.remote.git("rev-parse", "main")
    run = made.manual(feed="data")
    assert run.outcome in (Outcome.SUCCEEDED, Outcome.ISSUES), run.told()
    assert "only the tags were pushed" in run.jobs["release/record"].output
    assert made.remote.git("rev-parse", "main") == before
    assert made.tags() == {"tool-v0.0.1"}
    nothing = succeeded(made.manual(feed="data"))
    assert [*nothing.jobs] == ["release/plan"]
