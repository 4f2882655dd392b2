"""Recording what a plan released, in another clone than the one that published it: as the last job of a pipeline."""

import json
import os
import shutil
from pathlib import Path

import pytest

from tests.functional.command_line import CONFIG, Result, clone, done, paa, paa_process, planned, with_remote
from tests.repository import Repository

ONE, TWO = "python_modules/one.py", "python_modules/two.py"
README = "# Mine\n\nAbout.\n\n<!-- paa:packages -->\n<!-- /paa:packages -->\n\nBy hand.\n"
FILES = {
    ONE: '"""One | of <two>."""\n',
    TWO: '"""Two."""\n',
    ".paa.config": CONFIG,
    ".gitignore": "/dist/\n/plan/\n",
    "README.md": README,
}
SCRIPT = '"""<!-- /paa:packages --> | `x` ![i](http://127.0.0.1/) $(touch x) ##[error]x\n\n@all."""\n'


@pytest.fixture
def remote(repository: Repository) -> Repository:
    repository.write(FILES)
    repository.commit("Begin")
    bare = with_remote(repository)
    repository.git("push", "--quiet", "--set-upstream", "origin", "main")
    return bare


def released(repository: Repository, *, publish: bool = True, packages: tuple[str, ...] = ()) -> Path:
    """Plan, build, check and publish in ``repository``; the folder with what CI would keep of that."""
    (repository.path / "plan").mkdir(exist_ok=True)
    paa(repository.path, "plan", "--output", str(repository.path / "plan" / "plan.json"))
    assert paa(repository.path, "make-package", "--plan", "plan/plan.json", *packages).code in {0, 1}
    done(paa(repository.path, "check"))
    if publish:
        done(paa(repository.path, "publish"))
    return repository.path


def clone_with(made: Path, remote: Repository, folder: Path) -> Path:
    """A clone in ``folder`` with the artifacts of ``made``."""
    clone(remote, folder)
    for name in ("plan", "dist"):
        if (made / name).exists():
            shutil.copytree(made / name, folder / name)
    return folder


def record_job(remote: Repository, folder: Path, made: Path, *options: str, commit: str | None = None) -> Result:
    """``paa record`` in a clone in ``folder``, of ``commit``, with the artifacts of ``made``."""
    clone_with(made, remote, folder)
    if commit is not None:
        Repository(folder).git("checkout", "--quiet", "--detach", commit)
    shutil.rmtree(folder / "dist" / ".paa", ignore_errors=True)
    return paa(folder, "record", "--plan", "plan/plan.json", "--summary", str(folder.parent / "summary.md"), *options)


def test_a_clean_clone_records_what_another_one_has_published(
    repository: Repository, remote: Repository, tmp_path: Path
) -> None:
    made = released(repository)
    source = repository.git("rev-parse", "HEAD")
    result = done(record_job(remote, tmp_path / "record", made))
    assert remote.tags() == ("one-v0.0.1", "two-v0.0.1")
    assert remote.git("rev-parse", "one-v0.0.1^{commit}") == source
    assert "tagged one-v0.0.1" in result.out
    assert "| one | 0.0.1 |" in remote.git("show", "main:README.md")
    text = (tmp_path / "summary.md").read_text()
    assert "| one | 0.0.1 | local |" in text
    assert "one==0.0.1 two==0.0.1" in text
    assert "Not released" not in text
    assert planned(done(paa(clone(remote, tmp_path / "fresh").path, "plan", "--json"))) == {}
    # Again, as when somebody starts the job once more.
    before = remote.git("rev-parse", "main")
    done(record_job(remote, tmp_path / "again", made))
    assert remote.git("rev-parse", "main") == before


def test_main_has_moved_and_the_checkout_is_of_the_planned_commit(
    repository: Repository, remote: Repository, tmp_path: Path
) -> None:
    made = released(repository)
    source = repository.git("rev-parse", "HEAD")
    other = clone(remote, tmp_path / "other")
    other.write({"theirs.txt": "x"})
    other.commit("Theirs")
    other.git("push", "--quiet")
    done(record_job(remote, tmp_path / "record", made, commit=source))
    assert remote.git("log", "--format=%s", "main").splitlines()[1:] == ["Theirs", "Begin"]
    assert remote.git("rev-parse", "two-v0.0.1^{commit}") == source
    assert remote.git("show", "main:theirs.txt") == "x"


def test_a_clone_without_the_planned_commit_records_nothing(
    repository: Repository, remote: Repository, tmp_path: Path
) -> None:
    repository.commit("Not pushed")
    result = record_job(remote, tmp_path / "record", released(repository))
    assert result.code == 2
    assert "not in the history of HEAD" in result.err
    assert remote.tags() == ()


def test_what_was_not_built_or_not_published_is_named_and_the_rest_is_recorded(
    repository: Repository, remote: Repository, tmp_path: Path
) -> None:
    made = released(repository, packages=("one",))
    result = record_job(remote, tmp_path / "record", made)
    assert result.code == 1
    assert remote.tags() == ("one-v0.0.1",)
    assert "two" in result.err
    assert "not built" in result.err
    assert "- **two**: `it was not built`" in (tmp_path / "summary.md").read_text()


def test_without_any_distributions_the_job_says_so(repository: Repository, remote: Repository, tmp_path: Path) -> None:
    made = released(repository, publish=False)
    shutil.rmtree(made / "dist")
    result = record_job(remote, tmp_path / "record", made, "--json")
    assert result.code == 1
    assert result.json["not_published"] == ["one", "two"]
    assert remote.tags() == ()
    assert "Nothing." in (tmp_path / "summary.md").read_text()


def test_what_the_index_does_not_serve_is_not_recorded_whatever_the_receipts_say(
    repository: Repository, remote: Repository, tmp_path: Path
) -> None:
    made = released(repository)
    assert list((made / "dist" / ".paa").iterdir())
    clone_with(made, remote, tmp_path / "record")
    shutil.rmtree(tmp_path / "index" / "simple" / "two")
    result = paa(tmp_path / "record", "record", "--plan", "plan/plan.json")
    assert result.code == 1
    assert "local does not have two-0.0.1" in result.err
    assert remote.tags() == ("one-v0.0.1",)


@pytest.mark.parametrize(
    ("key", "value"),
    [("version", "0.0.2"), ("fingerprint", "f" * 64), ("distribution", "other")],
)
def test_what_was_built_for_something_else_than_the_plan_is_refused(
    repository: Repository, remote: Repository, tmp_path: Path, key: str, value: str
) -> None:
    """The document of the build comes from a job that runs code of the repository."""
    made = released(repository)
    file = made / "dist" / "paa-release.json"
    document = json.loads(file.read_text())
    for release in document["releases"]:
        if release["package"] == "two":
            release[key] = value
            release["files"] = [
                {**item, "name": item["name"].replace("two-0.0.1", f"{release['distribution']}-{release['version']}")}
                for item in release["files"]
            ]
    file.write_text(json.dumps(document))
    result = record_job(remote, tmp_path / "record", made)
    assert result.code == 1
    assert f"its {key} is another one" in result.err
    assert remote.tags() == ("one-v0.0.1",)


def test_a_blocked_package_ends_the_job_red_and_the_rest_is_recorded(
    repository: Repository, remote: Repository, tmp_path: Path
) -> None:
    repository.write({"python_modules/broken.py": "import this_is | of_nobody\n"})
    repository.commit("Broken")
    repository.git("push", "--quiet")
    result = record_job(remote, tmp_path / "record", released(repository))
    assert result.code == 1
    assert remote.tags() == ("one-v0.0.1", "two-v0.0.1")
    assert "broken was not released" in result.err
    text = (tmp_path / "summary.md").read_text()
    assert "- **broken**: `python_modules/broken.py:1" in text


def test_a_release_that_waits_for_another_index_is_no_failure(
    repository: Repository, remote: Repository, tmp_path: Path
) -> None:
    """As a run by hand that names one index: it did what it was told, and a tag says more than that."""
    both = CONFIG.replace("publish_to: local", "  new: {kind: directory, path: ../new}\npublish_to: [local, new]")
    repository.write({".paa.config": both})
    repository.commit("Two indexes")
    repository.git("push", "--quiet")
    (repository.path / "plan").mkdir()
    done(paa(repository.path, "plan", "--index", "new", "--output", str(repository.path / "plan" / "plan.json")))
    done(paa(repository.path, "make-package", "--plan", "plan/plan.json"))
    done(paa(repository.path, "check"))
    done(paa(repository.path, "publish"))
    result = done(record_job(remote, tmp_path / "record", repository.path))
    assert "one is not recorded yet: local does not have one-0.0.1" in result.err
    assert remote.tags() == ()
    assert "Published, not recorded yet" in (tmp_path / "summary.md").read_text()


def test_a_ci_system_that_told_git_nothing_commits_in_its_own_name(
    repository: Repository, remote: Repository, tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = released(repository)
    (home / ".gitconfig").write_text("[init]\n\tdefaultBranch = main\n")
    for name in list(os.environ):
        if name.startswith("GIT_") or name == "EMAIL":
            monkeypatch.delenv(name)
    refused = record_job(remote, tmp_path / "local", made)
    assert refused.code == 2
    assert "does not know who commits" in refused.err
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    done(record_job(remote, tmp_path / "record", made))
    names = remote.git("log", "-1", "--format=%an|%ae|%cn", "main")
    assert names == "github-actions[bot]|41898282+github-actions[bot]@users.noreply.github.com|github-actions[bot]"
    assert "github-actions[bot]" in remote.git("for-each-ref", "--format=%(taggername)", "refs/tags/one-v0.0.1")


# ------------------------------------------------------------------------------------------------------- the README


def edited(folder: Path, old: str, new: str) -> None:
    """What the user's own script does to the README, in the clone that records."""
    path = folder / "README.md"
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


@pytest.mark.parametrize("detached", [True, False])
def test_the_readme_is_committed_as_the_script_left_it(
    repository: Repository, remote: Repository, tmp_path: Path, *, detached: bool
) -> None:
    made = released(repository)
    folder = clone_with(made, remote, tmp_path / "record")
    if detached:
        Repository(folder).git("checkout", "--quiet", "--detach")
    edited(folder, "By hand.", "By the script.")
    result = done(paa(folder, "record", "--plan", "plan/plan.json", "--readme", "README.md"))
    text = remote.git("show", "main:README.md")
    assert text.startswith("# Mine\n\nAbout.\n")
    assert text.endswith("By the script.")
    assert "| one | 0.0.1 |" in text
    assert "stays where it was" not in result.err
    if not detached:
        assert Repository(folder).git("status", "--porcelain") == ""
    assert planned(done(paa(clone(remote, tmp_path / "fresh").path, "plan", "--json"))) == {}


def test_what_somebody_else_changed_in_the_readme_meanwhile_is_kept(
    repository: Repository, remote: Repository, tmp_path: Path
) -> None:
    made = released(repository)
    folder = clone_with(made, remote, tmp_path / "record")
    other = clone(remote, tmp_path / "other")
    edited(other.path, "# Mine", "# Ours")
    edited(other.path, "<!-- paa:packages -->\n", "<!-- paa:packages -->\n| one | 9 |\n")
    other.commit("A better title")
    other.git("push", "--quiet")
    edited(folder, "By hand.", "By the script.")
    edited(folder, "<!-- paa:packages -->\n", "<!-- paa:packages -->\n| one | 8 |\n")
    done(paa(folder, "record", "--plan", "plan/plan.json", "--readme", "README.md"))
    text = remote.git("show", "main:README.md")
    assert text.startswith("# Ours\n")
    assert text.endswith("By the script.")
    assert "| one | 0.0.1 |" in text
    assert "| 9 |" not in text


def test_where_both_changed_the_same_lines_the_branchs_own_stay(
    repository: Repository, remote: Repository, tmp_path: Path
) -> None:
    made = released(repository)
    folder = clone_with(made, remote, tmp_path / "record")
    other = clone(remote, tmp_path / "other")
    edited(other.path, "By hand.", "By another hand.")
    other.commit("Another hand")
    other.git("push", "--quiet")
    edited(folder, "By hand.", "By the script.")
    result = done(paa(folder, "record", "--plan", "plan/plan.json", "--readme", "README.md"))
    text = remote.git("show", "main:README.md")
    assert text.endswith("By another hand.")
    assert "| one | 0.0.1 |" in text
    assert "README.md was changed on the branch meanwhile" in result.err
    assert remote.tags() == ("one-v0.0.1", "two-v0.0.1")


def test_another_file_is_no_readme(repository: Repository, remote: Repository, tmp_path: Path) -> None:
    result = record_job(remote, tmp_path / "record", released(repository), "--readme", "../README.md")
    assert result.code == 2
    assert "--readme README.md" in result.err
    assert remote.tags() == ()


def test_hostile_text_is_text_in_the_list_and_in_the_summary(
    repository: Repository, remote: Repository, tmp_path: Path
) -> None:
    repository.write({TWO: SCRIPT, "python_modules/broken.py": "import x <script>`|$(touch x)\n"})
    repository.commit("##[set-output name=x]y <b> | ```")
    repository.git("push", "--quiet")
    result = record_job(remote, tmp_path / "record", released(repository))
    assert result.code == 1
    text, readme = (tmp_path / "summary.md").read_text(), remote.git("show", "main:README.md")
    assert "<script>" not in text.replace("`", "")
    assert readme.count("<!-- /paa:packages -->") == 1
    assert readme.endswith("By hand.")
    again = paa_process(tmp_path / "record", "record", "--plan", "plan/plan.json")
    assert "##[" not in again.out + again.err
