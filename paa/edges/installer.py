"""pip or uv, whichever is there: install requirements into the current environment or into a folder of their own."""

import importlib.util
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

from paa.edges.git import without_user_info
from paa.edges.run import run
from paa.errors import OutsideError

_QUIET_PIP = ("--quiet", "--no-input", "--disable-pip-version-check")


def install(requirements: Sequence[str], *, options: Sequence[str] = ()) -> None:
    """Install ``requirements`` (PEP 508 or paths) into the environment that paa runs in. Raises OutsideError."""
    _install([*options, *requirements])


def install_into(folder: Path, requirements: Sequence[str]) -> None:
    """Install ``requirements`` into ``folder``, from the index that the installer knows. Raises OutsideError."""
    _install(["--target", str(folder), *requirements])


def _install(arguments: Sequence[str]) -> None:
    done = run([*_installer(), *arguments])
    if done.code != 0:
        reason = without_user_info("\n".join(done.error_text.splitlines()[-5:]))
        message = f"the installer failed: {reason}"
        raise OutsideError(message, advice="check the network and the installer's index settings")


def _installer() -> list[str]:
    if importlib.util.find_spec("pip") is not None:
        return [sys.executable, "-m", "pip", "install", *_QUIET_PIP]
    uv = shutil.which("uv")
    if uv is not None:
        return [uv, "pip", "install", "--quiet", "--python", sys.executable]
    message = "neither pip nor uv is there to install with"
    raise OutsideError(message, advice="python -m ensurepip, or install uv")
