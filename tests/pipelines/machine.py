"""What a fresh machine of a CI system has: Git, a shell, Pythons, and an index that paa can be installed from."""

import compileall
import os
import shutil
import subprocess
import sys
import sysconfig
import venv
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import paa
from tests.functional.test_own_wheel import hatchling
from tests.isolation import isolated_environment, prepare_home

_PROGRAMS = ("git", "bash", "sh", "env")
# Puts paa, which is installed elsewhere, in its place when it is to be installed: in no time, unlike pip.
_PYTHON = """\
#!/bin/sh
case "$*" in
    *"-m pip install "*"paa=={version}" | *"-m pip install "*"paa["*"]=={version}")
        exec cp -R "{folder}/paa/." "{folder}" ;;
esac
exec "{folder}/bin/python3" "$@"
"""
_PAA = "#!{folder}/bin/python3\nimport sys\nfrom paa.cli.app import main\nsys.exit(main())\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """``simple`` is an index with nothing but paa's own wheel; ``libraries`` is what paa needs, without paa.

    ``version`` is the version of that wheel. ``installed`` is where it is installed already, for machines on which
    paa need not be installed by pip, which takes a second for each job.
    """

    simple: Path
    libraries: Path
    version: str
    installed: Path | None = None

    def environment(self, home: Path, more: Mapping[str, str]) -> dict[str, str]:
        """What a job's programs find in their environment: a clean ``home``, and no Python of the tests on PATH."""
        prepare_home(home)
        (home / ".gitconfig").write_text("[init]\n    defaultBranch = main\n", encoding="utf-8")
        kept: dict[str, str] = dict(isolated_environment(os.environ, home=home, network=False))
        for name in ("PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV"):
            kept.pop(name, None)
        kept = {name: value for name, value in kept.items() if not name.startswith(("PYTEST_", "COV_CORE_"))}
        found = (shutil.which(program) for program in _PROGRAMS)
        folders = dict.fromkeys(str(Path(path).parent) for path in found if path)
        return (
            kept
            | {
                "PATH": os.pathsep.join([*folders, "/usr/bin", "/bin"]),
                "PIP_INDEX_URL": self.simple.as_uri(),
                "PIP_DISABLE_PIP_VERSION_CHECK": "1",
                # Errors and warnings only: who reads what a pipeline said wants to know what failed.
                "PIP_QUIET": "1",
                # What is thrown away a second later need not be compiled.
                "PIP_NO_COMPILE": "1",
                "UV_OFFLINE": "1",
            }
            | dict(more)
        )

    def python(self, folder: Path) -> Path:
        """Make a Python in ``folder`` that has pip and what paa needs, but not paa. Returns its ``bin``."""
        builder = venv.EnvBuilder(symlinks=True, with_pip=False)
        builder.create(folder)
        (_site(folder) / "machine.pth").write_text(f"{self.libraries}\n", encoding="utf-8")
        if self.installed is not None:
            _write_program(folder / "bin" / "python", _PYTHON.format(version=self.version, folder=folder))
            _write_program(folder / "paa" / "bin" / "paa", _PAA.format(folder=folder))
            found = _site(folder / "paa") / "paa.pth"
            found.parent.mkdir(parents=True)
            found.write_text(f"{self.installed}\n", encoding="utf-8")
        return folder / "bin"

    def with_paa(self, folder: Path) -> "Machine":
        """The same machine, with paa installed into ``folder`` (by pip, once)."""
        python = self.python(folder / "python") / "python"
        command = [str(python), "-m", "pip", "install", "--no-deps", "--target", str(folder / "site")]
        environment = self.environment(folder / "home", {})
        subprocess.run([*command, f"paa=={self.version}"], env=environment, check=True, capture_output=True)
        compileall.compile_dir(folder / "site", quiet=2)
        return replace(self, installed=folder / "site")

    def install_released(self, folder: Path, simple_url: str, *requirements: str) -> Path:
        """Install ``requirements`` from the index at ``simple_url`` into a new environment; returns its Python."""
        environment = self.environment(folder.parent / f"{folder.name}-home", {"PIP_INDEX_URL": simple_url})
        python = self.python(folder) / "python"
        command = [str(python), "-m", "pip", "install", "--quiet", "--no-cache-dir", *requirements]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        return python


def _site(folder: Path) -> Path:
    """Where the Python in ``folder`` looks for distributions."""
    return Path(sysconfig.get_path("purelib", "venv", {"base": str(folder), "platbase": str(folder)}))


def _write_program(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    path.write_text(text, encoding="utf-8")
    path.chmod(0o755)


def prepare_machine(folder: Path) -> Machine:
    """Build paa's own wheel from the checkout, and lay out in ``folder`` what machines are made from."""
    project = folder / "simple" / "paa"
    project.mkdir(parents=True)
    wheel = hatchling("build_wheel", project)
    page = f'<!DOCTYPE html><html><body><a href="{wheel.name}">{wheel.name}</a></body></html>\n'
    (project / "index.html").write_text(page, encoding="utf-8")
    libraries = folder / "libraries"
    libraries.mkdir()
    for path in sorted(Path(sysconfig.get_path("purelib")).iterdir()):
        # paa may be installed in the environment of the tests; a machine has only what its job installs.
        if not path.name.startswith(("paa-", "_paa", "__editable__")) and path.name not in {"paa", "paa.pth"}:
            (libraries / path.name).symlink_to(path)
    assert sys.prefix != sys.base_prefix, "the tests run in a virtual environment (script/bootstrap)"
    return Machine(simple=folder / "simple", libraries=libraries, version=paa.__version__)
