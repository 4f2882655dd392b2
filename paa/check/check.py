"""The gates between build and publish: every rule is run, and what one could not check has not passed."""

from collections.abc import Mapping
from dataclasses import replace

from paa.check.files import check_files
from paa.check.imports import check_imports
from paa.check.metadata import check_metadata
from paa.check.model import CheckInput, Rule
from paa.errors import PaaError
from paa.model import BuiltRelease, Finding, Outcome

# A new gate is a file in this folder and a line here.
RULES: tuple[tuple[str, Rule], ...] = (
    ("metadata", check_metadata),
    ("files", check_files),
    ("imports", check_imports),
)
REQUIRED_CHECKS: tuple[str, ...] = tuple(name for name, _ in RULES)


def check(given: CheckInput) -> tuple[BuiltRelease, tuple[Finding, ...]]:
    """Run every rule on one built release; the release comes back with the outcome of each, and with the findings."""
    outcomes: dict[str, Outcome] = {}
    findings: list[Finding] = []
    for name, rule in RULES:
        try:
            found = rule(given)
        except PaaError as error:
            found = (Finding(rule=name, message=f"could not be checked: {error.message}", advice=error.advice),)
        outcomes[name] = Outcome.FAILED if found else Outcome.PASSED
        findings += found
    return replace(given.built, checks=outcomes), tuple(findings)


def not_passed(checks: Mapping[str, Outcome]) -> tuple[str, ...]:
    """The names of the required checks that are absent from ``checks`` or have failed."""
    return tuple(name for name in REQUIRED_CHECKS if checks.get(name) is not Outcome.PASSED)
