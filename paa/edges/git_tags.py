"""Git's tags, and the records that paa keeps beside them."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from paa.edges.git import git

_TAG_FORMAT = "%(refname)%00%(objecttype)%00%(objectname)%00%(*objectname)%00%(taggerdate:unix)%00%(contents)%00"
# Where releases are recorded whose tag was there before them: refs/paa/releases/<package>/<version>.
RELEASE_REFERENCES = "refs/paa/releases"
# A release that went to indexes that were chosen by hand: refs/paa/published/<package>/<version>/<index>.
PUBLISHED_REFERENCES = "refs/paa/published"
# A version whose name is used up on an index: refs/paa/burnt/<package>/<version>/<index>.
BURNT_REFERENCES = "refs/paa/burnt"
RECORDS = ("refs/tags", RELEASE_REFERENCES)
# What is recorded beside tags and proves no release that is where it has to be.
BESIDE = (PUBLISHED_REFERENCES, BURNT_REFERENCES)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tag:
    """A tag: the commit that it leads to and, for an annotated one, its message (empty for a lightweight tag).

    ``name`` is without ``refs/tags/``; a reference elsewhere has its whole name. ``target`` is what the reference names
    itself: the tag object, or the commit. ``time`` is when an annotated tag was made, in seconds since 1970.
    """

    name: str
    commit: str
    message: str
    target: str = ""
    time: int = 0

    @property
    def reference(self) -> str:
        """The whole name."""
        return self.name if self.name.startswith("refs/paa/") else f"refs/tags/{self.name}"


def list_references(root: Path, places: Sequence[str] = RECORDS) -> dict[str, str]:
    """The whole names of what ``list_tags`` would list, in its order, with the objects that they name themselves.

    Git looks into no object for this.
    """
    output = git(root, "for-each-ref", "--format=%(objectname) %(refname)", *places).decode("utf-8", "replace")
    lines = (line.partition(" ") for line in output.split("\n") if line)
    return {reference: target for target, _, reference in lines}


def list_tags(root: Path, places: Sequence[str] = RECORDS) -> tuple[Tag, ...]:
    """Every tag that leads to a commit, with its message, in one call; sorted by name.

    What is under ``refs/paa/releases`` counts as one; ``places`` may name others.
    """
    output = git(root, "for-each-ref", f"--format={_TAG_FORMAT}", *places).decode("utf-8", "replace")
    fields = output.split("\0")
    tags = []
    for at in range(0, len(fields) - 5, 6):
        refname, kind, target, peeled, time, contents = fields[at : at + 6]
        name = refname.removeprefix("\n").removeprefix("refs/tags/")
        if kind == "tag":
            tags.append(Tag(name=name, commit=peeled, message=contents, target=target, time=int(time or 0)))
        else:
            tags.append(Tag(name=name, commit=target, message="", target=target))
    return tuple(tags)


def merged_references(root: Path, commit: str) -> frozenset[str]:
    """The whole names of the tags, those under ``refs/paa/releases`` too, whose commit ``commit`` holds."""
    output = git(root, "for-each-ref", f"--merged={commit}", "--format=%(refname)", *RECORDS)
    return frozenset(os.fsdecode(output).split("\n")) - {""}
