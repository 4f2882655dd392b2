"""A program that runs ``paa`` in children of its own: one order a line comes in as JSON, one line a child goes out.

paa is imported once, and each child is forked from there. In it, an audit hook (PEP 578) sees what paa is about to do
to the world: to files below a folder, with Git, over HTTP. paa knows nothing of it. Told to, the child kills itself
right before step N, which is right after step N - 1; or it lets its time pass faster than ours.
"""

import importlib
import itertools
import json
import os
import pkgutil
import signal
import socket
import sys
import time
from typing import Any, NoReturn

# What is used later, in the child: to import it there would take longer than all the rest.
_HEAVY = (
    "flit_core.buildapi",
    "jinja2",
    "requests",
    "rich.console",
    "tomlkit",
    "twine.repository",
    "twine.settings",
    "yaml",
)
_NOT_IMPORTED = ("paa.__main__", "paa.check.clean_import")
# Steps after which something is there that was not there before, or no longer what it was.
_DEEDS = ("os.link", "os.rename", "os.symlink")
# The rest of what happens on disk: temporary files, folders. It is looked at where every move counts.
_MOVES = ("os.chmod", "os.mkdir", "os.remove", "os.rmdir", "os.truncate", *_DEEDS)
# What Git is asked without telling it to write.
_LOOKING = (
    *("blame", "cat-file", "check-ignore", "config", "diff", "diff-tree", "for-each-ref", "log", "ls-files"),
    *("ls-remote", "ls-tree", "merge-base", "rev-list", "rev-parse", "show", "show-ref", "status", "symbolic-ref"),
    *("var", "version"),
)


def main() -> None:
    """Serve until standard input ends."""
    import paa

    for module in pkgutil.walk_packages(paa.__path__, "paa."):
        if module.name not in _NOT_IMPORTED:
            importlib.import_module(module.name)
    for name in _HEAVY:
        importlib.import_module(name)
    for line in sys.stdin:
        order = json.loads(line)
        process = os.fork()
        if process == 0:
            _be_child(order)
        _, status = os.waitpid(process, 0)
        sys.stdout.write(f"{os.waitstatus_to_exitcode(status)}\n")
        sys.stdout.flush()


def _be_child(order: dict[str, Any]) -> NoReturn:
    """Do what ``order`` says and end; ``output`` is a folder for what the child says and does."""
    from paa.cli.app import run

    # Nobody sees a traceback of this program: whatever goes wrong in here is an exit code that no test expects.
    code = 99
    try:
        for number, name in ((0, os.devnull), (1, f"{order['output']}/out"), (2, f"{order['output']}/err")):
            os.dup2(os.open(name, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600), number)
        log = os.open(f"{order['output']}/steps", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        os.environ.clear()
        os.environ.update(order["environment"])
        os.chdir(order["folder"])
        if order["speed"] != 1:
            _hurry(order["speed"])
        _watch(order, log)
        code = run(order["arguments"])
        sys.stdout.flush()
        sys.stderr.flush()
    finally:
        os._exit(code)


def _watch(order: dict[str, Any], log: int) -> None:
    numbers = itertools.count(1)
    world, every = order["world"], order["every"]

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        step = _step(event, arguments, world, every=every)
        if step is None:
            return
        number = next(numbers)
        os.write(log, f"{number} {step}\n".encode())
        if number == order["kill_at"]:
            os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(hook)


def _step(event: str, arguments: tuple[Any, ...], world: str, *, every: bool) -> str | None:
    """What is about to be done to the world below the folder ``world``, in words; None for what changes nothing."""
    if event in (_MOVES if every else _DEEDS):
        path = os.fsdecode(arguments[0])
        target = os.fsdecode(arguments[1]) if event in _DEEDS else ""
        return f"{event} {path} {target}".replace(f"{world}/", "") if path.startswith(world) else None
    if event == "open" and every and isinstance(arguments[0], str) and arguments[0].startswith(world):
        writes = isinstance(arguments[2], int) and arguments[2] & (os.O_WRONLY | os.O_RDWR)
        return f"open {arguments[0]}".replace(f"{world}/", "") if writes else None
    if event == "http.client.send":
        return f"send {bytes(arguments[1])[:60]!r}"
    if event == "subprocess.Popen":
        words = [str(word) for word in arguments[1]]
        command = next((word for word in words[1:] if not word.startswith("-") and "=" not in word), "")
        return " ".join(words)[:120] if words[0] == "git" and command not in _LOOKING else None
    return None


def _hurry(speed: float) -> None:
    """Let the clock, sleep and the time-outs of sockets go ``speed`` times as fast, all the same way."""
    clock, sleep = time.monotonic, time.sleep
    begin = clock()
    set_timeout = socket.socket.settimeout

    def quick_timeout(connection: socket.socket, seconds: float | None) -> None:
        set_timeout(connection, None if seconds is None else seconds / speed)

    def quick_sleep(seconds: float) -> None:
        sleep(seconds / speed)

    time.monotonic = lambda: begin + (clock() - begin) * speed
    time.sleep = quick_sleep  # type: ignore[assignment]  # whoever calls it gives a float
    socket.socket.settimeout = quick_timeout  # type: ignore[assignment,method-assign]  # of this process alone


if __name__ == "__main__":
    main()
