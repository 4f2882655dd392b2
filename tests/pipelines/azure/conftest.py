"""What all scenarios share: paa, installed once."""

import compileall
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Protocol, Unpack

import pytest

from tests.pipelines.azure.scene import Scene, SceneOptions, scene
from tests.pipelines.git_host import GitHost
from tests.pipelines.machine import Machine


class MakeScene(Protocol):
    """Make a project called ``name``; what is not given is as usual."""

    def __call__(self, name: str = "project", **given: Unpack[SceneOptions]) -> Scene: ...


@pytest.fixture(scope="session")
def ready(tmp_path_factory: pytest.TempPathFactory, machine: Machine) -> Path:
    """A folder of installed distributions with nothing but paa in it."""
    folder = tmp_path_factory.mktemp("ready")
    python = machine.python(folder / "python") / "python"
    command = [
        str(python),
        "-m",
        "pip",
        "install",
        "--quiet",
        "--no-deps",
        "--target",
        str(folder / "site"),
        f"paa=={machine.version}",
    ]
    subprocess.run(command, env=machine.environment(folder / "home", {}), check=True, capture_output=True)
    compileall.compile_dir(folder / "site", quiet=2)
    return folder / "site"


@pytest.fixture
def project(tmp_path: Path, machine: Machine, host: GitHost, ready: Path) -> Iterator[MakeScene]:
    """Make a project, see ``scene``; several are told apart by ``name``."""
    with ExitStack() as stack:

        def make(name: str = "project", **given: Unpack[SceneOptions]) -> Scene:
            options: SceneOptions = {"ready": ready, **given}
            return stack.enter_context(scene(tmp_path / name, machine, host, options))

        yield make
