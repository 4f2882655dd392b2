"""Expressions mean what GitHub's documentation says that they mean."""

import math

import pytest

from tests.pipelines.github.errors import WorkflowError
from tests.pipelines.github.expressions import Scope, evaluate, parse
from tests.pipelines.github.templates import AVAILABLE, fill, holds, scope
from tests.pipelines.github.values import Known, Value, text, truth

_CONTEXTS: dict[str, Value] = {
    "github": Known("the context 'github'", {"ref": "refs/heads/main", "event": {"pull_request": None}}),
    "needs": {
        "a": {"result": "success", "outputs": {"x": "1"}},
        "b": {"result": "failure", "outputs": {}},
    },
    "matrix": {"list": ["x", "y"], "Name": "Value", "n": 3.0},
}
_STATUS = {"success": lambda: False, "failure": lambda: True, "always": lambda: True, "cancelled": lambda: False}
_SCOPE = Scope(contexts=_CONTEXTS, functions=_STATUS)


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("null", ""),
        ("true", "true"),
        ("711", "711"),
        ("-9.2", "-9.2"),
        ("0xff", "255"),
        ("-2.99e-2", "-0.0299"),
        ("'It''s open source!'", "It's open source!"),
        ("''", ""),
        ("NaN", "NaN"),
        ("0 < Infinity", "true"),
        ("1 == '1'", "true"),
        ("'' == 0", "true"),
        ("null == 0", "true"),
        ("null == ''", "true"),
        ("null == null", "true"),
        ("true == 1", "true"),
        ("true == 'true'", "false"),
        ("'abc' == 0", "false"),
        ("NaN == NaN", "false"),
        ("'a' == 'A'", "true"),
        ("'A' != 'a'", "false"),
        ("'0x10' == 16", "true"),
        ("'b' > 'A'", "true"),
        ("'10' > '9'", "false"),
        ("'10' > 9", "true"),
        ("1 <= 1 && 2 >= 3", "false"),
        ("'x' < 1", "false"),
        ("!''", "true"),
        ("!!'false'", "true"),
        ("'' || 'other'", "other"),
        ("'one' && 'other'", "other"),
        ("0 && 'other'", "0"),
        ("false || null || ''", ""),
        ("false && true || true", "true"),
        ("true || false && false", "true"),
        ("1 == 1 == true", "true"),
        ("!false && true", "true"),
        ("(false || true) && 'x'", "x"),
        ("github.ref", "refs/heads/main"),
        ("GitHub.REF", "refs/heads/main"),
        ("github['ref']", "refs/heads/main"),
        ("github.event.pull_request.base.sha", ""),
        ("github.event.nothing", ""),
        ("matrix.list[1]", "y"),
        ("matrix.list[2]", ""),
        ("matrix.list[-1]", ""),
        ("matrix['name']", "Value"),
        ("matrix.n", "3"),
        ("matrix.list", "Array"),
        ("matrix", "Object"),
        ("matrix.list == matrix.list", "true"),
        ("matrix.list == 'x'", "false"),
        ("join(needs.*.result, ' ')", "success failure"),
        ("contains(needs.*.result, 'FAILURE')", "true"),
        ("contains(needs.*.result, 'cancelled')", "false"),
        ("join(needs.*.outputs.x)", "1"),
        ("contains('Hello world', 'LLO')", "true"),
        ("contains('abc', '')", "true"),
        ("contains(matrix.list, 'xy')", "false"),
        ("startsWith('Hello', 'he')", "true"),
        ("endsWith('Hello', 'LO')", "true"),
        ("startsWith(null, 'x')", "false"),
        ("format('{{{0} {1}}} {0}', 'a', 2)", "{a 2} a"),
        ("join('x', 'y')", "x"),
        ("join(matrix.list)", "x,y"),
        ('fromJSON(\'{"a": [1, {"b": true}]}\').a[1].b', "true"),
        ("fromJSON('[]')[0]", ""),
        ("fromJSON('\"x\"')", "x"),
        ("toJSON('x')", '"x"'),
        ("toJSON(matrix.list)", '[\n  "x",\n  "y"\n]'),
        ('toJSON(fromJSON(\'{"a":1.5,"b":2}\'))', '{\n  "a": 1.5,\n  "b": 2\n}'),
        ("needs.a.outputs.x == 1", "true"),
    ],
)
def test_an_expression_has_its_value(source: str, value: str) -> None:
    assert text(evaluate(parse(source), _SCOPE)) == value


@pytest.mark.parametrize(
    ("value", "holds_true"),
    [
        (None, False),
        (False, False),
        (0.0, False),
        (-0.0, False),
        (math.nan, False),
        ("", False),
        ("0", True),
        ("false", True),
        (" ", True),
        ([], True),
        ({}, True),
        (math.inf, True),
    ],
)
def test_truth(value: Value, *, holds_true: bool) -> None:
    assert truth(value) is holds_true


@pytest.mark.parametrize(
    "source",
    [
        "",
        "1 +",
        '"double"',
        "'open",
        "a b",
        "(1",
        "1)",
        "github.",
        "github[",
        "contains('a')",
        "contains('a', 'b', 'c')",
        "unknown.x",
        "unknown()",
        "github.unknown",
        "hashFiles('**')",
        "format('{1}', 'a')",
        "format('{')",
        "fromJSON('')",
        "fromJSON('{')",
        "1 = 1",
        "$(touch x)",
        "`x`",
        "github.ref; true",
        "success(,)",
    ],
)
def test_what_is_wrong_or_not_known_is_an_error(source: str) -> None:
    with pytest.raises(WorkflowError):
        evaluate(parse(source), _SCOPE)


@pytest.mark.parametrize(
    ("condition", "value"),
    [
        ("true", False),
        ("always()", True),
        ("${{ always() }}", True),
        ("  ${{ failure() }}\n", True),
        ("github.ref == 'refs/heads/main'", False),
        ("!cancelled() && github.ref == 'refs/heads/main'", True),
        ("contains(needs.*.result, 'failure')", False),
        ("failure() || true", True),
        ("!success()", True),
        ("Always()", True),
    ],
)
def test_a_condition_without_a_status_function_needs_success(condition: str, *, value: bool) -> None:
    assert truth(holds(condition, _SCOPE)) is value


@pytest.mark.parametrize("condition", ["${{ false }} && true", "! ${{ false }}", "${{ false }}x", "x ${{ y }}"])
def test_a_condition_that_would_always_be_true_is_an_error(condition: str) -> None:
    with pytest.raises(WorkflowError, match="always true"):
        holds(condition, _SCOPE)


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("plain", "plain"),
        ("a ${{ github.ref }} b ${{ matrix.n }}", "a refs/heads/main b 3"),
        ("${{ matrix.list }}", ["x", "y"]),
        ("${{ '}}' }}", "}}"),
        ("${{ 'a' }}${{ 'b' }}", "ab"),
        ("${{ '${{ x }}' }}", "${{ x }}"),
        ("$(x) $x ${x} {{ x }}", "$(x) $x ${x} {{ x }}"),
        (3.0, 3.0),
        ({"a": ["${{ matrix.n }}"]}, {"a": [3.0]}),
    ],
)
def test_text_is_filled(source: Value, value: Value) -> None:
    assert fill(source, _SCOPE) == value


def test_what_is_put_in_is_not_looked_at_again() -> None:
    where = Scope(contexts={"inputs": {"x": "${{ secrets.y }}"}}, functions={})
    assert fill("${{ inputs.x }}", where) == "${{ secrets.y }}"


def test_an_expression_that_does_not_end_is_an_error() -> None:
    with pytest.raises(WorkflowError, match="does not end"):
        fill("a ${{ github.ref", _SCOPE)


@pytest.mark.parametrize(
    ("key", "source"),
    [
        ("jobs.if", "secrets.X"),
        ("jobs.if", "matrix.x"),
        ("jobs.steps.if", "secrets.X"),
        ("jobs.environment", "secrets.X"),
        ("jobs.environment", "steps.x"),
        ("jobs.env", "env.X"),
        ("env", "needs.x"),
        ("concurrency", "needs.x"),
        ("jobs.steps.run", "success()"),
        ("jobs.outputs", "always()"),
        ("jobs.strategy", "matrix.x"),
    ],
)
def test_contexts_and_functions_are_there_only_where_github_has_them(key: str, source: str) -> None:
    contexts = dict.fromkeys(("github", "needs", "matrix", "secrets", "env", "steps", "inputs", "strategy"))
    with pytest.raises(WorkflowError, match="not known here"):
        evaluate(parse(source), scope(key, contexts, _STATUS))


def test_secrets_can_stand_in_no_condition() -> None:
    assert not [key for key, (contexts, _) in AVAILABLE.items() if key.endswith("if") and "secrets" in contexts]
