"""``--summary``: Markdown for the page that a CI system shows of a run."""

from pathlib import Path

from paa.cli import output
from paa.edges.files import append_text


def add_summary(path: Path, text: str) -> None:
    """Append ``text`` to the file ``path``, and tell Azure Pipelines of it; GitHub knows its own file.

    Raises FileError when it can't be written.
    """
    append_text(path, text)
    output.say_azure_summary(path)
