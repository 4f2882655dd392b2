"""The built wheel can be imported, and its commands found, in a clean process that has only what it requires.

Requirements come from the wheels built together with it, from an index (siblings), from the environment that paa runs
in, or from the installer; where one can't be had the check could not run, and so has failed.
"""

import importlib.metadata
import io
import os
import sys
import zipfile
from collections.abc import Iterator, Mapping
from configparser import ConfigParser
from email.parser import BytesParser
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from paa.check.model import CheckInput
from paa.edges.files import is_inside, read_bytes, temporary_folder
from paa.edges.installer import install_into
from paa.edges.run import run
from paa.errors import OutsideError
from paa.model import Distribution, DistributionKind, Finding

RULE = "imports"
_SECONDS = 120.0
# What a program needs to start and no more: the code that runs here is the package's, and must see no secret.
_PASSED_ON = ("PATH", "HOME", "USERPROFILE", "LANG", "LC_ALL", "TMPDIR", "TEMP", "TMP", "SYSTEMROOT", "LD_LIBRARY_PATH")
_PROGRAM = """
import importlib, sys
site, packages, commands = sys.argv[1], sys.argv[2].split(","), sys.argv[3].split(",")
sys.path[:0] = sys.argv[4:]
for name in filter(None, packages):
    module = importlib.import_module(name)
    place = getattr(module, "__file__", None) or next(iter(getattr(module, "__path__", [])), "")
    if not str(place).startswith(site):
        sys.exit(f"import {name} gives {place}, not the wheel that was built")
for command in filter(None, commands):
    target, _, attributes = command.partition(":")
    value = importlib.import_module(target)
    for attribute in filter(None, attributes.split(".")):
        value = getattr(value, attribute)
"""


class _UncheckableError(Exception):
    """The check can't be run: a requirement can't be had."""


def check_imports(given: CheckInput) -> tuple[Finding, ...]:
    """A finding when the wheel's packages or commands can't be imported, with the last lines of the traceback."""
    with temporary_folder("paa-check-") as temporary:
        site = temporary / "site"
        try:
            wheel = _extract(_built_wheel(given.built.files, given.folder), site)
            paths = [site, *_requirements(given, wheel, temporary)]
        except _UncheckableError as error:
            return (Finding(rule=RULE, message=f"could not be checked: {error}"),)
        packages, commands = _import_names(site), _commands(wheel)
        arguments = [str(site), ",".join(packages), ",".join(commands), *(str(path) for path in paths)]
        environment = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
        try:
            done = run(
                [sys.executable, "-I", "-B", "-c", _PROGRAM, *arguments],
                folder=temporary,
                environment=environment,
                seconds=_SECONDS,
            )
        except OutsideError as error:
            return (Finding(rule=RULE, message=f"could not be checked: {error}"),)
    if done.code == 0:
        return ()
    reason = "\n    ".join(done.error_text.splitlines()[-6:]) or f"the process ended with exit code {done.code}"
    advice = "mark an import that is missing with #@, or correct the module, and build again"
    return (Finding(rule=RULE, message=f"the built wheel can't be imported:\n    {reason}", advice=advice),)


def _built_wheel(files: tuple[Distribution, ...], folder: Path) -> bytes:
    name = next(file.name for file in files if file.kind is DistributionKind.WHEEL)
    return read_bytes(folder / name)


def _extract(data: bytes, site: Path) -> Mapping[str, bytes]:
    """Unpack a wheel into ``site``; return the files of its .dist-info by name."""
    with zipfile.ZipFile(io.BytesIO(data)) as wheel:
        for name in wheel.namelist():
            if not is_inside(name):
                message = f"{name!r} leads out of the wheel"
                raise _UncheckableError(message)
        wheel.extractall(site)
        return {
            name.rpartition("/")[2]: wheel.read(name)
            for name in wheel.namelist()
            if name.partition("/")[0].endswith(".dist-info") and name.count("/") == 1
        }


def _requirements(given: CheckInput, wheel: Mapping[str, bytes], temporary: Path) -> list[Path]:
    """Folders to put on the path: siblings unpacked, and what had to be installed."""
    siblings, missing = temporary / "siblings", []
    seen: set[str] = set()
    waiting = list(_required(wheel))
    while waiting:
        requirement = waiting.pop()
        name = canonicalize_name(requirement.name)
        if name in seen:
            continue
        seen.add(name)
        if (data := _sibling(given, requirement)) is not None:
            waiting += _required(_extract(data, siblings))
        elif not _satisfied(requirement):
            missing.append(str(requirement))
    if not missing:
        return [siblings] if siblings.exists() else []
    target = temporary / "installed"
    try:
        install_into(target, sorted(missing))
    except OutsideError as error:
        message = f"{', '.join(sorted(missing))} can't be had here: {error}"
        raise _UncheckableError(message) from error
    return [siblings, target]


def _sibling(given: CheckInput, requirement: Requirement) -> bytes | None:
    name = canonicalize_name(requirement.name)
    for other in given.others.values():
        if canonicalize_name(other.release.distribution) == name:
            return _built_wheel(other.files, given.folder)
    found = given.find_wheel(requirement.name, str(requirement.specifier))
    return None if found is None else found[1]


def _required(wheel: Mapping[str, bytes]) -> Iterator[Requirement]:
    fields = BytesParser().parsebytes(wheel["METADATA"], headersonly=True)
    for text in fields.get_all("Requires-Dist") or []:
        requirement = Requirement(text)
        if requirement.marker is None or requirement.marker.evaluate({"extra": ""}):
            requirement.marker = None
            yield requirement


def _satisfied(requirement: Requirement) -> bool:
    """Whether paa's own environment has it, in a version that fits. Extras can't be seen there, so they don't count."""
    if requirement.extras or requirement.url:
        return False
    try:
        version = importlib.metadata.version(requirement.name)
    except importlib.metadata.PackageNotFoundError:
        return False
    return requirement.specifier.contains(version, prereleases=True)


def _import_names(site: Path) -> list[str]:
    packages = [path.parent.name for path in sorted(site.glob("*/__init__.py"))]
    return packages + [path.stem for path in sorted(site.glob("*.py"))]


def _commands(wheel: Mapping[str, bytes]) -> list[str]:
    parser = ConfigParser(delimiters=("=",), interpolation=None, strict=False)
    parser.optionxform = str  # type: ignore[assignment, method-assign]  # the documented way to keep names as written
    parser.read_string(wheel.get("entry_points.txt", b"").decode())
    return [
        target.partition("[")[0].strip()
        for group in ("console_scripts", "gui_scripts")
        if parser.has_section(group)
        for _, target in parser.items(group)
    ]
