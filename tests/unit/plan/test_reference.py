"""docs/reference/commit-messages.md says what the functions do."""

import re
from pathlib import Path

import pytest

from paa.errors import FindingsError
from paa.model import Bump
from paa.plan.commits import Commit, ownership, parse_commit
from paa.plan.prereleases import Stage
from paa.plan.versions import next_version

PAGE = (Path(__file__).parents[3] / "docs" / "reference" / "commit-messages.md").read_text(encoding="utf-8")
MESSAGES = re.findall(r"^\| `(.*)` \| (.*) \|$", PAGE, re.MULTILINE)
STAGES = re.findall(
    r"^\| ([0-9]\S*) \| (patch|minor|major) \| (\S+) \| (\S+) \| (\S+) \| (\S+) \|$", PAGE, re.MULTILINE
)
WAYS = (Stage(pre="a"), Stage(pre="rc"), Stage(dev=True), Stage(pre="rc", dev=True))
VERSIONS = re.findall(r"^\| ([0-9]\S*) \| (\S+) \| (\S+) \| (\S+) \|$", PAGE, re.MULTILINE)


def test_the_page_has_its_tables() -> None:
    assert len(MESSAGES) > 15
    assert len(VERSIONS) > 5
    assert len(STAGES) > 5


@pytest.mark.parametrize(("message", "expected"), MESSAGES)
def test_messages_ask_for_what_the_page_says(message: str, expected: str) -> None:
    owners = ownership({"a": ["a.py"], "b": ["b.py"], "my_tool": ["my_tool.py"]})
    found = parse_commit(Commit(sha="0" * 40, subject=message, paths=("a.py",)), owners)
    said = {package: request.exact or request.bump.value for package, request in found.items()}
    assert ", ".join(f"{package}: {bump}" for package, bump in said.items()) == expected


@pytest.mark.parametrize(("last", "patch", "minor", "major"), VERSIONS)
def test_versions_move_as_the_page_says(last: str, patch: str, minor: str, major: str) -> None:
    moved = [next_version([last], bump, default="0.0.1") for bump in (Bump.PATCH, Bump.MINOR, Bump.MAJOR)]
    assert moved == [patch, minor, major]


@pytest.mark.parametrize(("last", "bump", "expected"), [(last, bump, ways) for last, bump, *ways in STAGES])
def test_the_ways_to_a_version_are_those_of_the_page(last: str, bump: str, expected: list[str]) -> None:
    found = []
    for stage in WAYS:
        try:
            found.append(next_version([last], Bump(bump), default="0.0.1", stage=stage))
        except FindingsError:
            found.append("refused")
    assert found == expected
