"""The shared place that pipelines run in: made once, quick to use."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.pipelines.git_host import GitHost, git_host
from tests.pipelines.machine import Machine, prepare_machine
from tests.servers import PypiServer, pypiserver

LOGIN = ("publisher", "corr3ct-h0rse-battery")


@pytest.fixture(scope="session")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Machine:
    """What the machines of jobs are made from, with paa's own wheel, built from the checkout."""
    return prepare_machine(tmp_path_factory.mktemp("machine"))


@pytest.fixture(scope="session")
def quick_machine(tmp_path_factory: pytest.TempPathFactory, machine: Machine) -> Machine:
    """The same, but for how paa comes onto it: pip is not asked."""
    return machine.with_paa(tmp_path_factory.mktemp("quick"))


@pytest.fixture(scope="session")
def host(tmp_path_factory: pytest.TempPathFactory) -> Iterator[GitHost]:
    """A Git host over https, with tokens; make a repository of its own for each test."""
    with git_host(tmp_path_factory.mktemp("host") / "git") as running:
        yield running


@pytest.fixture
def company(tmp_path: Path) -> Iterator[PypiServer]:
    """A private index; uploads need LOGIN."""
    with pypiserver(tmp_path / "company", user=LOGIN) as running:
        yield running
