"""Somebody who follows a page of the documentation word for word, and the platform that runs what is pushed.

These stand in for the real ones, and nothing of the page is replaced: Git finds the page's repository on this machine
(``insteadOf``), pip finds the stand-in for PyPI (``PIP_INDEX_URL``), and so does paa, by an entry in the
``.paa.config`` that it has just written.
"""

import re
import shutil
import sys
from collections.abc import Iterator, Mapping
from itertools import cycle
from pathlib import Path
from typing import TYPE_CHECKING

from tests.pipelines.follower import Follower, PageError
from tests.pipelines.git_host import GitHost
from tests.pipelines.github.contexts import REPOSITORY
from tests.pipelines.github.events import Event, starts
from tests.pipelines.github.jobs import Secrets
from tests.pipelines.github.platform import Platform
from tests.pipelines.github.values import Value
from tests.pipelines.github.workflow import read_workflow
from tests.pipelines.github.world import PUBLISH, TESTS, World
from tests.pipelines.machine import Machine
from tests.pipelines.page import Block, Page
from tests.repository import Repository
from tests.servers import PypiServer

if TYPE_CHECKING:
    from tests.pipelines.github.results import Run

# What the pages call the repository.
CLONE = "packages"
ADDRESS = f"https://github.com/OWNER/{CLONE}.git"
_TOKEN = "pypi-AgEIcHlwaS5vcmcCJDk3"  # of a stand-in on loopback
# PyPI knows everybody by a token alone; the stand-in knows this name with the same password, too.
LOGIN = ("__token__", _TOKEN)
_USER = "reader-on-the-index"
_CHANGE = re.compile(r"In `([^`]+)`, change these lines\b.*:$")
_REPLACE = re.compile(r"In `([^`]+)`, in the place of the line `([^`]+)`:$")


class GitHubReader(Follower):
    """``runs`` are those that pushes have started so far. Each that publishes has another of the page's logins.

    ``indexes`` are the stand-ins by the names that paa knows them by.
    """

    def __init__(self, world: World, environment: Mapping[str, str], indexes: Mapping[str, PypiServer]) -> None:
        super().__init__(folder=world.work.path.parent, clone=world.work.path, environment=environment)
        self.world = world
        self.runs: list[tuple[Event, Run]] = []
        self.indexes = indexes
        self._ways: Iterator[tuple[str, ...]] = cycle(((),))

    def follow(self, page: Page) -> None:
        """As the base class says; secrets have the names that the page gives them."""
        self._ways = cycle(page.secrets or ((),))
        super().follow(page)

    def do(self, block: Block) -> None:
        """Also a block of lines that take the place of others."""
        if found := _CHANGE.search(block.before):
            self._change(self.clone / found[1], block.text)
        elif found := _REPLACE.search(block.before):
            self._replace(self.clone / found[1], found[2], block.text.rstrip())
        else:
            super().do(block)

    def run(self, script: str) -> None:
        """Also what the platform does when the script has pushed something."""
        before = self._refs()
        try:
            super().run(script)
        except PageError as error:
            last = self.runs[-1][1].output if self.runs else "none"
            message = f"{error}\nthe last run:\n{last}"
            raise PageError(message) from None
        self._stand_in()
        for ref, made in self._refs().items():
            if before.get(ref) != made:
                self._push(ref)

    def _change(self, path: Path, lines: str) -> None:
        for line in lines.splitlines(keepends=True):
            key = f"{line.partition(':')[0]}:"
            content = path.read_text(encoding="utf-8")
            self._replace(path, next((old for old in content.splitlines() if old.startswith(key)), key), line.rstrip())

    def _replace(self, path: Path, old: str, new: str) -> None:
        content = path.read_text(encoding="utf-8")
        if content.splitlines().count(old) != 1:
            message = f"{path.name} has not one line {old!r}:\n{content}"
            raise PageError(message)
        path.write_text(content.replace(f"{old}\n", f"{new}\n"), encoding="utf-8")

    def _stand_in(self) -> None:
        """Have the ``.paa.config`` that was just written give the stand-ins' addresses; indexes keep their names."""
        config = self.clone / ".paa.config"
        if self.indexes and config.exists() and "\nindexes:" not in (content := config.read_text(encoding="utf-8")):
            entries = "".join(
                f'  {name}: {{kind: {name}, upload_url: "{server.url}", simple_url: "{server.url}simple/"}}\n'
                for name, server in self.indexes.items()
            )
            config.write_text(f"{content}\nindexes:\n{entries}", encoding="utf-8")

    def _refs(self) -> dict[str, str]:
        lines = self.world.remote.git("for-each-ref", "--format=%(refname) %(objectname)").splitlines()
        return {name: made for name, _, made in (line.partition(" ") for line in lines)}

    def _push(self, ref: str) -> None:
        """Whoever pushes a branch beside main opens a pull request."""
        if ref == "refs/heads/main":
            self._start(self.world.push(), PUBLISH)
        elif ref.startswith("refs/heads/"):
            self._start(self.world.pull_request(ref.removeprefix("refs/heads/")), TESTS)
        elif ref.startswith("refs/tags/"):
            self._start(self.world.push(ref), PUBLISH)

    def _start(self, event: Event, path: str) -> None:
        workflow = read_workflow(self.world.content(path, event.sha), path)
        if not starts(workflow, event):
            return
        names: tuple[str, ...] = next(self._ways) if path == PUBLISH else ()
        values: Mapping[str, str] = {name: _USER if name.endswith("_USERNAME") else _TOKEN for name in names}
        self.world.platform.secrets = Secrets(repository=values, environments={})
        run = self.world.run(event, path)
        self.runs.append((event, run))
        shown = f"{run.summary}\n{run.output}"
        for index in self.indexes.values():
            # pip has to be told of no index for what is on PyPI.
            shown = shown.replace(f"--index-url {index.url}simple/ ", "")
        self.said += shown


def new_reader(
    machine: Machine, host: GitHost, folder: Path, home: Path, indexes: Mapping[str, PypiServer]
) -> GitHubReader:
    """Somebody with an empty repository on the platform, Git, Python and nothing else; one of ``indexes`` is pypi."""
    name = f"{folder.name}/{REPOSITORY}"
    remote, pypi, desk = host.remote(name), indexes["pypi"], folder / "desk"
    desk.mkdir()
    for wheel in machine.simple.glob("paa/*.whl"):
        shutil.copy(wheel, pypi.folder)
    for index in indexes.values():
        logins = index.folder.parent / "htpasswd"
        known = logins.read_text(encoding="utf-8")
        logins.write_text(f"{known}{_USER}:{known.partition(':')[2]}", encoding="utf-8")
    # What paa needs is there, without an index that has it.
    found = {"PIP_INDEX_URL": f"{pypi.url}simple/", "PYTHONPATH": str(machine.libraries)}
    environment = machine.environment(home, found)
    environment["PATH"] = f"{machine.python(folder / 'python')}:{environment['PATH']}"
    settings = {"user.name": "You", "user.email": "you@example.org", f"url.{remote.path}.insteadOf": ADDRESS}
    for key, value in settings.items():
        Repository(desk).git("config", "--global", key, value)
    platform = Platform(
        machine=machine, host=host, address=host.address(name), folder=folder / "runs",
        secrets=Secrets(repository={}, environments={}), chosen=_can_run_here,
    )  # fmt: skip
    world = World(platform=platform, work=Repository(desk / CLONE), remote=remote, index=pypi)
    return GitHubReader(world, environment, indexes)


def _can_run_here(key: str, matrix: Mapping[str, Value]) -> bool:
    """Of the matrix of tests, the job for this system and this Python."""
    here = f"{sys.version_info[0]}.{sys.version_info[1]}"
    return key != "test" or (str(matrix["system"]).startswith("ubuntu") and str(matrix["python"]) == here)
