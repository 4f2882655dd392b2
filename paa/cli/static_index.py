"""``paa index build``."""

from pathlib import Path
from typing import Any

import click

from paa.cli import output
from paa.cli.options import Settings, command, common_options
from paa.errors import FileError, UsageError


@click.group("index")
@common_options
def index(**_: Any) -> None:  # noqa: ANN401  # its commands read them
    """A static index: a folder that pip and uv install from, over a web server or none."""


@command("build")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
def build(settings: Settings, folder: Path) -> None:
    """Make the pages of the index in DIR from its files, all of them again: what was added, lost or yanked by hand.

    Wheels and sdists that lie in DIR itself are copied to their places below DIR/simple/ first.
    """
    from paa.publish.static_index import add_folder, build_pages

    root = settings.directory / folder
    if not root.is_dir():
        message = f"{root} is not a folder"
        raise FileError(message, advice="name the folder that holds the distributions")
    added = add_folder(root)
    build_pages(root)
    projects = sorted(path.parent.name for path in (root / "simple").glob("*/index.json"))
    if not projects:
        message = f"{root} holds no wheels and no sdists"
        raise UsageError(message, advice="put them into the folder, then run again")
    output.say(f"{len(projects)} packages, {added} new files: {(root / 'simple').as_uri()}/")


index.add_command(build)

COMMANDS = {"index": index}
