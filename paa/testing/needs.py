"""What the tests of a package need beside the package: said in files that other tools read too."""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from packaging.dependency_groups import DependencyGroupResolver

from paa.edges.installer import install
from paa.edges.tree import Tree
from paa.errors import FindingsError
from paa.model import ScannedPackage
from paa.plan.affected import tests_of
from paa.scan.state import State

REQUIREMENTS_FILE = "requirements.txt"
# In the order in which they are looked for; the first that is there counts.
GROUPS = ("test", "tests", "dev")
_PROJECT_FILE = "pyproject.toml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Needs:
    """``files`` are requirements files (paths in the repository), ``requirements`` PEP 508 texts."""

    files: tuple[str, ...] = ()
    requirements: tuple[str, ...] = ()


def needs_of(state: State, item: ScannedPackage) -> Needs:
    """What the tests of ``item`` need.

    That is what ``requirements.txt`` in the folder of all tests and in that of the package's own tests list; for a
    project the dependency group ``test``, ``tests`` or ``dev`` of its ``pyproject.toml`` (PEP 735), whichever comes
    first. Raises FindingsError for a group that can't be read.
    """
    if item.package.project is not None:
        return Needs(requirements=_group(state.tree, item.package.module))
    config = state.repository.config
    folders = dict.fromkeys((config.tests_dir, *tests_of(item, config)))
    paths = (REQUIREMENTS_FILE if folder == "." else f"{folder}/{REQUIREMENTS_FILE}" for folder in folders)
    return Needs(files=tuple(path for path in paths if path in state.tree.blobs))


def install_needs(root: Path, needs: Iterable[Needs]) -> None:
    """Install all of ``needs`` of the repository at ``root`` into this environment. Raises OutsideError."""
    given = tuple(needs)
    files = dict.fromkeys(path for each in given for path in each.files)
    requirements = dict.fromkeys(text for each in given for text in each.requirements)
    if files or requirements:
        options = [argument for path in files for argument in ("--requirement", str(root / path))]
        install(list(requirements), options=options)


def _group(tree: Tree, path: str) -> tuple[str, ...]:
    data = tree.read_one(path)
    try:
        document: Mapping[str, Any] = tomllib.loads((data or b"").decode())
        groups = document.get("dependency-groups", {})
        name = next((group for group in GROUPS if group in groups), None)
        if name is None:
            return ()
        return tuple(str(requirement) for requirement in DependencyGroupResolver(groups).resolve(name))
    except (ValueError, TypeError, AttributeError, LookupError, ExceptionGroup) as error:
        said = "; ".join(str(each) for each in error.exceptions) if isinstance(error, ExceptionGroup) else str(error)
        message = f"{path}: dependency-groups can't be read: {said}"
        raise FindingsError(message, advice="write them as in PEP 735") from error
