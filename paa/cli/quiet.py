"""What ``paa plan --offline`` says where nothing has changed, without loading what makes plans."""

import functools
from collections.abc import Sequence

from paa.cli.plan_text import show_nothing
from paa.edges.tree import Tree
from paa.plan.asked_for import asking_commits
from paa.plan.history import read_history_of
from paa.plan.options import OFFLINE
from paa.plan.quiet import unchanged
from paa.publish.targets import named_indexes
from paa.scan.repository import Repository
from paa.scan.scan import glance


def say_if_quiet(repository: Repository, tree: Tree, indexes: Sequence[str]) -> bool:
    """Say what a plan for ``indexes`` would say if it had nothing to release and to block; False if it may have.

    Raises UsageError for an index that is not configured, and what reading the repository raises.
    """
    config = repository.config
    targets = tuple(index.name for index in named_indexes(config, indexes))
    standings = glance(tree, config)
    history = read_history_of(repository, tree, {item.package.name for item in standings})
    found = unchanged(standings, history, config, targets, functools.partial(asking_commits, repository))
    if found is None:
        return False
    show_nothing(targets, found, OFFLINE)
    return True
