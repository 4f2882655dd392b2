"""Modules that many people use, taken as they are: released, installed in a fresh environment, imported."""

import ast
import re
import subprocess
import sys
import zipfile
from collections.abc import Mapping
from email.parser import BytesParser
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.functional.command_line import CONFIG, done, paa, paa_process, published
from tests.repository import Repository

pytestmark = pytest.mark.network

DISTRIBUTIONS = ("bottle", "jsonpatch", "jsonpointer", "pytest-sugar", "pytest-timeout", "six", "xmltodict")
PROGRAM = """
import json
import bottle, jsonpatch, jsonpointer, pytest_sugar, pytest_timeout, six, xmltodict
from six.moves import urllib
from six.moves.urllib.parse import quote
shown = [
    bottle.template("Hello {{name}}", name="you"),
    jsonpatch.apply_patch({"a": 1}, [{"op": "replace", "path": "/a", "value": 2}]),
    jsonpointer.resolve_pointer({"a": [1, 2]}, "/a/1"),
    pytest_timeout.is_debugging.__module__,
    quote("a b"),
    xmltodict.parse("<a><b>1</b></a>"),
]
print(json.dumps(shown))
"""


@pytest.fixture
def wheels(tmp_path: Path) -> Mapping[str, Path]:
    """Distribution → the newest wheel on the package index."""
    folder = tmp_path / "wheels"
    options = ["--quiet", "--no-deps", "--only-binary=:all:", "--disable-pip-version-check"]
    command = [sys.executable, "-m", "pip", "download", *options, "--dest", str(folder), *DISTRIBUTIONS]
    subprocess.run(command, check=True)
    return {canonicalize_name(path.name.split("-")[0]): path for path in folder.iterdir()}


def module_of(wheel: Path) -> tuple[str, bytes]:
    """The module of that name in a wheel, and its source."""
    name = wheel.name.split("-")[0]
    with zipfile.ZipFile(wheel) as archive:
        return name, archive.read(f"{name}.py")


def required_names(wheel: Path) -> set[str]:
    """What a wheel requires without any extra."""
    with zipfile.ZipFile(wheel) as archive:
        (path,) = [name for name in archive.namelist() if name.endswith(".dist-info/METADATA")]
        texts = BytesParser().parsebytes(archive.read(path)).get_all("Requires-Dist") or []
    found = (Requirement(text) for text in texts)
    return {canonicalize_name(item.name) for item in found if not (item.marker and "extra" in str(item.marker))}


def adapter_lines(source: str) -> set[int]:
    """The lines inside of functions that import what is not in the standard library."""
    lines = set()
    for function in ast.walk(ast.parse(source)):
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            for node in ast.walk(function):
                if isinstance(node, ast.Import | ast.ImportFrom):
                    name = node.module if isinstance(node, ast.ImportFrom) else node.names[0].name
                    if (name or "").split(".")[0] not in sys.stdlib_module_names:
                        assert node.lineno == node.end_lineno
                        lines.add(node.lineno)
    return lines


def with_marks(source: str) -> str:
    """The source with the mark that its author would put on the imports of optional adapters."""
    marked = source.splitlines(keepends=True)
    for line in adapter_lines(source):
        statement, _, comment = marked[line - 1].rstrip("\n").partition("#")
        marked[line - 1] = f"{statement.rstrip()}  #-{comment and f'  #{comment}'}\n"
    return "".join(marked)


def test_real_modules(repository: Repository, tmp_path: Path, wheels: Mapping[str, Path]) -> None:
    sources = dict(module_of(wheel) for wheel in wheels.values())
    assert len(sources) == len(DISTRIBUTIONS)
    repository.write({f"python_modules/{name}.py": source for name, source in sources.items()})
    repository.write({".paa.config": CONFIG})
    repository.commit("As they are")

    # bottle imports servers that it can work with where it starts them. Unmarked, each is a requirement, and what is
    # not known is refused at its place; all others go on.
    plan = paa(repository.path, "plan", "--offline", "--json")
    assert [item["package"] for item in plan.json["blocked"]] == ["bottle"], plan.text
    refused = paa(repository.path, "make-package", "bottle")
    assert refused.code == 1
    bottle = sources["bottle"].decode()
    named = {int(line) for line in re.findall(r"python_modules/bottle\.py:(\d+): it is not known", refused.err)}
    assert named
    assert named <= adapter_lines(bottle)

    repository.write({"python_modules/bottle.py": with_marks(bottle)})
    repository.commit("Mark the adapters")
    done(paa_process(repository.path, "release"))

    index = tmp_path / "index"
    assert all(published(index, name) == ["0.0.1"] for name in DISTRIBUTIONS)
    for name in DISTRIBUTIONS:
        (ours,) = (index / "simple" / name).glob("*.whl")
        assert required_names(ours) == required_names(wheels[name]), name
    assert_installs(tmp_path, index)
    assert "nothing to release" in done(paa(repository.path, "release")).out


def assert_installs(tmp_path: Path, index: Path) -> None:
    """Ours from the index that they were released to, the rest from the ordinary one; then all of them work."""
    environment = tmp_path / "environment"
    subprocess.run([sys.executable, "-m", "venv", str(environment)], check=True)
    python = environment / ("Scripts" if sys.platform == "win32" else "bin") / "python"
    pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    ours = ["--no-deps", "--index-url", (index / "simple").as_uri(), *(f"{name}==0.0.1" for name in DISTRIBUTIONS)]
    subprocess.run([*pip, *ours], check=True, cwd=tmp_path)
    others = {name for wheel in index.glob("simple/*/*.whl") for name in required_names(wheel)} - {*DISTRIBUTIONS}
    assert others == {"pytest", "termcolor"}
    subprocess.run([*pip, *sorted(others)], check=True, cwd=tmp_path)
    checked = subprocess.run([str(python), "-m", "pip", "check"], check=False, capture_output=True, text=True)
    assert checked.returncode == 0, checked.stdout
    shown = subprocess.run([str(python), "-I", "-c", PROGRAM], check=False, capture_output=True, text=True)
    assert shown.returncode == 0, shown.stderr
    expected = '["Hello you", {"a": 2}, 2, "pytest_timeout", "a%20b", {"a": {"b": "1"}}]'
    assert shown.stdout.strip() == expected
