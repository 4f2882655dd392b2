"""Other programs: the only importer of subprocess. Arguments are always a list; no shell is ever involved."""

import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from paa.errors import OutsideError


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
    try:
        done = subprocess.run(
            list(arguments),
            cwd=folder,
            input=standard_input,
            env=None if environment is None else dict(environment),
            capture_output=True,
            timeout=seconds,
            check=False,
        )
    except FileNotFoundError as error:
        message = f"the program {arguments[0]!r} is not installed (or the folder {folder} is gone)"
        raise OutsideError(message, advice=f"install {arguments[0]} and run again") from error
    except subprocess.TimeoutExpired as error:
        message = f"{arguments[0]} did not end within {seconds:.0f} s and was stopped"
        raise OutsideError(message) from error
    except OSError as error:
        message = f"cannot run {arguments[0]}: {error.strerror or error}"
        raise OutsideError(message) from error
    return Completed(code=done.returncode, output=done.stdout, errors=done.stderr)
