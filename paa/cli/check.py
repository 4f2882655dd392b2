"""``paa check``."""

import os
from collections.abc import Callable, Sequence
from pathlib import Path

import click

from paa.build.build import RELEASE_FILE
from paa.check.check import not_passed
from paa.check.gather import gather
from paa.check.missing import missing_checks
from paa.cli import output
from paa.cli.options import Settings, command, folder_option, json_option, one_at_a_time
from paa.config import Config
from paa.documents.release_sets import release_set_to_json
from paa.edges.index import open_indexes
from paa.model import BuiltRelease, Finding, ReleaseSet
from paa.publish.targets import further_indexes, select_indexes
from paa.release import check_gathered, check_release_set, load_plan, load_release_set
from paa.scan.repository import disk_state, open_repository
from paa.scan.state import scan_state

_FINDINGS = 1


@command("check")
@click.option(
    "--plan",
    "plan_file",
    type=click.Path(path_type=Path),
    help="Gather what the shards of this plan have built, each in a folder below --dist; takes no repository.",
)
@folder_option("Where the built files are.")
@json_option
def check(settings: Settings, dist: Path, *, plan_file: Path | None, as_json: bool) -> None:
    """Run every gate on what make-package has built; what fails is not published."""
    failed: list[str] = []

    def report(built: BuiltRelease, findings: Sequence[Finding]) -> None:
        failed.extend([built.release.package] if findings else [])
        if not as_json:
            show_check(built, findings)

    if plan_file is None:
        checked = _check_here(settings, dist, report)
    else:
        checked = _check_shards(settings.directory / plan_file, settings.directory / dist, report, as_json=as_json)
        failed += _tell_unbuilt(checked)
    if as_json:
        output.say_json(release_set_to_json(checked))
    if failed:
        raise click.exceptions.Exit(_FINDINGS)


_Report = Callable[[BuiltRelease, Sequence[Finding]], None]


def _check_here(settings: Settings, dist: Path, report: _Report) -> ReleaseSet:
    """Check all that was built from this repository."""
    repository = open_repository(settings.directory, settings.config)
    folder = repository.root / dist
    with one_at_a_time(repository.root):
        release_set = load_release_set(folder)
        state = scan_state(repository, disk_state(repository))
        warn_of_missing_gates(repository.config)
        indexes = select_indexes(repository.config, release_set.plan.indexes)
        with open_indexes(indexes, os.environ) as readers:
            return check_release_set(state, release_set, folder, readers, report)


def _check_shards(plan_file: Path, folder: Path, report: _Report, *, as_json: bool) -> ReleaseSet:
    """Gather what was built, and check what has not passed every gate in its shard."""
    with one_at_a_time(folder):
        plan = load_plan(plan_file)
        gathered = gather(plan, folder)
        for name in gathered.failed:
            output.warn(f"{folder / name} has no {RELEASE_FILE}: the job that builds there failed before")
        if not as_json:
            for built in gathered.release_set.releases:
                if not not_passed(built.checks):
                    output.say(f"checked before: {built.release.distribution} {built.release.version}", style="green")
        indexes = [index for index in further_indexes(plan, (), None) if index.name in plan.indexes]
        with open_indexes(indexes, os.environ) as readers:
            return check_gathered(gathered.release_set, folder, readers, report)


def _tell_unbuilt(release_set: ReleaseSet) -> list[str]:
    """Say what the plan releases and nobody has built; the names of those packages."""
    built = {item.release.package for item in release_set.releases}
    unbuilt = [release for release in release_set.plan.releases if release.package not in built]
    for release in unbuilt:
        output.fail(f"{release.package} {release.version} was not built", "see what 'paa make-package' says about it")
    return [release.package for release in unbuilt]


def warn_of_missing_gates(config: Config) -> None:
    """Say which checks the settings ask for and this version does not have: nobody is to believe that they passed."""
    for key in missing_checks(config):
        output.warn(f"{key}: this version of paa has no such check; dependencies were not looked at")


def show_check(built: BuiltRelease, findings: Sequence[Finding]) -> None:
    """One release's outcome: a line when it passed, else every finding."""
    release = built.release
    if not findings:
        output.say(f"checked {release.distribution} {release.version}: {', '.join(built.checks)}", style="green")
    for finding in findings:
        output.fail(f"{release.package}: {finding.rule}: {finding.message}", finding.advice)


COMMANDS = {"check": check}
