"""``paa publish`` and ``paa record``."""

import os
from pathlib import Path

import click

from paa.check.check import REQUIRED_CHECKS
from paa.cli import output
from paa.cli.options import Settings, command, folder_option, index_option, json_option, one_at_a_time
from paa.documents.reading import SCHEMA
from paa.edges.index import open_indexes
from paa.model import Published, PublishState
from paa.publish.publish import PublishOptions
from paa.publish.publish import publish as publish_to_indexes
from paa.publish.targets import select_indexes
from paa.record import Recorded
from paa.record import record as record_releases
from paa.release import confirmed, load_release_set, require_same_commit
from paa.scan.repository import open_repository

_NOT_ALL = 1
_OUTSIDE = 3


@command("publish")
@folder_option("Where the built files and paa-release.json are.")
@index_option
@click.option("--dry-run", is_flag=True, help="Ask the index and say what would be sent; send and write nothing.")
@json_option
def publish(settings: Settings, dist: Path, indexes: tuple[str, ...], *, dry_run: bool, as_json: bool) -> None:
    """Bring what make-package built and check passed to the index: ask, upload what is absent, wait until it is served.

    Only the bytes that paa-release.json names are ever sent. Run it again after any failure.
    """
    repository = open_repository(settings.directory, settings.config)
    folder = repository.root / dist
    with one_at_a_time(repository.root):
        release_set = load_release_set(folder)
        require_same_commit(repository, release_set)
        targets = select_indexes(repository.config, indexes or release_set.plan.indexes)
        options = PublishOptions(required_checks=REQUIRED_CHECKS, environment=os.environ, dry_run=dry_run)
        report = _ignore if as_json else show_published
        results = publish_to_indexes(release_set, folder, targets, options, report)
    if as_json:
        output.say_json(published_document(results))
    code = publish_exit_code(results)
    if code:
        raise click.exceptions.Exit(code)


@command("record")
@folder_option("Where paa-release.json is.")
@click.option("--no-push", is_flag=True, help="Keep tags and tracking local.")
@json_option
def record(settings: Settings, dist: Path, *, no_push: bool, as_json: bool) -> None:
    """Tag and track every release of dist/paa-release.json that the index serves. Run it again after any failure."""
    opened = open_repository(settings.directory, settings.config)
    with one_at_a_time(opened.root):
        repository = open_repository(settings.directory, settings.config)
        release_set = load_release_set(repository.root / dist)
        require_same_commit(repository, release_set)
        # A tag says that all of publish_to have the release, whatever else it went to.
        names = dict.fromkeys((*repository.config.publish_to, *release_set.plan.indexes))
        targets = select_indexes(repository.config, tuple(names))
        with open_indexes(targets, os.environ) as readers:
            packages = confirmed(release_set, readers)
        done = record_releases(repository, release_set, packages, push=not no_push)
    missing = [built.release.package for built in release_set.releases if built.release.package not in packages]
    if as_json:
        output.say_json({"schema": SCHEMA, **recorded_document(done), "not_published": missing})
    else:
        show_recorded(done)
        for package in missing:
            output.fail(f"{package} is not on every index, so it was not recorded", "run 'paa publish' again")
    if missing or done.refused:
        raise click.exceptions.Exit(_NOT_ALL)


def _ignore(_result: Published) -> None:
    """JSON is printed at the end, in one document."""


def show_published(result: Published) -> None:
    """One release on one index, as it stands."""
    name = f"{result.distribution} {result.version}"
    match result.state:
        case PublishState.FAILED | PublishState.BLOCKED:
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
    """3 when an index failed, 1 when something was blocked, else 0."""
    states = {result.state for result in results}
    if PublishState.FAILED in states:
        return _OUTSIDE
    return _NOT_ALL if PublishState.BLOCKED in states else 0


def recorded_document(done: Recorded) -> dict[str, object]:
    """What was recorded, for ``--json``."""
    return {
        "tags": list(done.tags),
        "commit": done.commit,
        "pushed": list(done.pushed),
        "push_problem": done.push_problem,
        "refused": list(done.refused),
    }


def show_recorded(done: Recorded) -> None:
    """What was tagged and pushed."""
    for tag in done.tags:
        output.say(f"tagged {tag}", style="green")
    if done.pushed:
        output.say(f"pushed {', '.join(done.pushed)}")
    for tag in done.refused:
        message = f"the tag {tag} is there already and does not record this release, so that nothing does"
        output.fail(message, f"look at it with 'git show {tag}'; delete it if it is a mistake, and run again")
    if done.push_problem:
        output.warn(f"only the tags were pushed, which is enough for the next plan; the branch: {done.push_problem}")


COMMANDS = {"publish": publish, "record": record}
