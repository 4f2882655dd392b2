"""How ``paa plan`` makes a plan and tells of it, where there is something to plan."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import click

from paa.build.backend import builder_name
from paa.cli import output
from paa.cli.options import Settings
from paa.cli.plan_files import explained, set_outputs, write_files
from paa.cli.plan_text import show_all
from paa.cli.target import open_target
from paa.model import Plan
from paa.plan.options import PlanOptions, PlanTarget
from paa.plan.state import plan_state, repository_address
from paa.plan.tag_request import for_tags, request_of
from paa.publish.targets import named_indexes, publish_settings, select_indexes
from paa.scan.state import State

_BLOCKED = 1
_OUTSIDE = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Planning:
    """What was asked for at the command line; ``options`` are those of ``paa plan`` by name."""

    settings: Settings
    packages: tuple[str, ...]
    indexes: tuple[str, ...]
    wishes: PlanOptions
    options: Mapping[str, Any]


def plan_and_tell(asked: Planning, state: State) -> None:
    """Make the plan, print it, and write what is to be written. Ends the command with an exit code of its own."""
    options = asked.options
    state, wishes = _with_tag(state, options["tag"], asked.wishes)
    made = _make(state, asked, wishes)
    found = explained(state, made, options)
    done = wishes.request.done if wishes.request else None
    write_files(asked.settings, found, done, options)
    if options["as_json"]:
        output.say_json(found.document)
    else:
        show_all(made, found.shards, found.document.get("since"), done)
    set_outputs(found, options)
    if made.provisional and not options["offline"]:
        raise click.exceptions.Exit(_OUTSIDE)
    if made.blocked and not options["allow_blocked"]:
        raise click.exceptions.Exit(_BLOCKED)


def _with_tag(state: State, tag: str | None, wishes: PlanOptions) -> tuple[State, PlanOptions]:
    """The state with the settings that hold for a tag, and what the tag asks for."""
    if tag is None:
        return state, wishes
    request = request_of(state, tag)
    repository = replace(state.repository, config=for_tags(state.repository.config))
    return replace(state, repository=repository), replace(wishes, request=request)


def _make(state: State, asked: Planning, wishes: PlanOptions) -> Plan:
    config, names = state.repository.config, asked.packages or None
    if asked.options["offline"]:
        target = PlanTarget(indexes=named_indexes(config, asked.indexes), ask=None, builder=builder_name())
        return plan_state(state, target, names, wishes)
    with open_target(config, select_indexes(config, asked.indexes)) as opened:
        made = plan_state(state, opened.target, names, wishes)
    address = repository_address(state.repository)
    distributions = {item.distribution: item.package.project is not None for item in state.scanned.values()}
    return replace(made, settings=publish_settings(config, made.indexes, address, distributions))
