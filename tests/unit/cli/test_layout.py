"""Text for people: 80 columns, and nothing broken that has to be copied."""

import pytest

from paa.cli.layout import say_pairs, say_wrapped

LONG = "python_modules/" + "very_long_name_" * 6 + ".py"


def shown(capsys: pytest.CaptureFixture[str]) -> list[str]:
    return capsys.readouterr().out.splitlines()


def test_long_text_is_wrapped_at_80_columns_with_its_indents(capsys: pytest.CaptureFixture[str]) -> None:
    say_wrapped("word " * 40, first="- ", rest="    ")
    lines = shown(capsys)
    assert len(lines) > 1
    assert all(len(line) <= 80 for line in lines)
    assert lines[0].startswith("- word")
    assert all(line.startswith("    word") for line in lines[1:])


def test_what_is_too_long_for_a_line_stays_whole(capsys: pytest.CaptureFixture[str]) -> None:
    say_wrapped(f"see {LONG} there, well-known-and-hyphenated-words-of-some-length-too-and-more", rest="  ")
    assert shown(capsys) == ["see", f"  {LONG}", "  there, well-known-and-hyphenated-words-of-some-length-too-and-more"]


def test_line_ends_in_a_text_make_no_lines(capsys: pytest.CaptureFixture[str]) -> None:
    say_wrapped("a\nerror: forged\r\n\x0b::x", first="  ")
    say_pairs([("te\nrm", ["b\nc"])])
    assert shown(capsys) == ["  a error: forged ::x", "  te rm  b c"]


def test_pairs_stand_in_two_columns(capsys: pytest.CaptureFixture[str]) -> None:
    say_pairs([("a", ["one", "two"]), ("longer", ["word " * 20]), ("x" * 31, ["far"]), ("none", [])])
    assert shown(capsys) == [
        "  a       one",
        "          two",
        "  longer  word word word word word word word word word word word word word word",
        "          word word word word word word",
        "  " + "x" * 31,
        "          far",
        "  none",
    ]


def test_what_is_too_long_for_the_right_column_begins_further_left(capsys: pytest.CaptureFixture[str]) -> None:
    path = "folder/" * 9
    say_pairs([("a term of some length", [f"at {path}", "short"]), ("b", ["near", path])])
    assert shown(capsys) == [
        "  a term of some length",
        f"      at {path}",
        "                         short",
        "  b                      near",
        f"      {path}",
    ]


def test_nothing_is_shown_of_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    say_pairs([])
    assert shown(capsys) == []
