"""Merges of generated files: what is sound, and what only looks so line by line."""

import pytest

from paa.edges.git_merge import merge_three
from paa.ppr.merge import merge_for

WORKFLOW = """\
on: push

jobs:
  plan:
    runs-on: ubuntu-latest
    steps:
      - name: Plan
        run: |
          one
          two
          three
          four

  record:
    needs: plan
    runs-on: ubuntu-latest
"""
PIPELINE = """\
pool:
  vmImage: ubuntu-latest

jobs:
- job: plan
  steps:
  - bash: paa plan
    displayName: Plan

- job: record
  dependsOn: plan
  steps:
  - bash: paa record
"""


ON, JOBS, SECOND_JOB, NEEDS = "on: push\n", "jobs:\n", "\n  record:\n", "    needs: plan\n"
COMMAND = "        run: |\n          one\n          two\n          three\n          four\n"
QUOTED = '        run: "\n          one\n          two\n          three\n          four\n          "\n'
Change = tuple[str, str]


def merged(base: str, ours: Change, theirs: Change, path: str = "x.yml") -> str | None:
    """``base`` with a replacement by each side, merged; line by line that always works."""
    sides = [base.replace(*change, 1) for change in (ours, theirs)]
    assert base not in sides
    arguments = (sides[0].encode(), base.encode(), sides[1].encode())
    assert merge_three(*arguments) is not None
    result = merge_for(path)(*arguments)
    return None if result is None else result.decode()


@pytest.mark.parametrize(
    ("base", "ours", "theirs"),
    [
        # No YAML: a quote in the middle of what the user has put into quotes.
        (WORKFLOW, (COMMAND, QUOTED), ("          two\n", '          "two"\n')),
        # A key, a job and a step that both have added, each at another place.
        (WORKFLOW, (ON, f"{ON}env: {{}}\n"), (f"\n{JOBS}", f"\nenv: {{}}\n\n{JOBS}")),
        (WORKFLOW, (JOBS, f"{JOBS}  test: {{}}\n"), (SECOND_JOB, f"\n  test: {{}}\n{SECOND_JOB}")),
        (PIPELINE, (JOBS, f"{JOBS}- job: test\n"), ("\n- job: record", "\n- job: test\n\n- job: record")),
        # What is new gets into what the user has given another name.
        (WORKFLOW, (SECOND_JOB, "\n  finish:\n"), (NEEDS, f"{NEEDS}    env: {{}}\n")),
    ],
)
def test_what_can_be_merged_line_by_line_may_be_a_conflict_all_the_same(
    base: str, ours: Change, theirs: Change
) -> None:
    assert merged(base, ours, theirs) is None


@pytest.mark.parametrize(
    ("base", "ours", "theirs"),
    [
        (WORKFLOW, (ON, f"{ON}env: {{}}\n"), ("          two\n", "          2\n")),
        (WORKFLOW, (SECOND_JOB, f"\n  test: {{}}\n{SECOND_JOB}"), (ON, "on: [push, pull_request]\n")),
        (WORKFLOW, ("      - name: Plan\n", "      - name: My plan\n"), ("    needs: plan\n", "    needs: [plan]\n")),
        (
            PIPELINE,
            ("  - bash: paa plan\n", "  # mine\n  - bash: paa plan\n"),
            ("  - bash: paa record\n", "  - bash: paa\n"),
        ),
        # What both have done alike.
        (
            WORKFLOW,
            (ON, f"{ON}env: {{}}\n"),
            (f"{ON}\n{JOBS}  plan:\n", f"{ON}env: {{}}\n\n{JOBS}  plan:\n    name: Plan\n"),
        ),
    ],
)
def test_changes_that_go_together_are_merged(base: str, ours: Change, theirs: Change) -> None:
    result = merged(base, ours, theirs)
    assert result is not None
    assert ours[1] in result
    assert theirs[1] in result


def test_what_the_user_has_broken_is_not_merged_into() -> None:
    assert merged(WORKFLOW, (ON, "on: [push\n"), ("          two\n", "          2\n")) is None


def test_other_files_than_yaml_are_merged_line_by_line() -> None:
    assert merged(WORKFLOW, (ON, "on: [push\n"), ("          two\n", "          2\n"), "x.sh") is not None
