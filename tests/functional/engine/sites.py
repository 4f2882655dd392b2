"""A world whose index is a real pypiserver behind a proxy."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.functional.command_line import done
from tests.functional.engine.children import Children, Ended
from tests.functional.engine.proxy import Fault, Proxy, proxy_to
from tests.functional.engine.worlds import World, differences, new_world
from tests.functional.samples import COMPONENT, FILES
from tests.servers import PypiServer, pypiserver

LOGIN = {"PAA_COMPANY_USERNAME": "tester", "PAA_COMPANY_PASSWORD": "hunter2-pässword"}
PACKAGES = {name: FILES[name] for name in ("python_modules/wordcount.py", "python_modules/wordreport.py", COMPONENT)}
# How many times as fast paa's time goes: a minute takes two seconds.
SPEED = 30


@dataclass(frozen=True, slots=True)
class Expected:
    """What an undisturbed run leaves: on the server, and everywhere else; and the steps that it took."""

    files: dict[str, str]
    outcome: dict[str, str]
    steps: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Site:
    """A server, the proxy before it, and a world whose index the proxy is. ``template`` is not to be touched."""

    server: PypiServer
    proxy: Proxy
    template: World

    def begin(self, folder: Path, *faults: Fault) -> World:
        """A new world, an empty server, and these faults."""
        for path in self.server.folder.iterdir():
            path.unlink()
        self.proxy.reset()
        self.proxy.faults.extend(faults)
        return self.template.copy(folder)

    def files(self) -> dict[str, str]:
        """Name → SHA-256 of what the server has."""
        return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in self.server.folder.iterdir()}

    def expect(self, children: Children, folder: Path) -> Expected:
        """What a run leaves that nobody disturbs."""
        world = self.begin(folder)
        ended = done(release(children, world))
        return Expected(self.files(), world.outcome(), ended.steps)

    def problems(self, world: World, expected: Expected) -> list[str]:
        """What is not as an undisturbed run leaves it, and which files the server took more than once."""
        twice = [f"{name} was taken {times} times" for name, times in sorted(self.proxy.stored.items()) if times != 1]
        return twice + differences(self.files(), expected.files) + differences(world.outcome(), expected.outcome)


def release(children: Children, world: World, *, speed: float = SPEED, kill_at: int | None = None) -> Ended:
    """One run of ``paa release``."""
    return children.run(world.root, "release", speed=speed, kill_at=kill_at, environment=LOGIN)


@contextmanager
def open_site(folder: Path) -> Iterator[Site]:
    """Run server and proxy, and stop them in the end."""
    user = LOGIN["PAA_COMPANY_USERNAME"], LOGIN["PAA_COMPANY_PASSWORD"]
    with pypiserver(folder / "server", user=user) as server, proxy_to(server.url) as proxy:
        settings = (
            "indexes:\n"
            f'  company: {{kind: pypiserver, upload_url: "{proxy.url}", simple_url: "{proxy.url}simple/"}}\n'
            "publish_to: company\n"
        )
        yield Site(server, proxy, new_world(folder / "world", PACKAGES, settings))
