"""A repository on the platform, with its workflows as ``paa init-ppr --github`` writes them, and a private index."""

import hashlib
import json
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.functional.command_line import done, paa
from tests.pipelines.conftest import LOGIN
from tests.pipelines.git_host import GitHost
from tests.pipelines.github.contexts import REPOSITORY
from tests.pipelines.github.events import Event
from tests.pipelines.github.jobs import Secrets
from tests.pipelines.github.platform import Attempt, Platform, everything
from tests.pipelines.github.results import Run
from tests.pipelines.github.values import Value
from tests.pipelines.machine import Machine
from tests.repository import Repository
from tests.servers import PypiServer

PUBLISH = ".github/workflows/publish.yml"
TESTS = ".github/workflows/tests.yml"
SECRETS = {"PAA_COMPANY_USERNAME": LOGIN[0], "PAA_COMPANY_PASSWORD": LOGIN[1]}
_BRANCH = "refs/heads/"


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """``work`` is somebody's clone, ``remote`` the bare repository on the platform, ``index`` the private index."""

    platform: Platform
    work: Repository
    remote: Repository
    index: PypiServer

    def push(self, *refs: str, before: str = "") -> Event:
        """Push what is committed (or ``refs``), and return the event of it."""
        self.work.git("push", "--quiet", "origin", *(refs or ("HEAD:refs/heads/main",)))
        ref = refs[0].partition(":")[2] or refs[0] if refs else "refs/heads/main"
        sha = self.work.git("rev-parse", f"{refs[0].partition(':')[0] if refs else 'HEAD'}^{{commit}}")
        return Event(name="push", sha=sha, ref=ref, payload=self.payload(before=before), message=self.message(sha))

    def dispatch(self, ref: str = "refs/heads/main", **inputs: Value) -> Event:
        """Somebody starts a run by hand, on ``ref``."""
        sha = self.remote.git("rev-parse", f"{ref}^{{commit}}")
        return Event(name="workflow_dispatch", sha=sha, ref=ref, inputs=inputs, payload=self.payload(inputs=inputs))

    def pull_request(self, branch: str) -> Event:
        """Push what is committed to ``branch``, and ask to merge it; the platform makes the commit of the merge."""
        self.work.git("push", "--quiet", "origin", f"HEAD:refs/heads/{branch}")
        base, head = self.remote.git("rev-parse", "main"), self.work.git("rev-parse", "HEAD")
        tree = self.remote.git("merge-tree", "--write-tree", base, head).splitlines()[0]
        author = ("-c", "user.name=GitHub", "-c", "user.email=noreply@example.org")
        merge = self.remote.git(*author, "commit-tree", tree, "-p", base, "-p", head, "-m", f"Merge {head} into {base}")
        self.remote.git("update-ref", "refs/pull/7/merge", merge)
        pull: dict[str, Value] = {
            "number": 7.0,
            "base": {"sha": base, "ref": "main"},
            "head": {"sha": head, "ref": branch},
        }
        return Event(
            name="pull_request",
            sha=merge,
            ref="refs/pull/7/merge",
            base_ref="main",
            head_ref=branch,
            payload=self.payload(action="opened", number=7.0, pull_request=pull),
            message=self.message(head),
            secrets=False,
        )

    def start(self, event: Event, path: str = PUBLISH) -> Attempt:
        """Begin the run of the workflow at ``path`` that ``event`` starts, as it is in the commit of the event."""
        return self.platform.start(self.remote.git("show", f"{event.sha}:{path}"), path, event)

    def run(self, event: Event, path: str = PUBLISH) -> Run:
        """Run the workflow at ``path`` for ``event``; what must hold of every run is looked at."""
        return self.sound(self.start(event, path).run())

    def sound(self, run: Run) -> Run:
        """``run``, in which nothing but paa spoke to the runner, and secrets were only where they are needed."""
        for job in run.jobs:
            said = {command.name for step in job.steps for command in step.commands}
            assert said <= {"error", "warning", "notice", "group", "endgroup"}, run.output
            given = [value for step in job.steps for value in step.environment.values()]
            if job.key in {"build", "pages", "test", "passed"}:
                assert not {*SECRETS.values()} & {*given}, f"{job.key} has secrets"
            if job.key.startswith("publish") and job.folder is not None:
                assert not [*job.folder.rglob(".git")], "the job with the publishing identity has a clone"
                assert not {*job.permissions} - {"id-token"}, job.permissions
            elif job.result != "skipped":
                assert "id-token" not in job.permissions, job.key
        assert not self.platform.host.denied_at(self.platform.address), run.output
        return run

    def released(self, **expected: str) -> None:
        """Index, tags, tracking files and README agree that these are the newest releases, with the same bytes."""
        files, readme, tracked = self.files(), self.content("README.md"), self.tracked()
        for package, version in expected.items():
            hashes = [files.get(f"{package}-{version}{end}") for end in ("-py3-none-any.whl", ".tar.gz")]
            message = self.remote.git("for-each-ref", "--format=%(contents)", f"refs/tags/{package}-v{version}")
            assert all(each and each in message for each in hashes), f"{package} {version}: {files}\n{message}"
            assert f"| {package} | {version} |" in readme, readme
        assert {name: tracked.get(name) for name in expected} == expected

    def pull(self) -> None:
        """Get what CI has pushed."""
        self.work.git("pull", "--quiet", "--rebase", "--tags", "origin", "main")

    def files(self) -> dict[str, str]:
        """Name → SHA-256 of what the index has."""
        found = sorted(path for path in self.index.folder.iterdir() if path.is_file())
        return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in found}

    def versions(self) -> dict[str, list[str]]:
        """Distribution → versions of its wheels on the index."""
        found: dict[str, list[str]] = {}
        for name in self.files():
            if name.endswith(".whl"):
                found.setdefault(name.split("-")[0], []).append(name.split("-")[1])
        return found

    def tracked(self) -> dict[str, str]:
        """Package → version in the tracking file on the remote's branch."""
        document = json.loads(self.remote.git("show", "main:.paa/tracking/releases.json"))
        return {str(entry["package"]): str(entry["version"]) for entry in document["releases"]}

    def content(self, path: str, ref: str = "main") -> str:
        """The file at ``path`` on the remote."""
        return self.remote.git("show", f"{ref}:{path}")

    def keep(self, folder: Path) -> Path:
        """Keep the state of clone, remote and index in ``folder``."""
        for name, path in self._places():
            shutil.copytree(path, folder / name, symlinks=True)
        return folder

    def restore(self, kept: Path) -> None:
        """Go back to the state in ``kept``, with the secrets as they were."""
        for name, path in self._places():
            for each in path.iterdir():
                if each.is_dir() and not each.is_symlink():
                    shutil.rmtree(each)
                else:
                    each.unlink()
            shutil.copytree(kept / name, path, symlinks=True, dirs_exist_ok=True)
        self.platform.secrets = Secrets(repository=SECRETS, environments={})
        self.platform.chosen = everything
        self.platform.host.denied.clear()

    def _places(self) -> tuple[tuple[str, Path], ...]:
        return ("work", self.work.path), ("remote", self.remote.path), ("index", self.index.folder)

    def install(self, folder: Path, requirement: str, code: str) -> str:
        """Install ``requirement`` from the index into a new environment, and return what ``code`` prints there."""
        python = self.platform.machine.install_released(folder, f"{self.index.url}simple/", requirement)
        ran = subprocess.run([str(python), "-I", "-c", code], capture_output=True, text=True, check=False)
        assert ran.returncode == 0, ran.stderr
        return ran.stdout.strip()

    def payload(self, **more: Value) -> dict[str, Value]:
        """What the platform tells about the repository, and ``more``."""
        return {"repository": {"full_name": REPOSITORY, "default_branch": "main"}, **more}

    def message(self, sha: str) -> str:
        """The message of a commit."""
        return self.work.git("show", "--no-patch", "--format=%B", sha)


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstPush:
    """The first run of a repository, and the ``state`` that it left."""

    world: World
    event: Event
    run: Run
    state: Path


def settings(index: PypiServer, more: str = "") -> str:
    """A ``.paa.config`` that publishes to ``index``."""
    company = f'{{kind: pypiserver, upload_url: "{index.url}", simple_url: "{index.url}simple/"}}'
    return f"indexes:\n  company: {company}\npublish_to: company\n{more}"


def new_world(
    machine: Machine, host: GitHost, index: PypiServer, folder: Path, files: Mapping[str, str], *options: str
) -> World:
    """A repository with ``files`` that ``paa init-ppr --github`` has been run in with ``options``, not pushed yet."""
    name = f"{folder.name}/{REPOSITORY}"
    remote = host.remote(name)
    work = Repository(folder / "work")
    work.path.mkdir()
    work.git("init", "--quiet")
    work.git("remote", "add", "origin", str(remote.path))
    work.write({".paa.config": settings(index), "README.md": "# Packages\n", **files})
    done(paa(work.path, "init-ppr", "--github", *options))
    secrets = Secrets(repository=SECRETS, environments={})
    platform = Platform(machine=machine, host=host, address=host.address(name), folder=folder / "runs", secrets=secrets)
    return World(platform=platform, work=work, remote=remote, index=index)
