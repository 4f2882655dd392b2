"""A plan, and clones that build its shards, each as the jobs of a CI system do it: in folders of their own."""

import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.functional.command_line import Result, clone, done, paa, with_remote
from tests.functional.samples import FILES
from tests.repository import Repository
from tests.servers import PypiServer

# wordreport needs wordcount; dice is on its own.
SHARDS = {"1": ("wordcount", "wordreport"), "2": ("dice",)}


def config_for(server: PypiServer) -> str:
    """Settings that release to ``server``."""
    return f'indexes:\n  company: {{kind: pypiserver, upload_url: "{server.url}"}}\npublish_to: company\n'


@dataclass(frozen=True, slots=True, kw_only=True)
class Jobs:
    """The jobs of a run, by the folders that they work in; ``plan`` is the file that all of them get."""

    root: Path
    repository: Repository
    remote: Repository
    plan: Path

    def build(self, shard: str) -> Path:
        """Build one shard in a shallow clone without tags and check it; its ``dist``."""
        folder = self.root / f"build-{shard}"
        clone(self.remote, folder, "--depth", "1", "--no-tags")
        done(paa(folder, "make-package", "--plan", str(self.plan), "--dist", "dist", *SHARDS[shard]))
        done(paa(folder, "check", "--dist", "dist"))
        return folder / "dist"

    def download(self, *shards: str) -> Path:
        """An empty folder with the ``dist`` of each of ``shards`` in a folder below its own."""
        folder = self.root / "check"
        for shard in shards:
            shutil.copytree(self.build(shard), folder / "dist" / f"dist-{shard}")
        folder.mkdir(exist_ok=True)
        return folder

    def gather(self, folder: Path) -> Result:
        """Gather and check what was downloaded to ``folder``."""
        return paa(folder, "check", "--plan", str(self.plan), "--dist", "dist")

    def publishing(self, folder: Path) -> Path:
        """Another empty folder, with what was gathered in ``folder``."""
        there = self.root / "publish"
        shutil.copytree(folder / "dist", there / "dist")
        return there

    def publish(self, folder: Path, *more: str) -> Result:
        """Publish what lies in ``folder``."""
        return paa(folder, "publish", "--plan", str(self.plan), "--dist", "dist", *more)


def start(root: Path, repository: Repository, server: PypiServer) -> Jobs:
    """Three packages in ``repository``, pushed and planned."""
    repository.write({**FILES, ".paa.config": config_for(server)})
    repository.commit("Three scripts")
    remote = with_remote(repository)
    repository.git("push", "--quiet", "origin", "HEAD:refs/heads/main")
    remote.git("symbolic-ref", "HEAD", "refs/heads/main")
    plan = root / "plan" / "plan.json"
    done(paa(repository.path, "plan", "--output", str(plan)))
    return Jobs(root=root, repository=repository, remote=remote, plan=plan)


def read(path: Path) -> Any:  # noqa: ANN401  # any document
    """The JSON document at ``path``."""
    return json.loads(path.read_text())


def write(path: Path, document: object) -> None:
    """Put ``document`` there."""
    path.write_text(json.dumps(document))
