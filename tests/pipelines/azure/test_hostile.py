"""Names and messages that would be commands, if anybody let them: nothing is run, nothing is set."""

from pathlib import Path

import pytest

from tests.pipelines.azure.agent import Outcome
from tests.pipelines.azure.conftest import MakeScene
from tests.pipelines.azure.run import Run
from tests.pipelines.azure.scene import files_of, succeeded

pytestmark = pytest.mark.server

SET = "##vso[task.setvariable variable=PAA_INDEX]evil"
TOOL = {"python_modules/tool.py": '"""A tool."""\n'}
MESSAGE = f"""\
$(touch pwned) `touch pwned` "; touch pwned; ' && touch pwned; # {SET} ::set-output name=matrix::evil

{SET}
##vso[task.complete result=Failed]
##[error]evil
"""
# Folders too: what lies below them is part of the package.
PATHS = (
    "python_modules/$(touch pwned).py",
    "python_modules/`touch pwned`.py",
    f"python_modules/{SET}.py",
    f"python_modules/x\n{SET}\n.py",
    'python_modules/";touch pwned;".py',
    f"artifacts/tool/a\n{SET}",
    "artifacts/tool/$(touch pwned)",
)


def assert_nothing_happened(run: Run, folder: Path) -> None:
    assert not list(folder.rglob("pwned*"))
    asked = {name: value for report in run.jobs.values() for name, value in report.asked.items()}
    assert "PAA_INDEX" not in asked
    assert "evil" not in "".join(asked.values())
    assert not [issue for issue in run.issues if "evil" in issue]


def test_messages_and_file_names_are_text(project: MakeScene, tmp_path: Path) -> None:
    made = project(packages=TOOL)
    made.repository.write(dict.fromkeys(PATHS, '"""Evil."""\n'))
    made.repository.commit(MESSAGE)
    made.push()
    run = made.manual(feed="data")
    assert_nothing_happened(run, tmp_path)
    # What has no name that a package could have is told, and releases nothing.
    assert made.on_feed() in ([], files_of("tool-0.0.1")), run.told()
    assert run.stages["release"] is Outcome.FAILED, run.told()


def test_a_message_and_a_branch_change_nothing_in_a_release(project: MakeScene, tmp_path: Path) -> None:
    made = project(packages=TOOL)
    made.repository.write({"python_modules/tool.py": '"""A better tool."""\n'})
    made.repository.commit(MESSAGE)
    made.push()
    run = succeeded(made.manual(feed="data"))
    assert_nothing_happened(run, tmp_path)
    assert made.tags() == {"tool-v0.0.1"}
    # On another branch than main a run by hand only plans.
    branch = "$(touch${IFS}pwned)`touch${IFS}pwned`;touch${IFS}pwned;'"
    made.repository.git("switch", "--quiet", "--create", branch)
    made.repository.write({"python_modules/tool.py": '"""The best tool."""\n'})
    made.repository.commit(MESSAGE)
    made.push(f"HEAD:refs/heads/{branch}")
    elsewhere = succeeded(made.manual(feed="data", branch=branch))
    assert [*elsewhere.jobs] == ["plan/plan"]
    assert_nothing_happened(elsewhere, tmp_path)
    assert made.tags() == {"tool-v0.0.1"}


@pytest.mark.parametrize(
    "package",
    [
        "$(touch pwned) `touch pwned` \"; touch pwned; ' #",
        f"tool\n{SET}\n::set-output name=matrix::evil",
        f"{SET}",
        "--index=evil",
        "$(System.AccessToken) $$((System.AccessToken)",
    ],
)
def test_a_package_name_is_text(project: MakeScene, tmp_path: Path, package: str) -> None:
    made = project(packages=TOOL)
    run = made.manual(feed="data", package=package)
    assert [*run.jobs] == ["release/plan"]
    assert run.outcome is Outcome.FAILED, run.told()
    assert_nothing_happened(run, tmp_path)
    assert (made.on_feed(), made.tags()) == ([], set())
