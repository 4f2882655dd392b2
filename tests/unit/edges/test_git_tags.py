"""Tags of every kind, and the records beside them."""

import pytest

from paa.edges import git_commit
from paa.edges.git_tags import Tag, list_tags, merged_references
from tests.repository import Repository


@pytest.fixture
def filled(repository: Repository) -> Repository:
    repository.write({"a.txt": "a\n"})
    repository.commit("Begin")
    return repository


def test_tags_of_both_kinds_and_records_beside_them_are_read(filled: Repository) -> None:
    head = filled.git("rev-parse", "HEAD")
    assert list_tags(filled.path) == ()
    message = "Title\n\n# not a comment\n- note ü\n\nPaa-Version: 1\n"
    git_commit.create_tag(filled.path, "a-v1", head, message)
    git_commit.create_tag_object(filled.path, "refs/paa/releases/a/1", head, message)
    filled.git("tag", "b-v1")
    filled.git("tag", "deep/c-v1", "HEAD")
    filled.git("update-ref", "refs/paa/else", "HEAD")
    beside, annotated, *light = list_tags(filled.path)
    assert (annotated.name, annotated.commit, annotated.message) == ("a-v1", head, message)
    assert (beside.name, beside.commit, beside.message) == ("refs/paa/releases/a/1", head, message)
    assert light == [
        Tag(name="b-v1", commit=head, message="", target=head),
        Tag(name="deep/c-v1", commit=head, message="", target=head),
    ]
    for tag in (beside, annotated, *light):
        assert tag.target == filled.git("rev-parse", tag.reference)
    assert annotated.time == int(filled.git("for-each-ref", "--format=%(taggerdate:unix)", "refs/tags/a-v1"))


def test_which_tags_a_commit_holds(filled: Repository) -> None:
    first = filled.git("rev-parse", "HEAD")
    filled.git("tag", "one")
    git_commit.create_tag_object(filled.path, "refs/paa/releases/a/1", first, "x\n")
    filled.commit("More")
    filled.git("tag", "two")
    assert merged_references(filled.path, first) == {"refs/tags/one", "refs/paa/releases/a/1"}
