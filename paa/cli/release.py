"""``paa release``: the whole flow."""

import contextlib
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import click

from paa.build.build import BuildFailure
from paa.check.check import REQUIRED_CHECKS
from paa.cli import output
from paa.cli.build import exit_code_of, show_failures
from paa.cli.check import show_check, warn_of_missing_gates
from paa.cli.options import Settings, command, folder_option, index_option, json_option, one_at_a_time
from paa.cli.plan_text import show_plan
from paa.cli.publish import (
    other_indexes,
    publish_and_show,
    publish_exit_code,
    published_document,
)
from paa.cli.recorded import CHOSEN, published_everywhere, recorded_document, show_recorded, used_up_text
from paa.cli.target import open_target, plan_options, read_plan_options
from paa.documents.plans import plan_to_json
from paa.edges.files import temporary_folder
from paa.edges.index import IndexReader
from paa.errors import OutsideError
from paa.model import BuiltRelease, Finding, Index, Plan, Published, PublishState, ReleaseSet
from paa.plan.options import PlanOptions
from paa.plan.state import plan_state
from paa.plan.targets import is_everywhere
from paa.publish.publish import PublishOptions
from paa.publish.receipts import read_burnt
from paa.publish.targets import select_indexes
from paa.record import (
    Beside,
    Recorded,
    leftovers,
    notes_of,
    record,
    record_beside,
    require_committer,
    require_target,
)
from paa.release import (
    build_plan,
    check_release_set,
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
@plan_options
@click.option("--no-push", is_flag=True, help="Keep tags and tracking local.")
@json_option
def release(settings: Settings, packages: tuple[str, ...], indexes: tuple[str, ...], dist: Path, **flags: Any) -> None:  # noqa: ANN401  # click gives each its own
    """Release what has changed since its last release, and only that: plan, build, check, publish, record.

    Works from HEAD. Run it again after any failure: it goes on where it stopped.
    """
    wishes = read_plan_options(flags)
    opened = open_repository(settings.directory, settings.config)
    require_commit(opened)
    with one_at_a_time(opened.root), _destination(opened, dist, dry_run=flags["dry_run"]) as folder:
        # Whoever waited for another run comes after what that one has committed.
        opened = open_repository(settings.directory, settings.config)
        if not flags["allow_dirty"]:
            require_clean(opened, but=(dist.as_posix(), *leftovers(opened)))
        repository, tree = head_state(opened)
        state = scan_state(repository, tree)
        run = _Run(
            state=state,
            targets=select_indexes(repository.config, indexes),
            folder=folder,
            quiet=flags["as_json"],
            push=not flags["no_push"],
            wishes=wishes,
        )
        code = _release(run, packages, dry_run=flags["dry_run"])
    if code:
        raise click.exceptions.Exit(code)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Run:
    """What one release works on: ``folder`` takes the files, ``quiet`` leaves all output to the JSON document."""

    state: State
    targets: tuple[Index, ...]
    folder: Path
    quiet: bool
    push: bool
    wishes: PlanOptions

    @property
    def records(self) -> bool:
        """Whether what goes to the targets is on every index of ``publish_to`` then."""
        return {index.name for index in self.targets} >= set(self.state.repository.config.publish_to)

    def recordable(self, plan: Plan, packages: Sequence[str]) -> list[str]:
        """Those of ``packages`` that are everywhere where they have to be: a tag says no less."""
        config = self.state.repository.config
        everywhere = {release.package for release in plan.releases if is_everywhere(config, release)}
        return [package for package in packages if package in everywhere]


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
        if run.push:
            require_target(run.state.repository)
    config = run.state.repository.config
    with open_target(config, run.targets) as asked:
        readers = asked.readers
        plan = plan_state(run.state, asked.target, packages or None, run.wishes)
        if not run.quiet:
            show_plan(plan)
        if plan.provisional:
            message = f"the plan can't be published: {plan.provisional}"
            raise OutsideError(message, advice="run again when the index answers")
        if not plan.releases:
            done = _finish_record(run) if run.records and not dry_run else None
            return _tell(run, plan, (), done)
        checked, failures = _build_and_check(run, plan, readers)
    names = {name: None for release in plan.releases for name in plan.targets_of(release)}
    targets = select_indexes(config, tuple(names))
    options = PublishOptions(
        required_checks=REQUIRED_CHECKS,
        environment=os.environ,
        adopted=config.adopt,
        sources=other_indexes(config, targets),
        dry_run=dry_run,
    )
    results = publish_and_show(checked, run.folder, targets, options, as_json=run.quiet)
    done = None if dry_run else _record(run, checked, results)
    return max(_tell(run, plan, results, done), exit_code_of(failures))


def _record(run: _Run, checked: ReleaseSet, results: Sequence[Published]) -> Recorded | None:
    """Record what is everywhere, and beside that what went to chosen indexes and what is used up on one."""
    repository, plan = run.state.repository, checked.plan
    published = outcome_of(results)
    everywhere = run.recordable(plan, published)
    done = None
    if everywhere or (published and run.records):
        done = record(repository, checked, everywhere, push=run.push)
    targets = {release.package: plan.targets_of(release) for release in plan.releases}
    chosen = {package: targets[package] for package in published if package not in everywhere}
    seen = {(result.package, result.version, result.index) for result in results if result.state is PublishState.BURNT}
    burnt = [note for note in read_burnt(run.folder) if (note.package, note.version, note.index) in seen]
    notes = notes_of(plan, checked.releases, Beside(published=chosen, burnt=burnt))
    if notes:
        done = replace(done or Recorded(), beside=record_beside(repository, plan, notes, push=run.push))
    if chosen:
        output.warn(f"not recorded for all: {CHOSEN}")
    for note in burnt:
        output.warn(used_up_text(note))
    return done


def _finish_record(run: _Run) -> Recorded | None:
    """Record what an interrupted run has published and not recorded, if there is such a thing."""
    release_set = left_unrecorded(run.state, run.folder, push=run.push)
    if release_set is None:
        return None
    repository = run.state.repository
    return record(repository, release_set, published_everywhere(repository, release_set), push=run.push)


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
        built, failures = build_plan(run.state, plan, run.folder, lambda made: step.advance(made.package), os.environ)
    show_failures(failures)
    warn_of_missing_gates(run.state.repository.config)

    def report(checked: BuiltRelease, findings: Sequence[Finding]) -> None:
        if not run.quiet or findings:
            show_check(checked, findings)

    return check_release_set(run.state, built, run.folder, readers, report), failures


COMMANDS = {"release": release}
