"""A proxy spoils what goes to and comes from a real pypiserver: the end is right, or it is 3 and the next is right."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.functional.command_line import done
from tests.functional.engine.children import Children
from tests.functional.engine.proxy import (
    Exchange,
    Fault,
    breaks_off_within_the_body,
    hangs,
    says,
    sends_a_part_as_if_it_were_all,
    shows_nothing_new_for,
    stores_and_breaks_off,
    stores_but_says,
)
from tests.functional.engine.sites import Expected, Site, release
from tests.functional.engine.worlds import World

pytestmark = pytest.mark.server
ALWAYS = 1_000_000


def assert_nothing_recorded(world: World) -> None:
    """No tag, no tracking: neither here nor on the remote."""
    assert world.repository.tags() == ()
    assert world.remote.tags() == ()
    assert not (world.repository.path / ".paa").exists()


@pytest.mark.parametrize(
    "act",
    [
        pytest.param(says(429, Retry_After="30"), id="says 429 with Retry-After"),
        pytest.param(says(500), id="says 500"),
        pytest.param(says(502), id="says 502"),
        pytest.param(breaks_off_within_the_body, id="resets half-way through the body"),
        pytest.param(hangs, id="hangs"),
        pytest.param(stores_but_says(500), id="stores but says 500"),
        pytest.param(stores_but_says(502), id="stores but says 502"),
        pytest.param(stores_and_breaks_off, id="stores and the answer is lost"),
    ],
)
def test_an_upload_that_fails_once_changes_nothing_of_the_end(
    site: Site, children: Children, spoiled: Path, expected: Expected, act: Callable[[Exchange], None]
) -> None:
    world = site.begin(spoiled, Fault(method="POST", act=act))
    done(release(children, world))
    assert site.problems(world, expected) == []


@pytest.mark.parametrize(
    "act",
    [
        pytest.param(says(429, Retry_After="30"), id="says 429 with Retry-After"),
        pytest.param(says(500), id="says 500"),
        pytest.param(says(502), id="says 502"),
        pytest.param(breaks_off_within_the_body, id="resets half-way through the page"),
        pytest.param(hangs, id="hangs"),
    ],
)
@pytest.mark.parametrize("after", [0, 2])
def test_a_page_that_fails_once_changes_nothing_of_the_end(  # noqa: PLR0917  # fixtures are arguments
    site: Site,
    children: Children,
    spoiled: Path,
    expected: Expected,
    act: Callable[[Exchange], None],
    after: int,
) -> None:
    def passes(exchange: Exchange) -> None:
        exchange.answer(exchange.forward())

    world = site.begin(spoiled, Fault(method="GET", act=passes, times=after), Fault(method="GET", act=act))
    done(release(children, world))
    assert site.problems(world, expected) == []


@pytest.mark.parametrize(
    ("act", "told"),
    [
        pytest.param(says(500), "500", id="says 500"),
        pytest.param(says(429, Retry_After="3600"), "429", id="wants an hour"),
        pytest.param(breaks_off_within_the_body, "cannot send", id="resets half-way through the body"),
        pytest.param(says(403), "403", id="says 403"),
        pytest.param(says(400), "400", id="says 400"),
    ],
)
def test_uploads_that_always_fail_end_in_3_and_the_next_run_releases_the_same(  # noqa: PLR0917  # fixtures are arguments
    site: Site, children: Children, spoiled: Path, expected: Expected, act: Callable[[Exchange], None], told: str
) -> None:
    world = site.begin(spoiled, Fault(method="POST", act=act, times=ALWAYS))
    ended = release(children, world)
    assert ended.code == 3
    assert told in ended.err
    assert re.search(r"wordcount 0\.0\.1\b.*\bfailed\b", ended.err), ended.told
    assert re.search(r"wordreport 0\.0\.1\b.*\bblocked\b", ended.err), ended.told
    assert site.files() == {}
    assert_nothing_recorded(world)
    site.proxy.reset()
    done(release(children, world))
    assert site.problems(world, expected) == []


def test_an_upload_that_is_taken_and_lost_is_no_success_and_the_next_run_sends_it(
    site: Site, children: Children, spoiled: Path, expected: Expected
) -> None:
    world = site.begin(spoiled, Fault(method="POST", act=says(200)))
    ended = release(children, world, speed=100)
    assert ended.code == 3
    assert "does not serve it after" in ended.err
    assert_nothing_recorded(world)
    done(release(children, world))
    assert site.problems(world, expected) == []


@pytest.mark.parametrize("act", [pytest.param(says(500), id="says 500"), pytest.param(hangs, id="hangs")])
def test_an_index_that_can_t_be_read_gets_nothing(
    site: Site, children: Children, spoiled: Path, expected: Expected, act: Callable[[Exchange], None]
) -> None:
    world = site.begin(spoiled, Fault(method="GET", act=act, times=ALWAYS))
    ended = release(children, world, speed=100)
    assert ended.code == 3
    assert site.proxy.asked["POST"] == 0
    assert_nothing_recorded(world)
    site.proxy.reset()
    done(release(children, world))
    assert site.problems(world, expected) == []


def test_an_index_that_lags_a_minute_is_waited_for(
    site: Site, children: Children, spoiled: Path, expected: Expected
) -> None:
    lags = shows_nothing_new_for(60 / 60)
    world = site.begin(spoiled, Fault(method="GET", path="/simple/", act=lags, times=ALWAYS))
    done(release(children, world, speed=60))
    assert site.problems(world, expected) == []


def test_an_index_that_lags_for_ever_ends_in_3_and_nothing_is_sent_twice(
    site: Site, children: Children, spoiled: Path, expected: Expected
) -> None:
    lags = shows_nothing_new_for(3600)
    world = site.begin(spoiled, Fault(method="GET", path="/simple/", act=lags, times=ALWAYS))
    ended = release(children, world, speed=100)
    assert ended.code == 3
    assert "does not serve it after" in ended.err
    assert_nothing_recorded(world)
    site.proxy.faults.clear()
    done(release(children, world))
    assert site.problems(world, expected) == []


@pytest.mark.parametrize("times", [1, 4, ALWAYS])
def test_a_page_that_is_cut_off_unseen_never_lets_a_file_be_sent_twice(
    site: Site, children: Children, spoiled: Path, expected: Expected, times: int
) -> None:
    cuts = Fault(method="GET", path="/simple/", act=sends_a_part_as_if_it_were_all, times=times)
    world = site.begin(spoiled, cuts)
    ended = release(children, world, speed=100)
    assert ended.code in {0, 3}, ended.told
    if ended.code == 3:
        assert_nothing_recorded(world)
    site.proxy.faults.clear()
    done(release(children, world))
    assert site.problems(world, expected) == []
