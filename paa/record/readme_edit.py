"""A README that was changed in the work tree, and how it gets onto a branch that has moved on meanwhile."""

from dataclasses import dataclass

from paa.edges.git_merge import merge_three
from paa.record.readme_list import with_empty_list


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadmeEdit:
    """The README as it stands in the work tree, and as it was in the commit that is checked out (None: not there)."""

    edited: bytes
    original: bytes | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MergedReadme:
    """The README to commit, None where the branch's own stays; ``problem`` says why an edit was left out."""

    data: bytes | None
    problem: str | None = None


def merged_readme(edit: ReadmeEdit | None, theirs: bytes | None) -> MergedReadme:
    """What ``edit`` makes of the branch's README ``theirs``; what stands in the lists of packages does not count.

    Where both changed the same lines, the branch's own stays. Raises GitError.
    """
    if edit is None or edit.edited in {edit.original, theirs}:
        return MergedReadme(data=None)
    if theirs == edit.original:
        return MergedReadme(data=edit.edited)
    merged = None
    if theirs is not None and edit.original is not None:
        merged = merge_three(*(with_empty_list(data) for data in (edit.edited, edit.original, theirs)))
    if merged is None:
        problem = "README.md was changed on the branch meanwhile, in the same lines: it stays as it is there"
        return MergedReadme(data=None, problem=problem)
    return MergedReadme(data=merged)
