"""Finding and reading the settings file of a repository."""

import stat
from pathlib import Path

from paa.config.settings import Config, default_config
from paa.errors import ConfigError

CONFIG_FILE = ".paa.config"


def load_config(root: Path, file: Path | None = None) -> Config:
    """The settings of the repository at ``root``: those of ``.paa.config`` there, or the defaults if there is none.

    ``file`` is another file to read instead (relative to ``root``, or absolute); that one must exist. Raises
    ConfigError with every fault of the file, or with why it can't be read.
    """
    path = root / (file or CONFIG_FILE)
    source = path.relative_to(root).as_posix() if path.is_relative_to(root) else str(path)
    data = _read(path, source)
    if data is not None:
        return parse_config(data, root=root, source=source)
    if file is not None:
        message = f"the settings file {source} does not exist"
        raise ConfigError(message, advice="check the path, or leave the option out to use .paa.config")
    return default_config()


def parse_config(text: bytes, *, root: Path, source: str, check_paths: bool = True) -> Config:
    """Read the settings in ``text``, which came from the file ``source`` (a name for messages).

    Paths are relative to ``root``. With ``check_paths`` they are compared with what is on the disk there; without, the
    disk is not looked at. Raises ConfigError with every fault, each as ``source:line: key: what is wrong``, in the
    order of the lines.
    """
    # The parser and what it needs are imported only where there is something to parse.
    from paa.config.parse import parse

    return parse(text, root=root, source=source, check_paths=check_paths)


def _read(path: Path, source: str) -> bytes | None:
    """The bytes at ``path`` (never many more than settings can have), None if nothing is there."""
    try:
        # A link to nowhere is a mistake, and not the same as no file.
        if not path.is_symlink() and not path.exists():
            return None
        if not stat.S_ISREG(path.stat().st_mode):
            # A named pipe, say, would keep us waiting.
            message = f"{source} is not a file"
            raise ConfigError(message, advice="put the settings into a file of that name, or remove what is there")
        from paa.config.document import MAXIMUM_BYTES

        with path.open("rb") as stream:
            return stream.read(MAXIMUM_BYTES + 1)
    except OSError as error:
        message = f"{source} can't be read: {error.strerror or error}"
        raise ConfigError(message, advice="check the file and its permissions, then run again") from error
