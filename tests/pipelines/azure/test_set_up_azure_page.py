"""docs/how-to/set-up-azure.md, followed word for word: from nothing to a package that is installed from the feed."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.pipelines.azure.agent import Outcome
from tests.pipelines.azure.reader import AzureReader, new_reader
from tests.pipelines.conftest import LOGIN
from tests.pipelines.git_host import GitHost
from tests.pipelines.machine import Machine
from tests.pipelines.page import read_page
from tests.servers import pypiserver

pytestmark = pytest.mark.server

_PAGE = Path(__file__).parents[3] / "docs" / "how-to" / "set-up-azure.md"


@pytest.fixture
def reader(machine: Machine, host: GitHost, home: Path, tmp_path: Path) -> Iterator[AzureReader]:
    """Somebody with an empty repository and an empty feed."""
    with pypiserver(tmp_path / "feed", user=LOGIN) as feed:
        yield new_reader(tmp_path, machine, host, feed, home)


def test_the_page_does_what_it_says(reader: AzureReader) -> None:
    reader.follow(read_page(_PAGE))
    assert [(run.outcome, *run.stages) for run in reader.runs] == [
        (Outcome.SUCCEEDED, "release"),
        (Outcome.SUCCEEDED, "tests"),
        (Outcome.SUCCEEDED, "plan"),
        (Outcome.SUCCEEDED, "release"),
        (Outcome.SUCCEEDED, "release"),
    ]
