"""What is remembered of tags is what reading them again would give."""

import json
import logging
from pathlib import Path
from typing import Any

import pytest

from paa.edges import git, git_commit
from paa.edges.git_tags import BESIDE, RECORDS, list_tags
from paa.edges.tree import commit_tree
from paa.model import Burnt
from paa.plan import tag_memory
from paa.plan.records import History, read_records
from paa.plan.tag_memory import remembered_tags
from paa.plan.tags import burnt_message
from tests.repository import Repository

FORMAT = "{package}-v{version}"
PACKAGES = {"a", "b"}
MARK = "1" * 64
DAMAGED: tuple[object, ...] = (
    None,
    1,
    "x",
    "sixlet",
    [],
    [1],
    ["c", "a"],
    {"a": 1},
    ["c", "a", "1.0", MARK, {}, "here"],
    ["c", "a", "1.0", MARK, [], None],
    ["c", "a", "1.0", MARK, {"b": 1}, None],
    ["c", "a", "1.0", MARK, {}, [1]],
    ["c", "a", 1.0, MARK, {}, None],
    [None, "a", "1.0", MARK, {}, None],
    ["c", "a", "1.0", MARK, {}, None, None],
)


def message(package: str, version: str, *indexes: str, mark: str = "1") -> str:
    more = "".join(f"Paa-Index: {name}\n" for name in indexes)
    return (
        f"{package} {version}\n\n- a note ü\n\nPaa-Package: {package}\nPaa-Version: {version}\n"
        f"Paa-Fingerprint: {mark * 64}\nPaa-Floor: b 0.1\n{more}Paa-Builder: flit_core 3.12.0\n"
    )


@pytest.fixture
def filled(repository: Repository) -> Repository:
    """A repository with a tag of every kind, and a record in every place beside them."""
    head = repository.commit("Begin")
    git_commit.create_tag(repository.path, "a-v1.0", head, message("a", "1.0", "here"))
    git_commit.create_tag(repository.path, "any-name", head, message("a", "1.1"))
    git_commit.create_tag(repository.path, "a-v3.0", head, "Please release\n")
    git_commit.create_tag(repository.path, "b-v1.0", head, message("b", "1.0").replace("1" * 64, "damaged"))
    repository.git("tag", "b-v2.0")
    for place, text in {
        "releases/b/0.9": message("b", "0.9"),
        "published/b/3.0/there": message("b", "3.0", "there"),
        "burnt/a/5.0/here": burnt_message(Burnt(package="a", version="5.0", index="here")),
        "burnt/a/5.1/here": message("a", "5.1"),
    }.items():
        git_commit.create_tag_object(repository.path, f"refs/paa/{place}", head, text)
    return repository


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "cache" / "tags.json"


def read(repository: Repository) -> dict[str, History]:
    """What the tags say when all are read."""
    tags = list_tags(repository.path, (*RECORDS, *BESIDE))
    return read_records(commit_tree(repository.path, "HEAD"), tags, FORMAT, PACKAGES)


def remembered(repository: Repository, file: Path) -> dict[str, History]:
    return read_records(commit_tree(repository.path, "HEAD"), remembered_tags(repository.path, file), FORMAT, PACKAGES)


def names_asked_for(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What Git is asked to read from now on."""
    asked: list[str] = []

    def listen(root: Path, places: Any) -> Any:  # noqa: ANN401
        asked.extend(places)
        return list_tags(root, places)

    monkeypatch.setattr(tag_memory, "list_tags", listen)
    return asked


def test_what_was_read_is_not_read_again_and_says_the_same(
    filled: Repository, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = read(filled)
    assert set(expected) == {"a", "b"}
    assert remembered(filled, file) == expected
    asked = names_asked_for(monkeypatch)
    assert remembered(filled, file) == expected
    # What is burnt is not remembered, and what is damaged is told every time.
    assert asked == ["refs/paa/burnt/a/5.0/here", "refs/paa/burnt/a/5.1/here", "refs/tags/b-v1.0"]


def test_only_what_is_new_is_read(filled: Repository, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    remembered(filled, file)
    git_commit.create_tag(filled.path, "a-v1.2", filled.commit("More"), message("a", "1.2"))
    asked = names_asked_for(monkeypatch)
    assert remembered(filled, file) == read(filled)
    assert "refs/tags/a-v1.2" in asked
    assert "refs/tags/a-v1.0" not in asked
    asked.clear()
    assert remembered(filled, file)["a"].last == read(filled)["a"].last
    assert "refs/tags/a-v1.2" not in asked


def test_a_tag_that_is_moved_or_gone_counts_as_it_is(filled: Repository, file: Path) -> None:
    remembered(filled, file)
    head = filled.commit("More")
    filled.git("tag", "--force", "--annotate", "--cleanup=verbatim", "-m", message("a", "1.5", mark="2"), "a-v1.0")
    filled.git("tag", "--force", "b-v2.0")
    filled.git("tag", "--delete", "any-name")
    found = remembered(filled, file)
    assert found == read(filled)
    assert found["a"].versions == {"1.5", "3.0"}
    assert {release.commit for release in found["b"].releases if release.version == "2.0"} == {head}


def test_one_object_under_several_names_counts_for_each_place(filled: Repository, file: Path) -> None:
    remembered(filled, file)
    target = filled.git("rev-parse", "refs/tags/a-v1.0")
    for reference in ("refs/paa/published/a/1.0/here", "refs/paa/burnt/a/1.0/here", "refs/tags/copy"):
        filled.git("update-ref", reference, target)
    filled.git("update-ref", "refs/tags/burnt-copy", filled.git("rev-parse", "refs/paa/burnt/a/5.0/here"))
    for _ in range(2):
        assert remembered(filled, file) == read(filled)


def test_many_new_tags_are_read_at_once(filled: Repository, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    head = filled.git("rev-parse", "HEAD")
    text = "".join(f"create refs/tags/a-v7.{number} {head}\n" for number in range(200))
    git.git(filled.path, "update-ref", "--stdin", standard_input=text.encode())
    asked = names_asked_for(monkeypatch)
    for _ in range(2):
        assert remembered(filled, file) == read(filled)
    assert asked[:4] == [*RECORDS, *BESIDE]
    assert "refs/tags/a-v7.7" not in asked


def test_what_is_damaged_is_told_every_time_and_once(
    filled: Repository, file: Path, caplog: pytest.LogCaptureFixture
) -> None:
    for _ in range(2):
        caplog.clear()
        with caplog.at_level(logging.WARNING):
            remembered(filled, file)
        assert len([record for record in caplog.records if "can't be read" in record.message]) == 1


def test_a_file_that_is_no_memory_is_read_past(filled: Repository, file: Path) -> None:
    file.parent.mkdir()
    expected = read(filled)
    for content in (b"", b"{", b"[]", b"\xff", b'{"key": 1, "entries": {}}', b"[" * 100_000):
        file.write_bytes(content)
        assert remembered(filled, file) == expected, content


def test_a_damaged_memory_is_read_past(filled: Repository, file: Path) -> None:
    remembered(filled, file)
    content = json.loads(file.read_bytes())
    expected = read(filled)
    for entry in DAMAGED:
        file.write_text(json.dumps({**content, "entries": dict.fromkeys(content["entries"], entry)}))
        assert remembered(filled, file) == expected, entry
    assert remembered(filled, file) == expected


def test_what_other_code_has_written_is_read_past(filled: Repository, file: Path) -> None:
    remembered(filled, file)
    content = json.loads(file.read_bytes())
    lies: dict[str, object] = {target: ["c" * 40, "a", "9.0", "9" * 64, {}, None] for target in content["entries"]}
    file.write_text(json.dumps({"key": content["key"] + "0", "entries": lies}))
    assert remembered(filled, file) == read(filled)


def test_a_memory_that_can_t_be_written_costs_nothing_but_time(filled: Repository, tmp_path: Path) -> None:
    (tmp_path / "blocked").write_bytes(b"")
    for _ in range(2):
        assert remembered(filled, tmp_path / "blocked" / "tags.json") == read(filled)


def test_the_memory_holds_what_there_is_and_no_more(filled: Repository, file: Path) -> None:
    for number in range(5):
        filled.git("tag", "--force", "--annotate", "--cleanup=verbatim", "-m", message("a", f"2.{number}"), "moving")
        remembered(filled, file)
    targets = {tag.target for tag in list_tags(filled.path, (*RECORDS, *BESIDE))}
    assert set(json.loads(file.read_bytes())["entries"]) <= targets


def test_without_tags_nothing_is_written(repository: Repository, file: Path) -> None:
    repository.commit("Begin")
    assert remembered_tags(repository.path, file) == ()
    assert not file.exists()
