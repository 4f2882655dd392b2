"""Programs of others that judge pipelines, from the development environment."""

import shutil
import subprocess
import sys
from pathlib import Path

_TOOLS = Path(sys.executable).parent
NODE_MODULES = Path(sys.prefix) / "node" / "node_modules"


def run(program: str | Path, *arguments: str | Path) -> tuple[int, str]:
    """The exit code, and all that it printed."""
    done = subprocess.run(
        [program, *arguments], capture_output=True, text=True, encoding="utf-8", check=False, stdin=subprocess.DEVNULL
    )
    return done.returncode, done.stdout + done.stderr


def tool(name: str) -> str:
    """A program of the development environment. It has to be there: a check that did not run has not passed."""
    found = shutil.which(name, path=str(_TOOLS)) or shutil.which(name)
    assert found, f"{name} is not installed: script/bootstrap"
    return found
