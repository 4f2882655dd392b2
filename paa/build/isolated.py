"""A project with a backend of its own: its files are exported, the copy gets the version, pypa/build does the rest."""

import logging
import os
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from paa.build.backend import SOURCE_DATE_EPOCH, describe
from paa.edges.files import read_bytes, temporary_folder, write_atomic, write_tree
from paa.edges.installer import install_for, without_upload_secrets
from paa.edges.run import run
from paa.errors import BuildError, MissingExtraError, PaaError
from paa.model import Distribution

log = logging.getLogger(__name__)

_PROJECT_FILE = "pyproject.toml"


def build_isolated(
    files: Mapping[str, bytes],
    version: str,
    folder: Path,
    *,
    feature: str = "building a project with its own pyproject.toml",
) -> tuple[Distribution, ...]:
    """Write the wheel and the sdist of the project in ``files`` (path → bytes), as ``version``, to ``folder``.

    ``feature`` is what that is for, as the user knows it.

    The backend and its requirements are installed into a fresh environment, from the index that pip or uv is set up
    with. Raises MissingExtraError without the extra ``build``, OutsideError when the requirements can't be had,
    BuildError when the build fails, FileError when ``folder`` can't be written.
    """
    try:
        import build as _  # noqa: F401  # asks whether it is there
    except ImportError as error:
        raise MissingExtraError(feature, "build") from error
    with temporary_folder("paa-project-") as temporary:
        source, output = temporary / "source", temporary / "output"
        write_tree(source, with_version(files, version))
        contents = {name: read_bytes(output / name) for name in _call_hooks(source, output)}
    for name, data in contents.items():
        write_atomic(folder / name, data, durable=False)
    return tuple(describe(name, data) for name, data in contents.items())


def _call_hooks(source: Path, output: Path) -> list[str]:
    from build import BuildBackendException, BuildException, FailedProcessError, ProjectBuilder
    from build.env import DefaultIsolatedEnv

    advice = "run 'python -m build' in the project to see it on its own"
    names = []
    try:
        with DefaultIsolatedEnv() as environment:
            python = Path(environment.python_executable)
            builder = ProjectBuilder.from_isolated_env(environment, source, runner=_quiet_runner)
            install_for(python, sorted(builder.build_system_requires))
            for kind in ("wheel", "sdist"):
                install_for(python, sorted(builder.get_requires_for_build(kind)))
                names.append(Path(builder.build(kind, output)).name)
    except BuildBackendException as error:
        # What our runner raises comes wrapped.
        if isinstance(error.exception, PaaError):
            raise BuildError(error.exception.message, advice=advice) from error
        message = f"the project's build backend failed: {error}"
        raise BuildError(message, advice=advice) from error
    except (BuildException, FailedProcessError, OSError) as error:
        message = f"the project can't be built: {error}"
        raise BuildError(message, advice=advice) from error
    return names


def _quiet_runner(cmd: Sequence[str], cwd: str | None = None, extra_environ: Mapping[str, str] | None = None) -> None:
    """The backend's output belongs to the log; its end is shown when the build fails."""
    environment = without_upload_secrets(os.environ) | dict(extra_environ or {})
    environment["SOURCE_DATE_EPOCH"] = SOURCE_DATE_EPOCH
    done = run(list(cmd), folder=Path(cwd) if cwd else None, environment=environment)
    log.debug("%s", done.output.decode("utf-8", "replace"))
    if done.code != 0:
        reason = done.error_text or done.output.decode("utf-8", "replace").strip()
        message = f"the project's build backend failed:\n{reason[-4000:]}"
        raise BuildError(message)


def with_version(files: Mapping[str, bytes], version: str) -> dict[str, bytes]:
    """``files`` with the project's version set; the rest of each file stays as it is.

    That is ``[project].version`` where it is static, and where it is dynamic the file that hatchling, setuptools or
    flit_core reads it from; a backend that asks Git is told by a static version. Raises BuildError for a
    ``pyproject.toml`` that can't be read.
    """
    import tomlkit
    from tomlkit.exceptions import TOMLKitError

    try:
        document = tomlkit.parse(files[_PROJECT_FILE].decode())
        project: Any = document["project"]
    except (KeyError, UnicodeDecodeError, TOMLKitError) as error:
        message = f"{_PROJECT_FILE}: the [project] table can't be read: {error}"
        raise BuildError(message, advice="see PEP 621") from error
    changed = dict(files)
    dynamic = [str(name) for name in project.get("dynamic", [])]
    if "version" in dynamic:
        for path, name in _version_places(document.unwrap()):
            data = _with_assignment(files.get(path, b""), name, version)
            if data is not None:
                changed[path] = data
                return changed
        project["dynamic"].remove("version")
    project["version"] = version
    changed[_PROJECT_FILE] = tomlkit.dumps(document).encode()
    return changed


def _with_assignment(source: bytes, name: str, version: str) -> bytes | None:
    """``source`` with the string that is assigned to ``name`` at the start of a line replaced; None without one."""
    line = re.compile(rb"""^(%b[ \t]*(?::[ \t]*str[ \t]*)?=[ \t]*)(["'])[^"'\r\n]*\2""" % name.encode(), re.MULTILINE)
    text, count = line.subn(rb"\g<1>\g<2>%b\g<2>" % version.encode(), source, count=1)
    return text if count else None


def _version_places(table: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Files that the backend may read a dynamic version from, and the name that it is assigned to there."""
    tool = table.get("tool", {})
    places = []
    if hatch := tool.get("hatch", {}).get("version", {}).get("path"):
        # The pattern that hatchling has by default takes either name.
        places += [(hatch, "__version__"), (hatch, "VERSION")]
    if attribute := tool.get("setuptools", {}).get("dynamic", {}).get("version", {}).get("attr"):
        module, _, name = attribute.rpartition(".")
        places += [(path, name) for path in _module_files(module)]
    if str(table.get("build-system", {}).get("build-backend", "")).startswith("flit"):
        module = tool.get("flit", {}).get("module", {}).get("name") or table["project"]["name"].replace("-", "_")
        places += [(path, "__version__") for path in _module_files(module)]
    return places


def _module_files(module: str) -> list[str]:
    base = module.replace(".", "/")
    return [f"{prefix}{base}{suffix}" for prefix in ("", "src/") for suffix in (".py", "/__init__.py")]
