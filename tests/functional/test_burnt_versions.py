"""A version that an index takes never again: it is recorded, and the next run releases the one after it by itself."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from paa.model import PublishState
from paa.publish.receipts import read_burnt
from tests.distributions import build_release
from tests.functional.command_line import clone, done, paa, planned, published, snapshot, with_remote
from tests.functional.publishing import run
from tests.functional.samples import change
from tests.repository import Repository
from tests.servers import Reply, ScriptedIndex, scripted_index

DICE = "python_modules/dice.py"
GONE = Reply(status=400, body=b"This filename was previously used by a file that has since been deleted.")
WHEEL = "dice-0.0.1-py3-none-any.whl"


@pytest.fixture
def company() -> Iterator[ScriptedIndex]:
    with scripted_index() as index:
        yield index


@pytest.fixture
def begun(repository: Repository, company: ScriptedIndex) -> Repository:
    """One package that goes to a server and to a folder; and a bare remote."""
    addresses = f'upload_url: "{company.url}upload/", simple_url: "{company.url}simple/"'
    config = (
        f"indexes:\n  company: {{kind: generic, {addresses}}}\n"
        "  folder: {kind: directory, path: ../folder}\npublish_to: [company, folder]\n"
    )
    repository.write({DICE: '"""Dice."""\n', ".paa.config": config, ".gitignore": "/dist/\n/plan/\n"})
    repository.commit("feat: begin")
    with_remote(repository)
    repository.git("push", "--quiet", "--set-upstream", "origin", "main")
    return repository


def burnt_references(repository: Repository) -> list[str]:
    return repository.git("for-each-ref", "--format=%(refname)", "refs/paa/burnt").splitlines()


def versions(company: ScriptedIndex) -> list[str]:
    return sorted(name.split("-")[1] for name in company.files if name.endswith(".whl"))


def test_the_next_run_releases_the_version_after_it(begun: Repository, company: ScriptedIndex, tmp_path: Path) -> None:
    remote = Repository(tmp_path / "remote.git")
    company.refusals["dice-0.0.1"] = GONE
    first = paa(begun.path, "release")
    assert first.code == 3
    assert "the next run releases the version after it" in first.err
    assert burnt_references(remote) == ["refs/paa/burnt/dice/0.0.1/company"] == burnt_references(begun)
    assert remote.tags() == ()
    kept = snapshot(tmp_path / "folder")
    fresh = clone(remote, tmp_path / "fresh")
    made = done(paa(fresh.path, "plan", "--fetch", "--json")).json["releases"]
    assert [item["version"] for item in made] == ["0.0.2"]
    assert made[0]["reasons"][0] == {"kind": "used-up", "text": "0.0.1 is used up on company"} | made[0]["reasons"][0]
    done(paa(begun.path, "release"))
    assert versions(company) == ["0.0.2"]
    assert published(tmp_path / "folder", "dice") == ["0.0.1", "0.0.2"]
    name = f"simple/dice/{WHEEL}"
    assert snapshot(tmp_path / "folder")[name] == kept[name]
    assert remote.tags() == ("dice-v0.0.2",)
    notes = remote.git("show", "main:.paa/release_notes/dice.md")
    assert "- 0.0.1 is used up on company, so that 0.0.2 takes its place" in notes
    assert "- begin" in notes
    assert planned(done(paa(begun.path, "plan", "--json"))) == {}
    assert paa(begun.path, "doctor").code == 0


def test_a_major_bump_is_not_made_twice(begun: Repository, company: ScriptedIndex) -> None:
    done(paa(begun.path, "release"))
    change(begun, DICE, "feat!: all new")
    company.refusals["dice-1.0.0"] = GONE
    assert paa(begun.path, "release").code == 3
    assert planned(paa(begun.path, "plan", "--json")) == {"dice": "1.0.1"}
    company.refusals["dice-1.0.1"] = GONE
    assert paa(begun.path, "release").code == 3
    done(paa(begun.path, "release"))
    assert versions(company) == ["0.0.1", "1.0.2"]


def test_what_got_there_half_is_passed_over(begun: Repository, company: ScriptedIndex) -> None:
    company.refusals["dice-0.0.1.tar.gz"] = GONE
    assert paa(begun.path, "release").code == 3
    assert WHEEL in company.files
    told = paa(begun.path, "doctor")
    assert "used-up" in told.out
    assert told.code == 1
    done(paa(begun.path, "release"))
    assert versions(company) == ["0.0.1", "0.0.2"]
    assert paa(begun.path, "doctor").code == 0


def test_a_candidate_takes_the_next_number(begun: Repository, company: ScriptedIndex) -> None:
    company.refusals["dice-0.0.1rc1"] = GONE
    assert paa(begun.path, "release", "--pre", "rc").code == 3
    done(paa(begun.path, "release", "--pre", "rc"))
    assert versions(company) == ["0.0.1rc2"]


def test_an_empty_commit_leads_past_it_too(begun: Repository, company: ScriptedIndex) -> None:
    company.refusals["dice-0.0.1"] = GONE
    first = paa(begun.path, "release")
    subject = first.err.partition('-m "')[2].partition('"')[0].replace("\n", " ")
    begun.git("commit", "--quiet", "--allow-empty", "-m", " ".join(subject.split()))
    assert planned(paa(begun.path, "plan", "--json")) == {"dice": "0.0.2"}
    done(paa(begun.path, "release"))
    assert versions(company) == ["0.0.2"]


def test_an_exact_version_that_is_used_up_is_passed_over(begun: Repository, company: ScriptedIndex) -> None:
    change(begun, DICE, "[dice][2.0.0] This one")
    company.refusals["dice-2.0.0"] = GONE
    assert paa(begun.path, "release").code == 3
    done(paa(begun.path, "release"))
    assert versions(company) == ["2.0.1"]


def test_a_tag_that_asks_for_it_is_told_to_ask_for_another(begun: Repository, company: ScriptedIndex) -> None:
    company.refusals["dice-0.0.1"] = GONE
    assert paa(begun.path, "release").code == 3
    begun.git("tag", "dice-v0.0.1")
    result = paa(begun.path, "plan", "--tag", "dice-v0.0.1")
    assert result.code == 1
    assert "used up on company" in result.text


def jobs(begun: Repository, *, publish: bool = True) -> int:
    """Plan, build and check in the clone, and publish there; how that ended."""
    (begun.path / "plan").mkdir(exist_ok=True)
    done(paa(begun.path, "plan", "--output", str(begun.path / "plan" / "plan.json")))
    done(paa(begun.path, "make-package", "--plan", "plan/plan.json"))
    done(paa(begun.path, "check"))
    return paa(begun.path, "publish", "--plan", "plan/plan.json").code if publish else 0


@pytest.mark.parametrize("where", ["burnt/company", "receipts-company-1/burnt/company"])
def test_the_job_that_records_gets_it_by_receipt(begun: Repository, company: ScriptedIndex, where: str) -> None:
    company.refusals["dice-0.0.1"] = GONE
    assert jobs(begun) == 3
    note = begun.path / "dist/.paa/burnt/company/dice-0.0.1.json"
    target = begun.path / "dist/.paa" / where / note.name
    target.parent.mkdir(parents=True, exist_ok=True)
    note.rename(target)
    result = paa(begun.path, "record", "--plan", "plan/plan.json", "--summary", str(begun.path / "summary.md"))
    assert result.code == 1
    assert "used up on company" in result.err
    assert "used up on company" in (begun.path / "summary.md").read_text()
    assert burnt_references(begun) == ["refs/paa/burnt/dice/0.0.1/company"]
    # Once more changes nothing.
    assert paa(begun.path, "record", "--plan", "plan/plan.json").code == 1
    assert planned(paa(begun.path, "plan", "--json")) == {"dice": "0.0.2"}


def test_killed_before_it_was_recorded_it_is_found_out_again(begun: Repository, company: ScriptedIndex) -> None:
    company.refusals["dice-0.0.1"] = GONE
    assert jobs(begun) == 3
    (begun.path / "dist/.paa/burnt/company/dice-0.0.1.json").unlink()
    assert paa(begun.path, "record", "--plan", "plan/plan.json").code == 1
    assert burnt_references(begun) == []
    assert paa(begun.path, "release").code == 3
    assert burnt_references(begun) == ["refs/paa/burnt/dice/0.0.1/company"]


@pytest.mark.parametrize(
    "change_of", [{}, {"package": "other"}, {"version": "7"}, {"index": "folder"}, {"index": "../x"}, {"schema": 9}]
)
def test_a_receipt_that_the_index_or_the_plan_contradicts_burns_nothing(
    begun: Repository, change_of: dict[str, object]
) -> None:
    assert jobs(begun) == 0
    note = begun.path / "dist/.paa/burnt/company/dice-0.0.1.json"
    note.parent.mkdir(parents=True)
    document = {"schema": 1, "index": "company", "package": "dice", "version": "0.0.1"}
    note.write_text(json.dumps(document | change_of))
    done(paa(begun.path, "record", "--plan", "plan/plan.json"))
    assert burnt_references(begun) == []


def test_a_note_of_a_version_that_came_after_all_counts_for_nothing(begun: Repository, company: ScriptedIndex) -> None:
    company.refusals["dice-0.0.1"] = GONE
    assert paa(begun.path, "release").code == 3
    company.refusals.clear()
    for path in (begun.path / "dist").glob("dice-0.0.1*"):
        company.files[path.name] = path.read_bytes()
    assert planned(paa(begun.path, "plan", "--json")) == {"dice": "0.0.1"}
    done(paa(begun.path, "release"))
    assert begun.tags() == ("dice-v0.0.1",)


@pytest.mark.parametrize(
    ("reply", "state"),
    [
        (Reply(status=403, body=b"A project of that name already exists, and you may not upload."), PublishState.BURNT),
        (Reply(status=409), PublishState.BURNT),
        (Reply(status=400, body=b"Invalid metadata: the description already has a title"), PublishState.FAILED),
        (Reply(status=401, body=b"already logged out"), PublishState.FAILED),
        (Reply(status=413), PublishState.FAILED),
        (Reply(status=503, body=b"already exists"), PublishState.FAILED),
    ],
)
def test_an_index_that_refuses_for_another_reason_burns_nothing(
    company: ScriptedIndex, tmp_path: Path, reply: Reply, state: PublishState
) -> None:
    dist = tmp_path / "dist"
    dist.mkdir()
    built = build_release(dist, "foo", "1.0")
    company.refusals["foo"] = reply
    assert run(dist, [company.index()], built, confirm_seconds=0.1)[0].state is state
    assert read_burnt(dist) == ()


@pytest.mark.parametrize("first", [Reply(status=503), Reply(drops=True), Reply(stored=False)])
def test_what_we_may_have_brought_there_ourselves_is_late_and_not_burnt(
    company: ScriptedIndex, tmp_path: Path, first: Reply
) -> None:
    """The first try may have got through although it failed, or did and is not shown yet."""
    dist = tmp_path / "dist"
    dist.mkdir()
    built = build_release(dist, "foo", "1.0")
    exists = Reply(status=400, body=b"File already exists")
    company.uploads.extend([first, exists, exists, exists])
    for _ in range(2):
        run(dist, [company.index()], built, confirm_seconds=0.1)
    assert read_burnt(dist) == ()


def test_a_name_that_is_said_to_be_used_and_never_shows_is_noted(company: ScriptedIndex, tmp_path: Path) -> None:
    dist = tmp_path / "dist"
    dist.mkdir()
    built = build_release(dist, "foo", "1.0")
    company.refusals["foo"] = Reply(status=409, body=b"The feed already contains file foo-1.0.tar.gz")
    run(dist, [company.index()], built, confirm_seconds=0.1)
    assert [(note.version, note.index) for note in read_burnt(dist)] == [("1.0", "scripted")]
    company.refusals.clear()
    run(dist, [company.index()], built)
    assert read_burnt(dist) == ()
