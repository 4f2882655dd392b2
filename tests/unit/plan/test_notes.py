import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from paa.model import Bump
from paa.plan.commits import Commit, Request, ownership, parse_commit
from paa.plan.notes import prepend, release_notes, release_notes_section

SHA = "0123456789abcdef0123456789abcdef01234567"
OTHER = "f" * 40
REPOSITORY = "https://github.com/o/r"


def request(*notes: str, commit: str = SHA) -> Request:
    return Request(bump=Bump.PATCH, notes=notes, commit=commit)


def test_one_bullet_per_text_in_order_each_once() -> None:
    requests = [request("one", "two"), request("two", "one", "three", commit=OTHER)]
    assert release_notes(requests, None) == ("one", "two", "three")


def test_bullets_link_to_their_commit_and_to_the_change() -> None:
    assert release_notes([request("one", "two (#12)")], REPOSITORY) == (
        f"one ([0123456]({REPOSITORY}/commit/{SHA}))",
        f"two ([#12]({REPOSITORY}/pull/12)) ([0123456]({REPOSITORY}/commit/{SHA}))",
    )


def test_the_text_of_azures_merges_links_to_the_pull_request() -> None:
    azure = "https://dev.azure.com/o/p/_git/r"
    asked = parse_commit(Commit(sha=SHA, subject="Merged PR 7: [a][.+.] new"), ownership({"a": []}))
    assert release_notes([asked["a"]], azure) == (
        f"new ([!7]({azure}/pullrequest/7)) ([0123456]({azure}/commit/{SHA}))",
    )


def test_no_secret_of_the_remote_reaches_the_notes() -> None:
    (note,) = release_notes([request("one (#1)")], "https://user:secret@github.com/o/r.git")
    assert "secret" not in note
    assert "user" not in note


def test_without_an_address_the_text_stands_alone() -> None:
    assert release_notes([request("one (#1)")], "../repository") == ("one (#1)",)


@pytest.mark.parametrize(
    ("text", "bullet"),
    [
        ("# heading", "\\# heading"),
        ("#12 is fixed", "\\#12 is fixed"),
        ("> quote", "\\> quote"),
        ("- item", "\\- item"),
        ("* item", "\\* item"),
        ("1. item", "1\\. item"),
        ("7) item", "7\\) item"),
        ("---", "\\---"),
        ("* * *", "\\* * *"),
        ("```python", "\\```python"),
        ("~~~", "\\~~~"),
        ("[ ] box", "\\[ ] box"),
        ("[x]: https://example.com", "\\[x]: https://example.com"),
        ("a <!-- comment", "a &lt;!-- comment"),
        ("<details><summary>x", "&lt;details>&lt;summary>x"),
        ("List<int> and `List<int>`", "List&lt;int> and `List<int>`"),
        ("shows &amp; as &", "shows &amp;amp; as &"),
        ("1.2 < 1.3", "1.2 < 1.3"),
        ("*new* and **bold** `code`", "*new* and **bold** `code`"),
        ("-x is an option", "-x is an option"),
        ("two\nlines\r\nand\ttabs", "two lines and tabs"),
    ],
)
def test_a_message_cannot_break_the_list(text: str, bullet: str) -> None:
    assert release_notes([request(text)], None) == (bullet,)


@given(st.lists(st.text(min_size=1, max_size=30), min_size=1, max_size=5))
def test_any_messages_render_as_one_flat_list(texts: list[str]) -> None:
    notes = release_notes([request(*texts)], REPOSITORY)
    tokens = MarkdownIt().parse(release_notes_section("1.0", "2026-11-20", notes))
    blocks = [token.type for token in tokens if token.level <= 3 and token.type != "inline"]
    item = ["list_item_open", "paragraph_open", "paragraph_close", "list_item_close"]
    listed = ["bullet_list_open", *item * len(notes), "bullet_list_close"] if notes else []
    assert blocks == ["heading_open", "heading_close", *listed]


def test_a_section_is_a_heading_and_bullets() -> None:
    assert release_notes_section("1.2.3", "2026-11-20", ["one", "two"]) == "### 1.2.3 (2026-11-20)\n\n- one\n- two\n"
    assert release_notes_section("1.2.3", "2026-11-20", []) == "### 1.2.3 (2026-11-20)\n"


SECTION = release_notes_section("1.2.3", "2026-11-20", ["one"])


@pytest.mark.parametrize("existing", ["", "\n\n", " \r\n"])
def test_an_empty_file_gets_a_title(existing: str) -> None:
    assert prepend(existing, SECTION, "1.2.3") == f"# Release notes\n\n{SECTION}"


@pytest.mark.parametrize(
    "marked",
    [
        "# Release notes\n\n@\n### 1.2.2\n\n    - as the existing tool writes it\n",
        "# Release notes\n\nWords of welcome.\n\n@\n## [v1.0] - 2020-01-01\ntext without line end",
        "# Release notes\n\n```\n### 9.9\n```\n\n@\n### 1.2.2\n",
        "# Release notes\n\n~~~~\n```\n### 9.9\n~~~~\n\n@\n### 1.2.2\n",
        "\ufeff# Release notes\n\n@\n### 1.2.2\n",
        "\ufeff@\n### 1.2.2\n",
        "@\nWords and no heading.\n\n## Later\n",
        "@\n# 1.2.2\n\n- without a title\n",
    ],
)
def test_a_section_goes_above_the_other_releases(marked: str) -> None:
    existing = marked.replace("@\n", "")
    assert prepend(existing, SECTION, "1.2.3") == marked.replace("@", SECTION)


@pytest.mark.parametrize("title", ["# Release notes", "# 2024", "## Changes", "\n\n# Release notes"])
def test_without_releases_a_section_goes_below_the_title(title: str) -> None:
    assert prepend(f"{title}\n", SECTION, "1.2.3") == f"{title}\n\n{SECTION}"
    assert prepend(f"{title}\n\nOnly words.\n", SECTION, "1.2.3") == f"{title}\n\n{SECTION}\nOnly words.\n"


def test_a_title_without_line_end_gets_one() -> None:
    assert prepend("# Release notes", SECTION, "1.2.3") == f"# Release notes\n\n{SECTION}"


def test_line_ends_of_the_file_are_kept() -> None:
    result = prepend("# Release notes\r\n\r\n### 1.0\r\n", SECTION, "1.2.3")
    assert result == "# Release notes\r\n\r\n### 1.2.3 (2026-11-20)\r\n\r\n- one\r\n\r\n### 1.0\r\n"


@pytest.mark.parametrize(
    "heading",
    ["### 1.2.3", "## 1.2.3 (2020-01-01)", "## [1.2.3] - 2020-01-01", "#### v1.2.3", "### 1.2.3.0", "# 1.2.3"],
)
def test_a_version_that_has_a_section_is_left_alone(heading: str) -> None:
    existing = f"# Release notes\n\n### 1.3\n\n{heading}\n\n- written by hand\n"
    assert prepend(existing, SECTION, "1.2.3") == existing


@pytest.mark.parametrize("heading", ["### 1.2.30", "### 11.2.3", "### 1.2.3rc1", "```\n### 1.2.3\n```"])
def test_another_version_is_not_taken_for_it(heading: str) -> None:
    existing = f"# Release notes\n\n{heading}\n"
    assert SECTION in prepend(existing, SECTION, "1.2.3")


@given(st.text(alphabet="#1.2 \n`abr", max_size=60))
def test_prepending_twice_is_prepending_once_and_loses_nothing(existing: str) -> None:
    once = prepend(existing, SECTION, "1.2.3")
    assert prepend(once, SECTION, "1.2.3") == once
    if existing.strip():
        assert once.replace(SECTION, "").replace("\n", "") == existing.replace("\n", "") or once == existing
