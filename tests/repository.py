"""A real Git repository for a test to work on."""

import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Repository:
    """The Git repository in the folder ``path``."""

    path: Path

    def git(self, *arguments: str) -> str:
        """Run Git here and return what it printed, without the last line end; fail with what it complained about."""
        done = subprocess.run(["git", *arguments], cwd=self.path, capture_output=True, check=False)
        assert done.returncode == 0, f"git {' '.join(arguments)}: {done.stderr.decode(errors='replace')}"
        return done.stdout.decode().removesuffix("\n")

    def write(self, files: Mapping[str, str | bytes]) -> None:
        """Write ``files``, by path inside the repository, with the folders on the way; text as UTF-8, unchanged."""
        for name, content in files.items():
            path = self.path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content.encode() if isinstance(content, str) else content)

    def commit(self, message: str) -> str:
        """Commit all that is there (nothing new is fine too) and return the commit's hash."""
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "--message", message)
        return self.git("rev-parse", "HEAD")

    def tags(self) -> tuple[str, ...]:
        """The names of the tags, sorted."""
        return tuple(sorted(self.git("tag", "--list").splitlines()))
