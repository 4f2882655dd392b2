import http.server
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.isolation import isolated_environment
from tests.repository import Repository

# Reserved for documentation (RFC 5737): nobody answers there.
OUTSIDE = "192.0.2.1"
FETCH = "import sys, urllib.request; print(urllib.request.urlopen(sys.argv[1], timeout=20).status)"


@pytest.fixture
def loopback_url() -> Iterator[str]:
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), http.server.SimpleHTTPRequestHandler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()
        thread.join()


def fetch(url: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", FETCH, url], capture_output=True, text=True, check=False)


def test_a_test_that_forgets_is_stopped() -> None:
    with pytest.raises((RuntimeError, UserWarning), match=r"socket\.connect"):
        socket.create_connection((OUTSIDE, 80), timeout=20)


def test_a_program_that_a_test_starts_is_stopped() -> None:
    done = fetch(f"http://{OUTSIDE}/")
    assert done.returncode != 0
    assert "Connection refused" in done.stderr


def test_loopback_is_open(loopback_url: str) -> None:
    done = fetch(loopback_url)
    assert (done.returncode, done.stdout) == (0, "200\n"), done.stderr


@pytest.mark.parametrize("network", [False, True])
def test_credentials_and_marks_of_ci_do_not_reach_a_test(tmp_path: Path, *, network: bool) -> None:
    foreign = {
        "TWINE_PASSWORD": "x",
        "PAA_DATA_PASSWORD": "x",
        "GITHUB_ACTIONS": "true",
        "PIP_TARGET": "/x",
        "GIT_DIR": "x",
    }
    made = isolated_environment({"PATH": "/bin", **foreign}, home=tmp_path, network=network)
    assert made.keys().isdisjoint(foreign)
    assert made["PATH"] == "/bin"


def test_a_network_test_keeps_the_settings_of_the_real_home(tmp_path: Path) -> None:
    settings = tmp_path / "real" / ".config" / "pip" / "pip.conf"
    settings.parent.mkdir(parents=True)
    settings.touch()
    original = {"HOME": str(tmp_path / "real"), "PIP_INDEX_URL": "https://index.example.org/", "HTTPS_PROXY": "proxy:1"}
    made = isolated_environment(original, home=tmp_path / "new", network=True)
    assert made["HOME"] == str(tmp_path / "new")
    assert made["PIP_CONFIG_FILE"] == str(settings)
    assert made.items() >= {"PIP_INDEX_URL": "https://index.example.org/", "HTTPS_PROXY": "proxy:1"}.items()


def test_the_home_of_a_test_is_new(home: Path) -> None:
    assert Path.home() == home
    assert [path.name for path in home.iterdir()] == [".gitconfig"]


def test_a_repository_needs_no_settings_of_the_user(repository: Repository) -> None:
    repository.write({"folder/module.py": "value = 'é'\r\n"})
    first = repository.commit("first")
    second = repository.commit("nothing new")
    repository.git("tag", "b", first)
    repository.git("tag", "a")
    assert repository.tags() == ("a", "b")
    assert repository.git("log", "--format=%H %an") == f"{second} Tester\n{first} Tester"
    assert repository.git("branch", "--show-current") == "main"
    assert repository.git("show", "HEAD:folder/module.py") == "value = 'é'\r"
