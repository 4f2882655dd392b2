"""``paa publish``."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from paa.check.check import REQUIRED_CHECKS
from paa.cli import output
from paa.cli.options import Settings, command, folder_option, index_option, jobs_option, json_option, one_at_a_time
from paa.config import Config
from paa.documents.reading import SCHEMA
from paa.model import Index, Published, PublishState, ReleaseSet
from paa.publish.publish import PublishOptions
from paa.publish.publish import publish as publish_to_indexes
from paa.publish.targets import select_indexes
from paa.release import load_release_set, require_same_commit
from paa.scan.repository import open_repository

_NOT_ALL = 1
_OUTSIDE = 3


@command("publish")
@folder_option("Where the built files and paa-release.json are.")
@index_option
@click.option("--dry-run", is_flag=True, help="Ask the index and say what would be sent; send and write nothing.")
@jobs_option
@json_option
def publish(settings: Settings, dist: Path, indexes: tuple[str, ...], **options: Any) -> None:  # noqa: ANN401  # click gives each its own
    """Bring what make-package built and check passed to the index: ask, upload what is absent, wait until it is served.

    Only the bytes that paa-release.json names are ever sent. Run it again after any failure.
    """
    repository = open_repository(settings.directory, settings.config)
    folder = repository.root / dist
    with one_at_a_time(repository.root):
        release_set = load_release_set(folder)
        require_same_commit(repository, release_set)
        targets = select_indexes(repository.config, indexes or release_set.plan.indexes)
        asked = PublishOptions(
            required_checks=REQUIRED_CHECKS,
            environment=os.environ,
            adopted=repository.config.adopt,
            sources=other_indexes(repository.config, targets),
            dry_run=options["dry_run"],
            jobs=options["jobs"],
        )
        results = publish_and_show(release_set, folder, targets, asked, as_json=options["as_json"])
    if options["as_json"]:
        output.say_json(published_document(results))
    code = publish_exit_code(results)
    if code:
        raise click.exceptions.Exit(code)


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
