"""Whether releases are recorded already, here and on the remote, so that there is nothing left to do."""

from packaging.version import Version

from paa.documents.tracking import TRACKING_FILE, parse_tracking
from paa.edges.git_tags import list_tags
from paa.edges.tree import Tree, commit_tree
from paa.model import ReleaseSet
from paa.record.branches import find_target, tracked_commit
from paa.record.places import own_reference, records, tag_reference
from paa.scan.repository import Repository


def is_recorded(repository: Repository, tree: Tree, release_set: ReleaseSet, *, push: bool) -> bool:
    """Whether every release of ``release_set`` has its tag and stands in the tracking file of ``tree``, which is HEAD.

    With ``push`` the branch of the remote must say so too, as far as this clone knows.
    """
    known = {tag.reference: tag for tag in list_tags(repository.root)}
    for built in release_set.releases:
        places = [known.get(reference) for reference in (tag_reference(repository, built), own_reference(built))]
        if not any(tag is not None and records(tag, built) for tag in places):
            return False
    trees = [tree]
    if push and find_target(repository) is not None:
        there = tracked_commit(repository)
        if there is None:
            return False
        trees.append(commit_tree(repository.root, there))
    return all(_tells(tracked, release_set) for tracked in trees)


def _tells(tree: Tree, release_set: ReleaseSet) -> bool:
    """Whether the tracking file of ``tree`` knows these releases, or later ones."""
    data = tree.read_one(TRACKING_FILE)
    tracked = {item.package: Version(item.version) for item in (parse_tracking(data) if data else ())}
    releases = (built.release for built in release_set.releases)
    return all(item.package in tracked and tracked[item.package] >= Version(item.version) for item in releases)
