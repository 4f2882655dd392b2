"""Lists and tables of READMEs, which MkDocs would otherwise take for text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paa.sites.flavour import python_markdown


@pytest.mark.parametrize(
    ("given_text", "expected"),
    [
        ("text:\n- a\n- b", "text:\n\n- a\n- b"),
        ("- a\n  - b\n    - c\n- d", "- a\n    - b\n        - c\n- d"),
        ("1. a\n   - b\n2. c", "1. a\n    - b\n2. c"),
        ("- a\n\n  more of a\n\nend", "- a\n\n    more of a\n\nend"),
        ("- a\n  goes on", "- a\n    goes on"),
        ("- a\n  ```\n  code\n    deeper\n  ```\n- b", "- a\n    ```\n    code\n      deeper\n    ```\n\n- b"),
        ("text\n| a | b |\n| - | - |\n| 1 | 2 |", "text\n\n| a | b |\n| - | - |\n| 1 | 2 |"),
        ("```\n- a\n  - b\ntext\n- c\n```", "```\n- a\n  - b\ntext\n- c\n```"),
        ("text\n\n    - code", "text\n\n    - code"),
        ("text\n* * *\nmore", "text\n* * *\nmore"),
        ("~~~\n```\n- a\n~~~\nx\n- b", "~~~\n```\n- a\n~~~\nx\n\n- b"),
    ],
)
def test_what_github_shows_is_what_mkdocs_shows(given_text: str, expected: str) -> None:
    assert python_markdown(given_text) == expected
    assert python_markdown(expected) == expected


@given(st.text(alphabet="ab-*1. \n`~|"))
def test_no_word_is_lost(text: str) -> None:
    assert "".join(python_markdown(text).split()) == "".join(text.split())
