"""Where in a workflow which contexts and functions may be used, and strings with ``${{ }}`` in them.

Source: GitHub Docs, "Contexts reference", table "Context availability".
"""

import re
from collections.abc import Callable, Mapping, Sequence

from tests.pipelines.github.errors import WorkflowError
from tests.pipelines.github.expressions import STATUS_FUNCTIONS, Call, Node, Scope, calls, evaluate, parse
from tests.pipelines.github.values import Value, text

_EXPRESSION = re.compile(r"\$\{\{((?:[^'}]|'(?:[^']|'')*'|\}(?!\}))*)\}\}")

_RUN = frozenset({"github", "inputs", "vars"})
_JOB = _RUN | {"needs"}
_MATRIX = _JOB | {"strategy", "matrix"}
_STEP_IF = _MATRIX | {"job", "runner", "env", "steps"}
_STEP = _STEP_IF | {"secrets"}
_STATUS = STATUS_FUNCTIONS
_FILES = frozenset({"hashfiles"})
_NONE: frozenset[str] = frozenset()

# Key of the workflow → contexts, functions.
AVAILABLE: Mapping[str, tuple[frozenset[str], frozenset[str]]] = {
    "run-name": (_RUN, _NONE),
    "concurrency": (_RUN, _NONE),
    "env": (_RUN | {"secrets"}, _NONE),
    "jobs.concurrency": (_MATRIX, _NONE),
    "jobs.continue-on-error": (_MATRIX, _NONE),
    "jobs.defaults.run": (_MATRIX | {"env"}, _NONE),
    "jobs.env": (_MATRIX | {"secrets"}, _NONE),
    "jobs.environment": (_MATRIX, _NONE),
    "jobs.environment.url": (_STEP_IF, _NONE),
    "jobs.if": (_JOB, _STATUS),
    "jobs.name": (_MATRIX, _NONE),
    "jobs.outputs": (_STEP, _NONE),
    "jobs.runs-on": (_MATRIX, _NONE),
    "jobs.steps.continue-on-error": (_STEP, _FILES),
    "jobs.steps.env": (_STEP, _FILES),
    "jobs.steps.if": (_STEP_IF, _STATUS | _FILES),
    "jobs.steps.name": (_STEP, _FILES),
    "jobs.steps.run": (_STEP, _FILES),
    "jobs.steps.timeout-minutes": (_STEP, _FILES),
    "jobs.steps.with": (_STEP, _FILES),
    "jobs.steps.working-directory": (_STEP, _FILES),
    "jobs.strategy": (_JOB, _NONE),
    "jobs.timeout-minutes": (_MATRIX, _NONE),
}


def scope(key: str, contexts: Mapping[str, Value], functions: Mapping[str, Callable[..., Value]]) -> Scope:
    """What of ``contexts`` and ``functions`` an expression at ``key`` may use."""
    allowed, callable_there = AVAILABLE[key]
    return Scope(
        contexts={name: value for name, value in contexts.items() if name in allowed},
        functions={name: function for name, function in functions.items() if name in callable_there},
    )


def fill(source: Value, where: Scope) -> Value:
    """``source`` with its expressions evaluated: the value itself where a string is one expression and nothing else."""
    if isinstance(source, str):
        return _fill_text(source, where)
    if isinstance(source, Mapping):
        return {name: fill(item, where) for name, item in source.items()}
    if isinstance(source, Sequence):
        return [fill(item, where) for item in source]
    return source


def holds(condition: str, where: Scope) -> Value:
    """The value of an ``if``: without a function for the status, ``success()`` has to hold too."""
    node = condition_node(condition)
    if not STATUS_FUNCTIONS & {*calls(node)}:
        node = Call("&&", (Call("success", ()), node))
    return evaluate(node, where)


def condition_node(condition: str) -> Node:
    """The expression of an ``if``, which may stand in ``${{ }}``.

    What is only partly in it is always true on GitHub, and an error here.
    """
    whole = _EXPRESSION.fullmatch(condition.strip())
    if whole is None and "${{" in condition:
        message = f"if: {condition!r} is text with an expression in it, which is always true"
        raise WorkflowError(message)
    return parse(whole[1] if whole else condition)


def _fill_text(source: str, where: Scope) -> Value:
    if "${{" not in _EXPRESSION.sub("", source):
        whole = _EXPRESSION.fullmatch(source.strip())
        if whole:
            return evaluate(parse(whole[1]), where)
        return _EXPRESSION.sub(lambda found: text(evaluate(parse(found[1]), where)), source)
    message = f"{source!r}: an expression does not end"
    raise WorkflowError(message)
