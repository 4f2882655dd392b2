"""What all scenarios share: how a project is made."""

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


@pytest.fixture
def project(tmp_path: Path, quick_machine: Machine, host: GitHost) -> Iterator[MakeScene]:
    """Make a project, see ``scene``; several are told apart by ``name``."""
    with ExitStack() as stack:

        def make(name: str = "project", **given: Unpack[SceneOptions]) -> Scene:
            machine = given.get("machine", quick_machine)
            return stack.enter_context(scene(tmp_path / name, machine, host, given))

        yield make
