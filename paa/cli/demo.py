"""``paa demo``."""

import contextlib
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import click

from paa.cli import output
from paa.cli.options import Settings, command
from paa.demo import Stage, run_demo
from paa.edges.files import temporary_folder
from paa.errors import UsageError

_NEXT = """
What next, in a repository of your own:
  mkdir python_modules && mv my_script.py python_modules/
  paa plan --offline            what would be released, and why
  paa make-package my_script    a wheel in dist/, nothing else touched
  paa test-install my_script    try it in this environment
  paa release                   to PyPI, or to the index that .paa.config names
  paa init-config               all settings, each with its explanation"""


@command("demo")
@click.option("--keep", type=click.Path(path_type=Path), metavar="FOLDER", help="Play it in FOLDER and keep that.")
def demo(settings: Settings, keep: Path | None) -> None:
    """Release three packages from a made-up repository to a local index, change one, release again.

    Needs Git and no network; ends with what to do in your own repository.
    """
    started = time.monotonic()
    stage = Stage(step=_step, say=_say)
    if keep is None:
        with temporary_folder("paa-demo-") as folder:
            run_demo(folder, stage)
    else:
        folder = settings.directory / keep
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            message = f"{folder} is there already"
            raise UsageError(message, advice="name a new folder: nothing is overwritten")
        run_demo(folder, stage)
        output.say(f"kept: {folder}")
    output.say(
        f"\nDone in {time.monotonic() - started:.0f} s: exactly what had changed was released, once.", style="green"
    )
    output.say(_NEXT)


def _say(text: str) -> None:
    output.say(text, style="cyan" if text.startswith("$ ") else None)


@contextlib.contextmanager
def _step(name: str) -> Iterator[None]:
    """A spinner on a terminal while it runs; afterwards, and in logs, one line."""
    started = time.monotonic()
    if sys.stderr.isatty():
        from rich.console import Console

        with Console(stderr=True).status(name):
            yield
    else:
        yield
    output.say(f"✓ {name} ({time.monotonic() - started:.1f} s)", style="green")


COMMANDS = {"demo": demo}
