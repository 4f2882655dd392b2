"""What a run has released, as Markdown for the page that a CI system shows of it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from paa.documents.markdown import cell, code, code_block
from paa.model import Release

_MOST_ROWS = 200
# A page of GitHub's takes 1 MiB for a step; what is longer is shown not at all.
_MOST_CHARACTERS = 200_000


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseSummary:
    """What there is to tell: ``indexes`` are those that have a release now, by package.

    ``left`` says of the other packages why they were not released, ``waiting`` of those that were published and not
    recorded. ``install`` are the texts that tell an installer about each index, ``remarks`` sentences about the record.
    """

    released: Sequence[Release] = ()
    indexes: Mapping[str, Sequence[str]] = field(default_factory=dict)
    waiting: Mapping[str, str] = field(default_factory=dict)
    left: Mapping[str, str] = field(default_factory=dict)
    install: Mapping[str, str] = field(default_factory=dict)
    remarks: Sequence[str] = ()


def summary_markdown(summary: ReleaseSummary) -> str:
    """The Markdown, which ends with the instructions to install; whatever stands in it can't be more than text."""
    parts = [*_released(summary), *_left("Published, not recorded yet", summary.waiting)]
    parts += [*_left("Not released", summary.left), *(f"{code(remark)}\n" for remark in summary.remarks)]
    for name, text in sorted(summary.install.items()):
        block = code_block(text, "bash")
        if sum(map(len, parts)) + len(block) > _MOST_CHARACTERS:
            parts.append(f"How to install from {cell(name)}: `paa indexes --install-with pip`.\n")
        else:
            parts.append(f"### Install from {cell(name)}\n\n{block}")
    return "\n".join(parts) + "\n"


def _released(summary: ReleaseSummary) -> Iterator[str]:
    if not summary.released:
        yield "## Released\n\nNothing.\n"
        return
    rows = [
        f"| {cell(release.distribution)} | {cell(release.version)} "
        f"| {cell(', '.join(summary.indexes.get(release.package, ())))} |"
        for release in summary.released[:_MOST_ROWS]
    ]
    more = _more(len(summary.released))
    yield "\n".join(["## Released", "", "| package | version | on |", "| --- | --- | --- |", *rows, *more]) + "\n"


def _left(title: str, reasons: Mapping[str, str]) -> Iterator[str]:
    if reasons:
        lines = [f"- **{cell(package)}**: {code(reason)}" for package, reason in sorted(reasons.items())[:_MOST_ROWS]]
        yield "\n".join([f"## {title}", "", *lines, *_more(len(reasons))]) + "\n"


def _more(count: int) -> list[str]:
    return ["", f"… and {count - _MOST_ROWS} more."] if count > _MOST_ROWS else []
