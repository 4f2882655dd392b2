"""What the next pushes release."""

from pathlib import Path

import pytest

from tests.functional.command_line import done, paa
from tests.functional.samples import COMPONENT, change
from tests.pipelines.git_host import protect
from tests.pipelines.github.results import FAILURE, SKIPPED, SUCCESS
from tests.pipelines.github.world import World

pytestmark = pytest.mark.server

_ALL = ("plan", "build", "check", "publish", "pages", "record")
_BROKEN = '"""Broken."""\n\ndef broken(:\n'


def test_one_package(world: World, tmp_path: Path) -> None:
    world.pull()
    before = world.files()
    config = (world.work.path / ".paa.config").read_text()
    world.work.write({".paa.config": f"{config}add_mkdocs_site: true\n"})
    done(paa(world.work.path, "init-ppr", "--github"))
    change(world.work, "python_modules/dice.py", "[dice][.+.] Roll more")
    run = world.run(world.push())
    assert run.results == dict.fromkeys(_ALL, SUCCESS), run.output
    after = world.files()
    assert {name for name in after if name not in before} == {"dice-0.1.0-py3-none-any.whl", "dice-0.1.0.tar.gz"}
    assert {name: after[name] for name in before} == before
    world.released(dice="0.1.0", wordcount="0.0.1", wordreport="0.0.1")
    assert "dice/index.html" in world.remote.git("ls-tree", "-r", "--name-only", "gh-pages").splitlines()
    assert "dice" in world.content("index.html", "gh-pages")
    assert "Roll more" in world.content(".paa/release_notes/dice.md")
    assert (
        world.install(tmp_path / "fresh", "dice", "import dice; print(dice.__version__, dice.CHANGED_0)")
        == "0.1.0 True"
    )


def test_three_packages_in_two_commits_one_of_them_of_a_component(world: World) -> None:
    world.pull()
    change(world.work, "python_modules/dice.py", "Roll otherwise")
    change(world.work, COMPONENT, "[wordcount][+..] Split otherwise")
    run = world.run(world.push())
    assert run.results == dict.fromkeys(_ALL, SUCCESS), run.output
    assert world.versions() == {
        "dice": ["0.0.1", "0.0.2"],
        "wordcount": ["0.0.1", "1.0.0"],
        "wordreport": ["0.0.1", "0.0.2"],
    }
    world.released(dice="0.0.2", wordcount="1.0.0", wordreport="0.0.2")
    assert "needs wordcount 1.0.0" in run.job("plan").step("Plan").output


def test_nothing_to_release(world: World) -> None:
    world.pull()
    before = world.files(), world.remote.git("for-each-ref")
    world.work.write({"notes.txt": "x\n", "tests/dice/test_more.py": "def test_it():\n    pass\n"})
    world.work.commit("Notes and a test [dice]")
    event = world.push()
    refs = world.remote.git("for-each-ref")
    run = world.run(event)
    assert run.results == {**dict.fromkeys(_ALL, SKIPPED), "plan": SUCCESS}, run.output
    assert run.result == SUCCESS
    assert "othing to release" in run.summary
    assert (world.files(), world.remote.git("for-each-ref")) == (before[0], refs)


def test_a_package_that_fails_holds_up_what_needs_it_and_nothing_else(world: World) -> None:
    world.pull()
    change(world.work, "python_modules/dice.py", "Roll otherwise")
    change(world.work, "python_modules/wordreport.py", "Report otherwise")
    good = (world.work.path / "python_modules" / "wordcount.py").read_text()
    world.work.write(
        {
            "python_modules/wordcount.py": good + '\nraise RuntimeError("not today")\n',
            "python_modules/broken.py": _BROKEN,
        }
    )
    world.work.commit("Break two")
    run = world.run(world.push())
    assert run.result == FAILURE
    assert run.results["record"] == FAILURE, run.output
    assert world.versions() == {"dice": ["0.0.1", "0.0.2"], "wordcount": ["0.0.1"], "wordreport": ["0.0.1"]}
    world.released(dice="0.0.2", wordcount="0.0.1", wordreport="0.0.1")
    for said in ("python_modules/broken.py:3", "not today", "blocked by wordcount"):
        assert said in run.output.replace("`", ""), run.output
    for said in ("broken", "wordcount", "wordreport"):
        assert said in run.job("record").output, run.job("record").output

    world.pull()
    world.work.write({"python_modules/wordcount.py": good + "\nFINE = True\n"})
    world.work.git("rm", "--quiet", "python_modules/broken.py")
    world.work.commit("Mend both")
    run = world.run(world.push())
    assert run.results == dict.fromkeys(_ALL, SUCCESS), run.output
    assert world.versions() == {
        "dice": ["0.0.1", "0.0.2"],
        "wordcount": ["0.0.1", "0.0.2"],
        "wordreport": ["0.0.1", "0.0.2"],
    }
    world.released(dice="0.0.2", wordcount="0.0.2", wordreport="0.0.2")


def test_a_protected_branch_takes_no_commit_and_the_tags_are_enough(world: World) -> None:
    world.pull()
    change(world.work, "python_modules/dice.py", "Roll otherwise")
    event = world.push()
    protect(world.remote)
    run = world.run(event)
    assert run.results == dict.fromkeys(_ALL, SUCCESS), run.output
    assert world.remote.git("rev-parse", "main") == event.sha
    assert "dice-v0.0.2" in world.remote.tags()
    assert world.versions()["dice"] == ["0.0.1", "0.0.2"]
    assert world.tracked()["dice"] == "0.0.1"
    again = world.run(world.dispatch())
    assert again.results == {**dict.fromkeys(_ALL, SKIPPED), "plan": SUCCESS}, again.output
