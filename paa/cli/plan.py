"""``paa plan``."""

import os
from collections.abc import Mapping
from typing import Any

import click

from paa.build.backend import builder_name
from paa.cli import output
from paa.cli.options import Settings, command, index_option, json_option
from paa.cli.target import open_target, plan_options, read_plan_options
from paa.documents.plans import plan_to_json
from paa.documents.writing import dump
from paa.edges.files import write_atomic
from paa.errors import UsageError
from paa.model import Bump, Plan, Release
from paa.plan.shards import MOST_SHARDS, Shard, cut
from paa.plan.state import PlanOptions, PlanTarget, plan_state
from paa.publish.targets import named_indexes, select_indexes
from paa.scan.repository import head_state, open_repository
from paa.scan.state import State, scan_state

_BLOCKED = 1
# About as many new projects PyPI takes a day from one user or address.
_NEW_NAMES_A_DAY = 4


@command("plan")
@click.argument("packages", nargs=-1)
@index_option
@click.option("--offline", is_flag=True, help="Plan from tags and tracking alone; such a plan can't be published.")
@plan_options
@click.option("--since", metavar="COMMIT", help="Also show what the commits since then say; it changes no decision.")
@click.option(
    "--shards", type=click.IntRange(1, MOST_SHARDS), help="Cut the plan into at most so many parts for CI jobs."
)
@click.option("--github-output", is_flag=True, help="Set has_releases and matrix as outputs of a GitHub step.")
@click.option("--azure-output", is_flag=True, help="The same as output variables of a step of Azure Pipelines.")
@click.option("--output", "target", type=click.Path(), help="Also write the plan as JSON to this file.")
@json_option
def plan(settings: Settings, packages: tuple[str, ...], indexes: tuple[str, ...], **options: Any) -> None:  # noqa: ANN401  # click gives each its own
    """Show what would be released from HEAD, as which version, and why. Nothing is written or sent.

    PACKAGES limits the plan to these and what they need.
    """
    if options["azure_output"] and options["as_json"]:
        message = "--azure-output writes lines of its own, so that what --json prints would be no document"
        raise UsageError(message, advice="write the document to a file with --output FILE")
    wishes = read_plan_options(options)
    repository, tree = head_state(open_repository(settings.directory, settings.config))
    state = scan_state(repository, tree)
    made = _make(state, packages, indexes, wishes, offline=options["offline"])
    cut_up = options["shards"] or options["github_output"] or options["azure_output"]
    shards = cut(made.releases, state.scanned, options["shards"]) if cut_up else ()
    document = plan_to_json(made)
    if cut_up:
        document["shards"] = [{"shard": each.number, "packages": list(each.packages)} for each in shards]
    if options["since"]:
        document["since"] = _since(state, options["since"])
    if options["target"]:
        write_atomic(settings.directory / options["target"], dump(document))
    if options["as_json"]:
        output.say_json(document)
    else:
        _show(made, shards, document.get("since"))
    _set_outputs(made, shards, options)
    if made.blocked:
        raise click.exceptions.Exit(_BLOCKED)


def _make(
    state: State, packages: tuple[str, ...], indexes: tuple[str, ...], wishes: PlanOptions, *, offline: bool
) -> Plan:
    config, names = state.repository.config, packages or None
    if offline:
        target = PlanTarget(indexes=named_indexes(config, indexes), ask=None, builder=builder_name())
        return plan_state(state, target, names, wishes)
    with open_target(config, select_indexes(config, indexes)) as asked:
        return plan_state(state, asked.target, names, wishes)


def _since(state: State, revision: str) -> dict[str, object]:
    from paa.plan.since import said_since

    commit, said = said_since(state, revision)
    packages = [
        {
            "package": item.package,
            "bump": item.bump.value,
            "version": item.exact,
            "commits": [{"commit": each.sha, "subject": each.subject} for each in item.commits],
        }
        for item in said
    ]
    return {"commit": commit, "packages": packages}


def _set_outputs(made: Plan, shards: tuple[Shard, ...], options: Mapping[str, Any]) -> None:
    if not (options["github_output"] or options["azure_output"]):
        return
    from paa.cli.ci_outputs import say_azure, write_github

    if options["github_output"]:
        write_github(made, shards, os.environ)
    if options["azure_output"]:
        say_azure(made, shards)


def _show(made: Plan, shards: tuple[Shard, ...], since: Any) -> None:  # noqa: ANN401  # a document
    show_plan(made)
    for each in shards:
        output.say(f"shard {each.number}: {' '.join(each.packages)}")
    if since is None:
        return
    output.say(f"since {since['commit'][:8]}, the commits ask for (the plan goes by what changed, not by this):")
    for item in since["packages"]:
        output.say(f"  {item['package']}: {item['version'] or item['bump']}")
        for each in item["commits"]:
            output.say(f"      {each['commit'][:8]} {each['subject']}")


def show_plan(made: Plan) -> None:
    """The plan for a person: releases in order with their reasons, then what is blocked."""
    where = ", ".join(made.indexes)
    if made.releases:
        output.say(f"{len(made.releases)} to release to {where}, in this order:", style="green")
        for release in made.releases:
            _show_release(release, made)
    else:
        output.say(f"nothing to release to {where}")
    if made.unchanged:
        output.say(f"unchanged: {_some(made.unchanged)}")
    for blocked in made.blocked:
        place = f"{blocked.path}:{blocked.line}" if blocked.line else blocked.path or ""
        output.say(f"blocked: {blocked.package}: {blocked.reason}" + (f" ({place})" if place else ""), style="red")
        if blocked.advice:
            output.say(f"  → {blocked.advice}")
    new = [release for release in made.releases if release.new_on_index and "pypi" in made.targets_of(release)]
    if len(new) > _NEW_NAMES_A_DAY:
        output.warn(
            f"{len(new)} names are new: PyPI takes about {_NEW_NAMES_A_DAY} new projects a day; run again later"
        )
    if made.provisional:
        output.warn(f"this plan is provisional and can't be published: {made.provisional}")


def _show_release(release: Release, made: Plan) -> None:
    before = f"{release.previous} → " if release.previous else ""
    new = ", new on the index" if release.new_on_index else ""
    output.say(f"  {release.distribution}  {before}{release.version}  ({_moved(release)}{new})")
    targets = release.missing_on or release.targets
    if targets and targets != made.indexes:
        output.say(f"      to {', '.join(targets)}")
    for reason in release.reasons:
        commit = f"{reason.commit[:8]} " if reason.commit else ""
        output.say(f"      because {commit}{reason.text}")
        if reason.path:
            output.say(f"              {reason.path}")
    for sibling, version in sorted(release.floors.items()):
        output.say(f"      needs {sibling} {version}")


def _moved(release: Release) -> str:
    return "as it is" if release.bump is Bump.NONE else release.bump.value


def _some(names: tuple[str, ...], most: int = 10) -> str:
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more


COMMANDS = {"plan": plan}
