"""``paa record``, and what the tracking files say."""

from pathlib import Path
from typing import Any

import click

from paa.cli import output
from paa.cli.options import Settings, command, folder_option, json_option, one_at_a_time, summary_option
from paa.documents.tracking import known_versions
from paa.scan.repository import disk_state, open_repository
from paa.scan.state import require_package, scan_state

_NOT_ALL = 1


@command("record")
@click.option(
    "--plan", "plan_file", type=click.Path(path_type=Path), metavar="FILE", help="Record what this plan releases."
)
@folder_option("Where paa-release.json is.")
@click.option(
    "--readme", type=click.Path(path_type=Path), metavar="FILE", help="Commit README.md as it stands here, too."
)
@summary_option
@click.option("--no-push", is_flag=True, help="Keep tags and tracking local.")
@json_option
def record(settings: Settings, **options: Any) -> None:  # noqa: ANN401  # click gives each its own
    """Tag and track every release of dist/paa-release.json that the index serves. Run it again after any failure.

    With --plan, what the plan blocked and what was not released is told too, and the exit code is 1 then.
    """
    from paa.cli.recording import RecordRun, open_record, tell

    opened = open_repository(settings.directory, settings.config)
    with one_at_a_time(opened.root):
        repository = open_repository(settings.directory, settings.config)
        run: RecordRun = open_record(repository, options | {"directory": settings.directory})
        done = run.record(push=not options["no_push"])
    if tell(run, done, summary=options["summary"], as_json=options["as_json"]):
        raise click.exceptions.Exit(_NOT_ALL)


@command("extract-tracking-version")
@click.argument("package")
def extract_tracking_version(settings: Settings, package: str) -> None:
    """Print the version of PACKAGE that the tracking files on disk know; default_version before its first release."""
    repository = open_repository(settings.directory, settings.config)
    tree = disk_state(repository)
    known = known_versions(tree.read_one)
    name = package.replace("-", "_")
    if name not in known:
        name = require_package(scan_state(repository, tree), package).package.name
    output.say(known.get(name, repository.config.default_version))


COMMANDS = {"record": record, "extract-tracking-version": extract_tracking_version}
