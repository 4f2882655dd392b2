"""The built wheel compiles and can be imported, and its commands found, in a clean process with what it requires only.

Where that can't be tried, for a requirement that can't be had, the check could not run, and so has failed.
"""

import json
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from configparser import ConfigParser, Error
from pathlib import Path, PurePosixPath

from paa.check import clean_import
from paa.check.environment import Surroundings, UncheckableError, surround
from paa.check.model import CheckInput
from paa.edges.files import temporary_folder
from paa.edges.run import Completed, run
from paa.errors import OutsideError
from paa.model import Finding, InterfaceKind
from paa.scan.discover import INTERFACE_MODULES
from paa.scan.places import ARTIFACTS_FOLDER

RULE = "imports"
_SECONDS = 120.0
# What a program needs to start and no more: the code that runs here is the package's, and must see no secret.
_PASSED_ON = ("PATH", "LANG", "LC_ALL", "SYSTEMROOT", "LD_LIBRARY_PATH")
# Where programs keep settings, credentials and scratch files: a folder of the check's own instead.
_FOLDERS = ("HOME", "USERPROFILE", "APPDATA", "LOCALAPPDATA", "TMPDIR", "TEMP", "TMP")
_SUFFIXES = (".py", ".so", ".pyd")


def check_imports(given: CheckInput, *, seconds: float = _SECONDS) -> tuple[Finding, ...]:
    """A finding when the wheel's packages or commands can't be imported, with the last lines of the traceback.

    ``seconds`` is how long the import may take. It runs without the user's environment variables and home.
    """
    with temporary_folder("paa-check-") as temporary:
        try:
            surroundings = surround(given, temporary)
            done = _run(surroundings, temporary, seconds, generated=given.generated)
        except (UncheckableError, OutsideError) as error:
            return (Finding(rule=RULE, message=f"could not be checked: {error}"),)
    if done.code == clean_import.PASSED:
        return ()
    reason = "\n    ".join(done.error_text.splitlines()[-6:]) or f"the process ended with exit code {done.code}"
    advice = "mark an import that is missing with #@, or correct the module, and build again"
    return (Finding(rule=RULE, message=f"the built wheel can't be imported:\n    {reason}", advice=advice),)


def _inside(site: Path, packages: Sequence[str]) -> Iterator[str]:
    """The interfaces of assembled packages that servers import: routes and MCP servers.

    Not the Streamlit app, which is a script that runs when it is imported; the command is looked for anyway.
    """
    for package in packages:
        for kind in (InterfaceKind.API, InterfaceKind.MCP):
            if (site / package / f"{INTERFACE_MODULES[kind]}.py").is_file():
                yield f"{package}.{INTERFACE_MODULES[kind]}"


def _run(surroundings: Surroundings, temporary: Path, seconds: float, *, generated: bool) -> Completed:
    packages = import_names(surroundings.own[0])
    if not packages:
        message = "the wheel holds nothing that can be imported"
        raise UncheckableError(message)
    asked = {
        "own": [str(path) for path in surroundings.own],
        "shared": [str(path) for path in surroundings.shared],
        "allowed": list(surroundings.allowed),
        # A project may ship templates and samples under any name.
        "sources": _sources(surroundings.own[0]) if generated else [],
        "packages": [*packages, *(_inside(surroundings.own[0], packages) if generated else ())],
        "commands": _commands(surroundings.info),
    }
    home = temporary / "home"
    home.mkdir()
    environment = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    environment |= dict.fromkeys(_FOLDERS, str(home))
    # -I and -S: neither the user's variables and packages nor the environment's startup files have a say.
    program = [sys.executable, "-I", "-S", "-B", clean_import.__file__, json.dumps(asked)]
    return run(program, folder=home, environment=environment, seconds=seconds)


def import_names(site: Path) -> list[str]:
    """What a folder of installed files lets one import: its modules and packages, those in namespaces by full name."""
    names = set()
    for path in site.rglob("*"):
        parts = PurePosixPath(path.relative_to(site)).parts
        if path.suffix not in _SUFFIXES or not path.is_file() or not all(part.isidentifier() for part in parts[:-1]):
            continue
        folders = [count for count in range(1, len(parts)) if (site.joinpath(*parts[:count]) / "__init__.py").exists()]
        if folders:
            names.add(".".join(parts[: folders[0]]))
        elif len(parts) == 1:
            names.add(path.name.partition(".")[0])
    return sorted(names)


def _sources(site: Path) -> list[str]:
    """The code in a folder of installed files; what lies among artifacts is data, whatever it is called."""
    paths = (path.relative_to(site) for path in site.rglob("*.py") if path.is_file())
    return sorted(path.as_posix() for path in paths if path.parts[1:2] != (ARTIFACTS_FOLDER,))


def _commands(info: Mapping[str, bytes]) -> list[str]:
    parser = ConfigParser(delimiters=("=",), interpolation=None, strict=False)
    parser.optionxform = str  # type: ignore[assignment, method-assign]  # the documented way to keep names as written
    try:
        parser.read_string(info.get("entry_points.txt", b"").decode())
    except (Error, UnicodeDecodeError) as error:
        message = f"its entry points can't be read: {error}"
        raise UncheckableError(message) from error
    return [
        target.partition("[")[0].strip()
        for group in ("console_scripts", "gui_scripts")
        if parser.has_section(group)
        for _, target in parser.items(group)
    ]
