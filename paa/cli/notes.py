"""``paa update-release-notes``."""

from pathlib import Path

import click

from paa.build.backend import builder_name
from paa.cli import output
from paa.cli.options import Settings, command
from paa.edges.clock import today
from paa.edges.files import read_bytes, write_atomic
from paa.model import Plan
from paa.plan.options import PlanOptions, PlanTarget
from paa.plan.state import plan_state
from paa.publish.targets import named_indexes
from paa.record.files import notes_path, with_notes
from paa.release import load_plan
from paa.scan.repository import Repository, head_state, open_repository
from paa.scan.state import scan_state

_BLOCKED = 1


@command("update-release-notes")
@click.argument("packages", nargs=-1)
@click.option("--plan", "plan_file", type=click.Path(path_type=Path), metavar="FILE", help="The releases of this plan.")
def update_release_notes(settings: Settings, packages: tuple[str, ...], plan_file: Path | None) -> None:
    """Write the notes of what would be released into .paa/release_notes/, to be read or reworded before the release.

    A section that is there already stays as it is, here and when the release is recorded. No index is asked.
    """
    repository = open_repository(settings.directory, settings.config)
    plan = _offline(repository, packages) if plan_file is None else load_plan(settings.directory / plan_file)
    wanted = {name.replace("-", "_") for name in packages}
    for release in plan.releases:
        if wanted and release.package not in wanted:
            continue
        file = repository.root / notes_path(release.package)
        before = read_bytes(file) if file.is_file() else None
        after = with_notes(before, release.version, today(), release.notes)
        if after == before:
            output.say(f"{notes_path(release.package)} has {release.version} already")
        else:
            write_atomic(file, after)
            output.say(f"{notes_path(release.package)}: {release.version}")
    for item in plan.blocked:
        output.fail(str(item), item.advice)
    if plan.blocked:
        raise click.exceptions.Exit(_BLOCKED)


def _offline(repository: Repository, packages: tuple[str, ...]) -> Plan:
    """What tags and tracking alone say would be released from HEAD."""
    at_head, tree = head_state(repository)
    indexes = named_indexes(at_head.config, ())
    target = PlanTarget(indexes=indexes, ask=None, builder=builder_name())
    return plan_state(scan_state(at_head, tree), target, packages or None, PlanOptions())


COMMANDS = {"update-release-notes": update_release_notes}
