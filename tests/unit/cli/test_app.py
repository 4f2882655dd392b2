"""The one error boundary: every kind of ending has its exit code."""

import importlib
import re
import subprocess
import sys
from collections.abc import Callable

import click
import pytest

from paa import __version__, errors
from paa.cli import app

# What commits, paths and names of packages may hold, and what the agents of GitHub and Azure would act on.
HOSTILE = "fix\n::set-output name=a::gotcha\r\n ##vso[task.setvariable variable=a]gotcha ##[add-mask]x\n\t::debug::x"
COMMAND = re.compile(r"^\s*::|##\[|##vso\[|\r", re.MULTILINE | re.IGNORECASE)


def ending_with(error: BaseException) -> click.Command:
    """A command that raises ``error``."""

    @click.command("list")
    @click.option("--json", "as_json", is_flag=True)
    def command(*, as_json: bool) -> None:  # noqa: ARG001  # a command's options
        raise error

    return command


@pytest.fixture
def raises(monkeypatch: pytest.MonkeyPatch) -> Callable[[BaseException], None]:
    """A function that makes ``paa list`` raise an error."""
    module = importlib.import_module("paa.cli.look")

    def replace(error: BaseException) -> None:
        monkeypatch.setitem(module.COMMANDS, "list", ending_with(error))

    return replace


@pytest.mark.parametrize(
    ("error", "code", "said"),
    [
        (errors.FindingsError("a finding", advice="mend it"), 1, "error: a finding\n  → mend it\n"),
        (errors.UsageError("wrong"), 2, "error: wrong\n"),
        (errors.ConfigError("wrong", faults=["x: y"]), 2, "error: wrong\n  x: y\n"),
        (errors.MissingExtraError("a feature", "api"), 2, "pip install 'paa[api]'"),
        (errors.GitError("git"), 3, "error: git\n"),
        (errors.BuildError("backend"), 3, "error: backend\n"),
        (click.UsageError("not like this"), 2, "not like this"),
        (click.exceptions.Exit(7), 7, ""),
        (KeyboardInterrupt(), 130, "interrupted"),
        (click.Abort(), 130, "interrupted"),
        (ZeroDivisionError("by zero"), 4, f"a bug in paa {__version__}: ZeroDivisionError: by zero"),
        (RecursionError("too deep"), 4, "please report it"),
    ],
)
def test_every_error_has_its_exit_code_and_is_told_on_standard_error(
    raises: Callable[[BaseException], None],
    capsys: pytest.CaptureFixture[str],
    error: BaseException,
    code: int,
    said: str,
) -> None:
    raises(error)
    assert app.run(["list"]) == code
    captured = capsys.readouterr()
    assert captured.out == ""
    assert said in captured.err
    assert ("Traceback" in captured.err) == (code == 4)


def test_the_exit_code_reaches_the_system(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        app.main(["--version"])
    assert ended.value.code == 0
    assert capsys.readouterr().out == f"paa {__version__}\n"
    with pytest.raises(SystemExit) as ended:
        app.main(["no-such-command"])
    assert ended.value.code == 2


def test_every_command_of_the_list_is_there_under_its_name() -> None:
    for name, module, line in app.COMMANDS:
        command = importlib.import_module(f"paa.cli.{module}").COMMANDS[name]
        assert command.name == name
        assert command.help
        assert line.endswith(".")
    listed = {name for name, _, _ in app.COMMANDS}
    rooms = {module for _, module, _ in app.COMMANDS}
    assert listed == {name for module in rooms for name in importlib.import_module(f"paa.cli.{module}").COMMANDS}


def test_the_common_options_stand_before_or_after_the_command(
    capsys: pytest.CaptureFixture[str], tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = str(tmp_path_factory.mktemp("empty"))
    assert app.run(["-C", folder, "list"]) == 0
    before = capsys.readouterr()
    assert app.run(["list", "-C", folder]) == 0
    assert capsys.readouterr() == before
    # The nearer one counts.
    assert app.run(["-C", "/nowhere", "list", "-C", folder]) == 0


@pytest.mark.parametrize(
    "error",
    [
        errors.UsageError(HOSTILE, advice=HOSTILE),
        errors.ConfigError("wrong", faults=[HOSTILE]),
        click.UsageError(HOSTILE),
        click.BadParameter(HOSTILE),
        ValueError(HOSTILE),
    ],
)
def test_no_error_starts_a_command_of_a_ci_system(
    raises: Callable[[BaseException], None], capsys: pytest.CaptureFixture[str], error: BaseException
) -> None:
    raises(error)
    app.run(["list"])
    captured = capsys.readouterr()
    assert "gotcha" in captured.err
    assert not COMMAND.search(captured.out + captured.err)


def test_no_log_starts_a_command_of_a_ci_system() -> None:
    program = (
        "import logging; from paa.cli.logs import set_up_logging; set_up_logging(logging.WARNING);"
        f"logging.warning('%s', {HOSTILE!r}); logging.exception('x', exc_info=ValueError({HOSTILE!r}))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stderr.count("gotcha") >= 2
    assert not COMMAND.search(done.stderr)
