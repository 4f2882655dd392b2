"""``paa init-ppr --lock``: pipelines install paa from a file with hashes."""

import subprocess
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

import paa as paa_itself
from paa.edges.environments import create_environment
from tests.distributions import pack_wheel
from tests.functional.command_line import done, paa, snapshot
from tests.functional.generated_files import PUBLISH, init, states
from tests.repository import Repository
from tests.servers import pypiserver

LOCK = ".paa/requirements.txt"
VERSION = paa_itself.__version__


def offer(folder: Path, name: str, version: str, *requires: str) -> None:
    headers = "".join(f"Requires-Dist: {text}\n" for text in requires)
    path = folder / f"{name}-{version}-py3-none-any.whl"
    path.write_bytes(pack_wheel(name, version, [f"{name}.py"], headers=headers))
    with zipfile.ZipFile(path, "a") as archive:
        tag = "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        archive.writestr(zipfile.ZipInfo(f"{name}-{version}.dist-info/WHEEL"), tag)


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """Where the files of the index lie."""
    return tmp_path / "index" / "packages"


@pytest.fixture
def with_index(repository: Repository, files: Path) -> Iterator[Repository]:
    """A repository whose PyPI is a server on loopback."""
    with pypiserver(files.parent) as server:
        offer(files, "paa", VERSION, "one>=1", "build>=1; extra == 'build'", "only_windows; sys_platform == 'win32'")
        for name in ("one", "build", "only_windows"):
            offer(files, name, "1.0")
        index = server.index()
        settings = f"{{kind: pypi, upload_url: '{index.upload_url}', simple_url: '{index.simple_url}'}}"
        repository.write({".paa.config": f"indexes:\n  pypi: {settings}\n"})
        yield repository


@pytest.mark.server
def test_the_file_is_what_pip_installs_with_hashes(with_index: Repository, files: Path, tmp_path: Path) -> None:
    result = done(init(with_index, "--lock"))
    assert f"created {LOCK}" in result.out
    text = (with_index.path / LOCK).read_text()
    assert f"paa[build,docs]=={VERSION}" in text
    assert 'only-windows==1.0 ; sys_platform == "win32"' in text
    assert "http" not in text
    assert LOCK in (with_index.path / PUBLISH).read_text()
    python = create_environment(tmp_path / "environment") / "python"
    install = [str(python), "-m", "pip", "install", "--no-index", "--find-links", str(files), "--require-hashes"]
    first = subprocess.run([*install, "-r", str(with_index.path / LOCK)], check=False, capture_output=True, text=True)
    assert first.returncode == 0, first.stderr
    # The wheels hold nothing, so what was installed is told by pip.
    listed = subprocess.run([str(python), "-m", "pip", "list"], check=True, capture_output=True, text=True).stdout
    assert {"paa", "one", "build"} <= set(listed.split())
    assert "only" not in listed
    offer(files, "one", "1.0", "changed")
    again = subprocess.run(
        [*install, "--force-reinstall", "-r", str(with_index.path / LOCK)], check=False, capture_output=True, text=True
    )
    assert again.returncode != 0
    assert "DO NOT MATCH" in again.stderr


@pytest.mark.server
def test_it_is_made_anew_when_it_is_asked_for_or_when_paa_is_another(with_index: Repository, files: Path) -> None:
    done(init(with_index, "--lock"))
    offer(files, "one", "1.1")
    assert states(done(init(with_index, "--json")))[LOCK] == "unchanged"
    assert states(done(init(with_index, "--lock", "--json")))[LOCK] == "upgraded"
    assert "one==1.1" in (with_index.path / LOCK).read_text()
    assert states(done(init(with_index, "--no-lock", "--json")))[LOCK] == "removed"
    assert not (with_index.path / LOCK).exists()
    assert LOCK not in (with_index.path / PUBLISH).read_text()


@pytest.mark.server
def test_it_stays_while_the_other_platform_installs_from_it(with_index: Repository) -> None:
    done(init(with_index, "--lock"))
    done(paa(with_index.path, "init-ppr", "--azure", "--lock"))
    assert LOCK not in states(done(init(with_index, "--no-lock", "--json")))
    assert (with_index.path / LOCK).exists()


@pytest.mark.server
def test_a_paa_that_is_not_on_the_index_is_an_error_and_nothing_is_written(with_index: Repository, files: Path) -> None:
    (files / f"paa-{VERSION}-py3-none-any.whl").unlink()
    before = snapshot(with_index.path)
    result = init(with_index, "--lock")
    assert result.code == 3
    assert f"no wheel of paa =={VERSION}" in result.err
    assert snapshot(with_index.path) == before


def test_an_index_that_is_not_there_is_an_error(repository: Repository) -> None:
    nowhere = "{kind: pypi, upload_url: 'http://127.0.0.1:9/', simple_url: 'http://127.0.0.1:9/simple/'}"
    repository.write({".paa.config": f"indexes:\n  pypi: {nowhere}\n"})
    result = init(repository, "--lock")
    assert result.code == 3
    assert not (repository.path / ".github").exists()
