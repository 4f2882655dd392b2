"""Every state that tag, tracking and two indexes can be in: it converges, or is refused for the right reason."""

import itertools
from pathlib import Path

import pytest

from tests.functional.engine.children import Children, Ended
from tests.functional.engine.states import PACKAGE, VERSION, Is, Pieces, State, make_pieces
from tests.functional.engine.worlds import INDEXES, World

STATES = tuple(
    State(tag=tag, tracking=tracking, local=local, other=other)
    for tag, tracking, local, other in itertools.product(Is, Is, Is, Is)
)
NOTHING = "nothing to release"
NEXT = "0.0.2"
THEIRS = "was not released from this repository"


@pytest.fixture(scope="session")
def pieces(tmp_path_factory: pytest.TempPathFactory, children: Children) -> Pieces:
    """What states are put together from."""
    return make_pieces(tmp_path_factory.mktemp("pieces"), children)


def promised(state: State) -> str:
    """How a release ends: a version that is released or completed, nothing to do, or why it is refused."""
    indexes = {state.local, state.other}
    if Is.RIGHT in (state.tag, state.tracking) and state.tag is not Is.WRONG:
        # The version was released from these sources, so that no index is asked. What an index lost, `doctor` tells.
        return NOTHING
    if Is.WRONG in (state.tag, state.tracking):
        # It is recorded that the version was made from something else, so that it is left as it is, wherever it is.
        return NEXT
    return THEIRS if Is.WRONG in indexes else VERSION


def ending(ended: Ended, world: World) -> str:
    """How it ended, in the words of ``promised``."""
    if ended.code:
        return THEIRS if THEIRS in ended.text else ended.told
    if NOTHING in ended.out:
        return NOTHING
    return max(tag.removeprefix(f"{PACKAGE}-v") for tag in world.repository.tags())


def released_files(world: World, index: str) -> dict[str, str]:
    """Name → SHA-256 of the wheels and sdists on one index."""
    start = f"{index}/simple/{PACKAGE}/"
    return {
        path.removeprefix(start): digest
        for path, digest in world.index_files().items()
        if path.startswith(start) and path.endswith((".whl", ".tar.gz"))
    }


@pytest.mark.parametrize("state", STATES, ids=lambda state: f"{state.tag}-{state.tracking}-{state.local}-{state.other}")
def test_it_converges_or_is_refused_for_the_right_reason_and_overwrites_nothing(
    spoiled: Path, pieces: Pieces, children: Children, state: State
) -> None:
    world = pieces.put_together(spoiled, state)
    archives, references = world.archives(), world.references()
    contents = {index: released_files(world, index) for index in INDEXES}

    ended = children.run(world.root, "release")

    end = ending(ended, world)
    assert end == promised(state), ended.told
    assert archives.items() <= world.archives().items()
    for index, before in contents.items():
        assert before.items() <= released_files(world, index).items()
    tags = {name: target for name, target in references.items() if "/tags/" in name}
    assert tags.items() <= world.references().items()
    if end in {VERSION, NEXT}:
        _assert_released(world, end)
    _assert_settled(world, children, end)


def _assert_settled(world: World, children: Children, end: str) -> None:
    """Another run finds nothing to do, or refuses for the same reason, and changes nothing."""
    before = world.index_files(), world.references()
    again = children.run(world.root, "release")
    assert ending(again, world) == (THEIRS if end == THEIRS else NOTHING), again.told
    assert (world.index_files(), world.references()) == before


def _assert_released(world: World, version: str) -> None:
    """Every index has the same files of ``version``; tag and tracking say so, here and on the remote."""
    local, other = (
        {name: digest for name, digest in released_files(world, index).items() if f"-{version}" in name}
        for index in INDEXES
    )
    assert len(local) == 2
    assert local == other
    outcome = world.outcome()
    for place in ("here", "on the remote"):
        message = outcome[f"{place} refs/tags/{PACKAGE}-v{version}"]
        assert all(f"Paa-File: {digest} {name}" in message for name, digest in local.items())
    assert f"{PACKAGE}: {version}\n" in outcome[".paa/tracking/lsts_package_versions.yml"]
    assert outcome["remote"] == "as here"
    assert outcome["uncommitted"] == ""
