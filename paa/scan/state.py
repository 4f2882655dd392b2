"""A state of the repository with every package of it scanned: what all commands begin with."""

from collections.abc import Mapping
from dataclasses import dataclass

from paa.edges.tree import Tree
from paa.errors import UsageError
from paa.model import ScannedPackage
from paa.scan.repository import Repository
from paa.scan.scan import find_package, scan


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """A state of the repository that was scanned: the tree, and every package by name."""

    repository: Repository
    tree: Tree
    scanned: Mapping[str, ScannedPackage]


def scan_state(repository: Repository, tree: Tree) -> State:
    """Scan the whole tree. Raises ConfigError, FileError or GitError."""
    found = scan(tree, repository.config)
    return State(repository=repository, tree=tree, scanned={item.package.name: item for item in found})


def require_package(state: State, name: str) -> ScannedPackage:
    """The package called ``name``, however it is spelled. Raises UsageError with near names when there is none."""
    found = state.scanned.get(name) or find_package(state.scanned.values(), name)
    if found is not None:
        return found
    import difflib

    close = difflib.get_close_matches(name.replace("-", "_"), state.scanned, n=1)
    folder = state.repository.config.module_dir
    message = f"there is no package {name!r}: {folder}/ has no module of that name"
    advice = f"did you mean {close[0]!r}?" if close else f"put the module at {folder}/<name>.py, or see 'paa list'"
    raise UsageError(message, advice=advice)
