"""What paa logs: lines on standard error, as harmless as everything else that it says."""

import logging

from paa.cli.output import printable


class _Formatter(logging.Formatter):
    """Messages and tracebacks quote commits, paths and addresses."""

    def format(self, record: logging.LogRecord) -> str:
        """The record as it is shown."""
        return printable(super().format(record))


def set_up_logging(level: int) -> None:
    """Show what is logged from ``level`` on, unless somebody has set up logging before."""
    handler = logging.StreamHandler()
    handler.setFormatter(_Formatter("%(levelname)s %(name)s: %(message)s"))
    logging.basicConfig(level=level, handlers=[handler])
