"""What a repository knows of its own earlier releases, gathered from Git and the tracking files."""

from collections.abc import Mapping

from paa.edges import git
from paa.plan.records import History, read_records
from paa.scan.state import State


def read_history(state: State) -> Mapping[str, History]:
    """What the repository knows of earlier releases, by package. Raises GitError or ConfigError."""
    repository = state.repository
    tags = git.list_tags(repository.root) if repository.in_git else ()
    return read_records(state.tree, tags, repository.config.tag_format, state.scanned)
