"""What is built again has other bytes, as after an upgrade of a build backend: one version is never two things."""

import shutil
import zlib
from pathlib import Path

import pytest

from tests.functional.command_line import done, paa, planned, published
from tests.functional.samples import change, three_packages
from tests.repository import Repository

DICE = "python_modules/dice.py"
INDEXES = "indexes:\n  one: {kind: directory, path: ../one}\n  two: {kind: directory, path: ../two}\n"


@pytest.fixture
def released(repository: Repository) -> Repository:
    """The three packages, each released as 0.0.1 to the first index alone; what was built is gone."""
    three_packages(repository)
    repository.write({".paa.config": f"{INDEXES}publish_to: one\n"})
    repository.commit("One index")
    done(paa(repository.path, "release"))
    shutil.rmtree(repository.path / "dist")
    return repository


@pytest.fixture
def other_tools(released: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    """A zlib that compresses in another way, so that what is built after ``released`` has other bytes."""
    assert released.tags()
    monkeypatch.setattr(zlib, "Z_DEFAULT_COMPRESSION", 0)


def add_second(repository: Repository) -> None:
    repository.write({".paa.config": f"{INDEXES}publish_to: [one, two]\n"})
    repository.commit("Two indexes")


def forget(repository: Repository) -> None:
    """Lose every record, as where a run was killed before it could record anything."""
    repository.git("tag", "--delete", *repository.tags())
    repository.git("rm", "-r", "--quiet", ".paa")
    repository.commit("Forget")


def archives(index: Path) -> dict[str, bytes]:
    found = [*(index / "simple").rglob("*.whl"), *(index / "simple").rglob("*.tar.gz")]
    return {path.name: path.read_bytes() for path in found}


@pytest.mark.usefixtures("other_tools")
def test_an_index_that_is_added_gets_the_bytes_that_were_released(released: Repository, tmp_path: Path) -> None:
    before = archives(tmp_path / "one")
    add_second(released)
    done(paa(released.path, "release"))
    assert archives(tmp_path / "two") == archives(tmp_path / "one") == before
    assert planned(done(paa(released.path, "plan", "--json"))) == {}
    done(paa(released.path, "doctor"))


@pytest.mark.usefixtures("other_tools")
def test_jobs_that_build_and_publish_take_them_too(released: Repository, tmp_path: Path) -> None:
    add_second(released)
    plan = str(tmp_path / "plan.json")
    done(paa(released.path, "plan", "--output", plan))
    done(paa(released.path, "make-package", "--plan", plan))
    done(paa(released.path, "check", "--plan", plan))
    done(paa(released.path, "publish", "--plan", plan, "--index", "two"))
    assert archives(tmp_path / "two") == archives(tmp_path / "one")
    done(paa(released.path, "record", "--plan", plan))


@pytest.mark.usefixtures("other_tools")
def test_what_was_released_and_is_nowhere_any_more_is_not_replaced_by_something_else(
    released: Repository, tmp_path: Path
) -> None:
    for path in (tmp_path / "one" / "simple" / "dice").glob("dice-0.0.1*"):
        path.unlink()
    add_second(released)
    result = paa(released.path, "release")
    assert result.code == 3
    assert "paa release dice --all" in result.err
    assert published(tmp_path / "two", "dice") == []
    assert published(tmp_path / "two", "wordreport") == ["0.0.1"]
    done(paa(released.path, "release", "dice", "--all"))
    assert published(tmp_path / "two", "dice") == ["0.0.2"]


@pytest.mark.usefixtures("other_tools")
@pytest.mark.parametrize("lost", [(), ("dice-0.0.1.tar.gz",)])
def test_what_nothing_records_is_not_taken_for_ours_and_the_message_names_the_way_on(
    released: Repository, tmp_path: Path, lost: tuple[str, ...]
) -> None:
    """Where a run was killed before it could record anything, nothing tells what it has sent."""
    for name in lost:
        (tmp_path / "one" / "simple" / "dice" / name).unlink()
    forget(released)
    before = archives(tmp_path / "one")
    result = paa(released.path, "release", "dice")
    assert result.code == 3
    assert "never overwritten" in result.err
    assert archives(tmp_path / "one") == before
    subject = result.err.split('git commit --allow-empty -m "')[1].split('"')[0]
    released.commit(subject)
    done(paa(released.path, "release", "dice"))
    assert published(tmp_path / "one", "dice") == ["0.0.1", "0.0.2"]


@pytest.mark.usefixtures("other_tools")
def test_what_one_index_has_with_other_bytes_goes_to_no_other_index(
    released: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    change(released, DICE, "Better")
    add_second(released)
    plan = str(tmp_path / "plan.json")
    done(paa(released.path, "plan", "dice", "--output", plan))
    done(paa(released.path, "make-package", "--plan", plan))
    done(paa(released.path, "check", "--plan", plan))
    # Another machine was faster on one of the two.
    monkeypatch.undo()
    done(paa(released.path, "make-package", "--plan", plan, "--dist", "theirs"))
    (wheel,) = (released.path / "theirs").glob("*.whl")
    shutil.copy(wheel, tmp_path / "one")
    done(paa(tmp_path, "index", "build", str(tmp_path / "one")))
    result = paa(released.path, "publish", "--plan", plan)
    assert result.code == 3
    assert "blocked: one has dice-0.0.2-py3-none-any.whl with other bytes" in result.err
    assert archives(tmp_path / "two") == {}
