"""``paa release``: the whole flow."""

import contextlib
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import click

from paa.build.backend import builder_name
from paa.build.build import BuildFailure
from paa.check.check import REQUIRED_CHECKS
from paa.cli import output
from paa.cli.build import exit_code_of, show_failures
from paa.cli.check import show_check, warn_of_missing_gates
from paa.cli.options import Settings, command, folder_option, index_option, json_option, one_at_a_time, rewound_option
from paa.cli.plan import show_plan
from paa.cli.publish import publish_exit_code, published_document, recorded_document, show_published, show_recorded
from paa.documents.plans import plan_to_json
from paa.edges.files import temporary_folder
from paa.edges.index import IndexReader, open_indexes
from paa.errors import OutsideError
from paa.model import BuiltRelease, Finding, Index, Plan, Published, ReleaseSet
from paa.plan.asking import asker
from paa.plan.state import PlanTarget, plan_state
from paa.publish.publish import PublishOptions, publish
from paa.publish.targets import select_indexes
from paa.record import RECORD_FOLDERS, Recorded, record, require_committer
from paa.release import (
    build_plan,
    check_release_set,
    confirmed,
    left_unrecorded,
    outcome_of,
)
from paa.scan.repository import Repository, head_state, open_repository, require_clean, require_commit
from paa.scan.state import State, scan_state

_NOT_ALL = 1


@command("release")
@click.argument("packages", nargs=-1)
@index_option
@folder_option("Where the files go.")
@click.option(
    "--dry-run", is_flag=True, help="Plan, build and check, then say what would be sent; write, send and tag nothing."
)
@click.option("--allow-dirty", is_flag=True, help="Release HEAD although some files are not committed.")
@rewound_option
@click.option("--no-push", is_flag=True, help="Keep tags and tracking local.")
@json_option
def release(settings: Settings, packages: tuple[str, ...], indexes: tuple[str, ...], dist: Path, **flags: bool) -> None:
    """Release what has changed since its last release, and only that: plan, build, check, publish, record.

    Works from HEAD. Run it again after any failure: it goes on where it stopped.
    """
    opened = open_repository(settings.directory, settings.config)
    require_commit(opened)
    with one_at_a_time(opened.root), _destination(opened, dist, dry_run=flags["dry_run"]) as folder:
        # Whoever waited for another run comes after what that one has committed.
        opened = open_repository(settings.directory, settings.config)
        if not flags["allow_dirty"]:
            require_clean(opened, but=(dist.as_posix(), *RECORD_FOLDERS))
        repository, tree = head_state(opened)
        state = scan_state(repository, tree)
        run = _Run(
            state=state,
            targets=select_indexes(repository.config, indexes),
            folder=folder,
            quiet=flags["as_json"],
            push=not flags["no_push"],
            allow_rewound=flags["allow_rewound"],
        )
        code = _release(run, packages, dry_run=flags["dry_run"])
    if code:
        raise click.exceptions.Exit(code)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Run:
    """What one release works on: ``folder`` takes the files, ``quiet`` leaves all output to the JSON document.

    A tag says that every index of ``publish_to`` has a release, so ``records`` only what goes to all of them.
    """

    state: State
    targets: tuple[Index, ...]
    folder: Path
    quiet: bool
    push: bool
    allow_rewound: bool

    @property
    def records(self) -> bool:
        return {index.name for index in self.targets} >= set(self.state.repository.config.publish_to)


@contextlib.contextmanager
def _destination(repository: Repository, dist: Path, *, dry_run: bool) -> Iterator[Path]:
    """Where to build: ``dist``, or for a dry run, which leaves nothing behind, a temporary folder."""
    if not dry_run:
        yield repository.root / dist
        return
    with temporary_folder("paa-dry-run-") as folder:
        yield folder


def _release(run: _Run, packages: tuple[str, ...], *, dry_run: bool) -> int:
    """Plan and do it; return the exit code."""
    if not dry_run:
        require_committer(run.state.repository)
    with open_indexes(run.targets, os.environ) as readers:
        target = PlanTarget(indexes=run.targets, ask=asker(readers), builder=builder_name())
        plan = plan_state(run.state, target, packages or None, allow_rewound=run.allow_rewound)
        if not run.quiet:
            show_plan(plan)
        if plan.provisional:
            message = f"the plan can't be published: {plan.provisional}"
            raise OutsideError(message, advice="run again when the index answers")
        if not plan.releases:
            done = _finish_record(run, readers) if run.records and not dry_run else None
            return _tell(run, plan, (), done)
        checked, failures = _build_and_check(run, plan, readers)
    options = PublishOptions(required_checks=REQUIRED_CHECKS, environment=os.environ, dry_run=dry_run)
    report = (lambda _result: None) if run.quiet else show_published
    results = publish(checked, run.folder, run.targets, options, report)
    done = None
    if run.records and not dry_run:
        done = record(run.state.repository, checked, outcome_of(results), push=run.push)
    elif not dry_run:
        output.warn("not recorded: that comes once every index of publish_to has it")
    return max(_tell(run, plan, results, done), exit_code_of(failures))


def _finish_record(run: _Run, readers: Sequence[IndexReader]) -> Recorded | None:
    """Record what an interrupted run has published and not recorded, if there is such a thing."""
    release_set = left_unrecorded(run.state, run.folder, push=run.push)
    if release_set is None:
        return None
    return record(run.state.repository, release_set, confirmed(release_set, readers), push=run.push)


def _tell(run: _Run, plan: Plan, results: tuple[Published, ...], done: Recorded | None) -> int:
    """Print what was recorded, or all as JSON; return the exit code."""
    if run.quiet:
        recorded = {} if done is None else {"recorded": recorded_document(done)}
        output.say_json(plan_to_json(plan) | recorded | published_document(results))
    elif done is not None:
        show_recorded(done)
    refused = done is not None and bool(done.refused)
    return publish_exit_code(results) or (_NOT_ALL if plan.blocked or refused else 0)


def _build_and_check(
    run: _Run, plan: Plan, readers: Sequence[IndexReader]
) -> tuple[ReleaseSet, tuple[BuildFailure, ...]]:
    """Build and judge what the plan releases; failures are told and leave the rest to go on."""
    with output.progress("building", len(plan.releases), quiet=run.quiet) as step:
        built, failures = build_plan(run.state, plan, run.folder, lambda made: step.advance(made.package))
    show_failures(failures)
    warn_of_missing_gates(run.state.repository.config)

    def report(checked: BuiltRelease, findings: Sequence[Finding]) -> None:
        if not run.quiet or findings:
            show_check(checked, findings)

    return check_release_set(run.state, built, run.folder, readers, report), failures


COMMANDS = {"release": release}
