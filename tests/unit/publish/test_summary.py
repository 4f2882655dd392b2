from paa.model import Published, PublishState
from paa.publish.summary import publish_markdown, refusal_markdown


def result(reason: str | None = None, version: str = "1.0") -> Published:
    state = PublishState.UPLOADED if reason is None else PublishState.FAILED
    return Published(
        package="my_tool", distribution="my_tool", version=version, index="company", state=state, reason=reason
    )


def test_a_row_for_each_result() -> None:
    assert publish_markdown([result(), result("no | room")], dry_run=False) == (
        "## Published\n\n| package | version | index | result |\n| --- | --- | --- | --- |\n"
        "| my\\_tool | 1.0 | company | uploaded |\n| my\\_tool | 1.0 | company | failed: no \\| room |\n"
    )


def test_nothing_is_said_to_be_nothing() -> None:
    assert publish_markdown([], dry_run=True) == "## Would be published\n\nNothing.\n"


def test_no_reason_can_be_more_than_text_in_its_row() -> None:
    hostile = (
        "a\n\n# Title\n| x |\r<img src=x onerror=y> [here](https://evil.example.org) `code` \u202e\x1b[2J ::error::"
    )
    text = publish_markdown([result(hostile)], dry_run=False)
    assert text.count("\n") == 5
    (row,) = (line for line in text.splitlines() if line.startswith("| my"))
    assert row.replace("\\|", "").count("|") == 5
    for raw in ("<img", "[here]", "`code`", "\u202e", "\x1b"):
        assert raw not in row


def test_a_page_of_thousands_is_cut_before_it_is_too_long() -> None:
    text = publish_markdown([result("x" * 5000)] * 2000, dry_run=False)
    assert len(text) < 600_000
    assert text.rstrip().endswith("more")


def test_a_refusal_is_shown_as_it_is() -> None:
    assert refusal_markdown("a\n```\n# b") == "## Nothing was published\n\n````\na\n```\n# b\n````\n"
