"""The runner's expressions, against what the documentation of Azure Pipelines says about them."""

import pytest

from tests.pipelines.azure.errors import PipelineError
from tests.pipelines.azure.evaluation import Context, IgnoringCase, evaluate

VARIABLES = IgnoringCase({"Build.Reason": "Manual", "isMain": "False", "empty": ""})
NAMES = {
    "variables": VARIABLES,
    "parameters": IgnoringCase({"dry": False, "list": ["a", "B"], "object": {"Key": "v"}}, what="parameter"),
}


def value_of(text: str) -> object:
    return evaluate(text, Context(names=NAMES))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("'it''s'", "it's"),
        ("0x1F", 31.0),
        ("-1.5", -1.5),
        ("True", True),
        ("null", None),
        ("1.2.3", "1.2.3"),
        ("eq('ABC', 'abc')", True),
        ("eq('1', 1)", True),
        ("eq(1, 'x')", False),
        ("eq(true, 'False')", True),  # every string but the empty one is true
        ("eq('False', false)", True),  # false is the string 'False'
        ("eq(null, '')", True),
        ("ne('a', 'b')", True),
        ("in('b', 'A', 'B')", True),
        ("notIn('b', 'A', 'B')", False),
        ("gt(2, '10')", False),
        ("gt('2', '10')", True),  # as strings
        ("startsWith('refs/heads/main', 'REFS/')", True),
        ("endsWith('a.py', '.PY')", True),
        ("contains('abc', 'B')", True),
        ("containsValue(parameters.list, 'b')", True),
        ("coalesce(null, '', 'x')", "x"),
        ("iif(eq(1, 1), 'yes', 'no')", "yes"),
        ("format('{0}-{1} {{}}', 'a', 1)", "a-1 {}"),
        ("join(';', parameters.list)", "a;B"),
        ("length(parameters.list)", 2.0),
        ("replace('refs/tags/v1', 'refs/tags/', '')", "v1"),
        ("split('a,b', ',')[1]", "b"),
        ("not(variables.isMain)", False),  # 'False' is a string that is not empty
        ("and(true, not(variables.empty))", True),
        ("or(false, xor(true, false))", True),
        ("variables['build.REASON']", "Manual"),
        ("variables.nothing", None),
        ("parameters.object.key", "v"),
        ("parameters.object['KEY']", "v"),
        ("parameters.object.*", ["v"]),
        ("variables.nothing.more", None),
    ],
)
def test_values(text: str, value: object) -> None:
    assert value_of(text) == value


@pytest.mark.parametrize(
    "text",
    [
        "",
        "'open",
        "eq('a')",
        "eq('a', 'b') x",
        "variables.",
        "variables['a'",
        "a-b",
        '"a"',
        "unknown()",
        "dependencies.a",
        "parameters.typo",
        "and(true)",
        "toJson(1)",
        "eq('a' 'b')",
        "${{ variables.a }}",
        "gt(1, 'x')",
    ],
)
def test_what_is_refused(text: str) -> None:
    with pytest.raises(PipelineError):
        value_of(text)
