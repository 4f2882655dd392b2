"""docs/reference/commands.md names every command and every option that there is, and no other."""

import re
from pathlib import Path

import click
import pytest

from paa.cli.app import COMMANDS, app

PAGE = (Path(__file__).parents[2] / "docs/reference/commands.md").read_text()
COMMON = {"--directory", "--config", "--verbose", "--quiet", "--help", "--version"}


def options_of(name: str) -> set[str]:
    command = app.get_command(click.Context(app), name)
    assert command is not None
    return {option for parameter in command.params for option in parameter.opts if option.startswith("--")} - COMMON


@pytest.mark.parametrize("name", [name for name, _, _ in COMMANDS])
def test_the_page_has_the_command_with_all_its_options(name: str) -> None:
    (line,) = re.findall(rf"^- `paa {re.escape(name)}(?= |`)(.*?)`", PAGE, re.MULTILINE)
    assert set(re.findall(r"--[a-z-]+", line)) - COMMON == options_of(name)


def test_the_page_has_no_command_that_is_not_there() -> None:
    assert set(re.findall(r"^- `paa ([a-z-]+)", PAGE, re.MULTILINE)) == {name for name, _, _ in COMMANDS}
