"""Release, change, release again: exactly what has changed, as the right versions, in the right order, once."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.functional.command_line import (
    CONFIG,
    clone,
    done,
    paa,
    paa_process,
    planned,
    published,
    snapshot,
    with_remote,
)
from tests.functional.samples import COMPONENT, FILES, change, three_packages
from tests.repository import Repository

FIRST_TAGS = ("dice-v0.0.1", "wordcount-v0.0.1", "wordreport-v0.0.1")


@pytest.fixture
def index(tmp_path: Path) -> Path:
    return tmp_path / "index"


@pytest.fixture
def remote(repository: Repository) -> Repository:
    """The remote of a repository whose three packages have been released once."""
    three_packages(repository)
    bare = with_remote(repository)
    done(paa(repository.path, "release"))
    return bare


def requirements(index: Path, distribution: str, version: str) -> list[str]:
    wheel = index / "simple" / distribution / f"{distribution}-{version}-py3-none-any.whl"
    with zipfile.ZipFile(wheel) as archive:
        metadata = archive.read(f"{distribution}-{version}.dist-info/METADATA").decode()
    return [line.removeprefix("Requires-Dist: ") for line in metadata.splitlines() if line.startswith("Requires-Dist")]


def test_the_first_release_and_a_second_run_that_does_nothing(repository: Repository, index: Path) -> None:
    three_packages(repository)
    remote = with_remote(repository)
    source = repository.git("rev-parse", "HEAD")

    result = done(paa(repository.path, "release"))

    assert repository.tags() == FIRST_TAGS
    assert remote.tags() == FIRST_TAGS
    # Tags are annotated and stand at the sources; what is recorded comes in a commit of its own, and is pushed.
    assert {repository.git("rev-parse", f"{tag}^{{commit}}") for tag in FIRST_TAGS} == {source}
    assert repository.git("rev-parse", "HEAD~1") == source
    assert remote.git("rev-parse", "main") == repository.git("rev-parse", "HEAD")
    assert "[skip ci]" in repository.git("log", "-1", "--format=%s")
    assert all(published(index, name) == ["0.0.1"] for name in ("dice", "wordcount", "wordreport"))
    assert requirements(index, "wordreport", "0.0.1") == ["wordcount>=0.0.1"]
    order = [line.split()[1] for line in result.out.splitlines() if line.startswith("uploaded:")]
    assert order.index("wordcount") < order.index("wordreport")

    before = snapshot(repository.path.parent)
    again = done(paa(repository.path, "release"))
    assert "nothing to release" in again.out
    assert snapshot(repository.path.parent) == before


def test_what_is_recorded_can_be_read_by_people_and_by_the_existing_tool(remote: Repository, tmp_path: Path) -> None:
    fresh = clone(remote, tmp_path / "fresh")
    versions = (fresh.path / ".paa/tracking/lsts_package_versions.yml").read_text()
    assert versions == "dice: 0.0.1\nwordcount: 0.0.1\nwordreport: 0.0.1\n"
    log = (fresh.path / ".paa/tracking/version_logs.csv").read_text().splitlines()
    assert log[0] == "Timestamp,Package,Version"
    assert [line.split(",")[1:] for line in log[1:]] == [
        [name, "0.0.1"] for name in ("dice", "wordcount", "wordreport")
    ]
    notes = (fresh.path / ".paa/release_notes/dice.md").read_text()
    assert notes.startswith("# Release notes\n\n### 0.0.1 (")
    assert notes.endswith(")\n\n- Three scripts\n")
    # Nothing else was written.
    changed = set(fresh.git("diff", "--name-only", "HEAD~1").splitlines())
    assert {path.split("/")[1] for path in changed} == {"tracking", "release_notes"}


def test_a_fresh_clone_has_nothing_to_release(remote: Repository, tmp_path: Path) -> None:
    """Told by what was pushed alone: the index is not even where the clone would look for it."""
    for options in ([], ["--no-tags"], ["--depth=1"]):
        fresh = clone(remote, tmp_path / f"elsewhere-{len(options)}-{'-'.join(options)}" / "fresh", *options)
        plan = done(paa(fresh.path, "plan", "--json")).json
        assert plan["releases"] == []
        assert plan["unchanged"] == ["dice", "wordcount", "wordreport"]


def test_a_changed_component_releases_the_packages_that_ship_it(
    repository: Repository, remote: Repository, index: Path
) -> None:
    change(repository, COMPONENT, "Split words better")
    plan = paa(repository.path, "plan", "--json")
    assert planned(plan) == {"wordcount": "0.0.2", "wordreport": "0.0.2"}
    assert list(planned(plan)) == ["wordcount", "wordreport"]
    assert plan.json["unchanged"] == ["dice"]
    for release in plan.json["releases"]:
        (reason,) = release["reasons"]
        assert (reason["kind"], reason["text"], reason["path"]) == ("commit", "Split words better", COMPONENT)
        assert reason["commit"] == repository.git("rev-parse", "HEAD")

    done(paa(repository.path, "release"))

    assert published(index, "wordcount") == published(index, "wordreport") == ["0.0.1", "0.0.2"]
    assert published(index, "dice") == ["0.0.1"]
    assert requirements(index, "wordreport", "0.0.2") == ["wordcount>=0.0.2"]
    assert set(remote.tags()) == {*FIRST_TAGS, "wordcount-v0.0.2", "wordreport-v0.0.2"}
    notes = (repository.path / ".paa/release_notes/wordcount.md").read_text()
    assert notes.index("### 0.0.2") < notes.index("- Split words better") < notes.index("### 0.0.1")
    assert planned(paa(repository.path, "plan", "--json")) == {}


def test_a_release_of_what_others_need_moves_no_one_else(
    repository: Repository, remote: Repository, index: Path
) -> None:
    assert remote.tags()
    change(repository, "python_modules/wordcount.py", "Count better")
    done(paa(repository.path, "release"))
    assert published(index, "wordcount") == ["0.0.1", "0.0.2"]
    assert published(index, "wordreport") == ["0.0.1"]
    change(repository, "python_modules/wordreport.py", "Report better")
    done(paa(repository.path, "release"))
    assert requirements(index, "wordreport", "0.0.2") == ["wordcount>=0.0.2"]


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("tests/dice/test_dice.py", "[dice][+..] Test more"),
        ("README.md", "feat(dice)!: say more"),
        ("docs/index.md", "fix(dice): docs"),
        ("python_modules/components/unused.py", "feat(wordcount): for later"),
        (".gitignore", "Ignore more"),
    ],
)
def test_what_reaches_no_package_releases_nothing(
    repository: Repository, remote: Repository, path: str, message: str
) -> None:
    assert remote.tags()
    repository.write({path: "# changed\n/dist/\n"})
    repository.commit(message)
    before = snapshot(repository.path.parent)
    done(paa(repository.path, "release"))
    assert snapshot(repository.path.parent) == before


def test_a_change_that_is_taken_back_releases_nothing(repository: Repository, remote: Repository) -> None:
    assert remote.tags()
    change(repository, COMPONENT, "Try something")
    repository.write({COMPONENT: FILES[COMPONENT]})
    repository.commit("Take it back")
    assert planned(done(paa(repository.path, "plan", "--json"))) == {}


def test_only_what_is_named_and_what_it_needs_is_released(repository: Repository, index: Path) -> None:
    three_packages(repository)
    done(paa(repository.path, "release", "Wordreport"))
    assert published(index, "wordcount") == published(index, "wordreport") == ["0.0.1"]
    assert published(index, "dice") == []
    done(paa(repository.path, "release"))
    assert published(index, "dice") == ["0.0.1"]


def test_what_was_released_installs_and_works_together(remote: Repository, index: Path, tmp_path: Path) -> None:
    assert remote.tags()
    options = ["--quiet", "--disable-pip-version-check", "--no-cache-dir", "--index-url", (index / "simple").as_uri()]
    site = tmp_path / "site"
    command = [sys.executable, "-m", "pip", "install", *options, "--target", str(site), "wordreport"]
    subprocess.run(command, check=True)
    program = f"import sys; sys.path.insert(0, {str(site)!r}); import wordreport; print(wordreport.report('a b'))"
    shown = subprocess.run([sys.executable, "-I", "-c", program], capture_output=True, check=True, text=True)
    assert shown.stdout == "2 ['a', 'b']\n"


def test_a_dry_run_does_everything_but_write_send_and_tag(repository: Repository) -> None:
    three_packages(repository)
    with_remote(repository)
    before = snapshot(repository.path.parent)
    result = done(paa(repository.path, "release", "--dry-run"))
    assert "checked wordreport 0.0.1" in result.out
    assert "would upload: wordreport 0.0.1 on local" in result.out
    assert snapshot(repository.path.parent) == before


def test_without_a_push_tags_and_tracking_stay_local_until_they_are_pushed(repository: Repository) -> None:
    three_packages(repository)
    remote = with_remote(repository)
    repository.git("push", "--quiet", "origin", "main")
    done(paa(repository.path, "release", "--no-push"))
    assert repository.tags() == FIRST_TAGS
    assert remote.tags() == ()
    before = snapshot(repository.path.parent)
    done(paa(repository.path, "release", "--no-push"))
    assert snapshot(repository.path.parent) == before
    done(paa(repository.path, "release"))
    assert remote.tags() == FIRST_TAGS
    assert remote.git("rev-parse", "main") == repository.git("rev-parse", "HEAD")


def test_a_remote_that_protects_its_branch_gets_the_tags_and_that_is_enough(
    repository: Repository, index: Path, tmp_path: Path
) -> None:
    three_packages(repository)
    remote = with_remote(repository)
    repository.git("push", "--quiet", "origin", "main")
    hook = remote.path / "hooks" / "update"
    hook.write_text('#!/bin/sh\n[ "$1" != refs/heads/main ] || { echo "main is protected" >&2; exit 1; }\n')
    hook.chmod(0o755)

    result = done(paa(repository.path, "release"))

    assert "only the tags were pushed" in result.err
    assert "main is protected" in result.err
    assert remote.tags() == FIRST_TAGS
    # The branch here goes no other way than that of the remote.
    assert remote.git("rev-parse", "main") == repository.git("rev-parse", "HEAD")
    assert repository.git("status", "--porcelain") == ""
    assert planned(done(paa(repository.path, "plan", "--json"))) == {}
    fresh = clone(remote, tmp_path / "fresh")
    assert planned(done(paa(fresh.path, "plan", "--json"))) == {}
    # The next release, from a fresh clone as in CI, knows the last one by its tags alone.
    change(fresh, "python_modules/dice.py", "feat(dice): more sides")
    fresh.git("push", "--quiet", "origin", "HEAD:refs/heads/next")
    done(paa(fresh.path, "release"))
    assert published(index, "dice") == ["0.0.1", "0.1.0"]
    assert "dice-v0.1.0" in remote.tags()


def test_a_remote_that_takes_nothing_fails_and_the_next_run_pushes(repository: Repository, index: Path) -> None:
    three_packages(repository)
    remote = with_remote(repository)
    hook = remote.path / "hooks" / "pre-receive"
    hook.write_text("#!/bin/sh\necho closed for today >&2\nexit 1\n")
    hook.chmod(0o755)
    result = paa(repository.path, "release")
    assert result.code == 3
    assert "closed for today" in result.err
    assert "run the same command again" in result.err
    assert remote.tags() == ()
    hook.unlink()
    contents = snapshot(index)
    head = repository.git("rev-parse", "HEAD")
    done(paa(repository.path, "release"))
    assert remote.tags() == FIRST_TAGS
    assert remote.git("rev-parse", "main") == head == repository.git("rev-parse", "HEAD")
    assert snapshot(index) == contents


def test_a_remote_with_newer_commits_gets_the_tags(repository: Repository, remote: Repository, tmp_path: Path) -> None:
    other = clone(remote, tmp_path / "other")
    other.write({"notes.txt": "from somebody else\n"})
    other.commit("Meanwhile")
    other.git("push", "--quiet", "origin", "main")
    change(repository, "python_modules/dice.py", "Roll better")
    done(paa(repository.path, "release"))
    assert "dice-v0.0.2" in remote.tags()
    assert remote.git("rev-parse", "main") == other.git("rev-parse", "HEAD")
    # Where the released commit is not known yet, nothing older is released over it.
    other.git("fetch", "--quiet", "--tags")
    assert paa(other.path, "plan").code == 1
    repository.git("pull", "--quiet", "--no-rebase", "--no-edit", "origin", "main")
    repository.git("push", "--quiet", "origin", "main")
    other.git("pull", "--quiet")
    assert planned(done(paa(other.path, "plan", "--json"))) == {}


def test_a_detached_head_as_in_ci_pushes_the_tags(remote: Repository, index: Path, tmp_path: Path) -> None:
    fresh = clone(remote, tmp_path / "ci")
    change(fresh, "python_modules/dice.py", "Roll better")
    fresh.git("push", "--quiet", "origin", "main")
    fresh.git("checkout", "--quiet", "--detach")
    done(paa(fresh.path, "release"))
    assert published(index, "dice") == ["0.0.1", "0.0.2"]
    assert "dice-v0.0.2" in remote.tags()
    assert fresh.git("rev-parse", "--abbrev-ref", "HEAD") == "HEAD"
    assert planned(done(paa(clone(remote, tmp_path / "next").path, "plan", "--json"))) == {}


def test_a_repository_with_sha_256_hashes(tmp_path: Path, index: Path) -> None:
    repository = Repository(tmp_path / "long-hashes")
    repository.path.mkdir()
    repository.git("init", "--quiet", "--object-format=sha256")
    three_packages(repository)
    done(paa(repository.path, "make-package", "dice"))
    done(paa(repository.path, "release"))
    assert published(index, "dice") == ["0.0.1"]
    change(repository, "python_modules/dice.py", "feat(dice): better")
    repository.write({"python_modules/wordcount.py": "dirty = 1\n"})
    listed = {item["package"]: item["state"] for item in paa(repository.path, "list", "--json").json["packages"]}
    assert listed == {"dice": "changed", "wordcount": "changed", "wordreport": "unchanged"}
    repository.git("checkout", "--quiet", ".")
    done(paa(repository.path, "release"))
    assert published(index, "dice") == ["0.0.1", "0.1.0"]
    assert "nothing to release" in done(paa(repository.path, "release")).out


def test_a_ppr_in_a_subfolder_is_released_on_its_own(repository: Repository, tmp_path: Path) -> None:
    repository.write({f"tools/words/{path}": content for path, content in FILES.items()})
    repository.write({"tools/words/.gitignore": "", "python_modules/other.py": "value = 1\n", "dist": "not ours\n"})
    repository.commit("A PPR below")
    with_remote(repository)
    folder = repository.path / "tools" / "words"
    index = folder.parent / "index"
    done(paa_process(folder / "python_modules", "release"))
    assert published(index, "wordreport") == ["0.0.1"]
    assert published(index, "other") == []
    assert (folder / ".paa" / "tracking" / "releases.json").is_file()
    assert not (repository.path / ".paa").exists()
    # dist/ and the index lie in the work tree here, untracked: dist/ does not count, and what else is there is named.
    refused = paa(folder, "release")
    assert refused.code == 0, refused.text
    change(Repository(folder), "python_modules/components/words.py", "[wordcount][.+.] Words")
    done(paa(folder, "release", "--allow-dirty"))
    assert published(index, "wordcount") == ["0.0.1", "0.1.0"]
    assert published(index, "wordreport") == ["0.0.1", "0.0.2"]
    repository.write({"elsewhere.txt": "not in the PPR\n", "tools/words/new.txt": "in it\n"})
    refused = paa(folder, "release")
    assert refused.code == 2
    assert "\n  new.txt" in refused.err
    assert "elsewhere.txt" not in refused.err
    assert str(tmp_path) not in refused.err


def test_history_before_the_settings_file_counts_as_well(repository: Repository, index: Path) -> None:
    """Settings are read from HEAD, and only from there."""
    repository.write({"scripts/dice.py": "value = 1\n"})
    repository.commit("A script")
    repository.write({".paa.config": f"{CONFIG}module_dir: scripts\ndefault_version: 1.0.0\n"})
    repository.commit("Settings")
    done(paa(repository.path, "release"))
    assert published(index, "dice") == ["1.0.0"]


def test_two_releases_at_once_end_as_one(repository: Repository, index: Path) -> None:
    three_packages(repository)
    remote = with_remote(repository)
    command = [sys.executable, "-m", "paa", "release"]
    running = [subprocess.Popen(command, cwd=repository.path, stderr=subprocess.PIPE) for _ in range(2)]
    errors = [process.communicate()[1].decode() for process in running]
    assert [process.returncode for process in running] == [0, 0], errors
    assert any("waiting for it to end" in text for text in errors)
    assert remote.tags() == FIRST_TAGS
    assert repository.git("rev-list", "--count", "HEAD") == "2"
    assert published(index, "wordreport") == ["0.0.1"]
