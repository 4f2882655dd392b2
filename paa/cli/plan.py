"""``paa plan``."""

from collections.abc import Mapping, Sequence
from typing import Any

import click

from paa.cli.options import (
    Settings,
    VariableOption,
    command,
    index_option,
    json_option,
    packages_argument,
    summary_option,
)
from paa.cli.target import plan_options, read_plan_options
from paa.errors import UsageError
from paa.plan.options import PlanOptions
from paa.plan.shards import MOST_SHARDS
from paa.scan.repository import head_state, open_repository, require_commit

_MOST_LEVELS = 50
# With any of these, or as JSON, more is wanted than to hear that there is nothing to do.
_MORE = ("tag", "since", "shards", "levels", "github_output", "azure_output", "target", "summary", "as_json")


@command("plan")
@packages_argument
@index_option
@click.option("--offline", is_flag=True, help="Plan from tags and tracking alone; such a plan can't be published.")
@click.option("--fetch", is_flag=True, help="First fetch tags, recorded releases and missing history from the remote.")
@plan_options
@click.option(
    "--tag", cls=VariableOption, envvar="PAA_TAG", show_envvar=True, help="Release what this tag on HEAD asks for."
)
@click.option(
    "--since",
    cls=VariableOption,
    envvar="PAA_SINCE",
    show_envvar=True,
    metavar="COMMIT",
    help="Also show what the commits since then say, and which packages to test; it changes no release.",
)
@click.option(
    "--shards", type=click.IntRange(1, MOST_SHARDS), help="Cut the plan into at most so many parts for CI jobs."
)
@click.option(
    "--levels",
    type=click.IntRange(1, _MOST_LEVELS),
    metavar="N",
    help="Also set outputs for jobs that publish one package each, in N levels.",
)
@click.option("--github-output", is_flag=True, help="Set has_releases, matrix and more as outputs of a GitHub step.")
@click.option("--azure-output", is_flag=True, help="The same as output variables of a step of Azure Pipelines.")
@click.option("--allow-blocked", is_flag=True, help="End with 0 although something is blocked.")
@click.option("--output", "target", type=click.Path(), help="Also write the plan as JSON to this file.")
@summary_option
@json_option
def plan(settings: Settings, packages: tuple[str, ...], indexes: tuple[str, ...], **options: Any) -> None:  # noqa: ANN401  # click gives each its own
    """Show what would be released from HEAD, as which version, and why. Nothing is sent, and only FILEs are written.

    PACKAGES limits the plan to these and what they need.
    """
    wishes = read_plan_options(options)
    _check_options(packages, wishes, options)
    opened = open_repository(settings.directory, settings.config)
    if options["fetch"]:
        from paa.edges.git_fetch import fetch_releases

        require_commit(opened)
        fetch_releases(opened.root)
    repository, tree = head_state(opened)
    if _is_short(packages, wishes, options):
        from paa.cli.quiet import say_if_quiet

        if say_if_quiet(repository, tree, indexes):
            return
    # What plans is loaded where there is something to plan.
    from paa.cli.planning import Planning, plan_and_tell
    from paa.scan.state import scan_state

    asked = Planning(settings=settings, packages=packages, indexes=indexes, wishes=wishes, options=options)
    plan_and_tell(asked, scan_state(repository, tree))


def _is_short(packages: Sequence[str], wishes: PlanOptions, options: Mapping[str, Any]) -> bool:
    """Whether one look at what has changed may be all that is asked for."""
    plain = not (packages or wishes.stage or wishes.everything)
    return plain and options["offline"] and not any(options[name] for name in _MORE)


def _check_options(packages: Sequence[str], wishes: PlanOptions, options: Mapping[str, Any]) -> None:
    """Raise UsageError for options that don't go together."""
    if options["azure_output"] and options["as_json"]:
        message = "--azure-output writes lines of its own, so that what --json prints would be no document"
        raise UsageError(message, advice="write the document to a file with --output FILE")
    if options["tag"] and (packages or wishes.stage or wishes.everything):
        message = f"the tag {options['tag']} says which package is released, and as which version"
        raise UsageError(
            message, advice="leave out package names (PAA_PACKAGES), --all, --pre and --dev, or --tag (PAA_TAG)"
        )


COMMANDS = {"plan": plan}
