"""Several indexes in one repository: each gets what it lacks, once, and nothing is released twice for it."""

import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.functional.command_line import done, paa, planned, published, snapshot, with_remote
from tests.functional.samples import change, three_packages
from tests.repository import Repository

DICE = "python_modules/dice.py"
INDEXES = "indexes:\n  one: {kind: directory, path: ../one}\n  two: {kind: directory, path: ../two}\n"
BOTH = f"{INDEXES}publish_to: [one, two]\n"
NAMES = ("dice", "wordcount", "wordreport")


@pytest.fixture
def released(repository: Repository) -> Repository:
    """The three packages, each released as 0.0.1 to the first index alone."""
    three_packages(repository)
    repository.write({".paa.config": f"{INDEXES}publish_to: one\n"})
    repository.commit("One index")
    done(paa(repository.path, "release"))
    return repository


def add_second(repository: Repository) -> None:
    repository.write({".paa.config": BOTH})
    repository.commit("Two indexes")


def plan(repository: Repository) -> dict[str, Any]:
    found: dict[str, Any] = done(paa(repository.path, "plan", "--json")).json
    return found


def hashes(index: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (index / "simple").rglob("*.whl")}


def test_an_index_that_is_added_gets_the_last_releases_and_nothing_is_made_again(
    released: Repository, tmp_path: Path
) -> None:
    add_second(released)
    made = plan(released)
    assert {item["package"]: item["version"] for item in made["releases"]} == dict.fromkeys(NAMES, "0.0.1")
    assert all(item["present_on"] == ["one"] and item["targets"] == ["one", "two"] for item in made["releases"])
    before, tags = snapshot(tmp_path / "one"), released.tags()
    done(paa(released.path, "release"))
    assert snapshot(tmp_path / "one") == before
    assert hashes(tmp_path / "two") == hashes(tmp_path / "one")
    assert released.tags() == tags
    assert planned(done(paa(released.path, "plan", "--json"))) == {}


def test_what_only_one_index_got_before_the_run_was_stopped_is_completed(released: Repository, tmp_path: Path) -> None:
    add_second(released)
    done(paa(released.path, "release"))
    change(released, DICE, "[dice][.+.] Better")
    done(paa(released.path, "release"))
    tags = [tag for tag in released.tags() if tag == "dice-v0.1.0"]
    assert tags == ["dice-v0.1.0"]
    # As a killed run leaves it: one index has it, the other does not, and nothing is recorded.
    released.git("tag", "--delete", "dice-v0.1.0")
    released.git("reset", "--quiet", "--hard", "HEAD~1")
    for path in (tmp_path / "two" / "simple").rglob("*0.1.0*"):
        path.unlink()
    made = plan(released)["releases"]
    assert [(item["version"], item["present_on"]) for item in made] == [("0.1.0", ["one"])]
    done(paa(released.path, "release"))
    assert published(tmp_path / "two", "dice") == published(tmp_path / "one", "dice") == ["0.0.1", "0.1.0"]
    assert hashes(tmp_path / "two") == hashes(tmp_path / "one")
    assert "dice-v0.1.0" in released.tags()


def test_the_tag_names_the_indexes_and_only_what_is_not_named_is_asked(released: Repository, tmp_path: Path) -> None:
    assert "Paa-Index: one\n" in released.git("cat-file", "tag", "dice-v0.0.1") + "\n"
    shutil.rmtree(tmp_path / "one")
    assert planned(done(paa(released.path, "plan", "--json"))) == {}
    add_second(released)
    assert set(planned(done(paa(released.path, "plan", "--json")))) == set(NAMES)


def test_one_index_can_be_filled_by_its_name(released: Repository, tmp_path: Path) -> None:
    done(paa(released.path, "release", "--index", "two", "dice"))
    assert published(tmp_path / "two", "dice") == ["0.0.1"]
    assert published(tmp_path / "two", "wordcount") == []
    assert planned(done(paa(released.path, "plan", "--json"))) == {}
    assert hashes(tmp_path / "two").items() <= hashes(tmp_path / "one").items()


def test_candidates_go_their_own_way_until_the_final_version(released: Repository, tmp_path: Path) -> None:
    released.write({".paa.config": f"{INDEXES}publish_to: one\nprereleases_to: two\n"})
    change(released, DICE, "feat(dice): better")
    done(paa(released.path, "release", "--pre", "rc"))
    change(released, DICE, "Better still")
    done(paa(released.path, "release", "--pre", "rc"))
    assert published(tmp_path / "two", "dice") == ["0.1.0rc1", "0.1.0rc2"]
    assert published(tmp_path / "one", "dice") == ["0.0.1"]
    assert planned(done(paa(released.path, "plan", "--json"))) == {}
    done(paa(released.path, "release", "--all", "dice"))
    assert published(tmp_path / "one", "dice") == ["0.0.1", "0.1.0"]
    assert published(tmp_path / "two", "dice") == ["0.1.0rc1", "0.1.0rc2"]
    assert {"dice-v0.1.0rc1", "dice-v0.1.0rc2", "dice-v0.1.0"} <= set(released.tags())


def test_a_candidate_whose_push_failed_is_recorded_by_the_next_run(released: Repository, tmp_path: Path) -> None:
    """It is on the index for candidates and on no other, and that is everywhere it has to be."""
    remote = with_remote(released)
    released.git("push", "--quiet", "origin", "HEAD")
    released.write({".paa.config": f"{INDEXES}publish_to: one\nprereleases_to: two\n"})
    change(released, DICE, "Better")
    remote.path.rename(tmp_path / "away")
    assert paa(released.path, "release", "--pre", "rc").code in {0, 3}
    (tmp_path / "away").rename(remote.path)
    done(paa(released.path, "release", "--pre", "rc"))
    assert "dice-v0.0.2rc1" in remote.tags()
    assert published(tmp_path / "two", "dice") == ["0.0.2rc1"]
    assert published(tmp_path / "one", "dice") == ["0.0.1"]
