"""What paa raises when it can't go on: one tree, with the exit code of the process on each class.

Nothing here prints. ``cli/app.py`` is the one place that turns an error into text and an exit code.
"""

from collections.abc import Sequence
from typing import ClassVar


class PaaError(Exception):
    """Base of every error that paa foresees.

    ``message`` says what is wrong and where, in one or more lines; ``advice`` says what to do next.
    ``exit_code`` is what the process ends with: 1 findings or something blocked, 2 wrong usage or
    configuration, 3 the outside world failed.
    """

    exit_code: ClassVar[int] = 1

    def __init__(self, message: str, *, advice: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.advice = advice

    def __reduce__(self) -> tuple[object, ...]:
        """As it is, to and from a worker process: pickle would make it again from its message alone."""
        return _restored, (type(self), self.args), self.__dict__.copy()


def _restored(kind: type[PaaError], arguments: tuple[object, ...]) -> PaaError:
    return kind.__new__(kind, *arguments)


class FindingsError(PaaError):
    """The repository holds something that can't be released as it is."""


class UsageError(PaaError):
    """The command line asks for something that does not exist or makes no sense."""

    exit_code = 2


class ConfigError(PaaError):
    """``.paa.config`` or another settings file is wrong; ``faults`` holds every fault found, a line each."""

    exit_code = 2

    def __init__(self, message: str, *, faults: Sequence[str] = (), advice: str | None = None) -> None:
        super().__init__("\n".join([message, *(f"  {fault}" for fault in faults)]), advice=advice)
        self.faults = tuple(faults)


class MissingExtraError(PaaError):
    """A feature needs an optional part of paa that is not installed."""

    exit_code = 2

    def __init__(self, feature: str, extra: str) -> None:
        super().__init__(f"{feature} needs packages that are not installed", advice=f"pip install 'paa[{extra}]'")


class OutsideError(PaaError):
    """Something outside paa failed: the network, an index, Git, the file system, a build backend."""

    exit_code = 3


class GitError(OutsideError):
    """Git failed, or is not there."""


class FileError(OutsideError):
    """A file could not be read or written."""


class ArchiveError(OutsideError):
    """A wheel or an sdist is no archive, or a damaged one."""


class IndexReadError(OutsideError):
    """A package index could not be read, or answered with something that is not an index page."""


class UploadError(OutsideError):
    """A package index refused a file, or did not serve it after the upload."""


class BuildError(OutsideError):
    """A build backend failed."""
