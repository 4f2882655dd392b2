"""The parts of Azure DevOps that a run meets: feeds, artifacts, variable groups, the repository and its tokens."""

import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tests.pipelines.azure.errors import PipelineError
from tests.pipelines.azure.variables import Variable
from tests.pipelines.machine import Machine
from tests.repository import Repository

ORGANIZATION = "contoso"
PROJECT = "platform"
_NOT_IN_NAMES = frozenset('\\/":<>|*?')


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """A feed: where it takes uploads and serves its Simple API."""

    upload_url: str
    simple_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """One project. ``feeds`` are named ``project/feed`` or ``feed``; ``folder`` is where runs leave what they make.

    ``repository`` is the bare one, which jobs clone from ``origin``; ``authority`` is the certificate authority of
    that. ``token`` is ``System.AccessToken`` of the build identity, ``groups`` are the variable groups.
    """

    machine: Machine
    folder: Path
    repository: Repository
    origin: str
    authority: Path | None
    token: str
    feeds: Mapping[str, Feed] = field(default_factory=dict)
    groups: Mapping[str, tuple[Variable, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Artifacts:
    """The pipeline artifacts of one run: published once, never changed."""

    folder: Path

    def names(self) -> tuple[str, ...]:
        """Those that there are, sorted."""
        return tuple(sorted(path.name for path in self.folder.iterdir()))

    def publish(self, name: str, path: Path) -> None:
        """Keep what is at ``path``. Raises PipelineError where Azure would."""
        if not name or _NOT_IN_NAMES & {*name}:
            message = f"{name!r} is no name for an artifact"
            raise PipelineError(message)
        if (self.folder / name).exists():
            message = f"the artifact {name!r} exists already for this run"
            raise PipelineError(message)
        if not path.exists():
            message = f"there is nothing at {path} to publish"
            raise PipelineError(message)
        if path.is_dir():
            shutil.copytree(path, self.folder / name)
        else:
            (self.folder / name).mkdir()
            shutil.copy(path, self.folder / name / path.name)

    def files(self, name: str) -> dict[str, Path]:
        """The files of the artifact ``name``, by path inside it. Raises PipelineError without such an artifact."""
        if not (self.folder / name).is_dir():
            message = f"the artifact {name!r} was not found; there are {', '.join(self.names()) or 'none'}"
            raise PipelineError(message)
        found = (path for path in sorted((self.folder / name).rglob("*")) if path.is_file())
        return {path.relative_to(self.folder / name).as_posix(): path for path in found}
