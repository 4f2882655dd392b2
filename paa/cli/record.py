"""``paa record``, and what the tracking files say."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from paa.cli import output
from paa.cli.options import Settings, command, folder_option, json_option, one_at_a_time, summary_option
from paa.documents.tracking import known_versions
from paa.scan.repository import Repository, disk_state, open_repository
from paa.scan.state import require_package, scan_state

if TYPE_CHECKING:
    from paa.model import Burnt, ReleaseSet
    from paa.record import Confirmed, Recorded

_NOT_ALL = 1
# What becomes of a release that went to indexes that were chosen by hand.
CHOSEN = "what was chosen is recorded, and the tag comes once every index of publish_to has it"


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


def confirm_releases(
    repository: Repository,
    release_set: "ReleaseSet",
    left: Mapping[str, str] | None = None,
    noted: "Sequence[Burnt]" = (),
) -> "Confirmed":
    """Ask the indexes of the plan about what was built; ``left`` are its releases without files, and why.

    ``noted`` is what publishing has found to be used up.
    """
    from paa.edges.index import open_indexes
    from paa.publish.targets import publish_settings
    from paa.record import burnt_among, confirm

    plan = release_set.plan
    told = plan.settings or publish_settings(repository.config, plan.indexes, None, {})
    # A branch of a repository belongs to this clone.
    known = {index.name: replace(index, root=repository.root) if index.branch else index for index in told.indexes}
    asked = {name for built in release_set.releases for name in plan.targets_of(built.release)}
    names = sorted(asked.union(told.publish_to, told.prereleases_to) if release_set.releases else ())
    with open_indexes([known[name] for name in names], os.environ) as opened:
        readers = dict(zip(names, opened, strict=True))
        confirmed = confirm(release_set, told, readers, left or {})
        return replace(confirmed, burnt=burnt_among(release_set, confirmed.missing, noted, readers))


def published_everywhere(repository: Repository, release_set: "ReleaseSet") -> tuple[str, ...]:
    """The packages that are on all indexes that they have to be on: a tag says no less, whatever else has them."""
    return confirm_releases(repository, release_set).everywhere


def used_up_text(burnt: "Burnt") -> str:
    """What a version that an index takes never again means for whoever reads it."""
    return (
        f"{burnt.package} {burnt.version} is used up on {burnt.index}: that is recorded, and the next run releases the"
        " version after it"
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
        "readme_problem": done.readme_problem,
        "beside": list(done.beside),
    }


def show_recorded(done: "Recorded") -> None:
    """What was tagged and pushed."""
    for tag in done.tags:
        output.say(f"tagged {tag}", style="green")
    if done.pushed:
        output.say(f"pushed {', '.join(done.pushed)}")
    for reference in done.beside:
        output.say(f"recorded {reference}", style="green")
    if done.stayed:
        output.warn(f"the branch here stays where it was ({done.stayed}); 'git pull' brings what was recorded")
    for tag in done.refused:
        message = f"the tag {tag} is there already and does not record this release, so that nothing does"
        output.fail(message, f"look at it with 'git show {tag}'; delete it if it is a mistake, and run again")
    if done.push_problem:
        output.warn(f"only the tags were pushed, which is enough for the next plan; the branch: {done.push_problem}")
    if done.readme_problem:
        output.warn(done.readme_problem)


COMMANDS = {"record": record, "extract-tracking-version": extract_tracking_version}
