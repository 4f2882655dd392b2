"""Recording: one commit, a tag per release, a push; again, it does only what is missing."""

import dataclasses
from collections.abc import Sequence

import pytest

from paa.edges.tree import commit_tree
from paa.errors import GitError, UsageError
from paa.model import BuiltRelease, Bump, Distribution, DistributionKind, Plan, Release, ReleaseSet
from paa.plan.tags import parse_tag_message
from paa.record import Recorded, is_recorded, record, require_committer
from paa.scan.repository import open_repository
from tests.repository import Repository


def built(
    package: str, version: str, *, fingerprint: str = "1" * 64, notes: Sequence[str] = ("A note",)
) -> BuiltRelease:
    release = Release(
        package=package,
        distribution=package,
        version=version,
        previous=None,
        bump=Bump.FIRST,
        fingerprint=fingerprint,
        notes=tuple(notes),
        floors={"other": "0.1"},
    )
    wheel = f"{package}-{version}-py3-none-any.whl"
    file = Distribution(name=wheel, size=1, sha256="a" * 64, kind=DistributionKind.WHEEL)
    return BuiltRelease(release=release, files=(file,), requires_dist=())


def release_set(repository: Repository, *releases: BuiltRelease) -> ReleaseSet:
    head = repository.git("rev-parse", "HEAD")
    plan = Plan(
        commit=head, indexes=("local",), builder="flit_core 3.12.0", releases=tuple(b.release for b in releases)
    )
    return ReleaseSet(plan=plan, releases=releases)


def run(repository: Repository, made: ReleaseSet, packages: Sequence[str], *, push: bool = True) -> Recorded:
    return record(open_repository(repository.path), made, packages, push=push)


@pytest.fixture
def begun(repository: Repository) -> Repository:
    repository.write({"python_modules/a.py": "value = 1\n"})
    repository.commit("Begin")
    return repository


def test_only_what_was_published_is_recorded(begun: Repository) -> None:
    made = release_set(begun, built("a", "1.0"), built("b", "2.0"), built("c", "3.0"))
    done = run(begun, made, ["c", "a"])
    assert done.tags == ("a-v1.0", "c-v3.0")
    assert done.commit == begun.git("rev-parse", "HEAD")
    assert done.pushed == ()
    assert begun.tags() == done.tags
    known = parse_tag_message(begun.git("tag", "--list", "a-v1.0", "--format=%(contents)"))
    assert known is not None
    assert (known.package, known.version, known.floors) == ("a", "1.0", {"other": "0.1"})
    assert known.files == {"a-1.0-py3-none-any.whl": "a" * 64}
    tracking = (begun.path / ".paa/tracking/releases.json").read_text()
    assert '"b"' not in tracking
    assert run(begun, made, []) == Recorded()


def test_again_it_does_nothing(begun: Repository) -> None:
    made = release_set(begun, built("a", "1.0"))
    first = run(begun, made, ["a"])
    head = begun.git("rev-parse", "HEAD")
    again = run(begun, made, ["a"])
    assert (again.tags, again.commit) == (first.tags, None)
    assert begun.git("rev-parse", "HEAD") == head
    assert begun.git("status", "--porcelain") == ""


def test_the_commit_is_made_to_be_skipped_and_to_count_for_nothing(begun: Repository) -> None:
    releases = [built(name, "1.0") for name in "abcd"]
    run(begun, release_set(begun, *releases), list("abcd"))
    subject, _, body = begun.git("log", "-1", "--format=%B").partition("\n\n")
    assert subject == "Record 4 releases [skip ci]"
    assert body.strip().endswith("- d 1.0\n\nPaa-Record: true")
    run(begun, release_set(begun, built("a", "1.1")), ["a"])
    assert begun.git("log", "-1", "--format=%s") == "Record a 1.1 [skip ci]"


def test_in_a_run_on_github_a_tag_on_the_commit_can_still_start_one(
    begun: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    run(begun, release_set(begun, built("a", "1.0")), ["a"])
    assert begun.git("log", "-1", "--format=%s") == "Record a 1.0"


def test_notes_are_put_above_what_is_there_and_never_rewrite_it(begun: Repository) -> None:
    old = "# My notes\n\nWritten by hand.\n\n### 0.9\n\n- old   \n"
    begun.write({".paa/release_notes/a.md": old})
    begun.commit("Notes")
    run(begun, release_set(begun, built("a", "1.0", notes=["First", "Second"])), ["a"])
    text = (begun.path / ".paa/release_notes/a.md").read_text()
    assert text.startswith("# My notes\n\nWritten by hand.\n\n### 1.0 (")
    assert ")\n\n- First\n- Second\n\n### 0.9\n\n- old   \n" in text


def test_a_tag_that_records_something_else_is_left_alone_and_stops_no_other(begun: Repository) -> None:
    made = release_set(begun, built("a", "1.0"), built("b", "1.0"))
    run(begun, release_set(begun, built("a", "1.0", fingerprint="2" * 64)), ["a"], push=False)
    made = dataclasses.replace(made, plan=dataclasses.replace(made.plan, commit=begun.git("rev-parse", "HEAD~1")))
    before = begun.git("rev-parse", "a-v1.0")
    done = run(begun, made, ["a", "b"])
    assert done.refused == ("a-v1.0",)
    assert done.tags == ("b-v1.0",)
    assert begun.git("rev-parse", "a-v1.0") == before
    assert run(begun, made, ["a"]) == Recorded(refused=("a-v1.0",))


def test_a_tag_that_names_other_bytes_for_a_file_records_something_else(begun: Repository) -> None:
    made = release_set(begun, built("a", "1.0"))
    run(begun, made, ["a"])
    file = dataclasses.replace(made.releases[0].files[0], sha256="b" * 64)
    other = dataclasses.replace(made, releases=(dataclasses.replace(made.releases[0], files=(file,)),))
    assert run(begun, other, ["a"]).refused == ("a-v1.0",)


@pytest.mark.parametrize("text", ["", "Mine\n", "Mine\n\nPaa-Package: a\n"])
def test_a_bare_tag_stays_and_the_release_is_recorded_beside_it(begun: Repository, text: str) -> None:
    begun.git("tag", "a-v1.0", *(["--annotate", "--message", text] if text else []))
    before = begun.git("rev-parse", "a-v1.0")
    made = release_set(begun, built("a", "1.0"), built("b", "1.0"))
    done = run(begun, made, ["a", "b"])
    reference = "refs/paa/releases/a/1.0"
    assert (done.tags, done.refused) == ((reference, "b-v1.0"), ())
    assert begun.git("rev-parse", "a-v1.0") == before
    assert begun.git("rev-parse", f"{reference}^{{commit}}") == made.plan.commit
    message = begun.git("for-each-ref", "--format=%(contents)", reference)
    known = parse_tag_message(message)
    assert known is not None
    assert (known.package, known.version, known.fingerprint) == ("a", "1.0", "1" * 64)
    begun.git("fsck", "--strict")
    assert is_recorded(open_repository(begun.path), commit_tree(begun.path, "HEAD"), made, push=True)
    again = run(begun, made, ["a", "b"])
    assert (again.tags, again.commit) == (done.tags, None)
    # The tag may go: what was recorded stays where it is.
    begun.git("tag", "--delete", "a-v1.0")
    assert run(begun, made, ["a"]).tags == (reference,)
    assert begun.tags() == ("b-v1.0",)


def test_what_is_recorded_beside_a_tag_and_is_something_else_is_refused(begun: Repository) -> None:
    begun.git("tag", "a-v1.0")
    run(begun, release_set(begun, built("a", "1.0", fingerprint="2" * 64)), ["a"])
    made = release_set(begun, built("a", "1.0"))
    assert run(begun, made, ["a"]) == Recorded(refused=("a-v1.0",))


def test_nothing_is_written_where_git_knows_no_committer(begun: Repository, home: object) -> None:
    (begun.path / ".git" / "config").write_text("[user]\n    useConfigOnly = true\n    name =\n    email =\n")
    made = release_set(begun, built("a", "1.0"))
    for attempt in (
        lambda: run(begun, made, ["a"]),
        lambda: require_committer(open_repository(begun.path)),
    ):
        with pytest.raises(UsageError, match="who commits"):
            attempt()
    assert home
    assert not (begun.path / ".paa").exists()
    assert begun.tags() == ()


def test_what_is_recorded_in_full_is_known(begun: Repository) -> None:
    made = release_set(begun, built("a", "1.0"), built("b", "1.0"))

    def known(*, push: bool = False) -> bool:
        opened = open_repository(begun.path)
        return is_recorded(opened, commit_tree(begun.path, "HEAD"), made, push=push)

    assert not known()
    run(begun, made, ["a"])
    assert not known()
    run(begun, made, ["a", "b"])
    assert known()
    assert known(push=True)
    begun.git("tag", "--delete", "a-v1.0")
    assert not known()
    run(begun, made, ["a"])
    begun.git("remote", "add", "origin", "https://127.0.0.1:9/x.git")
    assert known()
    assert not known(push=True)


def test_a_remote_that_can_t_be_reached_is_an_error_after_everything_was_recorded_here(begun: Repository) -> None:
    begun.git("remote", "add", "origin", str(begun.path.parent / "nowhere.git"))
    made = release_set(begun, built("a", "1.0"))
    with pytest.raises(GitError, match="could not be pushed") as caught:
        run(begun, made, ["a"])
    assert "run the same command again" in str(caught.value.advice)
    assert begun.tags() == ("a-v1.0",)
    assert "a 1.0" in begun.git("log", "-1", "--format=%s")
    assert run(begun, made, ["a"], push=False).commit is None


def test_the_format_of_tags_is_the_configured_one(begun: Repository) -> None:
    begun.write({".paa.config": "tag_format: 'releases/{package}/{version}'\n"})
    begun.commit("Settings")
    assert run(begun, release_set(begun, built("a", "1.0")), ["a"]).tags == ("releases/a/1.0",)
