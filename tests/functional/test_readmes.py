"""READMEs as the user gets them: what is built, what is checked, what is said when something is wrong."""

import importlib.util
import json
import sys
import zipfile
from collections.abc import Mapping
from email.parser import BytesParser
from pathlib import Path

import pytest

from paa.model import Outcome
from tests.functional.command_line import built_file, done, outside_dist, paa
from tests.repository import Repository

MODULE = "python_modules/tool.py"
NOTEBOOK = "example_notebooks/tool.ipynb"
HAS_JUPYTER = all(importlib.util.find_spec(name) for name in ("nbclient", "ipykernel"))
with_jupyter = pytest.mark.skipif(not HAS_JUPYTER, reason="pip install 'paa[notebooks]'")

HOSTILE = '''r"""
=======
A title
=======

Reads <files> of __main__.py, *args and {{ braces }}; see `docs <https://example.org>`_.

Usage
~~~~~

>>> import tool
>>> tool.run()
'<ok>'

Args:
    path: A <path> \\u202e \x07.
"""


def run():
    return "<ok>"
'''


def notebook(*cells: dict[str, object]) -> str:
    return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 4})


def code(source: str, *outputs: Mapping[str, object]) -> dict[str, object]:
    return {"cell_type": "code", "metadata": {}, "source": source, "outputs": list(outputs), "execution_count": None}


def text(source: str) -> dict[str, object]:
    return {"cell_type": "markdown", "metadata": {}, "source": source}


def description(folder: Path) -> tuple[str, str]:
    """Content type and text of the description in the only wheel that was built."""
    with zipfile.ZipFile(built_file(folder, ".whl")) as archive:
        name = next(name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
        fields = BytesParser().parsebytes(archive.read(name))
    payload = fields.get_payload(decode=True)
    assert isinstance(payload, bytes)
    return str(fields["Description-Content-Type"]), payload.decode()


def filled(repository: Repository, files: dict[str, str | bytes]) -> Path:
    repository.write({".gitignore": "/dist/\n", **files})
    repository.commit("A tool")
    return repository.path


@pytest.mark.parametrize(
    ("files", "content_type"),
    [
        ({MODULE: HOSTILE}, "text/markdown"),
        ({MODULE: ""}, "text/markdown"),
        ({MODULE: "", NOTEBOOK: notebook()}, "text/markdown"),
        ({MODULE: "", NOTEBOOK: notebook(text("# T\n\n```\nopen"), code("1/0"), code("<T>"))}, "text/markdown"),
        ({MODULE: '__package_metadata__ = {"readme": "docs/a.rst"}\n', "docs/a.rst": "A\n=\n\n*b*\n"}, "text/x-rst"),
        ({MODULE: '__package_metadata__ = {"readme": "docs/a.txt"}\n', "docs/a.txt": "A <b> *c"}, "text/plain"),
    ],
)
def test_every_readme_passes_the_strict_check(
    repository: Repository, files: dict[str, str | bytes], content_type: str
) -> None:
    folder = filled(repository, files)
    done(paa(folder, "make-package", "tool"))
    assert description(folder)[0].partition(";")[0] == content_type
    checked = done(paa(folder, "check", "--json")).json
    assert checked["releases"][0]["checks"]["metadata"] == Outcome.PASSED


def test_restructuredtext_that_pypi_can_not_render_blocks_its_package_in_the_plan(repository: Repository) -> None:
    own = '__package_metadata__ = {"readme": "docs/a.rst"}\n'
    folder = filled(repository, {MODULE: own, "docs/a.rst": "Title\n===\n\n.. nonsense:: a\n"})
    result = paa(folder, "plan", "--offline")
    assert result.code == 1
    assert 'Unknown directive type "nonsense". (docs/a.rst:4)' in " ".join(result.text.split())
    assert paa(folder, "make-package", "tool").code == 1
    assert not (folder / "dist").exists()


def test_a_broken_notebook_blocks_its_package_in_the_plan(repository: Repository) -> None:
    folder = filled(repository, {MODULE: "", "python_modules/other.py": "", NOTEBOOK: '{\n"cells": [\n'})
    result = paa(folder, "plan", "--offline")
    assert result.code == 1
    assert f"{NOTEBOOK}:3" in result.text
    assert "other" in result.out
    assert paa(folder, "make-package").code == 1
    assert [path.name for path in (folder / "dist").glob("*.whl")] == ["other-0.0.1-py3-none-any.whl"]


def test_a_notebook_is_never_run_unless_asked_for(repository: Repository) -> None:
    trap = code("open('trap', 'w').write('x')", {"output_type": "stream", "name": "stdout", "text": "as saved"})
    folder = filled(repository, {MODULE: "", NOTEBOOK: notebook(trap)})
    before = outside_dist(folder)
    for arguments in (["list"], ["plan", "--offline"], ["make-package", "tool"]):
        done(paa(folder, *arguments))
    assert outside_dist(folder) == before
    assert "as saved" in description(folder)[1]


def test_without_jupyter_nothing_is_built_and_the_command_is_named(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    # What the import system takes for "not installed".
    monkeypatch.setitem(sys.modules, "nbclient", None)
    folder = filled(repository, {MODULE: "", NOTEBOOK: notebook(code("1"))})
    result = paa(folder, "make-package", "tool", "--execute-notebook")
    assert result.code == 2
    assert "pip install 'paa[notebooks]'" in result.err
    assert not (folder / "dist").exists()


@with_jupyter
def test_a_notebook_that_is_run_gives_fresh_outputs_and_changes_no_file(repository: Repository) -> None:
    stale = {"output_type": "stream", "name": "stdout", "text": "stale"}
    folder = filled(repository, {MODULE: "", NOTEBOOK: notebook(code("print(6 * 7)", stale))})
    before = outside_dist(folder)
    done(paa(folder, "make-package", "tool", "--execute-notebook"))
    assert "```text\n42\n```" in description(folder)[1]
    assert "stale" not in description(folder)[1]
    assert outside_dist(folder) == before


@with_jupyter
def test_a_notebook_that_fails_stops_its_package_alone(repository: Repository) -> None:
    files: dict[str, str | bytes] = {MODULE: "", NOTEBOOK: notebook(code("1/0")), "python_modules/other.py": ""}
    folder = filled(repository, files)
    result = paa(folder, "make-package", "--all", "--execute-notebook")
    assert result.code == 1
    assert f"tool: {NOTEBOOK}: this notebook can't be executed: cell 1 failed: ZeroDivisionError" in result.err
    assert [path.name for path in (folder / "dist").glob("*.whl")] == ["other-0.0.1-py3-none-any.whl"]
