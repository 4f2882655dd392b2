"""The core of publishing against made-up indexes: no thread, no clock, no network."""

import random
from dataclasses import dataclass, field, replace

import pytest

from paa.edges.waiting import Backoff
from paa.publish.course import Act, Course, Failure, Limits, next_step, start, when_asked, when_not_read, when_sent
from paa.publish.refusals import Refusal
from paa.publish.states import Presence, State

WHEEL, SDIST = "foo-1.0-py3-none-any.whl", "foo-1.0.tar.gz"
LIMITS = Limits(backoff=Backoff(tries=3, first_seconds=1.0, longest_seconds=60.0), confirm_seconds=30.0)
FOR_NOW = Failure(text="503")


def asked(course: Course, now: float = 0.0, limits: Limits = LIMITS, **found: Presence) -> Course:
    """``course`` after the index was seen to have ``wheel`` and ``sdist`` (absent, if not given)."""
    seen = {WHEEL: found.get("wheel", Presence.ABSENT), SDIST: found.get("sdist", Presence.ABSENT)}
    return when_asked(course, seen, limits, now)


def test_what_is_absent_is_sent_file_by_file_and_then_asked_for() -> None:
    course = start((WHEEL, SDIST))
    assert next_step(course, LIMITS, 0.0).act is Act.ASK
    course = asked(course)
    assert next_step(course, LIMITS, 0.0).file == WHEEL
    course = when_sent(course, WHEEL, None, LIMITS, 1.0)
    assert next_step(course, LIMITS, 1.0).file == SDIST
    course = when_sent(course, SDIST, None, LIMITS, 2.0)
    assert next_step(course, LIMITS, 2.0).act is Act.ASK
    course = asked(course, 3.0, wheel=Presence.SAME, sdist=Presence.SAME)
    assert next_step(course, LIMITS, 3.0).act is Act.FINISH
    assert course.uploaded


def test_what_is_there_is_done_and_nothing_is_sent() -> None:
    course = asked(start((WHEEL, SDIST)), wheel=Presence.SAME, sdist=Presence.SAME)
    assert next_step(course, LIMITS, 0.0).act is Act.FINISH
    assert not course.uploaded


def test_where_sending_mends_what_is_there_is_sent_once_more_and_is_no_upload() -> None:
    limits = replace(LIMITS, mends=True)
    course = asked(start((WHEEL,)), limits=limits, wheel=Presence.SAME)
    assert next_step(course, limits, 0.0).act is Act.SEND
    course = when_sent(course, WHEEL, None, limits, 0.0)
    course = asked(course, limits=limits, wheel=Presence.SAME)
    assert next_step(course, limits, 0.0).act is Act.FINISH
    assert not course.uploaded


def test_an_old_answer_is_asked_for_again_before_anything_is_sent() -> None:
    course = asked(start((WHEEL,)), now=0.0)
    assert next_step(course, LIMITS, 59.0).act is Act.SEND
    assert next_step(course, LIMITS, 61.0).act is Act.ASK


def test_pauses_grow_and_after_the_last_try_the_index_has_the_last_word() -> None:
    course, now, pauses = asked(start((WHEEL,))), 0.0, []
    for _ in range(3):
        course = when_sent(course, WHEEL, FOR_NOW, LIMITS, now)
        step = next_step(course, LIMITS, now)
        assert step.act is Act.ASK
        pauses.append(step.at - now)
        now = step.at
        course = asked(course, now)
    assert pauses == [1.0, 2.0, 0.0]
    assert next_step(course, LIMITS, now).act is Act.STOP
    assert course.files[WHEEL].state is State.GIVEN_UP


def test_the_pause_that_the_index_asks_for_is_kept() -> None:
    failure = Failure(text="429", retry_after=17.0, is_rate_limit=True)
    course = when_sent(asked(start((WHEEL,))), WHEEL, failure, LIMITS, 5.0)
    assert next_step(course, LIMITS, 5.0).at == 22.0


@pytest.mark.parametrize("refusal", [Refusal.INVALID, Refusal.FORBIDDEN, Refusal.GONE, Refusal.QUOTA])
def test_a_refusal_is_final_unless_the_index_has_the_file(refusal: Refusal) -> None:
    course = when_sent(asked(start((WHEEL,))), WHEEL, Failure(text="no", refusal=refusal), LIMITS, 0.0)
    assert asked(course).files[WHEEL].state is State.REJECTED
    assert asked(course, wheel=Presence.SAME).files[WHEEL].state is State.SERVED
    assert asked(course, wheel=Presence.OTHER).files[WHEEL].state is State.OTHER


def test_a_used_name_is_waited_for_before_it_counts_as_burnt() -> None:
    used = Failure(text="409", refusal=Refusal.USED)
    course = when_sent(asked(start((WHEEL,))), WHEEL, used, LIMITS, 0.0)
    waited = asked(course, 29.0)
    assert next_step(waited, LIMITS, 29.0).act is Act.ASK
    assert asked(waited, 29.5, wheel=Presence.SAME).files[WHEEL].state is State.SERVED
    assert asked(waited, 30.0).files[WHEEL].state is State.BURNT


def test_a_file_that_an_earlier_run_sent_is_waited_for_and_sent_again_only_when_it_never_comes() -> None:
    course = asked(start((WHEEL, SDIST), taken=frozenset({WHEEL})), 1.0)
    assert next_step(course, LIMITS, 1.0).act is Act.ASK
    there = asked(course, 2.0, wheel=Presence.SAME)
    assert next_step(there, LIMITS, 2.0).file == SDIST
    never = asked(course, 30.0)
    assert (next_step(never, LIMITS, 30.0).act, next_step(never, LIMITS, 30.0).file) == (Act.SEND, WHEEL)


def test_an_index_that_fails_while_a_file_is_waited_for_is_asked_again() -> None:
    course = when_sent(asked(start((WHEEL,))), WHEEL, None, LIMITS, 0.0)
    assert next_step(when_not_read(course, "500", LIMITS, 1.0), LIMITS, 1.0).act is Act.ASK
    late = when_not_read(course, "500", LIMITS, 30.0)
    assert late.files[WHEEL].state is State.LATE


def test_an_index_that_cannot_be_asked_is_sent_nothing() -> None:
    course = when_not_read(start((WHEEL,)), "it is down", LIMITS, 0.0)
    assert next_step(course, LIMITS, 0.0).act is Act.STOP
    failed = when_sent(asked(start((WHEEL,))), WHEEL, FOR_NOW, LIMITS, 0.0)
    stopped = when_not_read(failed, "it is down", LIMITS, 1.0)
    assert stopped.files[WHEEL].failure == FOR_NOW


@dataclass
class MadeUpIndex:
    """Answers at random: takes and stores, takes and forgets, stores and fails, refuses, shows old pages, goes down."""

    chance: random.Random
    refuses_seconds: bool = True
    stored: dict[str, bool] = field(default_factory=dict)
    received: list[str] = field(default_factory=list)

    def show(self, course: Course, now: float) -> Course:
        """What asking leads to."""
        if self.chance.random() < 0.1:
            return when_not_read(course, "down", LIMITS, now)
        late = self.chance.random() < 0.3
        found = {name: Presence.SAME if name in self.stored and not late else Presence.ABSENT for name in course.files}
        return when_asked(course, found, LIMITS, now)

    def take(self, course: Course, name: str, now: float) -> Course:
        """What a try to send leads to."""
        self.received.append(name)
        if name in self.stored and self.refuses_seconds:
            return when_sent(course, name, Failure(text="409", refusal=Refusal.USED), LIMITS, now)
        match self.chance.randrange(6):
            case 0:
                return when_sent(course, name, FOR_NOW, LIMITS, now)
            case 1:
                return when_sent(course, name, None, LIMITS, now)
            case 2:
                self.stored[name] = True
                return when_sent(course, name, FOR_NOW, LIMITS, now)
            case _:
                self.stored[name] = True
                return when_sent(course, name, None, LIMITS, now)


@pytest.mark.parametrize("seed", range(300))
def test_whatever_an_index_does_every_run_ends_and_success_means_that_it_is_there(seed: int) -> None:
    index, now = MadeUpIndex(chance=random.Random(seed)), 0.0  # noqa: S311 (a made-up index)
    for _ in range(50):
        course = start((WHEEL, SDIST), now=now)
        for _ in range(200):
            step = next_step(course, LIMITS, now)
            now = max(now, step.at) + 0.01
            if step.act is Act.ASK:
                course = index.show(course, now)
            elif step.act is Act.SEND and step.file is not None:
                course = index.take(course, step.file, now)
            else:
                break
        else:
            pytest.fail("the run has no end")
        if step.act is Act.FINISH:
            assert set(index.stored) == {WHEEL, SDIST}
            assert all(file.state in (State.HELD, State.SERVED) for file in course.files.values())
            return
        if any(file.state is State.BURNT for file in course.files.values()):
            assert index.stored
    pytest.fail("fifty runs were not enough")
