"""What tags and tracking files say about earlier releases."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paa.documents.tracking import LEGACY_FILE, TRACKING_FILE, TrackedRelease, tracking_bytes
from paa.edges.git_tags import list_tags
from paa.edges.tree import Tree, commit_tree
from paa.errors import ConfigError
from paa.model import Bump, Release
from paa.plan.records import History, Recorded, history_of, read_records
from paa.plan.tags import tag_message
from tests.repository import Repository

FORMAT = "{package}-v{version}"
PACKAGES = {"a", "b"}
PRINTS = {version: f"{number}" * 64 for number, version in enumerate(["1.0.0", "1.1.0", "2.0.0", "2.0rc1"])}
BASE = "b" * 40


def message(package: str, version: str) -> str:
    release = Release(
        package=package,
        distribution=package,
        version=version,
        previous=None,
        bump=Bump.FIRST,
        fingerprint=PRINTS[version],
        floors={"b": "0.1"},
    )
    return tag_message(release, (), "flit_core 3.12.0")


def tracked(package: str, version: str) -> TrackedRelease:
    return TrackedRelease(package=package, version=version, fingerprint=PRINTS[version], commit=BASE)


def history(repository: Repository, package: str = "a") -> History:
    repository.commit("Begin")
    tree = commit_tree(repository.path, "HEAD")
    return read_records(tree, list_tags(repository.path), FORMAT, PACKAGES).get(package, History())


def tag(repository: Repository, name: str, text: str = "") -> None:
    repository.git("tag", name, *(["--annotate", "--cleanup=verbatim", "--message", text] if text else []))


def test_without_tags_and_files_nothing_is_known(repository: Repository) -> None:
    assert history(repository) == History()


def test_a_tag_of_ours_tells_all(repository: Repository) -> None:
    head = repository.commit("Begin")
    tag(repository, "a-v1.0.0", message("a", "1.0.0"))
    last = Recorded(package="a", version="1.0.0", fingerprint=PRINTS["1.0.0"], commit=head, floors={"b": "0.1"})
    assert history(repository) == History(releases=(last,), last=last)
    assert history(repository, "b") == History()


def test_what_the_trailers_say_counts_and_not_the_name_of_the_tag(repository: Repository) -> None:
    repository.commit("Begin")
    tag(repository, "a-v9.9.9", message("a", "1.0.0"))
    assert history(repository).versions == {"1.0.0"}


def test_the_highest_version_is_the_last_release_wherever_it_stands(repository: Repository) -> None:
    repository.commit("Begin")
    for version in ("1.1.0", "1.0.0", "2.0rc1"):
        tag(repository, f"a-v{version}", message("a", version))
    repository.write({TRACKING_FILE: tracking_bytes([tracked("a", "1.1.0")])})
    found = history(repository)
    assert found.versions == {"1.0.0", "1.1.0", "2.0rc1"}
    assert found.last is not None
    assert found.last.version == "2.0rc1"
    repository.write({TRACKING_FILE: tracking_bytes([tracked("a", "2.0.0")])})
    after = history(repository).last
    assert after is not None
    assert (after.version, after.commit) == ("2.0.0", BASE)


def test_a_version_alone_is_taken_and_does_not_stand_for_the_last_release(repository: Repository) -> None:
    repository.commit("Begin")
    tag(repository, "a-v1.0.0", message("a", "1.0.0"))
    tag(repository, "a-v5.0.0")
    tag(repository, "a-v6.0.0", "Somebody's own words")
    repository.write({LEGACY_FILE: "a: 1.0.0\n"})
    found = history(repository)
    assert found.versions == {"1.0.0", "5.0.0", "6.0.0"}
    assert found.last is not None
    assert found.last.version == "1.0.0"


def test_where_nothing_else_is_known_the_version_alone_counts(repository: Repository) -> None:
    repository.write({LEGACY_FILE: "a: 1.10\nb: nonsense\nelsewhere: 3.0\n"})
    repository.commit("Begin")
    tag(repository, "a-v1.9")
    found = history(repository)
    assert found.versions == {"1.10", "1.9"}
    assert found.last == Recorded(package="a", version="1.10")
    assert history(repository, "b") == History()


def test_tags_of_others_are_none_of_ours(repository: Repository) -> None:
    repository.commit("Begin")
    for name in ("v1.0.0", "nightly", "c-v1.0.0", "a-vNext", "release/a-v1.0.0"):
        tag(repository, name)
    assert history(repository) == History()


@pytest.mark.parametrize("content", ["{", "[]", '{"schema": 2}', '{"schema": 1, "releases": [{"package": "../x"}]}'])
def test_a_broken_tracking_file_is_an_error_and_not_an_empty_one(repository: Repository, content: str) -> None:
    repository.write({TRACKING_FILE: content})
    with pytest.raises(ConfigError, match=r"releases\.json"):
        history(repository)


def test_a_release_is_on_every_index_that_any_record_names(repository: Repository) -> None:
    release = Release(
        package="a",
        distribution="a",
        version="1.0.0",
        previous=None,
        bump=Bump.FIRST,
        fingerprint=PRINTS["1.0.0"],
        targets=("one", "two"),
        present_on=("zero",),
    )
    repository.commit("Begin")
    tag(repository, "a-v1.0.0", tag_message(release, (), "flit_core 3.12.0"))
    later = TrackedRelease(
        package="a", version="1.0.0", fingerprint=PRINTS["1.0.0"], commit=BASE, indexes=("three", "one")
    )
    repository.write({TRACKING_FILE: tracking_bytes([later])})
    last = history(repository).last
    assert last is not None
    assert last.indexes == ("one", "three", "two", "zero")
    assert history(repository).versions_on("two") == {"1.0.0"}
    assert history(repository).versions_on("elsewhere") == frozenset()


def test_where_tag_and_tracking_differ_about_a_version_the_tag_counts(repository: Repository) -> None:
    repository.commit("Begin")
    tag(repository, "a-v1.0.0", message("a", "1.0.0"))
    wrong = TrackedRelease(package="a", version="1.0.0", fingerprint="f" * 64, commit=BASE)
    repository.write({TRACKING_FILE: tracking_bytes([wrong])})
    last = history(repository).last
    assert last is not None
    assert last.fingerprint == PRINTS["1.0.0"]


_INDEXES = st.sampled_from([None, (), ("x",), ("y",), ("x", "y")])
_VERSIONS = st.sampled_from(["1.0.0", "2.0.0"])
_TAGGED = st.builds(
    lambda version, commit, indexes, partial: Recorded(
        package="a", version=version, fingerprint=PRINTS[version], commit=commit, indexes=indexes, partial=partial
    ),
    _VERSIONS, st.sampled_from([None, BASE, "c" * 40]), _INDEXES, st.booleans(),
)  # fmt: skip


@given(tags=st.lists(_TAGGED, max_size=3), version=_VERSIONS, indexes=_INDEXES)
def test_what_the_tracking_file_only_repeats_changes_nothing(
    tags: list[Recorded], version: str, indexes: tuple[str, ...] | None
) -> None:
    """It is passed by where a tag says the same; put together with all tags, it would come to the same."""
    entry = replace(tracked("a", version), indexes=indexes)
    files = {TRACKING_FILE: tracking_bytes([entry])}
    tree = Tree(
        root=Path(),
        blobs=dict.fromkeys(files, "0" * 40),
        links=frozenset(),
        commit=None,
        changed=frozenset(),
        read_files=lambda paths: {path: files[path] for path in paths},
    )
    whole = Recorded(package="a", version=version, fingerprint=PRINTS[version], commit=BASE, indexes=indexes)
    assert read_records(tree, tags, FORMAT, PACKAGES) == {"a": history_of([*tags, whole])}
