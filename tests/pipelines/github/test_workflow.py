"""Workflows are read strictly, start when GitHub starts them, and make the jobs that GitHub makes."""

import pytest

from tests.pipelines.github.errors import WorkflowError
from tests.pipelines.github.events import Event, read_inputs, starts
from tests.pipelines.github.matrix import combinations, matrix_name
from tests.pipelines.github.values import Value
from tests.pipelines.github.workflow import Workflow, read_workflow, read_yaml

_JOB = "{runs-on: ubuntu-latest, steps: [{run: 'true'}]}"


def _read(on: str, jobs: str = f"a: {_JOB}") -> Workflow:
    return read_workflow(f"on: {on}\njobs:\n  {jobs}\n", "w.yml")


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("on: push", {"on": "push"}),
        ("a: yes", {"a": "yes"}),
        ("a: true", {"a": True}),
        ("a: 3.10", {"a": 3.1}),
        ("a: '3.10'", {"a": "3.10"}),
        ("a: 012", {"a": 12.0}),
        ("a:", {"a": None}),
        ("a: 2026-11-20", {"a": "2026-11-20"}),
        ("a: [x, 1]", {"a": ["x", 1.0]}),
    ],
)
def test_yaml_is_that_of_1_2(written: str, value: Value) -> None:
    assert read_yaml(written) == value


@pytest.mark.parametrize("written", ["a: 1\na: 2", "a: [", "a: !!python/object/apply:os.getcwd []", "\t"])
def test_yaml_that_is_refused(written: str) -> None:
    with pytest.raises(WorkflowError):
        read_yaml(written)


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("on: push\njobs: {}\nx: 1", "not known: x"),
        ("jobs: {}", "on: and jobs:"),
        ("on: push\njobs: {a: {steps: [{run: x}]}}", "runs-on"),
        ("on: push\njobs: {a: {runs-on: x, steps: []}}", "steps"),
        ("on: push\njobs: {a b: {runs-on: x, steps: [{run: x}]}}", "proper name"),
        ("on: push\njobs: {a: {runs-on: x, steps: [{run: x, uses: y}]}}", "either run, or uses"),
        ("on: push\njobs: {a: {runs-on: x, steps: [{name: x}]}}", "either run, or uses"),
        ("on: push\njobs: {a: {runs-on: x, steps: [{run: x, with: {y: z}}]}}", "either run, or uses"),
        ("on: push\njobs: {a: {runs-on: x, steps: [{run: x, args: y}]}}", "not known: args"),
        ("on: push\njobs: {a: {runs-on: x, steps: [{run: x, id: i}, {run: x, id: i}]}}", "one id"),
        ("on: push\njobs: {a: {runs-on: x, needs: b, steps: [{run: x}]}}", "need one another"),
        ("on: push\njobs: {a: {runs-on: x, needs: a, steps: [{run: x}]}}", "need one another"),
        ("on: push\npermissions: {content: read}\njobs: {}", "permissions"),
        ("on: push\npermissions: {contents: all}\njobs: {}", "permissions"),
    ],
)
def test_a_workflow_that_is_refused(source: str, message: str) -> None:
    with pytest.raises(WorkflowError, match=message):
        read_workflow(source, "w.yml")


def test_jobs_come_after_what_they_need_and_know_all_of_it() -> None:
    needing = "{runs-on: x, needs: %s, steps: [{run: x}]}"
    jobs = "\n  ".join([f"c: {needing % '[b]'}", f"b: {needing % 'a'}", f"a: {_JOB}"])
    workflow = _read("push", jobs)
    assert [job.key for job in workflow.jobs] == ["a", "b", "c"]
    assert workflow.ancestors("c") == {"a", "b"}


def test_permissions_of_a_job_replace_those_of_the_workflow() -> None:
    source = (
        "on: push\npermissions: {contents: write, pages: write}\njobs:\n"
        "  a: {runs-on: x, permissions: {id-token: write}, steps: [{run: x}]}\n  b: {runs-on: x, steps: [{run: x}]}\n"
    )
    a, b = read_workflow(source, "w.yml").jobs
    assert a.permissions == {"id-token": "write"}
    assert b.permissions == {"contents": "write", "pages": "write"}


@pytest.mark.parametrize(
    ("on", "event", "started"),
    [
        ("push", Event(name="push", sha="", ref="refs/heads/x"), True),
        ("[pull_request]", Event(name="push", sha="", ref="refs/heads/x"), False),
        ("{push: {branches: [main]}}", Event(name="push", sha="", ref="refs/heads/main"), True),
        ("{push: {branches: [main]}}", Event(name="push", sha="", ref="refs/heads/main2"), False),
        ("{push: {branches: [main]}}", Event(name="push", sha="", ref="refs/tags/main"), False),
        ("{push: {tags: ['*']}}", Event(name="push", sha="", ref="refs/heads/main"), False),
        ("{push: {tags: ['v*']}}", Event(name="push", sha="", ref="refs/tags/v1.2"), True),
        ("{push: {tags: ['*-v*']}}", Event(name="push", sha="", ref="refs/tags/a/b-v1"), False),
        ("{push: {tags: ['**', '!x*']}}", Event(name="push", sha="", ref="refs/tags/x1"), False),
        ("{push: {branches-ignore: [gh-pages]}}", Event(name="push", sha="", ref="refs/heads/gh-pages"), False),
        ("{push: {branches: ['release/**']}}", Event(name="push", sha="", ref="refs/heads/release/a/b"), True),
        ("push", Event(name="push", sha="", ref="refs/heads/x", message="text [skip ci]"), False),
        ("pull_request", Event(name="pull_request", sha="", ref="", payload={"action": "opened"}), True),
        ("pull_request", Event(name="pull_request", sha="", ref="", payload={"action": "closed"}), False),
        (
            "{release: {types: [published]}}",
            Event(name="release", sha="", ref="", payload={"action": "created"}),
            False,
        ),
        ("workflow_dispatch", Event(name="workflow_dispatch", sha="", ref="", message="[skip ci]"), True),
    ],
)
def test_what_starts_a_workflow(on: str, event: Event, *, started: bool) -> None:
    assert starts(_read(on), event) is started


@pytest.mark.parametrize("on", ["schedule", "{push: {path: [x]}}", "{pull_request_target: {}}"])
def test_events_and_filters_that_are_not_known(on: str) -> None:
    with pytest.raises(WorkflowError, match="not known"):
        starts(_read(on), Event(name="push", sha="", ref="refs/heads/main"))


_INPUTS = (
    "{workflow_dispatch: {inputs: {p: {type: string, default: ''}, d: {type: boolean}, "
    "i: {type: choice, options: [a, b], default: a}}}}"
)


def test_inputs_have_their_defaults() -> None:
    assert read_inputs(_read(_INPUTS), {}) == {"p": "", "d": False, "i": "a"}
    assert read_inputs(_read(_INPUTS), {"p": "$(x)", "d": True, "i": "b"}) == {"p": "$(x)", "d": True, "i": "b"}


@pytest.mark.parametrize("given", [{"x": "1"}, {"d": "true"}, {"i": "c"}, {"p": 1.0}])
def test_inputs_that_the_form_does_not_take(given: dict[str, Value]) -> None:
    with pytest.raises(WorkflowError):
        read_inputs(_read(_INPUTS), given)


def test_a_matrix_as_in_the_documentation() -> None:
    strategy: Value = {
        "matrix": {
            "fruit": ["apple", "pear"],
            "animal": ["cat", "dog"],
            "include": [
                {"color": "green"},
                {"color": "pink", "animal": "cat"},
                {"fruit": "apple", "shape": "circle"},
                {"fruit": "banana"},
                {"fruit": "banana", "animal": "cat"},
            ],
        }
    }
    assert isinstance(strategy, dict)
    assert combinations(strategy) == [
        {"fruit": "apple", "animal": "cat", "color": "pink", "shape": "circle"},
        {"fruit": "apple", "animal": "dog", "color": "green", "shape": "circle"},
        {"fruit": "pear", "animal": "cat", "color": "pink"},
        {"fruit": "pear", "animal": "dog", "color": "green"},
        {"fruit": "banana"},
        {"fruit": "banana", "animal": "cat"},
    ]


def test_exclude_and_names() -> None:
    made = combinations({"matrix": {"a": [1.0, 2.0], "b": ["x"], "exclude": [{"a": 2.0}]}, "fail-fast": False})
    assert made == [{"a": 1.0, "b": "x"}]
    assert matrix_name("job", made[0]) == "job (1, x)"


@pytest.mark.parametrize(
    "strategy",
    [
        {"matrix": {"include": []}},
        {"matrix": {"a": []}},
        {"matrix": {"a": "x"}},
        {"matrix": {"a": [float(number) for number in range(257)]}},
        {"matrix": {"a": ["x"]}, "fast": True},
        {"fail-fast": True},
    ],
)
def test_a_matrix_that_is_refused(strategy: dict[str, Value]) -> None:
    with pytest.raises(WorkflowError):
        combinations(strategy)
