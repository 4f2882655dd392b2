"""Notebooks executed for a build: the same tree, with their fresh outputs in place of those that were saved."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import partial
from pathlib import PurePosixPath

from paa.edges.notebooks import execute_notebook, require_jupyter
from paa.edges.tree import Tree
from paa.errors import PaaError
from paa.model import ScannedPackage
from paa.scan.readme.findings import NOTEBOOK_SUFFIX, readme_source
from paa.scan.readme.notebook import Notebook, read_notebook

# The kernel that ipykernel gives to the environment that it is installed in.
_PYTHON_KERNEL = "python3"


def with_executed_notebooks(
    tree: Tree, packages: Iterable[ScannedPackage], kernel: str | None
) -> tuple[Tree, Mapping[str, PaaError]]:
    """``tree`` with the notebooks of ``packages`` executed, and why some could not be, by package.

    ``kernel`` is the kernel's name; by default that of paa's own environment for Python, and the one that the notebook
    names for other languages. The code runs in the notebook's folder. Raises MissingExtraError without Jupyter.
    """
    require_jupyter()
    executed: dict[str, bytes] = {}
    failures: dict[str, PaaError] = {}
    for scanned in packages:
        source = readme_source(scanned)
        if source is None or PurePosixPath(source).suffix.lower() != NOTEBOOK_SUFFIX:
            continue
        try:
            data = tree.read((source,))[source]
            folder = (tree.root / source).parent
            name = kernel or _kernel_of(read_notebook(data, source))
            executed[source] = execute_notebook(data, source, folder if folder.is_dir() else tree.root, name)
        except PaaError as error:
            failures[scanned.package.name] = error
    return replace(tree, read_files=partial(_read, tree, executed)), failures


def _kernel_of(notebook: Notebook) -> str:
    return _PYTHON_KERNEL if notebook.language in {"python", "ipython"} else notebook.kernel or _PYTHON_KERNEL


def _read(tree: Tree, executed: Mapping[str, bytes], paths: Iterable[str]) -> dict[str, bytes]:
    wanted = list(paths)
    contents = tree.read(path for path in wanted if path not in executed)
    return {path: executed[path] if path in executed else contents[path] for path in wanted}
