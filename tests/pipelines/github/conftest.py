"""One repository that has made its first release; each scenario begins with a copy of that state."""

from collections.abc import Iterator

import pytest

from tests.functional.samples import FILES
from tests.pipelines.conftest import LOGIN
from tests.pipelines.git_host import GitHost
from tests.pipelines.github.results import Run
from tests.pipelines.github.world import FirstPush, World, new_world
from tests.pipelines.machine import Machine
from tests.servers import PypiServer, pypiserver

_OURS = {path: content for path, content in FILES.items() if path not in {".paa.config", "README.md", ".gitignore"}}


@pytest.fixture(scope="session")
def shared_index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PypiServer]:
    """The private index of the scenarios; uploads need LOGIN."""
    with pypiserver(tmp_path_factory.mktemp("index") / "server", user=LOGIN) as running:
        yield running


@pytest.fixture(scope="session")
def first_push(
    machine: Machine, host: GitHost, shared_index: PypiServer, tmp_path_factory: pytest.TempPathFactory
) -> FirstPush:
    """The run of the first push of a new repository with three packages, and the state that it left."""
    folder = tmp_path_factory.mktemp("world")
    world = new_world(machine, host, shared_index, folder, _OURS)
    world.work.commit("Three scripts")
    event = world.push()
    attempt = world.start(event)
    attempt.run()
    return FirstPush(world=world, event=event, run=Run(jobs=tuple(attempt.done)), state=world.keep(folder / "kept"))


@pytest.fixture
def world(first_push: FirstPush, quick_machine: Machine) -> World:
    """The repository after its first release, as if nothing had happened since; its jobs run on quick machines."""
    first_push.world.restore(first_push.state)
    first_push.world.platform.machine = quick_machine
    return first_push.world
