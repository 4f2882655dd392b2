"""What is printed can be shown anywhere and is taken for a command by nobody."""

import json
from pathlib import Path

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
        ("a ###vso[task.x]y ##VSO[task.x]", "a ### vso[task.x]y ## VSO[task.x]"),
        ("Fix it\n::set-output name=x::y", "Fix it\n: :set-output name=x::y"),
        ("Fix it\r::add-mask::y\v::stop-commands::z", "Fix it�::add-mask::y�::stop-commands::z"),
        ("see ##[set-output name=x]y", "see ## [set-output name=x]y"),
    ],
)
def test_control_characters_and_commands_of_ci_systems_are_defused(
    text: str, shown: str, capsys: pytest.CaptureFixture[str]
) -> None:
    output.say(text)
    output.warn(text)
    captured = capsys.readouterr()
    assert captured.out == captured.err == f"{shown}\n"


def test_an_output_variable_of_azure_can_not_end_its_line(capsys: pytest.CaptureFixture[str]) -> None:
    output.say_azure_variable("packages", "a\r\n##vso[task.complete result=Failed]100%")
    assert capsys.readouterr().out == (
        "##vso[task.setvariable variable=packages;isOutput=true]a%0D%0A##vso[task.complete result=Failed]100%AZP25\n"
    )


def test_a_summary_is_handed_to_azure_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("TF_BUILD", raising=False)
    output.say_azure_summary(tmp_path / "plan.md")
    assert capsys.readouterr().out == ""
    monkeypatch.setenv("TF_BUILD", "True")
    monkeypatch.chdir(tmp_path)
    output.say_azure_summary("a\n%.md")
    assert capsys.readouterr().out == f"##vso[task.uploadsummary]{tmp_path}/a%0A%AZP25.md\n"


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
