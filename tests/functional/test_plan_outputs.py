"""What a plan says to the next jobs of a CI system: shards, and outputs that nothing in a repository can forge."""

import json
import re
from pathlib import Path

import pytest

from tests.functional.command_line import CONFIG, done, paa, paa_process
from tests.functional.samples import change, three_packages
from tests.repository import Repository


def many(repository: Repository, number: int) -> None:
    """Packages p000, p001 …, of which p001 needs p000, p003 needs p002, and so on."""
    files = {f"python_modules/p{at:03}.py": f"import p{at - 1:03}\n" if at % 2 else "x = 1\n" for at in range(number)}
    repository.write({**files, ".paa.config": CONFIG})
    repository.commit("Many")


def shards(repository: Repository, *arguments: str) -> list[list[str]]:
    found = done(paa(repository.path, "plan", "--offline", "--json", *arguments)).json["shards"]
    assert [item["shard"] for item in found] == list(range(1, len(found) + 1))
    return [item["packages"] for item in found]


def test_shards_hold_everything_once_keep_siblings_together_and_are_even(repository: Repository) -> None:
    many(repository, 22)
    found = shards(repository, "--shards", "4")
    assert sorted(name for shard in found for name in shard) == [f"p{at:03}" for at in range(22)]
    assert sorted(len(shard) for shard in found) == [4, 6, 6, 6]
    for shard in found:
        for name in shard:
            at = int(name[1:])
            assert f"p{at - 1 if at % 2 else at + 1:03}" in shard
            assert at % 2 == 0 or shard.index(f"p{at - 1:03}") < shard.index(name)
    assert shards(repository, "--shards", "4") == found
    assert len(shards(repository, "--shards", "256")) == 11
    assert len(shards(repository, "--shards", "1")) == 1


def test_shards_are_at_most_256_and_at_least_one(repository: Repository) -> None:
    three_packages(repository)
    for wrong in ("0", "257", "-1", "many"):
        assert paa(repository.path, "plan", "--offline", "--shards", wrong).code == 2


@pytest.mark.parametrize("changed", [True, False])
def test_github_gets_a_matrix_and_whether_there_is_anything(
    repository: Repository, tmp_path: Path, *, changed: bool
) -> None:
    three_packages(repository)
    if not changed:
        done(paa(repository.path, "release"))
    file = tmp_path / "output"
    file.write_text("before=1\n")
    done(
        paa_process(
            repository.path,
            "plan",
            "--offline",
            "--shards=2",
            "--github-output",
            environment={"GITHUB_OUTPUT": str(file)},
        )
    )
    first, *lines = file.read_text().splitlines()
    values = dict(line.split("=", 1) for line in lines)
    assert first == "before=1"
    assert values["has_releases"] == ("true" if changed else "false")
    assert json.loads(values["matrix"]) == {
        "include": [{"shard": 1, "packages": "wordcount wordreport"}, {"shard": 2, "packages": "dice"}]
        if changed
        else []
    }
    assert (values["releases"], values["shards"]) == (("3", "2") if changed else ("0", "0"))


def test_outside_of_github_there_is_nowhere_to_write(repository: Repository) -> None:
    three_packages(repository)
    result = paa_process(repository.path, "plan", "--offline", "--github-output", environment={"GITHUB_OUTPUT": ""})
    assert result.code == 2
    assert "GITHUB_OUTPUT" in result.err


def test_azure_gets_variables_by_lines_that_it_reads(repository: Repository) -> None:
    three_packages(repository)
    lines = done(paa(repository.path, "plan", "--offline", "--azure-output", "--levels", "2")).out.splitlines()
    found = dict(line.split("]", 1) for line in lines if line.startswith("##vso"))
    prefix = "##vso[task.setvariable variable={};isOutput=true"
    assert found[prefix.format("has_releases")] == "true"
    assert json.loads(found[prefix.format("matrix")]) == {
        "shard_1": {"shard": "1", "packages": "dice wordcount wordreport"}
    }
    assert json.loads(found[prefix.format("indexes")]) == {"local": {"index": "local", "environment": "local"}}
    assert found[prefix.format("affected")] == "dice wordcount wordreport"
    assert found[prefix.format("has_level_1")] == "true"
    assert json.loads(found[prefix.format("level_2")]) == {
        "local_wordreport": {"index": "local", "package": "wordreport", "environment": "local-wordreport"}
    }


def test_azure_lines_would_be_no_json_document(repository: Repository) -> None:
    three_packages(repository)
    assert paa(repository.path, "plan", "--offline", "--azure-output", "--json").code == 2


def outputs(repository: Repository, file: Path, *arguments: str, code: int = 0) -> dict[str, str]:
    """What the step of a GitHub workflow tells the next jobs."""
    environment = {"GITHUB_OUTPUT": str(file)}
    result = paa_process(repository.path, "plan", "--github-output", *arguments, environment=environment)
    assert result.code == code, result.text
    lines = file.read_text().splitlines() if file.exists() else []
    return dict(line.split("=", 1) for line in lines)


def test_publishing_jobs_learn_where_something_is_missing(repository: Repository, tmp_path: Path) -> None:
    three_packages(repository)
    config = (
        "indexes:\n  local: {kind: directory, path: ../index}\n  second: {kind: directory, path: ../second}\n"
        "  branches: {kind: git}\npublish_to: [second, local, branches]\n"
    )
    repository.write({".paa.config": config})
    repository.commit("Three indexes")
    repository.git("remote", "add", "origin", str(repository.path))
    found = outputs(repository, tmp_path / "one", "--levels", "3")
    assert json.loads(found["indexes"]) == {
        "include": [{"index": "second", "environment": "second"}, {"index": "local", "environment": "local"}]
    }
    assert (found["has_uploads"], found["branch_indexes"], found["has_branches"]) == ("true", "branches", "true")
    assert [row["environment"] for row in json.loads(found["level_1"])["include"]] == [
        *("second-dice", "second-wordcount", "local-dice", "local-wordcount")
    ]
    assert json.loads(found["level_2"])["include"][0] == {
        "index": "second",
        "package": "wordreport",
        "environment": "second-wordreport",
    }
    assert (found["has_level_2"], found["has_level_3"]) == ("true", "false")
    assert json.loads(found["affected"]) == ["dice", "wordcount", "wordreport"]

    done(paa(repository.path, "release", "--index", "local"))
    less = outputs(repository, tmp_path / "two")
    assert json.loads(less["indexes"])["include"] == [{"index": "second", "environment": "second"}]
    assert "level_1" not in less


def test_nothing_to_do_is_told_in_every_output(repository: Repository, tmp_path: Path) -> None:
    three_packages(repository)
    done(paa(repository.path, "release"))
    found = outputs(repository, tmp_path / "output", "--levels", "1", "--offline")
    assert (
        json.loads(found["indexes"]) == json.loads(found["matrix"]) == json.loads(found["level_1"]) == {"include": []}
    )
    names = ("has_releases", "has_uploads", "has_branches", "has_affected", "has_level_1")
    assert {found[name] for name in names} == {"false"}
    assert (found["blocked"], found["affected"], found["branch_indexes"]) == ("0", "[]", "")


def test_more_levels_than_there_are_jobs_for_are_an_error(repository: Repository, tmp_path: Path) -> None:
    three_packages(repository)
    assert outputs(repository, tmp_path / "output", "--levels", "1", "--offline", code=1) == {}
    assert "run 'paa init-ppr' again" in paa(repository.path, "plan", "--offline", "--levels", "1").err


def test_what_is_blocked_ends_the_step_unless_it_is_allowed(repository: Repository, tmp_path: Path) -> None:
    three_packages(repository)
    repository.write({"python_modules/broken.py": "def f(:\n"})
    repository.commit("Broken")
    assert outputs(repository, tmp_path / "one", code=1)["blocked"] == "1"
    found = outputs(repository, tmp_path / "two", "--allow-blocked")
    assert (found["blocked"], found["releases"]) == ("1", "3")
    assert json.loads(found["affected"]) == ["broken", "dice", "wordcount", "wordreport"]


def test_an_index_that_can_t_be_read_ends_the_step(repository: Repository, tmp_path: Path) -> None:
    """However much is allowed: what is planned without it may be wrong, and could not be published."""
    three_packages(repository)
    url = "http://127.0.0.1:9/"
    repository.write({".paa.config": f"indexes:\n  far: {{kind: pypiserver, upload_url: '{url}'}}\npublish_to: far\n"})
    repository.commit("Far away")
    plan = tmp_path / "plan.json"
    found = outputs(repository, tmp_path / "one", "--allow-blocked", "--output", str(plan), code=3)
    assert found["releases"] == "3"
    assert "far" in json.loads(plan.read_text())["provisional"]
    assert outputs(repository, tmp_path / "two", "--offline")["releases"] == "3"


def test_a_pull_request_affects_what_it_changes_and_what_needs_that(repository: Repository, tmp_path: Path) -> None:
    three_packages(repository)
    done(paa(repository.path, "release"))
    base = repository.git("rev-parse", "HEAD")
    repository.git("checkout", "--quiet", "-b", "topic")
    change(repository, "python_modules/wordcount.py", "feat(wordcount): count more")
    # The base has moved on meanwhile.
    repository.git("checkout", "--quiet", "main")
    change(repository, "python_modules/dice.py", "Roll")
    repository.git("checkout", "--quiet", "topic")
    summary = tmp_path / "summary.md"
    summary.write_text("before\n")
    found = outputs(repository, tmp_path / "one", "--offline", "--since", "main", "--summary", str(summary))
    assert json.loads(found["affected"]) == ["wordcount", "wordreport"]
    text = summary.read_text()
    assert text.startswith("before\n## What merging this releases")
    assert "Merging this releases **wordcount 0.1.0** because `" in text
    repository.git("reset", "--quiet", "--hard", base)
    repository.write(
        {"tests/dice/test_dice.py": "def test_more():\n    pass\n", ".github/workflows/x.yml": "on: push\n"}
    )
    repository.commit("Test it")
    found = outputs(repository, tmp_path / "two", "--offline", "--since", base)
    assert (found["has_releases"], json.loads(found["affected"])) == ("false", ["dice"])


@pytest.mark.parametrize("value", ["", "$(PAA_SINCE)", "0" * 40])
def test_a_base_that_there_is_not_is_none(repository: Repository, monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    three_packages(repository)
    monkeypatch.setenv("PAA_SINCE", value)
    assert "since" not in done(paa(repository.path, "plan", "--offline", "--json")).json


def test_packages_and_index_come_from_the_environment(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    three_packages(repository)
    monkeypatch.setenv("PAA_PACKAGES", " dice\n wordcount ")
    monkeypatch.setenv("PAA_INDEX", "testpypi local")
    found = done(paa(repository.path, "plan", "--offline", "--json")).json
    assert [item["package"] for item in found["releases"]] == ["dice", "wordcount"]
    assert found["indexes"] == ["testpypi", "local"]
    assert [
        item["package"] for item in done(paa(repository.path, "plan", "--offline", "--json", "dice")).json["releases"]
    ] == ["dice"]
    monkeypatch.setenv("PAA_PACKAGES", "$(PAA_PACKAGES)")
    monkeypatch.setenv("PAA_INDEX", "$(index)")
    found = done(paa(repository.path, "plan", "--offline", "--json")).json
    assert (len(found["releases"]), found["indexes"]) == (3, ["local"])


HOSTILE = (
    "[dice] $(touch pwned) `id` <script>alert(1)</script> ![x](http://e/x.png) @everyone ::set-output name=a::b "
    "##vso[task.setvariable variable=a]b ##[error]x | \"'; touch pwned"
)


def test_a_hostile_message_sets_no_output_and_does_nothing_in_the_summary(
    repository: Repository, tmp_path: Path
) -> None:
    three_packages(repository)
    done(paa(repository.path, "release"))
    change(
        repository, "python_modules/dice.py", f"{HOSTILE}\n\nhas_releases=false\n::set-output name=matrix::x\n##vso[x]y"
    )
    summary = tmp_path / "summary.md"
    found = outputs(repository, tmp_path / "one", "--summary", str(summary))
    assert found["has_releases"] == "true"
    assert "pwned" not in "".join(found.values())
    printed = done(paa(repository.path, "plan", "--azure-output")).out
    assert "##vso[task.setvariable variable=a]" not in printed
    assert "##[error]" not in printed
    text = summary.read_text()
    (line,) = [line for line in text.splitlines() if "alert(1)" in line]
    # All of it is code.
    assert re.fullmatch(r"  - because `[0-9a-f]{8}` ``(?!`).*(?<!`)`` in `python_modules/dice.py`", line)
    assert not (repository.path / "pwned").exists()
