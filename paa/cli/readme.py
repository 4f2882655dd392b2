"""``paa update-readme``."""

import os
from pathlib import Path
from typing import Any

import click

from paa.cli import output
from paa.cli.options import Settings, command, folder_option
from paa.documents.tracking import known_versions
from paa.edges.files import read_bytes, write_atomic
from paa.edges.variables import present
from paa.errors import FindingsError, UsageError
from paa.plan.pep440 import required_version
from paa.record.files import README
from paa.record.listing import read_listing
from paa.record.readme_base import BASES, is_made, made_readme
from paa.record.readme_list import BEGIN, END, has_list, with_list
from paa.scan.repository import Repository, disk_state, open_repository


@command("update-readme")
@click.option(
    "--plan", "plan_file", type=click.Path(path_type=Path), metavar="FILE", help="List what this plan releases, too."
)
@folder_option("Where what the plan releases was built.")
@click.option("--base", metavar="FILE", help="The file that README.md is made from.")
def update_readme(settings: Settings, plan_file: Path | None, dist: Path, base: str | None) -> None:
    """Bring the list of packages in README.md up to date: versions, descriptions, how to install, documentation.

    Only what stands between its two markers changes. Where there is a README_base.md in .github/docs or .azure/docs,
    README.md is made from it, unless there is one that was not.
    """
    repository = open_repository(settings.directory, settings.config)
    path = repository.root / README
    if path.is_symlink():
        message = f"{README} is a symbolic link"
        raise UsageError(message, advice="put the file itself there")
    current = read_bytes(path) if path.is_file() else None
    text = _text(repository, current, base)
    if text is None:
        return
    tree = disk_state(repository)
    listing = read_listing(repository, tree)
    if listing is not None:
        versions = known_versions(tree.read_one)
        if plan_file is not None:
            versions = _with_plan(versions, settings.directory / plan_file, repository.root / dist)
        text = with_list(text, listing, versions)
    if text == current:
        output.say(f"{README} is up to date")
        return
    write_atomic(path, text)
    output.say(f"{README} written")


def _text(repository: Repository, current: bytes | None, base: str | None) -> bytes | None:
    """The README around its list; None where there is no place for one, which is said."""
    found = _base(repository, base)
    if found is not None:
        path, data = found
        if is_made(current, data):
            made = made_readme(data, path)
            if not has_list(made):
                message = f"{path} does not have each of the markers {BEGIN} and {END} once, on lines of their own"
                raise FindingsError(message, advice="write them where the list goes, or leave them out")
            return made
    if current is not None and has_list(current):
        return current
    if current is None:
        output.warn(f"there is no {README} and no {BASES[0]} to make it from")
        return None
    where = f"; or move its words to {found[0]} and delete it" if found else ""
    output.warn(f"{README} has no place for the list: write {BEGIN} and {END} on two lines where it goes{where}")
    return None


def _base(repository: Repository, base: str | None) -> tuple[str, bytes] | None:
    """Path and content of the file that README.md is made from."""
    if base is not None:
        return base, read_bytes(repository.root / base)
    order = BASES[::-1] if present(os.environ.get("TF_BUILD")) else BASES
    path = next((path for path in order if (repository.root / path).is_file()), None)
    return None if path is None else (path, read_bytes(repository.root / path))


def _with_plan(versions: dict[str, str], plan_file: Path, dist: Path) -> dict[str, str]:
    """``versions`` and what the plan releases, as far as that was built."""
    from paa.record import built_as_planned
    from paa.release import load_plan, load_release_set

    plan = load_plan(plan_file)
    try:
        found = load_release_set(dist)
    except UsageError:
        found = None  # nothing was built
    release_set, _ = built_as_planned(plan, found)
    planned: dict[str, Any] = {item.release.package: item.release.version for item in release_set.releases}
    newer = {
        name: version
        for name, version in planned.items()
        if name not in versions or required_version(version) > required_version(versions[name])
    }
    return versions | newer


COMMANDS = {"update-readme": update_readme}
