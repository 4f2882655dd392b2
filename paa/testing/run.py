"""Packages are built and installed, then their tests are run with pytest."""

import importlib.metadata
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from paa.build.build import BuildInput, build_releases
from paa.edges.files import temporary_folder
from paa.edges.installer import install, without_upload_secrets
from paa.edges.run import run_shown
from paa.errors import FindingsError, OutsideError, PaaError, UsageError
from paa.model import Bump, Release, ScannedPackage
from paa.plan.affected import tests_of
from paa.scan.state import State
from paa.testing.needs import install_needs, needs_of

# As test-install has it: no release is meant.
_VERSION = "0.0.0"
_NO_TESTS_FOUND = 5
# tests/<package>/__init__.py becomes tests.<package>, as it is from where pytest is called (pytest 8.1).
_IN_NAMESPACE = ("-o", "consider_namespace_packages=true")
_FINDINGS, _OUTSIDE = 1, 3


class TestState(StrEnum):
    """What became of the tests of one package."""

    __test__ = False  # pytest takes the name for that of a test.

    PASSED = "passed"
    FAILED = "failed"
    NO_TESTS = "no tests"
    BROKEN = "broken"
    NOT_INSTALLED = "not installed"


@dataclass(frozen=True, slots=True, kw_only=True)
class TestOutcome:
    """The tests of one package; ``reason`` says why they were not run or did not pass, ``code`` is for the exit."""

    __test__ = False

    package: str
    state: TestState
    reason: str | None = None
    advice: str | None = None
    code: int = 0


def run_tests(
    state: State, names: Sequence[str], report: Callable[[TestOutcome], None], *, output_to_errors: bool
) -> tuple[TestOutcome, ...]:
    """Build the packages ``names`` with their siblings, install them here, and run the tests of each with pytest.

    What the tests need is installed, too. What pytest prints goes where this process prints, or all of it to standard
    error. ``report`` hears of every outcome as it is known; what is wrong with one package stops no other. Raises
    UsageError where pytest is not installed.
    """
    tested = {name: state.scanned[name] for name in names}
    found: dict[str, TestOutcome] = {}

    def note(outcome: TestOutcome) -> None:
        found[outcome.package] = outcome
        report(outcome)

    with temporary_folder("paa-run-tests-") as folder:
        wheels, problems = _wheels(state, tested, folder)
        for name in [name for name in tested if name in problems]:
            note(problems[name])
        ready = [name for name in tested if name not in problems]
        for outcome in (*_not_installed(state, ready, wheels), *_without_needs(state, ready)):
            note(outcome)
    if any(_test_files(state, state.scanned[name]) for name in ready if name not in found):
        _require_pytest()
    for name in ready:
        if name not in found:
            note(_run(state, tested[name], output_to_errors=output_to_errors))
    return tuple(found[name] for name in names)


def _require_pytest() -> None:
    try:
        importlib.metadata.distribution("pytest")
    except importlib.metadata.PackageNotFoundError as error:
        message = f"pytest is not installed in the environment of {sys.executable}"
        advice = "python -m pip install pytest (or 'paa[test]'), or list it in requirements.txt beside the tests"
        raise UsageError(message, advice=advice) from error


def _test_files(state: State, item: ScannedPackage) -> tuple[str, ...]:
    folders = tuple(f"{folder}/" for folder in tests_of(item, state.repository.config))
    return tuple(path for path in state.tree.blobs if path.startswith(folders) and path.endswith(".py"))


def _closure(state: State, name: str) -> tuple[str, ...]:
    """The package and the siblings that it needs, each once."""
    found: list[str] = []
    waiting = [name]
    while waiting:
        each = waiting.pop()
        if each not in found:
            found.append(each)
            waiting += state.scanned[each].siblings
    return tuple(found)


def _wheels(
    state: State, tested: Mapping[str, ScannedPackage], folder: Path
) -> tuple[dict[str, Path], dict[str, TestOutcome]]:
    """The wheels of the packages and of all that they need, and the packages for which one of them can't be had."""
    needed = sorted({each for name in tested for each in _closure(state, name)})
    broken = {name: _broken(name, state.scanned[name]) for name in needed if state.scanned[name].errors}
    given = BuildInput(tree=state.tree, config=state.repository.config, scanned=state.scanned, folder=folder)
    releases = [_release(state.scanned[name]) for name in needed if name not in broken]
    built, failures = build_releases(given, releases, lambda _: None)
    broken |= {failure.package: _failed(failure.package, failure.error) for failure in failures}
    wheels = {
        item.release.package: folder / next(file.name for file in item.files if file.name.endswith(".whl"))
        for item in built
    }
    problems: dict[str, TestOutcome] = {}
    for name in tested:
        cause = next((each for each in _closure(state, name) if each in broken), None)
        if cause is not None:
            problems[name] = broken[name] if name in broken else _blocked(name, broken[cause])
    return wheels, problems


def _release(item: ScannedPackage) -> Release:
    return Release(
        package=item.package.name,
        distribution=item.distribution,
        version=_VERSION,
        previous=None,
        bump=Bump.NONE,
        fingerprint=item.fingerprint,
        floors=dict.fromkeys(item.siblings, _VERSION),
    )


def _broken(name: str, item: ScannedPackage) -> TestOutcome:
    first = item.errors[0]
    place = f"{first.location}: " if first.location else ""
    return TestOutcome(
        package=name, state=TestState.BROKEN, reason=f"{place}{first.message}", advice=first.advice, code=_FINDINGS
    )


def _failed(name: str, error: PaaError, state: TestState = TestState.BROKEN) -> TestOutcome:
    return TestOutcome(package=name, state=state, reason=error.message, advice=error.advice, code=error.exit_code)


def _blocked(name: str, cause: TestOutcome) -> TestOutcome:
    reason = f"it needs {cause.package}, which can't be built: {cause.reason}"
    return TestOutcome(package=name, state=TestState.BROKEN, reason=reason, advice=cause.advice, code=cause.code)


def _not_installed(state: State, names: Sequence[str], wheels: Mapping[str, Path]) -> tuple[TestOutcome, ...]:
    """Install ``names`` with all that they need, and tell for which of them that failed."""
    together = sorted({each for name in names for each in _closure(state, name)})
    if not together:
        return ()
    # First what is tested, whatever is there already; then what it requires from elsewhere.
    install([str(wheels[name]) for name in together], options=["--force-reinstall", "--no-deps"])
    try:
        install([str(wheels[name]) for name in together])
    except OutsideError:
        # One of them may be the cause: each on its own shows which.
        return tuple(
            filter(None, (_installed(name, [wheels[each] for each in _closure(state, name)]) for name in names))
        )
    return ()


def _installed(name: str, wheels: Sequence[Path]) -> TestOutcome | None:
    try:
        install([str(wheel) for wheel in wheels])
    except OutsideError as error:
        return _failed(name, error, TestState.NOT_INSTALLED)
    return None


def _without_needs(state: State, names: Sequence[str]) -> tuple[TestOutcome, ...]:
    """Install what the tests of ``names`` need, and tell for which of them that failed."""
    root, needs, broken = state.repository.root, {}, []
    for name in names:
        if _test_files(state, state.scanned[name]):
            try:
                needs[name] = needs_of(state, state.scanned[name])
            except FindingsError as error:
                broken.append(_failed(name, error))
    try:
        install_needs(root, needs.values())
    except OutsideError:
        for name, each in needs.items():
            try:
                install_needs(root, [each])
            except OutsideError as error:
                broken.append(_failed(name, error, TestState.NOT_INSTALLED))
    return tuple(broken)


def _run(state: State, item: ScannedPackage, *, output_to_errors: bool) -> TestOutcome:
    name, files = item.package.name, _test_files(state, item)
    if not files:
        return TestOutcome(package=name, state=TestState.NO_TESTS)
    root = state.repository.root
    folder = root if item.package.project is None else root / item.package.project
    command = _command(state, item, files)
    code = run_shown(
        command, folder=folder, environment=without_upload_secrets(os.environ), output_to_errors=output_to_errors
    )
    if code == 0:
        return TestOutcome(package=name, state=TestState.PASSED)
    if code == _NO_TESTS_FOUND:
        return TestOutcome(package=name, state=TestState.NO_TESTS)
    reason = None if code == _FINDINGS else f"pytest ended with {code}"
    return TestOutcome(package=name, state=TestState.FAILED, reason=reason, code=_FINDINGS)


def _command(state: State, item: ScannedPackage, files: Sequence[str]) -> list[str]:
    """The call of pytest, as one would make it in the repository; a project's own settings say what its tests are."""
    if item.package.project is not None:
        return [sys.executable, "-m", "pytest"]
    config = state.repository.config
    (folder,) = tests_of(item, config)
    # Where modules lie in the root, a plain -m would find these instead of what was installed.
    python = [sys.executable, "-P"] if config.module_dir == "." else [sys.executable]
    # A folder of tests that is a package itself, and called like what it tests, would be imported in its place.
    above = f"{config.tests_dir}/__init__.py"
    shadows = f"{folder}/__init__.py" in files and above not in state.tree.blobs
    return [*python, "-m", "pytest", *(_IN_NAMESPACE if shadows else []), f"{folder}/"]
