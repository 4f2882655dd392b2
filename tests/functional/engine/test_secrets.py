"""Passwords and tokens reach the index and nobody else, whatever goes wrong and however much paa is asked to say."""

import base64
import json
import threading
import urllib.parse
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.functional.command_line import done, shim
from tests.functional.engine.children import Children, Ended
from tests.functional.engine.worlds import World, new_world
from tests.servers import Reply, ScriptedIndex, pypiserver

USER, PASSWORD = "tester", 'Zq7"hunter2/pässword=='
LOGIN = {"PAA_COMPANY_USERNAME": USER, "PAA_COMPANY_PASSWORD": PASSWORD}
_PAIR = f"{USER}:{PASSWORD}".encode()
# The password in every form that it takes on its way.
FORMS = tuple(
    {
        PASSWORD,
        json.dumps(PASSWORD)[1:-1],
        repr(PASSWORD)[1:-1],
        urllib.parse.quote(PASSWORD),
        urllib.parse.quote(PASSWORD, safe=""),
        urllib.parse.quote_plus(PASSWORD),
        base64.b64encode(_PAIR).decode(),
        base64.b64encode(PASSWORD.encode()).decode(),
        # A part of it is enough.
        "hunter2",
    }
)
SPY = (
    '"""Tell what is around."""\n\nimport os\nimport pathlib\n\n'
    'with pathlib.Path({place!r}).open("a") as stream:\n    stream.write(repr(dict(os.environ)))\n'
)


def found_in(*texts: str) -> list[str]:
    """The forms of the password that are in one of ``texts``."""
    return [form for form in FORMS if any(form in text for text in texts)]


def contents(folder: Path) -> list[str]:
    """All files below ``folder`` as text, with their names."""
    paths = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    return [f"{path}\n{path.read_bytes().decode('utf-8', 'replace')}" for path in paths]


def settings(url: str, upload: str = "upload/") -> str:
    """An index at ``url``."""
    return (
        "indexes:\n"
        f'  company: {{kind: generic, upload_url: "{url}{upload}", simple_url: "{url}simple/"}}\n'
        "publish_to: company\n"
    )


def assert_kept(world: World, *ended: Ended) -> None:
    """Nothing that was printed or written has it."""
    assert found_in(*(text for each in ended for text in (each.out, each.err, *each.steps))) == []
    assert found_in(*contents(world.root)) == []


@contextmanager
def watched_processes(folder: Path) -> Iterator[list[str]]:
    """What can be read of every process that starts meanwhile in ``folder`` or below, but for paa itself."""
    seen: dict[str, str] = {}
    ending = threading.Event()

    def watch() -> None:
        while not ending.is_set():
            for process in Path("/proc").glob("[0-9]*"):
                try:
                    command = (process / "cmdline").read_bytes().decode("utf-8", "replace")
                    inside = (process / "cwd").readlink().is_relative_to(folder)
                    environment = (process / "environ").read_bytes().decode("utf-8", "replace")
                except OSError:
                    continue
                if inside:
                    seen[f"{process.name} {command}"] = environment

    thread = threading.Thread(target=watch)
    thread.start()
    told: list[str] = []
    try:
        yield told
    finally:
        ending.set()
        thread.join()
        told += [f"{command}\n{environment}" for command, environment in seen.items()]


@pytest.mark.server
@pytest.mark.parametrize("options", [(), ("-vv",), ("-v", "--json")], ids=" ".join)
def test_a_release_that_works_shows_none(
    tmp_path: Path, spoiled: Path, children: Children, options: tuple[str, ...]
) -> None:
    with pypiserver(tmp_path / "server", user=(USER, PASSWORD)) as server:
        world = new_world(spoiled, settings=settings(server.url, ""))
        ended = done(children.run(world.root, "release", *options, environment=LOGIN))
        assert server.uploads() == 6
    assert_kept(world, ended, children.run(world.root, "plan", "-vv", "--json", environment=LOGIN))


@pytest.mark.parametrize("options", [("-vv",), ("--json",)], ids=" ".join)
@pytest.mark.parametrize(
    "reply",
    [
        pytest.param(Reply(status=403, body=f"no {USER} with {PASSWORD}".encode()), id="403 that repeats it"),
        pytest.param(Reply(status=400, body=base64.b64encode(_PAIR)), id="400 that repeats it encoded"),
        pytest.param(Reply(status=500, body=f"<b>{PASSWORD}</b>".encode()), id="500 that repeats it"),
        pytest.param(
            Reply(
                status=302, headers={"Location": f"http://{USER}:{urllib.parse.quote(PASSWORD, safe='')}@127.0.0.1:9/"}
            ),
            id="redirects to an address that holds it",
        ),
        pytest.param(Reply(drops=True), id="drops the connection"),
    ],
)
def test_an_upload_that_fails_shows_none(
    spoiled: Path, children: Children, scripted: ScriptedIndex, options: tuple[str, ...], reply: Reply
) -> None:
    world = new_world(spoiled, settings=settings(scripted.url))
    scripted.refusals[""] = reply
    ended = children.run(world.root, "release", *options, speed=100, environment=LOGIN)
    assert ended.code == 3, ended.told
    assert_kept(world, ended)


@pytest.mark.parametrize(
    "reply",
    [
        pytest.param(Reply(status=401, body=PASSWORD.encode()), id="401 that repeats it"),
        pytest.param(Reply(status=500, body=PASSWORD.encode()), id="500 that repeats it"),
        pytest.param(Reply(body=PASSWORD.encode(), headers={"Content-Type": "text/html"}), id="a page that repeats it"),
        pytest.param(
            Reply(
                status=301, headers={"Location": f"http://{USER}:{urllib.parse.quote(PASSWORD, safe='')}@127.0.0.1:9/"}
            ),
            id="redirects to an address that holds it",
        ),
        pytest.param(Reply(drops=True), id="drops the connection"),
    ],
)
def test_a_page_that_fails_shows_none(spoiled: Path, children: Children, scripted: ScriptedIndex, reply: Reply) -> None:
    world = new_world(spoiled, settings=settings(scripted.url))
    for name in ("dice", "wordcount", "wordreport"):
        scripted.pages[f"/simple/{name}/"] = [reply]
    ended = children.run(world.root, "release", "-vv", speed=100, environment=LOGIN)
    assert_kept(world, ended)


def test_a_crash_shows_none(spoiled: Path, children: Children, scripted: ScriptedIndex) -> None:
    """Killed in the middle of an upload, nothing of it lies around."""
    world = new_world(spoiled, settings=settings(scripted.url))
    steps = done(children.run(world.copy(spoiled.parent / "copy").root, "release", environment=LOGIN)).steps
    sends = [number for number, step in enumerate(steps, start=1) if "send" in step and "POST" in step]
    killed = children.run(world.root, "release", kill_at=sends[0] + 1, environment=LOGIN)
    assert killed.code != 0
    assert_kept(world, killed)


@pytest.mark.wrong_wheels("it writes to a folder that is gone with the test")
def test_neither_git_nor_the_code_of_packages_is_told(
    tmp_path: Path, spoiled: Path, children: Children, scripted: ScriptedIndex
) -> None:
    """Hooks, helpers and modules that are imported for a check are other people's programs."""
    place = tmp_path / "spy"
    files = {"python_modules/spy.py": SPY.format(place=str(place)), "README.md": "# Spy\n"}
    world = new_world(spoiled, files, settings(scripted.url))
    told = tmp_path / "told"
    listening = shim(tmp_path / "bin", "git", [f'env >> {told}; echo "$@" >> {told}', 'exec "$REAL" "$@"'])
    secrets = {**LOGIN, "TWINE_USERNAME": USER, "TWINE_PASSWORD": PASSWORD, "UV_PUBLISH_TOKEN": PASSWORD}
    done(children.run(world.root, "release", environment={**secrets, **listening}))
    assert "push" in told.read_text()
    assert "PATH" in place.read_text()
    assert found_in(told.read_text(), place.read_text()) == []


@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="reads /proc")
def test_no_process_that_is_started_has_it_in_its_arguments_or_environment(
    spoiled: Path, children: Children, scripted: ScriptedIndex
) -> None:
    world = new_world(spoiled, settings=settings(scripted.url))
    with watched_processes(spoiled) as seen:
        done(children.run(world.root, "release", environment=LOGIN))
    # paa's own environment is where the password comes from; its arguments are not.
    assert any("push" in text for text in seen)
    assert found_in(*seen) == []


def test_an_address_with_a_password_is_refused_without_repeating_it(spoiled: Path, children: Children) -> None:
    url = f"http://{USER}:{urllib.parse.quote(PASSWORD, safe='')}@127.0.0.1:9/"
    world = new_world(spoiled, settings=settings(url))
    ended = children.run(world.root, "release", "-vv")
    assert ended.code == 2, ended.told
    assert found_in(ended.out, ended.err) == []


def test_a_remote_with_a_password_is_told_without_it(spoiled: Path, children: Children) -> None:
    world = new_world(spoiled)
    remote = f"http://{USER}:{urllib.parse.quote(PASSWORD, safe='')}@127.0.0.1:9/x.git"
    world.repository.git("remote", "set-url", "origin", remote)
    ended = children.run(world.root, "release", "-vv")
    assert ended.code == 3, ended.told
    assert "could not be pushed" in ended.err
    written = [
        text
        for name in ("local", "other", "repository/dist", "repository/.paa")
        for text in contents(world.root / name)
    ]
    assert found_in(ended.out, ended.err, *written) == []
    assert found_in(*(world.repository.git("cat-file", "tag", tag) for tag in world.repository.tags())) == []
