"""Macros, environment variables and logging commands, as the agent treats them."""

import pytest

from tests.pipelines.azure.errors import PipelineError
from tests.pipelines.azure.tasks import matches
from tests.pipelines.azure.triggers import Request, starts_run
from tests.pipelines.azure.variables import Variable, Variables, parse_command

VARIABLES = Variables(
    Variable(name="Build.Reason", value="Manual"),
    Variable(name="package", value="a b"),
    Variable(name="recursive", value="$(package)"),
    Variable(name="TOKEN", value="hunter2", secret=True),
    Variable(name="around", value="<$(token)>"),
    Variable(name="self", value="$(self)"),
)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("$(package)", "a b"),
        ("$(PACKAGE)/$(build.reason)", "a b/Manual"),
        ("$(nobody)", "$(nobody)"),
        ("$(touch x)", "$(touch x)"),
        ("$(echo $(package))", "$(echo a b)"),
        ("$()", "$()"),
        ("$(package", "$(package"),
        ("$(recursive)", "$(package)"),  # once, outside of the beginning of a job
        ("$[package] ${package} %package%", "$[package] ${package} %package%"),
    ],
)
def test_macros(text: str, value: str) -> None:
    assert VARIABLES.expand(text) == value


def test_values_inside_of_values_are_replaced_when_a_job_begins() -> None:
    begun = VARIABLES.with_nested_values()
    assert [begun.get(name) for name in ("recursive", "around", "self")] == ["a b", "<hunter2>", "$(self)"]
    assert begun.secrets() == {"hunter2", "<hunter2>"}


def test_what_is_secret_is_no_environment_variable() -> None:
    found = VARIABLES.with_nested_values().environment()
    assert found == {"BUILD_REASON": "Manual", "PACKAGE": "a b", "RECURSIVE": "a b", "SELF": "$(self)"}


def test_a_secret_stays_one_and_readonly_stays() -> None:
    variables = Variables(Variable(name="t", value="a", secret=True), Variable(name="r", value="b", readonly=True))
    variables.put(Variable(name="T", value="c"))
    assert variables.secrets() == {"c"}
    with pytest.raises(PipelineError):
        variables.put(Variable(name="R", value="d"))


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("##vso[task.setvariable variable=a]b", ("task", "setvariable", {"variable": "a"}, "b")),
        ("said ##vso[task.setvariable variable=a]b", ("task", "setvariable", {"variable": "a"}, "b")),
        (
            "##vso[Task.SetVariable Variable=a;isOutput=true]",
            ("task", "setvariable", {"variable": "a", "isoutput": "true"}, ""),
        ),
        ("##vso[task.complete]x%0Ay%5D%AZP25", ("task", "complete", {}, "x\ny]%")),
        ("##vso[task.logissue type=error;x=]m", ("task", "logissue", {"type": "error"}, "m")),
    ],
)
def test_logging_commands(line: str, expected: tuple[str, str, dict[str, str], str]) -> None:
    found = parse_command(line)
    assert found is not None
    assert (found.area, found.event, found.properties, found.data) == expected


@pytest.mark.parametrize("line", ["", "##vso[", "##vso[task]x", "## vso[task.complete]", "##[error]x", "##vso [a.b]"])
def test_lines_that_are_no_logging_commands(line: str) -> None:
    assert parse_command(line) is None


@pytest.mark.parametrize(
    ("path", "pattern", "fits"),
    [
        ("dist-1/a.whl", "dist-*/**", True),
        ("dist-1/deep/a.whl", "dist-*/**", True),
        ("dist-1/.paa/x", "**/*", True),
        ("plan/plan.json", "dist-*/**", False),
        ("a/b.whl", "*.whl", False),
        ("b.whl", "**/*.whl", True),
    ],
)
def test_patterns(path: str, pattern: str, *, fits: bool) -> None:
    assert matches(path, pattern) is fits


@pytest.mark.parametrize(
    ("trigger", "ref", "message", "starts"),
    [
        (None, "refs/heads/x", "", True),
        ("none", "refs/heads/main", "", False),
        (["main"], "refs/heads/main", "", True),
        (["main"], "refs/heads/other", "", False),
        (["main"], "refs/heads/main", "Record [skip ci]", False),
        (["main"], "refs/tags/v1", "", False),
        ({"branches": {"include": ["rel/*"]}, "batch": "true"}, "refs/heads/rel/a/b", "", True),
        ({"branches": {"exclude": ["*"]}, "tags": {"include": ["*-v*"]}}, "refs/heads/main", "", False),
        ({"branches": {"exclude": ["*"]}, "tags": {"include": ["*-v*"]}}, "refs/tags/a-v1.0", "", True),
        ({"branches": {"exclude": ["*"]}, "tags": {"include": ["*-v*"]}}, "refs/tags/other", "", False),
        ({"tags": {"include": ["*"], "exclude": ["x*"]}}, "refs/tags/x1", "", False),
    ],
)
def test_which_pushes_start_a_run(trigger: object, ref: str, message: str, *, starts: bool) -> None:
    assert starts_run(trigger, Request(commit="c", ref=ref, message=message)) is starts
