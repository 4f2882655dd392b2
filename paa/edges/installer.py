"""pip or uv, whichever is there: install requirements into this environment, another one, or a folder of their own."""

import importlib.metadata
import os
import shutil
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from paa.edges.addresses import text_without_user_info
from paa.edges.run import run
from paa.errors import OutsideError

_QUIET_PIP = ("--quiet", "--no-input", "--disable-pip-version-check")
# What an upload is allowed by. Installing can run the code of others (an sdist's build), which must not see it.
_UPLOAD_SECRETS = (
    "TWINE_",
    "PAA_",
    "UV_PUBLISH_",
    "ACTIONS_ID_TOKEN_REQUEST_",
    "SYSTEM_ACCESSTOKEN",
    "CI_JOB_TOKEN",
    "PYPIRC_PATH",
)


def install(requirements: Sequence[str], *, options: Sequence[str] = ()) -> None:
    """Install ``requirements`` (PEP 508 or paths) into the environment that paa runs in. Raises OutsideError."""
    _install(Path(sys.executable), options, requirements)


def install_into(folder: Path, requirements: Sequence[str]) -> None:
    """Install ``requirements`` into ``folder``, from the index that the installer knows. Raises OutsideError."""
    _install(Path(sys.executable), ("--target", str(folder)), requirements)


def install_for(python: Path, requirements: Sequence[str]) -> None:
    """Install ``requirements`` into the environment of another Python, which needs no pip. Raises OutsideError."""
    if requirements:
        _install(python, (), requirements)


def without_upload_secrets(environment: Mapping[str, str]) -> dict[str, str]:
    """``environment`` without the credentials that packages are published with."""
    return {name: value for name, value in environment.items() if not name.upper().startswith(_UPLOAD_SECRETS)}


def _install(python: Path, options: Sequence[str], requirements: Sequence[str]) -> None:
    arguments = [*_installer(python), *options, "--", *requirements]
    done = run(arguments, environment=without_upload_secrets(os.environ))
    if done.code != 0:
        reason = text_without_user_info("\n".join(done.error_text.splitlines()[-5:]))
        message = f"the installer failed: {reason or f'exit code {done.code}'}"
        raise OutsideError(message, advice="check the network and the installer's index settings")


def _installer(python: Path) -> list[str]:
    if _has_pip():
        # -P: a module of the user's in the current folder must not be taken for one of pip's or the library's.
        other = [] if python == Path(sys.executable) else ["--python", str(python)]
        return [sys.executable, "-P", "-m", "pip", *other, "install", *_QUIET_PIP]
    uv = shutil.which("uv")
    if uv is not None:
        return [uv, "pip", "install", "--quiet", "--python", str(python)]
    message = "neither pip nor uv is there to install with"
    raise OutsideError(message, advice="python -m ensurepip, or install uv")


def _has_pip() -> bool:
    """By its metadata: a file pip.py of the user's in the current folder is not pip."""
    try:
        importlib.metadata.distribution("pip")
    except importlib.metadata.PackageNotFoundError:
        return False
    return True
