"""Whatever was lost, and wherever it was killed: the next run ends where an undisturbed one would have ended."""

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.functional.command_line import clone, done, paa, paa_process, planned, published, shim, snapshot, with_remote
from tests.functional.samples import COMPONENT, FILES, change, three_packages
from tests.repository import Repository

PACKAGES = ("dice", "wordcount", "wordreport")
FIRST_TAGS = ("dice-v0.0.1", "wordcount-v0.0.1", "wordreport-v0.0.1")


@pytest.fixture
def index(tmp_path: Path) -> Path:
    return tmp_path / "index"


@pytest.fixture
def released(repository: Repository) -> Repository:
    """The three packages, each released as 0.0.1, without a remote."""
    three_packages(repository)
    done(paa(repository.path, "release"))
    return repository


def delete_tags(repository: Repository) -> None:
    repository.git("tag", "--delete", *repository.tags())


def delete_tracking(repository: Repository) -> None:
    repository.git("rm", "--quiet", "-r", ".paa/tracking")
    repository.commit("Clean up")


def assert_released_once(repository: Repository, index: Path) -> None:
    """As an undisturbed first release leaves it."""
    assert repository.tags() == FIRST_TAGS
    assert all(published(index, name) == ["0.0.1"] for name in PACKAGES)
    assert repository.git("status", "--porcelain") == ""
    tracking = (repository.path / ".paa/tracking/lsts_package_versions.yml").read_text()
    assert tracking == "dice: 0.0.1\nwordcount: 0.0.1\nwordreport: 0.0.1\n"
    log = (repository.path / ".paa/tracking/version_logs.csv").read_text()
    assert len(log.splitlines()) == 4
    notes = (repository.path / ".paa/release_notes/wordreport.md").read_text()
    assert notes.count("### 0.0.1") == 1
    assert planned(done(paa(repository.path, "plan", "--json"))) == {}


# --------------------------------------------------------------------------------------------------- what was lost


def test_tags_that_were_deleted_are_not_missed(released: Repository, index: Path) -> None:
    delete_tags(released)
    shutil.rmtree(released.path / "dist")
    before = snapshot(index)
    assert "nothing to release" in done(paa(released.path, "release")).out
    assert snapshot(index) == before


def test_tags_that_were_deleted_come_back_as_long_as_dist_is_there(released: Repository, index: Path) -> None:
    messages = {tag: released.git("cat-file", "tag", tag).split("\n\n", 1)[1] for tag in FIRST_TAGS}
    delete_tags(released)
    before = snapshot(index)
    done(paa(released.path, "release"))
    assert snapshot(index) == before
    assert {tag: released.git("cat-file", "tag", tag).split("\n\n", 1)[1] for tag in released.tags()} == messages


def test_tracking_files_that_were_deleted_are_not_missed(released: Repository, index: Path) -> None:
    delete_tracking(released)
    before = snapshot(index)
    assert planned(done(paa(released.path, "plan", "--json"))) == {}
    assert "nothing to release" in done(paa(released.path, "release")).out
    assert snapshot(index) == before
    change(released, "python_modules/dice.py", "Better")
    done(paa(released.path, "release"))
    assert published(index, "dice") == ["0.0.1", "0.0.2"]


def test_with_neither_the_index_tells_and_the_release_is_recorded_again(released: Repository, index: Path) -> None:
    delete_tags(released)
    delete_tracking(released)
    shutil.rmtree(released.path / "dist")
    before = snapshot(index)
    plan = done(paa(released.path, "plan", "--json")).json
    assert {release["package"]: release["version"] for release in plan["releases"]} == dict.fromkeys(PACKAGES, "0.0.1")
    assert {release["reasons"][0]["kind"] for release in plan["releases"]} == {"unrecorded"}
    result = done(paa(released.path, "release"))
    assert "already there: dice 0.0.1" in result.out
    assert "uploaded" not in result.out
    assert snapshot(index) == before
    assert released.tags() == FIRST_TAGS
    assert planned(done(paa(released.path, "plan", "--json"))) == {}


def test_a_lost_release_is_built_again_with_the_floors_that_it_had(released: Repository, index: Path) -> None:
    """What it needs moves on; the package itself, lost and found, still is what it was, byte for byte."""
    change(released, "python_modules/wordcount.py", "Better")
    done(paa(released.path, "release"))
    delete_tags(released)
    delete_tracking(released)
    shutil.rmtree(released.path / "dist")
    before = snapshot(index)
    assert "uploaded" not in done(paa(released.path, "release")).out
    assert snapshot(index) == before
    assert set(released.tags()) == {"dice-v0.0.1", "wordcount-v0.0.2", "wordreport-v0.0.1"}


def test_an_index_that_was_lost_is_not_filled_behind_the_users_back(released: Repository, index: Path) -> None:
    shutil.rmtree(index)
    assert "nothing to release" in done(paa(released.path, "release")).out
    assert not index.exists()


# ------------------------------------------------------------------------------------------------ where it was killed


@pytest.mark.parametrize(
    ("last_words", "times"),
    [
        ("ls-remote", 1),  # all is published, nothing recorded
        ("tag --annotate", 1),
        ("tag --annotate", 2),  # tagged in part
        ("hash-object", 1),  # tagged, not committed
        ("commit-tree", 1),
        ("push --quiet", 1),  # recorded here, not pushed
        ("update-index", 2),  # pushed, files written here, nothing staged
        ("update-ref", 1),  # staged, the branch here not moved
    ],
)
def test_a_kill_between_publish_and_the_end(
    repository: Repository, index: Path, tmp_path: Path, last_words: str, times: int
) -> None:
    three_packages(repository)
    remote = with_remote(repository)
    repository.git("push", "--quiet", "origin", "main")
    counter = tmp_path / "counter"
    killing = shim(
        tmp_path / "bin",
        "git",
        [
            f'case "$*" in *"{last_words}"*) echo x >> {counter}',
            f'[ "$(wc -l < {counter})" -ne {times} ] || {{ kill -KILL $PPID; exit 1; }};; esac',
            'exec "$REAL" "$@"',
        ],
    )
    assert paa_process(repository.path, "release", environment=killing).code == -signal.SIGKILL
    assert all(published(index, name) == ["0.0.1"] for name in PACKAGES)
    before = snapshot(index)

    done(paa(repository.path, "release"))

    assert snapshot(index) == before
    assert_released_once(repository, index)
    assert remote.tags() == FIRST_TAGS
    assert remote.git("rev-parse", "main") == repository.git("rev-parse", "HEAD")
    assert repository.git("rev-list", "--count", "HEAD") == "2"


@pytest.mark.parametrize("last_words", ["ls-remote", "tag --annotate", "commit-tree", "push --quiet"])
def test_a_kill_in_ci_is_made_good_from_the_next_fresh_clone(
    repository: Repository, index: Path, tmp_path: Path, last_words: str
) -> None:
    three_packages(repository)
    remote = with_remote(repository)
    repository.git("push", "--quiet", "origin", "main")
    first = clone(remote, tmp_path / "first")
    condition = f'case "$*" in *"{last_words}"*) kill -KILL $PPID; exit 1;; esac'
    killing = shim(tmp_path / "bin", "git", [condition, 'exec "$REAL" "$@"'])
    paa_process(first.path, "release", environment=killing)
    before = snapshot(index)
    second = clone(remote, tmp_path / "second")
    done(paa(second.path, "release"))
    assert snapshot(index) == before
    assert_released_once(second, index)
    assert remote.tags() == FIRST_TAGS
    assert remote.git("rev-parse", "main") == second.git("rev-parse", "HEAD")


def test_a_kill_while_it_publishes(repository: Repository, index: Path) -> None:
    """The process dies as soon as the first wheel is in the folder, whatever it is doing then."""
    three_packages(repository)
    process = subprocess.Popen([sys.executable, "-m", "paa", "release"], cwd=repository.path, stdout=subprocess.DEVNULL)
    while not list(index.glob("simple/*/*.whl")) and process.poll() is None:
        time.sleep(0.001)
    process.kill()
    process.wait()
    done(paa(repository.path, "release"))
    assert_released_once(repository, index)
    assert not [path for path in index.rglob("*") if path.name.endswith(".tmp")]


def test_a_kill_while_it_builds_leaves_the_index_alone(repository: Repository, index: Path, tmp_path: Path) -> None:
    three_packages(repository)
    killing = shim(
        tmp_path / "bin",
        "git",
        ['case "$*" in *cat-file*) kill -KILL $PPID; exit 1;; esac', 'exec "$REAL" "$@"'],
    )
    assert paa_process(repository.path, "release", environment=killing).code == -signal.SIGKILL
    assert not index.exists()
    done(paa(repository.path, "release"))
    assert_released_once(repository, index)


def test_a_second_release_that_was_killed_keeps_its_version(released: Repository, index: Path, tmp_path: Path) -> None:
    change(released, COMPONENT, "feat(wordcount): words")
    killing = shim(
        tmp_path / "bin",
        "git",
        ['case "$*" in *"commit-tree"*) kill -KILL $PPID; exit 1;; esac', 'exec "$REAL" "$@"'],
    )
    assert paa_process(released.path, "release", environment=killing).code == -signal.SIGKILL
    # Somebody goes on working in between; what they change reaches no package.
    released.write({"README.md": "# Meanwhile\n"})
    released.git("add", "README.md")
    released.git("commit", "--quiet", "--message", "Readme", "README.md")
    done(paa(released.path, "release"))
    assert published(index, "wordcount") == ["0.0.1", "0.1.0"]
    assert published(index, "wordreport") == ["0.0.1", "0.0.2"]
    assert "wordcount-v0.1.0" in released.tags()
    assert planned(done(paa(released.path, "plan", "--json"))) == {}


def test_a_tag_of_that_name_that_records_something_else_stops_no_other(released: Repository, index: Path) -> None:
    change(released, COMPONENT, "Words")
    released.git("tag", "wordcount-v0.0.2", "HEAD~1")
    plan = planned(done(paa(released.path, "plan", "--json")))
    assert plan == {"wordcount": "0.0.3", "wordreport": "0.0.2"}
    # The tag comes while the release is under way: after the plan, before it is recorded.
    done(paa(released.path, "plan", "--output", str(index.parent / "plan.json")))
    done(paa(released.path, "make-package", "--plan", str(index.parent / "plan.json")))
    done(paa(released.path, "check"))
    done(paa(released.path, "publish"))
    message = released.git("tag", "--list", "--format=%(contents)", "wordcount-v0.0.1").replace("0.0.1", "0.0.3")
    released.git("tag", "--annotate", "--message", message, "wordcount-v0.0.3")
    result = paa(released.path, "record")
    assert result.code == 1
    assert "wordcount-v0.0.3 is there already" in result.err
    assert "tagged wordreport-v0.0.2" in result.out
    assert "wordreport: 0.0.2" in (released.path / ".paa/tracking/lsts_package_versions.yml").read_text()
    released.git("tag", "--delete", "wordcount-v0.0.3")
    assert "tagged wordcount-v0.0.3" in done(paa(released.path, "record")).out


def test_a_tag_that_asked_for_the_release_stays_and_the_release_is_recorded_beside_it(
    released: Repository, index: Path
) -> None:
    change(released, COMPONENT, "[wordcount][1.0.0] Words")
    asked = released.git("rev-parse", "HEAD")
    done(paa(released.path, "make-package"))
    done(paa(released.path, "plan", "--output", str(index.parent / "plan.json")))
    done(paa(released.path, "make-package", "--plan", str(index.parent / "plan.json")))
    done(paa(released.path, "check"))
    done(paa(released.path, "publish"))
    released.git("tag", "wordcount-v1.0.0")
    assert "tagged refs/paa/releases/wordcount/1.0.0" in done(paa(released.path, "record")).out
    assert released.git("rev-parse", "wordcount-v1.0.0") == asked
    # It is known by that alone.
    delete_tracking(released)
    released.git("tag", "--delete", "wordcount-v1.0.0")
    assert planned(done(paa(released.path, "plan", "--offline", "--json"))) == {}


def test_two_machines_release_the_same_commit_and_agree(repository: Repository, index: Path, tmp_path: Path) -> None:
    three_packages(repository)
    remote = with_remote(repository)
    repository.git("push", "--quiet", "origin", "main")
    first, second = clone(remote, tmp_path / "first"), clone(remote, tmp_path / "second")
    done(paa(first.path, "release"))
    before = snapshot(index)
    recorded = remote.git("for-each-ref")
    # The second knows nothing of the first but the index; what it comes to record is there, and it takes that over.
    done(paa(second.path, "release"))
    assert snapshot(index) == before
    assert remote.git("for-each-ref") == recorded
    assert second.git("rev-parse", "HEAD") == first.git("rev-parse", "HEAD")
    assert_released_once(second, index)
    assert_released_once(clone(remote, tmp_path / "third"), index)


def test_the_same_sources_give_the_same_bytes_in_another_place_time_and_umask(
    repository: Repository, index: Path, tmp_path: Path
) -> None:
    three_packages(repository)
    done(paa(repository.path, "release"))
    copy = Repository(tmp_path / "another" / "place")
    copy.path.mkdir(parents=True)
    copy.git("init", "--quiet")
    copy.write(FILES)
    copy.commit("The same in another repository")
    environment = {"TZ": "Asia/Tokyo", "SOURCE_DATE_EPOCH": "1", "LC_ALL": "C", "PYTHONHASHSEED": "7"}
    before = os.umask(0o077)
    try:
        done(paa_process(copy.path, "release", environment=environment))
    finally:
        os.umask(before)
    ours = {path.name: path.read_bytes() for path in index.rglob("*") if path.name.endswith((".whl", ".tar.gz"))}
    theirs = {
        path.name: path.read_bytes()
        for path in (tmp_path / "another" / "index").rglob("*")
        if path.name.endswith((".whl", ".tar.gz"))
    }
    assert len(ours) == 6
    assert ours == theirs
