"""``paa test-install``."""

from pathlib import Path

import click

from paa.assemble.assemble import assemble
from paa.build.backend import build
from paa.cli import output
from paa.cli.build import valid_version
from paa.cli.options import Settings, command
from paa.edges.files import temporary_folder
from paa.edges.installer import install
from paa.scan.repository import disk_state, open_repository
from paa.scan.scan import require_no_errors
from paa.scan.state import State, require_package, scan_state


@command("test-install")
@click.argument("package")
@click.option("--version", default="0.0.0", show_default=True, help="Install it as this version.")
@click.option("--skip-deps-install", is_flag=True, help="Leave its requirements alone.")
def test_install(settings: Settings, package: str, version: str, *, skip_deps_install: bool) -> None:
    """Build PACKAGE as it is on disk and install it into this environment, with pip or uv, whichever is there."""
    repository = open_repository(settings.directory, settings.config)
    state = scan_state(repository, disk_state(repository))
    with temporary_folder("paa-test-install-") as folder:
        wheels = [_test_wheel(state, name, version, folder) for name in _with_siblings(state, package)]
        options = ["--no-deps"] if skip_deps_install else []
        install([str(wheel) for wheel in wheels], options=[*options, "--force-reinstall", "--no-deps"])
        if not skip_deps_install:
            install([str(wheel) for wheel in wheels])
    output.say(f"installed {package} {version}", style="green")


def _with_siblings(state: State, package: str) -> list[str]:
    """``package`` and the packages of this repository that it needs, each once."""
    found: list[str] = []
    waiting = [package]
    while waiting:
        scanned = require_package(state, waiting.pop())
        if scanned.package.name not in found:
            found.append(scanned.package.name)
            waiting += scanned.siblings
    return found


def _test_wheel(state: State, name: str, version: str, folder: Path) -> Path:
    scanned = require_package(state, name)
    require_no_errors(scanned)
    valid_version(version)
    floors = dict.fromkeys(scanned.siblings, version)
    files = build(assemble(state.tree, state.repository.config, scanned, version, floors), folder)
    return folder / next(file.name for file in files if file.name.endswith(".whl"))


COMMANDS = {"test-install": test_install}
