"""Linked artifacts at the command line: refreshed once, committed, and from then on the same bytes or an error."""

import hashlib
import json
import os
import signal
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.functional.command_line import CONFIG, Result, built_file, done, outside_dist, paa, planned, snapshot
from tests.https import https_server
from tests.repository import Repository
from tests.servers import Reply, ScriptedIndex

MODEL, WORDS = b"\0model\xff" * 100, b"a,b\n"
LINK = "artifacts/tool/deep/model.bin.link"
MODULE = "python_modules/tool.py"
SECRET = "s3cret"


@pytest.fixture
def server(tmp_path: Path) -> Iterator[ScriptedIndex]:
    with https_server(tmp_path) as running:
        running.pages |= {"/model.bin": [Reply(body=MODEL)], "/words.csv": [Reply(body=WORDS)]}
        yield running


@pytest.fixture
def linked(repository: Repository, server: ScriptedIndex) -> Repository:
    """Two packages: tool with a link file and artifact_urls, plain with neither."""
    urls = {"words.csv": f"{server.url}words.csv?token={SECRET}"}
    repository.write(
        {
            ".paa.config": CONFIG,
            ".gitignore": "/dist/\n",
            MODULE: f"'''A tool.'''\n__package_metadata__ = {{'artifact_urls': {urls!r}}}\n",
            "python_modules/plain.py": "'''Plain.'''\n",
            LINK: f"{server.url}model.bin\n",
            "artifacts/tool/note.txt": "by hand\n",
        }
    )
    repository.commit("Two packages")
    return repository


@pytest.fixture
def pinned(linked: Repository) -> Repository:
    """The same after a refresh that was committed."""
    done(refresh(linked))
    linked.commit("Pin the artifacts")
    return linked


def refresh(repository: Repository, *arguments: str) -> Result:
    result = paa(repository.path, "refresh-module-artifacts", *arguments)
    assert SECRET not in result.text
    return result


def lock(repository: Repository) -> dict[str, str]:
    """Address → SHA-256, as the file has it."""
    document = json.loads((repository.path / "artifacts.lock").read_bytes())
    return {item["url"]: item["sha256"] for item in document["artifacts"]}


def digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def forget_downloads(home: Path) -> None:
    for path in (home / ".cache" / "paa" / "artifacts").rglob("*"):
        if path.is_file():
            path.unlink()


def test_from_links_to_a_wheel_that_holds_the_files(linked: Repository, server: ScriptedIndex, home: Path) -> None:
    blocked = paa(linked.path, "make-package", "tool")
    assert blocked.code == 1
    assert "is not in artifacts.lock" in blocked.text
    assert "run 'paa refresh-module-artifacts tool' and commit artifacts.lock" in blocked.text
    assert SECRET not in blocked.text
    assert server.seen == []

    result = done(refresh(linked))
    assert "new" in result.out
    assert "wrote artifacts.lock" in result.out
    assert lock(linked) == {
        f"{server.url}model.bin": digest(MODEL),
        f"{server.url}words.csv?token={SECRET}": digest(WORDS),
    }
    linked.commit("Pin the artifacts")
    asked = len(server.seen)

    done(paa(linked.path, "make-package", "tool"))
    assert len(server.seen) == asked
    with zipfile.ZipFile(built_file(linked.path, ".whl")) as wheel:
        shipped = {name: wheel.read(name) for name in wheel.namelist() if name.startswith("tool/")}
    files = {name.removeprefix("tool/artifacts/"): data for name, data in shipped.items() if "/artifacts/" in name}
    assert files == {"deep/model.bin": MODEL, "words.csv": WORDS, "note.txt": b"by hand\n"}
    assert json.loads(shipped["tool/.paa/manifest.json"])["artifacts"] == [
        {"path": "deep/model.bin", "sha256": digest(MODEL), "url": f"{server.url}model.bin"},
        {"path": "note.txt", "sha256": digest(b"by hand\n")},
        {"path": "words.csv", "sha256": digest(WORDS), "url": f"{server.url}words.csv"},
    ]
    assert not [name for name, data in shipped.items() if SECRET.encode() in data and name != "tool/__init__.py"]
    done(paa(linked.path, "check"))

    first = built_file(linked.path, ".whl").read_bytes()
    forget_downloads(home)
    done(paa(linked.path, "make-package", "tool"))
    assert len(server.seen) == asked + 2
    assert built_file(linked.path, ".whl").read_bytes() == first


def test_looking_and_planning_never_fetch(pinned: Repository, server: ScriptedIndex, home: Path) -> None:
    forget_downloads(home)
    asked = len(server.seen)
    looking = ("list", "plan", "plan --offline", "extract-module-requirements tool", "show tool", "show tool --json")
    for command in looking:
        assert SECRET not in done(paa(pinned.path, *command.split())).text
    assert len(server.seen) == asked


def test_a_release_ships_the_pinned_bytes_and_a_second_refresh_releases_nothing(
    pinned: Repository, server: ScriptedIndex
) -> None:
    done(paa(pinned.path, "release"))
    assert "artifacts.lock is as it was" in done(refresh(pinned)).out
    pinned.commit("Nothing new")
    assert planned(done(paa(pinned.path, "plan", "--json"))) == {}

    server.pages["/model.bin"] = [Reply(body=b"better")]
    assert "changed" in done(refresh(pinned)).out
    pinned.commit("[tool][.+.] A better model")
    assert planned(done(paa(pinned.path, "plan", "--json"))) == {"tool": "0.1.0"}
    done(paa(pinned.path, "release"))


def test_a_lock_that_is_not_committed_can_not_be_released(linked: Repository) -> None:
    done(refresh(linked))
    assert paa(linked.path, "release").code == 2
    result = paa(linked.path, "release", "--allow-dirty")
    assert "is not in artifacts.lock" in result.text
    done(paa(linked.path, "make-package", "tool"))
    wheels = sorted(path.name for path in (linked.path / "dist").glob("*.whl"))
    assert wheels == ["plain-0.0.1-py3-none-any.whl", "tool-0.0.1+dirty-py3-none-any.whl"]


@pytest.mark.parametrize(
    ("served", "said"),
    [
        (b"evil", "something else than artifacts.lock has"),
        (MODEL + b"!", f"more than the {len(MODEL)} bytes that artifacts.lock has"),
        (b"", "something else than artifacts.lock has"),
    ],
)
def test_other_bytes_behind_the_address_are_not_shipped(
    pinned: Repository, server: ScriptedIndex, home: Path, served: bytes, said: str
) -> None:
    forget_downloads(home)
    server.pages["/model.bin"] = [Reply(body=served)]
    result = paa(pinned.path, "make-package", "--all")
    assert result.code == 1
    assert said in result.text
    assert "refresh-module-artifacts" in result.text
    assert [path.name for path in (pinned.path / "dist").glob("*.whl")] == ["plain-0.0.1-py3-none-any.whl"]


def test_a_lock_edited_by_hand_ships_nothing_else(pinned: Repository) -> None:
    path = pinned.path / "artifacts.lock"
    path.write_bytes(path.read_bytes().replace(digest(MODEL).encode(), digest(b"evil").encode()))
    result = paa(pinned.path, "make-package", "tool")
    assert result.code == 1
    assert f"SHA-256 {digest(MODEL)}, not {digest(b'evil')}" in result.text
    path.write_bytes(b"{")
    result = paa(pinned.path, "make-package", "tool")
    assert (result.code, "artifacts.lock is not JSON" in result.text) == (1, True)
    result = refresh(pinned)
    assert (result.code, path.read_bytes()) == (2, b"{")
    assert "take its last good state from Git" in result.text


def test_an_unreachable_address_needs_no_network_while_the_file_is_kept(
    pinned: Repository, server: ScriptedIndex, home: Path
) -> None:
    server.pages["/model.bin"] = [Reply(status=404)]
    done(paa(pinned.path, "make-package", "tool"))
    forget_downloads(home)
    result = paa(pinned.path, "make-package", "tool")
    assert result.code == 3
    assert "model.bin: the server answered with status 404" in result.text


def test_a_refresh_writes_the_lock_and_nothing_else(linked: Repository) -> None:
    before = snapshot(linked.path)
    done(refresh(linked))
    after = snapshot(linked.path)
    assert {path for path in after if before.get(path) != after[path]} - {".git/index"} == {"artifacts.lock"}
    assert refresh(linked).code == 0
    assert {path: seen for path, seen in snapshot(linked.path).items() if path != ".git/index"} == {
        path: seen for path, seen in after.items() if path != ".git/index"
    }


def test_what_fails_keeps_its_pin_and_stops_no_other(pinned: Repository, server: ScriptedIndex) -> None:
    server.pages["/model.bin"] = [Reply(status=403)]
    server.pages["/words.csv"] = [Reply(body=b"new")]
    result = refresh(pinned)
    assert result.code == 3
    assert "model.bin: the server answered with status 403" in result.err
    assert lock(pinned) == {
        f"{server.url}model.bin": digest(MODEL),
        f"{server.url}words.csv?token={SECRET}": digest(b"new"),
    }


def test_links_that_are_gone_leave_the_lock(pinned: Repository, server: ScriptedIndex) -> None:
    (pinned.path / LINK).unlink()
    done(refresh(pinned, "plain"))
    assert list(lock(pinned)) == [f"{server.url}words.csv?token={SECRET}"]
    pinned.write({MODULE: "'''A tool.'''\n"})
    done(refresh(pinned))
    assert lock(pinned) == {}


def test_nothing_is_dropped_while_a_package_is_broken(pinned: Repository) -> None:
    before = lock(pinned)
    (pinned.path / LINK).unlink()
    pinned.write({MODULE: "def f(:\n"})
    result = refresh(pinned)
    assert result.code == 1
    assert "tool can't be read, so its links may not all be known" in result.err
    assert lock(pinned) == before


def test_only_the_named_packages_are_refreshed(pinned: Repository, server: ScriptedIndex) -> None:
    server.pages["/model.bin"] = [Reply(body=b"new")]
    before = lock(pinned)
    asked = len(server.seen)
    done(refresh(pinned, "plain"))
    assert (lock(pinned), len(server.seen)) == (before, asked)
    done(refresh(pinned, "Tool"))
    assert lock(pinned)[f"{server.url}model.bin"] == digest(b"new")
    assert refresh(pinned, "tooll").code == 2


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        (f"http://127.0.0.1/x?{SECRET}", "over https only"),
        (f"https://user:{SECRET}@127.0.0.1/x", "a user name or password"),
        ("", "the address is missing"),
    ],
)
def test_a_wrong_link_is_told_and_the_others_are_refreshed(
    linked: Repository, server: ScriptedIndex, address: str, reason: str
) -> None:
    linked.write({"artifacts/tool/wrong.link": address})
    result = refresh(linked)
    assert result.code == 1
    assert "artifacts/tool/wrong.link:1: " in result.err
    assert reason in result.err
    assert len(lock(linked)) == len(server.seen) == 2


def test_the_limits_can_be_moved(linked: Repository, server: ScriptedIndex) -> None:
    server.pages["/model.bin"] = [Reply(body=b"x" * (1 << 20) + b"x")]
    result = refresh(linked, "--size-limit", "1")
    assert result.code == 3
    assert "model.bin is larger than 1048576 bytes" in result.err
    done(refresh(linked, "--size-limit", "2"))
    assert refresh(linked, "--size-limit", "0").code == 2
    assert refresh(linked, "--time-limit", "0").code == 2


def test_a_web_page_in_place_of_the_file_is_told(linked: Repository, server: ScriptedIndex) -> None:
    server.pages["/model.bin"] = [Reply(body=b"\n<!DOCTYPE html><html>Please log in</html>")]
    assert "gives a web page" in done(refresh(linked)).err


def test_a_pointer_of_git_lfs_is_never_pinned(linked: Repository, server: ScriptedIndex) -> None:
    pointer = f"version https://git-lfs.github.com/spec/v1\noid sha256:{digest(MODEL)}\nsize 700\n"
    server.pages["/model.bin"] = [Reply(body=pointer.encode())]
    result = refresh(linked)
    assert result.code == 3
    assert "gives a pointer of Git LFS" in result.err
    assert len(lock(linked)) == 1


def test_a_pointer_of_git_lfs_in_the_repository_is_never_shipped(repository: Repository) -> None:
    pointer = f"version https://git-lfs.github.com/spec/v1\noid sha256:{digest(MODEL)}\nsize 700\n"
    repository.write({".paa.config": CONFIG, MODULE: "", "artifacts/tool/model.bin": pointer, ".gitignore": "/dist/\n"})
    repository.commit("A large file")
    result = paa(repository.path, "make-package", "tool")
    assert result.code == 1
    assert "artifacts/tool/model.bin is a pointer of Git LFS" in result.text
    assert "git lfs pull" in result.text
    assert not list((repository.path / "dist").glob("*.whl"))

    # As a checkout with LFS has it: the commit holds the pointer, the disk the file.
    (repository.path / "artifacts/tool/model.bin").write_bytes(MODEL)
    repository.git("update-index", "--assume-unchanged", "artifacts/tool/model.bin")
    done(paa(repository.path, "release"))
    with zipfile.ZipFile(built_file(repository.path, ".whl")) as wheel:
        assert wheel.read("tool/artifacts/model.bin") == MODEL


def test_a_lock_that_git_ignores_is_told(linked: Repository) -> None:
    linked.write({".gitignore": "/dist/\n*.lock\n"})
    result = refresh(linked)
    assert result.code == 1
    assert "Git ignores artifacts.lock" in result.err


def test_a_lock_that_is_a_symbolic_link_is_not_written_through(linked: Repository, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").write_text("mine")
    (linked.path / "artifacts.lock").symlink_to(tmp_path / "elsewhere")
    result = refresh(linked)
    assert (result.code, "artifacts.lock is a symbolic link" in result.err) == (3, True)
    assert (tmp_path / "elsewhere").read_text() == "mine"


def test_without_links_there_is_nothing_to_do(repository: Repository) -> None:
    repository.write({"python_modules/plain.py": ""})
    assert "no package links to artifacts" in done(refresh(repository)).out
    assert not (repository.path / "artifacts.lock").exists()


class Acting(list[Reply]):
    """A page that is made when it is asked for."""

    def __init__(self, make: Callable[[], Reply]) -> None:
        super().__init__([Reply()])
        self._make = make

    def __getitem__(self, place: object) -> Reply:  # type: ignore[override]  # only ever asked for the first
        return self._make()


def child(repository: Repository, *arguments: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "paa", "refresh-module-artifacts", *arguments],
        cwd=repository.path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


@pytest.mark.skipif(sys.platform == "win32", reason="needs SIGKILL")
def test_killed_in_the_middle_the_lock_is_the_old_one(pinned: Repository, server: ScriptedIndex) -> None:
    before = outside_dist(pinned.path)
    server.pages["/model.bin"] = [Reply(body=b"new")]
    processes: list[subprocess.Popen[bytes]] = []

    def kill() -> Reply:
        os.kill(processes[0].pid, signal.SIGKILL)
        return Reply(body=b"newer")

    server.pages["/words.csv"] = Acting(kill)
    processes.append(child(pinned))
    processes[0].communicate()
    assert processes[0].returncode == -signal.SIGKILL
    assert outside_dist(pinned.path) == before

    server.pages["/words.csv"] = [Reply(body=b"newer")]
    done(refresh(pinned))
    assert set(lock(pinned).values()) == {digest(b"new"), digest(b"newer")}


def test_a_second_refresh_waits_and_loses_nothing(linked: Repository, server: ScriptedIndex) -> None:
    linked.write({"artifacts/plain/other.bin.link": f"{server.url}other.bin"})
    server.pages["/other.bin"] = [Reply(body=b"other")]
    second: list[subprocess.Popen[bytes]] = []

    def start_another() -> Reply:
        if not second:
            second.append(child(linked, "plain"))
            assert second[0].stderr is not None
            second[0].stderr.readline()  # It says that it waits, or it has ended.
        return Reply(body=WORDS)

    server.pages["/words.csv"] = Acting(start_another)
    done(refresh(linked, "tool"))
    second[0].communicate()
    assert second[0].returncode == 0
    assert sorted(lock(linked).values()) == sorted(map(digest, (MODEL, WORDS, b"other")))


def test_many_refreshes_at_once_leave_one_whole_lock(linked: Repository) -> None:
    processes = [child(linked) for _ in range(3)]
    outputs = [process.communicate() for process in processes]
    assert [process.returncode for process in processes] == [0, 0, 0], outputs
    assert sorted(lock(linked).values()) == sorted([digest(MODEL), digest(WORDS)])
    assert [path.name for path in linked.path.iterdir() if path.name.endswith(".tmp")] == []


def test_a_repository_of_the_existing_tool_needs_one_refresh(repository: Repository, server: ScriptedIndex) -> None:
    repository.write(
        {
            ".paa.config": CONFIG + "artifacts_filepaths:\n  shared/words.csv: data/words.csv\n  models: data/models\n",
            MODULE: "'''A tool.'''\n",
            "data/words.csv": WORDS,
            "data/models/a.bin": "a",
            "data/models/model.bin.link": f"{server.url}model.bin",
            "artifacts/tool/own.txt": "own",
        }
    )
    repository.commit("As it was")
    done(refresh(repository))
    repository.commit("Pinned")
    done(paa(repository.path, "make-package", "tool"))
    with zipfile.ZipFile(built_file(repository.path, ".whl")) as wheel:
        found = {name: wheel.read(name) for name in wheel.namelist() if "/artifacts/" in name}
    assert found == {
        "tool/artifacts/shared/words.csv": WORDS,
        "tool/artifacts/models/a.bin": b"a",
        "tool/artifacts/models/model.bin": MODEL,
        "tool/artifacts/own.txt": b"own",
    }
