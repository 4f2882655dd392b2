from itertools import product

import pytest

from paa.publish.states import ENDS, SEEN, TO_BE_ASKED, TRANSITIONS, WAITING, Event, State, after

_SENT = (Event.WAS_TAKEN, Event.FAILED_FOR_NOW, Event.FAILED_FOR_GOOD, Event.WAS_REFUSED, Event.REFUSED_AS_USED)


def test_every_state_either_is_an_end_or_goes_on() -> None:
    assert set(TRANSITIONS) == set(State) - ENDS


def test_the_index_can_be_asked_in_every_state_and_every_answer_counts() -> None:
    for state, seen in product(TRANSITIONS, (*SEEN.values(), Event.NOT_READ)):
        if seen is not Event.NOT_READ or state is not State.SERVED:
            assert after(state, seen) in State


@pytest.mark.parametrize("state", TRANSITIONS)
def test_other_bytes_are_the_end_wherever_they_are_seen(state: State) -> None:
    assert after(state, Event.SEEN_OTHER) is State.OTHER


def test_a_file_is_sent_only_after_the_index_was_seen_to_lack_it_or_to_have_it() -> None:
    sending = {state for state in TRANSITIONS if set(_SENT) & set(TRANSITIONS[state])}
    assert sending == {State.ABSENT, State.HELD}
    assert not sending & TO_BE_ASKED
    ways = {(state, event) for state, events in TRANSITIONS.items() for event, end in events.items() if end in sending}
    assert {event for _, event in ways} == {Event.SEEN_ABSENT, Event.SEEN_SAME, Event.TIME_IS_UP}


def test_after_a_try_comes_nothing_but_asking() -> None:
    ends = {after(State.ABSENT, event) for event in _SENT}
    assert ends == {State.TAKEN, State.DOUBTFUL, State.DESPAIRED, State.REFUSED, State.USED}
    assert ends <= TO_BE_ASKED | {State.TAKEN}


def test_nothing_but_our_bytes_on_the_index_leads_to_success() -> None:
    for state, events in TRANSITIONS.items():
        for event, end in events.items():
            if end is State.SERVED and state is not State.SERVED:
                assert event is Event.SEEN_SAME
            if end is State.HELD:
                assert event is Event.SEEN_SAME


def test_every_wait_has_an_end() -> None:
    for state in WAITING:
        assert after(state, Event.TIME_IS_UP) not in WAITING
