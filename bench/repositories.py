"""Repositories of a chosen size, made of modules that look like people's."""

import subprocess
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from paa.documents.tracking import TrackedRelease

_IMPORTS = ("json", "re", "pathlib", "requests", "numpy as np", "yaml", "click", "collections", "itertools", "pandas")


def module_text(number: int, lines: int = 150) -> str:
    """A module of about ``lines`` lines; three imports, functions, a class; different for each number."""
    imports = [f"import {_IMPORTS[(number + step) % len(_IMPORTS)]}" for step in range(3)]
    body = [f'"""Module {number}: does something useful."""', "", *imports, ""]
    part = 0
    while len(body) < lines - 12:
        part += 1
        body += [
            "",
            f"def step_{part}(value, factor={number}):",
            f'    """Step {part} of {number}."""',
            "    result = []",
            "    for item in range(value):",
            "        if item % 2:",
            "            result.append(item * factor)",
            "        else:",
            '            result.append(f"{item}-{factor}")',
            "    return result",
            "",
        ]
    body += ["", "class Holder:", "    def __init__(self, value):", "        self.value = value", ""]
    return "\n".join(body) + "\n"


def make_repository(folder: Path, modules: int) -> Path:
    """A committed repository with ``modules`` modules that all can be released, to a directory index beside it."""
    root = folder / f"repository-{modules}"
    (root / "python_modules").mkdir(parents=True)
    for number in range(modules):
        (root / "python_modules" / f"module_{number:05}.py").write_text(module_text(number))
    (root / ".paa.config").write_text("indexes:\n  here: {kind: directory, path: ../index}\npublish_to: here\n")
    (root / ".gitignore").write_text("/dist/\n")
    git(root, "init", "--quiet", "--initial-branch=main")
    git(root, "config", "user.name", "Bench")
    git(root, "config", "user.email", "bench@example.org")
    git(root, "add", ".")
    git(root, "commit", "--quiet", "-m", "Modules")
    return root


def release_tag(release: "TrackedRelease") -> tuple[str, str, str]:
    """The name of the tag that records ``release``, the commit that it is of, and its message."""
    from paa.model import Bump, Distribution, DistributionKind, Release
    from paa.plan.tags import tag_message

    files = [
        Distribution(name=f"{release.package}-{release.version}{suffix}", size=1, sha256="0" * 64, kind=kind)
        for suffix, kind in (("-py3-none-any.whl", DistributionKind.WHEEL), (".tar.gz", DistributionKind.SDIST))
    ]
    released = Release(
        package=release.package,
        distribution=release.package.replace("_", "-"),
        version=release.version,
        previous=None,
        bump=Bump.FIRST,
        fingerprint=release.fingerprint,
        targets=release.indexes or (),
        notes=("The first release",),
    )
    return f"{release.package}-v{release.version}", release.commit, tag_message(released, files, "flit_core 3.12.0")


def tag(root: Path, tags: Iterable[tuple[str, str, str]]) -> None:
    """Make annotated tags, each a name, a commit and a message: with one process, there are thousands."""
    stream = b"".join(
        f"tag {name}\nfrom {commit}\ntagger Bench <bench@example.org> 1700000000 +0000\n".encode()
        + b"data %d\n%b\n" % (len(message.encode()), message.encode())
        for name, commit, message in tags
    )
    git(root, "fast-import", "--quiet", standard_input=stream)
    git(root, "gc", "--quiet")


def git(root: Path, *arguments: str, standard_input: bytes = b"") -> None:
    """Run Git in ``root``."""
    command = ["git", "-c", "commit.gpgSign=false", *arguments]
    subprocess.run(command, cwd=root, check=True, capture_output=True, input=standard_input)
