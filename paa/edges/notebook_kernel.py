"""A program of its own, run by the Python that paa runs in: executes a notebook in a Jupyter kernel.

It needs nbclient and what that brings, and nothing of paa. Its one argument is a JSON object: ``notebook`` and
``result`` (paths of the notebook and of what to write), ``folder`` (where the code runs), ``kernel`` (its name) and
``seconds`` (how long one cell may take). The result is ``{"notebook": …}``, or ``{"failed": …}`` with the reason.
"""

import json
import sys
from pathlib import Path


def main(asked: dict[str, str]) -> dict[str, object]:
    """Execute the notebook; the outcome is the result document."""
    import nbformat
    from jupyter_client.kernelspec import KernelSpecManager, NoSuchKernel
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

    notebook = nbformat.reads(Path(asked["notebook"]).read_text(encoding="utf-8-sig"), as_version=4)
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            cell["outputs"], cell["execution_count"] = [], None
    client = NotebookClient(
        notebook,
        timeout=int(asked["seconds"]),
        kernel_name=asked["kernel"],
        resources={"metadata": {"path": asked["folder"]}},
    )
    try:
        client.execute()
    except CellExecutionError as error:
        return {"failed": f"{_where(notebook)} failed: {error.ename}: {error.evalue}"}
    except CellTimeoutError:
        return {"failed": f"{_where(notebook)} did not end within {asked['seconds']} s"}
    except DeadKernelError:
        return {"failed": f"its kernel died in {_where(notebook)}"}
    except NoSuchKernel:
        known = ", ".join(sorted(KernelSpecManager().find_kernel_specs())) or "none"
        return {"failed": f"there is no kernel {asked['kernel']!r} here (there is: {known})"}
    return {"notebook": json.loads(nbformat.writes(notebook))}


def _where(notebook: dict[str, list[dict[str, object]]]) -> str:
    """The cell that was run last: one that has begun and has no successor that has."""
    begun = [number for number, cell in enumerate(notebook["cells"], start=1) if cell.get("execution_count")]
    return f"cell {max(begun)}" if begun else "its first cell"


if __name__ == "__main__":
    arguments = json.loads(sys.argv[1])
    Path(arguments["result"]).write_text(json.dumps(main(arguments)), encoding="utf-8")
