"""The PEP 517 hooks of flit_core, called in this process on a setup directory in a temporary folder.

Same files in, same bytes out: the time is a constant, modes are normalised by flit_core, and neither the folder, the
time zone nor the umask reaches the result.
"""

import contextlib
import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

from paa.edges.files import read_bytes, temporary_folder, write_atomic, write_tree
from paa.errors import BuildError
from paa.model import Distribution, DistributionKind, SetupDirectory

# 2020-01-01 UTC: zip files know no time before 1980.
SOURCE_DATE_EPOCH = "1577836800"
_ADVICE = "correct the package's metadata, as 'paa show' has it"


def builder_name() -> str:
    """What the bytes of a distribution depend on, with its version."""
    import flit_core

    return f"flit_core {flit_core.__version__}"


def build(setup: SetupDirectory, folder: Path) -> tuple[Distribution, ...]:
    """Write the wheel and the sdist of ``setup`` to ``folder``, replacing files of the same name.

    A setup directory that asks for another backend is built isolated (``paa.build.isolated``, with its errors). Raises
    BuildError when the backend refuses the setup directory; then nothing in ``folder`` has changed. Raises FileError
    when a file can't be written; that one is as it was.
    """
    if setup.isolated:
        from paa.build.isolated import build_isolated

        return build_isolated(setup.files, setup.version, folder, feature="import_names")
    with temporary_folder("paa-build-") as temporary:
        source, output = temporary / "source", temporary / "output"
        write_tree(source, setup.files)
        output.mkdir()
        names = _call_hooks(source, output, setup)
        contents = {name: read_bytes(output / name) for name in names}
    for name, data in contents.items():
        write_atomic(folder / name, data, durable=False)
    return tuple(describe(name, data) for name, data in contents.items())


def describe(name: str, data: bytes) -> Distribution:
    """Name, size, hash and kind of a built file."""
    kind = DistributionKind.WHEEL if name.endswith(".whl") else DistributionKind.SDIST
    return Distribution(name=name, size=len(data), sha256=hashlib.sha256(data).hexdigest(), kind=kind)


def _call_hooks(source: Path, output: Path, setup: SetupDirectory) -> tuple[str, str]:
    from email.errors import MessageError

    from flit_core import buildapi
    from flit_core.config import ConfigError

    try:
        with contextlib.chdir(source), _epoch():
            return buildapi.build_wheel(str(output)), buildapi.build_sdist(str(output))
    except (ConfigError, ValueError, AssertionError, RuntimeError, OSError) as error:
        raise BuildError(_refusal(setup, str(error)), advice=_ADVICE) from error
    # What Python's module email ends in for an author's address that can't be one.
    except (MessageError, LookupError, AttributeError) as error:
        reason = f"is the author's e-mail address right? ({error})"
        raise BuildError(_refusal(setup, reason), advice=_ADVICE) from error


def _refusal(setup: SetupDirectory, reason: str) -> str:
    return f"flit_core can't build {setup.package} {setup.version}: {reason}"


@contextlib.contextmanager
def _epoch() -> Iterator[None]:
    """flit_core reads the time from the environment; whatever the user has set there must not reach the bytes."""
    before = os.environ.get("SOURCE_DATE_EPOCH")
    os.environ["SOURCE_DATE_EPOCH"] = SOURCE_DATE_EPOCH
    try:
        yield
    finally:
        if before is None:
            del os.environ["SOURCE_DATE_EPOCH"]
        else:
            os.environ["SOURCE_DATE_EPOCH"] = before
