"""Built packages for tests of the gates, and ways to damage them."""

import base64
import csv
import hashlib
import io
import tarfile
import zipfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from pathlib import Path

from paa.check.model import CheckInput
from paa.model import BuiltRelease, Distribution, Finding
from tests.packages import MODULES, build_package

MODULE = f"{MODULES}/tool.py"
PLAIN: Mapping[str, str | bytes] = {
    MODULE: '"""A tool."""\nvalue = 1\n',
    "artifacts/tool/data.txt": "data",
    "LICENSE": "MIT",
}
Content = bytes | None


def no_wheel(_name: str, _specifier: str) -> None:
    """An index without any sibling."""


def package(root: Path, source: str = "", **files: str) -> CheckInput:
    """The module ``tool`` of ``source`` (or PLAIN), built in ``root``; ``cli="…"`` is the content of cli/tool.py."""
    contents = dict(PLAIN) if not source else {MODULE: source}
    contents |= {f"{folder}/tool.py": text for folder, text in files.items()}
    return checked(root / "dist", build_package(root, contents, "tool"))


def checked(folder: Path, built: BuiltRelease, *others: BuiltRelease, generated: bool = True) -> CheckInput:
    return CheckInput(
        built=built,
        folder=folder,
        others={other.release.package: other for other in others},
        find_wheel=no_wheel,
        generated=generated,
    )


def rewrite_wheel(given: CheckInput, change: Callable[[dict[str, bytes]], None], *, record: bool = True) -> CheckInput:
    """Change the members of the wheel on disk; with ``record`` its RECORD is made to fit again."""
    path = _path(given, ".whl")
    with zipfile.ZipFile(path) as wheel:
        members = {name: wheel.read(name) for name in wheel.namelist()}
    change(members)
    if record:
        members[_record_name(members)] = make_record(members)
    with zipfile.ZipFile(path, "w") as wheel:
        for name, data in members.items():
            wheel.writestr(name, data)
    return described(given)


def rewrite_sdist(given: CheckInput, change: Callable[[dict[str, bytes | tarfile.TarInfo]], None]) -> CheckInput:
    """Change the members of the sdist on disk; a TarInfo stands for what is no plain file."""
    path = _path(given, ".tar.gz")
    members: dict[str, bytes | tarfile.TarInfo] = {}
    with tarfile.open(path) as sdist:
        for item in sdist:
            stream = sdist.extractfile(item)
            members[item.name] = stream.read() if stream else item
    change(members)
    with tarfile.open(path, "w:gz") as sdist:
        for name, member in members.items():
            if isinstance(member, bytes):
                item = tarfile.TarInfo(name)
                item.size = len(member)
                sdist.addfile(item, io.BytesIO(member))
            else:
                sdist.addfile(member)
    return described(given)


def described(given: CheckInput) -> CheckInput:
    """``given`` with the files as they are on disk now, as if they had been built so."""
    files = tuple(describe(given.folder, file) for file in given.built.files)
    return replace(given, built=replace(given.built, files=files))


def describe(folder: Path, file: Distribution) -> Distribution:
    data = (folder / file.name).read_bytes()
    return replace(file, size=len(data), sha256=hashlib.sha256(data).hexdigest())


def renamed(given: CheckInput, suffix: str, name: str) -> CheckInput:
    """``given`` with one of its files under another name."""
    path = _path(given, suffix)
    path.rename(path.with_name(name))
    files = tuple(replace(file, name=name) if file.name == path.name else file for file in given.built.files)
    return replace(given, built=replace(given.built, files=files))


def make_record(members: Mapping[str, bytes]) -> bytes:
    """The RECORD of ``members``."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    record = _record_name(members)
    for name, data in members.items():
        digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
        writer.writerow((name, "", "") if name == record else (name, f"sha256={digest}", len(data)))
    return stream.getvalue().encode()


def texts(findings: Iterable[Finding]) -> str:
    """The messages, a line each."""
    return "\n".join(finding.message for finding in findings)


def _record_name(members: Mapping[str, bytes]) -> str:
    return next(name for name in members if name.endswith(".dist-info/RECORD"))


def _path(given: CheckInput, suffix: str) -> Path:
    return given.folder / next(file.name for file in given.built.files if file.name.endswith(suffix))
