"""How the tests of this folder read a settings file."""

from pathlib import Path

import pytest

from paa.config import Config, parse_config
from paa.errors import ConfigError

SOURCE = ".paa.config"
# For texts that name no paths, or whose paths are not to be looked at.
NOWHERE = Path("/nowhere")


def read(text: str | bytes, root: Path = NOWHERE, *, check_paths: bool = True) -> Config:
    data = text.encode() if isinstance(text, str) else text
    return parse_config(data, root=root, source=SOURCE, check_paths=check_paths)


def error(text: str | bytes, root: Path = NOWHERE, *, check_paths: bool = True) -> ConfigError:
    with pytest.raises(ConfigError) as caught:
        read(text, root, check_paths=check_paths)
    return caught.value


def faults(text: str | bytes, root: Path = NOWHERE, *, check_paths: bool = True) -> tuple[str, ...]:
    """The faults of a text that must have some, without the name of the file."""
    found = error(text, root, check_paths=check_paths).faults
    assert all(fault.startswith(f"{SOURCE}:") and "\n" not in fault for fault in found)
    return tuple(fault.removeprefix(f"{SOURCE}:") for fault in found)
