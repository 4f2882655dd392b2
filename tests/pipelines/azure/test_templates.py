"""Template expressions: what a pipeline is before anything runs."""

import textwrap
from pathlib import Path, PurePosixPath
from typing import Any

import pytest

from tests.pipelines.azure.documents import Plain, parse_document
from tests.pipelines.azure.errors import PipelineError
from tests.pipelines.azure.evaluation import IgnoringCase
from tests.pipelines.azure.parameters import bind
from tests.pipelines.azure.templates import Scope, expand


def expanded(text: str, root: Path = Path("/nowhere"), **parameters: object) -> object:
    names = {"parameters": IgnoringCase(parameters, what="parameter"), "variables": IgnoringCase({"v": "1"})}
    document = parse_document(textwrap.dedent(text), "here")
    return expand(document, Scope(root=root, file=PurePosixPath(".azure/main.yml"), names=names))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a: ${{ parameters.flag }}", True),
        ("a: is ${{ parameters.flag }}", "is True"),
        ("a: ${{ parameters.items }}", ["x", "y"]),
        ("a: '${{ parameters.name }}/${{ variables.v }}'", "it's/1"),
        ("a: ${{ format('{0}}}', 'x') }}", "x}"),
        ("a: $(macro) $[ later ]", "$(macro) $[ later ]"),
        ("a: [1, '${{ parameters.items }}', 2]", ["1", "x", "y", "2"]),
        ("a: [{'${{ if parameters.flag }}': [x]}, {'${{ else }}': [y]}]", ["x"]),
        ("a: [{'${{ if not(parameters.flag) }}': [x]}, {'${{ elseif true }}': [y]}, {'${{ else }}': [z]}]", ["y"]),
        ("a: {'${{ if eq(1, 2) }}': {x: 1}, '${{ else }}': {y: 2}}", {"y": "2"}),
        ("a: [{'${{ each i in parameters.items }}': ['i=${{ i }}']}]", ["i=x", "i=y"]),
        ("a: {'${{ each p in parameters.map }}': {'${{ p.key }}': '<${{ p.value }}>'}}", {"k": "<v>"}),
        ("a: {'${{ insert }}': '${{ parameters.map }}', b: 2}", {"k": "v", "b": "2"}),
    ],
)
def test_expressions(text: str, value: object) -> None:
    given: dict[str, Any] = {"flag": True, "items": ["x", "y"], "name": "it's", "map": {"k": "v"}}
    assert expanded(text, **given) == {"a": value}


@pytest.mark.parametrize(
    "text",
    [
        "a: ${{ parameters.typo }}",
        "a: ${{ open",
        "a: [{'${{ else }}': [y]}]",
        "a: [{'${{ if true }}': [x]}, between, {'${{ else }}': [y]}]",
        "a: {'${{ if true }}': {b: 1}, b: 2}",
        "a: [{'${{ if true }}': no list}]",
        "a: [{'${{ each i of parameters.items }}': [x]}]",
        "a: 1\na: 2",
        "a: &x 1\nb: *x",
        "a: [",
        "- a",
        "a: ${{ succeeded() }}",
        "a: [{template: ../../outside.yml}]",
        "a: [{template: there@other}]",
        "a: [{template: nothing.yml}]",
    ],
)
def test_what_is_refused(text: str) -> None:
    with pytest.raises(PipelineError):
        expanded(text)


def test_an_expression_is_no_text_to_expand_again() -> None:
    assert expanded("a: ${{ parameters.p }}", p="${{ variables.v }}") == {"a": "${{ variables.v }}"}


def test_templates_are_found_beside_the_file_that_names_them(tmp_path: Path) -> None:
    jobs = tmp_path / ".azure/jobs"
    jobs.mkdir(parents=True)
    (jobs / "a.yml").write_text(
        "parameters:\n- {name: x, type: string}\njobs:\n- job: ${{ parameters.x }}\n- template: b.yml\n"
    )
    (jobs / "b.yml").write_text("jobs:\n- job: b\n")
    text = "jobs: [{template: jobs/a.yml, parameters: {x: one}}, {template: /.azure/jobs/b.yml}]"
    assert expanded(text, tmp_path) == {"jobs": [{"job": "one"}, {"job": "b"}, {"job": "b"}]}
    for wrong in ("{template: jobs/a.yml}", "{template: jobs/a.yml, parameters: {x: a, y: b}}"):
        with pytest.raises(PipelineError):
            expanded(f"jobs: [{wrong}]", tmp_path)


def test_a_template_sees_none_of_its_callers_parameters(tmp_path: Path) -> None:
    (tmp_path / ".azure").mkdir()
    (tmp_path / ".azure/t.yml").write_text("jobs:\n- job: ${{ parameters.outer }}\n")
    with pytest.raises(PipelineError, match="no parameter 'outer'"):
        expanded("jobs: [{template: t.yml}]", tmp_path, outer="x")


@pytest.mark.parametrize(
    ("entry", "given", "value"),
    [
        ({"type": "boolean", "default": Plain("false")}, {}, False),
        ({"type": "boolean"}, {"P": "True"}, True),
        ({"type": "string", "default": ""}, {}, ""),
        ({"type": "string", "default": "a", "values": ["a", "b"]}, {"p": "b"}, "b"),
        ({"type": "number"}, {"p": "3"}, 3.0),
        ({"type": "object"}, {"p": {"a": Plain("true"), "b": "true"}}, {"a": True, "b": "true"}),
        ({}, {"p": "text"}, "text"),
    ],
)
def test_parameters(entry: dict[str, object], given: dict[str, object], value: object) -> None:
    assert bind([{"name": "p", **entry}], given, "here").look_up("p") == value


@pytest.mark.parametrize(
    ("entry", "given"),
    [
        ({}, {}),
        ({"default": "a"}, {"q": "b"}),
        ({"default": "a", "values": ["a"]}, {"p": "b"}),
        ({"type": "boolean"}, {"p": "yes"}),
        ({"type": "number"}, {"p": "x"}),
        ({"type": "text"}, {"p": "x"}),
        ({"typ": "string"}, {"p": "x"}),
        ({"type": "stepList"}, {"p": "x"}),
    ],
)
def test_parameters_that_are_refused(entry: dict[str, object], given: dict[str, object]) -> None:
    with pytest.raises(PipelineError):
        bind([{"name": "p", **entry}], given, "here")
