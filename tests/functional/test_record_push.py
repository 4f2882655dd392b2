"""What is recorded gets to the remote, whatever branch is checked out, whoever else pushes, and whatever is refused."""

import json
import re
from pathlib import Path

import pytest

from tests.functional.command_line import CONFIG, clone, done, paa, planned, published, shim, with_remote
from tests.repository import Repository

ONE, TWO = "python_modules/one.py", "python_modules/two.py"
FILES = {
    ONE: '"""One."""\n',
    TWO: '"""Two."""\n',
    ".paa.config": CONFIG,
    ".gitignore": "/dist/\n",
    "README.md": "# X\n",
}
TRACKING = ".paa/tracking/releases.json"


@pytest.fixture
def remote(repository: Repository) -> Repository:
    """The remote of a repository with two packages, neither released."""
    repository.write(FILES)
    repository.commit("Begin")
    bare = with_remote(repository)
    repository.git("push", "--quiet", "--set-upstream", "origin", "main")
    return bare


def versions(repository: Repository, commit: str = "main") -> dict[str, str]:
    """What the tracking file of a commit says."""
    document = json.loads(repository.git("show", f"{commit}:{TRACKING}"))
    return {item["package"]: item["version"] for item in document["releases"]}


def hook(repository: Repository, name: str, *lines: str) -> Path:
    folder = repository.path / ".git" / "hooks" if (repository.path / ".git").is_dir() else repository.path / "hooks"
    folder.mkdir(exist_ok=True)
    (folder / name).write_text("\n".join(["#!/bin/sh", *lines, ""]))
    (folder / name).chmod(0o755)
    return folder / name


def change(repository: Repository, path: str, message: str) -> None:
    repository.write({path: f"{(repository.path / path).read_text()}VALUE = {message!r}\n"})
    repository.commit(message)


def meanwhile(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, times: int, script: str) -> None:
    """Run ``script`` (in the shell) right before each of the first ``times`` pushes."""
    counter = tmp_path / "counter"
    lines = [
        f'case "$*" in *"push --quiet"*) echo x >> {counter}',
        f'[ "$(wc -l < {counter})" -gt {times} ] || ({script}) > {tmp_path}/said 2>&1;; esac',
        'exec "$REAL" "$@"',
    ]
    monkeypatch.setenv("PATH", shim(tmp_path / "bin", "git", lines)["PATH"])


def somebody_pushes(other: Repository) -> str:
    """A script: a commit of somebody else's, pushed."""
    return (
        f'cd {other.path} && "$REAL" pull --quiet --rebase && date +%N >> theirs.txt && "$REAL" add theirs.txt'
        ' && "$REAL" commit --quiet -m Theirs && "$REAL" push --quiet'
    )


# ------------------------------------------------------------------------------------------------ somebody else pushes


def test_whoever_pushed_meanwhile_the_record_comes_on_top(
    repository: Repository, remote: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = clone(remote, tmp_path / "other")
    source = repository.git("rev-parse", "HEAD")
    meanwhile(tmp_path, monkeypatch, times=2, script=somebody_pushes(other))
    result = done(paa(repository.path, "release"))
    assert "only the tags" not in result.err
    subjects = remote.git("log", "--format=%s", "main").splitlines()
    assert subjects == ["Record one 0.0.1, two 0.0.1 [skip ci]", "Theirs", "Theirs", "Begin"]
    assert remote.tags() == ("one-v0.0.1", "two-v0.0.1")
    assert remote.git("rev-parse", "one-v0.0.1^{commit}") == source
    assert remote.git("diff", "--name-only", "main~1", "main").splitlines()[0].startswith(".paa/")
    # The branch here ends where the remote's is, and so does the work tree.
    assert repository.git("rev-parse", "HEAD") == remote.git("rev-parse", "main")
    assert repository.git("status", "--porcelain") == ""
    assert (repository.path / "theirs.txt").exists()
    assert planned(done(paa(clone(remote, tmp_path / "fresh").path, "plan", "--json"))) == {}


def test_where_somebody_pushes_all_the_time_the_tags_go_alone(
    repository: Repository, remote: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = clone(remote, tmp_path / "other")
    hook(remote, "update", '[ "$1" = refs/heads/main ] || exit 0', f"[ ! -e {tmp_path}/slow ] || exit 1")
    meanwhile(tmp_path, monkeypatch, times=50, script=somebody_pushes(other))
    result = done(paa(repository.path, "release"))
    assert "only the tags were pushed" in result.err
    assert remote.tags() == ("one-v0.0.1", "two-v0.0.1")
    assert len((tmp_path / "counter").read_text().split()) < 30
    assert repository.git("log", "--format=%s") == "Begin"
    assert repository.git("status", "--porcelain") == ""


def test_a_tracking_file_that_diverged_is_merged_and_never_overwritten(
    repository: Repository, remote: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two clones release one package each at the same time, and somebody has tracked a third by hand."""
    other = clone(remote, tmp_path / "other")
    done(paa(other.path, "release", "two", "--no-push"))
    document = json.loads((other.path / TRACKING).read_text())
    document["releases"].append({**document["releases"][0], "package": "third", "version": "7.0"})
    other.write(
        {
            TRACKING: json.dumps(document),
            ".paa/tracking/lsts_package_versions.yml": "third: 7.0\ntwo: 0.0.1\n",
            ".paa/tracking/version_logs.csv": "Timestamp,Package,Version\r\n2020-01-01 00:00:00,third,7.0\r\n",
            ".paa/release_notes/one.md": "# One\n\nBy hand.\n",
        }
    )
    other.commit("By hand")
    push = f'cd {other.path} && "$REAL" push --quiet origin main two-v0.0.1'
    meanwhile(tmp_path, monkeypatch, times=1, script=push)
    done(paa(repository.path, "release", "one"))
    assert versions(remote) == {"one": "0.0.1", "third": "7.0", "two": "0.0.1"}
    assert repository.git("rev-parse", "HEAD") == remote.git("rev-parse", "main")
    shown = {path.name: path.read_bytes().decode() for path in (repository.path / ".paa").rglob("*") if path.is_file()}
    assert shown["lsts_package_versions.yml"] == "one: 0.0.1\nthird: '7.0'\ntwo: 0.0.1\n"
    first, second, *rows = shown["version_logs.csv"].split("\r\n")
    assert (first, second) == ("Timestamp,Package,Version", "2020-01-01 00:00:00,third,7.0")
    assert [row.partition(",")[2] for row in rows] == ["one,0.0.1", ""]
    assert re.fullmatch(r"# One\n\n### 0\.0\.1 \(\d{4}-\d\d-\d\d\)\n\n- Begin\n\nBy hand\.\n", shown["one.md"])


def test_a_later_version_that_somebody_tracked_meanwhile_stays(
    repository: Repository, remote: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = clone(remote, tmp_path / "other")
    done(paa(other.path, "release", "--no-push"))
    text = (other.path / TRACKING).read_text().replace('"0.0.1"', '"9.0"', 1)
    other.write({TRACKING: text, ".paa/tracking/lsts_package_versions.yml": "one: 9.0.0\n"})
    other.commit("Later")
    meanwhile(tmp_path, monkeypatch, times=1, script=f'cd {other.path} && "$REAL" push --quiet origin main')
    done(paa(repository.path, "release", "one"))
    assert versions(remote)["one"] == "9.0"
    assert "one: 9.0.0" in remote.git("show", "main:.paa/tracking/lsts_package_versions.yml")


# ------------------------------------------------------------------------------------------------- what is checked out


def test_a_branch_that_is_behind_gets_the_record_and_what_it_lacked(
    repository: Repository, remote: Repository, tmp_path: Path
) -> None:
    other = clone(remote, tmp_path / "other")
    other.write({"theirs.txt": "x"})
    other.commit("Theirs")
    other.git("push", "--quiet")
    done(paa(repository.path, "release"))
    assert repository.git("rev-parse", "HEAD") == remote.git("rev-parse", "main")
    assert repository.git("log", "--format=%s", "-1", "HEAD~1") == "Theirs"
    assert repository.git("status", "--porcelain") == ""


@pytest.mark.parametrize("mine", ["README.md", "theirs.txt"])
def test_what_is_not_committed_is_never_overwritten(
    repository: Repository, remote: Repository, tmp_path: Path, mine: str
) -> None:
    other = clone(remote, tmp_path / "other")
    other.write({"theirs.txt": "x", "README.md": "theirs\n"})
    theirs = other.commit("Theirs")
    other.git("push", "--quiet")
    repository.write({mine: "mine\n"})
    head, before = repository.git("rev-parse", "HEAD"), repository.git("status", "--porcelain")
    result = done(paa(repository.path, "release", "--allow-dirty"))
    assert "the branch here stays where it was" in result.err
    assert mine in result.err
    assert (repository.git("rev-parse", "HEAD"), repository.git("status", "--porcelain")) == (head, before)
    assert (repository.path / mine).read_text() == "mine\n"
    assert remote.git("rev-parse", "main~1") == theirs
    assert versions(remote) == {"one": "0.0.1", "two": "0.0.1"}
    # Out of the way, the next run brings the branch to where it belongs.
    repository.git("stash", "--quiet", "--include-untracked")
    done(paa(repository.path, "release"))
    assert repository.git("rev-parse", "HEAD") == remote.git("rev-parse", "main")


def test_a_detached_head_at_the_end_of_a_branch_records_on_that_branch(remote: Repository, tmp_path: Path) -> None:
    ci = clone(remote, tmp_path / "ci")
    ci.git("checkout", "--quiet", "--detach")
    ci.git("branch", "--quiet", "--delete", "--force", "main")
    head = ci.git("rev-parse", "HEAD")
    done(paa(ci.path, "release"))
    assert versions(remote) == {"one": "0.0.1", "two": "0.0.1"}
    assert remote.git("rev-parse", "main~1") == head
    assert (ci.git("rev-parse", "HEAD"), ci.git("status", "--porcelain")) == (head, "")


def test_a_detached_head_that_the_default_branch_holds_records_there(
    repository: Repository, remote: Repository, tmp_path: Path
) -> None:
    ci = clone(remote, tmp_path / "ci", "--depth=1")
    ci.git("checkout", "--quiet", "--detach")
    repository.write({"theirs.txt": "x"})
    theirs = repository.commit("Theirs")
    repository.git("push", "--quiet")
    done(paa(ci.path, "release"))
    assert remote.git("rev-parse", "main~1") == theirs
    assert versions(remote) == {"one": "0.0.1", "two": "0.0.1"}


def test_a_detached_head_that_is_not_merged_goes_to_no_branch(remote: Repository, tmp_path: Path) -> None:
    """As CI systems check out the merge of a pull request: it must not get into the default branch by this door."""
    ci = clone(remote, tmp_path / "ci")
    ci.git("checkout", "--quiet", "--detach")
    change(ci, ONE, "Not merged")
    before = remote.git("rev-parse", "main")
    result = done(paa(ci.path, "release"))
    assert "only the tags were pushed" in result.err
    assert remote.git("rev-parse", "main") == before
    assert remote.tags() == ("one-v0.0.1", "two-v0.0.1")


def test_a_branch_without_upstream_is_pushed_under_its_own_name(repository: Repository, remote: Repository) -> None:
    before = remote.git("rev-parse", "main")
    repository.git("checkout", "--quiet", "-b", "topic", "--track", "origin/main")
    change(repository, ONE, "On a branch")
    done(paa(repository.path, "release"))
    assert remote.git("rev-parse", "main") == before
    assert remote.git("rev-parse", "topic") == repository.git("rev-parse", "HEAD")


def test_several_remotes_and_none_of_them_named_stop_a_release_before_anything_is_published(
    repository: Repository, remote: Repository, tmp_path: Path
) -> None:
    repository.git("remote", "rename", "origin", "one")
    repository.git("remote", "add", "other", str(remote.path))
    repository.git("branch", "--unset-upstream")
    result = paa(repository.path, "release")
    assert result.code == 2
    assert "several remotes (one, other)" in result.err
    assert published(tmp_path / "index", "one") == []
    repository.git("config", "remote.pushDefault", "other")
    done(paa(repository.path, "release"))
    assert versions(remote) == {"one": "0.0.1", "two": "0.0.1"}


def test_a_shallow_clone_records_on_top_of_what_it_does_not_have(
    repository: Repository, remote: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shallow = clone(remote, tmp_path / "ci", "--depth=1")
    meanwhile(tmp_path, monkeypatch, times=1, script=somebody_pushes(repository))
    done(paa(shallow.path, "release"))
    assert shallow.git("rev-parse", "HEAD") == remote.git("rev-parse", "main")
    assert remote.git("log", "--format=%s", "-2", "main").splitlines()[1] == "Theirs"


def test_a_repository_of_packages_in_a_folder_of_another(tmp_path: Path) -> None:
    outer = Repository(tmp_path / "outer")
    outer.path.mkdir()
    outer.git("init", "--quiet")
    outer.write({**{f"packages/{name}": content for name, content in FILES.items()}, ".gitignore": "/index/\n"})
    outer.commit("Begin")
    bare = with_remote(outer)
    done(paa(outer.path / "packages", "release"))
    assert bare.git("rev-parse", "main") == outer.git("rev-parse", "HEAD")
    assert outer.git("status", "--porcelain") == ""
    assert (outer.path / "packages" / TRACKING).exists()


# ---------------------------------------------------------------------------------------------- what is recorded here


def test_what_was_recorded_here_comes_on_top_of_what_was_pushed_since(
    repository: Repository, remote: Repository, tmp_path: Path
) -> None:
    done(paa(repository.path, "release", "one", "--no-push"))
    other = clone(remote, tmp_path / "other")
    other.write({"theirs.txt": "x"})
    theirs = other.commit("Theirs")
    other.git("push", "--quiet")
    done(paa(repository.path, "release"))
    assert remote.git("rev-parse", "main~1") == theirs
    assert repository.git("rev-parse", "HEAD") == remote.git("rev-parse", "main")
    assert versions(remote) == {"one": "0.0.1", "two": "0.0.1"}
    assert remote.tags() == ("one-v0.0.1", "two-v0.0.1")
    assert repository.git("status", "--porcelain") == ""
    for name in ("one", "two"):
        assert remote.git("show", f"main:.paa/release_notes/{name}.md").count("### 0.0.1") == 1


@pytest.mark.parametrize("path", [".paa/release_notes/one.md", "README.md", "mine.txt"])
def test_what_somebody_wrote_into_that_commit_is_not_dropped(
    repository: Repository, remote: Repository, tmp_path: Path, path: str
) -> None:
    done(paa(repository.path, "release", "one", "--no-push"))
    repository.write({path: "better words\n"})
    repository.git("add", path)
    repository.git("commit", "--quiet", "--amend", "--no-edit")
    head = repository.git("rev-parse", "HEAD")
    other = clone(remote, tmp_path / "other")
    other.write({"theirs.txt": "x"})
    theirs = other.commit("Theirs")
    other.git("push", "--quiet")
    result = done(paa(repository.path, "release"))
    assert "git pull" in result.err
    assert (repository.git("rev-parse", "HEAD"), remote.git("rev-parse", "main")) == (head, theirs)
    assert "two-v0.0.1" in remote.tags()


def test_tags_that_were_kept_here_are_pushed_with_the_next_release(repository: Repository, remote: Repository) -> None:
    done(paa(repository.path, "release", "one", "--no-push"))
    done(paa(repository.path, "release", "two"))
    assert remote.tags() == ("one-v0.0.1", "two-v0.0.1")


def test_what_a_protected_branch_missed_is_told_once_it_takes_pushes(
    repository: Repository, remote: Repository
) -> None:
    done(paa(repository.path, "release", "one"))
    change(repository, ONE, "Missed")
    repository.git("push", "--quiet")
    protection = hook(remote, "update", '[ "$1" != refs/heads/main ]')
    done(paa(repository.path, "release", "one"))
    assert versions(remote) == {"one": "0.0.1"}
    protection.unlink()
    done(paa(repository.path, "release", "two"))
    assert versions(remote) == {"one": "0.0.2", "two": "0.0.1"}
    assert "- Missed" in remote.git("show", "main:.paa/release_notes/one.md")
    assert len(remote.git("show", "main:.paa/tracking/version_logs.csv").splitlines()) == 4


def test_of_two_that_tagged_the_same_release_the_one_that_pushed_first_counts(
    repository: Repository, remote: Repository, tmp_path: Path
) -> None:
    other = clone(remote, tmp_path / "other")
    done(paa(repository.path, "release", "--no-push"))
    # As another moment or machine would make it.
    other.git("config", "user.name", "Other")
    done(paa(other.path, "release"))
    recorded = remote.git("for-each-ref")
    assert repository.git("rev-parse", "one-v0.0.1") != remote.git("rev-parse", "one-v0.0.1")
    done(paa(repository.path, "release"))
    assert remote.git("for-each-ref") == recorded
    for name in ("main", "one-v0.0.1", "two-v0.0.1"):
        assert repository.git("rev-parse", name) == remote.git("rev-parse", name)
    assert repository.git("status", "--porcelain") == ""
    assert "nothing to release" in done(paa(repository.path, "release")).out


# ---------------------------------------------------------------------------------------------------------- refusals


def test_hooks_for_commits_have_no_say_and_those_for_pushes_have(repository: Repository, remote: Repository) -> None:
    for name in ("pre-commit", "commit-msg", "post-commit", "post-merge", "post-checkout"):
        hook(repository, name, "exit 1")
    gate = hook(repository, "pre-push", "echo not on Fridays >&2", "exit 1")
    result = paa(repository.path, "release")
    assert result.code == 3
    assert "not on Fridays" in result.err
    assert "run the same command again" in result.err
    assert remote.tags() == ()
    gate.unlink()
    done(paa(repository.path, "release"))
    assert remote.tags() == ("one-v0.0.1", "two-v0.0.1")
    assert remote.git("rev-parse", "main") == repository.git("rev-parse", "HEAD")


def test_a_commit_that_can_t_be_signed_leaves_it_to_the_tags(repository: Repository, remote: Repository) -> None:
    repository.git("config", "commit.gpgSign", "true")
    repository.git("config", "gpg.program", "false")
    result = done(paa(repository.path, "release"))
    assert "only the tags were pushed" in result.err
    assert "sign" in result.err
    assert remote.tags() == ("one-v0.0.1", "two-v0.0.1")


def test_tags_that_can_t_be_signed_are_an_error_that_can_be_mended(repository: Repository, remote: Repository) -> None:
    repository.git("config", "tag.gpgSign", "true")
    repository.git("config", "gpg.program", "false")
    result = paa(repository.path, "release")
    assert result.code == 3
    assert "tag.gpgSign" in result.err
    repository.git("config", "tag.gpgSign", "false")
    done(paa(repository.path, "release"))
    assert remote.tags() == ("one-v0.0.1", "two-v0.0.1")
    assert versions(remote) == {"one": "0.0.1", "two": "0.0.1"}


def test_a_tag_of_somebody_elses_that_only_the_remote_has_is_seen(
    repository: Repository, remote: Repository, tmp_path: Path
) -> None:
    other = clone(remote, tmp_path / "other")
    other.git("tag", "--annotate", "--message", "Please", "one-v0.0.1")
    other.git("push", "--quiet", "origin", "one-v0.0.1")
    theirs = remote.git("rev-parse", "one-v0.0.1")
    assert "tagged refs/paa/releases/one/0.0.1" in done(paa(repository.path, "release")).out
    assert remote.git("rev-parse", "one-v0.0.1") == theirs
    assert "Paa-Package: one" in remote.git("for-each-ref", "--format=%(contents)", "refs/paa/releases/one/0.0.1")
    assert versions(remote) == {"one": "0.0.1", "two": "0.0.1"}


def test_a_release_that_somebody_else_recorded_differently_is_refused(
    repository: Repository, remote: Repository, tmp_path: Path
) -> None:
    other = clone(remote, tmp_path / "other")
    change(other, ONE, "Different")
    other.write({".paa.config": CONFIG.replace("../index", "../other-index")})
    other.commit("Elsewhere")
    done(paa(other.path, "release", "one", "--no-push"))
    other.git("push", "--quiet", "origin", "one-v0.0.1")
    theirs = remote.git("rev-parse", "one-v0.0.1")
    result = paa(repository.path, "release")
    assert result.code == 1
    assert "one-v0.0.1 is there already" in result.err
    assert remote.git("rev-parse", "one-v0.0.1") == theirs
    assert versions(remote) == {"two": "0.0.1"}


# --------------------------------------------------------------------------------------------------- concurrent edits


def test_notes_that_somebody_is_editing_stay_edited(repository: Repository, remote: Repository) -> None:
    done(paa(repository.path, "release"))
    notes = ".paa/release_notes/one.md"
    edited = (repository.path / notes).read_text().replace("- Begin", "- Begun, in better words").replace("\n", "\r\n")
    change(repository, ONE, "More")
    repository.write({notes: edited})
    done(paa(repository.path, "release"))
    text = (repository.path / notes).read_bytes().decode()
    head, section, rest = text.partition("### 0.0.2")
    assert section
    assert head + rest[rest.index("### 0.0.1") :] == edited
    assert "better words" not in remote.git("show", f"main:{notes}")
    assert "### 0.0.2" in remote.git("show", f"main:{notes}")
    assert repository.git("status", "--porcelain") == f" M {notes}"
    assert repository.git("rev-parse", "HEAD") == remote.git("rev-parse", "main")


def test_a_folder_that_leads_out_of_the_repository_is_not_written_to(
    repository: Repository, remote: Repository, tmp_path: Path
) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (repository.path / ".paa").mkdir()
    (repository.path / ".paa" / "tracking").symlink_to(outside)
    repository.write({".git/info/exclude": ".paa/tracking\n"})
    result = done(paa(repository.path, "release"))
    assert "leads out of the repository" in result.err
    assert list(outside.iterdir()) == []
    assert versions(remote) == {"one": "0.0.1", "two": "0.0.1"}
