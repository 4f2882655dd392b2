"""What a plan says to the next jobs of a CI system: shards, and outputs that nothing in a repository can forge."""

import json
from pathlib import Path

import pytest

from tests.functional.command_line import CONFIG, done, paa, paa_process
from tests.functional.samples import three_packages
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
    lines = done(paa(repository.path, "plan", "--offline", "--azure-output")).out.splitlines()
    found = dict(line.split("]", 1) for line in lines if line.startswith("##vso"))
    prefix = "##vso[task.setvariable variable={};isOutput=true"
    assert found[prefix.format("has_releases")] == "true"
    assert json.loads(found[prefix.format("matrix")]) == {
        "shard_1": {"shard": "1", "packages": "dice wordcount wordreport"}
    }
    assert len(found) == 4


def test_azure_lines_would_be_no_json_document(repository: Repository) -> None:
    three_packages(repository)
    assert paa(repository.path, "plan", "--offline", "--azure-output", "--json").code == 2
