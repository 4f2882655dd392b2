"""Running notebooks: for real where Jupyter is installed, and a clear error where it is not."""

import importlib.util
import json
import os
import sys
from pathlib import Path

import pytest

from paa.edges.notebooks import execute_notebook, require_jupyter
from paa.errors import FindingsError, MissingExtraError

HAS_JUPYTER = all(importlib.util.find_spec(name) for name in ("nbclient", "ipykernel"))
with_jupyter = pytest.mark.skipif(not HAS_JUPYTER, reason="pip install 'paa[notebooks]'")
PATH = "example_notebooks/tool.ipynb"


def notebook(*sources: str, tags: tuple[str, ...] = ()) -> bytes:
    cells = [
        {"cell_type": "code", "metadata": {"tags": list(tags)}, "source": source, "outputs": [], "execution_count": 7}
        for source in sources
    ]
    return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 4}).encode()


def printed(data: bytes) -> list[str]:
    cells = json.loads(data)["cells"]
    return ["".join(output.get("text", "")) for cell in cells for output in cell["outputs"]]


def test_without_jupyter_the_error_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    # What the import system takes for "not installed".
    monkeypatch.setitem(sys.modules, "nbclient", None)
    with pytest.raises(MissingExtraError, match="executing notebooks needs packages") as caught:
        require_jupyter()
    assert caught.value.advice == "pip install 'paa[notebooks]'"


@with_jupyter
def test_code_runs_in_its_folder_and_sees_no_credentials(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    require_jupyter()
    (tmp_path / "data.txt").write_text("from the folder")
    monkeypatch.setenv("TWINE_PASSWORD", "hunter2")
    sources = ("print(open('data.txt').read())", "import os; print(sorted(set(os.environ) & {'TWINE_PASSWORD'}))")
    made = execute_notebook(notebook(*sources), PATH, tmp_path, "python3")
    assert printed(made) == ["from the folder\n", "[]\n"]
    assert os.environ["TWINE_PASSWORD"] == "hunter2"


@with_jupyter
@pytest.mark.parametrize(
    ("sources", "kernel", "reason"),
    [
        (("a = 1", "1/0", "a"), "python3", "cell 2 failed: ZeroDivisionError: division by zero"),
        (("def",), "python3", "cell 1 failed: SyntaxError"),
        (("import time; time.sleep(60)",), "python3", "cell 1 did not end within 2 s"),
        (("import os; os._exit(3)",), "python3", "its kernel died in cell 1"),
        (("1",), "nope", "there is no kernel 'nope' here (there is: python3"),
    ],
)
def test_code_that_can_not_run_is_named(tmp_path: Path, sources: tuple[str, ...], kernel: str, reason: str) -> None:
    with pytest.raises(FindingsError) as caught:
        execute_notebook(notebook(*sources), PATH, tmp_path, kernel, seconds=2)
    assert caught.value.message.startswith(f"{PATH}: this notebook can't be executed: {reason}")


@with_jupyter
def test_a_cell_may_be_meant_to_fail(tmp_path: Path) -> None:
    made = execute_notebook(notebook("1/0", tags=("raises-exception",)), PATH, tmp_path, "python3")
    (cell,) = json.loads(made)["cells"]
    assert [output["ename"] for output in cell["outputs"]] == ["ZeroDivisionError"]
