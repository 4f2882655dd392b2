"""``paa run-tests``."""

from collections.abc import Sequence

import click

from paa.cli import output
from paa.cli.options import Settings, command, json_option, packages_argument
from paa.documents.reading import SCHEMA
from paa.documents.writing import without_none
from paa.scan.repository import disk_state, open_repository
from paa.scan.state import require_package, scan_state
from paa.testing.run import TestOutcome, TestState
from paa.testing.run import run_tests as run_package_tests


@command("run-tests")
@packages_argument
@json_option
def run_tests(settings: Settings, packages: tuple[str, ...], *, as_json: bool) -> None:
    """Build PACKAGES as they are on disk, install them here with their siblings, and run the tests of each by pytest.

    Without names: all of them. Use an environment of its own for it; nothing is sent anywhere.
    """
    repository = open_repository(settings.directory, settings.config)
    state = scan_state(repository, disk_state(repository))
    chosen = dict.fromkeys(require_package(state, name).package.name for name in packages)
    names = tuple(chosen) or tuple(sorted(state.scanned))

    def report(outcome: TestOutcome) -> None:
        if not as_json:
            _show(outcome)

    outcomes = run_package_tests(state, names, report, output_to_errors=as_json)
    if as_json:
        output.say_json(_document(outcomes))
    elif not outcomes:
        output.say("there is no package here to test")
    code = max((outcome.code for outcome in outcomes), default=0)
    if code:
        raise click.exceptions.Exit(code)


def _show(outcome: TestOutcome) -> None:
    """One package, below what pytest has printed of it."""
    reason = f": {outcome.reason}" if outcome.reason else ""
    if outcome.code:
        output.fail(f"{outcome.package}: {outcome.state.value}{reason}", outcome.advice)
    else:
        style = "green" if outcome.state is TestState.PASSED else None
        output.say(f"{outcome.package}: {outcome.state.value}{reason}", style=style)


def _document(outcomes: Sequence[TestOutcome]) -> dict[str, object]:
    items = [
        without_none(
            {
                "package": outcome.package,
                "state": outcome.state.value,
                "reason": outcome.reason,
                "advice": outcome.advice,
            }
        )
        for outcome in outcomes
    ]
    return {"schema": SCHEMA, "packages": items}


COMMANDS = {"run-tests": run_tests}
