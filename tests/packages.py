"""Packages for tests, from files in a folder to built releases, the way that paa makes them."""

import os
import subprocess
import sys
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from paa.assemble.assemble import assemble
from paa.build.build import BuildInput, build_releases
from paa.config import Config, parse_config
from paa.edges.tree import Tree, disk_tree
from paa.model import BuiltRelease, Bump, Release, ScannedPackage, SetupDirectory
from paa.scan.scan import scan

MODULES = "python_modules"


@dataclass(frozen=True, slots=True)
class State:
    """Files in a folder, scanned."""

    tree: Tree
    config: Config
    scanned: Mapping[str, ScannedPackage]

    def assemble(self, name: str, version: str = "1.0.0", floors: Mapping[str, str] | None = None) -> SetupDirectory:
        """The setup directory of one package."""
        return assemble(self.tree, self.config, self.scanned[name], version, floors or {})

    def release(self, name: str, version: str = "1.0.0", floors: Mapping[str, str] | None = None) -> Release:
        """A planned release of one package."""
        scanned = self.scanned[name]
        return Release(
            package=name,
            distribution=scanned.distribution,
            version=version,
            previous=None,
            bump=Bump.FIRST,
            fingerprint=scanned.fingerprint,
            floors=floors or {},
        )

    def build(self, folder: Path, *releases: Release) -> tuple[BuiltRelease, ...]:
        """Build ``releases`` into ``folder``; a failure fails the test."""
        given = BuildInput(tree=self.tree, config=self.config, scanned=self.scanned, folder=folder)
        built, failures = build_releases(given, releases, lambda _: None)
        assert not failures, [str(failure.error) for failure in failures]
        return built


def scan_files(root: Path, files: Mapping[str, str | bytes], settings: str = "") -> State:
    """Write ``files`` (by path below ``root``) and scan them; ``settings`` is the content of ``.paa.config``."""
    root.mkdir(parents=True, exist_ok=True)
    write_tree(root, {name: text.encode() if isinstance(text, str) else text for name, text in files.items()})
    config = parse_config(settings.encode(), root=root, source=".paa.config", check_paths=False)
    tree = disk_tree(root)
    return State(tree, config, {item.package.name: item for item in scan(tree, config)})


def build_package(
    root: Path, files: Mapping[str, str | bytes], name: str, *, version: str = "1.0.0", settings: str = ""
) -> BuiltRelease:
    """Write, scan and build one package; the distributions are in ``root / "dist"``."""
    state = scan_files(root, files, settings)
    return state.build(root / "dist", state.release(name, version))[0]


def wheel_path(folder: Path, built: BuiltRelease) -> Path:
    """Where the wheel of a built release is."""
    return folder / next(file.name for file in built.files if file.name.endswith(".whl"))


def unpack(wheel: Path, folder: Path) -> Path:
    """Unpack ``wheel`` into ``folder``, as an installer does, and return the folder."""
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder)
    return folder


def run_python(code: str, *paths: Path, environment: Mapping[str, str] | None = None) -> str:
    """What ``code`` prints in a Python process of its own that finds modules in ``paths``; it must succeed."""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", f"import sys; sys.path[:0] = {[str(path) for path in paths]!r}\n{code}"],
        cwd=paths[0],
        env={**os.environ, "PYTHONPATH": "", "PYTHONIOENCODING": "utf-8", **(environment or {})},
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode(errors="replace")
    return done.stdout.decode().strip()


def write_tree(folder: Path, files: Mapping[str, bytes]) -> Path:
    """Write ``files`` below ``folder`` and return it."""
    for name, data in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    return folder
