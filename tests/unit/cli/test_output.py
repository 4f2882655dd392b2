"""What is printed can be shown anywhere and is taken for a command by nobody."""

import json

import pytest

from paa.cli import output


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain → ünïcödé\n\tindented", "plain → ünïcödé\n\tindented"),
        ("\x1b[2Jgone", "�[2Jgone"),
        ("bell\a back\b null\0 return\r", "bell� back� null� return�"),
        ("\x9b31m c1", "�31m c1"),
        ("left\u202eright", "left�right"),
        ("line\u2028separator", "line�separator"),
        ("lone \udcff", "lone �"),
        ("::error::x", ": :error::x"),
        ("a\n   ::error::x", "a\n   : :error::x"),
        ("a::b C++ std::string", "a::b C++ std::string"),
        ("##vso[task.x]y ##[error] ## heading", "## vso[task.x]y ## [error] ## heading"),
    ],
)
def test_control_characters_and_commands_of_ci_systems_are_defused(
    text: str, shown: str, capsys: pytest.CaptureFixture[str]
) -> None:
    output.say(text)
    output.warn(text)
    captured = capsys.readouterr()
    assert captured.out == captured.err == f"{shown}\n"


def test_an_error_says_what_is_wrong_and_what_to_do(capsys: pytest.CaptureFixture[str]) -> None:
    output.fail("it is broken\x1b", "mend it\x1b")
    output.fail("it is lost", None)
    captured = capsys.readouterr()
    assert captured.err == "error: it is broken�\n  → mend it�\nerror: it is lost\n"
    assert captured.out == ""


def test_json_is_ascii_and_says_what_it_was_given(capsys: pytest.CaptureFixture[str]) -> None:
    document = {"text": 'ü\x1b\n##vso[x] ##[y] \\## ### "::"', "##": ["##"]}
    output.say_json(document)
    text = capsys.readouterr().out
    assert text.isascii()
    assert "##" not in text
    assert "\x1b" not in text
    assert json.loads(text) == document


def test_a_table_has_columns_as_wide_as_their_longest_cell(capsys: pytest.CaptureFixture[str]) -> None:
    output.say_table([("a", "long", "x"), ("longer", "b", "")])
    output.say_table([])
    assert capsys.readouterr().out == "  a       long  x\n  longer  b\n"


def test_progress_draws_nothing_where_no_terminal_is(capsys: pytest.CaptureFixture[str]) -> None:
    with output.progress("building", 5) as step:
        step.advance("one")
    captured = capsys.readouterr()
    assert captured.out == captured.err == ""
