"""Every ``--json`` prints one document that obeys its published schema, and nothing else."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from tests.functional.command_line import done, paa, snapshot, with_remote
from tests.functional.samples import change, three_packages
from tests.repository import Repository

REFERENCE = Path(__file__).parents[2] / "docs" / "reference"


def assert_valid(document: object, schema: str) -> None:
    jsonschema.validate(document, json.loads((REFERENCE / schema).read_text(encoding="utf-8")))


def document(repository: Repository, schema: str, *arguments: str, code: int = 0) -> Any:  # noqa: ANN401
    """The document that a command prints, found valid."""
    result = paa(repository.path, *arguments, "--json")
    assert result.code == code, result.text
    assert result.out.isascii()
    assert_valid(result.json, schema)
    return result.json


@pytest.fixture
def mixed(repository: Repository) -> Repository:
    """One package unchanged, one changed, one new with an interface, one broken, one that waits for it."""
    three_packages(repository)
    with_remote(repository)
    done(paa(repository.path, "release"))
    repository.write(
        {
            "python_modules/newcomer.py": '"""New."""\n\nimport dice\n',
            "cli/newcomer.py": "import click\n\n\n@click.group()\ndef cli():\n    pass\n",
            "python_modules/broken.py": "import no_such_thing_anywhere\n",
            "python_modules/waiting.py": "import broken\n",
            "python_modules/not-a-name.py": "value = 1\n",
        }
    )
    change(repository, "python_modules/wordreport.py", "feat(wordreport): “more” → 日本")
    return repository


def test_the_plan(mixed: Repository) -> None:
    before = snapshot(mixed.path.parent)
    plan = document(mixed, "plan.schema.json", "plan", code=1)
    assert [(release["package"], release["version"]) for release in plan["releases"]] == [
        ("newcomer", "0.0.1"),
        ("wordreport", "0.1.0"),
    ]
    newcomer, report = plan["releases"]
    assert newcomer["previous"] is None
    assert newcomer["bump"] == "first"
    assert newcomer["new_on_index"] is True
    assert newcomer["floors"] == {"dice": "0.0.1"}
    assert report["previous"] == "0.0.1"
    assert report["bump"] == "minor"
    assert report["notes"] == ["“more” → 日本"]
    assert plan["unchanged"] == ["dice", "wordcount"]
    assert [item["package"] for item in plan["blocked"]] == ["broken", "not-a-name", "waiting"]
    assert plan["index"] == "local"
    assert plan["commit"] == mixed.git("rev-parse", "HEAD")
    assert document(mixed, "plan.schema.json", "plan", "--offline", code=1)["provisional"]
    # Nothing at all was written, not even to Git's own folder or the index.
    assert snapshot(mixed.path.parent) == before


def test_the_plan_with_shards_and_an_explanation(mixed: Repository) -> None:
    plan = document(mixed, "plan.schema.json", "plan", "--offline", "--shards", "3", "--since", "HEAD~1", code=1)
    assert sorted(name for shard in plan["shards"] for name in shard["packages"]) == ["newcomer", "wordreport"]
    assert {item["package"]: item["bump"] for item in plan["since"]["packages"]} == {
        "newcomer": "patch",
        "wordreport": "minor",
        "broken": "patch",
        "not-a-name": "patch",
        "waiting": "patch",
    }


def test_the_plan_that_is_kept_is_the_one_that_is_printed(mixed: Repository, tmp_path: Path) -> None:
    target = tmp_path / "plan.json"
    result = paa(mixed.path, "plan", "--json", "--output", str(target))
    assert json.loads(target.read_text()) == result.json


def test_a_plan_is_the_same_each_time(mixed: Repository) -> None:
    assert paa(mixed.path, "plan", "--json").out == paa(mixed.path, "plan", "--json").out


def test_the_list(mixed: Repository) -> None:
    before = snapshot(mixed.path.parent)
    listed = document(mixed, "list.schema.json", "list")["packages"]
    assert {item["package"]: (item["state"], item["version"]) for item in listed} == {
        "broken": ("broken", None),
        "dice": ("unchanged", "0.0.1"),
        "newcomer": ("new", None),
        "not-a-name": ("broken", None),
        "waiting": ("new", None),
        "wordcount": ("unchanged", "0.0.1"),
        "wordreport": ("changed", "0.0.1"),
    }
    assert next(item for item in listed if item["package"] == "newcomer")["interfaces"] == ["cli"]
    assert snapshot(mixed.path.parent) == before


def test_what_was_built_and_checked(mixed: Repository) -> None:
    built = document(mixed, "release.schema.json", "make-package", code=1)
    assert {release["package"] for release in built["releases"]} == {"newcomer", "wordreport"}
    assert built == json.loads((mixed.path / "dist" / "paa-release.json").read_text())
    for release in built["releases"]:
        assert {file["kind"] for file in release["files"]} == {"wheel", "sdist"}
        assert all((mixed.path / "dist" / file["name"]).stat().st_size == file["size"] for file in release["files"])
        assert release["checks"] == {}
    checked = document(mixed, "release.schema.json", "check")
    assert all(set(release["checks"].values()) == {"passed"} for release in checked["releases"])


def test_the_release(mixed: Repository) -> None:
    released = document(mixed, "plan.schema.json", "release", code=1)
    assert [(item["package"], item["state"]) for item in released["published"]] == [
        ("newcomer", "uploaded"),
        ("wordreport", "uploaded"),
    ]
    assert released["recorded"]["tags"] == ["newcomer-v0.0.1", "wordreport-v0.1.0"]
    assert released["recorded"]["pushed"] == ["main", "newcomer-v0.0.1", "wordreport-v0.1.0"]
    assert released["recorded"]["push_problem"] is None
    again = document(mixed, "plan.schema.json", "release", code=1)
    assert again["releases"] == again["published"] == []
    assert "recorded" not in again


@pytest.mark.parametrize("arguments", [["publish"], ["publish", "--dry-run"], ["record"]])
def test_publish_and_record(mixed: Repository, tmp_path: Path, arguments: Sequence[str]) -> None:
    plan = tmp_path / "plan.json"
    paa(mixed.path, "plan", "--output", str(plan))
    paa(mixed.path, "make-package", "--plan", str(plan))
    done(paa(mixed.path, "check"))
    result = paa(mixed.path, *arguments, "--json")
    if arguments == ["record"]:
        assert result.code == 1
        assert result.json["not_published"] == ["newcomer", "wordreport"]
        assert result.json["tags"] == []
    else:
        assert result.code == 0
        state = "would upload" if "--dry-run" in arguments else "uploaded"
        assert [item["state"] for item in result.json["published"]] == [state, state]
    assert result.json["schema"] == 1


def test_what_was_published(mixed: Repository, tmp_path: Path) -> None:
    plan = str(tmp_path / "plan.json")
    paa(mixed.path, "plan", "--output", plan)
    paa(mixed.path, "make-package", "--plan", plan)
    unchecked = document(mixed, "published.schema.json", "publish", code=1)["published"]
    assert {(item["package"], item["state"]) for item in unchecked} == {
        ("newcomer", "blocked"),
        ("wordreport", "blocked"),
    }
    document(mixed, "release.schema.json", "check")
    for state, arguments in (("would upload", ["--dry-run"]), ("uploaded", []), ("already there", ["--jobs", "1"])):
        found = document(mixed, "published.schema.json", "publish", *arguments)["published"]
        assert [(item["package"], item["index"], item["state"]) for item in found] == [
            ("newcomer", "local", state),
            ("wordreport", "local", state),
        ]
