"""docs/how-to/set-up-github.md, followed word for word: from nothing to a package that is installed from the index."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.pipelines.git_host import GitHost
from tests.pipelines.github.reader import LOGIN, GitHubReader, new_reader
from tests.pipelines.machine import Machine
from tests.pipelines.page import HOW_TO, read_page
from tests.servers import pypiserver

pytestmark = pytest.mark.server


@pytest.fixture
def reader(machine: Machine, host: GitHost, home: Path, tmp_path: Path) -> Iterator[GitHubReader]:
    """Somebody with an empty repository on the platform, and an account on the stand-in for PyPI."""
    with pypiserver(tmp_path / "pypi", user=LOGIN) as index:
        yield new_reader(machine, host, tmp_path, home, {"pypi": index})


def test_the_page_does_what_it_says(reader: GitHubReader) -> None:
    reader.follow(read_page(HOW_TO / "set-up-github.md"))
    world = reader.world
    results = [(event.name, event.ref_name, run.result) for event, run in reader.runs]
    assert results == [("push", "main", "success"), ("pull_request", "7/merge", "success"), ("push", "main", "success")]
    assert world.versions()["acme_greeter"] == ["0.0.1", "0.1.0"]
    assert world.remote.tags() == ("acme_greeter-v0.0.1", "acme_greeter-v0.1.0")
    assert world.tracked() == {"acme_greeter": "0.1.0"}
