"""A project with a backend of its own: its files are exported, the copy gets the version, pypa/build does the rest."""

import logging
import os
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from paa.build.backend import SOURCE_DATE_EPOCH, describe
from paa.edges.files import read_bytes, temporary_folder, write_atomic, write_tree
from paa.errors import BuildError, MissingExtraError
from paa.model import Distribution

log = logging.getLogger(__name__)

_VERSION_LINE = re.compile(r"""^(__version__\s*(?::\s*str\s*)?=\s*)(["'])[^"'\n]*\2""", re.MULTILINE)


def build_isolated(files: Mapping[str, bytes], version: str, folder: Path) -> tuple[Distribution, ...]:
    """Write the wheel and the sdist of the project in ``files`` (path → bytes), as ``version``, to ``folder``.

    The backend and its requirements are installed into a fresh environment, from the index that pip or uv is set up
    with. Raises MissingExtraError without the extra ``build``, BuildError when the build fails.
    """
    try:
        from build import BuildBackendException, BuildException, ProjectBuilder
        from build.env import DefaultIsolatedEnv
    except ImportError as error:
        feature = "building a project with its own pyproject.toml"
        raise MissingExtraError(feature, "build") from error
    with temporary_folder("paa-project-") as temporary:
        source, output = temporary / "source", temporary / "output"
        write_tree(source, with_version(files, version))
        try:
            with DefaultIsolatedEnv() as environment:
                builder = ProjectBuilder.from_isolated_env(environment, source, runner=_quiet_runner)
                environment.install(builder.build_system_requires)
                names = []
                for kind in ("sdist", "wheel"):
                    environment.install(builder.get_requires_for_build(kind))
                    names.append(Path(builder.build(kind, output)).name)
        except (BuildException, BuildBackendException, OSError) as error:
            message = f"the project's build backend failed: {error}"
            raise BuildError(message, advice="run 'python -m build' in the project to see it on its own") from error
        contents = {name: read_bytes(output / name) for name in sorted(names, reverse=True)}
    for name, data in contents.items():
        write_atomic(folder / name, data, durable=False)
    return tuple(describe(name, data) for name, data in contents.items())


def _quiet_runner(cmd: Sequence[str], cwd: str | None = None, extra_environ: Mapping[str, str] | None = None) -> None:
    """The backend's output belongs to the log; it is shown when the build fails."""
    from paa.edges.run import run

    environment = {**os.environ, **(extra_environ or {}), "SOURCE_DATE_EPOCH": SOURCE_DATE_EPOCH}
    done = run(list(cmd), folder=Path(cwd) if cwd else None, environment=environment)
    log.debug("%s", done.output.decode("utf-8", "replace"))
    if done.code != 0:
        message = f"the project's build backend failed:\n{done.error_text[-4000:]}"
        raise BuildError(message)


def with_version(files: Mapping[str, bytes], version: str) -> dict[str, bytes]:
    """``files`` with the project's version set.

    That is ``[project].version`` where it is static, and where it is dynamic the file that hatchling, setuptools or
    flit_core reads it from; a backend that asks Git is told by a static version.
    """
    import tomlkit

    document = tomlkit.parse(files["pyproject.toml"].decode())
    project: Any = document["project"]
    dynamic = [str(name) for name in project.get("dynamic", [])]
    changed = dict(files)
    source = _version_file(document.unwrap(), files) if "version" in dynamic else None
    if source is not None:
        text = files[source].decode()
        text, count = _VERSION_LINE.subn(rf"\g<1>\g<2>{version}\g<2>", text, count=1)
        if count:
            changed[source] = text.encode()
            return changed
    if "version" in dynamic:
        project["dynamic"] = [name for name in dynamic if name != "version"]
    project["version"] = version
    changed["pyproject.toml"] = tomlkit.dumps(document).encode()
    return changed


def _version_file(table: Mapping[str, Any], files: Mapping[str, bytes]) -> str | None:
    """Where the backend reads a dynamic version from: hatchling's path, setuptools' attr, flit's module."""
    tool = table.get("tool", {})
    hatch = tool.get("hatch", {}).get("version", {}).get("path")
    attribute = tool.get("setuptools", {}).get("dynamic", {}).get("version", {}).get("attr")
    module = attribute.rpartition(".")[0] if attribute else tool.get("flit", {}).get("module", {}).get("name")
    candidates = [hatch] if hatch else []
    if module:
        base = module.replace(".", "/")
        candidates += [f"{prefix}{base}{suffix}" for prefix in ("", "src/") for suffix in (".py", "/__init__.py")]
    return next((path for path in candidates if path in files), None)
