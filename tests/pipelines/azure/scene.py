"""A project in Azure DevOps for a scenario: a repository that `paa init-ppr --azure` set up, feeds, and runs."""

import itertools
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TypedDict

from tests.functional.command_line import done, paa
from tests.functional.samples import FILES
from tests.pipelines.azure.agent import Outcome
from tests.pipelines.azure.run import Run, run_pipeline
from tests.pipelines.azure.service import PROJECT, Feed, Service
from tests.pipelines.azure.triggers import PullRequest, Request
from tests.pipelines.azure.variables import Variable
from tests.pipelines.git_host import GitHost
from tests.pipelines.machine import Machine
from tests.repository import Repository
from tests.servers import PypiServer, pypiserver

PIPELINE = ".azure/azure-pipelines.yml"
# As a run's own token looks: three parts of a JSON Web Token.
TOKEN_PREFIX = "eyJhbGciOiJub25l.eyJzdWIiOiJidWlsZC0x."
ONE_FEED = {"publish_to": "data"}
PACKAGES = {path: text for path, text in FILES.items() if path.startswith(("python_modules/", "tests/"))}


@dataclass(slots=True, kw_only=True)
class Scene:
    """``repository`` is the user's own clone; ``remote`` the bare one behind the host; ``feeds`` the servers by name.

    ``variables`` are those on the page of the pipeline, ``runs`` counts.
    """

    service: Service
    repository: Repository
    remote: Repository
    feeds: Mapping[str, PypiServer]
    variables: tuple[Variable, ...] = ()
    runs: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def pull(self) -> None:
        """Bring the branch here to where runs have left it."""
        self.repository.git("pull", "--quiet", "origin", "main")

    def push(self, ref: str = "main") -> None:
        """Push the branch or tag ``ref`` to the remote."""
        self.repository.git("push", "--quiet", "origin", ref)

    def manual(self, *, commit: str = "", branch: str = "main", **parameters: object) -> Run:
        """Run the pipeline by hand, on the tip of ``branch`` or an older commit of it."""
        ref = f"refs/heads/{branch}"
        run = self._run(Request(commit=commit or self._tip(ref), ref=ref, parameters=parameters))
        assert run is not None
        return run

    def pushed(self, ref: str = "refs/heads/main") -> Run | None:
        """What a push of ``ref`` starts."""
        return self._run(Request(commit=self._tip(f"{ref}^{{commit}}"), ref=ref, reason="IndividualCI"))

    def pull_request(self, branch: str, *legs: str, number: int = 7) -> Run:
        """What the branch policy runs for a pull request of ``branch``: its merge with main."""
        merge = f"refs/pull/{number}/merge"
        tree = self.remote.git("merge-tree", "--write-tree", "main", branch).splitlines()[0]
        parents = ("-p", self._tip("main"), "-p", self._tip(branch))
        commit = self.remote.git(
            "-c", "user.name=Azure", "-c", "user.email=a@example.org", "commit-tree", *parents, "-m", "Merge", tree
        )
        self.remote.git("update-ref", merge, commit)
        asked = PullRequest(number=number, source=f"refs/heads/{branch}")
        run = self._run(Request(commit=commit, ref=merge, reason="PullRequest", pull_request=asked, legs=legs))
        assert run is not None
        return run

    def _run(self, request: Request) -> Run | None:
        message = self.remote.git("log", "-1", "--format=%B", request.commit)
        given = replace(request, number=next(self.runs), message=message, variables=self.variables)
        return run_pipeline(self.service, PIPELINE, given)

    def _tip(self, ref: str) -> str:
        return self.remote.git("rev-parse", ref)

    def tags(self) -> set[str]:
        """The tags on the remote."""
        return {*self.remote.tags()}

    def on_feed(self, feed: str = "data") -> list[str]:
        """The names of the files on the feed, sorted."""
        return sorted(path.name for path in self.feeds[feed].folder.iterdir())

    def tracked(self, path: str) -> str:
        """The file ``path`` as main has it on the remote."""
        return self.remote.git("show", f"main:{path}")


class SceneOptions(TypedDict, total=False):
    """What a project may have other than usual.

    ``feeds`` are names. ``settings`` are put into ``.paa.config``. ``login`` is what the feeds take, if
    not the token of the build identity. ``options`` are for ``init-ppr``. ``packages`` are files, by path, that are
    pushed to main. ``machine`` is what jobs run on, if not on the quick one.
    """

    feeds: Sequence[str]
    settings: Mapping[str, str]
    login: tuple[str, str] | None
    options: Sequence[str]
    packages: Mapping[str, str]
    machine: Machine


@contextmanager
def scene(folder: Path, machine: Machine, host: GitHost, given: SceneOptions) -> Iterator[Scene]:
    """A new project, set up in the two steps of the documents, with packages pushed to main."""
    token = host.token(may_write=True, prefix=TOKEN_PREFIX)
    name = f"contoso/{PROJECT}/_git/{folder.parent.name}-{folder.name}"
    remote = host.remote(name)
    repository = Repository(folder / "repository")
    repository.path.mkdir(parents=True)
    repository.git("init", "--quiet")
    repository.git("remote", "add", "origin", str(remote.path))
    with ExitStack() as stack:
        servers = {
            feed: stack.enter_context(pypiserver(folder / feed, user=given.get("login") or ("build", token)))
            for feed in given.get("feeds", ("data",))
        }
        _set_up(repository, servers, given.get("settings", ONE_FEED), given.get("options", ()))
        repository.write(given.get("packages", PACKAGES))
        repository.commit("Add the scripts")
        (folder / "runs").mkdir()
        service = Service(
            machine=machine,
            folder=folder / "runs",
            repository=remote,
            origin=host.address(name),
            authority=host.authority,
            token=token,
            feeds={
                f"{PROJECT}/{feed}": Feed(upload_url=server.url, simple_url=f"{server.url}simple/")
                for feed, server in servers.items()
            },
        )
        made = Scene(service=service, repository=repository, remote=remote, feeds=servers)
        made.push()
        yield made


def _set_up(
    repository: Repository, servers: Mapping[str, PypiServer], settings: Mapping[str, str], options: Sequence[str]
) -> None:
    """The two steps: the files; then feeds and settings of the user's own, and once more."""
    done(paa(repository.path, "init-ppr", "--azure", *options))
    (repository.path / ".azure/feeds/example_feed.yml").unlink()
    for feed, server in servers.items():
        text = f"variables:\n  feed_name: {feed}\n  organization: contoso\n  project_guid: {PROJECT}\n"
        text += f"  upload_url: {server.url}\n  simple_url: {server.url}simple/\n"
        repository.write({f".azure/feeds/{feed}.yml": text})
    config = repository.path / ".paa.config"
    lines = [line for line in config.read_text().splitlines() if line.partition(":")[0] not in settings]
    config.write_text("\n".join([*lines, *(f"{key}: {value}" for key, value in settings.items()), ""]))
    done(paa(repository.path, "init-ppr", "--azure"))
    repository.write({".gitignore": "/dist/\n"})


def succeeded(run: Run | None) -> Run:
    """``run``, which must be a success in every job."""
    assert run is not None, "no run was started"
    assert run.outcome is Outcome.SUCCEEDED, run.told()
    return run


def files_of(*releases: str) -> list[str]:
    """The files of releases, given as ``name-version``, sorted."""
    return sorted(f"{release}{ending}" for release in releases for ending in ("-py3-none-any.whl", ".tar.gz"))
