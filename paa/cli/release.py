"""``paa release``: the whole flow."""

import os
from collections.abc import Sequence
from pathlib import Path

import click

from paa.check.check import REQUIRED_CHECKS
from paa.cli import output
from paa.cli.check import show_check
from paa.cli.options import Settings, command, folder_option, index_option, json_option
from paa.cli.plan import show_plan
from paa.cli.publish import publish_exit_code, published_document, recorded_document, show_published, show_recorded
from paa.documents import plan_to_json
from paa.edges.index import IndexReader
from paa.errors import OutsideError
from paa.model import BuiltRelease, Finding, Plan, Published, ReleaseSet
from paa.plan.published import asker
from paa.publish.publish import PublishOptions, publish
from paa.record import record
from paa.release import (
    State,
    build_plan,
    check_release_set,
    choose_indexes,
    open_indexes,
    outcome_of,
    plan_state,
    scan_state,
)
from paa.scan.repository import head_state, open_repository, require_clean, require_commit

_NOT_ALL = 1


@command("release")
@click.argument("packages", nargs=-1)
@index_option
@folder_option("Where the files go.")
@click.option(
    "--dry-run", is_flag=True, help="Plan, build and check, then say what would be sent; send and tag nothing."
)
@click.option("--allow-dirty", is_flag=True, help="Release HEAD although some files are not committed.")
@click.option("--no-push", is_flag=True, help="Keep tags and tracking local.")
@json_option
def release(settings: Settings, packages: tuple[str, ...], indexes: tuple[str, ...], dist: Path, **flags: bool) -> None:
    """Release what has changed since its last release, and only that: plan, build, check, publish, record.

    Works from HEAD. Run it again after any failure: it goes on where it stopped.
    """
    opened = open_repository(settings.directory, settings.config)
    require_commit(opened)
    if not flags["allow_dirty"]:
        require_clean(opened, but=dist.as_posix())
    repository, tree = head_state(opened)
    state = scan_state(repository, tree)
    targets = choose_indexes(repository, indexes)
    folder, quiet = repository.root / dist, flags["as_json"]
    with open_indexes(targets, os.environ) as readers:
        plan = plan_state(state, targets, asker(readers), packages or None)
        if not quiet:
            show_plan(plan)
        if plan.provisional:
            message = f"the plan can't be published: {plan.provisional}"
            raise OutsideError(message, advice="run again when the index answers")
        checked = _build_and_check(state, plan, folder, readers, quiet=quiet) if plan.releases else None
    results: tuple[Published, ...] = ()
    document = plan_to_json(plan)
    if checked is not None:
        options = PublishOptions(required_checks=REQUIRED_CHECKS, environment=os.environ, dry_run=flags["dry_run"])
        results = publish(checked, folder, targets, options, (lambda _result: None) if quiet else show_published)
        if not flags["dry_run"]:
            done = record(repository, checked, outcome_of(results), push=not flags["no_push"])
            document["recorded"] = recorded_document(done)
            if not quiet:
                show_recorded(done)
    if quiet:
        output.say_json(document | published_document(results))
    incomplete = bool(plan.blocked) or len(checked.releases if checked else ()) < len(plan.releases)
    code = publish_exit_code(results) or (_NOT_ALL if incomplete else 0)
    if code:
        raise click.exceptions.Exit(code)


def _build_and_check(
    state: State, plan: Plan, folder: Path, readers: Sequence[IndexReader], *, quiet: bool
) -> ReleaseSet:
    """Build and judge what the plan releases; failures are told and leave the rest to go on."""
    with output.progress("building", len(plan.releases), quiet=quiet) as step:
        built, failures = build_plan(state, plan, folder, lambda made: step.advance(made.package))
    for failure in failures:
        output.fail(f"{failure.package}: {failure.error.message}", failure.error.advice)

    def report(checked: BuiltRelease, findings: Sequence[Finding]) -> None:
        if not quiet or findings:
            show_check(checked, findings)

    return check_release_set(state, built, folder, readers, report)


COMMANDS = {"release": release}
