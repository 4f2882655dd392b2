"""Fresh virtual environments, and what is installed in this one."""

import base64
import csv
import hashlib
import importlib.metadata
import io
import os
import sys
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from paa.edges.run import run
from paa.errors import OutsideError

_SCRIPTS = "Scripts" if os.name == "nt" else "bin"
_NOT_SHIPPED = frozenset({"INSTALLER", "REQUESTED", "RECORD", "direct_url.json"})
# Zip files know no earlier time.
_ZIP_TIME = (1980, 1, 1, 0, 0, 0)


def create_environment(folder: Path) -> Path:
    """Make a virtual environment with pip in ``folder`` and return the folder of its programs. Raises OutsideError."""
    done = run([sys.executable, "-m", "venv", str(folder)])
    if done.code != 0:
        reason = (done.error_text or done.output.decode("utf-8", "replace")).strip().splitlines()
        message = f"python -m venv failed: {reason[-1] if reason else done.code}"
        raise OutsideError(message, advice="on Debian and Ubuntu: apt install python3-venv")
    return folder / _SCRIPTS


def pip_install(programs: Path, arguments: Sequence[str]) -> None:
    """Run the pip that lies in ``programs``, without the user's settings. Raises OutsideError."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PIP_")}
    environment["PIP_CONFIG_FILE"] = os.devnull
    options = ["--isolated", "--quiet", "--no-input", "--disable-pip-version-check", "--no-cache-dir"]
    python = programs / "python"
    done = run([str(python), "-m", "pip", "install", *options, *arguments], environment=environment)
    if done.code != 0:
        message = f"pip install failed: {done.error_text}"
        raise OutsideError(message)


def rebuild_wheel(distribution: str) -> tuple[str, bytes]:
    """A wheel of a pure-Python distribution that is installed here, put together from its RECORD: name and bytes.

    Raises OutsideError when its files are not recorded, as with some systems' own packages.
    """
    try:
        installed = importlib.metadata.distribution(distribution)
    except importlib.metadata.PackageNotFoundError as error:
        message = f"{distribution} is not installed here"
        raise OutsideError(message, advice="install paa again") from error
    members: dict[str, bytes] = {}
    for file in installed.files or []:
        inside = not file.parts[0].startswith("..") and not Path(file).is_absolute()
        if inside and file.name not in _NOT_SHIPPED and "__pycache__" not in file.parts:
            members[file.as_posix()] = file.read_binary()
    folder = next((name.partition("/")[0] for name in members if name.endswith(".dist-info/METADATA")), None)
    if folder is None:
        message = f"the files of {distribution} are not recorded in this environment"
        raise OutsideError(message, advice="install paa into a virtual environment of its own")
    members[f"{folder}/RECORD"] = _record(members, folder)
    return f"{folder.removesuffix('.dist-info')}-py3-none-any.whl", _archive(members)


def _record(members: Mapping[str, bytes], folder: str) -> bytes:
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    for name, data in sorted(members.items()):
        digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
        writer.writerow((name, f"sha256={digest}", len(data)))
    writer.writerow((f"{folder}/RECORD", "", ""))
    return stream.getvalue().encode()


def _archive(members: Mapping[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in sorted(members.items()):
            archive.writestr(zipfile.ZipInfo(name, _ZIP_TIME), data, zipfile.ZIP_DEFLATED)
    return stream.getvalue()
