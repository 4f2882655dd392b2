"""What indexes say of a build, and what was recorded of it: for every command that records."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from paa.cli import output
from paa.scan.repository import Repository

if TYPE_CHECKING:
    from paa.model import Burnt, ReleaseSet
    from paa.record import Confirmed, Recorded

# What becomes of a release that went to indexes that were chosen by hand.
CHOSEN = "what was chosen is recorded, and the tag comes once every index of publish_to has it"


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
