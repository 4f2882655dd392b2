"""``paa record``, killed before each thing that it does to the world, and run again, ends as if nothing had been."""

import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.functional.command_line import CONFIG, clone, done, paa, with_remote
from tests.functional.engine.children import KILLED, Children, forking
from tests.repository import Repository

pytestmark = pytest.mark.skipif(os.name == "nt", reason="forks, and kills with a signal")

ONE, TWO = "python_modules/one.py", "python_modules/two.py"
README = "# Mine\n\n<!-- paa:packages -->\n<!-- /paa:packages -->\n\nThe end\n"
FILES = {ONE: '"""One."""\n', TWO: '"""Two."""\n', "README.md": README}
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d( \d\d:\d\d:\d\d)?")


@pytest.fixture(scope="module")
def children(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Children]:
    """Where ``paa`` is run in children that can be killed."""
    with forking(tmp_path_factory.mktemp("children")) as running:
        yield running


def published(root: Path, *, bare_tag: str = "one-v0.0.2") -> Path:
    """A folder with a repository whose second release of one package, the first of another, waits to be recorded."""
    repository = Repository(root / "repository")
    repository.path.mkdir(parents=True)
    repository.git("init", "--quiet")
    repository.write({**FILES, ".paa.config": CONFIG, ".gitignore": "/dist/\n"})
    repository.commit("Begin")
    with_remote(repository)
    repository.git("remote", "set-url", "origin", "../remote.git")
    repository.git("push", "--quiet", "--set-upstream", "origin", "main")
    done(paa(repository.path, "release", "one"))
    repository.write({ONE: '"""One."""\n\nVALUE = 2\n'})
    repository.commit("More")
    repository.git("push", "--quiet")
    done(paa(repository.path, "plan", "--output", str(root / "plan.json")))
    done(paa(repository.path, "make-package", "--plan", str(root / "plan.json")))
    done(paa(repository.path, "check"))
    done(paa(repository.path, "publish"))
    if bare_tag:
        repository.git("tag", bare_tag)
        repository.git("push", "--quiet", "origin", bare_tag)
    return root


def copy(root: Path, target: Path) -> Path:
    """The same in a new folder."""
    shutil.copytree(root, target, symlinks=True)
    return target


def outcome(root: Path) -> dict[str, str]:
    """What recording leaves behind, without moments and hashes of commits that hold them."""
    repository, remote = Repository(root / "repository"), Repository(root / "remote.git")
    found = {"status": repository.git("status", "--porcelain")}
    form = "--format=%(refname) %(*objectname) %(contents)"
    for name, where in (("here", repository), ("there", remote)):
        found[f"tags {name}"] = where.git("for-each-ref", form, "refs/tags", "refs/paa")
        found[f"history {name}"] = where.git("log", "--format=%B", "main")
        for path in where.git("ls-tree", "-r", "--name-only", "main").splitlines():
            found[f"{path} {name}"] = _MOMENT.sub("MOMENT", where.git("show", f"main:{path}"))
    for file in sorted(repository.path.rglob("*.*")):
        if file.is_file() and ".git" not in file.parts and "dist" not in file.parts:
            found[f"{file.relative_to(repository.path)} on disk"] = _MOMENT.sub("MOMENT", file.read_text())
    found["same"] = str(repository.git("rev-parse", "main") == remote.git("rev-parse", "main"))
    return found


@pytest.mark.parametrize(("again", "bare_tag"), [("record", "one-v0.0.2"), ("release", "")])
def test_killed_before_any_effect_and_run_again(tmp_path: Path, children: Children, again: str, bare_tag: str) -> None:
    begin = published(tmp_path / "begin", bare_tag=bare_tag)
    undisturbed = copy(begin, tmp_path / "undisturbed")
    ended = children.run(undisturbed, "record")
    assert ended.code == 0, ended.told
    steps = ended.steps
    expected = outcome(undisturbed)
    assert expected["same"] == "True"
    assert expected["status"] == ""
    assert "| two | 0.0.1 |" in expected["README.md there"]
    said = " ".join(steps)
    for effect in ("tag", "commit-tree", "push", "README.md", "releases.json", "update-index", "update-ref"):
        assert effect in said
    wrong = []
    for number, step in enumerate(steps, start=1):
        world = copy(begin, tmp_path / f"killed-{number}")
        assert children.run(world, "record", kill_at=number).code == KILLED
        done(children.run(world, again))
        if (found := outcome(world)) != expected:
            names = [name for name in {**found, **expected} if found.get(name) != expected.get(name)]
            wrong.append(f"killed before {step}: {names}")
        shutil.rmtree(world)
    assert not wrong, "\n".join(wrong)


def test_killed_here_it_is_finished_from_a_fresh_clone(tmp_path: Path, children: Children) -> None:
    """As in CI, where nothing is left of the run that was killed but what it has pushed and published."""
    begin = published(tmp_path / "begin")
    undisturbed = copy(begin, tmp_path / "undisturbed")
    ended = children.run(undisturbed, "record")
    assert ended.code == 0, ended.told
    steps = ended.steps
    expected = {name: text for name, text in outcome(undisturbed).items() if name.endswith(" there")}
    push = next(number for number, step in enumerate(steps, start=1) if " push " in step)
    # Before the push nothing of it is anywhere else, after it everything is.
    for number in (1, push, push + 1):
        world = copy(begin, tmp_path / f"killed-{number}")
        assert children.run(world, "record", kill_at=number).code == KILLED
        shutil.rmtree(world / "repository")
        clone(Repository(world / "remote.git"), world / "repository")
        done(children.run(world, "release"))
        found = {name: text for name, text in outcome(world).items() if name.endswith(" there")}
        assert found == expected, f"killed before {steps[number - 1]}"
        shutil.rmtree(world)
