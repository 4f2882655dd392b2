"""The metadata is what indexes accept: twine's strict check, as ``twine check --strict`` has it."""

import contextlib
import io
import logging
from collections.abc import Iterator

from paa.check.model import CheckInput
from paa.edges.archives import UNREADABLE
from paa.model import Finding

RULE = "metadata"


class _Collector(logging.Handler):
    def __init__(self) -> None:
        super().__init__()
        self.messages: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.messages.append(record.getMessage())


def check_metadata(given: CheckInput) -> tuple[Finding, ...]:
    """Findings for every file that twine refuses or only lets through with a warning."""
    from twine.commands import check
    from twine.exceptions import TwineException

    findings = []
    for file in given.built.files:
        with _collected("twine.commands.check") as messages, contextlib.redirect_stdout(io.StringIO()):
            try:
                failed = check.check([str(given.folder / file.name)], strict=True)
            except (TwineException, *UNREADABLE) as error:
                failed = True
                messages.append(f"{type(error).__name__}: {error}")
        if failed:
            reasons = "; ".join(messages) or "no reason given"
            findings.append(Finding(rule=RULE, message=f"{file.name}: twine's strict check fails: {reasons}"))
    return tuple(findings)


@contextlib.contextmanager
def _collected(name: str) -> Iterator[list[str]]:
    """What is logged under ``name`` meanwhile; it goes nowhere else."""
    logger, collector = logging.getLogger(name), _Collector()
    before = logger.propagate
    logger.addHandler(collector)
    logger.propagate = False
    try:
        yield collector.messages
    finally:
        logger.propagate = before
        logger.removeHandler(collector)
