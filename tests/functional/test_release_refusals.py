"""What can't be released is blocked with a reason, and stops nothing but what needs it."""

from pathlib import Path

import pytest

from tests.functional.command_line import CONFIG, Result, clone, done, paa, planned, published, snapshot, with_remote
from tests.functional.samples import change, three_packages
from tests.repository import Repository
from tests.servers import Reply, ScriptedIndex, scripted_index

DICE = "python_modules/dice.py"
COUNT = "python_modules/wordcount.py"
REPORT = "python_modules/wordreport.py"
COMPONENT = "python_modules/components/words.py"


@pytest.fixture
def index(tmp_path: Path) -> Path:
    return tmp_path / "index"


@pytest.fixture
def released(repository: Repository) -> Repository:
    """The three packages, each released as 0.0.1, without a remote."""
    three_packages(repository)
    done(paa(repository.path, "release"))
    return repository


def blocked(result: Result) -> dict[str, str]:
    """Package → reason, of a plan as JSON."""
    return {item["package"]: item["reason"] for item in result.json["blocked"]}


def config_of(server: ScriptedIndex) -> str:
    """Settings that publish to a server on loopback."""
    urls = f'upload_url: "{server.url}upload/", simple_url: "{server.url}simple/"'
    return f"indexes:\n  server: {{kind: generic, {urls}}}\npublish_to: server\n"


def unpublished(folder: Path) -> Repository:
    """Another repository beside the index, as somebody else may have it."""
    folder.mkdir()
    repository = Repository(folder)
    repository.git("init", "--quiet")
    return repository


# -------------------------------------------------------------------------------------------------- broken packages


def test_a_broken_package_is_named_with_its_place_and_stops_no_other(repository: Repository, index: Path) -> None:
    three_packages(repository)
    repository.write({DICE: '"""Dice."""\n\ndef roll(:\n    pass\n'})
    repository.commit("Break it")
    result = paa(repository.path, "release")
    assert result.code == 1
    assert f"{DICE}:3" in result.out
    assert published(index, "dice") == []
    assert published(index, "wordcount") == published(index, "wordreport") == ["0.0.1"]
    plan = paa(repository.path, "plan", "--json")
    assert plan.code == 1
    assert [(item["package"], item["path"], item["line"]) for item in plan.json["blocked"]] == [("dice", DICE, 3)]
    listed = {item["package"]: item["state"] for item in done(paa(repository.path, "list", "--json")).json["packages"]}
    assert listed == {"dice": "broken", "wordcount": "unchanged", "wordreport": "unchanged"}


def test_what_needs_a_broken_package_waits_for_its_first_release(repository: Repository, index: Path) -> None:
    three_packages(repository)
    repository.write({COUNT: "import no_such_thing_anywhere\n"})
    repository.commit("Break it")
    assert blocked(paa(repository.path, "plan", "--json")).keys() == {"wordcount", "wordreport"}
    assert paa(repository.path, "release").code == 1
    assert published(index, "dice") == ["0.0.1"]
    assert published(index, "wordreport") == []
    assert "wordcount" in paa(repository.path, "make-package", "wordreport").err


def test_what_needs_a_broken_package_is_released_against_its_last_release(released: Repository, index: Path) -> None:
    released.write({COUNT: "import no_such_thing_anywhere\n"})
    change(released, REPORT, "Better")
    plan = paa(released.path, "plan", "--json")
    assert planned(plan) == {"wordreport": "0.0.2"}
    assert plan.json["releases"][0]["floors"] == {"wordcount": "0.0.1"}
    assert paa(released.path, "release").code == 1
    assert published(index, "wordreport") == ["0.0.1", "0.0.2"]
    assert published(index, "wordcount") == ["0.0.1"]


def test_a_package_that_can_t_be_imported_is_built_and_not_published(repository: Repository, index: Path) -> None:
    three_packages(repository)
    repository.write({COUNT: '"""Count words."""\n\nraise RuntimeError("not today")\n'})
    repository.commit("Break it at run time")
    result = paa(repository.path, "release")
    assert result.code == 1
    assert "not today" in result.err
    assert "wordreport 0.0.1 on local: blocked: blocked by wordcount" in result.err
    assert published(index, "dice") == ["0.0.1"]
    assert published(index, "wordcount") == published(index, "wordreport") == []
    assert repository.tags() == ("dice-v0.0.1",)
    repository.write({COUNT: '"""Count words."""\n\n\ndef count(text):\n    return len(text)\n'})
    repository.commit("Mend it")
    done(paa(repository.path, "release"))
    assert published(index, "wordcount") == published(index, "wordreport") == ["0.0.1"]


def test_packages_that_need_each_other_are_named_as_a_circle(repository: Repository, index: Path) -> None:
    three_packages(repository)
    repository.write({COUNT: '"""Count."""\n\nimport wordreport\n', "python_modules/above.py": "import wordreport\n"})
    repository.commit("In a circle")
    plan = paa(repository.path, "plan", "--json")
    assert plan.code == 1
    reasons = blocked(plan)
    assert reasons.keys() == {"wordcount", "wordreport", "above"}
    for name in ("wordcount", "wordreport"):
        assert "wordcount → wordreport" in reasons[name] or "wordreport → wordcount" in reasons[name]
    assert "wordreport" in reasons["above"]
    assert paa(repository.path, "release").code == 1
    assert published(index, "dice") == ["0.0.1"]
    assert published(index, "wordcount") == []


def test_two_modules_that_are_one_name_on_an_index_are_both_blocked(repository: Repository, index: Path) -> None:
    three_packages(repository)
    repository.write({"python_modules/Dice.py": "value = 1\n"})
    repository.commit("Two of one name")
    plan = paa(repository.path, "plan", "--json")
    assert blocked(plan).keys() == {"dice", "Dice"}
    assert paa(repository.path, "release").code == 1
    assert published(index, "dice") == []
    assert published(index, "wordreport") == ["0.0.1"]


# ------------------------------------------------------------------------------------------------ whose name it is


def test_a_name_that_somebody_else_released_is_blocked_until_it_is_adopted(
    repository: Repository, index: Path, tmp_path: Path
) -> None:
    other = unpublished(tmp_path / "other")
    other.write({DICE: '"""Theirs."""\n', ".paa.config": CONFIG})
    other.commit("[dice][4.0.0] Theirs")
    done(paa(other.path, "release"))
    three_packages(repository)
    before = snapshot(index)
    plan = paa(repository.path, "plan", "--json")
    assert plan.code == 1
    assert "was not released from this repository" in blocked(plan)["dice"]
    assert "adopt:" in plan.json["blocked"][0]["advice"]
    assert paa(repository.path, "release", "dice").code == 1
    assert snapshot(index) == before

    repository.write({".paa.config": f"{CONFIG}adopt: [dice]\n"})
    repository.commit("It is ours now")
    done(paa(repository.path, "release"))
    assert published(index, "dice") == ["4.0.0", "4.0.1"]


def test_a_name_that_this_repository_released_is_known_by_its_address(
    repository: Repository, index: Path, tmp_path: Path
) -> None:
    """All that was recorded is lost, and the sources have changed: the wheel on the index names the repository."""
    address = "source_repo_url: https://git.example.org/tools\n"
    repository.write({DICE: '"""Dice."""\n', ".paa.config": CONFIG + address})
    repository.commit("Dice")
    done(paa(repository.path, "release"))
    again = unpublished(tmp_path / "again")
    again.write({DICE: '"""Better dice."""\n', ".paa.config": CONFIG + address})
    again.commit("Dice")
    done(paa(again.path, "release"))
    assert published(index, "dice") == ["0.0.1", "0.0.2"]


# ----------------------------------------------------------------------------------------------- where HEAD stands


def test_a_copy_of_the_sources_does_not_own_what_the_original_released(repository: Repository, index: Path) -> None:
    """Two repositories that began with the same template: neither releases over the other, nor records its releases."""
    three_packages(repository)
    repository.git("remote", "add", "origin", "https://github.com/example/original.git")
    done(paa(repository.path, "release", "--no-push"))
    before = snapshot(index)
    repository.git("tag", "--delete", *repository.tags())
    repository.git("rm", "-r", "--quiet", ".paa")
    repository.git("remote", "set-url", "origin", "https://github.com/example/copy.git")
    repository.commit("Begin with a copy")
    plan = paa(repository.path, "plan", "--json")
    assert blocked(plan).keys() == {"dice", "wordcount", "wordreport"}
    assert all("was not released from this repository" in reason for reason in blocked(plan).values())
    doctor = paa(repository.path, "doctor", "--fix", "--no-push")
    assert doctor.code == 1
    assert "adopt: [dice]" in doctor.out
    assert paa(repository.path, "release", "--no-push").code == 1
    assert (repository.tags(), snapshot(index)) == ((), before)
    # Where it is the same repository at a new address, saying so is enough. What it makes there has other bytes.
    repository.write({".paa.config": f"{CONFIG}adopt: [dice, wordcount, wordreport]\n"})
    repository.commit("It has moved")
    done(paa(repository.path, "release", "--no-push"))
    assert published(index, "dice") == published(index, "wordreport") == ["0.0.1", "0.0.2"]
    assert planned(done(paa(repository.path, "plan", "--json"))) == {}


def test_an_older_commit_is_not_released_over_a_newer_one(released: Repository, index: Path) -> None:
    old = change(released, DICE, "Better")
    change(released, DICE, "Better still")
    done(paa(released.path, "release"))
    released.git("checkout", "--quiet", old)
    before = snapshot(index)
    plan = paa(released.path, "plan", "--json")
    assert plan.code == 1
    assert "does not descend from" in blocked(plan)["dice"]
    result = paa(released.path, "release")
    assert result.code == 1
    assert snapshot(index) == before
    assert "dice-v0.0.3" not in released.tags()


def test_rewritten_history_is_released_when_asked_for(released: Repository, index: Path) -> None:
    change(released, DICE, "feat(dice): better")
    done(paa(released.path, "release"))
    # As after a rebase: the same commits once more, and one more, on another base.
    released.git("checkout", "--quiet", "--orphan", "rewritten", "HEAD~3")
    released.commit("Begin again")
    released.write({DICE: "different = True\n"})
    released.commit("fix(dice): different")
    assert "does not descend" in blocked(paa(released.path, "plan", "--json"))["dice"]
    plan = done(paa(released.path, "plan", "--allow-rewound", "--json"))
    assert planned(plan) == {"dice": "0.1.1"}
    done(paa(released.path, "release", "--allow-rewound"))
    assert published(index, "dice") == ["0.0.1", "0.1.0", "0.1.1"]
    assert planned(done(paa(released.path, "plan", "--json"))) == {}


def test_a_clone_that_is_too_shallow_says_what_it_lacks(released: Repository, tmp_path: Path) -> None:
    remote = with_remote(released)
    change(released, DICE, "feat(dice): more")
    change(released, DICE, "fix(dice): less")
    released.git("push", "--quiet", "origin", "main", "--tags")
    shallow = clone(remote, tmp_path / "shallow", "--depth=1")
    plan = paa(shallow.path, "plan", "--json")
    assert plan.code == 1
    assert "shallow" in blocked(plan)["dice"]
    assert "--unshallow" in plan.json["blocked"][0]["advice"]
    shallow.git("fetch", "--quiet", "--unshallow", "--tags")
    assert planned(done(paa(shallow.path, "plan", "--json"))) == {"dice": "0.1.0"}


# ------------------------------------------------------------------------------------------------------- the index


@pytest.mark.parametrize("damage", ["a wheel", "yanked files"])
def test_an_index_that_can_t_be_read_makes_the_plan_provisional_and_nothing_is_released(
    released: Repository, index: Path, damage: str
) -> None:
    change(released, DICE, "Better")
    if damage == "a wheel":
        (wheel,) = (index / "simple" / "dice").glob("*.whl")
        wheel.write_bytes(b"not a wheel")
    else:
        (index / "yanked.json").write_text("[")
    before = snapshot(released.path.parent)
    plan = paa(released.path, "plan", "--json")
    assert plan.code == 3
    assert planned(plan) == {"dice": "0.0.2"}
    assert "index" in plan.json["provisional"]
    assert "provisional" in paa(released.path, "plan").err
    result = paa(released.path, "release")
    assert result.code == 3
    assert "can't be published" in result.err
    assert snapshot(released.path.parent) == before


def test_a_server_that_refuses_to_answer_makes_the_plan_provisional(repository: Repository) -> None:
    with scripted_index() as server:
        server.pages["/simple/dice/"] = [Reply(status=403)]
        three_packages(repository)
        repository.write({".paa.config": config_of(server)})
        repository.commit("To a server")
        before = snapshot(repository.path.parent)
        result = paa(repository.path, "release")
        assert result.code == 3
        assert "403" in result.err
        assert server.uploaded == []
    assert snapshot(repository.path.parent) == before


def test_a_server_that_wants_a_login_says_so_once_with_what_to_set(repository: Repository) -> None:
    """Not once for each of some hundred packages, and not that it may answer later."""
    with scripted_index() as server:
        three_packages(repository)
        names = [f"more_{number}" for number in range(9)]
        repository.write({f"python_modules/{name}.py": f'"""It is {name}."""\n' for name in names})
        for name in ("dice", "wordcount", "wordreport", *(name.replace("_", "-") for name in names)):
            server.pages[f"/simple/{name}/"] = [Reply(status=401)] * 4
        repository.write({".paa.config": config_of(server)})
        repository.commit("To a server")
        result = paa(repository.path, "release")
        assert result.code == 3
        told = result.err.splitlines()[-2]
        assert "PAA_SERVER_USERNAME and PAA_SERVER_PASSWORD" in told
        assert "10 more packages on server" in told
        assert told.count("status 401") == 2
        assert "new on the index" not in result.out


def test_a_server_is_asked_only_about_what_may_have_changed(repository: Repository, tmp_path: Path) -> None:
    with scripted_index() as server:
        three_packages(repository)
        repository.write({".paa.config": config_of(server)})
        repository.commit("To a server")
        done(paa(repository.path, "release"))
        assert len(server.uploaded) == 6
        assert repository.tags() == ("dice-v0.0.1", "wordcount-v0.0.1", "wordreport-v0.0.1")
        server.seen.clear()
        assert "nothing to release" in done(paa(repository.path, "release")).out
        assert server.seen == []
        change(repository, DICE, "Better")
        assert planned(done(paa(repository.path, "plan", "--json"))) == {"dice": "0.0.2"}
        assert {path.split("/")[2] for path in server.paths() if path.startswith("/simple/")} == {"dice"}
        # A machine that knows nothing but the index finds all there, and sends nothing.
        fresh = unpublished(tmp_path / "fresh")
        three_packages(fresh)
        fresh.write({".paa.config": config_of(server)})
        fresh.commit("To a server")
        sent = list(server.uploaded)
        done(paa(fresh.path, "release"))
        assert server.uploaded == sent
        assert fresh.tags() == ("dice-v0.0.1", "wordcount-v0.0.1", "wordreport-v0.0.1")


def test_offline_the_index_is_not_asked_and_the_plan_says_so(released: Repository, index: Path) -> None:
    change(released, DICE, "feat(dice): more")
    index.rename(index.with_name("unplugged"))
    plan = done(paa(released.path, "plan", "--offline", "--json"))
    assert planned(plan) == {"dice": "0.1.0"}
    assert "offline" in plan.json["provisional"]
    assert plan.json["releases"][0]["new_on_index"] is False


def test_what_an_offline_plan_built_is_not_published(released: Repository, tmp_path: Path, index: Path) -> None:
    change(released, DICE, "Better")
    plan = tmp_path / "plan.json"
    done(paa(released.path, "plan", "--offline", "--output", str(plan)))
    done(paa(released.path, "make-package", "--plan", str(plan)))
    done(paa(released.path, "check"))
    result = paa(released.path, "publish")
    assert result.code == 2
    assert "offline" in result.err
    assert published(index, "dice") == ["0.0.1"]


def test_uncommitted_sources_are_built_and_never_published(repository: Repository, index: Path) -> None:
    three_packages(repository)
    repository.write({DICE: "value = 2\n"})
    done(paa(repository.path, "make-package", "dice"))
    done(paa(repository.path, "check"))
    result = paa(repository.path, "publish")
    assert result.code in {1, 2}
    assert not index.exists()


def test_a_release_is_recorded_once_every_index_has_it(repository: Repository, tmp_path: Path) -> None:
    three_packages(repository)
    folders = {name: tmp_path / name for name in ("one", "two", "trial")}
    entries = "".join(f"  {name}: {{kind: directory, path: ../{name}}}\n" for name in folders)
    repository.write({".paa.config": f"indexes:\n{entries}publish_to: [one, two]\n"})
    repository.commit("Several indexes")
    for name in ("trial", "one"):
        result = done(paa(repository.path, "release", "--index", name))
        assert "not recorded" in result.err
        assert repository.tags() == ()
        assert published(folders[name], "dice") == ["0.0.1"]
        assert paa(repository.path, "record").code == 1
        assert repository.tags() == ()
    result = done(paa(repository.path, "release"))
    assert "already there: dice 0.0.1 on one" in result.out
    assert "uploaded: dice 0.0.1 on two" in result.out
    assert repository.tags() == ("dice-v0.0.1", "wordcount-v0.0.1", "wordreport-v0.0.1")
    assert {name: published(folder, "wordreport") for name, folder in folders.items()} == {
        "one": ["0.0.1"],
        "two": ["0.0.1"],
        "trial": ["0.0.1"],
    }


@pytest.mark.wrong_wheels("a wheel is changed after it was built")
def test_nothing_that_is_on_the_index_is_ever_overwritten(repository: Repository, index: Path) -> None:
    """The same version with other bytes is there, from a repository that adopted the name: it stays."""
    three_packages(repository)
    done(paa(repository.path, "release"))
    (wheel,) = (index / "simple" / "dice").glob("*.whl")
    wheel.write_bytes(wheel.read_bytes() + b"tampered")
    repository.git("tag", "--delete", *repository.tags())
    repository.git("rm", "--quiet", "-r", ".paa/tracking")
    repository.commit("Forget")
    before = wheel.read_bytes()
    result = paa(repository.path, "release", "dice")
    assert result.code in {1, 3}, result.text
    assert wheel.read_bytes() == before
    assert repository.tags() == ()


# ---------------------------------------------------------------------------------------------------- pre-releases


def test_a_pre_release_goes_nowhere_but_where_pre_releases_go(repository: Repository, tmp_path: Path) -> None:
    settings = "indexes:\n  final: {kind: directory, path: ../final}\n  early: {kind: directory, path: ../early}\n"
    repository.write({"python_modules/one.py": "VALUE = 1\n"})
    repository.write({".paa.config": f"{settings}publish_to: final\nprereleases_to: early\n"})
    repository.commit("[one][1.0.0rc1] try it")
    assert "to early" in done(paa(repository.path, "release")).out
    assert published(tmp_path / "final", "one") == []
    assert published(tmp_path / "early", "one") == ["1.0.0rc1"]
    assert repository.tags() == ("one-v1.0.0rc1",)
    assert "Paa-Index: early\n" in repository.git("cat-file", "tag", "one-v1.0.0rc1")
    assert planned(done(paa(repository.path, "plan", "--json"))) == {}
    repository.write({"python_modules/one.py": "VALUE = 2\n"})
    repository.commit("[one][1.0.0] done")
    done(paa(repository.path, "release"))
    assert published(tmp_path / "final", "one") == ["1.0.0"]


def test_a_check_that_is_asked_for_and_not_there_is_told(repository: Repository) -> None:
    settings = "indexes:\n  local: {kind: directory, path: ../index}\npublish_to: local\n"
    repository.write(
        {"python_modules/one.py": "VALUE = 1\n", ".paa.config": f"{settings}check_vulnerabilities: true\n"}
    )
    repository.commit("One")
    assert "check_vulnerabilities: this version of paa has no such check" in done(paa(repository.path, "release")).err
    repository.write(
        {"python_modules/one.py": "VALUE = 2\n", ".paa.config": f"{settings}check_vulnerabilities: false\n"}
    )
    repository.commit("Two")
    assert "no such check" not in done(paa(repository.path, "release")).err
