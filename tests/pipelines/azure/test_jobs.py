"""Small pipelines, run: conditions, outputs, secrets, artifacts, logins, as the documentation describes them."""

import textwrap
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from tests.pipelines.azure.agent import Outcome
from tests.pipelines.azure.errors import PipelineError
from tests.pipelines.azure.run import Run, run_pipeline
from tests.pipelines.azure.service import Feed, Service
from tests.pipelines.azure.triggers import Request
from tests.pipelines.azure.variables import Variable
from tests.pipelines.git_host import GitHost
from tests.pipelines.machine import Machine
from tests.repository import Repository

Runner = Callable[..., Run]
TOKEN = "t0ken-of-the-build"


@pytest.fixture
def service(tmp_path: Path, machine: Machine, host: GitHost) -> Service:
    """A project with one repository and one feed."""
    remote = host.remote(f"contoso/platform/_git/{tmp_path.name}")
    return Service(
        machine=machine,
        folder=tmp_path,
        repository=remote,
        origin=host.address(f"contoso/platform/_git/{tmp_path.name}"),
        authority=host.authority,
        token=host.token(may_write=True, prefix="eyJ"),
        feeds={"platform/data": Feed(upload_url="http://127.0.0.1:9/u/", simple_url="http://127.0.0.1:9/simple/")},
        groups={"logins": (Variable(name="FROM_GROUP", value="gr0up-secret", secret=True),)},
    )


@pytest.fixture
def run(service: Service, repository: Repository) -> Runner:
    """Run the text of a pipeline; keywords go to the request."""
    repository.git("remote", "add", "origin", str(service.repository.path))

    def start(text: str, **given: object) -> Run:
        repository.write({"p.yml": textwrap.dedent(text), "file.txt": "content\n"})
        commit = repository.commit("A pipeline")
        repository.git("push", "--quiet", "--force", "origin", "HEAD:main")
        done = run_pipeline(service, "p.yml", replace(Request(commit=commit), **given))  # type: ignore[arg-type]  # of tests
        assert done is not None
        return done

    return start


def outcomes(run: Run) -> dict[str, str]:
    return {f"{job}:{step}": outcome.value for job, report in run.jobs.items() for step, outcome in report.steps}


def test_steps_obey_their_conditions_and_the_last_command_decides(run: Runner) -> None:
    done = run("""
        steps:
        - checkout: none
        - {bash: "false\\ntrue", name: passes}
        - {bash: "true\\nfalse", name: fails}
        - {bash: "true", name: usual}
        - {bash: "true", name: after, condition: failed()}
        - {bash: "true", name: either, condition: succeededOrFailed()}
        - {bash: "true", name: always, condition: always()}
        - {bash: "true", name: not_canceled, condition: "not(canceled())"}
        - {bash: "true", name: both, condition: "and(succeeded(), true)"}
        - {bash: "true", name: off, enabled: false, condition: always()}
    """)
    assert done.outcome is Outcome.FAILED
    names = {key.partition(":")[2]: outcome for key, outcome in outcomes(done).items()}
    assert {name for name, outcome in names.items() if outcome == "Skipped"} == {"usual", "both", "off"}
    assert {name for name, outcome in names.items() if outcome == "Failed"} == {"fails"}


def test_a_step_may_fail_without_failing_its_job(run: Runner) -> None:
    done = run("steps: [{checkout: none}, {bash: exit 1, continueOnError: true}, {bash: echo on}]")
    assert done.outcome is Outcome.ISSUES
    (report,) = done.jobs.values()
    assert [outcome for _, outcome in report.steps] == [Outcome.SUCCEEDED, Outcome.ISSUES, Outcome.SUCCEEDED]


def test_outputs_reach_jobs_stages_and_a_matrix_under_their_names(run: Runner) -> None:
    done = run("""
        stages:
        - stage: one
          jobs:
          - job: plan
            steps:
            - checkout: none
            - bash: |
                echo '##vso[task.setvariable variable=matrix;isOutput=true]{"a_1":{"shard":"1"},"a_2":{"shard":"2"}}'
                echo '##vso[task.setvariable variable=yes;isOutput=true]true'
              name: make
            - bash: test "$MAKE_YES" = true && test "$(make.yes)" = true
          - job: build
            dependsOn: plan
            condition: and(succeeded(), eq(dependencies.plan.outputs['make.yes'], 'true'))
            strategy: {matrix: "$[ dependencies.plan.outputs['make.matrix'] ]"}
            steps:
            - checkout: none
            - {bash: 'echo "##vso[task.setvariable variable=s;isOutput=true]$SHARD-$(shard)"', name: each}
          - deployment: after
            dependsOn: [plan, build]
            environment: here
            variables: {seen: "$[ dependencies.build.outputs['a_2.each.s'] ]"}
            strategy: {runOnce: {deploy: {steps: [
              {bash: 'echo "##vso[task.setvariable variable=e;isOutput=true]$SEEN $ENVIRONMENT_NAME"', name: d}]}}}
        - stage: two
          condition: and(succeeded(), eq(dependencies.one.outputs['plan.make.yes'], 'true'))
          jobs:
          - job: last
            condition: eq(stageDependencies.one.plan.result, 'Succeeded')
            variables: {seen: "$[ stageDependencies.one.after.outputs['after.d.e'] ]"}
            steps: [{checkout: none}, {bash: 'test "$SEEN" = "2-2 here"'}]
    """)
    assert done.outcome is Outcome.SUCCEEDED, done.told()
    assert [*done.jobs] == ["one/plan", "one/build/a_1", "one/build/a_2", "one/after", "two/last"]


@pytest.mark.parametrize(
    "condition",
    [
        "eq(dependencies.first.outputs['step.typo'], 'x')",
        "eq(dependencies.first.outputs['first.step.it'], 'x')",  # the spelling of stages
        "eq(dependencies.other.result, 'Succeeded')",  # it does not depend on that one
        "eq(stageDependencies.first.outputs['step.it'], 'x')",
        "eq(parameters.x, 'x')",
        "succeeded('other')",
        "eq(steps.step.outputs.it, 'x')",
    ],
)
def test_a_wrong_spelling_is_an_error_and_not_empty(run: Runner, condition: str) -> None:
    with pytest.raises(PipelineError):
        run(f"""
            jobs:
            - job: first
              steps:
              - checkout: none
              - {{bash: "echo '##vso[task.setvariable variable=it;isOutput=true]x'", name: step}}
            - job: other
              steps: [{{checkout: none}}]
            - job: second
              dependsOn: first
              condition: {condition}
              steps: [{{checkout: none}}]
        """)


def test_who_depends_on_what_was_skipped_or_failed(run: Runner) -> None:
    done = run("""
        jobs:
        - {job: fails, steps: [{checkout: none}, {bash: exit 1}]}
        - {job: skipped, dependsOn: fails, steps: [{checkout: none}]}
        - {job: further, dependsOn: skipped, steps: [{checkout: none}]}
        - {job: failed, dependsOn: further, condition: failed(), steps: [{checkout: none}]}
        - {job: either, dependsOn: [fails, skipped], condition: succeededOrFailed(), steps: [{checkout: none}]}
        - {job: named, dependsOn: [fails, skipped], condition: "succeededOrFailed('fails')", steps: [{checkout: none}]}
        - {job: anyway, dependsOn: skipped, condition: not(canceled()), steps: [{checkout: none}]}
        - job: asks
          dependsOn: skipped
          condition: eq(dependencies.skipped.outputs['a.b'], '')
          steps: [{checkout: none}]
    """)
    assert {name.partition("/")[2] for name in done.jobs} == {"fails", "failed", "named", "anyway", "asks"}


def test_secrets_come_by_env_alone_and_undefined_ones_as_their_name(run: Runner) -> None:
    done = run(
        """
        variables: [{group: logins}, {name: plain.one, value: $(Build.Reason)}]
        steps:
        - checkout: none
        - bash: |
            test -z "${TWINE_PASSWORD+set}${FROM_GROUP+set}${SYSTEM_ACCESSTOKEN+set}" || exit 1
            test "$GIVEN" = s3cret && test "$GROUP" = gr0up-secret || exit 2
            test "$UNDEFINED" = '$''(TWINE_USERNAME)' || exit 3
            test "$PLAIN_ONE" = Manual && test "$TF_BUILD" = True || exit 4
          env:
            GIVEN: $(TWINE_PASSWORD)
            GROUP: $(FROM_GROUP)
            UNDEFINED: $(TWINE_USERNAME)
        """,
        variables=(Variable(name="TWINE_PASSWORD", value="s3cret", secret=True),),
    )
    assert done.outcome is Outcome.SUCCEEDED, done.told()


@pytest.mark.parametrize(
    "steps",
    [
        "[{checkout: none}, {bash: echo $(PASSWORD)}]",
        "[{checkout: none}, {bash: 'echo $P', env: {P: $(PASSWORD)}}]",
        "[{checkout: none}, {bash: 'echo $P > f', env: {P: $(PASSWORD)}}, {publish: f, artifact: a}]",
        "[{checkout: none}, {bash: \"echo '##vso[task.setvariable variable=x;isSecret=true]abc123'\\necho abc''123\"}]",
        "[{checkout: self, persistCredentials: true}, {bash: cat .git/config}]",
    ],
)
def test_a_secret_that_gets_out_fails_the_run(run: Runner, steps: str) -> None:
    with pytest.raises(AssertionError, match="a secret is in"):
        run(f"steps: {steps}", variables=(Variable(name="PASSWORD", value="s3cret", secret=True),))


def test_what_a_step_prints_sets_variables_unless_it_may_not(run: Runner) -> None:
    done = run("""
        steps:
        - checkout: none
        - bash: 'echo "mischief ##vso[task.setvariable variable=PAA_INDEX]evil"'
        - {bash: 'test "$PAA_INDEX" = evil'}
        - bash: echo "##vso[task.setvariable variable=PAA_INDEX]worse"
          target: {settableVariables: none}
        - {bash: 'test "$PAA_INDEX" = evil'}
        - bash: echo "##vso[task.setvariable variable=Build.SourceBranch]worse"
        - bash: echo "##vso[task.uploadsummary]/etc/passwd"
          target: {commands: restricted}
        - {bash: 'echo "# Done" > s.md; echo "##vso[task.uploadsummary]$PWD/s.md"'}
        - bash: echo "##vso[task.logissue type=warning]look"
        - bash: echo "##vso[task.complete result=SucceededWithIssues]"
    """)
    assert (done.outcome, done.summary, done.issues) == (Outcome.ISSUES, "# Done\n", ["warning: look"])
    assert [len(report.warnings) for report in done.jobs.values()] == [3]


def test_the_build_identity_reads_and_is_forgotten_unless_it_is_to_stay(run: Runner) -> None:
    done = run("""
        jobs:
        - job: short
          steps: [{bash: 'test "$(git rev-list --count HEAD)" = 1 && ! git config --get-regexp "http.*"'}]
        - job: whole
          steps:
          - {checkout: self, fetchDepth: 0, fetchTags: true, persistCredentials: true}
          - {bash: 'git fetch --quiet origin && test "$(git rev-parse HEAD)" = $(Build.SourceVersion)'}
        - {job: nothing, steps: [{checkout: none}, {bash: 'test -z "$(ls -A)"'}]}
        - job: later
          steps: [{checkout: self}, {bash: 'git fetch --quiet origin'}]
    """)
    assert {name: report.outcome.value for name, report in done.jobs.items()} == {
        "__default/short": "Succeeded",
        "__default/whole": "Succeeded",
        "__default/nothing": "Succeeded",
        "__default/later": "Failed",
    }


def test_artifacts_are_published_once_and_found_by_name_or_pattern(run: Runner) -> None:
    done = run("""
        stages:
        - stage: a
          jobs:
          - job: a
            steps:
            - {bash: "mkdir -p dist/.paa; echo 1 > dist/x.whl; echo 2 > dist/.paa/r.json"}
            - {task: PublishPipelineArtifact@1, inputs: {targetPath: dist, artifact: dist-1}}
            - {publish: file.txt, artifact: plan}
        - stage: b
          jobs:
          - job: b
            steps:
            - checkout: none
            - {task: DownloadPipelineArtifact@2, inputs: {artifact: dist-1, path: $(Pipeline.Workspace)/one}}
            - {task: DownloadPipelineArtifact@2, inputs: {patterns: "dist-*/**", targetPath: $(Pipeline.Workspace)/all}}
            - {download: current, artifact: plan}
            - bash: find one all plan -type f | sort | tr '\\n' ' '
              workingDirectory: $(Pipeline.Workspace)
          - deployment: c
            environment: e
            strategy: {runOnce: {deploy: {steps: [{bash: 'ls -A; test -f $(Pipeline.Workspace)/plan/file.txt'}]}}}
          - {job: twice, steps: [{publish: file.txt, artifact: plan}]}
          - {job: gone, steps: [{task: DownloadPipelineArtifact@2, inputs: {artifact: nothing}}]}
    """)
    found = "all/dist-1/.paa/r.json all/dist-1/x.whl one/.paa/r.json one/x.whl plan/file.txt "
    assert found in done.jobs["b/b"].output, done.told()
    ended = {name: report.outcome for name, report in done.jobs.items()}
    assert ended["b/c"] is Outcome.SUCCEEDED
    assert ended["b/twice"] is ended["b/gone"] is Outcome.FAILED


def test_logins_for_twine_and_pip(run: Runner, service: Service) -> None:
    done = run("""
        steps:
        - checkout: none
        - {task: TwineAuthenticate@1, inputs: {artifactFeed: platform/data}}
        - {task: PipAuthenticate@1, inputs: {artifactFeeds: platform/data, onlyAddExtraIndex: false}}
        - bash: |
            grep -qx 'index-servers=data' "$PYPIRC_PATH" && grep -qx 'username=build' "$PYPIRC_PATH" || exit 1
            grep -qx 'repository=http://127.0.0.1:9/u/' "$PYPIRC_PATH" || exit 2
            grep -qx "password=$TOKEN" "$PYPIRC_PATH" || exit 2
            test "$PIP_INDEX_URL" = "http://build:$TOKEN@127.0.0.1:9/simple/" || exit 3
          env: {TOKEN: $(System.AccessToken)}
        - {task: TwineAuthenticate@1, inputs: {artifactFeed: data}}
    """)
    steps = [outcome for _, outcome in done.jobs["__default/Job"].steps]
    assert steps == [Outcome.SUCCEEDED] * 4 + [Outcome.FAILED], done.told()
    assert service.token not in done.output


def test_python_comes_from_its_task(run: Runner) -> None:
    done = run("""
        steps:
        - {task: UsePythonVersion@0, inputs: {versionSpec: "3.14"}}
        - {bash: 'python -c "import sys; assert sys.prefix != sys.base_prefix"; python -m pip --version'}
        - {bash: '! python -c "import paa"'}
    """)
    assert done.outcome is Outcome.SUCCEEDED, done.told()


@pytest.mark.parametrize(
    "step",
    [
        "{task: Unknown@1}",
        "{task: UsePythonVersion@0, inputs: {version: '3.14'}}",
        "{task: UsePythonVersion@0, inputs: {versionSpec: '2.7'}}",
        "{checkout: other}",
        "{checkout: self, lfs: true}",
        "{bash: x, condition: 'eq(dependencies.a.result, 1)'}",
        "{bash: x, condition: 'succeeded(''a'')'}",
        "{bash: 'echo \"##vso[build.uploadlog]x\"'}",
        "{task: PublishPipelineArtifact@1, inputs: {targetPath: ., artifact: a, parallel: true}}",
        "{task: DownloadPipelineArtifact@2, inputs: {patterns: '[ab]'}}",
        "{bash: x, failOnStderr: true}",
    ],
)
def test_steps_that_are_refused(run: Runner, step: str) -> None:
    with pytest.raises(PipelineError):
        run(f"steps: [{{checkout: none}}, {step}]")


@pytest.mark.parametrize("matrix", ["{}", "[]", "no JSON", '{"1a":{"x":"y"}}', '{"a":{"x":1}}', '{"a-b":{"x":"y"}}'])
def test_matrices_that_are_refused(run: Runner, matrix: str) -> None:
    with pytest.raises(PipelineError):
        run(f"""
            jobs:
            - job: a
              steps:
              - checkout: none
              - bash: |
                  echo '##vso[task.setvariable variable=m;isOutput=true]{matrix}'
                name: s
            - job: b
              dependsOn: a
              strategy: {{matrix: "$[ dependencies.a.outputs['s.m'] ]"}}
              steps: [{{checkout: none}}]
        """)
