"""What becomes of one generated file: every combination that there is, and what must hold for all of them."""

from dataclasses import replace
from itertools import product

import pytest

from paa.edges.git_merge import merge_three
from paa.ppr.generated import Remembered
from paa.ppr.upgrade import UNSETTLED, Change, FileState, Situation, decide

OLD, NEW, OWN, BOTH = "1\n2\n3\n4\n5\n", "1\n2\n3\n4\n6\n", "0\n2\n3\n4\n5\n", "1\n2\n3\n4\n7\n"
CONTENTS = (
    None,
    b"",
    OLD.encode(),
    NEW.encode(),
    OWN.encode(),
    BOTH.encode(),
    b"\0",
    OWN.replace("\n", "\r\n").encode(),
)
REMEMBERED = (
    None,
    Remembered(text=OLD),
    Remembered(text=NEW),
    Remembered(text=OLD, offered=NEW),
    Remembered(offered=OLD),
    Remembered(offered=NEW),
)
EVERY = [
    Situation(
        path="x", new=new, current=current, beside=beside, remembered=remembered, starter=starter, recognised=recognised
    )
    for new, current, beside, remembered, starter, recognised in product(
        (NEW, None), CONTENTS, (None, OLD.encode(), NEW.encode(), b"notes"), REMEMBERED, (False, True), (False, True)
    )
    # What is generated no more was generated once.
    if new is not None or remembered is not None
]


def after(situation: Situation, change: Change) -> Situation:
    """The same file in the next run."""
    current = None if change.drop else change.write if change.write is not None else situation.current
    beside = None if change.drop_beside else change.beside if change.beside is not None else situation.beside
    return Situation(
        path="x",
        new=situation.new,
        current=current,
        beside=beside,
        remembered=change.remembered,
        starter=situation.starter,
    )


@pytest.mark.parametrize("force", [False, True])
def test_nothing_that_somebody_wrote_is_ever_lost(*, force: bool) -> None:
    for situation in EVERY:
        change = decide(situation, merge_three, force=force)
        remembered = situation.remembered
        ours = {
            text.encode() for text in (NEW, remembered and remembered.text, remembered and remembered.offered) if text
        }
        current = situation.current
        if current is None or current in ours or (change.write is None and not change.drop):
            continue
        kept = change.keep == current
        merged = change.state is FileState.MERGED and change.write is not None and b"0" in change.write
        assert kept or merged, situation


@pytest.mark.parametrize("force", [False, True])
def test_a_second_run_finds_nothing_to_do(*, force: bool) -> None:
    for situation in EVERY:
        change = decide(situation, merge_three, force=force)
        again = after(situation, change)
        if again.new is None and again.remembered is None:
            continue
        following = decide(again, merge_three, force=False)
        assert following.write is None, situation
        assert following.keep is None, situation
        assert following.beside is None or change.state is FileState.EXISTING_TOOL, situation


@pytest.mark.parametrize("force", [False, True])
def test_a_run_that_died_before_it_could_remember_is_made_up_for(*, force: bool) -> None:
    for situation in EVERY:
        change = decide(situation, merge_three, force=force)
        died = replace(after(situation, change), remembered=situation.remembered, recognised=situation.recognised)
        # What is only there to begin with is never offered.
        offered_starter = died.starter and died.remembered is not None and died.remembered.offered is not None
        if (died.new is None and died.current is None) or offered_starter:
            continue
        following = decide(died, merge_three, force=force)
        assert after(died, following).current == died.current, situation
        assert following.state not in UNSETTLED or change.state in UNSETTLED, situation


def test_an_offer_that_was_thrown_away_is_not_made_again() -> None:
    for situation in EVERY:
        change = decide(situation, merge_three, force=False)
        if change.remembered is None or change.remembered.offered != NEW:
            continue
        again = after(situation, change)
        answered = Situation(path="x", new=again.new, current=again.current, remembered=again.remembered)
        following = decide(answered, merge_three, force=False)
        assert following.state not in UNSETTLED, situation
        assert following.write is None or situation.current is None, situation


def test_a_starter_leaves_nothing_to_do() -> None:
    for situation in EVERY:
        if situation.starter:
            assert decide(situation, merge_three, force=False).state not in UNSETTLED, situation


def test_force_replaces_only_what_was_ours_or_the_existing_tools() -> None:
    for situation in EVERY:
        change = decide(situation, merge_three, force=True)
        if change.state is FileState.REPLACED:
            remembered = situation.remembered
            known = remembered is not None and (remembered.text is not None or situation.beside is None)
            assert known or situation.recognised, situation
