"""Jupyter: runs the code of a notebook, in a process of its own and only when somebody asks for it."""

import importlib.util
import json
import os
import sys
from pathlib import Path

from paa.edges import notebook_kernel
from paa.edges.files import read_bytes, temporary_folder, write_tree
from paa.edges.installer import without_upload_secrets
from paa.edges.run import run
from paa.errors import FindingsError, MissingExtraError, OutsideError

_NEEDED = ("nbclient", "ipykernel")
# What one cell, and a whole notebook, may take.
CELL_SECONDS = 600
NOTEBOOK_SECONDS = 3600


def require_jupyter() -> None:
    """Raise MissingExtraError where what runs notebooks is not installed."""
    if any(importlib.util.find_spec(name) is None for name in _NEEDED):
        feature = "executing notebooks"
        raise MissingExtraError(feature, "notebooks")


def execute_notebook(data: bytes, path: str, folder: Path, kernel: str, *, seconds: int = CELL_SECONDS) -> bytes:
    """The notebook in ``data`` (nbformat 4, the content of ``path``) with the outputs that its code has now.

    The code runs in ``folder``, in the Jupyter kernel of this name, without the credentials that packages are published
    with; a cell may take ``seconds``. Raises FindingsError for code that fails or takes longer and for a kernel that is
    not there, OutsideError when Jupyter itself fails.
    """
    with temporary_folder("paa-notebook-") as temporary:
        write_tree(temporary, {"notebook.ipynb": data})
        result = temporary / "result.json"
        asked = {
            "notebook": str(temporary / "notebook.ipynb"),
            "result": str(result),
            "folder": str(folder),
            "kernel": kernel,
            "seconds": str(seconds),
        }
        done = run(
            # -P: a module of the user's beside the program must not be taken for one of the library's.
            [sys.executable, "-P", str(Path(notebook_kernel.__file__)), json.dumps(asked)],
            environment=without_upload_secrets(os.environ),
            seconds=NOTEBOOK_SECONDS,
        )
        if done.code != 0 or not result.exists():
            reason = (done.error_text.splitlines() or [f"exit code {done.code}"])[-1]
            message = f"{path}: Jupyter could not run this notebook: {reason}"
            raise OutsideError(message, advice="try it with: jupyter execute NOTEBOOK")
        outcome = json.loads(read_bytes(result))
    if "failed" in outcome:
        message = f"{path}: this notebook can't be executed: {outcome['failed']}"
        raise FindingsError(message, advice="correct it in Jupyter, or build without --execute-notebook")
    return json.dumps(outcome["notebook"]).encode()
