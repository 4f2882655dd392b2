import pytest
from hypothesis import given
from hypothesis import strategies as st

from paa.model import Bump
from paa.plan.commits import Commit, Ownership, Request, combine, ownership, parse_commit

SHA = "a" * 40
A, B, SHARED = "python_modules/a.py", "python_modules/b.py", "python_modules/components/shared.py"


@pytest.fixture
def owners() -> Ownership:
    return ownership(
        {"a": [A, SHARED], "b": [B, SHARED], "my_tool": ["python_modules/my_tool.py"], "x": ["python_modules/x.py"]}
    )


def asked(
    owners: Ownership, subject: str, *, body: str = "", paths: tuple[str, ...] = ()
) -> dict[str, tuple[str, tuple[str, ...]]]:
    """Package → (exact version or bump, notes)."""
    found = parse_commit(Commit(sha=SHA, subject=subject, body=body, paths=paths), owners)
    assert all(request.commit == SHA for request in found.values())
    return {package: (request.exact or request.bump.value, request.notes) for package, request in found.items()}


@pytest.mark.parametrize(
    ("subject", "expected"),
    [
        ("[a] fix", {"a": ("patch", ("fix",))}),
        ("[a][..+] fix", {"a": ("patch", ("fix",))}),
        ("[a][.+.] new", {"a": ("minor", ("new",))}),
        ("[a][+..] gone", {"a": ("major", ("gone",))}),
        ("[a][.+] new", {"a": ("minor", ("new",))}),
        ("[a][+] gone", {"a": ("major", ("gone",))}),
        ("[a][1.2.3] out", {"a": ("1.2.3", ("out",))}),
        ("[a][v1.0-RC.1] out", {"a": ("1.0rc1", ("out",))}),
        ("[a][1!2.0.post3.dev1] out", {"a": ("1!2.0.post3.dev1", ("out",))}),
        ("[a] [.+.]  new ", {"a": ("minor", ("new",))}),
        ("[ a ][ .+. ] new", {"a": ("minor", ("new",))}),
        ("[a]fix", {"a": ("patch", ("fix",))}),
        ("[a]: fix", {"a": ("patch", ("fix",))}),
        ("[a]", {"a": ("patch", ())}),
        ("[my-tool][.+.] new", {"my_tool": ("minor", ("new",))}),
        ("[My_Tool] fix", {"my_tool": ("patch", ("fix",))}),
        ("[MY.TOOL] fix", {"my_tool": ("patch", ("fix",))}),
        ("[a][b][+..] all", {"a": ("patch", ("all",)), "b": ("major", ("all",))}),
        ("[a][.+.][b] all", {"a": ("minor", ("all",)), "b": ("patch", ("all",))}),
        ("[a, b][.+.] all", {"a": ("minor", ("all",)), "b": ("minor", ("all",))}),
        ("[a][.+.] x; [b] y", {"a": ("minor", ("x",)), "b": ("patch", ("y",))}),
        ("[a][.+.] x; y; [b] z;; w;", {"a": ("minor", ("x", "y")), "b": ("patch", ("z", "w"))}),
        ("[a] x; [a][.+.] y", {"a": ("minor", ("x", "y"))}),
        ("[a] x; [a] x", {"a": ("patch", ("x",))}),
        ("[a][1.2] x; [a][1.3] y", {"a": ("1.3", ("x", "y"))}),
        ("[skip ci] [a] fix", {"a": ("patch", ("fix",))}),
        ("[a] fix [ci skip]", {"a": ("patch", ("fix",))}),
        ("[WIP][#12] [a][.+.] new", {"a": ("minor", ("[WIP] [#12] new",))}),
        ("Merged PR 7: [a][.+.] new", {"a": ("minor", ("new (!7)",))}),
        ("[a] feat: new", {"a": ("minor", ("new",))}),
        ("[a][..+] feat!: new", {"a": ("major", ("new",))}),
        ("feat: [a] new", {"a": ("minor", ("new",))}),
    ],
)
def test_tags_name_packages(owners: Ownership, subject: str, expected: dict[str, tuple[str, tuple[str, ...]]]) -> None:
    assert asked(owners, subject) == expected


@pytest.mark.parametrize(
    ("subject", "expected"),
    [
        ("feat(a): new", {"a": ("minor", ("new",))}),
        ("fix(a): less", {"a": ("patch", ("less",))}),
        ("chore(a): tidy", {"a": ("patch", ("tidy",))}),
        ("Feat(A): new", {"a": ("minor", ("new",))}),
        ("feat(my-tool): new", {"my_tool": ("minor", ("new",))}),
        ("fix(a)!: gone", {"a": ("major", ("gone",))}),
        ("feat(a,b): both", {"a": ("minor", ("both",)), "b": ("minor", ("both",))}),
        ("feat(a, b)!: both", {"a": ("major", ("both",)), "b": ("major", ("both",))}),
        ("feat(a): x; fix(b): y", {"a": ("minor", ("x",)), "b": ("patch", ("y",))}),
        ("feat(a): x; note: y", {"a": ("minor", ("x", "note: y"))}),
        ("whatever(a): odd type", {"a": ("patch", ("odd type",))}),
    ],
)
def test_conventional_commits_name_packages_by_scope(
    owners: Ownership, subject: str, expected: dict[str, tuple[str, tuple[str, ...]]]
) -> None:
    assert asked(owners, subject) == expected


@pytest.mark.parametrize(
    ("subject", "bump", "note"),
    [
        ("feat: new", "minor", "new"),
        ("fix: less", "patch", "less"),
        ("feat!: gone", "major", "gone"),
        ("deps!: drop 3.10", "major", "drop 3.10"),
        ("feat(): new", "minor", "new"),
        ("feat(parser): new", "minor", "parser: new"),
        ("refactor(parser)!: other", "major", "parser: other"),
        ("plain words", "patch", "plain words"),
        ("Windows: it starts", "patch", "Windows: it starts"),
        ("https://example.com/a: dead link", "patch", "https://example.com/a: dead link"),
        ('Revert "feat(b)!: x"', "patch", 'Revert "feat(b)!: x"'),
        ("fixup! feat(b): x", "patch", "fixup! feat(b): x"),
    ],
)
def test_what_names_no_package_counts_for_those_that_the_commit_changes(
    owners: Ownership, subject: str, bump: str, note: str
) -> None:
    assert asked(owners, subject, paths=(SHARED, "README.md")) == {"a": (bump, (note,)), "b": (bump, (note,))}
    assert asked(owners, subject) == {}


@pytest.mark.parametrize(
    "subject",
    [
        "fix a crash when [b] is there",
        "document the tag [b][+..]",
        "like [b](https://example.com)",
        "[b](https://example.com) has moved",
        "[skip ci] again",
        "[WIP] parser",
        "[#123] parser",
        "[bb] parser",
        "[][+..] parser",
        "[.+.] parser",
        "[b text without an end",
        "b: parser",
        "see feat(b): parser",
        "the type feat(b)!: is a major",
    ],
)
def test_a_mention_asks_for_nothing(owners: Ownership, subject: str) -> None:
    assert set(asked(owners, subject, paths=(A,))) == {"a"}
    assert asked(owners, subject, paths=(A,))["a"][0] == "patch"
    assert asked(owners, subject) == {}


@pytest.mark.parametrize(
    ("subject", "note"),
    [
        ("[a][+.+] x", "[+.+] x"),
        ("[a][..] x", "[..] x"),
        ("[a][1.2.x] x", "[1.2.x] x"),
        ("[a][minor] x", "[minor] x"),
        ("[a][] x", "[] x"),
    ],
)
def test_brackets_that_are_no_bump_stay_in_the_text(owners: Ownership, subject: str, note: str) -> None:
    assert asked(owners, subject) == {"a": ("patch", (note,))}


def test_a_package_changed_while_another_is_named_gets_a_patch(owners: Ownership) -> None:
    found = parse_commit(Commit(sha=SHA, subject="[a][+..] x; y", paths=(SHARED,)), owners)
    assert found["a"] == Request(bump=Bump.MAJOR, notes=("x", "y"), commit=SHA, named=True, asks=True)
    assert found["b"] == Request(bump=Bump.PATCH, notes=("x", "y"), commit=SHA, named=False)


def test_text_before_the_first_tag_is_about_what_the_commit_changes(owners: Ownership) -> None:
    assert asked(owners, "prepare; [a] x", paths=(A, B)) == {
        "a": ("patch", ("prepare", "x")),
        "b": ("patch", ("prepare",)),
    }


@pytest.mark.parametrize("footer", ["BREAKING CHANGE: gone", "BREAKING-CHANGE: gone"])
@pytest.mark.parametrize("subject", ["fix(a): x", "[a] x", "[a][.+.] x"])
def test_a_breaking_change_footer_is_a_major_for_what_the_subject_names(
    owners: Ownership, subject: str, footer: str
) -> None:
    found = asked(owners, subject, body=f"More.\r\n\r\n{footer}\r\nSigned-off-by: A <a@example.com>", paths=(A, B))
    assert found == {"a": ("major", ("x",)), "b": ("patch", ("x",))}


def test_a_breaking_change_does_not_override_an_exact_version(owners: Ownership) -> None:
    assert asked(owners, "[a][1.2.3] x", body="BREAKING CHANGE: y") == {"a": ("1.2.3", ("x",))}


@pytest.mark.parametrize(
    "body",
    [
        "BREAKING CHANGE: none",
        "BREAKING CHANGE:",
        "BREAKING CHANGE: N/A.",
        "breaking change: gone",
        "No BREAKING CHANGE: gone",
        "- no list item of ours",
        "wrapped text about\n[b][+..] which is not a list item",
        "feat(b)!: not a list item",
        "- [x] done\n- [ ] b",
        "> * feat(b)!: quoted",
        "    * feat(b)!: code",
        "- feat!: a heading of somebody's change log",
        "* Note: something",
        "* [b](https://example.com)",
    ],
)
def test_bodies_that_ask_for_nothing(owners: Ownership, body: str) -> None:
    assert asked(owners, "[a] x", body=body, paths=(A,)) == {"a": ("patch", ("x",))}


def test_a_squash_merge_counts_line_by_line(owners: Ownership) -> None:
    body = "* feat(a): one\n\nLong text.\n\n* fix: two\n\n- [b][.+.] three; four\n\nBREAKING CHANGE: no more five"
    assert asked(owners, "Everything (#12)", body=body, paths=(A, "python_modules/x.py")) == {
        "a": ("minor", ("Everything (#12)", "one", "two")),
        "b": ("major", ("three", "four")),
        "x": ("patch", ("Everything (#12)", "two")),
    }


def test_a_squashed_breaking_commit_without_scope_is_not_lost(owners: Ownership) -> None:
    assert asked(owners, "Clean up (#3)", body="* feat!: drop it", paths=(A,))["a"][0] == "major"


@pytest.mark.parametrize(
    ("subject", "body"),
    [
        ("Merge pull request #12 from someone/branch", "[a][.+.] new\n\nText."),
        ("Merge branch 'topic' into 'main'", "\n[a][.+.] new\n\nSee merge request group/project!12"),
        ("Merged in topic (pull request #12)", "[a][.+.] new"),
    ],
)
def test_the_title_of_a_merged_change_is_read_like_a_subject(owners: Ownership, subject: str, body: str) -> None:
    assert asked(owners, subject, body=body, paths=(A,)) == {"a": ("minor", ("new",))}


@pytest.mark.parametrize("body", ["", "# Conflicts:\n#\tpython_modules/a.py", "* branch 'topic':\n  [b][+..] x"])
def test_a_merge_without_title_says_nothing(owners: Ownership, body: str) -> None:
    assert asked(owners, "Merge branch 'topic'", body=body, paths=(A,)) == {"a": ("patch", ())}


@pytest.mark.parametrize(
    "body", ["Paa-Record: true", "Text.\r\n\r\nPaa-Record: true\r\nSigned-off-by: A <a@example.com>\r\n"]
)
def test_a_commit_that_paa_made_counts_for_nothing(owners: Ownership, body: str) -> None:
    assert asked(owners, "[a][+..] x", body=body, paths=(A,)) == {}


@pytest.mark.parametrize(
    "body", ["Paa-Record: false", "Paa-Record: true\n\nA trailer stands at the end.", "xPaa-Record: true"]
)
def test_a_commit_that_only_speaks_of_the_trailer_counts(owners: Ownership, body: str) -> None:
    assert set(asked(owners, "[a] x", body=body)) == {"a"}


def test_without_messages_every_change_is_a_patch(owners: Ownership) -> None:
    commit = Commit(sha=SHA, subject="[a][3.0] x; [my_tool] y; z", body="BREAKING CHANGE: q", paths=(A, B))
    found = parse_commit(commit, owners, use_messages=False)
    assert found == {
        "a": Request(bump=Bump.PATCH, notes=("x",), commit=SHA),
        "b": Request(bump=Bump.PATCH, notes=("x", "y", "z"), commit=SHA),
    }


def test_names_that_look_like_markers_are_packages_where_they_exist() -> None:
    owners = ownership({"wip": [], "audio_skip": []})
    assert set(asked(owners, "[wip][audio-skip] x")) == {"wip", "audio_skip"}


def test_control_and_direction_characters_never_reach_the_notes(owners: Ownership) -> None:
    ((_, (note,)),) = asked(owners, "[a] \x1b[31mred\x07 \u202egnp.exe \udcff\ttab").values()
    assert note == "[31mred \ufffdgnp.exe \ufffd tab"


def test_many_brackets_are_read_quickly(owners: Ownership) -> None:
    assert asked(owners, "[a]" * 20_000 + "[" * 20_000)["a"][0] == "patch"


@given(st.text(), st.text(), st.lists(st.sampled_from([A, B, SHARED, "other"]), max_size=3))
def test_any_text_is_read_and_what_is_changed_is_asked_for(subject: str, body: str, paths: list[str]) -> None:
    owners = ownership({"a": [A, SHARED], "b": [B, SHARED]})
    found = parse_commit(Commit(sha=SHA, subject=subject, body=body, paths=tuple(paths)), owners)
    touched = {package for path in paths for package in owners.by_path.get(path, ())}
    assert touched <= set(found) or "paa-record" in body.lower()
    assert all((request.bump is Bump.EXACT) == (request.exact is not None) for request in found.values())
    assert all(note == note.strip() and "\n" not in note for request in found.values() for note in request.notes)


def test_nothing_asked_is_a_patch() -> None:
    assert combine([]) == Request(bump=Bump.PATCH)


def test_the_largest_bump_decides_and_notes_add_up() -> None:
    first = Request(bump=Bump.PATCH, notes=("one", "two"), commit="1")
    second = Request(bump=Bump.MINOR, notes=("two", "three"), commit="2", named=True)
    third = Request(bump=Bump.MINOR, commit="3")
    assert combine([first, second, third]) == Request(
        bump=Bump.MINOR, notes=("one", "two", "three"), commit="2", named=True
    )


def test_a_lone_request_is_its_own_combination() -> None:
    request = Request(bump=Bump.PATCH, notes=("x",), commit="1")
    assert combine([request]) == request


def test_of_exact_versions_the_highest_counts_and_the_others_are_told() -> None:
    requests = [
        Request(bump=Bump.EXACT, exact="1.9", commit="1"),
        Request(bump=Bump.MAJOR, commit="2"),
        Request(bump=Bump.EXACT, exact="1.10", commit="3"),
        Request(bump=Bump.EXACT, exact="1.10rc1", commit="4"),
    ]
    combined = combine(requests)
    assert (combined.bump, combined.exact, combined.commit) == (Bump.EXACT, "1.10", "3")
    assert combined.also_asked == ("1.10rc1", "1.9")
    assert combine([combined, requests[0]]) == combined
