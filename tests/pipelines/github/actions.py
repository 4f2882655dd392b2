"""Stand-ins for the actions that templates use. An input that is not listed here is an error."""

import base64
import platform
import re
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.pipelines.github.artifacts import ActionFailedError, Artifacts
from tests.pipelines.github.errors import WorkflowError
from tests.pipelines.machine import Machine

_PINNED = re.compile(r"(?P<name>[\w.-]+/[\w./-]+)@(?P<commit>[0-9a-f]{40})")
_COMMIT = re.compile(r"[0-9a-f]{40}")
_PYTHON_VERSION = re.compile(r"3(\.\d+|\.x)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where an action works.

    ``environment`` is that of the step; what it adds for later steps goes into ``path`` and ``variables``.
    """

    machine: Machine
    workspace: Path
    tools: Path
    artifacts: Artifacts
    address: str
    token: str
    sha: str
    ref: str
    environment: Mapping[str, str]
    path: list[str]
    variables: dict[str, str]


def run_action(uses: str, said: Mapping[str, str], place: Place) -> dict[str, str]:
    """Do what ``uses`` does, and return its outputs. Raises ActionFailedError; WorkflowError for what is not known."""
    pinned = _PINNED.fullmatch(uses)
    if pinned is None or pinned["name"] not in ACTIONS:
        message = f"{uses}: an action pinned by its commit expected, one of {', '.join(ACTIONS)}"
        raise WorkflowError(message)
    known, action = ACTIONS[pinned["name"]]
    if unknown := said.keys() - known:
        message = f"{pinned['name']}: inputs that are not known here: {', '.join(sorted(unknown))}"
        raise WorkflowError(message)
    return action(said, place)


def checkout(said: Mapping[str, str], place: Place) -> dict[str, str]:
    """``actions/checkout``: a clean clone at the commit of the run, on its branch where it is one."""
    depth = int(said.get("fetch-depth", "1"))
    token = said.get("token") or place.token
    header = base64.b64encode(f"x-access-token:{token}".encode()).decode()
    credential = ("-c", f"http.{place.address}.extraheader=AUTHORIZATION: basic {header}")
    folder = place.workspace / said.get("path", "")
    folder.mkdir(parents=True, exist_ok=True)

    def git(*arguments: str) -> str:
        command = ["git", "-C", str(folder), *arguments]
        done = subprocess.run(command, env=place.environment, capture_output=True, text=True, check=False)
        if done.returncode:
            message = f"git {arguments[-1]}: {done.stderr}".replace(header, "***")
            raise ActionFailedError(message)
        return done.stdout

    git("init", "--quiet")
    git("remote", "add", "origin", place.address)
    wanted, start, specs = _wanted(said.get("ref") or place.ref, place.sha, own=not said.get("ref"))
    fetch = (*credential, "fetch", "--quiet", "--no-tags", "--no-recurse-submodules", "--prune")
    if depth:
        tags = ["+refs/tags/*:refs/tags/*"] if said.get("fetch-tags") == "true" else []
        git(*fetch, f"--depth={depth}", "origin", *tags, *specs)
    else:
        git(*fetch, "origin", "+refs/heads/*:refs/remotes/origin/*", "+refs/tags/*:refs/tags/*")
        # What has moved since the event, and what is neither a branch nor a tag.
        git(*fetch[:-1], "origin", *specs)
    git("checkout", "--quiet", "--force", *wanted, start)
    if said.get("persist-credentials", "true") != "false":
        git("config", f"http.{place.address}.extraheader", f"AUTHORIZATION: basic {header}")
    return {"ref": said.get("ref") or place.ref, "commit": git("rev-parse", "HEAD").strip()}


def _wanted(ref: str, sha: str, *, own: bool) -> tuple[list[str], str, list[str]]:
    """How to check ``ref`` out, from what, and what has to be fetched for it."""
    if _COMMIT.fullmatch(ref):
        return ["--detach"], ref, [ref]
    kind, _, name = ref.removeprefix("refs/").partition("/")
    if not ref.startswith("refs/"):
        kind, name = "heads", ref
    source = sha if own else f"refs/{kind}/{name}"
    if kind == "heads":
        return ["-B", name], f"refs/remotes/origin/{name}", [f"+{source}:refs/remotes/origin/{name}"]
    if kind == "tags":
        return ["--detach"], f"refs/tags/{name}", [f"+{source}:refs/tags/{name}"]
    return ["--detach"], f"refs/remotes/pull/{name}", [f"+{source}:refs/remotes/pull/{name}"]


def setup_python(said: Mapping[str, str], place: Place) -> dict[str, str]:
    """``actions/setup-python``: one Python, this one, whatever version of 3 is asked for."""
    if not _PYTHON_VERSION.fullmatch(said.get("python-version", "")):
        message = f"setup-python: python-version is {said.get('python-version')!r}"
        raise WorkflowError(message)
    programs = place.machine.python(place.tools / f"python-{len(place.path)}")
    place.path.append(str(programs))
    place.variables["pythonLocation"] = str(programs.parent)
    version = platform.python_version()
    return {"python-version": version, "python-path": str(programs / "python"), "cache-hit": "false"}


def upload(said: Mapping[str, str], place: Place) -> dict[str, str]:
    """``actions/upload-artifact``."""
    return place.artifacts.upload(place.workspace, said)


def download(said: Mapping[str, str], place: Place) -> dict[str, str]:
    """``actions/download-artifact``."""
    return place.artifacts.download(place.workspace, said)


# Name → inputs, and what it does.
ACTIONS: Mapping[str, tuple[frozenset[str], Callable[[Mapping[str, str], Place], dict[str, str]]]] = {
    "actions/checkout": (
        frozenset({"ref", "fetch-depth", "fetch-tags", "persist-credentials", "path", "token"}),
        checkout,
    ),
    "actions/setup-python": (frozenset({"python-version"}), setup_python),
    "actions/upload-artifact": (
        frozenset(
            {
                "name",
                "path",
                "if-no-files-found",
                "retention-days",
                "overwrite",
                "include-hidden-files",
                "compression-level",
            }
        ),
        upload,
    ),
    "actions/download-artifact": (frozenset({"name", "artifact-ids", "path", "pattern", "merge-multiple"}), download),
}
