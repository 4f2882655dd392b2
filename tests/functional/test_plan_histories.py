"""Whatever the history looks like, the plan says what has changed since the last release, and what was asked for."""

from pathlib import Path
from typing import Any

import pytest

from tests.functional.command_line import clone, done, paa, planned, with_remote
from tests.functional.samples import COMPONENT, FILES, change, three_packages
from tests.repository import Repository

DICE, COUNT, REPORT = (f"python_modules/{name}.py" for name in ("dice", "wordcount", "wordreport"))


@pytest.fixture
def released(repository: Repository) -> Repository:
    """The three packages, each released as 0.0.1, on the branch ``main``."""
    three_packages(repository)
    repository.git("branch", "--move", "main")
    done(paa(repository.path, "release"))
    return repository


def plan(repository: Repository, *arguments: str, code: int = 0) -> dict[str, Any]:
    """The plan of HEAD, without asking the index."""
    result = paa(repository.path, "plan", "--offline", "--json", *arguments)
    assert result.code == code, result.text
    found: dict[str, Any] = result.json
    return found


def versions(repository: Repository) -> dict[str, str]:
    return {item["package"]: item["version"] for item in plan(repository)["releases"]}


def notes(repository: Repository, package: str) -> list[str]:
    (release,) = [item for item in plan(repository)["releases"] if item["package"] == package]
    found: list[str] = release["notes"]
    return found


def branch(repository: Repository, name: str, start: str = "main") -> None:
    repository.git("switch", "--quiet", "--create", name, start)


def merge(repository: Repository, *names: str, message: str, squash: bool = False) -> None:
    repository.git("switch", "--quiet", "main")
    if squash:
        repository.git("merge", "--quiet", "--squash", *names)
        repository.git("commit", "--quiet", "--message", message)
    else:
        repository.git("merge", "--quiet", "--no-ff", "--message", message, *names)


# ----------------------------------------------------------------------------------------------- how history is made


def test_linear(released: Repository) -> None:
    change(released, DICE, "feat(dice): more sides")
    change(released, COUNT, "[wordcount][..+] Count faster; Keep tabs")
    change(released, DICE, "Tidy")
    assert versions(released) == {"dice": "0.1.0", "wordcount": "0.0.2"}
    assert notes(released, "dice") == ["Tidy", "more sides"]
    assert notes(released, "wordcount") == ["Count faster", "Keep tabs"]


@pytest.mark.parametrize(
    "message",
    [
        "Merge branch 'work'",
        "Merge pull request #7 from someone/work\n\nMore sides",
        "Merged PR 7: More sides",
        "See merge request !7",
    ],
)
def test_a_merge_tells_what_its_commits_say(released: Repository, message: str) -> None:
    branch(released, "work")
    change(released, DICE, "feat(dice): more sides")
    merge(released, "work", message=message)
    assert versions(released) == {"dice": "0.1.0"}


def test_an_octopus_brings_what_each_arm_brings(released: Repository) -> None:
    for name, path, message in (
        ("one", DICE, "[dice][.+.] One"),
        ("two", COUNT, "fix(wordcount)!: two"),
        ("three", REPORT, "Three"),
    ):
        branch(released, name)
        change(released, path, message)
    merge(released, "one", "two", "three", message="Merge branches 'one', 'two' and 'three'")
    assert versions(released) == {"dice": "0.1.0", "wordcount": "1.0.0", "wordreport": "0.0.2"}


def test_a_squash_merge_counts_the_bullets_of_its_body(released: Repository) -> None:
    branch(released, "work")
    change(released, DICE, "x")
    change(released, COUNT, "y")
    body = "* feat(dice): more sides\n* [wordcount][+..] Count bytes\n\n* fix(dice): a typo\n  [dice][9.9.9] is no item"
    merge(released, "work", message=f"Words and dice (#7)\n\n{body}", squash=True)
    assert versions(released) == {"dice": "0.1.0", "wordcount": "1.0.0"}


def test_rebased_and_cherry_picked_commits_count_once_each(released: Repository) -> None:
    branch(released, "work")
    change(released, DICE, "feat(dice): more sides")
    picked = change(released, COUNT, "[wordcount][.+.] Count bytes")
    released.git("switch", "--quiet", "main")
    released.git("cherry-pick", picked)
    released.git("rebase", "--quiet", "main", "work")
    released.git("switch", "--quiet", "main")
    released.git("merge", "--quiet", "--ff-only", "work")
    assert versions(released) == {"dice": "0.1.0", "wordcount": "0.1.0"}
    assert notes(released, "wordcount") == ["Count bytes"]


def test_what_was_reverted_is_not_released(released: Repository) -> None:
    changed = change(released, DICE, "[dice][+..] Worse")
    released.git("revert", "--no-edit", changed)
    change(released, COUNT, "Better")
    made = plan(released)
    assert versions(released) == {"wordcount": "0.0.2"}
    assert made["unchanged"] == ["dice", "wordreport"]


def test_a_history_of_one_commit(repository: Repository) -> None:
    three_packages(repository)
    repository.git("commit", "--quiet", "--amend", "--message", "[dice][1.0] All at once; feat(wordcount)!: words")
    assert versions(repository) == {"dice": "1.0", "wordcount": "0.0.1", "wordreport": "0.0.1"}


def test_an_orphan_branch_is_another_history(released: Repository) -> None:
    released.git("switch", "--quiet", "--orphan", "new")
    # Made in the same second with the same message it would be the very commit that main begins with.
    released.write(FILES)
    released.commit("Three scripts, from another start")
    change(released, DICE, "Better")
    blocked = plan(released, code=1)["blocked"]
    assert [(item["package"], "does not descend from" in item["reason"]) for item in blocked] == [("dice", True)]
    assert "--allow-rewound" in blocked[0]["advice"]


def test_a_shallow_clone_says_what_it_lacks_and_releases_nothing_by_guess(
    repository: Repository, tmp_path: Path
) -> None:
    three_packages(repository)
    repository.git("branch", "--move", "main")
    remote = with_remote(repository)
    done(paa(repository.path, "release"))
    for number in range(3):
        change(repository, DICE, f"Better {number}")
    repository.git("push", "--quiet", "origin", "main")
    remote.git("symbolic-ref", "HEAD", "refs/heads/main")
    shallow = clone(remote, tmp_path / "shallow", "--depth=1")
    shallow.git("fetch", "--quiet", "--tags", "--depth=1")
    made = plan(shallow, code=1)
    (blocked,) = made["blocked"]
    assert (blocked["package"], made["unchanged"]) == ("dice", ["wordcount", "wordreport"])
    assert "shallow and does not reach back to" in blocked["reason"]
    assert "--unshallow" in blocked["advice"]
    shallow.git("fetch", "--quiet", "--unshallow")
    assert versions(shallow) == {"dice": "0.0.2"}


# ------------------------------------------------------------------------------------------------- what commits change


def test_one_commit_may_change_and_name_several(released: Repository) -> None:
    for path in (DICE, COUNT):
        released.write({path: (released.path / path).read_text() + "\n\nNEW = 1\n"})
    released.commit("[dice][.+.] Sides; and corners; [wordcount] Bytes")
    assert versions(released) == {"dice": "0.1.0", "wordcount": "0.0.2"}
    assert notes(released, "dice") == ["Sides", "and corners"]


def test_a_component_s_commit_speaks_for_all_that_ship_it(released: Repository) -> None:
    change(released, COMPONENT, "feat: better words")
    assert versions(released) == {"wordcount": "0.1.0", "wordreport": "0.1.0"}


def test_a_renamed_module_is_a_new_package_and_the_old_one_keeps_its_tags(released: Repository) -> None:
    released.git("mv", DICE, "python_modules/coins.py")
    released.commit("[coins][.+.] Dice are coins now")
    assert versions(released) == {"coins": "0.0.1"}
    done(paa(released.path, "release"))
    assert {"coins-v0.0.1", "dice-v0.0.1"} <= set(released.tags())
    assert versions(released) == {}


def test_a_package_that_comes_back_goes_on_where_it_was(released: Repository) -> None:
    released.git("rm", "--quiet", DICE)
    released.commit("[dice][+..] No more dice")
    assert versions(released) == {}
    released.git("checkout", "HEAD~1", "--", DICE)
    released.commit("Dice after all")
    assert versions(released) == {}
    change(released, DICE, "Better dice")
    assert versions(released) == {"dice": "1.0.0"}


# --------------------------------------------------------------------------------------------------------- asked for


def test_an_empty_commit_asks_and_a_merge_and_a_change_of_something_else_do_not(released: Repository) -> None:
    branch(released, "work")
    released.write({"tests/dice/test_dice.py": "def test_more():\n    pass\n"})
    released.commit("[dice][+..] Test more")
    merge(released, "work", message="Merge pull request #7 from someone/work\n\n[dice][+..] Test more")
    assert versions(released) == {}
    released.git("commit", "--quiet", "--allow-empty", "--message", "[Dice][.+.] Once more, with feeling")
    assert versions(released) == {"dice": "0.1.0"}
    assert notes(released, "dice") == ["Once more, with feeling"]
    done(paa(released.path, "release"))
    assert versions(released) == {}
    done(paa(released.path, "release", "--all", "dice"))
    assert "dice-v0.1.1" in released.tags()


def test_a_wish_that_another_package_s_release_came_after_is_not_forgotten(released: Repository) -> None:
    released.git("commit", "--quiet", "--allow-empty", "--message", "[dice][2.0] Ready")
    change(released, COUNT, "Better")
    done(paa(released.path, "release", "wordcount"))
    assert versions(released) == {"dice": "2.0"}


@pytest.mark.parametrize(
    "message",
    [
        "[dice][" + "9" * 5000 + "] too much",
        "[dice][1.0+evil] local",
        "[dice][$(touch pwned)] shell",
        "[dice]" * 2000 + "[.+.] deep",
        "[" * 5000 + "dice][.+.]",
        "[dice][.+.] \u202e txet detrever \x1b[31m red \x07",
        "[dice][.+.] ##vso[task.setvariable variable=x]y ::set-output name=x::y",
        "[dice][.+.] %0A%0D has_releases=true",
        "﻿[dice][.+.] mark",
    ],
)
def test_a_hostile_message_is_text(released: Repository, message: str) -> None:
    released.write({DICE: "VALUE = 2\n"})
    released.git("add", "--all")
    (released.path / ".git" / "message").write_text(message, encoding="utf-8")
    released.git("commit", "--quiet", "--file", ".git/message")
    result = paa(released.path, "plan", "--offline")
    assert result.code in {0, 1}
    shown = done(paa(released.path, "plan", "--offline", "--azure-output")).out if result.code == 0 else result.text
    assert not (released.path / "pwned").exists()
    assert not set("\x1b\x07\u202e") & set(shown)
    commands = [line for line in shown.splitlines() if "##vso" in line or line.lstrip().startswith("::")]
    assert all(line.startswith("##vso[task.setvariable variable=") and ";isOutput=true]" in line for line in commands)
    assert all("variable=x]" not in line for line in commands)


# --------------------------------------------------------------------------------------------------------- what is said


def test_since_explains_and_decides_nothing(released: Repository) -> None:
    changed = change(released, DICE, "[dice][+..] New sides")
    change(released, COUNT, "Better")
    without = plan(released)
    made = plan(released, "--since", changed)
    since = made.pop("since")
    assert made.pop("affected") == ["dice", "wordcount", "wordreport"]
    assert made == without
    assert since["commit"] == changed
    assert [(item["package"], item["bump"]) for item in since["packages"]] == [("wordcount", "patch")]
    everything = plan(released, "--since", "dice-v0.0.1")["since"]["packages"]
    assert [(item["package"], item["bump"]) for item in everything] == [("dice", "major"), ("wordcount", "patch")]
    shown = done(paa(released.path, "plan", "--offline", "--since", "HEAD~2")).out
    assert "  dice: major\n" in shown
    for wrong in ("nowhere", "--all", "-x", "HEAD^{tree}"):
        assert paa(released.path, "plan", "--offline", f"--since={wrong}").code == 2


def test_a_request_under_refs_paa_is_a_release_like_one_with_a_tag(released: Repository) -> None:
    """Where somebody's own tag has the name, paa keeps its own elsewhere."""
    for tag in released.tags():
        package, _, version = tag.partition("-v")
        released.git("update-ref", f"refs/paa/releases/{package}/{version}", tag)
        released.git("tag", "--delete", tag)
        released.git("tag", tag)
    released.git("rm", "--quiet", "-r", ".paa/tracking")
    released.commit("Only references are left")
    assert versions(released) == {}
    change(released, DICE, "Better")
    assert planned(done(paa(released.path, "plan", "--json"))) == {"dice": "0.0.2"}
