"""Running ``paa init-ppr`` again: what paa generated is brought up to date, what the user made of it is kept."""

from pathlib import Path

import pytest

from tests.functional.command_line import done, snapshot
from tests.functional.generated_files import (
    BASE,
    PUBLISH,
    SCRIPT,
    STATE,
    as_of_old,
    change_state,
    init,
    set_up,
    state,
    states,
)
from tests.repository import Repository

PUBLISH_OF_EXISTING = """\
name: Package-auto-assembler workflow
on: [push]
jobs:
  build:
    steps:
      - run: |
          .github/tools/find_and_process_changed_files.sh $(.github/tools/get_paa_change_dirs.sh) '' ''
          paa make-package ${{ steps.changed-modules.outputs.files }}
"""


@pytest.fixture
def ready(repository: Repository) -> Repository:
    """A repository that has been set up and whose script is of an earlier paa."""
    set_up(repository)
    return repository


def older(root: Path) -> tuple[str, str]:
    """The script as an earlier paa had it (another first comment, another command), and as it is now."""
    now = (root / SCRIPT).read_text()
    old = now.replace("# Brings", "# It brings").replace("set -eu\n", "set -e\n")
    assert old != now
    as_of_old(root, SCRIPT, old)
    return old, now


def test_what_the_user_has_not_changed_gets_the_new_text(ready: Repository) -> None:
    _, now = older(ready.path)
    (ready.path / SCRIPT).chmod(0o755)
    result = done(init(ready, "--json"))
    assert states(result)[SCRIPT] == "upgraded"
    assert (ready.path / SCRIPT).read_text() == now
    assert (ready.path / SCRIPT).stat().st_mode & 0o777 == 0o755


def test_what_only_the_user_has_changed_stays(ready: Repository) -> None:
    own = (ready.path / PUBLISH).read_text() + "# mine\n"
    ready.write({PUBLISH: own})
    for _ in range(2):
        assert states(done(init(ready, "--json")))[PUBLISH] == "kept"
        assert (ready.path / PUBLISH).read_text() == own


def test_changes_of_both_are_merged(ready: Repository) -> None:
    old, now = older(ready.path)
    (ready.path / SCRIPT).write_text(old + "echo done\n")
    result = done(init(ready, "--json"))
    assert states(result)[SCRIPT] == "merged"
    assert (ready.path / SCRIPT).read_text() == now + "echo done\n"
    assert states(done(init(ready, "--json")))[SCRIPT] == "kept"


def test_a_conflict_leaves_the_file_and_is_said_until_it_is_solved(ready: Repository) -> None:
    old, now = older(ready.path)
    own = old.replace("set -e\n", "set -x\n")
    (ready.path / SCRIPT).write_text(own)
    for _ in range(2):
        result = init(ready)
        assert result.code == 1
        assert f"conflict {SCRIPT}" in result.out
        assert f"{SCRIPT}.new" in result.out
        assert (ready.path / SCRIPT).read_text() == own
        assert (ready.path / f"{SCRIPT}.new").read_text() == now
        assert "<<<<" not in (ready.path / SCRIPT).read_text()
    # The user takes over one of two changes and throws the offer away: that is the answer, and it holds.
    solved = now.replace("set -eu\n", "set -x\n")
    (ready.path / SCRIPT).write_text(solved)
    (ready.path / f"{SCRIPT}.new").unlink()
    result = done(init(ready, "--json"))
    assert states(result)[SCRIPT] == "kept"
    assert (ready.path / SCRIPT).read_text() == solved


def test_a_conflict_is_solved_by_force_too_and_loses_nothing(ready: Repository) -> None:
    old, now = older(ready.path)
    own = old.replace("set -e\n", "set -x\n")
    (ready.path / SCRIPT).write_text(own)
    assert init(ready).code == 1
    result = done(init(ready, "--force", "--json"))
    assert states(result)[SCRIPT] == "replaced"
    assert (ready.path / SCRIPT).read_text() == now
    assert (ready.path / f"{SCRIPT}.old").read_text() == own
    assert not (ready.path / f"{SCRIPT}.new").exists()


def test_an_offer_that_somebody_works_in_is_not_overwritten(ready: Repository) -> None:
    old, now = older(ready.path)
    (ready.path / SCRIPT).write_text(old.replace("set -e\n", "set -x\n"))
    assert init(ready).code == 1
    (ready.path / f"{SCRIPT}.new").write_text(now + "half done\n")
    before = snapshot(ready.path)
    result = init(ready)
    assert result.code == 2
    assert "in the way" in result.err
    assert snapshot(ready.path) == before


def test_line_ends_of_another_system_are_no_change_and_stay(ready: Repository) -> None:
    old, now = older(ready.path)
    (ready.path / SCRIPT).write_bytes(old.replace("\n", "\r\n").encode())
    assert states(done(init(ready, "--json")))[SCRIPT] == "upgraded"
    assert (ready.path / SCRIPT).read_bytes() == now.replace("\n", "\r\n").encode()
    (ready.path / PUBLISH).write_bytes((ready.path / PUBLISH).read_bytes().replace(b"\n", b"\r\n"))
    assert states(done(init(ready, "--json")))[PUBLISH] == "unchanged"


def test_changes_are_merged_in_a_file_with_other_line_ends(ready: Repository) -> None:
    old, now = older(ready.path)
    (ready.path / SCRIPT).write_bytes((old + "echo done\n").replace("\n", "\r\n").encode())
    assert states(done(init(ready, "--json")))[SCRIPT] == "merged"
    assert (ready.path / SCRIPT).read_bytes() == (now + "echo done\n").replace("\n", "\r\n").encode()


def test_a_file_without_a_line_end_at_its_end_is_merged(ready: Repository) -> None:
    old, now = older(ready.path)
    (ready.path / SCRIPT).write_text(old + "echo done")
    assert states(done(init(ready, "--json")))[SCRIPT] == "merged"
    assert (ready.path / SCRIPT).read_text() == now + "echo done"


@pytest.mark.parametrize("content", [b"", b"\x00\x01\xff", "ümlaut".encode("latin-1"), b"\xef\xbb\xbf#!/bin/sh\n"])
def test_whatever_the_user_has_put_there_is_not_lost(ready: Repository, content: bytes) -> None:
    older(ready.path)
    (ready.path / SCRIPT).write_bytes(content)
    result = init(ready, "--json")
    assert result.code == 1
    assert states(result)[SCRIPT] == "conflict"
    assert (ready.path / SCRIPT).read_bytes() == content


def test_a_deleted_file_stays_deleted_until_it_is_asked_for(ready: Repository) -> None:
    (ready.path / PUBLISH).unlink()
    for _ in range(2):
        result = done(init(ready))
        assert f"deleted {PUBLISH}: by you" in result.out
        assert not (ready.path / PUBLISH).exists()
    assert states(done(init(ready, "--force", "--json")))[PUBLISH] == "restored"
    assert (ready.path / PUBLISH).exists()


def test_a_folder_that_was_removed_stays_away(ready: Repository) -> None:
    (ready.path / "example_notebooks/.gitkeep").unlink()
    (ready.path / "example_notebooks").rmdir()
    done(init(ready))
    assert not (ready.path / "example_notebooks").exists()


def test_a_starter_that_was_changed_is_the_users_whatever_paa_would_write_now(ready: Repository) -> None:
    as_of_old(ready.path, ".paa.config", "module_dir: lib\n")
    ready.write({".paa.config": "module_dir: lib\ncli_dir: lib/cli\n", BASE: "# Ours\n"})
    result = done(init(ready, "--json"))
    assert states(result)[".paa.config"] == states(result)[BASE] == "kept"
    assert (ready.path / BASE).read_text() == "# Ours\n"


def test_a_file_that_is_generated_no_more_goes_unless_it_holds_work(ready: Repository) -> None:
    as_of_old(ready.path, ".github/workflows/gone.yml", "a: 1\n")
    as_of_old(ready.path, ".github/workflows/worked.yml", "a: 1\n")
    ready.write({".github/workflows/worked.yml": "a: 2\n"})
    result = done(init(ready, "--json"))
    assert states(result)[".github/workflows/gone.yml"] == "removed"
    assert states(result)[".github/workflows/worked.yml"] == "kept"
    assert not (ready.path / ".github/workflows/gone.yml").exists()
    assert (ready.path / ".github/workflows/worked.yml").read_text() == "a: 2\n"
    assert ".github/workflows/worked.yml" not in states(done(init(ready, "--json")))


def test_a_file_that_is_not_ours_is_never_replaced(repository: Repository) -> None:
    own = "name: mine\non: [push]\n"
    repository.write({PUBLISH: own})
    for options in ([], ["--force"], []):
        result = init(repository, *options)
        assert result.code == 1
        assert f"not ours {PUBLISH}" in result.out
        assert (repository.path / PUBLISH).read_text() == own
        assert "paa plan" in (repository.path / f"{PUBLISH}.new").read_text()
    # To put the offered text in its place is an answer as well.
    (repository.path / f"{PUBLISH}.new").replace(repository.path / PUBLISH)
    assert states(done(init(repository, "--json")))[PUBLISH] == "unchanged"


def test_a_workflow_of_the_existing_tool_is_replaced_when_asked_and_kept_beside(repository: Repository) -> None:
    scripts = {".github/tools/get_paa_change_dirs.sh": "#!/bin/bash\n"}
    repository.write({PUBLISH: PUBLISH_OF_EXISTING, **scripts})
    result = init(repository)
    assert result.code == 1
    assert f"existing tool {PUBLISH}" in result.out
    assert "--force" in result.out
    assert f"settle {PUBLISH}" in result.out
    # Its scripts are still in use.
    assert "git rm" not in result.out
    assert (repository.path / PUBLISH).read_text() == PUBLISH_OF_EXISTING
    assert not (repository.path / f"{PUBLISH}.new").exists()
    # Something else has the name already.
    repository.write({f"{PUBLISH}.old": "older still\n"})
    result = done(init(repository, "--force"))
    assert f"replaced {PUBLISH}: what was there is {PUBLISH}.old2" in result.out
    assert (repository.path / f"{PUBLISH}.old").read_text() == "older still\n"
    assert (repository.path / f"{PUBLISH}.old2").read_text() == PUBLISH_OF_EXISTING
    assert "git rm .github/tools/get_paa_change_dirs.sh" in result.out
    assert states(done(init(repository, "--json")))[PUBLISH] == "unchanged"


def test_a_dry_run_of_an_upgrade_writes_nothing(ready: Repository) -> None:
    old, _ = older(ready.path)
    (ready.path / SCRIPT).write_text(old.replace("set -e\n", "set -x\n"))
    (ready.path / PUBLISH).unlink()
    before = snapshot(ready.path)
    dry = init(ready, "--dry-run", "--json")
    assert snapshot(ready.path) == before
    real = init(ready, "--json")
    assert dry.code == real.code == 1
    assert dry.json == {**real.json, "dry_run": True}


def test_an_older_paa_does_not_take_back_what_a_newer_one_wrote(ready: Repository) -> None:
    older(ready.path)
    change_state(ready.path, paa="99.0")
    before = snapshot(ready.path)
    result = init(ready)
    assert result.code == 2
    assert "generated by paa 99.0" in result.err
    assert snapshot(ready.path) == before
    done(init(ready, "--force"))
    assert state(ready.path)["paa"] != "99.0"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is not JSON"),
        (b"{", "is not JSON"),
        (b"<<<<<<< HEAD\n", "is not JSON"),
        (b"\xff\xfe", "is not JSON"),
        (b"[]", "is not an object"),
        (b'{"schema": 1}', "files: is missing"),
        (b'{"schema": 9, "paa": "99.0"}', "upgrade paa"),
        (b'{"schema": 1, "paa": "0.1", "platforms": [], "files": [{"path": "../x", "text": ""}]}', "files[0].path"),
        (b'{"schema": 1, "paa": "0.1", "platforms": [{"platform": "gitlab"}], "files": []}', "platforms[0].platform"),
    ],
)
def test_a_damaged_memory_is_told_and_nothing_is_lost(ready: Repository, content: bytes, said: str) -> None:
    (ready.path / STATE).write_bytes(content)
    before = snapshot(ready.path)
    result = init(ready, "--force")
    assert result.code == 2
    assert said in result.err
    assert STATE in result.err
    assert snapshot(ready.path) == before


def test_without_its_memory_paa_knows_what_it_would_write_and_touches_nothing_else(ready: Repository) -> None:
    (ready.path / STATE).unlink()
    own = (ready.path / SCRIPT).read_text() + "echo done\n"
    ready.write({SCRIPT: own})
    result = init(ready, "--json")
    assert result.code == 1
    found = states(result)
    assert found[SCRIPT] == "not ours"
    assert found[PUBLISH] == "unchanged"
    assert (ready.path / SCRIPT).read_text() == own


@pytest.mark.parametrize("path", [".github", ".github/workflows", ".paa"])
def test_a_file_where_a_folder_belongs_stops_before_anything_is_written(repository: Repository, path: str) -> None:
    repository.write({path: "a file\n"})
    before = snapshot(repository.path)
    result = init(repository)
    assert result.code == 2
    assert f"{path}: is no folder" in result.err
    assert snapshot(repository.path) == before


@pytest.mark.parametrize("path", [".github", ".github/workflows", PUBLISH, SCRIPT, ".paa", STATE, f"{PUBLISH}.new"])
def test_a_symbolic_link_is_never_followed(repository: Repository, tmp_path: Path, path: str) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (repository.path / path).parent.mkdir(parents=True, exist_ok=True)
    (repository.path / path).symlink_to(outside)
    before = snapshot(repository.path)
    result = init(repository, "--force")
    assert result.code == 2
    assert f"{path}: is a symbolic link" in result.err
    assert snapshot(repository.path) == before
    assert not list(outside.iterdir())


def test_a_folder_in_the_place_of_a_file_is_in_the_way(repository: Repository) -> None:
    (repository.path / PUBLISH).mkdir(parents=True)
    result = init(repository)
    assert result.code == 2
    assert f"{PUBLISH}: is no plain file" in result.err


def test_what_paa_remembers_never_leads_out_of_the_repository(ready: Repository) -> None:
    files = [*state(ready.path)["files"], {"path": ".github/../.git/config", "text": ""}]
    change_state(ready.path, files=files)
    result = init(ready)
    assert result.code == 2
    assert "is not a path inside the repository" in result.err
