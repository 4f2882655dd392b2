"""A world for a test to destroy: a repository, its bare remote and its indexes, side by side; and what is in it."""

import hashlib
import re
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.functional.command_line import with_remote
from tests.functional.samples import COMPONENT, FILES, change
from tests.repository import Repository

INDEXES = ("local", "other")
TWO_INDEXES = (
    "indexes:\n"
    "  local: {kind: directory, path: ../local}\n"
    "  other: {kind: directory, path: ../other}\n"
    "publish_to: [local, other]\n"
)
ONE_INDEX = "indexes:\n  local: {kind: directory, path: ../local}\npublish_to: local\n"
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d([T ]\d\d:\d\d:\d\d(\.\d+)?)?")


@dataclass(frozen=True, slots=True)
class World:
    """The folder in which everything lies."""

    root: Path

    @property
    def repository(self) -> Repository:
        """The work tree."""
        return Repository(self.root / "repository")

    @property
    def remote(self) -> Repository:
        """The bare repository that it pushes to."""
        return Repository(self.root / "remote.git")

    def copy(self, root: Path) -> "World":
        """The same world in a new folder."""
        shutil.copytree(self.root, root, symlinks=True)
        return World(root)

    def index_files(self) -> dict[str, str]:
        """Path → SHA-256 of all that the indexes hold, pages too."""
        paths = (path for name in INDEXES for path in _files(self.root / name) if path.name != ".lock")
        return {str(path.relative_to(self.root)): _digest(path) for path in paths}

    def archives(self) -> dict[str, tuple[int, int]]:
        """The wheels and sdists on the indexes, each with what would change if it were written again."""
        paths = [path for name in INDEXES for path in _files(self.root / name) if _is_archive(path)]
        return {str(path.relative_to(self.root)): (path.stat().st_ino, path.stat().st_mtime_ns) for path in paths}

    def references(self) -> dict[str, str]:
        """Every reference here and on the remote → the object that it names."""
        found = {}
        for repository in (self.repository, self.remote):
            for line in repository.git("for-each-ref", "--format=%(refname) %(objectname)").splitlines():
                name, _, target = line.partition(" ")
                found[f"{repository.path.name} {name}"] = target
        return found

    def outcome(self) -> dict[str, str]:
        """All that a run leaves behind and that an undisturbed run leaves behind the same way, without moments."""
        head = self.repository.git("rev-parse", "HEAD")
        folder = self.repository.path
        return {
            **self.index_files(),
            **{f"here {name}": text for name, text in _tags(self.repository).items()},
            **{f"on the remote {name}": text for name, text in _tags(self.remote).items()},
            **{str(path.relative_to(folder)): _without_moments(path) for path in _files(folder / ".paa")},
            **{f"dist {path.name}": _digest(path) for path in _files(folder / "dist") if _is_archive(path)},
            "history": self.repository.git("log", "--format=%s%n%b"),
            "remote": "as here" if self.remote.git("rev-parse", "main") == head else "not as here",
            "uncommitted": self.repository.git("status", "--porcelain"),
        }


def differences(found: Mapping[str, str], expected: Mapping[str, str]) -> list[str]:
    """What is not as it should be, in words."""
    names = sorted(name for name in found.keys() | expected.keys() if found.get(name) != expected.get(name))
    return [f"{name}: {found.get(name)!r} instead of {expected.get(name)!r}" for name in names]


def new_world(root: Path, files: dict[str, str] | None = None, settings: str = TWO_INDEXES) -> World:
    """A world with ``files`` (by default three packages, two of which share a component), nothing of it released."""
    world = World(root)
    world.repository.path.mkdir(parents=True)
    world.repository.git("init", "--quiet")
    world.repository.write({**(FILES if files is None else files), ".gitignore": "/dist/\n", ".paa.config": settings})
    world.repository.commit("First sources")
    with_remote(world.repository)
    world.repository.git("remote", "set-url", "origin", "../remote.git")
    world.repository.git("push", "--quiet", "--set-upstream", "origin", "main")
    for hooks in (world.repository.path / ".git/hooks", world.remote.path / "hooks"):
        # Samples, of which every copy would get its own.
        shutil.rmtree(hooks)
    return world


def change_two_packages(world: World) -> None:
    """Change what two of the three packages ship, with a bump for one of them, and push that."""
    change(world.repository, COMPONENT, "feat(wordcount): count more; and faster")
    world.repository.git("push", "--quiet", "origin", "main")


def _tags(repository: Repository) -> dict[str, str]:
    text = repository.git("for-each-ref", "--format=%(refname) %(*objectname) %(contents)%00", "refs/tags", "refs/paa")
    records = [record.strip().partition(" ") for record in text.split("\0") if record.strip()]
    return {name: rest for name, _, rest in records}


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def _is_archive(path: Path) -> bool:
    return path.name.endswith((".whl", ".tar.gz"))


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _without_moments(path: Path) -> str:
    return _MOMENT.sub("MOMENT", path.read_text(encoding="utf-8"))
