"""``paa make-site``."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from paa.cli import output
from paa.cli.indexes import install_text
from paa.cli.options import Settings, command, folder_option
from paa.edges.files import temporary_folder, write_atomic
from paa.edges.git_settings import Remote
from paa.edges.git_store import open_store
from paa.edges.mkdocs import require_mkdocs
from paa.errors import PaaError, UsageError
from paa.model import IndexKind, Release
from paa.publish.installing import Installer
from paa.publish.targets import select_indexes
from paa.scan.repository import Repository, disk_state, open_repository
from paa.scan.state import scan_state
from paa.sites.build import Workshop
from paa.sites.model import ListedSite
from paa.sites.place import update_branch, update_folder
from paa.sites.read import InstallTexts, Sources, list_sites, read_sources
from paa.sites.theme import theme_name
from paa.sites.update import Update, decide

_FAILED = 1
_FOLDER = Path("site")
_SHOWN = (Installer.PIP, Installer.UV, Installer.POETRY)


@command("make-site")
@click.argument("packages", nargs=-1)
@click.option("--output", "folder", type=click.Path(path_type=Path), metavar="DIR", help="Where they go: site/.")
@click.option("--push", is_flag=True, help="Put them on the branch that GitHub Pages shows, in one commit.")
@click.option("--branch", default="gh-pages", show_default=True, help="That branch.")
@click.option("--remote", default="origin", show_default=True, help="The remote that has it.")
@click.option(
    "--plan", "plan_file", type=click.Path(path_type=Path), metavar="FILE", help="With what this plan releases."
)
@folder_option("Where what the plan releases was built.")
def make_site(settings: Settings, packages: tuple[str, ...], **options: Any) -> None:  # noqa: ANN401  # click gives each its own
    """Make a website of each package, and a catalogue of all at the top: pages, installation, release notes.

    Only what has changed is made again, and everything else that is there stays. Without names: all that are released.
    """
    repository = open_repository(settings.directory, settings.config)
    if options["push"] and not repository.config.add_mkdocs_site and not packages:
        output.say("no sites: add_mkdocs_site is false in .paa.config")
        return
    require_mkdocs()
    state = scan_state(repository, disk_state(repository))
    listed = list_sites(state, _planned(settings, repository, options))
    released = [name for name, item in listed.items() if item.version is not None]
    names = packages or (released if released or options["push"] else list(listed))
    sources = read_sources(state, listed, names, _install_texts(repository))
    updates = _update(repository, sources, options, base=settings.directory)
    _tell(sources, updates)
    if sources.failed:
        raise click.exceptions.Exit(_FAILED)


def _update(repository: Repository, sources: Sources, options: Mapping[str, Any], *, base: Path) -> dict[str, Update]:
    """Bring each place up to date; what was changed, by what the place is called."""
    updates = {}
    with temporary_folder("paa-sites-") as work:
        workshop = Workshop(folder=work, theme=theme_name())
        if options["folder"] is not None or not options["push"]:
            folder = base / (options["folder"] or repository.root / _FOLDER)
            ours = options["folder"] is None and not folder.exists()
            updates[str(folder)] = update_folder(
                folder, lambda manifest, there: decide(workshop, sources.sites, sources.catalogue, manifest, there)
            )
            if ours:
                # Made from what is committed: in Git it would only be in the way of the next release.
                write_atomic(folder / ".gitignore", b"*\n")
        if options["push"]:
            remote = Remote(root=repository.root, address=options["remote"])
            with open_store(remote) as store:
                updates[f"the branch {options['branch']}"] = update_branch(
                    store,
                    options["branch"],
                    lambda manifest, there: decide(workshop, sources.sites, sources.catalogue, manifest, there),
                )
        for site in workshop.made.values():
            for warning in site.warnings:
                output.warn(warning)
    return updates


def _tell(sources: Sources, updates: Mapping[str, Update]) -> None:
    for place, update in updates.items():
        for name in update.made:
            output.say(f"made {name}", style="green")
        output.say(f"{place}: sites made: {len(update.made)}, unchanged: {len(update.unchanged)}")
        for name, reason in sorted(update.skipped.items()):
            output.warn(f"{name or 'the catalogue'} was left out: {reason}")
    for name, reason in sorted(sources.failed.items()):
        output.fail(f"no site for {name}: {reason}", None)


def _planned(settings: Settings, repository: Repository, options: Mapping[str, Any]) -> tuple[Release, ...]:
    """What the plan releases and was built."""
    if options["plan_file"] is None:
        return ()
    from paa.record import built_as_planned
    from paa.release import load_plan, load_release_set

    plan = load_plan(settings.directory / options["plan_file"])
    try:
        found = load_release_set(repository.root / options["dist"])
    except UsageError:
        return ()
    release_set, _ = built_as_planned(plan, found)
    return tuple(item.release for item in release_set.releases)


def _install_texts(repository: Repository) -> InstallTexts:
    """How each package is installed from each index that others can reach."""
    indexes = [index for index in select_indexes(repository.config, ()) if index.kind is not IndexKind.DIRECTORY]

    def texts(item: ListedSite) -> Mapping[str, Mapping[str, str]]:
        packages = {item.scanned.distribution: item.package}
        found: dict[str, dict[str, str]] = {}
        for index in indexes:
            for installer in _SHOWN:
                try:
                    text = install_text(repository, index, installer, packages)
                except PaaError:
                    continue
                found.setdefault(index.name, {})[installer.value] = text
        return found

    return texts


COMMANDS = {"make-site": make_site}
