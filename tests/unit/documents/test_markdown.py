"""Text from anywhere is text: on one line of a table, or in a block of code."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paa.documents.markdown import cell, code_block


def test_what_markdown_and_html_would_take_for_more_is_escaped() -> None:
    assert cell("a | <b> [c](d) `e`") == "a \\| &lt;b&gt; \\[c\\]\\(d\\) \\`e\\`"
    assert cell("<!-- /paa:packages -->").startswith("&lt;\\!\\-\\-")
    assert cell(" two\r\nlines\tand\u2028more ") == "two lines and more"


@pytest.mark.parametrize("letter", ["\x00", "\x1b", "\x7f", "\u202e", "\ud800"])
def test_what_can_not_be_seen_is_replaced(letter: str) -> None:
    assert cell(f"a{letter}b") == "a\ufffdb"
    assert f"a{letter}b" not in code_block(f"a{letter}b")


def test_what_is_long_is_cut_off() -> None:
    assert cell("x" * 5000) == "x" * 300 + "…"
    assert cell("x y z", longest=3) == "x y…"


@given(st.text())
def test_any_text_is_one_line_that_files_can_hold(text: str) -> None:
    line = cell(text)
    assert len(line.splitlines()) <= 1
    assert "<" not in line
    assert line.encode().decode() == line


@given(st.text(alphabet="`~ab\n "))
def test_no_text_ends_its_block(text: str) -> None:
    first, *inside, last = code_block(text, "bash").splitlines()
    fence = first.removesuffix("bash")
    assert last == fence
    assert set(fence) == {"`"}
    assert all(fence not in line for line in inside)
