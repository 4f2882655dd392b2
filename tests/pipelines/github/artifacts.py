"""Artifacts of a run, as upload-artifact and download-artifact know them since their fourth version."""

import fnmatch
import glob
import os
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.pipelines.github.errors import WorkflowError

_NOT_IN_FILES = set('":<>|*?\r\n')
_NOT_IN_NAMES = _NOT_IN_FILES | {"\\", "/"}


class ActionFailedError(Exception):
    """The action ends with an error; the step has failed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Artifacts:
    """The artifacts of one run.

    ``visible`` maps a name to the folder of the newest upload; ``taken`` are the names of this attempt; ``days`` is how
    long each is kept.
    """

    folder: Path
    visible: dict[str, Path] = field(default_factory=dict)
    taken: set[str] = field(default_factory=set)
    days: dict[str, int] = field(default_factory=dict)

    def next_attempt(self, *, failed_only: bool) -> None:
        """Begin another attempt: it sees artifacts of earlier ones only where it repeats some of the jobs."""
        self.taken.clear()
        if not failed_only:
            self.visible.clear()

    def upload(self, workspace: Path, said: Mapping[str, str]) -> dict[str, str]:
        """``actions/upload-artifact``."""
        name = said.get("name") or "artifact"
        if set(name) & _NOT_IN_NAMES:
            message = f"the artifact name {name!r} is not valid"
            raise ActionFailedError(message)
        root, files = _found(workspace, said["path"], hidden=said.get("include-hidden-files") == "true")
        if not files:
            return _nothing_found(said)
        if name in self.taken and said.get("overwrite") != "true":
            message = f"(409) Conflict: an artifact with the name {name!r} already exists on the workflow run"
            raise ActionFailedError(message)
        number = len([*self.folder.glob("*")]) + 1
        target = self.folder / f"{number}-{name}"
        for file in files:
            inside = file.relative_to(root)
            if set(str(inside)) & _NOT_IN_FILES:
                message = f"the path {str(inside)!r} is not valid: it holds a character that artifacts can't have"
                raise ActionFailedError(message)
            (target / inside).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, target / inside)
        self.visible[name] = target
        self.taken.add(name)
        self.days[name] = int(said.get("retention-days") or 90)
        return {"artifact-id": str(number), "artifact-url": "", "artifact-digest": ""}

    def download(self, workspace: Path, said: Mapping[str, str]) -> dict[str, str]:
        """``actions/download-artifact``."""
        path = workspace / said.get("path", "")
        name, pattern = self._named(said), said.get("pattern", "")
        if name and name not in self.visible:
            message = f"artifact not found for name: {name}"
            raise ActionFailedError(message)
        names = [name] if name else sorted(each for each in self.visible if fnmatch.fnmatchcase(each, pattern or "*"))
        # Since its fifth version a single artifact gets no folder of its own, also if a pattern has found it.
        flat = len(names) == 1 or said.get("merge-multiple") == "true"
        path.mkdir(parents=True, exist_ok=True)
        for each in names:
            shutil.copytree(self.visible[each], path if flat else path / each, dirs_exist_ok=True)
        return {"download-path": str(path)}

    def _named(self, said: Mapping[str, str]) -> str:
        """The name of the one artifact that is asked for; of an overwritten one, the number is not known any more."""
        number = said.get("artifact-ids")
        if number is None:
            return said.get("name", "")
        found = [name for name, folder in self.visible.items() if folder.name == f"{number}-{name}"]
        if "name" in said or not number.isdigit() or not found:
            message = f"no artifact with the number {number!r} found, or it has a name, too"
            raise ActionFailedError(message)
        return found[0]


def _nothing_found(said: Mapping[str, str]) -> dict[str, str]:
    what = said.get("if-no-files-found", "warn")
    if what not in {"warn", "ignore"}:
        message = f"no files were found with the provided path: {said['path']}"
        raise ActionFailedError(message)
    return {}


def _found(workspace: Path, written: str, *, hidden: bool) -> tuple[Path, list[Path]]:
    """The files that the lines of ``path`` find, and the folder that they are stored relative to."""
    lines = [line.strip() for line in written.splitlines() if line.strip()]
    wanted = [line for line in lines if not line.startswith("!")]
    if not wanted:
        message = "upload-artifact: a path is needed"
        raise WorkflowError(message)
    without = {path for line in lines if line.startswith("!") for path in _matches(workspace / line[1:])}
    roots, files = [], set()
    for line in wanted:
        roots.append(_root(workspace / line))
        files |= {path for path in _matches(workspace / line) if hidden or not _is_hidden(path.relative_to(workspace))}
    root = Path(os.path.commonpath(roots))
    return root, sorted(files - without)


def _matches(pattern: Path) -> set[Path]:
    found = [Path(path) for path in glob.glob(str(pattern), recursive=True, include_hidden=True)]  # noqa: PTH207  # absolute
    return {file for path in found for file in (path.rglob("*") if path.is_dir() else [path]) if file.is_file()}


def _root(pattern: Path) -> Path:
    """The folder above the first wildcard, or the folder of a file."""
    parts: Sequence[str] = pattern.parts
    fixed = Path(*parts[: next((place for place, part in enumerate(parts) if glob.has_magic(part)), len(parts))])
    return fixed if fixed.is_dir() or fixed != pattern else fixed.parent


def _is_hidden(path: Path) -> bool:
    return any(part.startswith(".") for part in path.parts)
