"""The pipeline of Azure DevOps: who may do what, what is read is set, and nothing is taken for something else."""

import functools
import itertools
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import pytest
import yaml

from paa.cli.ci_outputs import CiPlan, say_azure
from paa.errors import UsageError
from paa.model import Index, IndexKind, Plan
from paa.ppr.azure import azure_files
from paa.ppr.options import InstallSource, PipelineOptions, Trigger
from tests.pipelines.azure_option_sets import FEEDS, azure_option_sets, azure_options

PIPELINE = ".azure/azure-pipelines.yml"
JOBS = ("build", "check", "plan", "publish", "record", "tests")
OPTIONS = azure_option_sets()
OUTPUT = re.compile(r"dependencies\.(\w+)\.outputs\['(\w+)\.(\w+)'\]")
SET_BY_SCRIPT = re.compile(r"task\.setvariable variable=(\w+);isOutput=true")

Node = dict[str, Any]

every_option = pytest.mark.parametrize("options", OPTIONS.values(), ids=OPTIONS)


@functools.cache
def parsed(text: str) -> Node:
    document: Node = yaml.load(text, yaml.CSafeLoader)
    return document


@functools.cache
def read(options: PipelineOptions) -> Mapping[str, Node]:
    return {path: parsed(text) for path, text in azure_files(options).items()}


def jobs(options: PipelineOptions) -> Iterator[tuple[str, Node]]:
    """Each job with the name of the file that it is in."""
    for name in JOBS:
        for job in read(options)[f".azure/jobs/{name}.yml"]["jobs"]:
            yield name, job


def steps(job: Node) -> Iterator[Node]:
    """The steps of a job, those below a condition of the template too."""
    listed = job["strategy"]["runOnce"]["deploy"]["steps"] if "deployment" in job else job["steps"]
    for step in listed:
        (key, value), *_ = step.items()
        yield from (value if key.startswith("${{") else [step])


def texts(node: object) -> Iterator[str]:
    if isinstance(node, Mapping):
        yield from itertools.chain.from_iterable(texts(value) for value in node.values())
    elif isinstance(node, list):
        yield from itertools.chain.from_iterable(map(texts, node))
    elif isinstance(node, str):
        yield node


def scripts(options: PipelineOptions) -> Iterator[tuple[str, str, Node]]:
    """File, name of the job and step, of each step that runs a script."""
    for name, job in jobs(options):
        yield from ((name, job.get("job") or job["deployment"], step) for step in steps(job) if "bash" in step)


def names_of(job: Node) -> list[str]:
    wanted = job.get("dependsOn", [])
    return [wanted] if isinstance(wanted, str) else wanted


# --------------------------------------------------------------------------------------------------------------- files


@every_option
def test_the_same_options_make_the_same_files(options: PipelineOptions) -> None:
    files = azure_files(options)
    assert files == azure_files(replace(options, feeds=options.feeds[::-1]))
    assert {*files} == {PIPELINE, *(f".azure/jobs/{job}.yml" for job in JOBS)}
    for text in files.values():
        assert text.endswith("\n")
        assert not text.endswith("\n\n")
        assert "\r" not in text
        assert not re.search(r"[ \t]$", text, re.MULTILINE)
        assert "<<" not in text
        assert ">>" not in text
        assert "None" not in text


@every_option
def test_templates_that_are_used_are_there_and_take_what_they_are_given(options: PipelineOptions) -> None:
    files = read(options)

    def used(node: object) -> Iterator[Node]:
        if isinstance(node, Mapping):
            if "template" in node:
                yield dict(node)
            yield from itertools.chain.from_iterable(used(value) for value in node.values())
        elif isinstance(node, list):
            yield from itertools.chain.from_iterable(map(used, node))

    for use in used(files[PIPELINE]):
        template = files[f".azure/{use['template']}"]
        known = {parameter["name"]: parameter for parameter in template.get("parameters", [])}
        assert {*use.get("parameters", {})} <= {*known}
        assert all("default" in parameter for parameter in known.values())
        read_names = {*re.findall(r"parameters\.(\w+)", str(template))}
        assert read_names <= {*known}
        # Without feeds nobody asks which one it is.
        assert {*known} - read_names <= ({"feed"} if not options.feeds else set())


# ------------------------------------------------------------------------------------------------------------- choices


def parameters(options: PipelineOptions) -> Mapping[str, Node]:
    return {parameter["displayName"]: parameter for parameter in read(options)[PIPELINE]["parameters"]}


def test_a_run_by_hand_chooses_a_feed_and_packages() -> None:
    asked = parameters(azure_options(*FEEDS))
    assert [*asked] == ["Upload Feed", "Package Name"]
    assert asked["Upload Feed"]["values"] == ["Data-2", "ml", "no"]
    assert asked["Upload Feed"]["default"] == "Data-2"
    assert asked["Package Name"]["default"] == ""


def test_a_run_by_hand_without_a_feed_releases_nothing() -> None:
    options = azure_options()
    assert parameters(options)["Upload Feed"]["values"] == ["none"]
    assert stages(options) == {"if": "tests", "else": "plan"}


def stages(options: PipelineOptions) -> dict[str, str]:
    """What each condition of the pipeline leads to."""
    found = {}
    for item in read(options)[PIPELINE]["stages"]:
        ((condition, (stage,)),) = item.items()
        assert condition.startswith("${{ ")
        assert condition.endswith(" }}")
        found[condition[4:-3]] = stage["stage"]
    return {key.partition(" ")[0] if key.startswith("if") else key: value for key, value in found.items()}


HAND = "elseif and(eq(variables['Build.Reason'], 'Manual'), eq(variables['Build.SourceBranch'], 'refs/heads/main'))"
PUSH = "elseif and(ne(variables['Build.Reason'], 'Manual'), eq(variables['Build.SourceBranch'], 'refs/heads/main'))"
TAG = "elseif and(ne(variables['Build.Reason'], 'Manual'), startsWith(variables['Build.SourceBranch'], 'refs/tags/'))"


@pytest.mark.parametrize(
    ("trigger", "on_push", "expected"),
    [
        (Trigger.PUSH, False, {"if": "tests", HAND: "release", "else": "plan"}),
        (Trigger.PUSH, True, {"if": "tests", HAND: "release", PUSH: "release", "else": "plan"}),
        (Trigger.TAG, False, {"if": "tests", HAND: "release", TAG: "release", "else": "plan"}),
    ],
)
def test_only_what_was_asked_for_releases(trigger: Trigger, on_push: bool, expected: dict[str, str]) -> None:  # noqa: FBT001 (a parameter of the test)
    options = azure_options(*FEEDS, trigger=trigger, publish_on_push=on_push)
    assert stages(options) == expected
    assert [*read(options)[PIPELINE]["stages"][0]] == ["${{ if eq(variables['Build.Reason'], 'PullRequest') }}"]


def test_where_nothing_may_be_released_no_index_is_asked() -> None:
    (plan,) = [job for name, job in jobs(azure_options(*FEEDS)) if name == "plan"]
    offline = [step for step in steps(plan) if "--offline" in step.get("bash", "")]
    assert [sorted(step["env"]) for step in offline] == [["PAA_GIT_TOKEN", "PAA_PACKAGES"]]


# Of a repository with one package: a version alone.
VERSIONS = [f"v{digit}*" for digit in range(10)]


def test_tags_are_those_of_the_format_and_versions() -> None:
    trigger = read(azure_options(trigger=Trigger.TAG, tag_format="release/{package}@{version}"))[PIPELINE]["trigger"]
    assert trigger == {"branches": {"exclude": ["*"]}, "tags": {"include": ["release/*@*", *VERSIONS]}}


# ------------------------------------------------------------------------------------------------------------ identity


@every_option
def test_the_job_with_credentials_has_no_sources_and_runs_a_fixed_paa_alone(options: PipelineOptions) -> None:
    for name, job in jobs(options):
        found = " ".join(texts([job, *(list(step.get("env", {})) for step in steps(job))]))
        holds = "TwineAuthenticate" in found or "TWINE_" in found or re.search(r"PAA_(?!\w*READ_)\w+_PASSWORD", found)
        assert bool(holds) == (name == "publish")
    (publish,) = [job for name, job in jobs(options) if name == "publish"]
    listed = list(steps(publish))
    assert listed[0] == {"checkout": "none"}
    assert not any("checkout" in step for step in listed[1:])
    assert publish["workspace"] == {"clean": "all"}
    install, upload = [step for step in listed if "bash" in step]
    released = "--require-hashes --requirement plan/requirements.txt" if options.lock else '"paa==1.2.3"'
    assert install["bash"] == f"python -m pip install --quiet --disable-pip-version-check {released}"
    assert upload["bash"].startswith("paa publish --plan plan/plan.json --dist dist ")
    assert {step["workingDirectory"] for step in (install, upload)} == {"$(Agent.TempDirectory)/release"}
    assert {step["task"] for step in listed if "task" in step} <= {
        *("UsePythonVersion@0", "TwineAuthenticate@1", "DownloadPipelineArtifact@2", "PublishPipelineArtifact@1")
    }
    # Nobody's code is there when the feed is logged in to, and only paa comes after it.
    logins = [place for place, step in enumerate(listed) if step.get("task") == "TwineAuthenticate@1"]
    assert all(listed.index(install) < place < listed.index(upload) for place in logins)
    assert len(logins) == len(options.feeds)


@every_option
def test_only_the_job_that_records_may_push(options: PipelineOptions) -> None:
    for name, job in jobs(options):
        for step in steps(job):
            if "checkout" in step and step["checkout"] != "none":
                assert step["persistCredentials"] == ("true" if name == "record" else "false")
            token = [key for key, value in step.get("env", {}).items() if value == "$(System.AccessToken)"]
            if token:
                assert re.match(r"paa (plan|check|record) ", step["bash"])
                # With credentials in the clone, too, Git would send two headers, and Azure refuses that.
                assert ("PAA_GIT_TOKEN" in token) == step["bash"].startswith("paa plan ")


def test_the_checkout_s_own_paa_is_not_trusted_with_publishing() -> None:
    options = azure_options(*FEEDS, install_from=InstallSource.CHECKOUT)
    installs = [(name, step["bash"]) for name, _, step in scripts(options) if "pip install" in step["bash"]]
    assert [name for name, script in installs if '"paa==1.2.3"' in script] == ["publish"]
    assert len([name for name, script in installs if '"${BUILD_SOURCESDIRECTORY}' in script]) == len(installs) - 1


@every_option
def test_tests_have_a_pytest_to_run_them(options: PipelineOptions) -> None:
    installs = [(job, step["bash"]) for _, job, step in scripts(options) if "-m pip install" in step["bash"]]
    assert [job for job, script in installs if "[build,test]" in script] == ["test"]


@every_option
def test_private_packages_come_from_one_feed_and_no_token_is_written(options: PipelineOptions) -> None:
    for name, job in jobs(options):
        for step in steps(job):
            if step.get("task") == "PipAuthenticate@1":
                assert name in ("build", "check", "tests")
                assert step["inputs"]["onlyAddExtraIndex"] is False
                assert "," not in step["inputs"]["artifactFeeds"]
            assert not re.search(r"pip\.conf|index-url", step.get("bash", ""))


def test_feeds_of_a_project_are_named_with_it() -> None:
    (publish,) = [job for name, job in jobs(azure_options(*FEEDS)) if name == "publish"]
    logins = [step for step in steps(publish) if step.get("task") == "TwineAuthenticate@1"]
    assert {(step["condition"], step["inputs"]["artifactFeed"]) for step in logins} == {
        ("and(succeeded(), eq(variables['index'], 'no'))", "data"),
        ("and(succeeded(), eq(variables['index'], 'Data-2'))", "My Project/1e3"),
        ("and(succeeded(), eq(variables['index'], 'ml'))", "0e984725/ml.models"),
    }


def test_a_feed_that_is_known_by_its_addresses_alone_needs_credentials_of_its_own() -> None:
    elsewhere = Index(
        name="server", kind=IndexKind.AZURE, upload_url="https://a.example/", simple_url="https://a.example/"
    )
    files = azure_files(azure_options(elsewhere))
    assert "Authenticate@1" not in "".join(files.values())
    assert "PAA_SERVER_PASSWORD: $(PAA_SERVER_PASSWORD)" in files[".azure/jobs/publish.yml"]


# ------------------------------------------------------------------------------------------------------------- scripts


@every_option
def test_scripts_hold_nothing_that_is_filled_in(options: PipelineOptions) -> None:
    for _, _, step in scripts(options):
        assert not re.search(r"\$\{\{|\$\[|\$\(", step["bash"])
        assert "\n" not in step["bash"].rstrip("\n")
        # A module of pip's name among the sources must not be what runs.
        if "-m pip" in step["bash"]:
            assert step["workingDirectory"].startswith("$(Agent.TempDirectory)")


@every_option
def test_each_script_is_one_command(options: PipelineOptions) -> None:
    known = (
        r"paa (plan|make-package|check|publish|record|run-tests)\b|python -m pip install |sh \.azure/tools/|cp |exit 1"
    )
    for _, _, step in scripts(options):
        assert not re.search(r"[;&|]\s", step["bash"])
        assert re.match(rf"{known}|echo \"##vso\[task\.setvariable variable=artifact;isOutput=true\]", step["bash"])


# ------------------------------------------------------------------------------------------------------------- outputs


@pytest.fixture
def plan_outputs(capsys: pytest.CaptureFixture[str]) -> frozenset[str]:
    """What `paa plan --azure-output` sets."""
    empty = Plan(commit=None, indexes=(), builder="")
    say_azure(CiPlan(plan=empty, shards=(), kinds={}, affected=()))
    return frozenset(SET_BY_SCRIPT.findall(capsys.readouterr().out))


@every_option
def test_every_output_that_is_read_is_set_by_a_step_of_a_job_that_was_waited_for(
    options: PipelineOptions, plan_outputs: frozenset[str]
) -> None:
    known = [(name, job.get("job", job.get("deployment")), job) for name, job in jobs(options)]
    for name, own_name, job in known:
        beside = {other_name: other for file, other_name, other in known if (file == "tests") == (name == "tests")}
        for text in texts(job):
            assert text.count("outputs") == len(OUTPUT.findall(text)), text
            for other, step_name, variable in OUTPUT.findall(text):
                assert other in names_of(job), own_name
                assert "matrix" not in beside[other].get("strategy", {})
                found = [step["bash"] for step in steps(beside[other]) if step.get("name") == step_name]
                assert found
                for script in found:
                    is_plan = script.startswith("paa plan ") and "--azure-output" in script
                    assert variable in (plan_outputs if is_plan else SET_BY_SCRIPT.findall(script))
            for other in re.findall(r"dependencies\.(\w+)\.result", text):
                assert other in names_of(job)


@every_option
def test_a_matrix_that_may_be_empty_is_guarded(options: PipelineOptions) -> None:
    guards = {"plan.matrix": "plan.has_releases", "plan.indexes": "plan.has_uploads"}
    for _, job in jobs(options):
        matrix = job.get("strategy", {}).get("matrix")
        if isinstance(matrix, str):
            ((_, step_name, variable),) = OUTPUT.findall(matrix)
            guard = guards[f"{step_name}.{variable}"]
            assert f"eq(dependencies.plan.outputs['{guard}'], 'true')" in job["condition"]


@every_option
def test_artifacts_that_are_fetched_were_kept_and_have_a_name_for_each_attempt(options: PipelineOptions) -> None:
    kept = {}
    for name, job in jobs(options):
        for step in steps(job):
            if step.get("task") == "PublishPipelineArtifact@1":
                artifact = step["inputs"]["artifact"]
                assert artifact.endswith("-$(System.JobAttempt)")
                assert ("matrix" in job.get("strategy", {})) == ("$(shard)" in artifact or "$(index)" in artifact)
                kept[artifact.removesuffix("-$(System.JobAttempt)")] = name
    assert {*kept} == {"plan", "dist-$(shard)", "checked", "receipts-$(index)", "wheels-$(shard)"}
    for _, job in jobs(options):
        for step in steps(job):
            if step.get("task") == "DownloadPipelineArtifact@2":
                fetched = step["inputs"].get("artifactName", step["inputs"].get("itemPattern"))
                assert fetched in ("$(planned)", "$(checked)", "dist-*/**", "receipts-*/**")
                if fetched.startswith("$("):
                    assert re.fullmatch(
                        r"\$\[ dependencies\.(plan|check)\.outputs\['place\.artifact'\] \]",
                        job["variables"][fetched[2:-1]],
                    )


# ---------------------------------------------------------------------------------------------------------------- runs


@every_option
def test_releases_run_one_after_another(options: PipelineOptions) -> None:
    pipeline = read(options)[PIPELINE]
    assert pipeline["lockBehavior"] == "sequential"
    assert pipeline["appendCommitMessageToRunName"] == "false"
    # A lock is held for a stage: of a release there is one, with the plan inside.
    for item in pipeline["stages"]:
        ((stage,),) = item.values()
        used = [use["template"] for use in stage["jobs"]]
        if stage["stage"] == "release":
            assert used == [f"jobs/{name}.yml" for name in ("plan", "build", "check", "publish", "record")]
        else:
            assert used == [f"jobs/{stage['stage']}.yml"]
    environments = {name: job["environment"] for name, job in jobs(options) if "environment" in job}
    assert environments == {"record": "paa"}


@every_option
def test_every_job_ends_some_day_and_one_failure_stops_no_other_package(options: PipelineOptions) -> None:
    for name, job in jobs(options):
        assert 0 < int(job["timeoutInMinutes"]) <= 60
        condition = job.get("condition", "")
        assert condition.count("(") == condition.count(")")
        if name in ("check", "publish", "record"):
            assert "not(canceled())" in condition
            assert "succeeded()" not in condition
    build = next(job for name, job in jobs(options) if name == "build")
    assert "maxParallel" not in build["strategy"]
    for name, _, step in scripts(options):
        if step["bash"].startswith(("paa check --dist", "paa record")):
            assert step["condition"] == "succeededOrFailed()", name


@pytest.mark.parametrize("branch", ["it's", 'a"b', "a#b", "$(x)", "a`b`", "ünï", "1.0", "true", "a''b", "-x", "&a"])
def test_a_branch_s_name_is_a_name_and_nothing_else(branch: str) -> None:
    options = azure_options(*FEEDS, default_branch=branch, publish_on_push=True)
    pipeline = read(options)[PIPELINE]
    assert pipeline["trigger"]["branches"]["include"] == [branch]
    assert pipeline["pr"]["branches"]["include"] == [branch]
    doubled = branch.replace("'", "''")
    assert sum(f"'refs/heads/{doubled}')" in condition for condition in stages(options)) == 2


@pytest.mark.parametrize(
    "changes",
    [{"default_branch": "${{variables.x}}"}, {"trigger": Trigger.TAG, "tag_format": "${{x}}{package}{version}"}],
)
def test_what_azure_would_evaluate_is_refused(changes: Mapping[str, object]) -> None:
    with pytest.raises(UsageError, match="takes for an expression"):
        azure_files(azure_options(**changes))
