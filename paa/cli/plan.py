"""``paa plan``."""

import os

import click

from paa.build.backend import builder_name
from paa.cli import output
from paa.cli.options import Settings, command, index_option, json_option, rewound_option
from paa.documents.plans import plan_to_json
from paa.documents.writing import dump
from paa.edges.files import write_atomic
from paa.model import Plan, Release
from paa.plan.state import PlanTarget, plan_state
from paa.publish.targets import named_indexes, select_indexes
from paa.scan.repository import head_state, open_repository
from paa.scan.state import scan_state

_BLOCKED = 1


@command("plan")
@click.argument("packages", nargs=-1)
@index_option
@click.option("--offline", is_flag=True, help="Plan from tags and tracking alone; such a plan can't be published.")
@rewound_option
@click.option("--output", "target", type=click.Path(), help="Also write the plan as JSON to this file.")
@json_option
def plan(settings: Settings, packages: tuple[str, ...], indexes: tuple[str, ...], **options: object) -> None:
    """Show what would be released from HEAD, as which version, and why. Nothing is written or sent.

    PACKAGES limits the plan to these and what they need.
    """
    repository, tree = head_state(open_repository(settings.directory, settings.config))
    state = scan_state(repository, tree)
    names, rewound = packages or None, bool(options["allow_rewound"])
    if options["offline"]:
        targets = named_indexes(repository.config, indexes)
        asked = PlanTarget(indexes=targets, ask=None, builder=builder_name())
        made = plan_state(state, asked, names, allow_rewound=rewound)
    else:
        from paa.edges.index import open_indexes
        from paa.plan.asking import asker

        targets = select_indexes(repository.config, indexes)
        with open_indexes(targets, os.environ) as readers:
            asked = PlanTarget(indexes=targets, ask=asker(readers), builder=builder_name())
            made = plan_state(state, asked, names, allow_rewound=rewound)
    document = plan_to_json(made)
    if target := options["target"]:
        write_atomic(settings.directory / str(target), dump(document))
    if options["as_json"]:
        output.say_json(document)
    else:
        show_plan(made)
    if made.blocked:
        raise click.exceptions.Exit(_BLOCKED)


def show_plan(made: Plan) -> None:
    """The plan for a person: releases in order with their reasons, then what is blocked."""
    where = ", ".join(made.indexes)
    if made.releases:
        output.say(f"{len(made.releases)} to release to {where}, in this order:", style="green")
        for release in made.releases:
            _show_release(release)
    else:
        output.say(f"nothing to release to {where}")
    if made.unchanged:
        output.say(f"unchanged: {_some(made.unchanged)}")
    for blocked in made.blocked:
        place = f"{blocked.path}:{blocked.line}" if blocked.line else blocked.path or ""
        output.say(f"blocked: {blocked.package}: {blocked.reason}" + (f" ({place})" if place else ""), style="red")
        if blocked.advice:
            output.say(f"  → {blocked.advice}")
    if made.provisional:
        output.warn(f"this plan is provisional and can't be published: {made.provisional}")


def _show_release(release: Release) -> None:
    before = f"{release.previous} → " if release.previous else ""
    new = ", new on the index" if release.new_on_index else ""
    output.say(f"  {release.distribution}  {before}{release.version}  ({release.bump.value}{new})")
    for reason in release.reasons:
        commit = f"{reason.commit[:8]} " if reason.commit else ""
        output.say(f"      because {commit}{reason.text}")
        if reason.path:
            output.say(f"              {reason.path}")
    for sibling, version in sorted(release.floors.items()):
        output.say(f"      needs {sibling} {version}")


def _some(names: tuple[str, ...], most: int = 10) -> str:
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more


COMMANDS = {"plan": plan}
