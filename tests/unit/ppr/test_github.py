"""The workflows for GitHub: what each job may do, gets, and waits for. All of it is read from the files themselves."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from paa.edges.tree import disk_tree
from paa.ppr.actions import action_pins
from paa.ppr.github import (
    AS_CONFIGURED,
    DEPENDABOT,
    PUBLISH_WORKFLOW,
    READING_ENVIRONMENT,
    TESTS_WORKFLOW,
    github_files,
)
from paa.ppr.options import InstallSource, PipelineOptions, Trigger
from tests.pipelines.github_option_sets import (
    FEED,
    FOLDER,
    INDEXES,
    PAGES,
    PRIVATE,
    PYPI,
    TESTPYPI,
    option_sets,
    pipeline_options,
)

_PINS = Path(__file__).parents[3] / "paa" / "ppr" / "data" / "actions.json"
# Every scalar is a text; libyaml, where PyYAML has it, is ten times as fast.
_LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
_STATUS = re.compile(r"!cancelled\(\)|always\(\)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Workflow:
    """A rendered workflow: its text, and what it says with every scalar as text."""

    text: str
    said: dict[str, Any]

    @property
    def jobs(self) -> dict[str, dict[str, Any]]:
        jobs: dict[str, dict[str, Any]] = self.said["jobs"]
        return jobs

    def steps(self) -> Iterator[tuple[str, dict[str, Any]]]:
        return ((name, step) for name, job in self.jobs.items() for step in job["steps"])


def rendered(path: str, options: PipelineOptions) -> Workflow:
    text = github_files(options)[path]
    return Workflow(text=text, said=yaml.load(text, _LOADER))  # noqa: S506  # only texts


def publish_workflow(*indexes: Any, **changes: object) -> Workflow:  # noqa: ANN401  # as pipeline_options
    return rendered(PUBLISH_WORKFLOW, pipeline_options(*indexes, **changes))


def publishers(workflow: Workflow) -> dict[str, dict[str, Any]]:
    return {name: job for name, job in workflow.jobs.items() if name.startswith("publish")}


def needs(job: Mapping[str, Any]) -> list[str]:
    found = job.get("needs", [])
    return [found] if isinstance(found, str) else found


def step(job: Mapping[str, Any], name: str) -> dict[str, Any]:
    found: dict[str, Any] = next(each for each in job["steps"] if each["name"] == name)
    return found


@pytest.fixture(scope="module", params=[PUBLISH_WORKFLOW, TESTS_WORKFLOW])
def every(request: pytest.FixtureRequest) -> list[Workflow]:
    """The workflow with every combination of options."""
    texts = {github_files(options)[request.param] for options in option_sets().values()}
    return [Workflow(text=text, said=yaml.load(text, _LOADER)) for text in sorted(texts)]  # noqa: S506


@pytest.fixture(scope="module")
def publishing() -> list[tuple[PipelineOptions, Workflow]]:
    return [(options, rendered(PUBLISH_WORKFLOW, options)) for options in option_sets().values()]


# -------------------------------------------------------------------------------- the job with the publishing identity


def test_the_job_with_the_publishing_identity_runs_nothing_of_the_repository(
    publishing: list[tuple[PipelineOptions, Workflow]],
) -> None:
    pins = action_pins()
    install = 'python -P -m pip install "paa==1.2.3"'
    locked = "python -P -m pip install --require-hashes --requirement plan/requirements.txt"
    publish = 'paa publish --plan plan/plan.json --dist dist --summary "$GITHUB_STEP_SUMMARY"'
    takes = {pins[f"actions/{name}"].partition(" ")[0] for name in ("setup-python", "download-artifact")}
    keeps = pins["actions/upload-artifact"].partition(" ")[0]
    for options, workflow in publishing:
        assert bool(publishers(workflow)) == bool(options.upload_indexes)
        assert not {"PYTHONPATH", "PIP_INDEX_URL", "PIP_EXTRA_INDEX_URL"} & workflow.said["env"].keys()
        for name, job in workflow.jobs.items():
            if name not in publishers(workflow):
                assert "id-token" not in job["permissions"]
                continue
            assert job.keys() <= {
                "name", "needs", "if", "runs-on", "timeout-minutes", "environment", "permissions", "strategy", "steps"
            }  # fmt: skip
            assert [each["run"] for each in job["steps"] if "run" in each] == [
                locked if options.lock else install,
                publish,
            ]
            used = [each for each in job["steps"] if "uses" in each]
            assert {each["uses"] for each in used} == {*takes, keeps}
            downloads = [each for each in used if "download-artifact" in each["uses"]]
            assert [each["with"] for each in downloads] == [
                {"artifact-ids": "${{ needs.plan.outputs.plan }}", "path": "plan"},
                {"artifact-ids": "${{ needs.check.outputs.dist }}", "path": "dist"},
            ]
            assert all("shell" not in each and "working-directory" not in each for each in job["steps"])


def test_only_indexes_that_trust_workflows_are_given_an_identity() -> None:
    assert publish_workflow().jobs["publish"]["permissions"] == {"id-token": "write"}
    assert publish_workflow(PRIVATE, TESTPYPI).jobs["publish"]["permissions"] == {"id-token": "write"}
    assert publish_workflow(PRIVATE).jobs["publish"]["permissions"] == {}


def test_what_is_published_is_installed_before_anything_of_the_run_is_there() -> None:
    names = [each["name"] for each in publish_workflow().jobs["publish"]["steps"]]
    assert names == [
        "Set up Python",
        "Install paa",
        "Get the plan",
        "Get what was built",
        "Publish",
        "Keep the receipts",
    ]


def test_paa_s_own_repository_publishes_with_a_released_paa() -> None:
    for path in (PUBLISH_WORKFLOW, TESTS_WORKFLOW):
        workflow = rendered(path, pipeline_options(install_from=InstallSource.CHECKOUT))
        for name, job in workflow.jobs.items():
            installs = [each["run"] for each in job["steps"] if "pip install" in each.get("run", "")]
            own = {"build": ".[build]", "pages": ".[docs]", "publish": "paa==1.2.3", "test": ".[build,test]"}
            expected = own.get(name, ".")
            assert installs == ([f'python -P -m pip install "{expected}"'] if name != "passed" else [])


def test_locked_requirements_reach_the_jobs_without_a_checkout() -> None:
    workflow = publish_workflow(lock=True, lock_file=".paa/requirements.txt")
    assert step(workflow.jobs["plan"], "Install paa")["run"].endswith("--requirement .paa/requirements.txt")
    names = [each["name"] for each in workflow.jobs["plan"]["steps"]]
    assert names[-2:] == ["Add the locked requirements to the plan", "Keep the plan"]
    for name in ("check", "publish"):
        steps = [each["name"] for each in workflow.jobs[name]["steps"]]
        assert steps[:3] == ["Get the plan", "Set up Python", "Install paa"]
        assert step(workflow.jobs[name], "Install paa")["run"].endswith("--requirement plan/requirements.txt")


# -------------------------------------------------------------------------------------------------------- permissions


@pytest.mark.parametrize(
    ("path", "command", "extras"),
    [
        (PUBLISH_WORKFLOW, "make-package", {"build"}),
        (PUBLISH_WORKFLOW, "make-site", {"docs"}),
        (TESTS_WORKFLOW, "make-package", {"build"}),
        (TESTS_WORKFLOW, "run-tests", {"build", "test"}),
    ],
)
def test_what_a_command_needs_is_installed_where_it_is_called(path: str, command: str, extras: set[str]) -> None:
    """Unless a file of requirements with hashes is installed, which has all extras."""
    jobs = [job for options in option_sets().values() for job in rendered(path, options).jobs.values()]
    calling = [job for job in jobs if any(f"paa {command}" in each.get("run", "") for each in job["steps"])]
    assert calling
    for job in calling:
        script = step(job, "Install paa")["run"]
        found = re.search(r"\[(.*)\]", script)
        assert "--require-hashes" in script or extras <= set(found[1].split(",") if found else [])


def test_each_job_may_do_what_it_needs_and_no_more(every: list[Workflow]) -> None:
    for workflow in every:
        assert workflow.said["permissions"] == {}
        for name, job in workflow.jobs.items():
            if name in publishers(workflow):
                continue
            reads = any("checkout" in each.get("uses", "") for each in job["steps"])
            expected = {"contents": "write" if name in {"pages", "record"} else "read"} if reads else {}
            assert job["permissions"] == expected, name


def test_no_checkout_leaves_credentials_behind(every: list[Workflow]) -> None:
    checkouts = [each for workflow in every for _, each in workflow.steps() if "checkout" in each.get("uses", "")]
    assert checkouts
    assert all(each["with"]["persist-credentials"] == "false" for each in checkouts)


def test_every_action_is_pinned_to_the_commit_of_the_data_file(every: list[Workflow]) -> None:
    pins = json.loads(_PINS.read_text("utf-8"))
    known = {f"{name}@{pin['commit']} # {pin['version']}" for name, pin in pins.items()}
    assert all(re.fullmatch(r"[0-9a-f]{40}", pin["commit"]) for pin in pins.values())
    used = set()
    for workflow in every:
        found = re.findall(r"^ *(?:- )?uses: (.*)$", workflow.text, re.MULTILINE)
        assert len(found) == sum("uses" in each for _, each in workflow.steps())
        used.update(found)
    assert used <= known
    # And no pin is there for nothing: checked where all of them are used.
    if any("download-artifact" in each for each in used):
        assert used == known


def test_nothing_is_filled_into_a_script(every: list[Workflow]) -> None:
    for workflow in every:
        for _, each in workflow.steps():
            assert "${{" not in each.get("run", "")
            assert "set-output" not in each.get("run", "")


def test_pull_requests_get_no_secrets(every: list[Workflow]) -> None:
    for workflow in every:
        if "pull_request" in workflow.said["on"]:
            assert "secrets" not in json.dumps(workflow.said)
            assert "environment:" not in workflow.text
        assert "pull_request_target" not in workflow.text


# ---------------------------------------------------------------------------------------------- how jobs hang together


def test_what_is_read_from_another_job_is_there(every: list[Workflow]) -> None:
    read = 0
    for workflow in every:
        for job in workflow.jobs.values():
            for name, kind in re.findall(r"\bneeds\.([\w-]+)\.(outputs\.[\w-]+|result)", json.dumps(job)):
                assert name in needs(job)
                output = kind.removeprefix("outputs.")
                assert kind == "result" or output in workflow.jobs[name]["outputs"]
                read += 1
            for name in needs(job):
                assert name in workflow.jobs
            ids = [each["id"] for each in job["steps"] if "id" in each]
            for name in re.findall(r"\bsteps\.([\w-]+)\.outputs", json.dumps(job)):
                assert name in ids
    assert read


def test_every_output_of_the_plan_is_used(every: list[Workflow]) -> None:
    for workflow in every:
        for name in workflow.jobs["plan"]["outputs"]:
            assert f"needs.plan.outputs.{name} " in workflow.text.replace(")", " "), name


def test_a_job_that_was_skipped_or_failed_stops_no_other(every: list[Workflow]) -> None:
    for workflow in every:
        for name, job in workflow.jobs.items():
            # Without a word about the status, a job runs only if all that it needs, directly or not, went well.
            if needs(job) not in ([], ["plan"]):
                assert _STATUS.search(job["if"]), name
            # After a plan that failed there is nothing to go by: its outputs are empty.
            if needs(job) and name != "passed":
                assert re.search(r"needs\.plan\.outputs\.\w+ == '(true|false)'", job["if"]), name


def test_a_matrix_is_never_empty_and_never_stops_at_the_first_failure(every: list[Workflow]) -> None:
    flags = {"matrix": "has_releases", "indexes": "has_uploads"}
    for workflow in every:
        for job in workflow.jobs.values():
            if "strategy" not in job:
                continue
            assert job["strategy"]["fail-fast"] == "false"
            if isinstance(job["strategy"]["matrix"], str):
                found = re.fullmatch(r"\$\{\{ fromJSON\(needs\.plan\.outputs\.(\w+)\) \}\}", job["strategy"]["matrix"])
                assert found
                flag = flags.get(found[1], f"has_{found[1]}")
                assert f"needs.plan.outputs.{flag} == 'true'" in job["if"]


def test_every_job_ends_some_day(every: list[Workflow]) -> None:
    assert all(int(job["timeout-minutes"]) <= 120 for workflow in every for job in workflow.jobs.values())


def test_a_job_can_be_run_again(every: list[Workflow]) -> None:
    for workflow in every:
        names = []
        for job_name, each in workflow.steps():
            if "upload-artifact" in each.get("uses", ""):
                assert each["with"]["overwrite"] == "true"
                assert int(each["with"]["retention-days"]) >= 7
                names.append(each["with"]["name"])
                # Each job of a matrix has an artifact of its own.
                assert ("matrix." in each["with"]["name"]) == ("strategy" in workflow.jobs[job_name])
                # Those of what went well are kept, whatever else happened.
                assert each["with"]["name"] == "plan" or "!cancelled()" in each["if"]
        levels = max(1, len(publishers(workflow)))
        assert len({*names}) == len(names) - (levels - 1)


def test_receipts_lie_in_a_hidden_folder() -> None:
    for name in ("publish", "pages"):
        given = step(publish_workflow(PYPI, PAGES).jobs[name], "Keep the receipts")["with"]
        assert given["include-hidden-files"] == "true"
        assert given["path"] == "dist/.paa/"


def test_the_artifact_of_no_index_is_overwritten_by_that_of_another_job() -> None:
    workflow = publish_workflow(PYPI, PAGES)
    names = {name: step(workflow.jobs[name], "Keep the receipts")["with"]["name"] for name in ("publish", "pages")}
    # Names of indexes begin with a letter.
    assert names == {"publish": "receipts-${{ matrix.index }}", "pages": "receipts-0"}
    pattern = step(workflow.jobs["record"], "Get the receipts")["with"]["pattern"]
    assert pattern == "receipts-*"


def test_the_plan_is_made_one_at_a_time_and_no_run_is_lost() -> None:
    said = publish_workflow().said["concurrency"]
    assert said == {"group": "${{ github.workflow }}", "queue": "max", "cancel-in-progress": "false"}


# ------------------------------------------------------------------------------------------------------------ triggers


@pytest.mark.parametrize("branch", ["main", "trunk", "release/1", "no", "a+b", "!odd", 'it\'s "x" $(touch y) ü'])
def test_pushes_to_the_default_branch_release(branch: str) -> None:
    said = publish_workflow(default_branch=branch).said["on"]
    assert said.keys() == {"push", "workflow_dispatch"}
    (pattern,) = said["push"]["branches"]
    assert re.sub(r"\\(.)", r"\1", pattern) == branch
    # What GitHub's filters give a meaning has none.
    assert not re.search(r"(?<!\\)[!+?*\[]", pattern)


@pytest.mark.parametrize(
    ("tag_format", "expected"),
    [
        ("{package}-v{version}", ["*-v[0-9]*", "v[0-9]*"]),
        ("v{version}", ["v[0-9]*"]),
        ("release/{package}+{version}", [r"release/*\+[0-9]*", "v[0-9]*"]),
        ("{version}!", [r"[0-9]*\!", "v[0-9]*"]),
    ],
)
def test_tags_release_in_place_of_pushes(tag_format: str, expected: list[str]) -> None:
    workflow = publish_workflow(PYPI, TESTPYPI, trigger=Trigger.TAG, tag_format=tag_format)
    said = workflow.said["on"]
    assert said["push"] == {"tags": expected}
    assert said["release"] == {"types": ["published"]}
    variables = step(workflow.jobs["plan"], "Plan")["env"]
    assert variables["PAA_TAG"] == "${{ github.ref_type == 'tag' && github.ref_name || '' }}"
    assert "PAA_TAG" not in step(publish_workflow().jobs["plan"], "Plan")["env"]


@pytest.mark.parametrize("indexes", INDEXES)
def test_a_manual_run_chooses_packages_index_and_whether_it_is_for_real(indexes: str) -> None:
    said = publish_workflow(*INDEXES[indexes]).said["on"]["workflow_dispatch"]["inputs"]
    assert said.keys() == {"packages", "index", "dry_run"}
    assert said["index"]["options"] == [AS_CONFIGURED, *(index.name for index in INDEXES[indexes])]
    assert said["index"]["default"] == AS_CONFIGURED
    assert (said["dry_run"]["type"], said["dry_run"]["default"]) == ("boolean", "false")


def test_a_dry_run_never_records(publishing: list[tuple[PipelineOptions, Workflow]]) -> None:
    for _, workflow in publishing:
        assert "inputs.dry_run ||" in workflow.jobs["plan"]["outputs"]["dry_run"]
        writing = {name for name, job in workflow.jobs.items() if "write" in job["permissions"].values()}
        for name in sorted(writing - publishers(workflow).keys()):
            assert "needs.plan.outputs.dry_run == 'false' &&" in " ".join(workflow.jobs[name]["if"].split())
        for job in publishers(workflow).values():
            assert step(job, "Publish")["env"]["PAA_DRY_RUN"] == "${{ needs.plan.outputs.dry_run }}"


def test_pull_requests_and_merge_queues_are_tested() -> None:
    workflow = rendered(TESTS_WORKFLOW, pipeline_options(python_versions=("3.11", "3.10")))
    assert workflow.said["on"].keys() == {"pull_request", "merge_group"}
    assert workflow.jobs["test"]["strategy"]["matrix"] == {
        "python": ["3.11", "3.10"],
        "system": ["ubuntu-latest", "macos-latest", "windows-latest"],
    }
    assert workflow.jobs["passed"]["needs"] == [name for name in workflow.jobs if name != "passed"]


# ------------------------------------------------------------------------------------------------------------- secrets


def secrets(given: object) -> set[str]:
    return {*re.findall(r"secrets\.(\w+)", json.dumps(given))}


def test_secrets_are_read_where_they_are_needed_and_from_an_environment(
    publishing: list[tuple[PipelineOptions, Workflow]],
) -> None:
    for options, workflow in publishing:
        private = {index.name for index in options.indexes} & {PRIVATE.name, FEED.name}
        readers = {"plan", "check", "record"} if private else set()
        given = {name for name, job in workflow.jobs.items() if secrets(job)}
        has_logins = any(index != FOLDER for index in options.upload_indexes)
        assert given == readers | (publishers(workflow).keys() if has_logins else set())
        for name, job in workflow.jobs.items():
            # A step gets them, never a whole job.
            assert not secrets({key: value for key, value in job.items() if key != "steps"})
            if name in readers:
                assert job["environment"] == {"name": READING_ENVIRONMENT, "deployment": "false"}
            elif name in publishers(workflow):
                assert job["environment"] == "${{ matrix.environment }}"
            else:
                assert "environment" not in job


def test_both_ways_to_log_in_work_without_a_change() -> None:
    job = publish_workflow().jobs["publish"]
    assert secrets(job) == {
        "PAA_PYPI_USERNAME",
        "PAA_PYPI_PASSWORD",
        "PYPI_API_TOKEN",
        "TWINE_USERNAME",
        "TWINE_PASSWORD",
    }
    assert job["permissions"] == {"id-token": "write"}


def test_what_a_shard_cannot_check_without_secrets_is_left_to_the_job_that_has_them() -> None:
    for path in (PUBLISH_WORKFLOW, TESTS_WORKFLOW):
        job = rendered(path, pipeline_options(PYPI, PRIVATE)).jobs["build"]
        assert step(job, "Check")["continue-on-error"] == "true"
        assert "continue-on-error" not in rendered(path, pipeline_options(PYPI, PAGES)).text
    gather = step(publish_workflow(PRIVATE).jobs["check"], "Gather and check")
    assert "continue-on-error" not in gather
    # What it imports could get at a login.
    assert secrets(gather) == {"PAA_NO_READ_USERNAME", "PAA_NO_READ_PASSWORD"}


def test_name_and_password_for_reading_are_of_one_login() -> None:
    variables = step(publish_workflow(PRIVATE, PYPI).jobs["plan"], "Plan")["env"]
    assert variables["PAA_NO_READ_PASSWORD"] == "${{ secrets.PAA_NO_READ_PASSWORD || secrets.PAA_NO_PASSWORD }}"
    # Names need not be secrets: an output of the plan that contained one would be left out.
    assert variables["PAA_NO_READ_USERNAME"] == (
        "${{ secrets.PAA_NO_READ_PASSWORD && (vars.PAA_NO_READ_USERNAME || secrets.PAA_NO_READ_USERNAME)"
        " || !secrets.PAA_NO_READ_PASSWORD && (vars.PAA_NO_USERNAME || secrets.PAA_NO_USERNAME) || '' }}"
    )


def test_the_only_index_is_read_with_the_login_that_names_none_too() -> None:
    for name, title in (("plan", "Plan"), ("record", "Record")):
        variables = step(publish_workflow(PRIVATE).jobs[name], title)["env"]
        assert variables["PAA_NO_READ_PASSWORD"] == (
            "${{ secrets.PAA_NO_READ_PASSWORD || secrets.PAA_NO_PASSWORD || secrets.TWINE_PASSWORD }}"
        )
        assert variables["PAA_NO_READ_USERNAME"].endswith(
            " || !secrets.PAA_NO_READ_PASSWORD && secrets.PAA_NO_PASSWORD &&"
            " (vars.PAA_NO_USERNAME || secrets.PAA_NO_USERNAME)"
            " || !secrets.PAA_NO_READ_PASSWORD && !secrets.PAA_NO_PASSWORD &&"
            " (vars.TWINE_USERNAME || secrets.TWINE_USERNAME) || '' }}"
        )


def test_an_index_gets_its_own_secrets_and_those_of_no_other() -> None:
    job = publish_workflow(PYPI, TESTPYPI, FEED, publish_to=("pypi",), prereleases_to=("testpypi",)).jobs["publish"]
    own = {
        "PAA_PYPI_USERNAME": "pypi",
        "PAA_PYPI_PASSWORD": "pypi",
        "PAA_TESTPYPI_USERNAME": "testpypi",
        "PAA_TESTPYPI_PASSWORD": "testpypi",
        "PAA_DATA_SCIENCE_USERNAME": "data-science",
        "PAA_DATA_SCIENCE_PASSWORD": "data-science",
        "TWINE_USERNAME": "pypi",
        "TWINE_PASSWORD": "pypi",
    }
    variables = {name: value for name, value in step(job, "Publish")["env"].items() if "secrets" in value}
    assert variables.keys() == own.keys()
    for name, value in variables.items():
        assert value.startswith(f"${{{{ matrix.index == '{own[name]}' && ")
        assert value.endswith(" || '' }}")


def test_a_login_that_names_no_index_is_for_nobody_where_there_are_several() -> None:
    assert not {each for each in secrets(publish_workflow(PYPI, FEED).jobs) if each.startswith("TWINE")}
    # Others that a manual run can choose, and branches, which nobody logs in to, are not in its way.
    assert "TWINE_PASSWORD" in secrets(publish_workflow(PYPI, FEED, publish_to=("data-science",)).jobs)
    assert "TWINE_PASSWORD" in secrets(publish_workflow(PYPI, PAGES).jobs)


# -------------------------------------------------------------------------------------------- environments for packages


def test_each_level_waits_for_those_before() -> None:
    workflow = publish_workflow(environment_per_package=True, levels=3)
    assert {name: needs(job) for name, job in publishers(workflow).items()} == {
        "publish-1": ["plan", "check"],
        "publish-2": ["plan", "check", "publish-1"],
        "publish-3": ["plan", "check", "publish-1", "publish-2"],
    }
    assert "--levels 3" in step(workflow.jobs["plan"], "Plan")["run"]
    assert needs(workflow.jobs["record"]) == ["plan", "check", "publish-1", "publish-2", "publish-3", "pages"]
    for job in publishers(workflow).values():
        assert step(job, "Publish")["env"]["PAA_PACKAGES"] == "${{ matrix.package }}"
    assert "--levels" not in step(publish_workflow().jobs["plan"], "Plan")["run"]


# -------------------------------------------------------------------------------------------------------------- files


def test_the_same_options_give_the_same_files() -> None:
    assert github_files(pipeline_options()) == github_files(pipeline_options())
    assert list(github_files(pipeline_options())) == [PUBLISH_WORKFLOW, TESTS_WORKFLOW, DEPENDABOT]


def test_files_are_plain() -> None:
    for options in option_sets().values():
        for text in github_files(options).values():
            assert text.endswith("\n")
            assert not text.endswith("\n\n")
            assert "\r" not in text
            assert "\n\n\n" not in text
            assert not re.search(r"[ \t]$|<<|>>|<%|%>|\t", text, re.MULTILINE)


def test_a_template_of_the_repository_takes_the_place_of_ours(tmp_path: Path) -> None:
    template = tmp_path / ".paa" / "templates" / "github" / "dependabot.yml.j2"
    template.parent.mkdir(parents=True)
    template.write_text("version: 2\nupdates: [] # paa << paa_version >>, not ${{ x }} or {{ y }}\n")
    files = github_files(pipeline_options(), disk_tree(tmp_path))
    assert files[DEPENDABOT] == "version: 2\nupdates: [] # paa 1.2.3, not ${{ x }} or {{ y }}\n"
    assert files[PUBLISH_WORKFLOW] == github_files(pipeline_options())[PUBLISH_WORKFLOW]


def test_packages_are_tested_on_the_systems_of_the_settings() -> None:
    for systems, expected in (
        (("linux",), ["ubuntu-latest"]),
        (("macos", "windows"), ["macos-latest", "windows-latest"]),
    ):
        workflow = rendered(TESTS_WORKFLOW, pipeline_options(test_systems=systems))
        assert workflow.jobs["test"]["strategy"]["matrix"]["system"] == expected
