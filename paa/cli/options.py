"""Options that every command has, before or after its name, and the settings that they make.

This is imported by every start of paa, so what the command line alone does not need is imported where it is used.
"""

import contextlib
import functools
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import click

from paa.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path

_WAIT_SECONDS = 1800.0
_COMMON = ("directory", "config", "verbose", "quiet")


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What the common options ask for. ``directory`` is there and absolute, like ``config``."""

    directory: "Path"
    config: "Path | None"
    quiet: bool
    verbose: bool = False


def common_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add the common options to a command or the group."""
    options = (
        click.option("-C", "--directory", metavar="FOLDER", help="Work on the repository there."),
        click.option("--config", metavar="FILE", help="Settings file instead of .paa.config."),
        click.option("-v", "--verbose", count=True, help="Say more; twice: even more."),
        click.option("-q", "--quiet", is_flag=True, help="Say only what was asked for, and errors."),
    )
    for option in reversed(options):
        function = option(function)
    return function


def command(name: str) -> Callable[[Callable[..., None]], click.Command]:
    """A click command whose function gets ``settings`` first, made from the options before and after its name."""

    def decorate(function: Callable[..., None]) -> click.Command:
        @functools.wraps(function)
        def run(**arguments: Any) -> None:  # noqa: ANN401  # click gives each command its own
            context = click.get_current_context()
            given = {key: arguments.pop(key) for key in _COMMON}
            outer = _given_before(context.parent)
            function(_settings({key: given[key] or outer.get(key) for key in _COMMON}), **arguments)

        return click.command(name)(common_options(run))

    return decorate


def _given_before(context: click.Context | None) -> dict[str, Any]:
    """The common options before the name of a command: those of the group that is nearest to it count."""
    if context is None:
        return {}
    return _given_before(context.parent) | {key: value for key in _COMMON if (value := context.params.get(key))}


class VariableOption(click.Option):
    """An option that an environment variable (``envvar``) gives too; empty and Azure's ``$(NAME)`` count as absent."""

    def resolve_envvar_value(self, ctx: click.Context) -> str | None:
        """What the variable has."""
        return _given(super().resolve_envvar_value(ctx))


class VariableArgument(click.Argument):
    """The same for an argument; its words are split at white space."""

    def resolve_envvar_value(self, ctx: click.Context) -> str | None:
        """What the variable has."""
        return _given(super().resolve_envvar_value(ctx))


def _given(value: str | None) -> str | None:
    """What a variable gives, None for nothing."""
    from paa.edges.variables import present

    # GitHub knows no variables of that form: there somebody has typed it, and what is typed is never "everything".
    return (value or "").strip() or None if os.environ.get("GITHUB_ACTIONS") else present(value)


packages_argument = click.argument("packages", nargs=-1, cls=VariableArgument, envvar="PAA_PACKAGES")
json_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON document (see docs/reference).")
jobs_option = click.option(
    "--jobs", type=click.IntRange(1, 64), metavar="N", help="How many files are sent at once; without it, what pays."
)
index_option = click.option(
    "--index",
    "indexes",
    cls=VariableOption,
    envvar="PAA_INDEX",
    show_envvar=True,
    multiple=True,
    metavar="NAME",
    help="Target index, by its name.",
)
summary_option = click.option(
    "--summary", metavar="FILE", help="Append what a person has to know to this file, as Markdown for a job's page."
)


def dry_run_option(help_text: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """``--dry-run``, which ``PAA_DRY_RUN`` (true or false) gives too."""
    return click.option("--dry-run", is_flag=True, cls=VariableOption, envvar="PAA_DRY_RUN", help=help_text)


def folder_option(help_text: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """``--dist``: where distributions lie, relative to the repository."""
    from pathlib import Path

    return click.option("--dist", type=click.Path(path_type=Path), default=Path("dist"), help=help_text)


@contextlib.contextmanager
def one_at_a_time(root: "Path") -> Iterator[None]:
    """Work on the repository at ``root`` alone: wait for another paa that is at work on it, and say so."""
    from paa.cli import output
    from paa.edges.cache import cache_folder, work_lock
    from paa.edges.files import lock
    from paa.errors import FileError

    path = work_lock(cache_folder(os.environ), root)
    with contextlib.ExitStack() as stack:
        if path is not None:
            try:
                stack.enter_context(lock(path, seconds=0))
            except FileError:
                output.warn(f"another paa is at work on {root}: waiting for it to end")
                stack.enter_context(lock(path, seconds=_WAIT_SECONDS))
        yield


def _settings(values: dict[str, Any]) -> Settings:
    import logging
    from pathlib import Path

    from paa.cli.logs import set_up_logging

    levels = {0: logging.WARNING, 1: logging.INFO}
    set_up_logging(levels.get(values["verbose"] or 0, logging.DEBUG))
    try:
        here = Path.cwd()
    except FileNotFoundError as error:
        message = "the current folder has been deleted"
        raise UsageError(message, advice="change to a folder that is there") from error
    directory = here / (values["directory"] or "")
    if not directory.is_dir():
        message = f"{directory} is not a folder"
        raise UsageError(message, advice="check the path behind -C")
    return Settings(
        directory=directory,
        config=here / values["config"] if values["config"] else None,
        quiet=bool(values["quiet"]),
        verbose=bool(values["verbose"]),
    )
