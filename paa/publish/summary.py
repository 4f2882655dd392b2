"""What went where, as Markdown for the page that a CI system shows of a job."""

from collections.abc import Sequence

from paa.documents.markdown import cell, code_block
from paa.model import Published

# A page of GitHub's takes 1 MiB for a step; what is longer is shown not at all.
_MOST_CHARACTERS = 500_000
_LONGEST = 1000


def publish_markdown(results: Sequence[Published], *, dry_run: bool) -> str:
    """A table with a row for each result; whatever stands in it can't be more than text."""
    title = "## Would be published" if dry_run else "## Published"
    if not results:
        return f"{title}\n\nNothing.\n"
    lines = [title, "", "| package | version | index | result |", "| --- | --- | --- | --- |"]
    length, shown = sum(map(len, lines)), 0
    for result in results:
        state = f"{result.state.value}: {result.reason}" if result.reason else result.state.value
        what = " | ".join(map(cell, (result.distribution, result.version, result.index)))
        row = f"| {what} | {cell(state, longest=_LONGEST)} |"
        length += len(row) + 1
        if length > _MOST_CHARACTERS:
            break
        lines.append(row)
        shown += 1
    if shown < len(results):
        lines += ["", f"… and {len(results) - shown} more"]
    return "\n".join(lines) + "\n"


def refusal_markdown(message: str) -> str:
    """Why nothing was published at all."""
    return f"## Nothing was published\n\n{code_block(message)}"
