"""docs/how-to/release-with-tags.md, followed word for word, after the beginning of the page that it begins with."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.pipelines.git_host import GitHost
from tests.pipelines.github.reader import LOGIN, GitHubReader, new_reader
from tests.pipelines.machine import Machine
from tests.pipelines.page import HOW_TO, read_page
from tests.servers import PypiServer, pypiserver

pytestmark = pytest.mark.server


@pytest.fixture
def staging(tmp_path: Path) -> Iterator[PypiServer]:
    """What stands in for TestPyPI."""
    with pypiserver(tmp_path / "testpypi", user=LOGIN) as index:
        yield index


@pytest.fixture
def reader(
    quick_machine: Machine, host: GitHost, home: Path, tmp_path: Path, staging: PypiServer
) -> Iterator[GitHubReader]:
    """Somebody who has set up GitHub, up to the first push."""
    with pypiserver(tmp_path / "pypi", user=LOGIN) as index:
        made = new_reader(quick_machine, host, tmp_path, home, {"pypi": index, "testpypi": staging})
        made.follow(read_page(HOW_TO / "set-up-github.md").until("git push"))
        yield made


def test_the_page_does_what_it_says(reader: GitHubReader, staging: PypiServer) -> None:
    reader.follow(read_page(HOW_TO / "release-with-tags.md"))
    results = [(event.ref_name, run.result) for event, run in reader.runs]
    assert results == [("v0.1.0-beta.1", "success"), ("v0.1.0", "success"), ("v0.1.0-test.1", "failure")]
    assert reader.world.versions()["acme_greeter"] == ["0.1.0"]
    assert {path.name for path in staging.folder.glob("acme*")} == {
        "acme_greeter-0.1.0b1-py3-none-any.whl",
        "acme_greeter-0.1.0b1.tar.gz",
    }
    # Somebody publishes a release on the platform's own page, with the tag that has been pushed before.
    pushed = reader.runs[1][0]
    event = replace(pushed, name="release", payload=reader.world.payload(action="published"))
    again = reader.world.run(event)
    assert (again.results["plan"], again.results["build"], again.result) == ("success", "skipped", "success"), (
        again.output
    )
