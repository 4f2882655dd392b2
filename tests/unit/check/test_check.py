"""All gates together: each has an outcome, and what could not be checked has not passed."""

from dataclasses import replace
from pathlib import Path

import pytest

from paa.check.check import REQUIRED_CHECKS, RULES, check, not_passed
from paa.model import Outcome
from tests.unit.check.releases import package, rewrite_wheel, texts


def test_what_paa_builds_passes_every_gate(tmp_path: Path) -> None:
    given = package(tmp_path)
    built, findings = check(given)
    assert findings == ()
    assert built == replace(given.built, checks=dict.fromkeys(("metadata", "files", "imports"), Outcome.PASSED))
    assert not_passed(built.checks) == ()
    # The release that was given knows nothing of it.
    assert not_passed(given.built.checks) == REQUIRED_CHECKS


@pytest.mark.wrong_wheels("the module can't be imported")
def test_each_gate_has_its_own_outcome(tmp_path: Path) -> None:
    built, findings = check(package(tmp_path, "raise RuntimeError('no')\n"))
    assert built.checks == {"metadata": Outcome.PASSED, "files": Outcome.PASSED, "imports": Outcome.FAILED}
    assert [finding.rule for finding in findings] == ["imports"]
    assert not_passed(built.checks) == ("imports",)


@pytest.mark.wrong_wheels("the wheel is damaged")
def test_one_fault_can_fail_several_gates_and_all_findings_are_told(tmp_path: Path) -> None:
    given = rewrite_wheel(package(tmp_path), lambda members: members.update({"../x": b"", "y.py": b"1 / 0\n"}))
    built, findings = check(given)
    assert not_passed(built.checks) == ("files", "imports")
    assert "'../x' leads out of the archive" in texts(findings)
    assert "y.py does not belong into the wheel" in texts(findings)


def test_files_that_are_gone_have_not_passed(tmp_path: Path) -> None:
    given = package(tmp_path)
    for file in given.built.files:
        (given.folder / file.name).unlink()
    built, findings = check(given)
    assert not_passed(built.checks) == REQUIRED_CHECKS
    assert {finding.rule for finding in findings} == set(REQUIRED_CHECKS)
    assert "could not be checked: cannot read " in texts(findings)


def test_what_was_never_checked_has_not_passed() -> None:
    assert not_passed({}) == REQUIRED_CHECKS == tuple(name for name, _ in RULES)
    assert not_passed({"metadata": Outcome.PASSED, "files": Outcome.FAILED}) == ("files", "imports")
