"""An sdist → the setup directory that it was made from, without writing anything."""

import io
import tarfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass

from paa.edges.files import is_inside
from paa.errors import UploadError

_ADVICE = "build it again"
_OWNER_MAY_RUN = 0o100


@dataclass(frozen=True, slots=True, kw_only=True)
class SetupFile:
    """One file of a setup directory."""

    data: bytes
    executable: bool


def setup_files(name: str, data: bytes) -> Mapping[str, SetupFile]:
    """Path inside the setup directory → file, from an sdist in the format of PEP 625 (one folder in a ``.tar.gz``).

    Raises UploadError for a file that can't be read, and for one that holds a link, a device, a path that leaves its
    folder, the same path twice, or no pyproject.toml.
    """
    top = name.removesuffix(".tar.gz")
    files: dict[str, SetupFile] = {}
    try:
        with tarfile.open(fileobj=io.BytesIO(data), mode="r:gz") as archive:
            for member in archive:
                if member.isdir():
                    continue
                path = _inner_path(name, top, member)
                content = archive.extractfile(member)
                if path in files or content is None:
                    message = f"{name} holds {member.name!r} twice"
                    raise UploadError(message, advice=_ADVICE)
                files[path] = SetupFile(data=content.read(), executable=bool(member.mode & _OWNER_MAY_RUN))
    except (tarfile.TarError, zlib.error, EOFError, OSError, ValueError) as error:
        message = f"{name} can't be unpacked: {error}"
        raise UploadError(message, advice=_ADVICE) from error
    if "pyproject.toml" not in files and "setup.py" not in files:
        message = f"{name} holds no pyproject.toml, so nothing can be built from it"
        raise UploadError(message, advice=_ADVICE)
    return files


def _inner_path(name: str, top: str, member: tarfile.TarInfo) -> str:
    folder, _, path = member.name.partition("/")
    if not member.isreg():
        message = f"{name} holds {member.name!r}, which is no plain file"
    elif folder != top or not is_inside(path) or ".git" in path.lower().split("/"):
        message = f"{name} holds {member.name!r}, which is not in its folder {top}"
    else:
        return path
    raise UploadError(message, advice=_ADVICE)
