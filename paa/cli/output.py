"""The only place that writes to the terminal: lines, tables, JSON, progress."""

import contextlib
import os
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from pathlib import Path

    from rich.progress import Progress

# What a CI system takes for a command: GitHub `::` at the begin of a line and `##[` anywhere, Azure both anywhere.
_GITHUB_COMMAND = re.compile(r"^(\s*:)(?=:)", re.MULTILINE)
_AZURE_COMMAND = re.compile(r"##(?=\[|vso\[)", re.IGNORECASE)

# How a value is written behind such a command, so that it can't end it.
_AZURE_ESCAPES = (("%", "%AZP25"), ("\r", "%0D"), ("\n", "%0A"))


def say(text: str = "", *, style: str | None = None) -> None:
    """A line on standard output; colour only where a terminal reads it."""
    click.secho(printable(text), fg=style) if style else click.echo(printable(text))


def warn(text: str) -> None:
    """A line on standard error."""
    click.secho(printable(text), fg="yellow", err=True)


def fail(message: str, advice: str | None) -> None:
    """An error as it ends a command: what is wrong, and what to do next."""
    click.secho("error: ", fg="red", bold=True, nl=False, err=True)
    click.echo(printable(message), err=True)
    if advice:
        click.echo(f"  → {printable(advice)}", err=True)


def echo_error(text: str) -> None:
    """``text`` as it is on standard error: what was written for there by something else (click, Python)."""
    click.echo(printable(text), err=True)


def say_json(document: Mapping[str, object]) -> None:
    """One JSON document on standard output: ASCII alone, and no ``##``, which CI systems take for a command."""
    import json

    click.echo(json.dumps(document, indent=2).replace("##", r"#\u0023"))


def say_azure_variable(name: str, value: str) -> None:
    """The line by which a step of Azure Pipelines sets an output variable."""
    click.echo(f"##vso[task.setvariable variable={name};isOutput=true]{_escaped(value)}")


def say_azure_summary(path: "Path | str") -> None:
    """In Azure Pipelines, the line by which the file ``path`` gets onto the page of the run; elsewhere nothing."""
    if os.environ.get("TF_BUILD"):
        click.echo(f"##vso[task.uploadsummary]{_escaped(os.path.abspath(path))}")  # noqa: PTH100 (leaves links alone)


def say_table(rows: Sequence[Sequence[str]], *, indent: int = 2) -> None:
    """Columns as wide as their longest cell; the last one runs on."""
    if not rows:
        return
    *columns, _ = zip(*rows, strict=True)
    widths = "".join(f"{{:<{max(map(len, column))}}}  " for column in columns)
    form = f"{' ' * indent}{widths}{{}}"
    lines = [form.format(*row).rstrip() for row in rows]
    if not _is_harmless(" ".join(lines)):
        lines = [printable(line) for line in lines]
    # At once: thousands of lines one by one take longer than finding them out.
    click.echo("\n".join(lines))


@contextlib.contextmanager
def progress(description: str, total: int, *, quiet: bool = False) -> Iterator["Step"]:
    """A progress bar on a terminal; elsewhere nothing, so that logs hold lines and no drawings."""
    if quiet or total < 2 or not sys.stderr.isatty():  # noqa: PLR2004  # one thing needs no bar
        yield Step(None, 0)
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TextColumn("{task.fields[name]}"))
    # Where standard output is no terminal, what is said meanwhile must not end up on standard error with the bar.
    console = Console(stderr=True)
    with Progress(*columns, console=console, transient=True, redirect_stdout=sys.stdout.isatty()) as bar:
        yield Step(bar, int(bar.add_task(description, total=total, name="")))


class Step:
    """The moving part of a progress display."""

    def __init__(self, bar: "Progress | None", task: int) -> None:
        self._bar = bar
        self._task = task

    def advance(self, name: str) -> None:
        """One more is done: ``name``."""
        if self._bar is not None:
            self._bar.update(self._task, advance=1, name=name)  # type: ignore[arg-type]  # TaskID is a NewType of int


def _escaped(value: str) -> str:
    for plain, escaped in _AZURE_ESCAPES:
        value = value.replace(plain, escaped)
    return value


def printable(text: str) -> str:
    """Text from commits and files can't move the cursor, ring or start a CI command (``::set-output``, ``##vso``)."""
    if _is_harmless(text):
        return text  # As nearly every line is.
    safe = "".join(letter if letter.isprintable() or letter in "\n\t" else "�" for letter in text)
    return _AZURE_COMMAND.sub("## ", _GITHUB_COMMAND.sub(r"\1 ", safe))


def _is_harmless(text: str) -> bool:
    return text.isprintable() and "#" not in text and "::" not in text
