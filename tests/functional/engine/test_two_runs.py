"""Two runs at once, a remote that moves meanwhile, an old checkout: one release comes out, and no work is lost."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.functional.command_line import clone, done, shim
from tests.functional.engine.children import Children
from tests.functional.engine.worlds import World, differences
from tests.functional.samples import COMPONENT, change

DICE = "python_modules/dice.py"


def start(folder: Path) -> subprocess.Popen[str]:
    """``paa release`` in a process of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", "paa", "release"],
        cwd=folder,
        env=dict(os.environ),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    )


def end(process: subprocess.Popen[str]) -> tuple[int, str]:
    """Its exit code, and what it said."""
    out, err = process.communicate(timeout=120)
    return process.returncode, out + err


def second_clone(world: World, folder: Path) -> World:
    """Another machine's world: its own clone of the remote, the same indexes."""
    other = World(folder)
    other.root.mkdir()
    for name in ("local", "other"):
        (world.root / name).mkdir(exist_ok=True)
        (folder / name).symlink_to(world.root / name)
    clone(world.remote, other.repository.path)
    return other


@pytest.fixture
def undisturbed(tmp_path: Path, changed: World, children: Children) -> dict[str, str]:
    """What one undisturbed run leaves behind."""
    world = changed.copy(tmp_path / "reference")
    done(children.run(world.root, "release"))
    return world.outcome()


def test_two_runs_on_one_work_tree_do_it_once_between_them(
    spoiled: Path, changed: World, undisturbed: dict[str, str]
) -> None:
    world = changed.copy(spoiled)
    processes = [start(world.repository.path) for _ in range(3)]
    ends = [end(process) for process in processes]
    assert [code for code, _ in ends] == [0, 0, 0], ends
    assert sorted("nothing to release" in text for _, text in ends) == [False, True, True]
    assert sum(text.count("uploaded: ") for _, text in ends) == 4
    assert differences(world.outcome(), undisturbed) == []


def test_two_clones_at_once_agree_on_one_release(
    tmp_path: Path, spoiled: Path, changed: World, children: Children, undisturbed: dict[str, str]
) -> None:
    first = changed.copy(spoiled)
    second = second_clone(first, tmp_path / "second")
    processes = [start(world.repository.path) for world in (first, second)]
    ends = [end(process) for process in processes]
    # Whoever pushes later is told, or finds that nothing is left to do.
    assert {code for code, _ in ends} <= {0, 3}, ends
    assert 0 in {code for code, _ in ends}, ends
    third = second_clone(first, tmp_path / "third")
    assert "nothing to release" in done(children.run(third.root, "release")).out
    assert first.index_files() == {
        name: value for name, value in undisturbed.items() if name.startswith(("local", "other"))
    }
    tags = {name: text for name, text in undisturbed.items() if name.startswith("on the remote")}
    assert {name: text for name, text in first.outcome().items() if name.startswith("on the remote")} == tags


@pytest.mark.parametrize("touched", [DICE, "README.md"])
def test_a_remote_that_moves_before_the_push_gets_the_tags_and_keeps_its_commits(
    tmp_path: Path, spoiled: Path, changed: World, children: Children, touched: str
) -> None:
    """Somebody pushes while paa publishes. What they pushed stays, and the next run has nothing to do again."""
    world = changed.copy(spoiled)
    colleague = clone(world.remote, tmp_path / "colleague")
    colleague.write({touched: (colleague.path / touched).read_text() + "\n# Meanwhile\n"})
    theirs = colleague.commit("Meanwhile")
    once = tmp_path / "once"
    interfering = shim(
        tmp_path / "bin",
        "git",
        [
            f'case "$*" in *" push "*) [ -e {once} ] || {{',
            f': > {once}; (cd {colleague.path} && "$REAL" push -q); }};; esac',
            'exec "$REAL" "$@"',
        ],
    )
    ended = children.run(world.root, "release", environment=interfering)
    assert once.exists()
    assert ended.code == 0, ended.told
    released = {"wordcount-v0.1.0", "wordreport-v0.0.2"}
    assert released <= set(world.remote.tags())
    assert theirs in world.remote.git("log", "--format=%H", "main").split()

    before = world.archives()
    fresh = second_clone(world, tmp_path / "fresh")
    plan = done(children.run(fresh.root, "plan", "--json")).json
    assert {release["package"] for release in plan["releases"]} == ({"dice"} if touched == DICE else set())
    # And whoever pulls goes on from there.
    world.repository.git("pull", "--quiet", "--rebase", "origin", "main")
    done(children.run(world.root, "release"))
    assert before.items() <= world.archives().items()
    world.repository.git("push", "--quiet", "origin", "main")
    assert theirs in world.remote.git("log", "--format=%H", "main").split()
    assert "nothing to release" in done(children.run(world.root, "release")).out


def test_a_branch_that_nobody_may_push_to_gets_the_tags_and_they_are_enough(
    tmp_path: Path, spoiled: Path, changed: World, children: Children
) -> None:
    world = changed.copy(spoiled)
    hook = world.remote.path / "hooks/update"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text('#!/bin/sh\n[ "$1" != refs/heads/main ] || { echo protected >&2; exit 1; }\n')
    hook.chmod(0o755)
    head = world.remote.git("rev-parse", "main")
    ended = done(children.run(world.root, "release"))
    assert "only the tags were pushed" in ended.err
    assert "protected" in ended.err
    assert world.remote.git("rev-parse", "main") == head
    fresh = second_clone(world, tmp_path / "fresh")
    before = world.index_files()
    assert "nothing to release" in done(children.run(fresh.root, "release")).out
    # The release after that goes by the tags, too.
    change(fresh.repository, COMPONENT, "fix(wordcount): again")
    hook.unlink()
    fresh.repository.git("push", "--quiet", "origin", "main")
    hook.write_text('#!/bin/sh\n[ "$1" != refs/heads/main ] || exit 1\n')
    hook.chmod(0o755)
    done(children.run(fresh.root, "release"))
    assert {"wordcount-v0.1.1", "wordreport-v0.0.3"} <= set(world.remote.tags())
    assert {name for name in before if name.endswith(".whl")} <= set(world.index_files())


def test_an_old_checkout_is_refused_and_releases_no_old_code_as_new(
    tmp_path: Path, spoiled: Path, changed: World, children: Children
) -> None:
    """A run of last week that is started again: its commit is not what was released last."""
    world = changed.copy(spoiled)
    old = world.repository.git("rev-parse", "HEAD")
    done(children.run(world.root, "release"))
    change(world.repository, COMPONENT, "feat(wordcount): still more")
    world.repository.git("push", "--quiet", "origin", "main")
    done(children.run(world.root, "release"))
    before = world.index_files(), world.references()

    again = second_clone(world, tmp_path / "again")
    again.repository.git("checkout", "--quiet", "--detach", old)
    ended = children.run(again.root, "release")
    assert ended.code == 1, ended.told
    assert "HEAD does not descend from" in ended.text
    assert "--allow-rewound" in ended.text
    assert (world.index_files(), world.references()) == before


def test_a_publish_of_what_an_old_checkout_built_is_refused(spoiled: Path, changed: World, children: Children) -> None:
    world = changed.copy(spoiled)
    done(children.run(world.root, "plan", "--output", str(spoiled / "plan.json")))
    done(children.run(world.root, "make-package", "--plan", str(spoiled / "plan.json")))
    done(children.run(world.root, "check"))
    change(world.repository, DICE, "fix(dice): meanwhile")
    before = world.index_files()
    ended = children.run(world.root, "publish")
    assert ended.code == 2, ended.told
    assert "these distributions were made from" in ended.err
    assert world.index_files() == before


def test_a_history_that_was_rewritten_is_released_from_when_that_is_said(
    spoiled: Path, changed: World, children: Children
) -> None:
    world = changed.copy(spoiled)
    done(children.run(world.root, "release"))
    repository = world.repository
    repository.git("reset", "--quiet", "--hard", "HEAD~2")
    repository.write({COMPONENT: (repository.path / COMPONENT).read_text() + "\n\nWRITTEN_ANEW = True\n"})
    repository.commit("feat(wordcount): written anew")
    repository.git("push", "--quiet", "--force", "origin", "main")
    refused = children.run(world.root, "release")
    assert refused.code == 1, refused.told
    assert "HEAD does not descend from" in refused.text
    before = world.archives()
    done(children.run(world.root, "release", "--allow-rewound"))
    assert before.items() <= world.archives().items()
    assert {"wordcount-v0.2.0", "wordreport-v0.0.3"} <= set(world.remote.tags())
