"""``paa publish``."""

import contextlib
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from paa.build.build import RELEASE_FILE
from paa.check.agreement import as_planned, require_publishable, select_releases
from paa.check.check import REQUIRED_CHECKS
from paa.check.contents import require_plain_files, require_planned_contents
from paa.cli import output
from paa.cli.options import (
    Settings,
    command,
    dry_run_option,
    folder_option,
    index_option,
    jobs_option,
    json_option,
    one_at_a_time,
    packages_argument,
    summary_option,
)
from paa.cli.summaries import add_summary
from paa.config import Config
from paa.documents.reading import SCHEMA
from paa.edges import git
from paa.errors import PaaError
from paa.model import Index, Published, PublishState, ReleaseSet
from paa.publish.login import main_indexes
from paa.publish.publish import PublishOptions
from paa.publish.publish import publish as publish_to_indexes
from paa.publish.summary import publish_markdown, refusal_markdown
from paa.publish.targets import BRANCHES, further_indexes, planned_indexes, select_indexes
from paa.release import load_plan, load_release_set, require_same_commit
from paa.scan.repository import open_repository

_NOT_ALL = 1
_OUTSIDE = 3


@command("publish")
@packages_argument
@click.option(
    "--plan",
    "plan_file",
    type=click.Path(path_type=Path),
    help="Publish by this plan ('paa plan --output FILE') alone, which takes no repository.",
)
@folder_option("Where the built files and paa-release.json are.")
@index_option
@dry_run_option("Ask the index and say what would be sent; send and write nothing.")
@jobs_option
@summary_option
@json_option
def publish(
    settings: Settings,
    packages: tuple[str, ...],
    dist: Path,
    indexes: tuple[str, ...],
    **options: Any,  # noqa: ANN401  # click gives each its own
) -> None:
    """Bring what make-package built and check passed to the index: ask, upload what is absent, wait until it is served.

    Only the bytes that paa-release.json names are ever sent; PACKAGES limits it to these. Run it again after any
    failure.
    """
    try:
        results = _publish(settings, packages, dist, indexes, options)
    except PaaError as error:
        _summarise(settings, options, refusal_markdown(error.message))
        raise
    _summarise(settings, options, publish_markdown(results, dry_run=options["dry_run"]))
    if options["as_json"]:
        output.say_json(published_document(results))
    code = publish_exit_code(results)
    if code:
        raise click.exceptions.Exit(code)


def _summarise(settings: Settings, options: Mapping[str, Any], text: str) -> None:
    if options["summary"]:
        add_summary(settings.directory / options["summary"], text)


def _publish(
    settings: Settings, packages: Sequence[str], dist: Path, indexes: Sequence[str], options: Mapping[str, Any]
) -> tuple[Published, ...]:
    with contextlib.ExitStack() as stack:
        if options["plan_file"] is None:
            task = _of_repository(settings, dist, indexes, stack)
        else:
            task = _of_plan(settings, dist, indexes, options["plan_file"], stack)
        meant = select_releases(task.release_set.plan, packages)
        if task.is_held_to_plan:
            require_planned_contents(task.release_set, meant, task.folder)
        asked = PublishOptions(
            required_checks=REQUIRED_CHECKS,
            environment=os.environ,
            adopted=task.adopted,
            sources=task.sources,
            dry_run=options["dry_run"],
            jobs=options["jobs"],
            packages=meant,
            main_indexes=task.main_indexes,
        )
        return publish_and_show(task.release_set, task.folder, task.targets, asked, as_json=options["as_json"])


@dataclass(frozen=True, slots=True, kw_only=True)
class _Task:
    """What is to be published where; ``is_held_to_plan``: the files come from jobs that nobody has to trust."""

    release_set: ReleaseSet
    folder: Path
    targets: tuple[Index, ...]
    sources: tuple[Index, ...]
    adopted: tuple[str, ...]
    is_held_to_plan: bool
    main_indexes: tuple[str, ...] | None = None


def _of_repository(settings: Settings, dist: Path, indexes: Sequence[str], stack: contextlib.ExitStack) -> _Task:
    """By the settings of the repository, alone at work on it until ``stack`` ends."""
    repository = open_repository(settings.directory, settings.config)
    stack.enter_context(one_at_a_time(repository.root))
    folder = repository.root / dist
    release_set = load_release_set(folder)
    require_same_commit(repository, release_set)
    targets = select_indexes(repository.config, indexes or release_set.plan.indexes)
    return _Task(
        release_set=release_set,
        folder=folder,
        targets=targets,
        sources=other_indexes(repository.config, targets),
        adopted=repository.config.adopt,
        is_held_to_plan=False,
    )


def _of_plan(
    settings: Settings, dist: Path, indexes: Sequence[str], plan_file: Path, stack: contextlib.ExitStack
) -> _Task:
    """By a plan alone: it says what goes where, and what was built has to be just that. No settings are read."""
    folder = settings.directory / dist
    stack.enter_context(one_at_a_time(folder))
    plan = load_plan(settings.directory / plan_file)
    require_publishable(plan, str(plan_file))
    known = {index.name: index.kind for index in plan.settings.indexes} if plan.settings else {}
    on_branches = any(known.get(name) in BRANCHES for name in indexes or plan.indexes)
    root = git.find_top(settings.directory) if on_branches else None
    targets = planned_indexes(plan, indexes, root)
    found = load_release_set(folder)
    require_plain_files(folder)
    return _Task(
        release_set=as_planned(plan, found, str(folder / RELEASE_FILE)),
        folder=folder,
        targets=targets,
        sources=further_indexes(plan, targets, root),
        adopted=plan.settings.adopt if plan.settings else (),
        is_held_to_plan=True,
        main_indexes=main_indexes(plan),
    )


def publish_and_show(
    release_set: ReleaseSet, folder: Path, targets: Sequence[Index], options: PublishOptions, *, as_json: bool
) -> tuple[Published, ...]:
    """Publish, with a bar on a terminal and a line for each result; ``as_json`` says nothing, unless interrupted."""
    told: list[Published] = []
    total = len(release_set.plan.releases) * len(targets)
    try:
        with output.progress("publishing", total, quiet=as_json) as step:

            def report(result: Published) -> None:
                told.append(result)
                if not as_json:
                    show_published(result)
                step.advance(result.package)

            return publish_to_indexes(release_set, folder, targets, options, report)
    except KeyboardInterrupt:
        if as_json:
            output.say_json(published_document(tuple(told)))
        raise


def other_indexes(config: Config, targets: Sequence[Index]) -> tuple[Index, ...]:
    """The other indexes that releases go to: they may have files that are not in dist/ any more."""
    return tuple(index for index in select_indexes(config, ()) if index not in targets)


def show_published(result: Published) -> None:
    """One release on one index, as it stands."""
    name = f"{result.distribution} {result.version}"
    match result.state:
        case PublishState.FAILED | PublishState.BLOCKED | PublishState.BURNT:
            output.fail(f"{name} on {result.index}: {result.state.value}: {result.reason}", None)
        case _:
            output.say(f"{result.state.value}: {name} on {result.index}", style="green")


def published_document(results: tuple[Published, ...]) -> dict[str, object]:
    """What became of each release on each index, for ``--json``."""
    items = [
        {
            "package": result.package,
            "distribution": result.distribution,
            "version": result.version,
            "index": result.index,
            "state": result.state.value,
            "reason": result.reason,
        }
        for result in results
    ]
    return {"schema": SCHEMA, "published": items}


def publish_exit_code(results: tuple[Published, ...]) -> int:
    """3 when an index failed or takes a version never again, 1 when something was blocked, else 0."""
    states = {result.state for result in results}
    if states & {PublishState.FAILED, PublishState.BURNT}:
        return _OUTSIDE
    return _NOT_ALL if PublishState.BLOCKED in states else 0


COMMANDS = {"publish": publish}
