"""What paa builds is an ordinary distribution: other tools accept it, rebuild it, install it and run it."""

import contextlib
import hashlib
import os
import subprocess
import sys
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from paa.build.backend import SOURCE_DATE_EPOCH
from paa.edges.environments import create_environment, pip_install, rebuild_wheel
from paa.model import BuiltRelease
from tests.packages import MODULES, build_package, run_python, scan_files, unpack, wheel_path

CLI = """\
import click
from wordtool.wordtool import *

__cli_metadata__ = {"name": "words"}

@click.group()
def cli() -> None:
    "Count words."

@cli.command()
@click.argument("text")
def count(text: str) -> None:
    click.echo(total(text))
"""
RICH: Mapping[str, str | bytes] = {
    f"{MODULES}/wordtool.py": (
        '"""Counts words.\n\nUse `total`: ünïcode, *emphasis*, `code`.\n"""\n'
        "import components.words\nfrom components.deep.more import shout\n"
        '__package_metadata__ = {"name": "Word.Tool", "author": "Ü. Ser", "author_email": "user@example.org",\n'
        '    "license": "mit", "keywords": ["words", "a, b"], "extras_require": {"fast": ["six; os_name == \'x\'"]},\n'
        '    "project_urls": {"Changes # 1": "https://example.org/#changes"},\n'
        '    "entry_points": {"wordtool.plugins": {"shout": "wordtool:shout"}}}\n'
        "def total(text):\n    return components.words.count(text)\n"
        "class Word(str):\n    pass\n"
    ),
    f"{MODULES}/components/words.py": "def count(text):\n    return len(text.split())\n",
    f"{MODULES}/components/deep/__init__.py": "",
    f"{MODULES}/components/deep/more.py": "from ..words import count\ndef shout(text):\n    return text.upper()\n",
    "cli/wordtool.py": CLI,
    "artifacts/wordtool/data/größe.txt": "groß\n",
    "LICENSE": "MIT License\n",
    "licenses/wordtool/NOTICE": "Contains other people's work.\n",
    "licenses/wordtool/LICENSE": "MIT License\n",
}


@pytest.fixture
def dist(tmp_path: Path) -> Path:
    return tmp_path / "dist"


@pytest.fixture
def wordtool(tmp_path: Path) -> BuiltRelease:
    """A package that has nearly everything that a package can have."""
    return build_package(tmp_path, RICH, "wordtool", version="1.2.3rc1")


def members(wheel: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(wheel) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@contextlib.contextmanager
def epoch(value: str | None) -> Iterator[dict[str, str]]:
    environment = {name: text for name, text in os.environ.items() if name != "SOURCE_DATE_EPOCH"}
    yield environment if value is None else {**environment, "SOURCE_DATE_EPOCH": value}


def pip_wheel(source: Path, folder: Path, environment: Mapping[str, str]) -> Path:
    """Build a wheel from an sdist with pip, without isolation: flit_core is installed here."""
    options = ["--no-deps", "--no-build-isolation", "--no-cache-dir", "--quiet", "--disable-pip-version-check"]
    arguments = [sys.executable, "-m", "pip", "wheel", *options, "--wheel-dir", str(folder), str(source)]
    subprocess.run(arguments, env=dict(environment), check=True)
    return next(folder.iterdir())


def test_twine_accepts_everything_strictly(dist: Path, wordtool: BuiltRelease) -> None:
    files = [str(dist / file.name) for file in wordtool.files]
    arguments = [sys.executable, "-m", "twine", "check", "--strict", *files]
    done = subprocess.run(arguments, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count("PASSED") == 2


def test_pip_makes_the_same_wheel_of_the_sdist(tmp_path: Path, dist: Path, wordtool: BuiltRelease) -> None:
    ours = wheel_path(dist, wordtool)
    with epoch(None) as environment:
        theirs = pip_wheel(dist / wordtool.files[1].name, tmp_path / "rebuilt", environment)
    assert theirs.name == ours.name
    assert members(theirs) == members(ours)


def test_with_the_same_epoch_it_makes_the_same_bytes(tmp_path: Path, dist: Path, wordtool: BuiltRelease) -> None:
    with epoch(SOURCE_DATE_EPOCH) as environment:
        theirs = pip_wheel(dist / wordtool.files[1].name, tmp_path / "rebuilt", environment)
    assert hashlib.sha256(theirs.read_bytes()).hexdigest() == wordtool.files[0].sha256


def test_the_kept_setup_directory_builds_the_same_wheel(tmp_path: Path, dist: Path, wordtool: BuiltRelease) -> None:
    with zipfile.ZipFile(wheel_path(dist, wordtool)) as wheel:
        assert wheel.testzip() is None
    subprocess.run(["tar", "-xzf", dist / wordtool.files[1].name, "-C", tmp_path], check=True)
    with epoch(SOURCE_DATE_EPOCH) as environment:
        theirs = pip_wheel(tmp_path / "word_tool-1.2.3rc1", tmp_path / "rebuilt", environment)
    assert theirs.read_bytes() == wheel_path(dist, wordtool).read_bytes()


@pytest.mark.usefixtures("wordtool")
def test_the_package_installs_runs_and_uninstalls(tmp_path: Path, dist: Path) -> None:
    programs = create_environment(tmp_path / "environment")
    name, data = rebuild_wheel("click")
    (dist / name).write_bytes(data)
    pip_install(programs, ["--no-index", "--find-links", str(dist), "--pre", "word-tool"])
    python = programs / "python"
    code = (
        "import importlib.metadata as m, importlib.resources as r, pickle, wordtool, wordtool.wordtool\n"
        "assert wordtool.__version__ == m.version('word-tool') == '1.2.3rc1'\n"
        "assert wordtool.wordtool is wordtool and wordtool.total('a b c') == 3\n"
        "assert pickle.loads(pickle.dumps(wordtool.Word('x'))) == 'x'\n"
        "plugin, = m.entry_points(group='wordtool.plugins')\n"
        "assert plugin.load()('x') == 'X'\n"
        "assert m.metadata('word-tool')['License-Expression'] == 'MIT'\n"
        "print(r.files('wordtool').joinpath('artifacts/data/größe.txt').read_text('utf-8'))\n"
    )
    done = subprocess.run([python, "-I", "-X", "utf8", "-c", code], capture_output=True, check=True)
    assert done.stdout.decode().strip() == "groß"
    done = subprocess.run([programs / "words", "count", "one two"], capture_output=True, check=True)
    assert done.stdout.strip() == b"2"
    pip = [str(python), "-m", "pip", "--disable-pip-version-check", "--quiet"]
    subprocess.run([*pip, "check"], check=True)
    subprocess.run([*pip, "uninstall", "--yes", "word-tool"], check=True)
    left = [path.name for path in (tmp_path / "environment").rglob("*")]
    assert [name for name in left if name == "words" or "wordtool" in name or "word_tool" in name] == []


def test_a_script_of_fifty_lines_makes_a_wheel_under_8_kb(tmp_path: Path, dist: Path) -> None:
    lines = [f"def step_{number}(rows):\n    return [row + {number} for row in rows]" for number in range(25)]
    built = build_package(tmp_path, {f"{MODULES}/script.py": '"""A script."""\n' + "\n".join(lines) + "\n"}, "script")
    assert wheel_path(dist, built).stat().st_size < 8 * 1024
    assert set(members(wheel_path(dist, built))) == {
        "script/__init__.py",
        "script/script.py",
        "script/.paa/manifest.json",
        *(f"script-1.0.0.dist-info/{name}" for name in ("METADATA", "RECORD", "WHEEL")),
    }


def test_the_wheel_holds_nothing_that_differs_between_two_builds(tmp_path: Path) -> None:
    """Another folder and another time of another day: the same two files."""
    one = build_package(tmp_path / "one", RICH, "wordtool")
    for path in sorted((tmp_path / "one" / MODULES).rglob("*.py")):
        os.utime(path, (10**9, 10**9))
        path.chmod(0o755)
    two = build_package(tmp_path / "a rather longer name" / "two", RICH, "wordtool")
    assert [(file.name, file.sha256) for file in one.files] == [(file.name, file.sha256) for file in two.files]


def test_thirty_packages_of_one_run_hold_only_their_own_files(tmp_path: Path, dist: Path) -> None:
    files: dict[str, str | bytes] = {f"{MODULES}/components/shared.py": "value = 1\n"}
    for number in range(30):
        source = f"from components.shared import value\n{f'import pkg{number - 1}' if number else ''}\n"
        files[f"{MODULES}/pkg{number}.py"] = source
        files[f"artifacts/pkg{number}/only.txt"] = str(number)
    state = scan_files(tmp_path, files)
    floors = dict.fromkeys(state.scanned, "1.0.0")
    built = state.build(dist, *(state.release(name, floors=floors) for name in sorted(state.scanned)))
    assert len({path.name for path in dist.iterdir()}) == 60
    site = tmp_path / "site"
    for release in built:
        wheel = wheel_path(dist, release)
        tops = {name.partition("/")[0] for name in members(wheel)}
        assert tops == {release.release.package, f"{release.release.package}-1.0.0.dist-info"}
        assert members(wheel)[f"{release.release.package}/artifacts/only.txt"].decode() == release.release.package[3:]
        unpack(wheel, site)
    assert run_python("import pkg29, sys; print(sum(name.startswith('pkg') for name in sys.modules))", site) == "90"
