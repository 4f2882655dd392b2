"""Wheels as this proof needs them: what they are called, what they require, what of them can be imported."""

import hashlib
import json
import os
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from email.message import Message
from email.parser import BytesParser
from pathlib import Path

from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import NormalizedName, canonicalize_name
from packaging.version import Version

_MANIFEST = "/.paa/manifest.json"
_INTERFACE_MODULES = {"cli": "cli", "api": "routes", "streamlit": "streamlit", "mcp": "mcp_server"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Wheel:
    """A wheel on disk, and the ``tests`` that built it.

    ``package`` is None for one that paa did not assemble; ``modules`` are what can be imported from inside it.
    """

    path: Path
    name: NormalizedName
    version: Version
    requires: tuple[Requirement, ...]
    requires_python: SpecifierSet
    package: str | None = None
    modules: tuple[str, ...] = ()
    tests: frozenset[str] = frozenset()

    def __str__(self) -> str:
        return f"{self.name} {self.version}"


def read_wheel(path: Path) -> Wheel:
    """What the wheel at ``path`` says about itself. Raises ValueError or StopIteration for what it doesn't say."""
    with zipfile.ZipFile(path) as archive:
        names = archive.namelist()
        information = next(name for name in names if name.endswith(".dist-info/METADATA"))
        metadata = BytesParser().parsebytes(archive.read(information), headersonly=True)
        manifest = next((name for name in names if name.endswith(_MANIFEST) and name.count("/") == 2), None)
        said = {} if manifest is None else json.loads(archive.read(manifest))
    package = None if manifest is None else manifest.partition("/")[0]
    wheel = _wheel(path, metadata, package, said)
    # The module's other name, which one that says itself where its submodules are (six) does not have.
    alias = (package,) if package is not None and f"{package}/{package}.py" in names else ()
    return replace(wheel, modules=(*alias, *wheel.modules))


def _wheel(path: Path, metadata: Message, package: str | None, manifest: Mapping[str, object]) -> Wheel:
    interfaces = manifest.get("interfaces")
    return Wheel(
        path=path,
        name=canonicalize_name(str(metadata["Name"])),
        version=Version(str(metadata["Version"])),
        requires=tuple(map(Requirement, metadata.get_all("Requires-Dist") or [])),
        requires_python=SpecifierSet(metadata["Requires-Python"] or ""),
        package=package,
        modules=tuple(_INTERFACE_MODULES[kind] for kind in interfaces) if isinstance(interfaces, list) else (),
    )


def assembled_wheels(folder: Path) -> Iterator[Path]:
    """The wheels anywhere below ``folder`` that paa assembled; those installed or unpacked there are none."""
    for path in sorted(folder.rglob("*.whl")):
        if path.is_file() and _is_assembled(path):
            yield path


def _is_assembled(path: Path) -> bool:
    try:
        with zipfile.ZipFile(path) as archive:
            return any(name.endswith(_MANIFEST) and name.count("/") == 2 for name in archive.namelist())
    except zipfile.BadZipFile:
        # A test's own damage; nothing that was built whole.
        return False


def keep(path: Path, folder: Path, test: str) -> None:
    """Put a copy of the wheel at ``path`` into ``folder``, once for each content, with the name of the test."""
    data = path.read_bytes()
    place = folder / hashlib.sha256(data).hexdigest()
    place.mkdir(parents=True, exist_ok=True)
    # Several processes may keep the same bytes at the same time: a file appears whole, or not at all.
    temporary = place / f".{path.name}.{os.getpid()}"
    temporary.write_bytes(data)
    temporary.replace(place / path.name)
    (place / f"{hashlib.sha256(test.encode()).hexdigest()}.test").write_text(test, encoding="utf-8")


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What tests have assembled; ``problems`` are the wheels that can't even be read."""

    wheels: tuple[Wheel, ...]
    problems: tuple[str, ...]


def kept_wheels(folder: Path) -> Kept:
    """What ``keep`` has put into ``folder``, in the order of the contents' hashes."""
    wheels, problems = [], []
    for path in sorted(folder.glob("*/*.whl")):
        tests = frozenset(test.read_text(encoding="utf-8") for test in path.parent.glob("*.test"))
        try:
            wheels.append(replace(read_wheel(path), tests=tests))
        except (ValueError, StopIteration) as error:
            problems.append(f"{path.name}: can't be read: {error} (built by {', '.join(sorted(tests))})")
    return Kept(wheels=tuple(wheels), problems=tuple(problems))
