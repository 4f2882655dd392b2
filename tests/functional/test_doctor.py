"""``paa doctor``: what differs between tags, tracking, notes and indexes is named, and the smallest repair made."""

import itertools
import json
import re
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from tests.distributions import build
from tests.functional.command_line import Result, clone, done, paa, snapshot, with_remote
from tests.functional.samples import change, three_packages
from tests.functional.test_json_documents import assert_valid
from tests.repository import Repository
from tests.servers import pypiserver, scripted_index

TRACKING = ".paa/tracking/releases.json"
NOTES = ".paa/release_notes/dice.md"
TWO = (
    "indexes:\n  first: {kind: directory, path: ../first}\n  second: {kind: directory, path: ../second}\n"
    "publish_to: [first, second]\n"
)
DICE = '"""Roll dice."""\n\n\ndef roll():\n    return 4\n'


@pytest.fixture
def released(repository: Repository) -> Repository:
    """Three packages that were released to a folder beside the repository, and pushed."""
    three_packages(repository)
    with_remote(repository)
    done(paa(repository.path, "release"))
    return repository


@pytest.fixture
def on_two(repository: Repository) -> Repository:
    """One package, released to two indexes."""
    repository.write({".paa.config": TWO, ".gitignore": "/dist/\n", "python_modules/dice.py": DICE})
    repository.commit("Dice")
    with_remote(repository)
    done(paa(repository.path, "release"))
    return repository


def file_of(index: Path, distribution: str, ending: str) -> Path:
    (found,) = [path for path in (index / "simple" / distribution).iterdir() if path.name.endswith(ending)]
    return found


def served(index: Path) -> Mapping[str, bytes]:
    """The distributions that an index has."""
    return {path.name: path.read_bytes() for path in index.rglob("*") if path.name.endswith((".whl", ".tar.gz"))}


def state_of(repository: Repository) -> object:
    """All that a release leaves, but for Git's own files: what a repair must bring back."""
    tags = {
        tag: repository.git("tag", "--list", "--format=%(contents)%(*objectname)", tag) for tag in repository.tags()
    }
    tracking = json.loads((repository.path / TRACKING).read_text())
    return served(repository.path.parent / "index"), tags, tracking


def rules(result: Result) -> dict[str, list[str]]:
    """Package → the rules that its last version breaks."""
    found = {}
    for package in result.json["packages"]:
        names = [difference["rule"] for version in package["versions"] for difference in version["differences"]]
        if names:
            found[package["package"]] = names
    return found


def lose_tag(repository: Repository) -> None:
    repository.git("tag", "--delete", "dice-v0.0.1")


def lose_sdist(repository: Repository) -> None:
    file_of(repository.path.parent / "index", "dice", ".tar.gz").unlink()


def lose_everything_on_the_index(repository: Repository) -> None:
    shutil.rmtree(repository.path.parent / "index" / "simple" / "dice")


def lose_entry(repository: Repository) -> None:
    document = json.loads((repository.path / TRACKING).read_text())
    document["releases"] = [item for item in document["releases"] if item["package"] != "dice"]
    repository.write({TRACKING: json.dumps(document)})
    repository.commit("Lose an entry")


def lose_line(repository: Repository) -> None:
    path = ".paa/tracking/lsts_package_versions.yml"
    lines = (repository.path / path).read_text().splitlines(keepends=True)
    repository.write({path: "".join(line for line in lines if not line.startswith("dice"))})
    repository.commit("Lose a line of the existing tool's file")


def lose_notes(repository: Repository) -> None:
    (repository.path / NOTES).unlink()
    repository.commit("Lose the notes")


def lose_all_records(repository: Repository) -> None:
    lose_tag(repository)
    lose_entry(repository)
    lose_notes(repository)


DAMAGES: tuple[tuple[Callable[[Repository], None], list[str]], ...] = (
    (lose_tag, ["missing-tag"]),
    (lose_sdist, ["missing-files"]),
    (lose_everything_on_the_index, ["missing-files"]),
    (lose_entry, ["missing-entry"]),
    (lose_line, ["missing-entry"]),
    (lose_notes, ["missing-notes"]),
    (lose_all_records, ["missing-tag", "missing-entry", "missing-notes"]),
)


def test_of_a_healthy_repository_only_the_count_is_told(released: Repository) -> None:
    before = snapshot(released.path.parent)
    result = done(paa(released.path, "doctor"))
    assert result.out.splitlines()[-1] == "3 packages looked at on local: all is well"
    assert "0.0.1" not in result.out
    told = done(paa(released.path, "doctor", "-v"))
    assert "dice 0.0.1: well (tag ours, tracking same, notes there, local complete)" in told.out
    assert snapshot(released.path.parent) == before


def test_packages_that_were_never_released_are_well(repository: Repository) -> None:
    three_packages(repository)
    assert "never released" in done(paa(repository.path, "doctor", "-v")).out


@pytest.mark.parametrize(("damage", "expected"), DAMAGES, ids=[damage.__name__ for damage, _ in DAMAGES])
def test_a_damage_is_named_and_repaired_and_nothing_else_changes(
    released: Repository, damage: Callable[[Repository], None], expected: list[str]
) -> None:
    sound = state_of(released)
    damage(released)
    before = snapshot(released.path.parent)
    looked = paa(released.path, "doctor", "--json")
    assert (looked.code, rules(looked)) == (1, {"dice": expected}), looked.text
    assert snapshot(released.path.parent) == before, "it looks, and writes nothing"
    fixed = paa(released.path, "doctor", "--fix", "--json")
    assert (fixed.code, rules(fixed)) == (0, {}), fixed.text
    assert_valid(fixed.json, "doctor.schema.json")
    assert state_of(released) == sound
    after = snapshot(released.path.parent)
    done(paa(released.path, "doctor", "--fix"))
    assert snapshot(released.path.parent) == after, "a second time changes nothing"
    assert done(paa(released.path, "plan", "--json")).json["releases"] == []


def test_a_lost_tag_comes_back_on_the_commit_that_was_released(released: Repository) -> None:
    source = released.git("rev-parse", "dice-v0.0.1^{commit}")
    shutil.rmtree(released.path / "dist")
    lose_tag(released)
    change(released, "python_modules/dice.py", "Change it")
    done(paa(released.path, "doctor", "--fix"))
    assert released.git("rev-parse", "dice-v0.0.1^{commit}") == source
    assert "dice-v0.0.1" in released.git("ls-remote", "--tags", "origin")


def test_without_push_all_stays_here(released: Repository) -> None:
    lose_tag(released)
    released.git("push", "--quiet", "origin", ":refs/tags/dice-v0.0.1")
    done(paa(released.path, "doctor", "--fix", "--no-push"))
    assert "dice-v0.0.1" in released.tags()
    assert "dice-v0.0.1" not in released.git("ls-remote", "--tags", "origin")


def test_what_nobody_can_tell_the_sources_of_is_left_to_the_next_release(released: Repository) -> None:
    lose_all_records(released)
    shutil.rmtree(released.path / "dist")
    change(released, "python_modules/dice.py", "Change it")
    result = done(paa(released.path, "doctor"))
    assert "unknown-sources" in result.out
    assert "dice-v0.0.1" not in released.tags()


def test_half_a_release_that_nobody_has_the_rest_of_is_named_and_superseded(released: Repository) -> None:
    lose_sdist(released)
    lose_tag(released)
    shutil.rmtree(released.path / "dist")
    before = snapshot(released.path.parent)
    for options in ([], ["--fix"]):
        result = paa(released.path, "doctor", *options)
        assert result.code == 1
        assert "lost-bytes: local lacks files of it" in result.out
        assert "paa release dice --all" in result.out
    assert snapshot(released.path.parent) == before
    done(paa(released.path, "release", "dice", "--all"))
    after = done(paa(released.path, "doctor"))
    assert "dice 0.0.1, superseded" in after.out


COMBINATIONS = list(itertools.product((True, False), (True, False), *[("complete", "half", "absent")] * 2))


@pytest.mark.parametrize(("tagged", "tracked", "first", "second"), COMBINATIONS)
def test_every_combination_converges(
    on_two: Repository, *, tagged: bool, tracked: bool, first: str, second: str
) -> None:
    sound = {name: served(on_two.path.parent / name) for name in ("first", "second")}
    if not tagged:
        lose_tag(on_two)
    if not tracked:
        lose_entry(on_two)
    for name, has in (("first", first), ("second", second)):
        folder = on_two.path.parent / name
        if has == "half":
            file_of(folder, "dice", ".tar.gz").unlink()
        elif has == "absent":
            shutil.rmtree(folder / "simple" / "dice")
    is_forgotten = not tagged and not tracked and first == second == "absent"
    result = done(paa(on_two.path, "doctor", "--fix", "--json"))
    after = snapshot(on_two.path.parent)
    assert rules(done(paa(on_two.path, "doctor", "--fix", "--json"))) == {}
    assert snapshot(on_two.path.parent) == after
    if is_forgotten:
        assert result.json["packages"][0]["versions"] == []
        return
    assert {name: served(on_two.path.parent / name) for name in sound} == sound
    assert on_two.tags() == ("dice-v0.0.1",)


def test_one_index_is_filled_with_the_bytes_of_another(on_two: Repository) -> None:
    sound = served(on_two.path.parent / "first")
    shutil.rmtree(on_two.path / "dist")
    shutil.rmtree(on_two.path.parent / "second")
    result = done(paa(on_two.path, "doctor", "--fix"))
    assert "uploaded: dice 0.0.1 on second" in result.out
    assert served(on_two.path.parent / "second") == sound


def test_other_bytes_are_never_overwritten(on_two: Repository) -> None:
    file_of(on_two.path.parent / "second", "dice", ".tar.gz").write_bytes(b"something else")
    before = snapshot(on_two.path.parent)
    result = paa(on_two.path, "doctor", "--fix")
    assert result.code == 1
    assert "other-bytes: second has other bytes" in result.out
    assert snapshot(on_two.path.parent) == before


def test_when_two_indexes_disagree_and_no_tag_decides_nothing_is_done(on_two: Repository) -> None:
    lose_tag(on_two)
    shutil.rmtree(on_two.path / "dist")
    file_of(on_two.path.parent / "second", "dice", ".tar.gz").write_bytes(b"something else")
    before = snapshot(on_two.path.parent)
    assert paa(on_two.path, "doctor", "--fix").code == 1
    assert snapshot(on_two.path.parent) == before


def test_no_tag_is_written_while_an_index_was_not_asked(on_two: Repository) -> None:
    lose_tag(on_two)
    result = paa(on_two.path, "doctor", "--fix", "--index", "first")
    assert result.code == 1
    assert "not-all-asked" in result.out
    assert on_two.tags() == ()
    done(paa(on_two.path, "doctor", "--fix"))
    assert on_two.tags() == ("dice-v0.0.1",)


def test_what_is_yanked_is_not_brought_elsewhere(on_two: Repository) -> None:
    parent = on_two.path.parent
    yanked = {path.name: "broken" for path in (parent / "first" / "simple" / "dice").iterdir() if "0.0.1" in path.name}
    (parent / "first" / "yanked.json").write_text(json.dumps({"schema": 1, "files": yanked}))
    shutil.rmtree(parent / "second" / "simple" / "dice")
    done(paa(on_two.path, "doctor", "--fix"))
    assert served(parent / "second") == {}


def test_a_project_of_somebody_else_is_left_alone(released: Repository, tmp_path: Path) -> None:
    stranger = released.path.parent / "index" / "simple" / "newcomer"
    stranger.mkdir()
    for made in build(tmp_path / "theirs", "newcomer", "1.0"):
        shutil.copy(made, stranger)
    released.write({"python_modules/newcomer.py": '"""New."""\n'})
    released.commit("A newcomer")
    before = snapshot(released.path.parent)
    result = paa(released.path, "doctor", "--fix")
    assert result.code == 1
    assert "not-ours: local has newcomer" in result.out
    assert "adopt: [newcomer]" in result.out
    assert snapshot(released.path.parent) == before


def test_a_tag_that_contradicts_is_left_to_the_user(released: Repository) -> None:
    message = released.git("tag", "--list", "--format=%(contents)", "wordcount-v0.0.1")
    lose_tag(released)
    released.git("tag", "--annotate", "--message", message, "dice-v0.0.1")
    before = snapshot(released.path.parent)
    result = paa(released.path, "doctor", "--fix")
    assert result.code == 1
    assert "git tag --delete dice-v0.0.1" in result.out
    assert snapshot(released.path.parent) == before
    lose_tag(released)
    done(paa(released.path, "doctor", "--fix"))


def test_a_tracking_entry_of_other_sources_is_left_to_the_user(released: Repository) -> None:
    document = json.loads((released.path / TRACKING).read_text())
    next(item for item in document["releases"] if item["package"] == "dice")["fingerprint"] = "0" * 64
    released.write({TRACKING: json.dumps(document)})
    released.commit("Somebody edits it")
    before = snapshot(released.path.parent)
    result = paa(released.path, "doctor", "--fix", "--json")
    assert (result.code, rules(result)) == (1, {"dice": ["contradicting-entry"]})
    assert snapshot(released.path.parent) == before


def test_an_index_that_cannot_be_read_ends_it_with_3(on_two: Repository) -> None:
    (on_two.path.parent / "second" / "yanked.json").write_text("{")
    lose_tag(on_two)
    before = snapshot(on_two.path.parent)
    result = paa(on_two.path, "doctor", "--fix")
    assert result.code == 3
    assert "the index second can't be read" in result.err
    assert "yanked.json" in result.err
    assert snapshot(on_two.path.parent) == before
    assert_valid(paa(on_two.path, "doctor", "--json").json, "doctor.schema.json")


@pytest.mark.parametrize("content", ["<<<<<<< HEAD\n", "{", '{"schema": 1, "releases": [{"package": "dice"}]}', "[]"])
def test_broken_tracking_files_are_named_and_left_as_they_are(released: Repository, content: str) -> None:
    released.write({TRACKING: content})
    released.commit("A bad merge")
    lose_tag(released)
    result = paa(released.path, "doctor", "--fix")
    assert result.code == 1
    assert TRACKING in result.err
    assert "unread-tracking" in result.out
    assert (released.path / TRACKING).read_text() == content


def test_a_tracking_file_that_a_merge_broke_comes_back_as_the_error_says(released: Repository) -> None:
    before = json.loads((released.path / TRACKING).read_text())
    released.write({TRACKING: "<<<<<<< HEAD\n"})
    released.commit("A bad merge")
    result = paa(released.path, "plan", "--offline")
    assert (result.code, "remove it, commit that, and run 'paa doctor --fix'" in result.err) == (2, True), result.text
    assert "see above" in paa(released.path, "doctor").out
    released.git("rm", "--quiet", TRACKING)
    released.commit("Remove it")
    done(paa(released.path, "doctor", "--fix"))
    assert json.loads((released.path / TRACKING).read_text()) == before
    assert "nothing to release" in done(paa(released.path, "plan")).out


def test_only_the_packages_that_are_named(released: Repository) -> None:
    lose_tag(released)
    released.git("tag", "--delete", "wordcount-v0.0.1")
    result = paa(released.path, "doctor", "--fix", "dice", "--json")
    assert [item["package"] for item in result.json["packages"]] == ["dice"]
    assert released.tags() == ("dice-v0.0.1", "wordreport-v0.0.1")
    unknown = paa(released.path, "doctor", "dise")
    assert unknown.code == 2
    assert "did you mean 'dice'?" in unknown.err


def test_notes_tell_what_would_stop_a_release(released: Repository, tmp_path: Path) -> None:
    remote = Repository(released.path.parent / "remote.git")
    settings = (released.path / ".paa.config").read_text()
    released.write({".paa.config": f"{settings}check_vulnerabilities: true\n"})
    change(released, "python_modules/dice.py", "One more")
    released.git("push", "--quiet", "origin", "main")
    shallow = clone(remote, tmp_path / "shallow", "--depth", "1")
    shallow.git("checkout", "--quiet", "--detach")
    shallow.git("remote", "remove", "origin")
    shallow.write({"python_modules/extra.py": "value = 1\n"})
    topics = {item["topic"] for item in paa(shallow.path, "doctor", "--json").json["advice"]}
    assert topics == {"shallow", "detached", "remote", "uncommitted", "settings"}
    assert "python_modules/extra.py" in paa(shallow.path, "doctor").out


def test_what_stops_no_release_is_no_note(repository: Repository) -> None:
    """``dist/`` need not be ignored by Git: a release passes it by, and so does whoever is asked about one."""
    repository.write({".paa.config": TWO, "python_modules/dice.py": DICE})
    repository.commit("Dice")
    with_remote(repository)
    done(paa(repository.path, "release"))
    assert (repository.path / "dist").is_dir()
    assert paa(repository.path, "doctor", "--json").json["advice"] == []
    assert "all is well" in paa(repository.path, "doctor").out
    elsewhere = paa(repository.path, "doctor", "--dist", str(repository.path.parent / "other"), "--json")
    assert [item["topic"] for item in elsewhere.json["advice"]] == ["uncommitted"]


def pipelines_note(repository: Repository) -> Mapping[str, str] | None:
    """What ``doctor`` says of pipelines."""
    document = paa(repository.path, "doctor", "--json").json
    assert_valid(document, "doctor.schema.json")
    return next((item for item in document["advice"] if item["topic"] == "pipelines"), None)


def test_pipelines_that_do_not_know_an_index_are_told(released: Repository) -> None:
    """Else it is the first publishing that fails, with the login of an index that no job was given."""
    done(paa(released.path, "init-ppr", "--github"))
    released.commit("Pipelines")
    assert pipelines_note(released) is None
    settings = (released.path / ".paa.config").read_text()
    with_index = settings.replace("indexes:\n", "indexes:\n  new: {kind: directory, path: ../new}\n")
    released.write({".paa.config": with_index.replace("publish_to: local", "publish_to: [local, new]")})
    released.commit("One more index")
    before = snapshot(released.path)
    note = pipelines_note(released)
    assert note is not None
    assert ".github/workflows/publish.yml" in note["text"]
    assert note["then"] == "paa init-ppr --github, then commit"
    assert snapshot(released.path) == before
    done(paa(released.path, "init-ppr", "--github"))
    released.commit("Pipelines for both")
    assert pipelines_note(released) is None


def test_what_was_generated_by_a_newer_paa_or_is_damaged_stops_no_doctor(released: Repository) -> None:
    done(paa(released.path, "init-ppr", "--github"))
    generated = (released.path / ".paa/generated.json").read_text()
    for content in ("{", re.sub(r'"paa": "[^"]+"', '"paa": "99.0"', generated)):
        released.write({".paa/generated.json": content})
        released.commit(f"Damaged: {len(content)}")
        note = pipelines_note(released)
        assert note is not None
        assert "can't be told" in note["text"]
        assert done(paa(released.path, "doctor")).code == 0


def test_the_words_fit_into_80_columns(released: Repository) -> None:
    lose_all_records(released)
    lose_sdist(released)
    result = paa(released.path, "doctor")
    assert max(map(len, result.out.splitlines())) <= 80
    assert "(--fix does it)" in result.out


@pytest.mark.server
@pytest.mark.parametrize("hashes", [True, False])
def test_a_server_is_filled_up(
    repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, hashes: bool
) -> None:
    with pypiserver(tmp_path / "server", user=("ann", "s3cret-word"), hashes=hashes) as server:
        monkeypatch.setenv("PAA_COMPANY_USERNAME", "ann")
        monkeypatch.setenv("PAA_COMPANY_PASSWORD", "s3cret-word")
        config = f"  company: {{kind: pypiserver, upload_url: '{server.url}', simple_url: '{server.url}simple/'}}\n"
        repository.write({".paa.config": f"indexes:\n{config}publish_to: company\n", ".gitignore": "/dist/\n"})
        repository.write({"python_modules/dice.py": DICE})
        repository.commit("Dice")
        done(paa(repository.path, "release"))
        sound = served(server.folder)
        (sdist,) = server.folder.glob("*.tar.gz")
        sdist.unlink()
        looked = paa(repository.path, "doctor", "--json")
        assert (looked.code, rules(looked)) == (1, {"dice": ["missing-files"]})
        assert looked.json["credentials"] == [{"index": "company", "source": "PAA_COMPANY_PASSWORD"}]
        uploads = server.uploads()
        fixed = done(paa(repository.path, "doctor", "--fix", "-v"))
        assert server.uploads() == uploads + 1, "only what was missing was sent"
        assert served(server.folder) == sound
        assert "s3cret-word" not in looked.text + fixed.text


@pytest.mark.server
def test_credentials_that_name_no_index_are_not_sent_to_one_of_two(
    on_two: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pypiserver(tmp_path / "server", user=("ann", "s3cret-word")) as server:
        monkeypatch.setenv("TWINE_USERNAME", "ann")
        monkeypatch.setenv("TWINE_PASSWORD", "s3cret-word")
        second = f"  second: {{kind: pypiserver, upload_url: '{server.url}', simple_url: '{server.url}simple/'}}\n"
        first = "  first: {kind: directory, path: ../first}\n"
        on_two.write({".paa.config": f"indexes:\n{first}{second}publish_to: [first, second]\n"})
        on_two.commit("Move the second index")
        result = paa(on_two.path, "doctor", "--fix")
        assert result.code == 1
        assert "PAA_SECOND_PASSWORD" in result.text
        assert list(server.folder.iterdir()) == []


def test_what_was_built_again_with_other_bytes_is_no_source_for_a_half_release(released: Repository) -> None:
    lose_sdist(released)
    lose_tag(released)
    change(released, "python_modules/dice.py", "Change it")
    done(paa(released.path, "make-package", "dice", "--version", "0.0.1"))
    done(paa(released.path, "check"))
    before = snapshot(released.path.parent)
    result = paa(released.path, "doctor", "--fix")
    assert result.code == 1
    assert "lost-bytes" in result.out
    assert snapshot(released.path.parent) == before


def test_a_bare_tag_of_the_user_stays_what_it_is(released: Repository) -> None:
    lose_tag(released)
    released.git("push", "--quiet", "origin", ":refs/tags/dice-v0.0.1")
    released.git("tag", "dice-v0.0.1")
    released.git("tag", "dice-v7.0.0")
    bare = released.git("rev-parse", "refs/tags/dice-v0.0.1")
    looked = paa(released.path, "doctor", "--json")
    assert (looked.code, rules(looked)) == (1, {"dice": ["missing-tag"]})
    done(paa(released.path, "doctor", "--fix"))
    assert released.git("rev-parse", "refs/tags/dice-v0.0.1") == bare
    assert released.git("for-each-ref", "--format=%(refname)", "refs/paa/releases") == "refs/paa/releases/dice/0.0.1"


def test_a_clone_whose_tag_is_not_that_of_the_remote_is_told_so(released: Repository) -> None:
    lose_tag(released)
    released.git("tag", "dice-v0.0.1")
    result = paa(released.path, "doctor", "--fix")
    assert result.code == 1
    assert "git fetch --tags" in result.err


def test_without_a_committer_nothing_is_sent(released: Repository) -> None:
    lose_sdist(released)
    lose_tag(released)
    released.git("config", "user.useConfigOnly", "true")
    released.git("config", "user.name", "")
    released.git("config", "user.email", "")
    before = snapshot(released.path.parent)
    result = paa(released.path, "doctor", "--fix")
    assert result.code == 2
    assert "git config user.name" in result.err
    assert snapshot(released.path.parent) == before


@pytest.mark.server
def test_new_names_are_told_with_what_to_register(repository: Repository) -> None:
    three_packages(repository)
    repository.git("remote", "add", "origin", "https://github.com/example/tools.git")
    with scripted_index() as server:
        entry = f"indexes:\n  pypi: {{kind: pypi, upload_url: '{server.url}', simple_url: '{server.url}simple/'}}\n"
        repository.write({".paa.config": entry})
        repository.commit("To the index")
        before = snapshot(repository.path.parent)
        result = paa(repository.path, "doctor", "--json")
        shown = done(paa(repository.path, "doctor")).out
    assert result.code == 0, result.text
    assert_valid(result.json, "doctor.schema.json")
    (names,) = result.json["new_names"]
    assert names["distributions"].index("wordcount") < names["distributions"].index("wordreport")
    assert names["publishers"][0] == {
        "distribution": "dice",
        "owner": "example",
        "repository": "tools",
        "workflow": "publish.yml",
        "environment": "pypi-dice",
        "link": f"{server.url}manage/account/publishing/",
    }
    assert "3 names are new on pypi" in shown
    assert "environment pypi-wordreport" in shown
    assert result.json["credentials"] == [{"index": "pypi", "source": None}]
    assert max(map(len, shown.splitlines())) <= 80
    assert snapshot(repository.path.parent) == before
