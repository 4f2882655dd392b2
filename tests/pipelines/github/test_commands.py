"""What a step says to the runner is read as GitHub's runner reads it."""

import pytest

from tests.pipelines.github.commands import Command, commands_in, read_pairs
from tests.pipelines.github.errors import WorkflowError


def _said(output: str) -> list[tuple[str, dict[str, str], str]]:
    return [(each.name, each.properties, each.data) for each in commands_in(output)]


@pytest.mark.parametrize(
    ("output", "said"),
    [
        ("::set-output name=x::y", [("set-output", {"name": "x"}, "y")]),
        ("  ::set-output name=x::y", [("set-output", {"name": "x"}, "y")]),
        ("text ::set-output name=x::y", []),
        ("text ##[set-output name=x]y", [("set-output", {"name": "x"}, "y")]),
        ("text\r::set-output name=x::y", [("set-output", {"name": "x"}, "y")]),
        ("text\r\n##[add-mask]z\n", [("add-mask", {}, "z")]),
        ("::SET-OUTPUT name=x::y", [("set-output", {"name": "x"}, "y")]),
        ("::unknown name=x::y", []),
        ("::set-output name=x", []),
        ("##vso[task.setvariable variable=x]y", []),
        ("::error file=a%2Cb,line=1::50%25%0Amore", [("error", {"file": "a,b", "line": "1"}, "50%\nmore")]),
        ("::warning::", [("warning", {}, "")]),
        ("::set-env name=x::y", [("set-env", {"name": "x"}, "y")]),
        (
            "::stop-commands::word\n::set-output name=x::y\n::word::\n::notice::z",
            [("stop-commands", {}, "word"), ("notice", {}, "z")],
        ),
    ],
)
def test_commands_in_the_output(output: str, said: list[tuple[str, dict[str, str], str]]) -> None:
    assert _said(output) == said


def test_a_command_is_data() -> None:
    assert [*commands_in("::debug::x")] == [Command(name="debug", properties={}, data="x")]


@pytest.mark.parametrize(
    ("written", "pairs"),
    [
        ("", {}),
        ("a=b\n", {"a": "b"}),
        ("a=b=c\n\na2=\n", {"a": "b=c", "a2": ""}),
        ("a=1\na=2", {"a": "2"}),
        ("a=x<<y\n", {"a": "x<<y"}),
        ("a<<END\none\ntwo=2\nEND\nb=c\n", {"a": "one\ntwo=2", "b": "c"}),
        ("a<<END\nEND\n", {"a": ""}),
        ("a=b\rc=d\n", {"a": "b\rc=d"}),
    ],
)
def test_pairs_in_a_file(written: str, pairs: dict[str, str]) -> None:
    assert read_pairs(written, "GITHUB_OUTPUT") == pairs


@pytest.mark.parametrize("written", ["word\n", "=x\n", "a<<END\none\n", "a<<\n\n", "<<END\nEND\n"])
def test_pairs_that_the_runner_refuses(written: str) -> None:
    with pytest.raises(WorkflowError, match="invalid"):
        read_pairs(written, "GITHUB_OUTPUT")


def test_node_s_options_can_t_be_set() -> None:
    with pytest.raises(WorkflowError, match="NODE_OPTIONS"):
        read_pairs("NODE_OPTIONS=--require x\n", "GITHUB_ENV")
