"""``paa record``, and what the tracking files say."""

import os
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from paa.cli import output
from paa.cli.options import Settings, command, folder_option, json_option, one_at_a_time
from paa.documents.reading import SCHEMA
from paa.documents.tracking import known_versions
from paa.scan.repository import Repository, disk_state, open_repository
from paa.scan.state import require_package, scan_state

if TYPE_CHECKING:
    from paa.model import BuiltRelease, ReleaseSet
    from paa.record import Recorded

_NOT_ALL = 1


@command("record")
@folder_option("Where paa-release.json is.")
@click.option("--no-push", is_flag=True, help="Keep tags and tracking local.")
@json_option
def record(settings: Settings, dist: Path, *, no_push: bool, as_json: bool) -> None:
    """Tag and track every release of dist/paa-release.json that the index serves. Run it again after any failure."""
    from paa.record import record as record_releases
    from paa.release import load_release_set, require_same_commit

    opened = open_repository(settings.directory, settings.config)
    with one_at_a_time(opened.root):
        repository = open_repository(settings.directory, settings.config)
        release_set = load_release_set(repository.root / dist)
        require_same_commit(repository, release_set)
        packages = published_everywhere(repository, release_set)
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


def published_everywhere(repository: Repository, release_set: "ReleaseSet") -> tuple[str, ...]:
    """The packages that are on all indexes that they have to be on: a tag says no less, whatever else has them."""
    from paa.edges.index import open_indexes
    from paa.plan.targets import required_indexes
    from paa.publish.targets import select_indexes
    from paa.release import confirmed

    def required(built: "BuiltRelease") -> tuple[str, ...]:
        release = built.release
        asked = (*required_indexes(repository.config, release.version), *release_set.plan.targets_of(release))
        return tuple(dict.fromkeys(asked))

    names = dict.fromkeys(name for built in release_set.releases for name in required(built))
    targets = select_indexes(repository.config, tuple(names)) if names else ()
    with open_indexes(targets, os.environ) as readers:
        by_name = dict(zip((index.name for index in targets), readers, strict=True))
        return tuple(
            package
            for built in release_set.releases
            for package in confirmed(
                replace(release_set, releases=(built,)), [by_name[name] for name in required(built)]
            )
        )


def recorded_document(done: "Recorded") -> Mapping[str, object]:
    """What was recorded, for ``--json``."""
    return {
        "tags": list(done.tags),
        "commit": done.commit,
        "pushed": list(done.pushed),
        "push_problem": done.push_problem,
        "stayed": done.stayed,
        "refused": list(done.refused),
    }


def show_recorded(done: "Recorded") -> None:
    """What was tagged and pushed."""
    for tag in done.tags:
        output.say(f"tagged {tag}", style="green")
    if done.pushed:
        output.say(f"pushed {', '.join(done.pushed)}")
    if done.stayed:
        output.warn(f"the branch here stays where it was ({done.stayed}); 'git pull' brings what was recorded")
    for tag in done.refused:
        message = f"the tag {tag} is there already and does not record this release, so that nothing does"
        output.fail(message, f"look at it with 'git show {tag}'; delete it if it is a mistake, and run again")
    if done.push_problem:
        output.warn(f"only the tags were pushed, which is enough for the next plan; the branch: {done.push_problem}")


COMMANDS = {"record": record, "extract-tracking-version": extract_tracking_version}
