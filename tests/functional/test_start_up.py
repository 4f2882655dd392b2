"""What a start of paa imports: nothing that the command does not need."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.functional.command_line import CONFIG
from tests.repository import Repository

HEAVY = {"build", "flit_core", "jinja2", "mkdocs", "multiprocessing", "requests", "rich", "tomlkit", "twine", "urllib3"}
PROGRAM = """
import json, sys
from paa.cli.app import run
code = run(sys.argv[2:])
open(sys.argv[1], "w").write(json.dumps([code, sorted(sys.modules)]))
"""


def modules_after(folder: Path, arguments: Sequence[str]) -> set[str]:
    """The modules that are loaded after the command, which must succeed."""
    target = folder.parent / "modules.json"
    # Measuring coverage imports modules of its own.
    environment = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE")}
    program = [sys.executable, "-c", PROGRAM, str(target), *arguments]
    subprocess.run(program, cwd=folder, env=environment, check=True, capture_output=True)
    code, names = json.loads(target.read_text())
    assert code == 0
    return set(names)


@pytest.mark.parametrize(
    "arguments",
    [
        ["--help"],
        ["--version"],
        ["list"],
        ["list", "--json"],
        ["show", "one"],
        ["why", "one", "requests"],
        ["graph"],
        ["plan", "--help"],
    ],
)
def test_nothing_heavy_is_imported(repository: Repository, arguments: Sequence[str]) -> None:
    repository.write({"python_modules/one.py": "import requests\n"})
    repository.commit("One")
    for _ in ("with an empty cache", "with a full one"):
        loaded = modules_after(repository.path, arguments)
        assert loaded & {*HEAVY, "yaml"} == set()


def test_yaml_is_imported_only_where_there_are_settings(repository: Repository) -> None:
    repository.write({"python_modules/one.py": "value = 1\n", ".paa.config": CONFIG})
    loaded = modules_after(repository.path, ["list"])
    assert loaded & HEAVY == set()
    assert "yaml" in loaded


@pytest.mark.parametrize("arguments", [["--help"], ["--version"]])
def test_help_and_version_load_the_command_line_alone(tmp_path: Path, arguments: Sequence[str]) -> None:
    (tmp_path / "here").mkdir()
    ours = {name for name in modules_after(tmp_path / "here", arguments) if name.split(".")[0] == "paa"}
    assert ours == {"paa", "paa.cli", "paa.cli.app", "paa.cli.options", "paa.cli.output", "paa.errors"}


def test_each_command_is_listed_with_a_line_and_explains_itself() -> None:
    shown = subprocess.run([sys.executable, "-m", "paa", "--help"], capture_output=True, check=True, text=True).stdout
    listed = re.findall(r"^  ([a-z-]+)  +(\S.*)$", shown.split("Commands:")[1], re.MULTILINE)
    assert {"demo", "list", "plan", "make-package", "test-install", "release"} <= {name for name, _ in listed}
    for name, _ in listed:
        explained = subprocess.run(
            [sys.executable, "-m", "paa", name, "--help"], capture_output=True, check=True, text=True
        )
        assert explained.stdout.startswith(f"Usage: paa {name} ")
        assert "--directory" in explained.stdout
