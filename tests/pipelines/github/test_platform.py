"""Jobs, steps, secrets and artifacts of small workflows of our own behave as they do on GitHub."""

import subprocess
from pathlib import Path

import pytest

from tests.pipelines.git_host import GitHost
from tests.pipelines.github.errors import WorkflowError
from tests.pipelines.github.events import Event
from tests.pipelines.github.jobs import Secrets
from tests.pipelines.github.platform import Platform
from tests.pipelines.github.results import Run
from tests.pipelines.machine import Machine
from tests.repository import Repository

_SECRETS = Secrets(repository={"COMMON": "c0mmon-secret"}, environments={"prod": {"SPECIAL": "sp3cial-secret"}})
_COMMIT = "0123456789abcdef0123456789abcdef01234567"


@pytest.fixture
def work(host: GitHost, tmp_path: Path) -> Repository:
    remote = host.remote(f"{tmp_path.name}/octo-org/packages")
    made = Repository(tmp_path / "clone")
    made.path.mkdir()
    made.git("init", "--quiet")
    made.git("remote", "add", "origin", str(remote.path))
    made.write({"file": "content\n"})
    made.commit("One")
    made.git("tag", "old")
    made.write({"file": "content 2\n"})
    made.commit("Two")
    made.git("push", "--quiet", "--tags", "origin", "main")
    return made


@pytest.fixture
def platform(machine: Machine, host: GitHost, work: Repository, tmp_path: Path) -> Platform:
    assert work.path.is_dir()
    address = host.address(f"{tmp_path.name}/octo-org/packages")
    return Platform(machine=machine, host=host, address=address, folder=tmp_path / "runs", secrets=_SECRETS)


def _event(work: Repository, *, secrets: bool = True) -> Event:
    return Event(name="push", sha=work.git("rev-parse", "HEAD"), ref="refs/heads/main", secrets=secrets)


def _run(platform: Platform, work: Repository, jobs: str, before: str = "") -> Run:
    return platform.run(f"on: push\n{before}\njobs:\n{jobs}", "w.yml", _event(work))


def _job(key: str, *steps: str, more: str = "") -> str:
    lines = "".join(f"      - {step}\n" for step in steps)
    return f"  {key}:\n    runs-on: ubuntu-latest\n{more}    steps:\n{lines}"


_FAILS, _WORKS = "run: exit 3", "run: echo done"


def test_a_failed_job_skips_what_needs_it_unless_that_asks(platform: Platform, work: Repository) -> None:
    jobs = "".join(
        [
            _job("bad", _FAILS),
            _job("plain", _WORKS, more="    needs: bad\n"),
            _job("condition", _WORKS, more="    needs: bad\n    if: needs.bad.result == 'failure'\n"),
            _job("asks", _WORKS, more="    needs: bad\n    if: ${{ !cancelled() && needs.bad.result == 'failure' }}\n"),
            _job("after", _WORKS, more="    needs: asks\n"),
            _job("failed", _WORKS, more="    needs: [asks]\n    if: failure()\n"),
            _job("alone", _WORKS),
        ]
    )
    assert _run(platform, work, jobs).results == {
        "bad": "failure",
        "plain": "skipped",
        "condition": "skipped",
        "asks": "success",
        # What a job needs counts with all that this needs, though "asks" succeeded.
        "after": "skipped",
        "failed": "success",
        "alone": "success",
    }


def test_a_cancelled_run_goes_on_only_with_what_always_runs(platform: Platform, work: Repository) -> None:
    jobs = "".join(
        [
            _job("one", _WORKS),
            _job("two", _WORKS, more="    if: ${{ !cancelled() }}\n"),
            _job("three", _WORKS),
            _job("four", _WORKS, more="    needs: three\n    if: always()\n"),
            _job("five", _WORKS, more="    if: cancelled()\n"),
        ]
    )
    attempt = platform.start(f"on: push\njobs:\n{jobs}", "w.yml", _event(work))
    attempt.cancelled_before = "two"
    run = attempt.run()
    assert [*run.results.values()] == ["success", "cancelled", "cancelled", "success", "success"]
    assert run.result == "cancelled"


def test_steps_go_on_only_where_they_say_so(platform: Platform, work: Repository) -> None:
    job = _job(
        "a",
        "{name: lenient, run: exit 1, continue-on-error: true, id: lenient}",
        "{name: told, run: 'echo ${{ steps.lenient.outcome }} ${{ steps.lenient.conclusion }}'}",
        "{name: bad, run: 'false; echo not reached'}",
        "{name: skipped, run: exit 0}",
        "{name: condition, run: exit 0, if: true}",
        "{name: failure, run: exit 0, if: failure()}",
        "{name: always, run: exit 0, if: '${{ always() }}'}",
    )
    run = _run(platform, work, job).job("a")
    assert [(step.name, step.outcome, step.conclusion) for step in run.steps] == [
        ("lenient", "failure", "success"),
        ("told", "success", "success"),
        ("bad", "failure", "failure"),
        ("skipped", "skipped", "skipped"),
        ("condition", "skipped", "skipped"),
        ("failure", "success", "success"),
        ("always", "success", "success"),
    ]
    assert run.step("told").output == "failure success\n"
    assert "not reached" not in run.output
    assert run.result == "failure"


def test_the_shell_is_the_one_that_is_asked_for(platform: Platform, work: Repository) -> None:
    pipe = "false | true; echo reached"
    run = _run(
        platform,
        work,
        _job("default", f"run: {pipe}") + _job("bash", f"{{shell: bash, run: '{pipe}'}}"),
    )
    assert run.results == {"default": "success", "bash": "failure"}


def test_values_travel_between_steps_and_jobs(platform: Platform, work: Repository) -> None:
    first = _job(
        "first",
        "{id: set, run: 'echo value=a=b >> $GITHUB_OUTPUT; echo NAME=from file >> $GITHUB_ENV; mkdir bin; "
        'echo "$PWD/bin" >> $GITHUB_PATH; echo "## Text" >> $GITHUB_STEP_SUMMARY\'}',
        "{run: 'printf \"#!/bin/sh\\necho program\" > bin/mine; chmod +x bin/mine; mine'}",
        "{name: env, env: {OTHER: '${{ env.NAME }}!'}, run: 'echo $NAME $OTHER ${{ env.OTHER }} $LEVEL'}",
        more="    env: {LEVEL: job}\n"
        "    outputs: {x: '${{ steps.set.outputs.value }}', y: '${{ steps.set.outputs.no }}'}\n",
    )
    second = _job("second", "run: 'echo [${{ needs.first.outputs.x }}] [${{ needs.first.outputs.y }}]'",
                  more="    needs: first\n")  # fmt: skip
    run = _run(platform, work, first + second, "env: {LEVEL: workflow}")
    assert run.result == "success", run.output
    assert run.job("first").steps[1].output == "program\n"
    assert run.job("first").step("env").output == "from file from file! from file! job\n"
    assert run.job("second").output == "[a=b] []\n"
    assert run.summary == "## Text\n"


def test_a_matrix_gives_the_output_that_was_set_last(platform: Platform, work: Repository) -> None:
    first = _job(
        "first",
        "{id: set, run: 'if [ ${{ matrix.n }} != 3 ]; then echo x=${{ matrix.n }} >> $GITHUB_OUTPUT; fi'}",
        more="    strategy: {matrix: {n: [1, 2, 3]}}\n    outputs: {x: '${{ steps.set.outputs.x }}'}\n",
    )
    run = _run(platform, work, first + _job("second", "run: echo ${{ needs.first.outputs.x }}",
                                            more="    needs: first\n"))  # fmt: skip
    assert [job.name for job in run.of("first")] == ["first (1)", "first (2)", "first (3)"]
    assert run.job("second").output == "2\n"


@pytest.mark.parametrize(("fast", "results"), [("true", ["failure", "cancelled"]), ("false", ["failure", "success"])])
def test_a_matrix_fails_fast_unless_it_is_told_not_to(
    platform: Platform, work: Repository, fast: str, results: list[str]
) -> None:
    more = f"    strategy: {{fail-fast: {fast}, matrix: {{n: [1, 2]}}}}\n"
    run = _run(platform, work, _job("a", "run: '[ ${{ matrix.n }} = 2 ]'", more=more))
    assert [job.result for job in run.of("a")] == results


def test_each_job_has_a_clean_folder_and_home(platform: Platform, work: Repository) -> None:
    look = "run: 'find . ~ -type f -not -name .gitconfig; touch here ~/there; test -z \"${LEFT-}\"'"
    run = _run(
        platform, work, _job("a", look, "run: echo LEFT=x >> $GITHUB_ENV") + _job("b", look, more="    needs: a\n")
    )
    assert run.output.count("/there") == 0
    assert run.job("b").output == ""
    assert run.result == "success"


def test_secrets_are_there_only_where_the_workflow_names_them(platform: Platform, work: Repository) -> None:
    asks = (
        "{env: {A: '${{ secrets.COMMON }}', B: '${{ secrets.SPECIAL }}'}, "
        "run: 'echo ${#A} ${#B}; env | grep -c -e c0mmon- -e sp3cial- || true'}"
    )
    look = "run: 'env | grep -c -e c0mmon- -e sp3cial- -e ghs_ || true'"
    run = _run(platform, work, _job("a", look, asks) + _job("b", asks, more="    environment: {name: prod}\n"))
    assert [step.output for step in run.job("a").steps] == ["0\n", "13 0\n1\n"]
    assert run.job("b").output == "13 14\n2\n"
    assert (run.job("a").environment, run.job("b").environment) == ("", "prod")


def test_a_fork_gets_no_secrets_and_a_token_that_can_t_write(
    platform: Platform, work: Repository, host: GitHost
) -> None:
    jobs = _job(
        "a",
        f"{{uses: actions/checkout@{_COMMIT}}}",
        "{env: {A: '${{ secrets.COMMON }}'}, run: 'echo [$A] [${ACTIONS_ID_TOKEN_REQUEST_URL-}]'}",
        "run: git push origin HEAD:refs/heads/other",
        more="    permissions: {contents: write, id-token: write}\n",
    )
    run = platform.run(f"on: push\njobs:\n{jobs}", "w.yml", _event(work, secrets=False))
    assert [step.outcome for step in run.job("a").steps] == ["success", "success", "failure"]
    assert run.job("a").steps[1].output == "[] []\n"
    assert run.job("a").permissions == {"contents": "read"}
    assert any("git-receive-pack" in path for path in host.denied_at(platform.address))
    # Whoever looks whether a repository of another test was asked for too much finds nothing of this.
    assert not host.denied_at(host.address("somebody-else/packages"))


@pytest.mark.parametrize(
    "steps",
    [
        ["{env: {A: '${{ secrets.COMMON }}'}, run: 'echo $A'}"],
        ["{env: {A: '${{ secrets.COMMON }}'}, run: 'echo $A >> $GITHUB_STEP_SUMMARY'}"],
        ["{env: {A: '${{ secrets.COMMON }}'}, run: 'echo x=$A >> $GITHUB_OUTPUT'}"],
        ["{env: {A: '${{ secrets.COMMON }}'}, run: 'echo $A > ~/.pypirc'}"],
        ["{env: {A: '${{ github.token }}'}, run: 'echo $A > file'}"],
    ],
)
def test_a_secret_that_gets_out_fails_the_test(platform: Platform, work: Repository, steps: list[str]) -> None:
    with pytest.raises(WorkflowError, match="secret"):
        _run(platform, work, _job("a", *steps))


def test_commands_in_the_output_count(platform: Platform, work: Repository) -> None:
    run = _run(
        platform,
        work,
        _job("a", "{id: x, run: 'printf \"text ##[set-output name=y]z\\n\"'}", "run: echo ${{ steps.x.outputs.y }}")
        + _job("b", "run: echo ::set-env name=A::b"),
    )
    assert run.job("a").steps[1].output == "z\n"
    assert [command.name for command in run.job("a").steps[0].commands] == ["set-output"]
    assert run.job("b").result == "failure"


@pytest.mark.parametrize(
    ("steps", "message"),
    [
        (["uses: actions/checkout@v7"], "pinned"),
        ([f"uses: other/action@{_COMMIT}"], "pinned"),
        ([f"{{uses: actions/checkout@{_COMMIT}, with: {{submodules: true}}}}"], "submodules"),
        (["{run: 'true', shell: pwsh}"], "shell"),
        (["run: echo ${{ github.unknown }}"], "unknown"),
        (["run: echo ${{ steps.other.outputs.x }}"], "other"),
        (["run: echo ${{ inputs.x }}"], "inputs"),
        (["run: echo ${{ needs.x.result }}"], "needs"),
        (["run: echo ${{ matrix.x }}"], "matrix"),
        (["run: echo ${{ hashFiles('x') }}"], "hashfiles|hashFiles"),
        (["{run: 'true', env: {GITHUB_X: y}}"], "can't be set"),
    ],
)
def test_what_the_runner_does_not_know_is_an_error(
    platform: Platform, work: Repository, steps: list[str], message: str
) -> None:
    with pytest.raises(WorkflowError, match=message):
        _run(platform, work, _job("a", *steps))


def test_what_a_job_needs_has_to_be_named_and_declared(platform: Platform, work: Repository) -> None:
    first = _job("first", _WORKS)
    for source in ("needs.first.outputs.x", "needs.other.result"):
        second = _job("second", f"run: echo ${{{{ {source} }}}}", more="    needs: first\n")
        with pytest.raises(WorkflowError, match="has no"):
            _run(platform, work, first + second)


def test_checkout_as_deep_as_asked(platform: Platform, work: Repository) -> None:
    look = (
        "run: 'git rev-list --count HEAD; git tag; git status --branch --porcelain; cat file; "
        "grep -c extra .git/config || true'"
    )
    quiet = "persist-credentials: false"
    run = _run(
        platform,
        work,
        _job("a", f"{{uses: actions/checkout@{_COMMIT}, with: {{{quiet}}}}}", look)
        + _job("b", f"{{uses: actions/checkout@{_COMMIT}, with: {{{quiet}, fetch-depth: 0}}}}", look),
    )
    assert run.job("a").steps[1].output == "1\n## main...origin/main\ncontent 2\n0\n"
    assert run.job("b").steps[1].output == "2\nold\n## main...origin/main\ncontent 2\n0\n"


def test_a_credential_that_stays_in_the_clone_is_found(platform: Platform, work: Repository) -> None:
    run = _run(platform, work, _job("a", f"uses: actions/checkout@{_COMMIT}", "run: git push origin HEAD:refs/heads/x",
                                    more="    permissions: {contents: write}\n"))  # fmt: skip
    assert run.result == "success", run.output


def test_no_permission_no_clone(platform: Platform, work: Repository) -> None:
    run = _run(platform, work, _job("a", f"uses: actions/checkout@{_COMMIT}", more="    permissions: {}\n"))
    assert run.result == "failure"
    assert "403" in run.output


def test_an_old_run_checks_out_its_own_commit(platform: Platform, work: Repository) -> None:
    event = _event(work)
    work.commit("Three")
    work.git("push", "--quiet", "origin", "main")
    for depth in (0, 1):
        job = _job(
            "a", f"{{uses: actions/checkout@{_COMMIT}, with: {{fetch-depth: {depth}}}}}", "run: git rev-parse HEAD"
        )
        run = platform.run(f"on: push\njobs:\n{job}", "w.yml", event)
        assert run.job("a").steps[1].output.strip() == event.sha


def test_paa_is_there_only_once_it_is_installed(platform: Platform, work: Repository, machine: Machine) -> None:
    python = f"{{uses: actions/setup-python@{_COMMIT}, with: {{python-version: '3.13'}}}}"
    install = 'run: python -m pip install "paa=={}"'
    run = _run(
        platform,
        work,
        _job("without", python, "run: paa --version")
        + _job("ours", python, install.format(machine.version), "run: paa --version")
        + _job("other", python, install.format("99.1")),
    )
    assert run.results == {"without": "failure", "ours": "success", "other": "failure"}
    assert run.job("ours").steps[2].output == f"paa {machine.version}\n"
    assert "No matching distribution found for paa==99.1" in run.job("other").output


def test_failed_jobs_are_repeated_with_what_needs_them(platform: Platform, work: Repository, tmp_path: Path) -> None:
    flag = tmp_path / "flag"
    jobs = "".join(
        [
            _job("a", "{id: x, run: echo n=$GITHUB_RUN_ATTEMPT >> $GITHUB_OUTPUT}",
                 more="    outputs: {n: '${{ steps.x.outputs.n }}'}\n"),
            _job("b", f"run: test -e {flag}-$N", more="    needs: a\n    env: {N: '${{ matrix.n }}'}\n"
                 "    strategy: {fail-fast: false, matrix: {n: [1, 2]}}\n"),
            _job("c", "run: echo ${{ needs.a.outputs.n }}", more="    needs: [a, b]\n"),
        ]
    )  # fmt: skip
    Path(f"{flag}-1").touch()
    attempt = platform.start(f"on: push\njobs:\n{jobs}", "w.yml", _event(work))
    assert attempt.run().results == {"a": "success", "b": "failure", "c": "skipped"}
    Path(f"{flag}-2").touch()
    Path(f"{flag}-1").unlink()
    some = attempt.again(failed_only=True).run()
    assert some.results == {"a": "success", "b": "success", "c": "success"}
    assert some.job("c").output == "1\n"
    everything = attempt.again().run()
    assert everything.results == {"a": "success", "b": "failure", "c": "skipped"}
    assert everything.job("a").outputs == {"n": "2"}


def test_the_host_knows_who_may_what(host: GitHost, tmp_path: Path) -> None:
    host.remote("someone/project")
    command = ["git", "-c", f"http.sslCAInfo={host.authority}", "ls-remote", host.address("someone/project")]
    assert subprocess.run(command, cwd=tmp_path, capture_output=True, check=False).returncode == 128
