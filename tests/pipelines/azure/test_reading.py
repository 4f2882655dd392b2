"""Pipelines that the runner refuses: it knows a key, or it stops."""

import textwrap
from pathlib import Path

import pytest

from tests.pipelines.azure.documents import parse_document
from tests.pipelines.azure.errors import PipelineError
from tests.pipelines.azure.pipeline import Stage, read_pipeline
from tests.pipelines.azure.run import load
from tests.pipelines.azure.triggers import Request


def read(text: str) -> tuple[Stage, ...]:
    return read_pipeline(parse_document(textwrap.dedent(text), "here")).stages


JOB = "{job: a, steps: [{bash: x}]}"


def test_a_stage_needs_the_one_before_it_unless_it_says_so() -> None:
    others = f"{{stage: b, jobs: [{JOB}]}}, {{stage: c, dependsOn: [], jobs: [{JOB}]}}"
    stages = read(f"stages: [{{stage: a, jobs: [{JOB}]}}, {others}]")
    assert [stage.needs for stage in stages] == [(), ("a",), ()]


def test_a_pipeline_may_be_jobs_or_steps() -> None:
    assert read(f"jobs: [{JOB}]")[0].jobs[0].name == "a"
    assert read("steps: [{bash: x}]")[0].jobs[0].steps[0].inputs == {"bash": "x"}


def test_what_is_read_of_a_job() -> None:
    (stage,) = read("""
        jobs:
        - deployment: record
          environment: {name: paa}
          timeoutInMinutes: 5
          workspace: {clean: all}
          strategy: {runOnce: {deploy: {steps: [{download: none}, {checkout: self, fetchDepth: 0}]}}}
    """)
    (job,) = stage.jobs
    assert (job.environment, job.minutes, job.clean) == ("paa", 5.0, "all")
    assert job.steps[1].inputs == {"checkout": "self", "fetchDepth": "0"}


@pytest.mark.parametrize(
    "text",
    [
        "name: x",
        f"jobs: [{JOB}]\nsteps: [{{bash: x}}]",
        f"jobs: [{JOB}]\nunknown: 1",
        f"jobs: [{JOB}]\nextends: {{template: x}}",
        f"jobs: [{JOB}, {JOB}]",
        "jobs: []",
        "jobs: [{job: a-b, steps: []}]",
        "jobs: [{job: a, steps: [{bash: x, unknown: 1}]}]",
        "jobs: [{job: a, steps: [{bash: x, script: y}]}]",
        "jobs: [{job: a, steps: [{powershell: x}]}]",
        "jobs: [{job: a, dependsOn: b, steps: [{bash: x}]}]",
        "jobs: [{job: a, dependsOn: b, steps: []}, {job: b, dependsOn: a, steps: []}]",
        "jobs: [{job: a, strategy: {parallel: 2}, steps: []}]",
        "jobs: [{job: a, environment: x, steps: []}]",
        "jobs: [{deployment: a, strategy: {runOnce: {deploy: {steps: []}}}}]",
        "jobs: [{deployment: a, environment: x, strategy: {canary: {}}}]",
        "jobs: [{job: a, container: x, steps: []}]",
        "jobs: [{job: a, workspace: {clean: some}, steps: []}]",
        "jobs: [{job: a, steps: [{task: Bash@3, with: {script: x}}]}]",
        "jobs: [{job: a, steps: [{bash: x, target: host}]}]",
        "jobs: [{job: a, steps: [{bash: x, enabled: maybe}]}]",
        f"stages: [{{stage: a, jobs: [{JOB}], approval: x}}]",
        f"lockBehavior: parallel\njobs: [{JOB}]",
        f"variables: [{{name: a, value: b, secret: true}}]\njobs: [{JOB}]",
    ],
)
def test_what_is_refused(text: str) -> None:
    with pytest.raises(PipelineError):
        read(text)


def test_variables_are_known_to_templates_if_they_are_known_before_the_run(tmp_path: Path) -> None:
    body = "jobs:\n- job: ${{ variables.mine }}_${{ variables['Build.SourceBranchName'] }}\n  steps: []\n"
    (tmp_path / "p.yml").write_text(f"variables:\n  mine: a\n{body}")
    pipeline, _ = load(tmp_path, "p.yml", Request(commit="c"))
    assert pipeline.stages[0].jobs[0].name == "a_main"
    (tmp_path / "p.yml").write_text(body)
    with pytest.raises(PipelineError, match="known before the run"):
        load(tmp_path, "p.yml", Request(commit="c"))
