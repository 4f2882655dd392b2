"""The metadata is what indexes accept: twine's strict check, as ``twine check --strict`` has it."""

import contextlib
import io
import logging

from paa.check.model import CheckInput
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
    logger = logging.getLogger("twine.commands.check")
    for file in given.built.files:
        collector = _Collector()
        logger.addHandler(collector)
        try:
            with contextlib.redirect_stdout(io.StringIO()):
                failed = check.check([str(given.folder / file.name)], strict=True)
        except (TwineException, OSError, ValueError) as error:
            failed, collector.messages = True, [*collector.messages, str(error)]
        finally:
            logger.removeHandler(collector)
        if failed:
            reasons = "; ".join(collector.messages) or "no reason given"
            findings.append(Finding(rule=RULE, message=f"{file.name}: twine's strict check fails: {reasons}"))
    return tuple(findings)
