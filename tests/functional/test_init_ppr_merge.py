"""Changes of both in one workflow: what fits line by line and makes no sound workflow is left to the user."""

import re
from pathlib import Path

import pytest

from tests.functional.command_line import done
from tests.functional.generated_files import PUBLISH, as_of_old, init, set_up, states
from tests.repository import Repository

QUEUE = "  queue: max\n"
RECORD = "\n  record:\n"
CHECKOUT = "actions/checkout"


@pytest.fixture
def ready(repository: Repository) -> Repository:
    """A repository that has been set up."""
    return set_up(repository)


def before(root: Path, old: str, own: str) -> str:
    """Let an earlier paa have written ``old``, which the user has changed to ``own``; what paa would write now."""
    now = (root / PUBLISH).read_text()
    assert len({old, own, now}) == 3
    as_of_old(root, PUBLISH, old)
    (root / PUBLISH).write_text(own)
    return now


def assert_left_to_the_user(root: Path, own: str, now: str) -> None:
    """The file stays as it is with what paa would write beside it, and both is said; also the next time."""
    for _ in range(2):
        result = init(Repository(root))
        assert result.code == 1
        assert f"conflict {PUBLISH}" in result.out
        assert f"{PUBLISH}.new" in result.out
        assert (root / PUBLISH).read_text() == own
        assert (root / f"{PUBLISH}.new").read_text() == now


def test_a_job_that_both_have_added_is_not_there_twice(ready: Repository) -> None:
    now = (ready.path / PUBLISH).read_text()
    old = now[: now.index(RECORD)]
    own = old.replace(
        "\njobs:\n", "\njobs:\n  record:\n    runs-on: ubuntu-latest\n    steps:\n      - run: 'true'\n\n"
    )
    assert_left_to_the_user(ready.path, own, before(ready.path, old, own))


def test_a_key_that_both_have_added_is_not_there_twice(ready: Repository) -> None:
    old = (ready.path / PUBLISH).read_text().replace(QUEUE, "")
    own = old.replace("concurrency:\n", f"concurrency:\n{QUEUE}")
    assert_left_to_the_user(ready.path, own, before(ready.path, old, own))


def test_a_step_does_not_get_into_a_job_of_another_name(ready: Repository) -> None:
    now = (ready.path / PUBLISH).read_text()
    start, end = (now.index(f"      - name: {name}\n", now.index(RECORD)) for name in ("Update the README", "Record"))
    old = now[:start] + now[end:]
    own = old.replace(RECORD, "\n  finish:\n")
    assert_left_to_the_user(ready.path, own, before(ready.path, old, own))


def test_a_job_does_not_wait_for_one_that_the_user_has_renamed(ready: Repository) -> None:
    now = (ready.path / PUBLISH).read_text()
    old = now[: now.index(RECORD)]
    own = old.replace("\n  check:\n", "\n  verify:\n").replace("needs.check.", "needs.verify.")
    own = own.replace("needs: [plan, check", "needs: [plan, verify")
    assert_left_to_the_user(ready.path, own, before(ready.path, old, own))


def test_a_job_of_the_user_s_own_and_one_that_was_taken_out_are_no_conflict(ready: Repository) -> None:
    now = (ready.path / PUBLISH).read_text()
    old = now.replace(QUEUE, "")
    own = old.replace("needs: [plan, check, publish, pages]", "needs: [plan, check, publish]")
    own = own[: own.index("\n  pages:\n")] + own[own.index(RECORD) :]
    own += "\n  announce:\n    needs: record\n    runs-on: ubuntu-latest\n    steps:\n      - run: 'true'\n"
    before(ready.path, old, own)
    assert states(done(init(ready, "--json")))[PUBLISH] == "merged"
    merged = (ready.path / PUBLISH).read_text()
    assert QUEUE in merged
    assert "  pages:" not in merged
    assert merged.endswith("- run: 'true'\n")


def pin(text: str, number: int, version: str) -> str:
    """``text`` with another pin of the action that checks out."""
    return re.sub(f"{CHECKOUT}@[0-9a-f]{{40}} # .*", f"{CHECKOUT}@{number:040x} # {version}", text)


@pytest.mark.parametrize(
    ("old", "own", "expected"), [("v1.0.0", "v1.2.0", None), ("v1.0.0", "v999", "v999"), ("v1", "v1.10.0", None)]
)
def test_pins_that_dependabot_has_moved_are_no_conflict_and_the_newest_counts(
    ready: Repository, old: str, own: str, expected: str | None
) -> None:
    now = (ready.path / PUBLISH).read_text()
    before(ready.path, pin(now, 1, old).replace(QUEUE, ""), pin(now, 2, own).replace(QUEUE, "") + "# mine\n")
    assert states(done(init(ready, "--json")))[PUBLISH] == "merged"
    merged = (ready.path / PUBLISH).read_text()
    assert merged == (pin(now, 2, expected) if expected else now) + "# mine\n"
    # The new pins are known as paa's or the user's: the next run has nothing to do.
    assert states(done(init(ready, "--json")))[PUBLISH] == "kept"


@pytest.mark.parametrize("own", ["v0.9.0", "next"])
def test_a_pin_that_the_user_has_put_back_is_not_moved(ready: Repository, own: str) -> None:
    now = (ready.path / PUBLISH).read_text()
    mine = pin(now, 2, own)
    assert_left_to_the_user(ready.path, mine, before(ready.path, pin(now, 1, "v1.0.0"), mine))
