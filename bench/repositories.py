"""Repositories of a chosen size, made of modules that look like people's."""

import subprocess
from pathlib import Path

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


def git(root: Path, *arguments: str) -> None:
    """Run Git in ``root``."""
    subprocess.run(["git", "-c", "commit.gpgSign=false", *arguments], cwd=root, check=True, capture_output=True)
