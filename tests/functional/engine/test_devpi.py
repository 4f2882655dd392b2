"""Releasing to a real devpi-server: JSON pages, a login, and an index that changes no file."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.functional.command_line import done
from tests.functional.engine.children import KILLED, Children, Ended
from tests.functional.engine.devpi import PASSWORD, USER, Devpi, devpi_server
from tests.functional.engine.sites import PACKAGES
from tests.functional.engine.worlds import World, new_world
from tests.functional.samples import COMPONENT, change

pytestmark = pytest.mark.server
LOGIN = {"PAA_COMPANY_USERNAME": USER, "PAA_COMPANY_PASSWORD": PASSWORD}


@pytest.fixture(scope="session")
def devpi(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Devpi]:
    with devpi_server(tmp_path_factory.mktemp("devpi")) as running:
        yield running


def world_for(root: Path, url: str) -> World:
    """Two packages that are published to the index at ``url``."""
    settings = (
        f'indexes:\n  company: {{kind: devpi, upload_url: "{url}", simple_url: "{url}+simple/"}}\npublish_to: company\n'
    )
    return new_world(root, PACKAGES, settings)


def release(children: Children, world: World, kill_at: int | None = None) -> Ended:
    """One run of ``paa release``."""
    return children.run(world.root, "release", speed=10, kill_at=kill_at, environment=LOGIN)


def served(devpi: Devpi, url: str) -> dict[str, str]:
    """Name → SHA-256 of all that the index has."""
    return devpi.hashes(url, "wordcount") | devpi.hashes(url, "wordreport")


def built(world: World) -> dict[str, str]:
    """Name → SHA-256 of what was built."""
    return {name.removeprefix("dist "): text for name, text in world.outcome().items() if name.startswith("dist ")}


def test_it_gets_every_file_once_whatever_happens_on_the_way(
    devpi: Devpi, spoiled: Path, children: Children, tmp_path: Path
) -> None:
    """In one test, for the server takes long to start: with pytest-xdist each process would have one of its own."""
    reference = _released_twice(devpi, world_for(spoiled, devpi.make_index("once")), children)
    _killed_and_completed(devpi, tmp_path, children, reference)
    _refused(devpi, tmp_path, children)
    _not_allowed(devpi, tmp_path, children)


def _released_twice(devpi: Devpi, world: World, children: Children) -> dict[str, str]:
    """The second release comes beside the first. Returns what the first one brought."""
    url = f"{devpi.url}{USER}/once/"
    done(release(children, world))
    first = served(devpi, url)
    assert first == built(world)
    assert len(first) == 4
    assert "nothing to release" in done(release(children, world)).out
    change(world.repository, COMPONENT, "feat(wordcount): more")
    done(release(children, world))
    assert served(devpi, url) == built(world)
    assert first.items() < served(devpi, url).items()
    assert {"wordcount-v0.1.0", "wordreport-v0.0.2"} <= set(world.remote.tags())
    return first


def _killed_and_completed(devpi: Devpi, folder: Path, children: Children, reference: dict[str, str]) -> None:
    """Between the parts of the first upload, and when it has got half-way."""
    for number, step in enumerate((16, 30)):
        url = devpi.make_index(f"killed{number}")
        world = world_for(folder / f"killed{number}", url)
        killed = release(children, world, step)
        assert killed.code == KILLED
        done(release(children, world))
        assert served(devpi, url) == reference, killed.told
        assert len(world.remote.tags()) == 2


def _refused(devpi: Devpi, folder: Path, children: Children) -> None:
    """Somebody else has the names: their bytes stay."""
    url = devpi.make_index("taken")
    theirs = world_for(folder / "theirs", url)
    theirs.repository.write({COMPONENT: "def words(text):\n    return list(text)\n"})
    theirs.repository.commit("Others")
    done(release(children, theirs))
    before = served(devpi, url)
    ended = release(children, world_for(folder / "ours", url))
    assert ended.code == 1, ended.told
    assert "was not released from this repository" in ended.text
    assert served(devpi, url) == before


def _not_allowed(devpi: Devpi, folder: Path, children: Children) -> None:
    """With a wrong password nothing is sent, and the next run does it all."""
    url = devpi.make_index("closed")
    world = world_for(folder / "closed", url)
    wrong = {**LOGIN, "PAA_COMPANY_PASSWORD": "wr0ng-word"}
    ended = children.run(world.root, "release", speed=10, environment=wrong)
    assert ended.code == 3, ended.told
    assert "PAA_COMPANY_PASSWORD" in ended.err
    assert "wr0ng-word" not in ended.text
    assert world.repository.tags() == ()
    done(release(children, world))
    assert served(devpi, url) == built(world)
