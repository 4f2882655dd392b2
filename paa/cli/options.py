"""Options that every command has, before or after its name, and the settings that they make."""

import functools
import logging
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

_COMMON = ("directory", "config", "verbose", "quiet")


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What the common options ask for."""

    directory: Path
    config: Path | None
    quiet: bool


def common_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add the common options to a command or the group."""
    options = (
        click.option("-C", "--directory", type=click.Path(path_type=Path), help="Work on the repository there."),
        click.option("--config", type=click.Path(path_type=Path), help="Settings file instead of .paa.config."),
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
            outer = (context.parent.params if context.parent else None) or {}
            function(_settings({key: given[key] or outer.get(key) for key in _COMMON}), **arguments)

        return click.command(name)(common_options(run))

    return decorate


json_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON document (see docs/reference).")
index_option = click.option("--index", "indexes", multiple=True, metavar="NAME", help="Target index, by its name.")


def folder_option(help_text: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """``--dist``: where distributions lie, relative to the repository."""
    return click.option("--dist", type=click.Path(path_type=Path), default=Path("dist"), help=help_text)


def _settings(values: dict[str, Any]) -> Settings:
    levels = {0: logging.WARNING, 1: logging.INFO}
    logging.basicConfig(
        level=levels.get(values["verbose"] or 0, logging.DEBUG), format="%(levelname)s %(name)s: %(message)s"
    )
    here = Path.cwd()
    return Settings(
        directory=here / (values["directory"] or ""),
        config=here / values["config"] if values["config"] else None,
        quiet=bool(values["quiet"]),
    )
