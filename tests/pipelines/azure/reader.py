"""Somebody who sets up Azure DevOps by a page of the documentation, and the service that runs what is pushed.

These stand in for the real ones, and nothing else of the page is replaced: Git finds the repository on this machine
(``insteadOf``); files of feeds name the stand-in's addresses too (``upload_url``, ``simple_url``), and where a command
names that of Azure, pip gets the stand-in's; PyPI has nothing but paa and an empty ``artifacts-keyring``.
"""

import base64
import hashlib
import re
from itertools import cycle
from pathlib import Path

from tests.distributions import build
from tests.pipelines.azure.documents import read_document
from tests.pipelines.azure.run import Run
from tests.pipelines.azure.scene import PIPELINE, TOKEN_PREFIX, Scene
from tests.pipelines.azure.service import ORGANIZATION, PROJECT, Feed, Service
from tests.pipelines.azure.variables import Variable
from tests.pipelines.conftest import LOGIN
from tests.pipelines.follower import Follower, PageError
from tests.pipelines.git_host import GitHost
from tests.pipelines.machine import Machine
from tests.pipelines.page import Block, Page
from tests.repository import Repository
from tests.servers import PypiServer

# What the page calls the repository and the feed.
CLONE, FEED = "packages", "data"
ADDRESS = f"https://dev.azure.com/{ORGANIZATION}/{PROJECT}/_git/{CLONE}"
_FEED_ADDRESS = f"https://pkgs.dev.azure.com/{ORGANIZATION}/{PROJECT}/_packaging/{FEED}/pypi/simple/"
_LEGS = ("linux_3_14",)
_BY_HAND = re.compile(r"\b[Rr]un (?:the )?pipeline\b")
_ESCAPED = re.compile(r"\\([^\w\s])")
_BUILD_IDENTITY: tuple[str, ...] = ()


class AzureReader(Follower):
    """``runs`` are those that there were so far. Each run by hand has another of the page's logins."""

    def __init__(self, scene: Scene, **given: object) -> None:
        super().__init__(**given)  # type: ignore[arg-type]  # as they come
        self.runs: list[Run] = []
        self.scene = scene
        self._ways = cycle((_BUILD_IDENTITY,))
        self._has_pipeline = False

    def follow(self, page: Page) -> None:
        """As the base class says; the logins are the build's identity and the pairs of variables of the page."""
        self._ways = cycle((_BUILD_IDENTITY, *page.secrets))
        super().follow(page)

    def do(self, block: Block) -> None:
        """Also a block of what is filled in for a run by hand."""
        if block.language == "ini" and _BY_HAND.search(block.before):
            self._start(block.text)
        else:
            super().do(block)

    def write(self, path: str, text: str) -> None:
        """With the stand-in's addresses in the file of a feed."""
        super().write(path, self.with_addresses(text) if path == f".azure/feeds/{FEED}.yml" else text)

    def with_addresses(self, text: str) -> str:
        """The file of the feed, with the stand-in's addresses in it."""
        server = self.scene.feeds[FEED]
        return f"{text}  upload_url: {server.url}\n  simple_url: {server.url}simple/\n"

    def run(self, script: str) -> None:
        """And what Azure does for each branch that is new or has moved; one that is not main has a pull request."""
        before = self._branches()
        super().run(script.replace(_FEED_ADDRESS, f"{self.scene.feeds[FEED].url}simple/"))
        for branch, commit in self._branches().items():
            if before.get(branch) != commit and self._has_pipeline:
                self._accept(_BUILD_IDENTITY)
                self._ran(
                    self.scene.pushed() if branch == "main" else self.scene.pull_request(branch, *_LEGS),
                )

    def _branches(self) -> dict[str, str]:
        lines = self.scene.remote.git("for-each-ref", "--format=%(refname:short) %(objectname)", "refs/heads")
        return {name: commit for name, _, commit in (line.partition(" ") for line in lines.splitlines())}

    def _start(self, form: str) -> None:
        """A run by hand: the form has the display names of the pipeline's parameters."""
        self._has_pipeline = True
        self._accept(next(self._ways))
        asked = self.clone / PIPELINE
        parameters = read_document(asked)["parameters"]
        assert isinstance(parameters, list)
        names = {parameter["displayName"]: parameter["name"] for parameter in parameters}
        lines = (line.partition("=") for line in form.splitlines())
        filled = {label.strip(): value.strip() for label, _, value in lines}
        if unknown := filled.keys() - names:
            message = f"the form has no {', '.join(sorted(unknown))}; it has {', '.join(names)}"
            raise PageError(message)
        self.said = ""
        self._ran(self.scene.manual(**{names[name]: value for name, value in filled.items()}))

    def _accept(self, way: tuple[str, ...]) -> None:
        """From now on the feed takes this login alone: the build's own, or the pair that ``way`` names."""
        name, password = LOGIN if way else ("build", self.scene.service.token)
        digest = base64.b64encode(hashlib.sha1(password.encode()).digest()).decode()  # noqa: S324  # of htpasswd
        logins = self.scene.feeds[FEED].folder.parent / "htpasswd"
        logins.write_text(f"{name}:{{SHA}}{digest}\n", encoding="utf-8")
        self.scene.variables = tuple(
            Variable(name=variable, value=value, secret=True)
            for variable, value in zip(way, (name, password), strict=bool(way))
        )

    def _ran(self, run: Run | None) -> None:
        if run is not None:
            self.runs.append(run)
            # A summary is seen as its Markdown comes out: without the backslashes.
            shown = _ESCAPED.sub(r"\1", run.summary)
            self.said += f"{shown}\n{run.output}"


def new_reader(folder: Path, machine: Machine, host: GitHost, feed: PypiServer, home: Path) -> AzureReader:
    """Somebody with an empty repository and the empty ``feed``, which wants a login for uploads."""
    name = f"{ORGANIZATION}/{PROJECT}/_git/{folder.name}"
    remote = host.remote(name)
    desk = folder / "desk"
    for path in (desk, folder / "runs"):
        path.mkdir()
    service = Service(
        machine=machine,
        folder=folder / "runs",
        repository=remote,
        origin=host.address(name),
        authority=host.authority,
        token=host.token(may_write=True, prefix=TOKEN_PREFIX),
        feeds={f"{PROJECT}/{FEED}": Feed(upload_url=feed.url, simple_url=f"{feed.url}simple/")},
    )
    scene = Scene(service=service, repository=Repository(desk / CLONE), remote=remote, feeds={FEED: feed})
    build(folder / "keyring", "artifacts-keyring", "1.0")
    own = {"PYTHONPATH": str(machine.libraries), "PIP_FIND_LINKS": str(folder / "keyring")}
    environment = machine.environment(home, own)
    environment["PATH"] = f"{machine.python(folder / 'python')}:{environment['PATH']}"
    user = Repository(desk)
    settings = {"user.name": "You", "user.email": "you@example.org", f"url.{remote.path}.insteadOf": ADDRESS}
    for key, value in settings.items():
        user.git("config", "--global", key, value)
    return AzureReader(scene, folder=desk, clone=desk / CLONE, environment=environment)
