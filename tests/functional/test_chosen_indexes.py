"""Releases that go to an index which was chosen by hand: each index goes on where it was, and nothing is done twice."""

import random
import re
from itertools import pairwise
from pathlib import Path

import pytest
from packaging.version import Version

from paa.edges.git_commit import create_tag_object
from paa.model import Burnt
from paa.plan.tags import burnt_message
from tests.functional.command_line import clone, done, paa, planned, published, with_remote
from tests.functional.samples import change
from tests.repository import Repository

DICE = "python_modules/dice.py"
INDEXES = "indexes:\n  x: {kind: directory, path: ../x}\n  y: {kind: directory, path: ../y}\n"
BOTH, ONE = f"{INDEXES}publish_to: [x, y]\n", f"{INDEXES}publish_to: x\n"
REFERENCE = "refs/paa/published/dice/{}/{}"


@pytest.fixture(params=[BOTH, ONE], ids=["both", "one"])
def begun(repository: Repository, request: pytest.FixtureRequest) -> Repository:
    """One package with a history that asks for a major bump at its begin; and a bare remote."""
    repository.write({DICE: '"""Dice."""\n', ".paa.config": request.param, ".gitignore": "/dist/\n"})
    repository.commit("feat!: everything is new")
    with_remote(repository)
    repository.git("push", "--quiet", "--set-upstream", "origin", "main")
    return repository


def release_to(repository: Repository, *indexes: str) -> str:
    options = [word for name in indexes for word in ("--index", name)]
    return done(paa(repository.path, "release", *options)).out


def references(repository: Repository) -> list[str]:
    return repository.git("for-each-ref", "--format=%(refname)", "refs/paa", "refs/tags").splitlines()


def notes_of(repository: Repository, version: str, index: str) -> list[str]:
    text = repository.git("cat-file", "tag", REFERENCE.format(version, index))
    return re.findall(r"^- (.*)$", text, re.MULTILINE)


def wheels(index: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (index / "simple").rglob("*.whl")}


def test_each_index_goes_on_where_it_was(begun: Repository, tmp_path: Path) -> None:
    """Everyday life with several feeds: x, a change, y, a change, x again."""
    remote = Repository(tmp_path / "remote.git")
    release_to(begun, "y")
    change(begun, DICE, "fix: one")
    release_to(begun, "y")
    change(begun, DICE, "feat: two")
    release_to(begun, "y")
    change(begun, DICE, "fix: three")
    release_to(begun, "y")
    assert published(tmp_path / "y", "dice") == ["0.0.1", "0.0.2", "0.1.0", "0.1.1"]
    assert published(tmp_path / "x", "dice") == []
    assert notes_of(begun, "0.1.1", "y") == ["three"]
    assert remote.tags() == ()
    assert references(remote) == references(begun)
    assert REFERENCE.format("0.1.1", "y") in references(remote)
    assert planned(done(paa(begun.path, "plan", "--index", "y", "--json"))) == {}


def test_indexes_take_turns(begun: Repository, tmp_path: Path) -> None:
    release_to(begun, "y")
    change(begun, DICE, "feat: one")
    begun.write({".paa.config": BOTH})
    begun.commit("chore: both")
    release_to(begun, "x")
    change(begun, DICE, "fix: two")
    release_to(begun, "y")
    assert published(tmp_path / "y", "dice") == ["0.0.1", "0.1.1"]
    assert published(tmp_path / "x", "dice") == ["0.1.0"]
    assert notes_of(begun, "0.1.1", "y") == ["two", "one"]
    assert begun.tags() == ()
    # Nobody has changed anything: x gets what y has, the same bytes, and now it is everywhere.
    release_to(begun, "x")
    assert published(tmp_path / "x", "dice") == ["0.1.0", "0.1.1"]
    assert (
        wheels(tmp_path / "x")["dice-0.1.1-py3-none-any.whl"] == wheels(tmp_path / "y")["dice-0.1.1-py3-none-any.whl"]
    )
    assert begun.tags() == ("dice-v0.1.1",)
    notes = (begun.path / ".paa/release_notes/dice.md").read_text()
    assert [line for line in notes.splitlines() if line.startswith("- ")] == ["- two", "- one", "- everything is new"]
    for options in ((), ("--index", "x"), ("--index", "y")):
        assert planned(done(paa(begun.path, "plan", "--json", *options))) == {}


def test_what_went_to_one_index_is_completed_with_the_same_bytes_and_then_tagged(
    begun: Repository, tmp_path: Path
) -> None:
    release_to(begun, "y")
    made = done(paa(begun.path, "plan", "--json")).json["releases"]
    assert [(item["version"], item["present_on"]) for item in made] == [("0.0.1", ["y"])]
    release_to(begun)
    assert wheels(tmp_path / "x") == wheels(tmp_path / "y")
    assert begun.tags() == ("dice-v0.0.1",)
    assert planned(done(paa(begun.path, "plan", "--json"))) == {}


def test_a_fresh_clone_knows_it_after_fetching_and_else_asks_the_index(begun: Repository, tmp_path: Path) -> None:
    remote = Repository(tmp_path / "remote.git")
    release_to(begun, "y")
    fresh = clone(remote, tmp_path / "work" / "fresh")
    config = (fresh.path / ".paa.config").read_text().replace("../", "../../")
    (fresh.path / ".paa.config").write_text(config)
    assert planned(done(paa(fresh.path, "plan", "--fetch", "--offline", "--index", "y", "--json"))) == {}
    assert REFERENCE.format("0.0.1", "y") in references(fresh)


def test_a_run_killed_before_it_recorded_is_recorded_by_the_next_one(begun: Repository, tmp_path: Path) -> None:
    remote = Repository(tmp_path / "remote.git")
    (tmp_path / "remote.git").rename(tmp_path / "away")
    assert paa(begun.path, "release", "--index", "y").code == 3
    assert references(begun) == []
    (tmp_path / "away").rename(tmp_path / "remote.git")
    release_to(begun, "y")
    assert published(tmp_path / "y", "dice") == ["0.0.1"]
    assert REFERENCE.format("0.0.1", "y") in references(remote)
    # Killed after the push: the remote has it, and this clone does not know.
    begun.git("update-ref", "-d", REFERENCE.format("0.0.1", "y"))
    target = remote.git("rev-parse", REFERENCE.format("0.0.1", "y"))
    release_to(begun, "y")
    assert begun.git("rev-parse", REFERENCE.format("0.0.1", "y")) == target
    assert published(tmp_path / "y", "dice") == ["0.0.1"]


def test_a_trial_from_a_branch_holds_nothing_up(begun: Repository, tmp_path: Path) -> None:
    begun.write({".paa.config": ONE})
    begun.commit("One")
    release_to(begun)
    begun.git("checkout", "--quiet", "-b", "trial")
    change(begun, DICE, "feat: a trial")
    done(paa(begun.path, "release", "--index", "y"))
    begun.git("checkout", "--quiet", "main")
    change(begun, DICE, "fix: for all")
    release_to(begun)
    assert published(tmp_path / "x", "dice") == ["0.0.1", "0.1.1"]
    assert begun.tags() == ("dice-v0.0.1", "dice-v0.1.1")
    change(begun, DICE, "fix: another trial")
    release_to(begun, "y")
    assert published(tmp_path / "y", "dice") == ["0.1.0", "0.1.2"]


def test_doctor_tells_that_it_was_chosen_and_spreads_nothing(begun: Repository, tmp_path: Path) -> None:
    release_to(begun, "y")
    result = paa(begun.path, "doctor", "--fix")
    assert result.code == 0, result.text
    assert "released to y alone" in " ".join(result.out.split())
    assert published(tmp_path / "x", "dice") == []
    assert begun.tags() == ()


def burn_next(repository: Repository, index: str) -> None:
    """Record that the version that would come next is used up on ``index``."""
    if version := planned(paa(repository.path, "plan", "--index", index, "--json")).get("dice"):
        reference = f"refs/paa/burnt/dice/{version}/{index}"
        if reference not in references(repository):
            message = burnt_message(Burnt(package="dice", version=version, index=index))
            create_tag_object(repository.path, reference, repository.git("rev-parse", "HEAD"), message)


def fingerprints(repository: Repository) -> dict[str, dict[str, str]]:
    """Index → version → what it was made from, as all that is recorded says."""
    found: dict[str, dict[str, str]] = {}
    for reference in references(repository):
        text = repository.git("cat-file", "-p", reference)
        values = dict(re.findall(r"^Paa-(Version|Fingerprint): (.*)$", text, re.MULTILINE))
        for index in re.findall(r"^Paa-Index: (.*)$", text, re.MULTILINE):
            known = found.setdefault(index, {})
            assert known.setdefault(values["Version"], values["Fingerprint"]) == values["Fingerprint"]
    return found


@pytest.mark.parametrize("seed", range(3))
def test_whatever_comes_after_what_versions_grow_and_the_same_sources_are_released_once(
    begun: Repository, tmp_path: Path, seed: int
) -> None:
    choose = random.Random(seed)  # noqa: S311  # the same sequence in every run
    before: dict[Path, bytes] = {}
    order: dict[str, list[str]] = {"x": [], "y": []}
    burnt: set[str] = set()
    for number in range(10):
        match choose.choice(("change", "x", "y", "x", "y", "all", "burn")):
            case "change":
                change(begun, DICE, choose.choice(("fix: a", "feat: b", "feat!: c", "Words")) + str(number))
            case "all":
                release_to(begun)
            case "burn":
                burn_next(begun, "x")
            case index:
                release_to(begun, index)
        for name, known in order.items():
            known += [version for version in published(tmp_path / name, "dice") if version not in known]
            assert all(Version(one) < Version(other) for one, other in pairwise(known))
            burnt |= {one.split("/")[-2] for one in references(begun) if one.startswith("refs/paa/burnt")}
            assert name != "x" or not burnt & set(known)
        files = {path: path.read_bytes() for path in tmp_path.glob("[xy]/simple/dice/dice-*")}
        assert before.items() <= files.items()
        before = files
    for name, made in fingerprints(begun).items():
        again = len(made) - len(set(made.values()))
        assert again <= len(burnt), f"{name}: {made}"
