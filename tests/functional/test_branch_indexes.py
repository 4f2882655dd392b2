"""Releases without any server: to Git branches and to the branch of a site, and what pip and uv make of them."""

import http.server
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from tests.functional.command_line import clone, done, paa, paa_process, planned, shim, with_remote
from tests.functional.samples import FILES, change
from tests.repository import Repository

CONFIG = """\
indexes:
  branches: {kind: git}
  site: {kind: github-pages, url: "https://team.example/words/"}
publish_to: {targets}
"""


def releases_to(repository: Repository, *targets: str) -> None:
    """Commit and push the settings that name these targets."""
    repository.write({".paa.config": CONFIG.replace("{targets}", f"[{', '.join(targets)}]")})
    repository.commit("Targets")
    repository.git("push", "--quiet")


@pytest.fixture
def remote(repository: Repository) -> Repository:
    """The bare remote of a repository with three packages, of which one needs another."""
    made = with_remote(repository)
    repository.write({**FILES, ".paa.config": CONFIG.replace("{targets}", "[branches, site]")})
    repository.commit("Three scripts")
    repository.git("push", "--quiet", "--set-upstream", "origin", "main")
    return made


@pytest.fixture
def web(tmp_path: Path) -> Iterator[str]:
    """A plain web server over ``site/``: its address."""

    class Silent(http.server.SimpleHTTPRequestHandler):
        def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002 (its name in the library)
            del format, arguments

    handler = partial(Silent, directory=str(tmp_path / "site"))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/simple/"
        server.shutdown()
        thread.join()


def run(*command: str, folder: Path) -> None:
    ended = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stdout + ended.stderr


def pip_install(target: Path, *what: str) -> None:
    """Install without asking any index; flit_core is the one of this environment."""
    options = ("--isolated", "--disable-pip-version-check", "--no-cache-dir")
    where = ("--target", str(target))
    run(sys.executable, "-m", "pip", *options, "install", "--no-build-isolation", *where, *what, folder=target.parent)


def imported(target: Path, code: str) -> str:
    ended = subprocess.run([sys.executable, "-c", code], cwd=target, capture_output=True, text=True, check=True)
    return ended.stdout.strip()


def git_url(remote: Repository, tag: str) -> str:
    return f"git+{remote.path.as_uri()}@{tag}"


def test_pip_installs_from_the_tag_of_a_branch(repository: Repository, remote: Repository, tmp_path: Path) -> None:
    releases_to(repository, "branches")
    done(paa(repository.path, "release"))
    names = [f"{name} @ {git_url(remote, f'dist/{name}-v0.0.1')}" for name in ("wordcount", "wordreport")]
    pip_install(tmp_path / "there", "--no-index", *names)
    assert imported(tmp_path / "there", "import wordreport; print(wordreport.report('a b'))") == "2 ['a', 'b']"
    # The branch is the newest version.
    change(repository, "python_modules/dice.py", "[dice][.+.] More")
    repository.git("push", "--quiet")
    done(paa(repository.path, "release"))
    pip_install(tmp_path / "newest", "--no-index", f"dice @ {git_url(remote, 'dist/dice')}")
    assert imported(tmp_path / "newest", "import dice; print(dice.__version__)") == "0.1.0"


@pytest.mark.skipif(shutil.which("uv") is None, reason="needs uv")
def test_uv_installs_from_sources_of_a_project(repository: Repository, remote: Repository, tmp_path: Path) -> None:
    releases_to(repository, "branches")
    done(paa(repository.path, "release"))
    sources = "".join(
        f'{name} = {{ git = "{remote.path.as_uri()}", tag = "dist/{name}-v0.0.1" }}\n'
        for name in ("wordcount", "wordreport")
    )
    project = tmp_path / "user" / "pyproject.toml"
    project.parent.mkdir()
    project.write_text(
        '[project]\nname = "user"\nversion = "1"\ndependencies = ["wordreport", "wordcount"]\n\n[tool.uv.sources]\n'
        + sources
    )
    options = ("--no-cache", "--no-index", "--no-build-isolation", "--python", sys.executable)
    run(
        "uv", "pip", "install", *options, "--target", str(tmp_path / "there"), "-r", str(project), folder=project.parent
    )
    assert imported(tmp_path / "there", "import wordreport; print(wordreport.report('a b'))") == "2 ['a', 'b']"


def test_pip_installs_from_the_site(repository: Repository, remote: Repository, tmp_path: Path, web: str) -> None:
    releases_to(repository, "site")
    done(paa(repository.path, "release"))
    clone(remote, tmp_path / "site", "--branch=gh-pages")
    pip_install(tmp_path / "there", "--index-url", web, "wordreport")
    assert imported(tmp_path / "there", "import wordreport; print(wordreport.report('a b'))") == "2 ['a', 'b']"


@pytest.mark.skipif(shutil.which("uv") is None, reason="needs uv")
def test_uv_installs_from_the_site(repository: Repository, remote: Repository, tmp_path: Path, web: str) -> None:
    releases_to(repository, "site")
    done(paa(repository.path, "release"))
    clone(remote, tmp_path / "site", "--branch=gh-pages")
    options = ("--no-cache", "--python", sys.executable, "--default-index", web, "--target", str(tmp_path / "there"))
    run("uv", "pip", "install", *options, "wordreport", folder=tmp_path)
    assert imported(tmp_path / "there", "import wordreport; print(wordreport.report('a b'))") == "2 ['a', 'b']"


def test_a_release_goes_to_both_and_the_next_one_does_nothing(
    repository: Repository, remote: Repository, tmp_path: Path
) -> None:
    done(paa(repository.path, "release"))
    before = remote.git("for-each-ref")
    assert planned(done(paa(repository.path, "plan", "--json"))) == {}
    done(paa(repository.path, "release"))
    assert remote.git("for-each-ref") == before
    # The tags to install from, which a clone gets too, are not taken for tags of releases.
    whole = clone(remote, tmp_path / "whole")
    assert "dist/dice-v0.0.1" in whole.tags()
    assert planned(done(paa(whole.path, "plan", "--json", "--offline"))) == {}
    names = remote.git("for-each-ref", "--format=%(refname)").splitlines()
    assert {f"refs/tags/dist/{name}-v0.0.1" for name in ("dice", "wordcount", "wordreport")} <= set(names)
    assert {f"refs/tags/{name}-v0.0.1" for name in ("dice", "wordcount", "wordreport")} <= set(names)


def test_a_fresh_clone_without_tags_knows_from_the_branches_what_is_released(
    repository: Repository, remote: Repository, tmp_path: Path
) -> None:
    done(paa(repository.path, "release", "--no-push"))
    fresh = clone(remote, tmp_path / "fresh", "--single-branch", "--no-tags")
    result = done(paa(fresh.path, "plan", "--json"))
    # They are there already: what is left is to record them.
    assert {reason["kind"] for release in result.json["releases"] for reason in release["reasons"]} <= {"unrecorded"}
    assert set(planned(result).values()) <= {"0.0.1"}


def test_a_shallow_clone_of_one_branch_publishes(repository: Repository, remote: Repository, tmp_path: Path) -> None:
    shallow = clone(remote, tmp_path / "shallow", "--depth=1", "--single-branch")
    done(paa(shallow.path, "release"))
    pip_install(tmp_path / "there", "--no-index", f"dice @ {git_url(remote, 'dist/dice-v0.0.1')}")
    assert imported(tmp_path / "there", "import dice; print(dice.__version__)") == "0.0.1"
    assert "dist/" not in shallow.git("for-each-ref")
    del repository


def test_what_somebody_else_put_there_stops_that_package_alone(repository: Repository, remote: Repository) -> None:
    first = repository.git("rev-parse", "HEAD")
    repository.git("push", "--quiet", "origin", "main:refs/tags/dist/dice-v0.0.1")
    releases_to(repository, "branches")
    result = paa(repository.path, "release")
    assert result.code == 3, result.text
    assert "dist/dice-v0.0.1 is there and leads to other files" in result.text
    names = remote.git("for-each-ref", "--format=%(refname)").splitlines()
    assert "refs/tags/dist/wordreport-v0.0.1" in names
    assert "refs/tags/dice-v0.0.1" not in names
    assert remote.git("rev-parse", "refs/tags/dist/dice-v0.0.1") == first


def test_a_dry_run_pushes_nothing(repository: Repository, remote: Repository) -> None:
    before = remote.git("for-each-ref")
    done(paa(repository.path, "release", "--dry-run"))
    assert remote.git("for-each-ref") == before


def kill_at(folder: Path, moment: str, number: int) -> dict[str, str]:
    """The environment in which whoever starts Git for the nth push of all is killed, before that push or after it."""
    counter = folder.parent / f"{folder.name}.count"
    return shim(
        folder,
        "git",
        [
            'case " $* " in *" push "*) ;; *) exec "$REAL" "$@" ;; esac',
            f'echo >> "{counter}"',
            f'[ "$(wc -l < "{counter}")" -eq {number} ] || exec "$REAL" "$@"',
            *(['kill -9 "$PPID"', "exit 1"] if moment == "before" else ['"$REAL" "$@"', 'kill -9 "$PPID"']),
        ],
    )


def published_state(remote: Repository) -> list[str]:
    """What installers see: references with what they lead to, and of the site its content."""
    listed = remote.git("for-each-ref", "--format=%(refname) %(objectname)", "refs/paa", "refs/tags/dist", "refs/heads")
    kept = [line for line in listed.splitlines() if not line.startswith(("refs/heads/main ", "refs/heads/gh-pages "))]
    has_site = remote.git("branch", "--list", "gh-pages")
    return [*kept, remote.git("rev-parse", "gh-pages^{tree}") if has_site else ""]


@pytest.mark.parametrize("target", ["branches", "site"])
def test_a_run_that_is_killed_around_a_push_is_completed_by_the_next(
    repository: Repository, remote: Repository, tmp_path: Path, target: str
) -> None:
    releases_to(repository, target)
    undisturbed = Repository(tmp_path / "undisturbed.git")
    shutil.copytree(remote.path, undisturbed.path)
    done(paa(clone(undisturbed, tmp_path / "a").path, "release", "dice"))
    moments = [(moment, number) for number in (1, 2) for moment in ("before", "after")]
    for moment, number in moments:
        name = f"{moment}{number}"
        copy = Repository(tmp_path / f"{name}.git")
        shutil.copytree(remote.path, copy.path)
        work = clone(copy, tmp_path / name)
        environment = kill_at(tmp_path / f"{name}.bin", moment, number)
        killed = paa_process(work.path, "release", "dice", environment=environment)
        assert killed.code == -signal.SIGKILL, killed.text
        done(paa(work.path, "release", "dice"))
        assert published_state(copy) == published_state(undisturbed), name
        assert "dice-v0.0.1" in copy.tags()
