"""``paa check``."""

import os
from collections.abc import Sequence
from pathlib import Path

import click

from paa.check.missing import missing_checks
from paa.cli import output
from paa.cli.options import Settings, command, folder_option, json_option, one_at_a_time
from paa.config import Config
from paa.documents.release_sets import release_set_to_json
from paa.edges.index import open_indexes
from paa.model import BuiltRelease, Finding
from paa.publish.targets import select_indexes
from paa.release import check_release_set, load_release_set
from paa.scan.repository import disk_state, open_repository
from paa.scan.state import scan_state

_FINDINGS = 1


@command("check")
@folder_option("Where the built files are.")
@json_option
def check(settings: Settings, dist: Path, *, as_json: bool) -> None:
    """Run every gate on what make-package has built; what fails is not published."""
    repository = open_repository(settings.directory, settings.config)
    folder = repository.root / dist
    failed: list[str] = []

    def report(built: BuiltRelease, findings: Sequence[Finding]) -> None:
        failed.extend([built.release.package] if findings else [])
        if not as_json:
            show_check(built, findings)

    with one_at_a_time(repository.root):
        release_set = load_release_set(folder)
        state = scan_state(repository, disk_state(repository))
        warn_of_missing_gates(repository.config)
        indexes = select_indexes(repository.config, release_set.plan.indexes)
        with open_indexes(indexes, os.environ) as readers:
            checked = check_release_set(state, release_set, folder, readers, report)
    if as_json:
        output.say_json(release_set_to_json(checked))
    if failed:
        raise click.exceptions.Exit(_FINDINGS)


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
