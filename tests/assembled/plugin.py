"""The pytest plugin that keeps every wheel that paa assembled in a test, and proves all of them at the end.

A wheel that is wrong on purpose is kept out by its test, with the reason: ``@pytest.mark.wrong_wheels("it raises")``.
With pytest-xdist the workers keep wheels in one folder, and the process that started them does the rest.
"""

import platform
import shutil
import tempfile
from functools import partial
from pathlib import Path

import pytest

from tests.assembled.environments import Arranged, arrange
from tests.assembled.prove import built_by, installed_here, prove, prove_compiled
from tests.assembled.wheels import assembled_wheels, keep, kept_wheels

MARKER = "wrong_wheels"
_FOLDER = "assembled_wheels"
_WHEELS = "wheels"


class AssembledWheels:
    """Keeps wheels while tests run; proves them when the last has ended. ``problems`` fail the run, a line each."""

    def __init__(self, config: pytest.Config) -> None:
        config.addinivalue_line("markers", f"{MARKER}(reason): what this test assembles is wrong on purpose")
        # Only a worker of pytest-xdist has it: the folder that the process that started it has made.
        given = getattr(config, "workerinput", {}).get(_FOLDER)
        self._is_worker = given is not None
        self._folder = Path(given) if given else None
        self._report: list[str] = []
        self.problems: tuple[str, ...] = ()

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionstart(self) -> None:
        """Make the folder in which wheels are kept."""
        if self._folder is None:
            self._folder = Path(tempfile.mkdtemp(prefix="assembled-"))

    @pytest.hookimpl(optionalhook=True)
    def pytest_configure_node(self, node: object) -> None:
        """Tell a worker of pytest-xdist where wheels are kept."""
        node.workerinput[_FOLDER] = str(self._folder)  # type: ignore[attr-defined]  # xdist's WorkerController

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_teardown(self, item: pytest.Item) -> None:
        """Keep what the test has assembled, before its folder is removed."""
        folder = getattr(item, "funcargs", {}).get("tmp_path")
        marker = item.get_closest_marker(MARKER)
        if marker is not None and not (marker.args and isinstance(marker.args[0], str) and marker.args[0].strip()):
            pytest.fail(f"{MARKER} needs a reason")
        if isinstance(folder, Path) and marker is None and self._folder is not None:
            for wheel in assembled_wheels(folder):
                keep(wheel, self._folder / _WHEELS, item.nodeid)

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Prove what was kept; anything wrong fails the run."""
        if self._is_worker or self._folder is None:
            return
        try:
            self._prove(self._folder)
        finally:
            shutil.rmtree(self._folder, ignore_errors=True)
        if self.problems and session.exitstatus in {pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED}:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Say what was proven, what could not be, and what is wrong."""
        if self._report:
            terminalreporter.section("assembled wheels")
            for line in self._report:
                terminalreporter.write_line(line)
        for problem in self.problems:
            terminalreporter.write_line(f"WRONG: {problem}", red=True)

    def _prove(self, folder: Path) -> None:
        kept = kept_wheels(folder / _WHEELS)
        elsewhere = partial(installed_here, folder / "requirements")
        arranged = arrange(kept.wheels, elsewhere, platform.python_version())
        rest = [wheel for wheel, _ in arranged.left_out]
        compiled = prove_compiled(rest, folder / "rest") if rest else ()
        self.problems = (*kept.problems, *prove(arranged.environments, folder), *compiled)
        if kept.wheels:
            self._report = _report(len(kept.wheels), arranged)


def _report(kept: int, arranged: Arranged) -> list[str]:
    proven, environments = kept - len(arranged.left_out), len(arranged.environments)
    summary = f"{proven} of {kept} compiled, imported and checked by pip in {environments} clean environments"
    return [summary, *(f"only compiled: {wheel}{built_by(wheel)}: {reason}" for wheel, reason in arranged.left_out)]
