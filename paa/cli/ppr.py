"""``paa init-ppr`` and ``paa init-paa``: the files and folders of a repository that releases packages."""

from typing import TYPE_CHECKING, Any

import click

from paa.cli import output
from paa.cli.options import Settings, command, json_option, one_at_a_time
from paa.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from paa.ppr.init import Request, SetUp
    from paa.ppr.upgrade import Change
    from paa.scan.repository import Repository

_SAID = {
    "created": "",
    "upgraded": "",
    "merged": "with what you have changed in it",
    "kept": "as you have it",
    "deleted": "by you, so it stays away (--force brings it back)",
    "restored": "though you have deleted it",
    "replaced": "what was there is {kept}",
    "removed": "it is not generated any more",
    "conflict": "what you and paa have changed does not go together: your file stays, the new text is {beside}; "
    "take from it what you want, then remove it",
    "not ours": "paa did not write this file, so it stays; what paa would write is {beside}: "
    "give your file another name to have both, or take from the new one what you want, then remove it",
    "existing tool": "a template of package-auto-assembler, which stays; --force replaces it and keeps it as {old}",
}
_STYLES = {"conflict": "red", "not ours": "red", "existing tool": "red", "kept": None, "deleted": None}

dry_run_option = click.option("--dry-run", is_flag=True, help="Write nothing, and say what would be done.")


@command("init-ppr")
@click.option("--github", is_flag=True, help="With workflows of GitHub Actions.")
@click.option("--azure", is_flag=True, help="With a pipeline of Azure DevOps.")
@click.option("--full/--no-full", default=None, help="With every optional folder and every key of .paa.config.")
@click.option("--trigger", type=click.Choice(("push", "tag")), help="What releases: a push (default), or a tag.")
@click.option(
    "--environment-per-package/--no-environment-per-package",
    default=None,
    help="Publish each package in an environment of its own.",
)
@click.option(
    "--index", "indexes", multiple=True, metavar="NAME", help="Publish there too; may be given several times."
)
@click.option("--lock/--no-lock", default=None, help="Install paa in pipelines from a file with hashes.")
@click.option("--force", is_flag=True, help="Bring back deleted files, and replace what can't be merged or is old.")
@dry_run_option
@json_option
def init_ppr(settings: Settings, *, dry_run: bool, as_json: bool, **given: Any) -> None:  # noqa: ANN401  # click's
    """Set up a repository of packages with its pipelines, or bring them up to date.

    The first run writes pipelines, .paa.config and the parts of the README; the next one makes the folders that
    .paa.config names. What you have changed is kept. Options hold for later runs until others are given.
    """
    from paa.ppr.init import Request
    from paa.ppr.options import Platform, Trigger

    if given["github"] == given["azure"]:
        message = "say where pipelines run: --github or --azure"
        raise UsageError(message, advice="paa init-ppr --github; for both, one after the other")
    trigger = given["trigger"]
    request = Request(
        platform=Platform.GITHUB if given["github"] else Platform.AZURE,
        full=given["full"],
        trigger=None if trigger is None else Trigger(trigger),
        environment_per_package=given["environment_per_package"],
        indexes=given["indexes"],
        lock=given["lock"],
        force=given["force"],
    )
    _set_up(_repository(settings, at_top=True), request, settings, dry_run=dry_run, as_json=as_json)


@command("init-paa")
@click.option("--full/--no-full", default=None, help="Every optional folder.")
@click.option("--force", is_flag=True, help="Bring back folders that were deleted.")
@dry_run_option
@json_option
def init_paa(settings: Settings, *, full: bool | None, force: bool, dry_run: bool, as_json: bool) -> None:
    """Make the folders that .paa.config names."""
    from paa.ppr.init import Request

    request = Request(full=full, force=force)
    _set_up(_repository(settings, at_top=False), request, settings, dry_run=dry_run, as_json=as_json)


def _repository(settings: Settings, *, at_top: bool) -> "Repository":
    """The repository of the folder; pipelines belong to the top of it."""
    from paa.edges.git import find_top
    from paa.ppr.init import read_generated
    from paa.ppr.settings import open_for_set_up
    from paa.scan.repository import open_repository

    if at_top:
        known = read_generated(settings.directory, force=True)
        repository = open_for_set_up(settings.directory, settings.config, known)
    else:
        repository = open_repository(settings.directory, settings.config)
    top: Path = find_top(repository.root) or repository.root
    if at_top and not settings.directory.resolve() == repository.root == top.resolve():
        message = f"pipelines belong to the top of the repository, which is {top}"
        raise UsageError(message, advice=f"run it there, or 'git init' in {settings.directory} for one of its own")
    return repository


def _set_up(repository: "Repository", request: "Request", settings: Settings, *, dry_run: bool, as_json: bool) -> None:
    from paa.ppr.apply import apply
    from paa.ppr.init import plan_set_up
    from paa.ppr.report import set_up_to_json

    with one_at_a_time(repository.root):
        set_up = plan_set_up(repository, request)
        kept = {} if dry_run else apply(set_up)
    if as_json:
        output.say_json(set_up_to_json(set_up, kept, dry_run=dry_run))
    else:
        _say(set_up, kept, settings, dry_run=dry_run)
    if set_up.unsettled:
        click.get_current_context().exit(1)


def _say(set_up: "SetUp", kept: "Mapping[str, str]", settings: Settings, *, dry_run: bool) -> None:
    from paa.ppr.next_steps import next_steps

    if dry_run:
        output.say("nothing is written; this is what would be done:")
    for change in set_up.changes:
        if change.state != "unchanged" or settings.verbose:
            output.say(_line(change, kept), style=_STYLES.get(change.state, "green"))
    same = sum(change.state == "unchanged" for change in set_up.changes)
    if same:
        output.say(f"{same} {'file is' if same == 1 else 'files are'} as generated")
    for path in set_up.ignored:
        output.warn(f"Git ignores {path}: take it out of .gitignore, it has to be committed")
    steps = next_steps(set_up)
    if steps and not settings.quiet:
        output.say("next:")
        for number, step in enumerate(steps, start=1):
            output.say(f"  {number}. {step}")


def _line(change: "Change", kept: "Mapping[str, str]") -> str:
    name = change.path.rpartition("/")[2]
    names = {"beside": f"{change.path}.new", "old": f"{name}.old", "kept": kept.get(change.path, f"kept as {name}.old")}
    said = _SAID.get(change.state, "").format(**names)
    return f"{change.state} {change.path}{f': {said}' if said else ''}"


COMMANDS = {"init-ppr": init_ppr, "init-paa": init_paa}
