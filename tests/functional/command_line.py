"""The command line as tests use it: in this process or in one of its own, and what it left behind."""

import contextlib
import io
import json
import os
import re
import stat
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar
from urllib.request import url2pathname

from paa.cli.app import run
from tests.repository import Repository

# What a package of ours is released to in these tests, beside the repository.
CONFIG = "indexes:\n  local: {kind: directory, path: ../index}\npublish_to: local\n"
_LINK = re.compile(r'href="([^"#]+)#sha256=([0-9a-f]{64})"')


@dataclass(frozen=True, slots=True)
class Result:
    """How a command ended, and what it printed."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:  # noqa: ANN401  # any document
        """The one JSON document on standard output."""
        return json.loads(self.out)

    @property
    def text(self) -> str:
        """All that was printed, for messages of failed assertions."""
        return f"exit code {self.code}\n{self.err}{self.out}"


ResultOf = TypeVar("ResultOf", bound=Result)


def paa(folder: Path, *arguments: str) -> Result:
    """Run the command line on the repository at ``folder``, in this process."""
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8", newline="") for _ in range(2))
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = run(["-C", str(folder), *arguments])
    return Result(code, _content(out), _content(err))


def paa_process(folder: Path, *arguments: str, environment: Mapping[str, str] | None = None) -> Result:
    """Run ``python -m paa`` with ``folder`` as the current one; ``environment`` comes on top of this process's."""
    done = subprocess.run(
        [sys.executable, "-m", "paa", *arguments],
        cwd=folder,
        env={**os.environ, **(environment or {})},
        capture_output=True,
        check=False,
    )
    return Result(done.returncode, done.stdout.decode(), done.stderr.decode())


def done(result: ResultOf) -> ResultOf:
    """``result``, which must be a success."""
    assert result.code == 0, result.text
    return result


def snapshot(folder: Path) -> dict[str, tuple[int, bytes]]:
    """Everything below ``folder``, Git's files too: path → mode, and content (of a link: where it leads)."""
    found = {}
    for path in sorted(folder.rglob("*")):
        mode = path.lstat().st_mode
        if stat.S_ISLNK(mode):
            content = os.fsencode(path.readlink())
        else:
            content = path.read_bytes() if stat.S_ISREG(mode) else b""
        found[str(path.relative_to(folder))] = (mode, content)
    return found


def outside_dist(folder: Path) -> dict[str, tuple[int, bytes]]:
    """The snapshot of ``folder`` without ``dist``, the one place that builds may write to."""
    return {path: seen for path, seen in snapshot(folder).items() if Path(path).parts[0] != "dist"}


def built_file(folder: Path, ending: str) -> Path:
    """The only file in ``dist`` that ends so."""
    (found,) = [path for path in (folder / "dist").iterdir() if path.name.endswith(ending)]
    return found


def published(index: Path, distribution: str) -> list[str]:
    """The versions whose wheel the directory index at ``index`` offers, in its own order."""
    page = index / "simple" / distribution / "index.html"
    if not page.exists():
        return []
    names = [Path(url2pathname(link)).name for link, _ in _LINK.findall(page.read_text())]
    return [name.split("-")[1] for name in names if name.endswith(".whl")]


def planned(result: Result) -> dict[str, str]:
    """Package → version of a plan as JSON, in release order."""
    return {release["package"]: release["version"] for release in result.json["releases"]}


def with_remote(repository: Repository) -> Repository:
    """Give ``repository`` a bare remote beside it, called origin, and return that."""
    remote = Repository(repository.path.parent / "remote.git")
    remote.path.mkdir()
    remote.git("init", "--quiet", "--bare")
    repository.git("remote", "add", "origin", str(remote.path))
    return remote


def clone(remote: Repository, folder: Path, *options: str) -> Repository:
    """A fresh clone of ``remote`` in ``folder``."""
    remote.git("clone", "--quiet", *options, remote.path.as_uri(), str(folder))
    return Repository(folder)


def shim(folder: Path, name: str, script: Sequence[str]) -> dict[str, str]:
    """The environment in which the program ``name`` is a shell script of these lines, ``$REAL`` being the true one."""
    folder.mkdir()
    real = subprocess.run(["which", name], capture_output=True, check=True, text=True).stdout.strip()
    program = folder / name
    program.write_text("\n".join(["#!/bin/sh", f"REAL={real}", *script]) + "\n")
    program.chmod(0o755)
    return {"PATH": f"{folder}{os.pathsep}{os.environ['PATH']}"}


def _content(stream: io.TextIOWrapper) -> str:
    stream.flush()
    buffer = stream.buffer
    assert isinstance(buffer, io.BytesIO)
    return buffer.getvalue().decode()
