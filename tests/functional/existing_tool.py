"""Repositories in the conventions of the existing tool, and what was made of them."""

import subprocess
import zipfile
from collections.abc import Mapping
from email.message import Message
from email.parser import BytesParser
from pathlib import Path

from paa.edges.environments import create_environment, pip_install, rebuild_wheel
from tests.functional.command_line import CONFIG
from tests.repository import Repository

PROJECTS = Path(__file__).parents[1] / "fixtures" / "projects"
# What the existing tool puts into the folders that it makes: only files of their kind are for Git.
IGNORE = {
    "python_modules": "# Ignore all files\n*\n\n# Allow only .py files\n!*.py\n\n!*/         \n",
    "python_modules/components": "# Ignore all files\n*\n\n!*.py\n\n!*/         \n",
    "cli": "*\n\n!*.py\n\n!*/         \n",
    "example_notebooks": "# Ignore all files\n*\n\n!*.ipynb\n       \n",
    "drawio": "*\n\n!*.drawio\n       \n",
    "artifacts": "__pycache__",
    ".paa/release_notes": "# Ignore everything\n*\n\n# Allow markdown files\n!*.md            \n                ",
    ".paa/docs": "*\n\n!*.md\n\n!*.png\n\n!**/              \n                ",
    ".paa/requirements": "",
}


def existing_repository(
    repository: Repository, name: str, files: Mapping[str, str | bytes] | None = None
) -> Repository:
    """Fill ``repository`` with the project ``name`` and ``files``, and commit all; releases go to a folder beside it.

    ``.gitignore`` files are forced in, as the existing tool's own repositories have them.
    """
    project = PROJECTS / name
    found: dict[str, str | bytes] = {
        path.relative_to(project).as_posix(): path.read_bytes() for path in sorted(project.rglob("*")) if path.is_file()
    }
    found |= {f"{folder}/.gitignore": text for folder, text in IGNORE.items()}
    settings = found[".paa.config"]
    assert isinstance(settings, bytes)
    found[".paa.config"] = settings.decode() + CONFIG
    repository.write({**found, **(files or {})})
    repository.git("add", "--all", "--force")
    repository.commit("A repository of the existing tool")
    return repository


def members(wheel: Path) -> dict[str, bytes]:
    """The files of a wheel that are not its metadata, by path."""
    with zipfile.ZipFile(wheel) as archive:
        return {name: archive.read(name) for name in archive.namelist() if ".dist-info/" not in name}


def metadata(wheel: Path) -> Message:
    """The METADATA of a wheel."""
    with zipfile.ZipFile(wheel) as archive:
        (path,) = [name for name in archive.namelist() if name.endswith(".dist-info/METADATA")]
        return BytesParser().parsebytes(archive.read(path))


def fields(wheel: Path, name: str) -> list[str]:
    """The values of a field of the METADATA, sorted."""
    return sorted(metadata(wheel).get_all(name) or [])


def wheel_of(folder: Path, package: str) -> Path:
    """The only wheel of ``package`` in ``folder``."""
    (found,) = folder.glob(f"{package}-*.whl")
    return found


def install(folder: Path, index: Path, *distributions: str, requirements: tuple[str, ...] = ()) -> Path:
    """A new environment in ``folder`` with ``distributions`` from ``index``; return where its programs are.

    ``requirements`` are taken from what is installed beside pytest. Nothing that is required may be missing.
    """
    wheels = folder / "wheels"
    wheels.mkdir(parents=True)
    for name, data in map(rebuild_wheel, requirements):
        (wheels / name).write_bytes(data)
    programs = create_environment(folder / "environment")
    links = [option for path in (wheels, *index.glob("simple/*")) for option in ("--find-links", str(path))]
    pip_install(programs, ["--no-index", *links, *distributions])
    run(programs / "python", "-m", "pip", "--disable-pip-version-check", "check")
    return programs


def run(*command: Path | str) -> str:
    """What a command prints; it must succeed."""
    done = subprocess.run(list(map(str, command)), capture_output=True, check=False, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout.strip()
