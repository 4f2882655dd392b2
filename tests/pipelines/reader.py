"""Somebody who follows a page of the documentation word for word, and the platform that runs what is pushed.

Three things stand in for the real ones, and nothing of the page is replaced: Git finds the repository of the page on this
machine (``insteadOf``), pip finds the stand-in for PyPI (``PIP_INDEX_URL``), and so does paa, by an entry in the
``.paa.config`` that it has just written.
"""

import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import cycle
from pathlib import Path

from tests.pipelines.github.events import Event, starts
from tests.pipelines.github.jobs import Secrets
from tests.pipelines.github.platform import Platform
from tests.pipelines.github.results import Run
from tests.pipelines.github.values import Value
from tests.pipelines.github.workflow import read_workflow
from tests.pipelines.github.world import PUBLISH, TESTS, World
from tests.pipelines.machine import Machine
from tests.pipelines.page import Block, Page
from tests.repository import Repository
from tests.servers import PypiServer

# Where the pages say that the repository is, and what a clone of it is called.
ADDRESS = "https://github.com/OWNER/packages.git"
CLONE = "packages"
TOKEN = "pypi-AgEIcHlwaS5vcmcCJDk3"  # of a stand-in on loopback
# PyPI knows everybody by a token alone; the stand-in knows this name with the same password, too.
LOGIN = ("__token__", TOKEN)
_USER = "reader-on-the-index"
_VALUES = {"TWINE_USERNAME": _USER}
_PUT = re.compile(r"Put this into `([^`]+)`")
_CHANGE = re.compile(r"In `([^`]+)`, change these lines")


class PageError(Exception):
    """The page says something that can't be followed, or that does not come out as it says."""


@dataclass(slots=True, kw_only=True)
class Reader:
    """``indexes`` are the stand-ins by the names that paa knows them by; ``pip_index`` is what pip takes for PyPI.

    ``runs`` are the runs that pushes have started so far; ``said`` is what the last commands and the runs that they
    started have shown.
    """

    world: World
    folder: Path
    environment: Mapping[str, str]
    indexes: Mapping[str, PypiServer]
    said: str = ""
    runs: list[tuple[Event, Run]] = field(default_factory=list)

    def follow(self, page: Page) -> None:
        """Do what ``page`` says, from its first block to its last. Raises PageError for what can't be done so."""
        ways = cycle(page.secrets or ((),))
        for block in page.blocks:
            try:
                self._follow(block, lambda: next(ways))
            except PageError as error:
                message = f"{page.name}:{block.line}: {error}"
                raise PageError(message) from None

    def _follow(self, block: Block, way: Callable[[], tuple[str, ...]]) -> None:
        if block.language == "sh":
            self._shell(block.text, way)
        elif block.language == "text":
            self._see(block.text)
        elif found := _PUT.search(block.before):
            self.world.work.write({found[1]: block.text})
        elif found := _CHANGE.search(block.before):
            self._change(self.world.work.path / found[1], block.text)
        else:
            message = f"nobody can tell what to do with this block:\n{block.text}"
            raise PageError(message)

    def _shell(self, script: str, way: Callable[[], tuple[str, ...]]) -> None:
        before = self._refs()
        state, place = self.folder / "state", self.folder / "place"
        whole = f"set -e\n. '{state}'\ncd \"$(cat '{place}')\"\n{script}\nexport -p > '{state}'\npwd > '{place}'\n"
        if not state.exists():
            state.touch()
            place.write_text(str(self.folder), encoding="utf-8")
        done = subprocess.run(
            ["bash", "-c", whole],
            cwd=self.folder,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        self.said = done.stdout
        if done.returncode:
            message = f"exit code {done.returncode}:\n{script}\n{done.stdout}"
            raise PageError(message)
        self._stand_in()
        self._run_what_was_pushed(before, way)

    def _see(self, shown: str) -> None:
        """Every line must have been shown, in this order; … stands for anything."""
        pattern = ".*".join(
            ".*?".join(re.escape(part) for part in line.strip().split("…")) for line in shown.splitlines()
        )
        if not re.search(pattern, self.said, re.DOTALL):
            message = f"the page shows\n{shown}\nbut this was to be seen:\n{self.said}"
            raise PageError(message)

    def _change(self, path: Path, lines: str) -> None:
        content = path.read_text(encoding="utf-8")
        for line in lines.splitlines():
            key = line.partition(":")[0]
            content, count = re.subn(rf"(?m)^{re.escape(key)}:.*$", lambda _, line=line: line, content)
            if count != 1:
                message = f"{path.name} has {count} lines with {key}:\n{content}"
                raise PageError(message)
        path.write_text(content, encoding="utf-8")

    def _stand_in(self) -> None:
        """Have the ``.paa.config`` that was just written name the stand-ins' addresses; the names stay."""
        config = self.world.work.path / ".paa.config"
        if config.exists() and "\nindexes:" not in (content := config.read_text(encoding="utf-8")):
            entries = "".join(
                f'  {name}: {{kind: {name}, upload_url: "{server.url}", simple_url: "{server.url}simple/"}}\n'
                for name, server in self.indexes.items()
            )
            config.write_text(f"{content}\nindexes:\n{entries}", encoding="utf-8")

    def _refs(self) -> dict[str, str]:
        lines = self.world.remote.git("for-each-ref", "--format=%(refname) %(objectname)").splitlines()
        return {name: made for name, _, made in (line.partition(" ") for line in lines)}

    def _run_what_was_pushed(self, before: Mapping[str, str], way: Callable[[], tuple[str, ...]]) -> None:
        """What the platform does for each branch and tag that is new or has moved; a branch becomes a pull request."""
        moved = [ref for ref, made in self._refs().items() if before.get(ref) != made]
        for ref in moved:
            if ref == "refs/heads/main":
                self._run(self.world.push(), PUBLISH, way())
            elif ref.startswith("refs/heads/"):
                self._run(self.world.pull_request(ref.removeprefix("refs/heads/")), TESTS, ())
            elif ref.startswith("refs/tags/"):
                self._run(self.world.push(ref), PUBLISH, way())

    def _run(self, event: Event, path: str, secrets: tuple[str, ...]) -> None:
        workflow = read_workflow(self.world.remote.git("show", f"{event.sha}:{path}"), path)
        if not starts(workflow, event):
            return
        values = {name: _VALUES.get(name, TOKEN) for name in secrets}
        self.world.platform.secrets = Secrets(repository=values, environments={})
        run = self.world.run(event, path)
        self.runs.append((event, run))
        self.said += f"{run.summary}\n{run.output}"


def new_reader(
    machine: Machine, platform: Platform, remote: Repository, home: Path, index: PypiServer, **others: PypiServer
) -> Reader:
    """Somebody with Git, Python and nothing else."""
    folder = platform.folder.parent / "desk"
    folder.mkdir()
    for wheel in machine.simple.glob("paa/*.whl"):
        shutil.copy(wheel, index.folder)
    logins = index.folder.parent / "htpasswd"
    known = logins.read_text(encoding="utf-8")
    logins.write_text(f"{known}{_USER}:{known.partition(':')[2]}", encoding="utf-8")
    python = machine.python(platform.folder.parent / "python")
    environment = machine.environment(
        home, {"PIP_INDEX_URL": f"{index.url}simple/", "PYTHONPATH": str(machine.libraries)}
    )
    environment["PATH"] = f"{python}:{environment['PATH']}"
    user = Repository(folder)
    for key, value in (
        ("user.name", "You"),
        ("user.email", "you@example.org"),
        (f"url.{remote.path}.insteadOf", ADDRESS),
    ):
        user.git("config", "--global", key, value)
    platform.chosen = of_this_machine
    world = World(platform=platform, work=Repository(folder / CLONE), remote=remote, index=index)
    return Reader(world=world, folder=folder, environment=environment, indexes={"pypi": index, **others})


def of_this_machine(key: str, matrix: Mapping[str, Value]) -> bool:
    """Of the jobs of the matrix of tests, the one that can run here."""
    here = f"{sys.version_info[0]}.{sys.version_info[1]}"
    return key != "test" or (str(matrix["system"]).startswith("ubuntu") and str(matrix["python"]) == here)
