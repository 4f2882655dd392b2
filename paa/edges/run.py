"""Other programs: the only importer of subprocess. Arguments are always a list; no shell is ever involved."""

import contextlib
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from paa.errors import OutsideError

_STANDARD_ERROR = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Completed:
    """How a program ended: its exit code and what it wrote."""

    code: int
    output: bytes
    errors: bytes

    @property
    def error_text(self) -> str:
        """Standard error as text, stripped."""
        return self.errors.decode("utf-8", "replace").strip()


def run(
    arguments: Sequence[str],
    *,
    folder: Path | None = None,
    standard_input: bytes = b"",
    environment: Mapping[str, str] | None = None,
    seconds: float | None = None,
) -> Completed:
    """Run a program to its end and return how it ended; its exit code is the caller's to judge.

    ``environment`` replaces the whole environment when given. Raises OutsideError when the program can't be started
    or is still running after ``seconds`` (it is killed then).
    """
    with _translated(arguments[0], folder, seconds):
        done = subprocess.run(
            list(arguments),
            cwd=folder,
            input=standard_input,
            env=None if environment is None else dict(environment),
            capture_output=True,
            timeout=seconds,
            check=False,
        )
    return Completed(code=done.returncode, output=done.stdout, errors=done.stderr)


@contextlib.contextmanager
def started(
    arguments: Sequence[str], *, folder: Path, environment: Mapping[str, str]
) -> Iterator[Callable[[], Completed]]:
    """Start a program that reads nothing, to do something else meanwhile; the result waits for its end.

    Who leaves before that stops it. Raises OutsideError when it can't be started.
    """
    with _translated(arguments[0], folder, None):
        process = subprocess.Popen(
            list(arguments),
            cwd=folder,
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )

    def end() -> Completed:
        output, errors = process.communicate()
        return Completed(code=process.returncode, output=output, errors=errors)

    with process:
        try:
            yield end
        finally:
            if process.poll() is None:
                process.kill()


def run_shown(
    arguments: Sequence[str], *, folder: Path, environment: Mapping[str, str], output_to_errors: bool = False
) -> int:
    """Run a program that prints where this process prints, and reads nothing; return its exit code.

    With ``output_to_errors`` all that it prints goes to standard error. Raises OutsideError when it can't be started.
    """
    sys.stdout.flush()
    with _translated(arguments[0], folder, None):
        done = subprocess.run(
            list(arguments),
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=_STANDARD_ERROR if output_to_errors else None,
            env=dict(environment),
            check=False,
        )
    return done.returncode


@contextlib.contextmanager
def _translated(program: str, folder: Path | None, seconds: float | None) -> Iterator[None]:
    try:
        yield
    except FileNotFoundError as error:
        message = f"the program {program!r} is not installed (or the folder {folder} is gone)"
        raise OutsideError(message, advice=f"install {program} and run again") from error
    except subprocess.TimeoutExpired as error:
        message = f"{program} did not end within {seconds:.0f} s and was stopped"
        raise OutsideError(message) from error
    except OSError as error:
        message = f"cannot run {program}: {error.strerror or error}"
        raise OutsideError(message) from error
