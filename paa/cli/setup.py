"""``paa init-config``."""

import click

from paa.cli import output
from paa.cli.options import Settings, command
from paa.config.text import config_files
from paa.edges.files import write_atomic
from paa.errors import UsageError


@command("init-config")
@click.option("--full", is_flag=True, help="Show every key with its default.")
@click.option("--force", is_flag=True, help="Overwrite a .paa.config that is there.")
def init_config(settings: Settings, *, full: bool, force: bool) -> None:
    """Write .paa.config and the schema by which editors complete and check it."""
    files = config_files(full=full)
    for path in files:
        target = settings.directory / path
        if path == ".paa.config" and target.exists() and not force:
            message = f"{target} is there already"
            raise UsageError(message, advice="edit it, or overwrite it with --force")
    for path, data in files.items():
        write_atomic(settings.directory / path, data)
        output.say(f"wrote {path}", style="green")


COMMANDS = {"init-config": init_config}
