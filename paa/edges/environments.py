"""Fresh virtual environments, and what is installed in this one."""

import base64
import csv
import hashlib
import importlib.metadata
import io
import json
import os
import sys
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path, PurePosixPath

from paa.edges.addresses import text_without_user_info
from paa.edges.files import is_inside, read_bytes
from paa.edges.installer import without_upload_secrets
from paa.edges.run import run
from paa.errors import OutsideError

_SCRIPTS = "Scripts" if os.name == "nt" else "bin"
_NOT_SHIPPED = frozenset({"INSTALLER", "REQUESTED", "RECORD", "direct_url.json"})
# Zip files know no earlier time.
_ZIP_TIME = (1980, 1, 1, 0, 0, 0)
# A plain file that everyone can read.
_FILE_MODE = 0o100644
_PURE = b"root-is-purelib: true"


def create_environment(folder: Path) -> Path:
    """Make a virtual environment with pip in ``folder`` and return the folder of its programs. Raises OutsideError."""
    # -P: a module of the user's in the current folder must not be taken for one of the library's.
    done = run([sys.executable, "-P", "-m", "venv", str(folder)])
    if done.code != 0:
        reason = (done.error_text or done.output.decode("utf-8", "replace")).strip().splitlines()
        message = f"python -m venv failed: {reason[-1] if reason else done.code}"
        raise OutsideError(message, advice="on Debian and Ubuntu: apt install python3-venv")
    return folder / _SCRIPTS


def pip_install(programs: Path, arguments: Sequence[str]) -> None:
    """Run the pip that lies in ``programs``, without the user's settings. Raises OutsideError."""
    environment = without_upload_secrets(os.environ)
    environment = {name: value for name, value in environment.items() if not name.startswith("PYTHON")}
    environment["PIP_CONFIG_FILE"] = os.devnull
    options = ["--isolated", "--quiet", "--no-input", "--disable-pip-version-check", "--no-cache-dir"]
    python = programs / "python"
    done = run([str(python), "-P", "-m", "pip", "install", *options, *arguments], environment=environment)
    if done.code != 0:
        message = f"pip install failed: {text_without_user_info(done.error_text)}"
        raise OutsideError(message)


def rebuild_wheel(distribution: str) -> tuple[str, bytes]:
    """A wheel of a pure-Python distribution that is installed here, put together from its RECORD: name and bytes.

    Raises OutsideError when its files are not recorded, as with some systems' own packages, when they don't say that
    they are pure Python, and when it is an editable installation; FileError when a file is gone.
    """
    try:
        installed = importlib.metadata.distribution(distribution)
    except importlib.metadata.PackageNotFoundError as error:
        message = f"{distribution} is not installed here"
        raise OutsideError(message, advice="install paa again") from error
    members: dict[str, bytes] = {}
    # Not its list of files: from Python 3.12 on, that leaves out what is gone.
    for name, *_ in csv.reader((installed.read_text("RECORD") or "").splitlines()):
        parts = PurePosixPath(name).parts
        if is_inside(name) and parts[-1] not in _NOT_SHIPPED and "__pycache__" not in parts:
            members[name] = read_bytes(Path(str(installed.locate_file(name))))
    folder = next((name.partition("/")[0] for name in members if name.endswith(".dist-info/METADATA")), None)
    if folder is None or _PURE not in members.get(f"{folder}/WHEEL", b"").lower() or _is_editable(installed):
        message = f"{distribution} is not installed here as a wheel of pure Python, so it can't be put together again"
        raise OutsideError(message, advice="install paa into a virtual environment of its own")
    members[f"{folder}/RECORD"] = _record(members, folder)
    return f"{folder.removesuffix('.dist-info')}-py3-none-any.whl", _archive(members)


def _is_editable(installed: importlib.metadata.Distribution) -> bool:
    """Whether what is installed only leads to a source tree (PEP 610)."""
    origin = json.loads(installed.read_text("direct_url.json") or "{}")
    return bool(origin.get("dir_info", {}).get("editable"))


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
            member = zipfile.ZipInfo(name, _ZIP_TIME)
            member.external_attr = _FILE_MODE << 16
            archive.writestr(member, data, zipfile.ZIP_DEFLATED)
    return stream.getvalue()
