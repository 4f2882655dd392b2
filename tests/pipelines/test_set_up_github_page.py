"""docs/how-to/set-up-github.md, followed word for word: from nothing to a package that is installed from the index."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.pipelines.git_host import GitHost
from tests.pipelines.github.contexts import REPOSITORY
from tests.pipelines.github.jobs import Secrets
from tests.pipelines.github.platform import Platform
from tests.pipelines.machine import Machine
from tests.pipelines.page import read_page
from tests.pipelines.reader import LOGIN, Reader, new_reader
from tests.servers import pypiserver

pytestmark = pytest.mark.server

_PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "set-up-github.md"


@pytest.fixture
def reader(machine: Machine, host: GitHost, home: Path, tmp_path: Path) -> Iterator[Reader]:
    """Somebody with an empty repository on the platform, and an account on the stand-in for PyPI."""
    name = f"{tmp_path.name}/{REPOSITORY}"
    platform = Platform(
        machine=machine, host=host, address=host.address(name), folder=tmp_path / "runs",
        secrets=Secrets(repository={}, environments={}),
    )  # fmt: skip
    with pypiserver(tmp_path / "pypi", user=LOGIN) as index:
        yield new_reader(machine, platform, host.remote(name), home, index)


def test_the_page_does_what_it_says(reader: Reader) -> None:
    reader.follow(read_page(_PAGE))
    results = [(event.name, run.result) for event, run in reader.runs]
    assert results == [("push", "success"), ("pull_request", "success"), ("push", "success")]
    reader.world.released(acme_greeter="0.1.0")
