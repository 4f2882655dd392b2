"""Fixtures that every test has: an environment of its own, a Git repository, and an index server."""

import os
from collections.abc import Generator, Iterator, Mapping
from pathlib import Path

import hypothesis
import pytest

from tests.assembled.plugin import AssembledWheels
from tests.isolation import isolated_environment, prepare_home
from tests.repository import Repository
from tests.servers import ScriptedIndex, scripted_index

# The same examples in every run, and no verdict that depends on how busy the machine is. To look for new examples:
# pytest --hypothesis-profile=explore
hypothesis.settings.register_profile("repeatable", deadline=None, derandomize=True)
hypothesis.settings.register_profile("explore", deadline=None, print_blob=True)
hypothesis.settings.load_profile("repeatable")

_ASSEMBLED = "assembled-wheels"
_LONGEST_REASON = 300


def pytest_configure(config: pytest.Config) -> None:
    """Have every wheel that a test assembles proven in a clean environment when all tests have run."""
    config.pluginmanager.register(AssembledWheels(config), _ASSEMBLED)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Give the tests that are marked ``network`` the sockets that pytest-socket takes from all others."""
    for item in items:
        if item.get_closest_marker("network"):
            item.add_marker("enable_socket")


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> Generator[None]:
    """Say at the very end why the run failed, a line each: of a long log CI shows the end."""
    yield
    broken = [*terminalreporter.getreports("failed"), *terminalreporter.getreports("error")]
    reasons = [f"{report.nodeid}: {_reason(report)}" for report in broken]
    assembled = terminalreporter.config.pluginmanager.get_plugin(_ASSEMBLED)
    if isinstance(assembled, AssembledWheels):
        reasons += [f"an assembled wheel is wrong: {problem}" for problem in assembled.problems]
    if reasons:
        terminalreporter.section("reasons")
    for reason in reasons:
        terminalreporter.write_line(reason, red=True)


def _reason(report: pytest.TestReport | pytest.CollectReport) -> str:
    """What a test, or its module, failed with, in one line."""
    crash = getattr(report.longrepr, "reprcrash", None)
    # What can't even be imported has no such thing, and says at the end what is wrong.
    message = report.longreprtext[-_LONGEST_REASON:] if crash is None else str(crash.message)
    return " ".join(message.split())[:_LONGEST_REASON]


@pytest.fixture(scope="session", autouse=True)
def original_environment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mapping[str, str]]:
    """The environment that pytest was started in; what is set during the session is isolated from it."""
    original = dict(os.environ)
    home = tmp_path_factory.mktemp("session") / "home"
    prepare_home(home)
    _set_environment(isolated_environment(original, home=home, network=False))
    yield original
    _set_environment(original)


@pytest.fixture(autouse=True)
def home(
    request: pytest.FixtureRequest,
    original_environment: Mapping[str, str],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Path]:
    """The user's home during this test: new, with Git's settings and nothing else in it."""
    before = dict(os.environ)
    folder = tmp_path_factory.mktemp("user") / "home"
    prepare_home(folder)
    network = request.node.get_closest_marker("network") is not None
    _set_environment(isolated_environment(original_environment, home=folder, network=network))
    yield folder
    _set_environment(before)


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    """An empty Git repository, on branch main, without commits."""
    made = Repository(tmp_path / "repository")
    made.path.mkdir()
    made.git("init", "--quiet")
    return made


@pytest.fixture
def scripted() -> Iterator[ScriptedIndex]:
    """An index server on loopback that answers as it is told."""
    with scripted_index() as running:
        yield running


def _set_environment(wanted: Mapping[str, str]) -> None:
    """Make ``wanted`` the environment; what pytest keeps in it for itself stays."""
    for name in os.environ.keys() - wanted.keys():
        if not name.startswith("PYTEST_"):
            del os.environ[name]
    os.environ.update({name: value for name, value in wanted.items() if not name.startswith("PYTEST_")})
