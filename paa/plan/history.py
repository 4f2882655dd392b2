"""What a repository knows of its own earlier releases, gathered from Git and the tracking files."""

import os
from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING

from paa.edges.cache import cache_file, cache_folder
from paa.edges.tree import Tree
from paa.plan.records import History, read_records
from paa.plan.tag_memory import remembered_tags
from paa.scan.repository import Repository

if TYPE_CHECKING:
    from paa.scan.state import State


def read_history(state: "State") -> Mapping[str, History]:
    """What the repository knows of earlier releases, by package. Raises GitError or ConfigError."""
    return read_history_of(state.repository, state.tree, state.scanned)


def read_history_of(repository: Repository, tree: Tree, packages: Collection[str]) -> Mapping[str, History]:
    """The same for ``packages`` that need not be scanned (a set or mapping: they are looked up for every tag)."""
    file = cache_file(cache_folder(os.environ), repository.root, "tags")
    tags = remembered_tags(repository.root, file) if repository.in_git else ()
    return read_records(tree, tags, repository.config.tag_format, packages)
