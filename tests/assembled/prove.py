"""Environments that hold wheels and nothing else: in them all is compiled and imported, and pip misses nothing."""

import json
import os
import shutil
import subprocess
import sys
import venv
import zipfile
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pip
from packaging.requirements import Requirement

from paa.edges.environments import rebuild_wheel
from paa.errors import PaaError
from tests.assembled.wheels import Wheel, read_wheel
from tests.isolation import isolated_environment, prepare_home

# Prints a line of JSON before each import, and one for what is wrong. What imports leave behind is not waited for.
_IMPORT = """
import importlib, json, os, sys
for name in json.loads(sys.argv[1]):
    print(json.dumps([name]), flush=True)
    try:
        importlib.import_module(name)
    except BaseException as error:
        print(json.dumps([name, f"{type(error).__name__}: {error}"]), flush=True)
os._exit(93)
"""
_IMPORTED = 93
_SECONDS = 120
_PIP = Path(pip.__path__[0]) / "__pip-runner__.py"
_BIN = "Scripts" if sys.platform == "win32" else "bin"


def prove(environments: Sequence[tuple[Wheel, ...]], folder: Path) -> tuple[str, ...]:
    """Make each of ``environments`` below ``folder`` and return what is wrong in them, a text each."""
    home = folder / "home"
    prepare_home(home)
    variables = isolated_environment(os.environ, home=home, network=False)
    with ThreadPoolExecutor(max_workers=2) as pool:
        numbered = [(folder / f"environment-{number}", wheels) for number, wheels in enumerate(environments)]
        found = pool.map(lambda given: _prove_one(given[0], given[1], variables), numbered)
        return tuple(problem for problems in found for problem in problems)


def prove_compiled(wheels: Sequence[Wheel], folder: Path) -> tuple[str, ...]:
    """Unpack wheels that can't be installed below ``folder``, and compile them; what is wrong, as ``prove`` has it."""
    for number, wheel in enumerate(wheels):
        with zipfile.ZipFile(wheel.path) as archive:
            archive.extractall(folder / str(number))
    problem = _problem([sys.executable, "-I", "-m", "compileall", "-q", str(folder)], os.environ, folder)
    return (f"compileall: {problem}",) if problem else ()


def installed_here(folder: Path, requirement: Requirement) -> Wheel | None:
    """A wheel in ``folder``, put together from what is installed beside pytest; None if that does not fit."""
    try:
        name, data = rebuild_wheel(requirement.name)
    except PaaError:
        return None
    path = folder / name
    folder.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    wheel = read_wheel(path)
    return wheel if requirement.specifier.contains(wheel.version, prereleases=True) else None


def _prove_one(folder: Path, wheels: Sequence[Wheel], variables: Mapping[str, str]) -> list[str]:
    venv.create(folder, symlinks=sys.platform != "win32", with_pip=False)
    uv = shutil.which("uv", path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    if uv is None:
        return ["uv is not installed here, and nothing was proven"]
    python = str(folder / _BIN / "python")
    options = ["--quiet", "--no-cache", "--no-index", "--no-deps", "--python", python]
    shown = ", ".join(map(str, wheels))
    if problem := _problem([uv, "pip", "install", *options, *(str(wheel.path) for wheel in wheels)], variables, folder):
        for wheel in wheels:
            problem = problem.replace(str(wheel.path), f"{wheel}{built_by(wheel)}")
        return [f"{shown}: can't be installed: {problem}"]
    packages = {str(wheel.package): wheel for wheel in wheels if wheel.package}
    (site,) = folder.rglob("site-packages")
    problems = _import(python, packages, variables, folder)
    compiled = [python, "-I", "-m", "compileall", "-q", *(str(site / package) for package in packages)]
    if problem := _problem(compiled, variables, folder):
        problems.append(f"{shown}: compileall: {problem}")
    # As ``pip --python`` does it, in one process less.
    if problem := _problem([python, "-I", str(_PIP), "check"], variables, folder):
        problems.append(f"{shown}: pip check: {problem}")
    shutil.rmtree(folder)
    return problems


def _import(python: str, packages: Mapping[str, Wheel], variables: Mapping[str, str], folder: Path) -> list[str]:
    names = {name: wheel for package, wheel in packages.items() for name in _modules(package, wheel)}
    done = _run([python, "-I", "-c", _IMPORT, json.dumps(list(names))], variables, folder)
    # What is imported may print too.
    said: list[list[str]] = [json.loads(line) for line in done.stdout.splitlines() if line.startswith('["')]
    failed = [(line[0], line[1]) for line in said if len(line) > 1]
    if done.returncode != _IMPORTED:
        failed.append(
            (said[-1][0], f"the process ended with exit code {done.returncode}: {done.stderr.strip()[-500:]}")
        )
    return [f"{names[name]}: import {name}: {message}{built_by(names[name])}" for name, message in failed]


def built_by(wheel: Wheel) -> str:
    """The tests that a wheel is from, to stand behind its name."""
    return f" (built by {', '.join(sorted(wheel.tests))})"


def _modules(package: str, wheel: Wheel) -> tuple[str, ...]:
    return (package, *(f"{package}.{module}" for module in wheel.modules))


def _problem(command: Sequence[str], variables: Mapping[str, str], folder: Path) -> str | None:
    done = _run(command, variables, folder)
    return None if done.returncode == 0 else (done.stdout + done.stderr).strip() or f"exit code {done.returncode}"


def _run(command: Sequence[str], variables: Mapping[str, str], folder: Path) -> subprocess.CompletedProcess[str]:
    try:
        return subprocess.run(
            command,
            env=dict(variables),
            cwd=folder,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
            text=True,
            timeout=_SECONDS,
        )
    except subprocess.TimeoutExpired:
        message = f"not done after {_SECONDS} seconds"
        return subprocess.CompletedProcess(command, returncode=-1, stdout="", stderr=message)
