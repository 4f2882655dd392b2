"""What commits ask for becomes the version on the index."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.functional.command_line import CONFIG, done, paa, planned, published
from tests.functional.samples import change, three_packages
from tests.repository import Repository

DICE = "python_modules/dice.py"
COUNT = "python_modules/wordcount.py"


@pytest.fixture
def released(repository: Repository) -> Repository:
    """The three packages, each released as 0.0.1, without a remote."""
    three_packages(repository)
    done(paa(repository.path, "release"))
    return repository


@pytest.mark.parametrize(
    ("messages", "version"),
    [
        (["Mend it"], "0.0.2"),
        (["[dice] Mend it"], "0.0.2"),
        (["[dice][..+] Mend it"], "0.0.2"),
        (["[dice][.+.] More"], "0.1.0"),
        (["[dice][+..] Anew"], "1.0.0"),
        (["[dice][1.2.3] Jump"], "1.2.3"),
        (["[dice][1.0rc1] Try"], "1.0rc1"),
        (["feat(dice): more"], "0.1.0"),
        (["fix(dice): mend"], "0.0.2"),
        (["feat(dice)!: anew"], "1.0.0"),
        (["fix: mend\n\nBREAKING CHANGE: anew"], "1.0.0"),
        (["feat(dice): more", "fix(dice): mend", "chore: tidy"], "0.1.0"),
        (["[dice][.+.] More", "[dice][+..] Anew", "Mend"], "1.0.0"),
        (["[wordcount][+..] Not about this one"], "0.0.2"),
    ],
)
def test_the_largest_bump_of_all_commits_decides(released: Repository, messages: Sequence[str], version: str) -> None:
    for message in messages:
        change(released, DICE, message)
    assert planned(done(paa(released.path, "plan", "--json", "dice"))) == {"dice": version}


def test_one_commit_may_ask_for_several_packages(released: Repository, tmp_path: Path) -> None:
    (released.path / DICE).write_text("value = 1\n")
    (released.path / COUNT).write_text("def count(text):\n    return 0\n")
    released.commit("[dice][.+.] More sides; [wordcount][+..] Count anew")
    done(paa(released.path, "release"))
    assert published(tmp_path / "index", "dice") == ["0.0.1", "0.1.0"]
    assert published(tmp_path / "index", "wordcount") == ["0.0.1", "1.0.0"]
    assert "- More sides\n" in (released.path / ".paa/release_notes/dice.md").read_text()
    assert "- Count anew\n" in (released.path / ".paa/release_notes/wordcount.md").read_text()
    assert "- Count anew\n" not in (released.path / ".paa/release_notes/dice.md").read_text()


def test_a_major_of_what_is_needed_is_not_inherited(released: Repository) -> None:
    change(released, "python_modules/components/words.py", "[wordcount][+..] Words anew")
    assert planned(done(paa(released.path, "plan", "--json"))) == {"wordcount": "1.0.0", "wordreport": "0.0.2"}


def test_a_message_counts_when_it_asks_for_a_change_that_came_in_another_commit(released: Repository) -> None:
    change(released, DICE, "Work in progress")
    released.commit("feat(dice): it is done")
    assert planned(done(paa(released.path, "plan", "--json"))) == {"dice": "0.1.0"}


def test_a_merged_branch_counts_with_all_its_commits(released: Repository) -> None:
    released.git("checkout", "--quiet", "-b", "topic")
    change(released, DICE, "feat(dice): more")
    released.git("checkout", "--quiet", "main")
    released.commit("Meanwhile")
    released.git("merge", "--quiet", "--no-ff", "--message", "Merge branch 'topic'", "topic")
    assert planned(done(paa(released.path, "plan", "--json"))) == {"dice": "0.1.0"}


def test_a_version_below_what_is_released_blocks_that_package_alone(released: Repository, tmp_path: Path) -> None:
    change(released, DICE, "[dice][0.0.1] Again")
    change(released, COUNT, "Better")
    result = paa(released.path, "release")
    assert result.code == 1
    assert "0.0.1 is already released" in result.out
    assert published(tmp_path / "index", "wordcount") == ["0.0.1", "0.0.2"]
    assert published(tmp_path / "index", "dice") == ["0.0.1"]


def test_the_first_release_has_the_default_version_or_the_one_asked_for(repository: Repository) -> None:
    repository.write({DICE: "value = 1\n", ".paa.config": f"{CONFIG}default_version: '1.0'\n"})
    repository.commit("Roll")
    assert planned(done(paa(repository.path, "plan", "--json"))) == {"dice": "1.0"}
    repository.write({DICE: "value = 2\n"})
    repository.commit("[dice][3.1] Roll")
    assert planned(done(paa(repository.path, "plan", "--json"))) == {"dice": "3.1"}


def test_messages_count_for_nothing_where_they_are_turned_off(released: Repository) -> None:
    released.write({".paa.config": f"{CONFIG}use_commit_messages: false\n"})
    change(released, DICE, "[dice][+..] Anew")
    assert planned(done(paa(released.path, "plan", "--json"))) == {"dice": "0.0.2"}


def test_versions_of_the_existing_tool_go_on(repository: Repository, tmp_path: Path) -> None:
    tracking = {
        ".paa/tracking/lsts_package_versions.yml": "dice: '1.10'\nold_friend: 3.2.1\n",
        ".paa/tracking/version_logs.csv": "Timestamp,Package,Version\n2024-01-01 00:00:00,dice,1.10\n",
        ".paa/release_notes/dice.md": "# Release notes\n\n### 1.10\n\n    - long ago\n",
    }
    repository.write({DICE: "value = 1\n", ".paa.config": CONFIG, **tracking})
    repository.commit("[dice][.+.] From the existing tool")
    done(paa(repository.path, "release"))
    assert published(tmp_path / "index", "dice") == ["1.11"]
    versions = (repository.path / ".paa/tracking/lsts_package_versions.yml").read_text()
    assert versions == "dice: '1.11'\nold_friend: 3.2.1\n"
    log = (repository.path / ".paa/tracking/version_logs.csv").read_text().splitlines()
    assert log[1] == "2024-01-01 00:00:00,dice,1.10"
    assert log[2].endswith(",dice,1.11")
    notes = (repository.path / ".paa/release_notes/dice.md").read_text()
    assert notes.index("### 1.11 (") < notes.index("### 1.10\n")
    assert notes.endswith("### 1.10\n\n    - long ago\n")
    change(repository, DICE, "fix(dice): mend")
    assert planned(done(paa(repository.path, "plan", "--json"))) == {"dice": "1.11.1"}


def test_a_bare_tag_takes_its_version_and_releases_nothing(released: Repository) -> None:
    released.git("tag", "dice-v0.5.0")
    assert planned(done(paa(released.path, "plan", "--json"))) == {}
    change(released, DICE, "Better")
    assert planned(done(paa(released.path, "plan", "--json"))) == {"dice": "0.5.1"}


def test_what_opts_out_is_not_released(repository: Repository, tmp_path: Path) -> None:
    repository.write({DICE: '__package_metadata__ = {"publish": False}\n', COUNT: "value = 1\n", ".paa.config": CONFIG})
    repository.commit("One for me, one for all")
    done(paa(repository.path, "release"))
    assert published(tmp_path / "index", "wordcount") == ["0.0.1"]
    assert published(tmp_path / "index", "dice") == []


def test_the_name_on_the_index_may_be_another_than_the_module_s(repository: Repository, tmp_path: Path) -> None:
    repository.write({DICE: '__package_metadata__ = {"name": "Loaded.Dice"}\n', ".paa.config": CONFIG})
    repository.commit("Dice")
    done(paa(repository.path, "release"))
    assert published(tmp_path / "index", "loaded-dice") == ["0.0.1"]
    assert repository.tags() == ("dice-v0.0.1",)
    assert planned(done(paa(repository.path, "plan", "--json"))) == {}
