"""Prints the figures of the speed targets that exist so far, as ratios within one run.

script/bench                 1,000 modules, a few minutes
script/bench --modules 10000 --runs 5
script/bench --only help     those whose name holds the word
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench.measure import Baseline, Command, Figure, compare, peak_memory_megabytes, show
from bench.repositories import git, make_repository, module_text, release_tag, tag
from bench.servers import Server, pypiserver, slow_index

PYTHON = sys.executable
PAA = (PYTHON, "-m", "paa")
_LATENCY_SECONDS = 0.3


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """Where a run works, on how many modules, and how often each pair is timed."""

    folder: Path
    modules: int
    runs: int


def start_up(setting: Setting) -> Iterator[Figure]:
    """Help and version against importing click."""
    click = Command(arguments=(PYTHON, "-c", "import click"), folder=setting.folder)
    for option in ("--help", "--version"):
        command = Command(arguments=(*PAA, option), folder=setting.folder)
        yield compare(
            f"paa {option}",
            command,
            Baseline(name="import click", commands=(click,), runs=setting.runs * 3),
            target=1.5,
        )


def nothing_changed(setting: Setting) -> Iterator[Figure]:
    """The commands list and plan over a repository whose every package is released."""
    root = _repository(setting)
    _track_everything(root)
    click = Command(arguments=(PYTHON, "-c", "import click"), folder=root)
    status = Command(arguments=("git", "status", "--porcelain"), folder=root)
    target = 4.0 if setting.modules <= 1000 else 6.0
    for arguments in (("list",), ("plan", "--offline")):
        name = f"paa {' '.join(arguments)}, {setting.modules} unchanged"
        command = Command(arguments=(*PAA, *arguments), folder=root)
        yield compare(
            name,
            command,
            Baseline(
                name="import click + git status",
                commands=(
                    click,
                    status,
                ),
                runs=setting.runs,
            ),
            target=target,
        )


def scans(setting: Setting) -> Iterator[Figure]:
    """A cold scan against deptry, and the scan after one change against the scan after none."""
    root = _repository(setting)
    cache = setting.folder / "cold-cache"
    cold = Command(
        arguments=(*PAA, "list"),
        folder=root,
        environment={"PAA_CACHE_DIR": str(cache)},
        before=lambda: shutil.rmtree(cache, ignore_errors=True),
    )
    deptry = Path(PYTHON).parent / "deptry"
    if deptry.exists():
        (root / "pyproject.toml").write_text('[project]\nname = "x"\nversion = "1"\n')
        other = Command(arguments=(str(deptry), "python_modules"), folder=root, codes=frozenset({0, 1}))
        yield compare(
            f"cold scan of {setting.modules}",
            cold,
            Baseline(name="deptry", commands=(other,), runs=setting.runs),
            target=1.0,
        )
        (root / "pyproject.toml").unlink()
    else:
        print("cold scan: skipped, deptry is not installed")
    numbers = iter(range(10**6))

    def change_one() -> None:
        path = root / "python_modules" / "module_00000.py"
        path.write_text(module_text(0) + f"# {next(numbers)}\n")

    warm = Command(arguments=(*PAA, "list"), folder=root)
    changed = Command(arguments=(*PAA, "list"), folder=root, before=change_one)
    yield compare(
        f"scan after 1 of {setting.modules} changed",
        changed,
        Baseline(name="the no-op", commands=(warm,), runs=setting.runs),
        target=1.2,
    )


def one_package(setting: Setting) -> Iterator[Figure]:
    """make-package of one, whole process, against uv build of the same setup directory with hatchling."""
    root = make_repository(setting.folder / "one", 1)
    uv = shutil.which("uv") or shutil.which("uv", path=str(Path(PYTHON).parent))
    if uv is None:
        print("make-package of one: skipped, uv is not installed")
        return
    setup = setting.folder / "one-setup"
    _run([*PAA, "make-package", "module_00000", "--setup-dir", str(setup)], root)
    project = setup / "module_00000"
    text = (project / "pyproject.toml").read_text()
    text = text.replace("flit_core>=3.12,<4", "hatchling").replace("flit_core.buildapi", "hatchling.build")
    (project / "pyproject.toml").write_text(text)
    command = Command(arguments=(*PAA, "make-package", "module_00000"), folder=root)
    other = Command(arguments=(uv, "build", "--quiet"), folder=project)
    yield compare(
        "make-package of one",
        command,
        Baseline(name="uv build (hatchling, warm)", commands=(other,), runs=setting.runs),
        target=0.6,
    )


def all_packages(setting: Setting) -> Iterator[Figure]:
    """make-package --all, from source, against flit_core over ready setup directories on as many processes."""
    root = _repository(setting)
    setups, dist = setting.folder / "setups", root / "dist"
    _run([*PAA, "make-package", "--all", "--setup-dir", str(setups)], root)
    command = Command(
        arguments=(*PAA, "make-package", "--all"), folder=root, before=lambda: shutil.rmtree(dist, ignore_errors=True)
    )
    baseline = Command(
        arguments=(PYTHON, str(Path(__file__).with_name("builds.py")), str(setups)), folder=setting.folder
    )
    name = f"make-package --all of {setting.modules}"
    yield compare(
        name,
        command,
        Baseline(name="flit_core over ready folders", commands=(baseline,), runs=max(2, setting.runs // 2)),
        target=3.0,
    )


def publishing(setting: Setting) -> Iterator[Figure]:
    """Publish 50 packages, asked and confirmed, against one twine upload of the files: on loopback, and far away."""
    root = make_repository(setting.folder / "publish", 50)
    with pypiserver(setting.folder / "server") as server:
        yield _publish(root, server, setting.runs, name="publish of 50 packages", target=2.0)
    with slow_index(_LATENCY_SECONDS) as server:
        name = f"publish of 50 packages, {_LATENCY_SECONDS * 1000:.0f} ms an answer"
        yield _publish(root, server, 1, name=name, target=0.25)


def _publish(root: Path, server: Server, runs: int, *, name: str, target: float) -> Figure:
    text = f"indexes:\n  here: {{kind: pypiserver, upload_url: '{server.url}', simple_url: '{server.url}simple/'}}\n"
    (root / ".paa.config").write_text(text + "publish_to: here\n")
    git(root, "commit", "--quiet", "--all", "-m", "Publish to the server")
    shutil.rmtree(root / "dist", ignore_errors=True)
    _run([*PAA, "plan", "--output", "plan.json"], root)
    _run([*PAA, "make-package", "--plan", "plan.json"], root)
    _mark_as_checked(root / "dist" / "paa-release.json")
    credentials = {"PAA_HERE_USERNAME": "u", "PAA_HERE_PASSWORD": "p"}
    files = [str(path) for path in sorted((root / "dist").iterdir()) if path.suffix in {".whl", ".gz"}]
    options = ("--non-interactive", "--disable-progress-bar", "--repository-url", server.url, "-u", "u", "-p", "p")
    twine = Command(arguments=(PYTHON, "-m", "twine", "upload", *options, *files), folder=root, before=server.clear)

    def clear() -> None:
        server.clear()
        shutil.rmtree(root / "dist" / ".paa", ignore_errors=True)

    command = Command(arguments=(*PAA, "publish"), folder=root, environment=credentials, before=clear)
    baseline = Baseline(name="twine upload", commands=(twine,), runs=runs)
    return compare(name, command, baseline, target=target)


FIGURES: tuple[Callable[[Setting], Iterator[Figure]], ...] = (
    start_up,
    one_package,
    publishing,
    nothing_changed,
    scans,
    all_packages,
)


def _repository(setting: Setting) -> Path:
    """The repository of the run's size, made once."""
    folder = setting.folder / "many"
    root = folder / f"repository-{setting.modules}"
    return root if root.exists() else make_repository(folder, setting.modules)


def _track_everything(root: Path) -> None:
    """Record the state as released, as ``record`` would have: a tag each, and the tracking file."""
    from paa.documents.tracking import TRACKING_FILE, TrackedRelease, tracking_bytes
    from paa.scan.repository import head_state, open_repository, require_commit
    from paa.scan.state import scan_state

    if (root / TRACKING_FILE).exists():
        return
    repository, tree = head_state(open_repository(root))
    state = scan_state(repository, tree)
    commit = require_commit(repository)
    releases = [
        TrackedRelease(package=name, version="0.0.1", fingerprint=item.fingerprint, commit=commit, indexes=("here",))
        for name, item in state.scanned.items()
    ]
    tag(root, [release_tag(item) for item in releases])
    (root / TRACKING_FILE).parent.mkdir(parents=True)
    (root / TRACKING_FILE).write_bytes(tracking_bytes(releases))
    git(root, "add", ".")
    git(root, "commit", "--quiet", "-m", "Record")


def _mark_as_checked(release_file: Path) -> None:
    """Say that every check has passed: they install what the modules import, which is not what is measured."""
    from paa.check.check import REQUIRED_CHECKS

    document = json.loads(release_file.read_bytes())
    for release in document["releases"]:
        release["checks"] = dict.fromkeys(REQUIRED_CHECKS, "passed")
    release_file.write_text(json.dumps(document))


def _run(arguments: list[str], folder: Path) -> None:
    done = subprocess.run(arguments, cwd=folder, capture_output=True, check=False)
    if done.returncode != 0:
        message = f"{' '.join(arguments)}: {(done.stdout + done.stderr).decode()[-2000:]}"
        raise RuntimeError(message)


def main() -> None:
    """Measure and print; the exit code is 0 whatever the figures are: machines differ."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--modules", type=int, default=1000)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--only", default="")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="paa-bench-") as name:
        folder = Path(name)
        os.environ["PAA_CACHE_DIR"] = str(folder / "cache")
        setting = Setting(folder=folder, modules=arguments.modules, runs=arguments.runs)
        for figures in FIGURES:
            if arguments.only in figures.__name__:
                for figure in figures(setting):
                    print(show(figure), flush=True)
        print(f"{'largest process':<46} {peak_memory_megabytes():9.0f} MB")


if __name__ == "__main__":
    main()
