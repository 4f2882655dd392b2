"""Fixtures of the tests of the release engine."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.functional.command_line import done
from tests.functional.engine.children import Children, forking
from tests.functional.engine.sites import Expected, Site, open_site
from tests.functional.engine.worlds import World, change_two_packages, new_world


@pytest.fixture(scope="session")
def children(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Children]:
    """Where ``paa`` is run in children that can be killed."""
    with forking(tmp_path_factory.mktemp("children")) as running:
        yield running


@pytest.fixture(scope="session")
def unreleased(tmp_path_factory: pytest.TempPathFactory) -> World:
    """Three packages, nothing released. To be copied, not to be touched."""
    return new_world(tmp_path_factory.mktemp("unreleased") / "world")


@pytest.fixture(scope="session")
def changed(tmp_path_factory: pytest.TempPathFactory, unreleased: World, children: Children) -> World:
    """Three packages, released once; two of them have changed since. To be copied, not to be touched."""
    return released_and_changed(unreleased.copy(tmp_path_factory.mktemp("changed") / "world"), children)


def released_and_changed(world: World, children: Children) -> World:
    """``world``, with everything in it released, and two of its packages changed after that."""
    done(children.run(world.root, "release"))
    change_two_packages(world)
    return world


@pytest.fixture
def spoiled(tmp_path: Path) -> Path:
    """The folder for a copy that a test may do anything to."""
    return tmp_path / "world"


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Two packages, and a pypiserver behind a proxy to publish them to."""
    with open_site(tmp_path_factory.mktemp("site")) as opened:
        yield opened


@pytest.fixture(scope="session")
def expected(tmp_path_factory: pytest.TempPathFactory, site: Site, children: Children) -> Expected:
    """What a first release to ``site`` leaves that nobody disturbs."""
    return site.expect(children, tmp_path_factory.mktemp("expected") / "world")
