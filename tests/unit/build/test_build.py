"""Many releases at once: none sees another's files, none stops another."""

import hashlib
import json
import os
import zipfile
from pathlib import Path

import pytest

from paa.build.build import PARALLEL_FROM, RELEASE_FILE, BuildInput, build_releases, write_release_file
from paa.edges.tree import commit_tree
from paa.errors import BuildError, FileError, FindingsError
from paa.model import Plan, Release
from tests.packages import MODULES, State, scan_files
from tests.repository import Repository

# In place of a file that no checkout here has.
POINTER = b"version https://git-lfs.github.com/spec/v1\noid sha256:%b\nsize 3\n" % (b"a" * 64)


def many(count: int) -> dict[str, str | bytes]:
    files: dict[str, str | bytes] = {
        f"{MODULES}/components/words.py": "def count(text): return len(text)\n",
        f"{MODULES}/components/deep/more.py": "from components.words import count\n",
        ".paa/templates/package/README.md.j2": "# {{ distribution }} (ours)\n\n{{ text }}\n",
        "LICENSE": "MIT",
    }
    for number in range(count):
        files[f"{MODULES}/pkg{number}.py"] = (
            f'"""Package {number}."""\nimport components.words\n'
            f"from components.deep.more import count\nnumber = {number}\n"
        )
        files[f"artifacts/pkg{number}/data.txt"] = f"data of {number}\n"
    files["cli/pkg1.py"] = "import click\n@click.group()\ndef cli(): pass\n"
    return files


def run(state: State, folder: Path, releases: list[Release]) -> tuple[list[str], list[tuple[str, str]], list[str]]:
    reported: list[str] = []
    given = BuildInput(tree=state.tree, config=state.config, scanned=state.scanned, folder=folder)
    built, failures = build_releases(given, releases, lambda release: reported.append(release.package))
    failed = [(failure.package, f"{type(failure.error).__name__}: {failure.error}") for failure in failures]
    return [item.release.package for item in built], failed, reported


def hashes(folder: Path) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir()}


def test_workers_build_what_one_process_builds_and_no_package_holds_another_s_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    state = scan_files(tmp_path / "ppr", many(PARALLEL_FROM + 4))
    releases = [state.release(name) for name in sorted(state.scanned)]
    together = run(state, tmp_path / "together", releases)
    names = [release.package for release in releases]
    assert together == (names, [], names)
    for release in releases:
        state.build(tmp_path / "alone", release)
    assert hashes(tmp_path / "together") == hashes(tmp_path / "alone")
    for release in releases:
        package = release.package
        shipped = ["__init__.py", f"{package}.py", ".paa/manifest.json", "artifacts/data.txt"]
        shipped += ["components/deep/more.py", "components/words.py", *(["cli.py"] if package == "pkg1" else [])]
        info = ["METADATA", "RECORD", "WHEEL", "licenses/LICENSE", *(["entry_points.txt"] if package == "pkg1" else [])]
        expected = {f"{package}/{name}" for name in shipped} | {f"{package}-1.0.0.dist-info/{name}" for name in info}
        with zipfile.ZipFile(tmp_path / "together" / f"{package}-1.0.0-py3-none-any.whl") as wheel:
            assert set(wheel.namelist()) == expected
            assert wheel.read(f"{package}/artifacts/data.txt") == f"data of {package[3:]}\n".encode()


def test_a_commit_gives_the_bytes_that_the_disk_gives(tmp_path: Path, repository: Repository) -> None:
    state = scan_files(repository.path, many(3))
    commit = repository.commit("All")
    releases = [state.release(name) for name in sorted(state.scanned)]
    state.build(tmp_path / "disk", *releases)
    # What is on disk by now is not what the commit holds, templates included.
    repository.write({f"{MODULES}/pkg1.py": "changed = 1\n", ".paa/templates/package/README.md.j2": "changed\n"})
    committed = State(commit_tree(repository.path, commit), state.config, state.scanned)
    committed.build(tmp_path / "commit", *releases)
    assert hashes(tmp_path / "commit") == hashes(tmp_path / "disk")


@pytest.mark.parametrize("count", [4, PARALLEL_FROM + 4])
def test_failures_stop_no_other_package_and_order_is_kept(tmp_path: Path, count: int) -> None:
    files = many(count)
    files["licenses/pkg2/LICENSE"] = POINTER  # can't be assembled: the file itself is not here
    state = scan_files(tmp_path / "ppr", files)
    (tmp_path / "ppr" / "artifacts" / "pkg0" / "data.txt").unlink()  # can't be read any more
    # A version that is none, which the build backend finds out.
    versions = {3: "one"}
    releases = [state.release(f"pkg{number}", versions.get(number, "1.0.0")) for number in reversed(range(count))]
    built, failed, reported = run(state, tmp_path / "dist", releases)
    expected = [release.package for release in releases if release.package not in {"pkg0", "pkg2", "pkg3"}]
    assert built == reported == expected
    assert [package for package, _ in failed] == ["pkg3", "pkg2", "pkg0"]
    assert failed[0][1].startswith("BuildError: flit_core can't build pkg3 one")
    assert failed[1][1].startswith("FindingsError: licenses/pkg2/LICENSE is a pointer of Git LFS")
    assert failed[2][1].startswith("FileError: cannot read ")
    assert {path.name.partition("-")[0] for path in (tmp_path / "dist").iterdir()} == set(expected)


def test_a_folder_that_can_t_be_written_fails_every_package(tmp_path: Path) -> None:
    state = scan_files(tmp_path / "ppr", many(2))
    (tmp_path / "dist").write_text("in the way")
    built, failed, _ = run(state, tmp_path / "dist", [state.release("pkg0"), state.release("pkg1")])
    assert built == []
    assert [package for package, _ in failed] == ["pkg0", "pkg1"]
    assert all(text.startswith(f"FileError: cannot write {tmp_path / 'dist'}") for _, text in failed)


def test_what_the_wheel_requires_is_read_from_the_wheel(tmp_path: Path) -> None:
    files = {f"{MODULES}/tool.py": "import six  #>=1.16\nimport other\n", f"{MODULES}/other.py": ""}
    state = scan_files(tmp_path / "ppr", files)
    built = state.build(tmp_path / "dist", state.release("tool", "2.0", {"other": "1.5"}))[0]
    assert built.requires_dist == ("other>=1.5", "six>=1.16")
    assert [file.name for file in built.files] == ["tool-2.0-py3-none-any.whl", "tool-2.0.tar.gz"]


@pytest.mark.parametrize("wheel", ["own-2.0-py3-none-any.whl", "own-2.0.zip"])
def test_a_project_whose_backend_makes_no_real_wheel_fails_and_no_other_package(tmp_path: Path, wheel: str) -> None:
    backend = f"""\
import pathlib, zipfile
def build_wheel(folder, config_settings=None, metadata_directory=None):
    zipfile.ZipFile(pathlib.Path(folder, "{wheel}"), "w").close()
    return "{wheel}"
def build_sdist(folder, config_settings=None):
    pathlib.Path(folder, "own-2.0.tar.gz").write_bytes(b"")
    return "own-2.0.tar.gz"
"""
    system = '[build-system]\nrequires = []\nbuild-backend = "backend"\nbackend-path = ["."]\n'
    project = '[project]\nname = "own"\nversion = "1.0"\n'
    files = {"own/pyproject.toml": system + project, "own/backend.py": backend, f"{MODULES}/dice.py": "sides = 6\n"}
    state = scan_files(tmp_path / "ppr", files, "projects: [{path: own}]\n")
    built, failed, _ = run(state, tmp_path / "dist", [state.release("own"), state.release("dice")])
    assert built == ["dice"]
    assert failed == [("own", "BuildError: the build backend made no wheel that holds metadata")]


def test_a_failure_keeps_its_advice_on_the_way_from_a_worker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("paa.build.build.PARALLEL_FROM", 1)
    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    files: dict[str, str | bytes] = {f"{MODULES}/tool.py": "", "licenses/tool/LICENSE": POINTER}
    state = scan_files(tmp_path / "ppr", files)
    given = BuildInput(tree=state.tree, config=state.config, scanned=state.scanned, folder=tmp_path / "dist")
    _, failures = build_releases(given, [state.release("tool")], lambda _: None)
    assert isinstance(failures[0].error, FindingsError)
    assert "is a pointer of Git LFS" in failures[0].error.message
    assert failures[0].error.advice is not None


def test_a_worker_that_is_killed_is_an_error_and_no_crash(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("paa.build.build.PARALLEL_FROM", 1)
    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    monkeypatch.setattr("paa.build.build._build", kill_this_process)
    state = scan_files(tmp_path / "ppr", many(1))
    with pytest.raises(BuildError, match="was stopped from outside"):
        run(state, tmp_path / "dist", [state.release("pkg0")])


def kill_this_process(_: object) -> None:
    """What the operating system does to a worker when memory runs out."""
    os._exit(137)


def test_the_release_file_lists_the_files_in_the_plan_s_order(tmp_path: Path) -> None:
    state = scan_files(tmp_path / "ppr", many(2))
    releases = (state.release("pkg1"), state.release("pkg0"))
    built = state.build(tmp_path / "dist", *releases)
    plan = Plan(commit=None, indexes=(), builder="flit_core 3.12", releases=releases)
    write_release_file(plan, built, tmp_path / "dist")
    document = json.loads((tmp_path / "dist" / RELEASE_FILE).read_bytes())
    assert [item["package"] for item in document["releases"]] == ["pkg1", "pkg0"]
    listed = {file["name"]: file["sha256"] for item in document["releases"] for file in item["files"]}
    assert listed == {name: digest for name, digest in hashes(tmp_path / "dist").items() if name != RELEASE_FILE}


def test_a_release_file_that_can_t_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "dist").write_text("in the way")
    with pytest.raises(FileError, match=RELEASE_FILE):
        write_release_file(Plan(commit=None, indexes=(), builder="flit_core"), (), tmp_path / "dist")
