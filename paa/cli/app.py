"""The ``paa`` command: a group whose commands are imported when they are called, and the one error boundary."""

import gc
import importlib
import io
import os
import sys
from collections.abc import Sequence

import click

from paa import __version__
from paa.cli import output
from paa.cli.options import common_options
from paa.errors import PaaError

_BUG = 4
_INTERRUPTED = 130

# name, module below paa.cli, one line for the list. A new command is a line here.
COMMANDS: tuple[tuple[str, str, str], ...] = (
    ("demo", "demo", "Release three packages to a local index, to see how it works."),
    ("init-ppr", "ppr", "Set up a repository with its pipelines, or upgrade them."),
    ("init-paa", "ppr", "Make the folders that .paa.config names."),
    ("init-config", "setup", "Write a .paa.config with its schema."),
    ("list", "look", "List the packages of this repository and their state."),
    ("show", "show", "Show all that is known about a package."),
    ("why", "why", "Show why a package requires a distribution, or why not."),
    ("show-ref-local-deps", "show", "Print the paths of a package's module and components."),
    ("graph", "graph", "Show which packages need which."),
    ("extract-module-requirements", "requirements", "Print the requirements of a package, one a line."),
    ("refresh-module-artifacts", "artifacts", "Fetch what links to artifacts lead to, and pin it."),
    ("plan", "plan", "Show what would be released, as which version, and why."),
    ("make-package", "build", "Build wheels and sdists into dist/."),
    ("test-install", "local_install", "Build a package and install it into this environment."),
    ("run-tests", "run_tests", "Install packages into this environment and run their tests."),
    ("check", "check", "Check what has been built: metadata, files, import."),
    ("publish", "publish", "Upload what has been built and checked."),
    ("record", "record", "Tag what has been published, and track it."),
    ("extract-tracking-version", "record", "Print the version of a package that the tracking files know."),
    ("update-readme", "readme", "Bring the list of packages in README.md up to date."),
    ("make-site", "sites", "Make a website of each package, and a catalogue of all."),
    ("update-release-notes", "notes", "Write the notes of what would be released, to be reworded before."),
    ("index", "static_index", "Make the pages of a static index from its files."),
    ("indexes", "indexes", "Show the indexes, and how to install from each."),
    ("release", "release", "Plan, build, check, publish and record in one go."),
    ("doctor", "doctor", "Find what differs between tags, tracking and indexes, and repair it."),
)


class _LazyGroup(click.Group):
    """Lists its commands from the table above; imports a command's module only to run it or to show its help."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  # click's signature
        return [name for name, _, _ in COMMANDS]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002  # click's signature
        for name, module, _ in COMMANDS:
            if name == cmd_name:
                found: click.Command = importlib.import_module(f"paa.cli.{module}").COMMANDS[name]
                return found
        return None

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and self.get_command(ctx, args[0]) is None:
            import difflib

            close = difflib.get_close_matches(args[0], self.list_commands(ctx), n=1)
            hint = f" Did you mean {close[0]!r}?" if close else ""
            ctx.fail(f"No such command {args[0]!r}.{hint}")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002  # click's signature
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, _, line in COMMANDS])


@click.group(cls=_LazyGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="paa", message="%(prog)s %(version)s")
@common_options
def app(**_options: object) -> None:
    """Drop a .py file into a repository, push, and a released Python package comes out.

    Try it: paa demo
    """


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and exit: 0 done, 1 findings, 2 usage, 3 the outside world, 4 a bug, 130 interrupted."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    # A run makes many objects, keeps most of them and ends: to look for garbage as often as usual takes a third of it.
    gc.set_threshold(100_000, 20, 100)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # A console or pipe that can't show an arrow or somebody's name gets a question mark, not a crash.
            stream.reconfigure(errors="replace")
    sys.exit(run(given))


def run(given: list[str]) -> int:
    """Run ``given`` and return the exit code. The one place that knows every kind of error."""
    try:
        result = app.main(args=given, prog_name="paa", standalone_mode=False)
        code = result if isinstance(result, int) else 0
    except click.exceptions.Exit as error:
        code = error.exit_code
    except click.ClickException as error:
        code = _refused(error, as_json="--json" in given)
    except (click.Abort, KeyboardInterrupt):
        output.fail("interrupted", "run the same command again: it goes on where this one stopped")
        code = _INTERRUPTED
    except (BrokenPipeError, SystemExit):
        # Whoever read our output has stopped (click ends the process then); nothing is to be flushed any more.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 0
    except PaaError as error:
        code = error.exit_code
        _tell(error.message, error.advice, code, as_json="--json" in given)
    except Exception as error:  # the boundary: whatever gets here is a bug in paa
        import traceback

        output.echo_error(traceback.format_exc())
        code = _BUG
        message = f"a bug in paa {__version__}: {type(error).__name__}: {error}"
        _tell(message, "please report it with the lines above", code, as_json="--json" in given)
    return code


def _refused(error: click.ClickException, *, as_json: bool) -> int:
    """A wrong command line, told in click's words; as JSON the error alone is a document."""
    shown = io.StringIO()
    error.show(shown)
    output.echo_error(shown.getvalue().rstrip("\n"))
    if as_json:
        _say_error(error.format_message(), "paa --help", error.exit_code)
    return error.exit_code


def _tell(message: str, advice: str | None, code: int, *, as_json: bool) -> None:
    if as_json:
        _say_error(message, advice, code)
    output.fail(message, advice)


def _say_error(message: str, advice: str | None, code: int) -> None:
    output.say_json({"schema": 1, "error": {"message": message, "advice": advice, "exit_code": code}})
