"""What recording works on, and what it did."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from paa.documents.tracking import TrackedRelease
from paa.plan.tags import TagRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """What recording did: the tags (new ones and those that were there), the commit made, and how the push went.

    A release whose tag's name was taken by a bare tag is named by its whole reference. ``pushed`` is what the remote
    has now of branch and tags; empty without a remote. ``push_problem`` says why the branch was not pushed and the tags
    went alone, ``stayed`` why the local branch is not where that of the remote is. ``refused`` are the tags that are
    there already and record something else. ``readme_problem`` says why a README that was to be committed was not.
    ``beside`` are the references under ``refs/paa`` of what no tag can say yet (see ``beside.py``).
    """

    tags: tuple[str, ...] = ()
    commit: str | None = None
    pushed: tuple[str, ...] = ()
    push_problem: str | None = None
    stayed: str | None = None
    refused: tuple[str, ...] = ()
    readme_problem: str | None = None
    beside: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One release as its tag proves it: all that the files need to say about it.

    ``time`` is when it was tagged, in seconds since 1970: whoever writes the files, they come out the same.
    """

    record: TagRecord
    commit: str
    time: int
    notes: tuple[str, ...]

    @property
    def tracked(self) -> TrackedRelease:
        """What the tracking file says about it."""
        return TrackedRelease(
            package=self.record.package,
            version=self.record.version,
            fingerprint=self.record.fingerprint,
            commit=self.commit,
            floors=self.record.floors,
            indexes=self.record.indexes,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedPackage:
    """One row of the README's list. ``page`` is the address of its documentation."""

    package: str
    distribution: str
    description: str
    page: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """What the README's list tells beside versions: the packages, and how to install from each index, by its name."""

    packages: tuple[ListedPackage, ...] = ()
    install: Mapping[str, str] = field(default_factory=dict)
