"""A tag of the user's is a request: ``paa plan --tag``, and what becomes of it."""

from pathlib import Path

import pytest

from tests.functional.command_line import CONFIG, Result, done, paa, planned, published, with_remote
from tests.functional.samples import change, three_packages
from tests.repository import Repository

MODULE = '"""One."""\n\nvalue = 1\n'


@pytest.fixture
def one(repository: Repository) -> Repository:
    """A repository of one package."""
    repository.write({".paa.config": CONFIG, ".gitignore": "/dist/\n/plan/\n", "python_modules/one.py": MODULE})
    repository.commit("One")
    return repository


def tag(repository: Repository, name: str, *arguments: str) -> Result:
    repository.git("tag", name)
    return paa(repository.path, "plan", "--json", "--tag", name, *arguments)


def released(repository: Repository, name: str) -> None:
    """Do what the jobs of a pipeline do for a tag."""
    done(paa(repository.path, "plan", "--tag", name, "--output", "plan/plan.json"))
    done(paa(repository.path, "make-package", "--plan", "plan/plan.json"))
    done(paa(repository.path, "check"))
    done(paa(repository.path, "publish"))
    done(paa(repository.path, "record", "--plan", "plan/plan.json"))


def test_from_the_tag_to_the_next_plan(one: Repository, tmp_path: Path) -> None:
    with_remote(one)
    one.git("push", "--quiet", "--set-upstream", "origin", "main")
    one.git("tag", "one-v1.2.0")
    released(one, "one-v1.2.0")
    assert published(tmp_path / "index", "one") == ["1.2.0"]
    # The tag is what it was; the record is beside it, and on the remote.
    assert one.git("cat-file", "-t", "one-v1.2.0") == "commit"
    assert "refs/paa/releases/one/1.2.0" in one.git("ls-remote", "origin")

    again = done(paa(one.path, "plan", "--json"))
    assert planned(again) == {}
    one.git("checkout", "--quiet", "one-v1.2.0")
    second = done(paa(one.path, "plan", "--tag", "one-v1.2.0"))
    assert "nothing to do: one 1.2.0 is released already" in second.out
    one.git("checkout", "--quiet", "main")

    change(one, "python_modules/one.py", "More")
    assert planned(done(paa(one.path, "plan", "--json"))) == {"one": "1.2.1"}
    assert planned(done(tag(one, "one-v2.0"))) == {"one": "2.0"}


def test_a_plain_version_in_a_repository_of_one_package(one: Repository) -> None:
    with_remote(one)
    one.git("push", "--quiet", "--set-upstream", "origin", "main")
    one.git("tag", "v0.1.0-beta.1")
    released(one, "v0.1.0-beta.1")
    assert one.git("cat-file", "-t", "v0.1.0-beta.1") == "commit"
    one.git("checkout", "--quiet", "v0.1.0-beta.1")
    assert "nothing to do" in done(paa(one.path, "plan", "--tag", "v0.1.0-beta.1")).out
    # What was made from the same sources becomes final by the next tag.
    final = done(tag(one, "v0.1.0"))
    assert planned(final) == {"one": "0.1.0"}
    assert final.json["releases"][0]["previous"] == "0.1.0b1"


def test_a_run_that_was_stopped_after_the_upload_is_completed(one: Repository, tmp_path: Path) -> None:
    one.git("tag", "v1.0.0")
    done(paa(one.path, "plan", "--tag", "v1.0.0", "--output", "plan/plan.json"))
    done(paa(one.path, "make-package", "--plan", "plan/plan.json"))
    done(paa(one.path, "check"))
    done(paa(one.path, "publish"))
    again = done(paa(one.path, "plan", "--tag", "v1.0.0", "--json"))
    (release,) = again.json["releases"]
    assert (release["version"], release["present_on"]) == ("1.0.0", ["local"])
    released(one, "v1.0.0")
    assert published(tmp_path / "index", "one") == ["1.0.0"]


@pytest.mark.parametrize(
    ("config", "version", "targets"),
    [
        ("", "v1.0", ["pypi"]),
        ("", "v1.0rc1", ["testpypi"]),
        ("publish_to: [local, pypi]\n", "v1.0rc1", ["local", "testpypi"]),
        ("publish_to: local\n", "v1.0rc1", ["local"]),
        ("prereleases_to: pypi\n", "v1.0rc1", ["pypi"]),
        ("prereleases_to: local\n", "v1.0.dev1", ["local"]),
    ],
)
def test_where_pre_releases_go(repository: Repository, config: str, version: str, targets: list[str]) -> None:
    """Nothing that has an index of its own goes to the public TestPyPI unless the settings say so."""
    indexes = "indexes:\n  local: {kind: directory, path: ../index}\n"
    repository.write({".paa.config": indexes + config, "python_modules/one.py": MODULE})
    repository.commit("One")
    (release,) = done(tag(repository, version, "--offline")).json["releases"]
    assert release["targets"] == targets


def test_a_pre_release_that_went_elsewhere_stays_there(one: Repository, tmp_path: Path) -> None:
    indexes = "  local: {kind: directory, path: ../index}\n  trial: {kind: directory, path: ../trial}\n"
    one.write({".paa.config": f"indexes:\n{indexes}publish_to: local\nprereleases_to: trial\n"})
    one.commit("Trials")
    one.git("tag", "v1.0rc1")
    released(one, "v1.0rc1")
    assert published(tmp_path / "trial", "one") == ["1.0rc1"]
    one.write({".paa.config": f"indexes:\n{indexes}publish_to: local\n"})
    one.commit("No trials any more")
    assert planned(done(paa(one.path, "plan", "--json"))) == {}


@pytest.mark.parametrize(
    ("name", "code", "said"),
    [
        ("v0.1.0-test.1", 1, "was 0.1.0.dev1 meant?"),
        ("latest", 1, "tags are written like one-v1.2.3"),
        ("other-v1.0", 1, "names no package of this repository"),
        ("v0.9", 1, "1.0.0 is released"),
        ("v1.0", 1, "one 1.0 is released already from"),
    ],
)
def test_what_can_t_be_released_is_told(one: Repository, name: str, code: int, said: str) -> None:
    done(paa(one.path, "release"))
    one.git("tag", "--delete", "one-v0.0.1")
    change(one, "python_modules/one.py", "[one][1.0.0] Stable")
    done(paa(one.path, "release"))
    change(one, "python_modules/one.py", "More")
    one.git("tag", name)
    result = paa(one.path, "plan", "--tag", name, "--allow-blocked")
    assert result.code == code, result.text
    assert said in result.err


def test_a_tag_that_is_not_there_or_not_on_head(one: Repository) -> None:
    assert "there is no tag 'v1.0' here" in paa(one.path, "plan", "--tag", "v1.0").err
    one.git("tag", "v1.0")
    change(one, "python_modules/one.py", "More")
    result = paa(one.path, "plan", "--tag", "v1.0")
    assert result.code == 2
    assert "git checkout v1.0" in result.err


def test_a_record_of_ours_asks_for_nothing(one: Repository) -> None:
    done(paa(one.path, "release"))
    result = done(paa(one.path, "plan", "--tag", "refs/tags/one-v0.0.1"))
    assert "nothing to do: one-v0.0.1 records the release of one 0.0.1" in result.out


def test_bare_tags_beside_it_keep_no_tag_from_its_version(one: Repository) -> None:
    """They are requests too, and their runs may come later, or have failed."""
    one.git("tag", "one-v3.0")
    assert planned(done(tag(one, "one-v2.0"))) == {"one": "2.0"}


def test_a_version_that_the_index_has_is_blocked(one: Repository) -> None:
    done(paa(one.path, "release"))
    for name in one.tags():
        one.git("tag", "--delete", name)
    one.git("reset", "--quiet", "--hard", "HEAD~1")
    one.write({".paa.config": f"{CONFIG}adopt: [one]\n"})
    change(one, "python_modules/one.py", "Other")
    result = tag(one, "v0.0.1")
    assert result.code == 1
    assert result.json["releases"] == []
    assert "already released" in result.json["blocked"][0]["reason"]


def test_what_says_the_version_in_two_ways_is_refused(one: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    one.git("tag", "v1.0")
    for more in (["one"], ["--all"], ["--pre", "rc"], ["--dev"]):
        assert paa(one.path, "plan", "--tag", "v1.0", *more).code == 2
    monkeypatch.setenv("PAA_TAG", "v1.0")
    assert planned(done(paa(one.path, "plan", "--json"))) == {"one": "1.0"}
    for absent in ("", "$(PAA_TAG)", "  "):
        monkeypatch.setenv("PAA_TAG", absent)
        assert planned(done(paa(one.path, "plan", "--json"))) == {"one": "0.0.1"}


def test_siblings_have_tags_of_their_own(repository: Repository) -> None:
    """A tag releases one package: what it needs is never released along with it, for nobody said as which version."""
    three_packages(repository)
    result = tag(repository, "wordreport-v1.0")
    assert result.code == 1
    (blocked,) = result.json["blocked"]
    assert blocked["package"] == "wordreport"
    assert "it needs wordcount, which was never released" in blocked["reason"]

    done(paa(repository.path, "release", "wordcount"))
    assert planned(done(tag(repository, "wordreport-v1.1"))) == {"wordreport": "1.1"}

    change(repository, "python_modules/wordcount.py", "Count better")
    result = tag(repository, "wordreport-v1.2")
    assert result.code == 1
    assert "wordcount, which has changed since 0.0.1" in result.json["blocked"][0]["reason"]

    # The author says which versions it takes: then that is known.
    text = (repository.path / "python_modules/wordreport.py").read_text()
    marked = text.replace("import wordcount\n", "import wordcount #>=0.0.1\n")
    repository.write({"python_modules/wordreport.py": marked})
    repository.commit("Takes any")
    (release,) = done(tag(repository, "wordreport-v1.3")).json["releases"]
    assert (release["package"], release["floors"]) == ("wordreport", {"wordcount": "0.0.1"})


def test_a_hostile_tag_reaches_nothing(one: Repository, tmp_path: Path) -> None:
    name = "one-v1.0$(touch${IFS}pwned)`id`;&|<b>@all"
    summary = tmp_path / "summary.md"
    result = tag(one, name, "--summary", str(summary))
    assert result.code == 1
    assert not (one.path / "pwned").exists()
    assert not summary.exists()
    assert paa(one.path, "plan", "--tag", "--upload-pack=touch pwned").code == 2
    assert not (one.path / "pwned").exists()
