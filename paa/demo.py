"""The main job on a repository made for it: release three packages, install, change a shared component, release again.

Every step is what a user would type; nothing is shown that did not run. No network is needed.
"""

import os
import sys
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

from paa.edges import git
from paa.edges.environments import create_environment, pip_install, rebuild_wheel
from paa.edges.files import read_bytes, write_atomic
from paa.edges.run import run
from paa.edges.templates import templates_folder
from paa.errors import OutsideError
from paa.publish.static_index import add_file

_TEXT = "don't panic: the answer is don't"
_OLD, _NEW = 'r"[a-z]+"', 'r"[a-z]+(?:\'[a-z]+)?"'
_COMPONENT = "python_modules/components/words.py"
_NEED = "click"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """Where the demo speaks: ``step`` shows that something is under way, ``say`` prints a line."""

    step: Callable[[str], AbstractContextManager[None]]
    say: Callable[[str], None]


def run_demo(folder: Path, stage: Stage) -> None:
    """Play the whole demo in ``folder``, which must be new or empty. Raises OutsideError when a step fails."""
    repository, index = folder / "repository", folder / "index"
    with stage.step("make a repository: three modules, a shared component, a command"):
        _make_repository(repository)
        add_file(index, _NEED, *rebuild_wheel(_NEED))
    stage.say(_tree(repository))
    _paa(stage, repository, "plan")
    _paa(stage, repository, "release")
    programs = _install(stage, folder / "environment", index)
    _call(stage, programs, "wordcount", "show", _TEXT)
    with stage.step("change the shared component so that don't is one word, and commit"):
        _change(repository)
    stage.say("$ git commit -m 'feat(wordcount): keep the apostrophe inside a word'")
    _paa(stage, repository, "plan")
    _paa(stage, repository, "release")
    with stage.step("pip install --upgrade wordcount wordreport"):
        pip_install(programs, ["--index-url", _url(index), "--upgrade", "wordcount", "wordreport"])
    stage.say("$ pip install --upgrade wordcount wordreport")
    _call(stage, programs, "wordcount", "show", _TEXT)
    program = f"import wordreport; print(wordreport.report({_TEXT!r}))"
    _call(stage, programs, "python", "-c", program)
    _paa(stage, repository, "release")
    stage.say("$ git tag")
    stage.say(_indented(os.fsdecode(git.git(repository, "tag"))))


def _make_repository(repository: Path) -> None:
    source = templates_folder() / "demo"
    names = [path.relative_to(source).as_posix() for path in sorted(source.rglob("*")) if path.is_file()]
    for name in names:
        if "__pycache__" not in name:
            write_atomic(repository / (".paa.config" if name == "paa.config" else name), read_bytes(source / name))
    write_atomic(repository / ".gitignore", b"/dist/\n")
    git.git(repository, "init", "--quiet", "--initial-branch=main")
    # Settings of the user's that would stop a commit here: a missing name, signing, hooks.
    settings = {"user.name": "A. Newcomer", "user.email": "newcomer@example.org", "commit.gpgSign": "false"}
    for name, value in {**settings, "tag.gpgSign": "false", "core.hooksPath": os.devnull}.items():
        git.git(repository, "config", name, value)
    git.git(repository, "add", ".")
    git.git(repository, "commit", "--quiet", "-m", "Three useful scripts")


def _change(repository: Path) -> None:
    path = repository / _COMPONENT
    write_atomic(path, read_bytes(path).replace(_OLD.encode(), _NEW.encode()))
    git.git(repository, "commit", "--quiet", "--all", "-m", "feat(wordcount): keep the apostrophe inside a word")


def _paa(stage: Stage, repository: Path, *arguments: str) -> None:
    with stage.step(f"paa {' '.join(arguments)}"):
        done = run([sys.executable, "-m", "paa", *arguments], folder=repository, environment=_environment())
    _show(stage, ["paa", *arguments], done.output, done.error_text, done.code)


def _environment() -> dict[str, str]:
    """The environment without credentials: the demo's index asks for none."""
    return {name: value for name, value in os.environ.items() if not name.startswith(("TWINE_", "PAA_"))}


def _install(stage: Stage, folder: Path, index: Path) -> Path:
    with stage.step("make a fresh environment"):
        programs = create_environment(folder)
    with stage.step("pip install wordreport dice, from the index just written"):
        pip_install(programs, ["--index-url", _url(index), "wordreport", "dice"])
    stage.say(f"$ pip install --index-url {_url(index)} wordreport dice")
    return programs


def _call(stage: Stage, programs: Path, program: str, *arguments: str) -> None:
    done = run([str(programs / program), *arguments], folder=programs)
    _show(stage, [program, *arguments], done.output, done.error_text, done.code)


def _show(stage: Stage, command: Sequence[str], output: bytes, errors: str, code: int) -> None:
    if code != 0:
        message = f"{' '.join(command)} ended with exit code {code}:\n{errors}"
        raise OutsideError(message, advice="this is what the demo was meant to show working; please report it")
    quoted = ['"{}"'.format(word.replace('"', r"\"")) if " " in word else word for word in command]
    stage.say(f"$ {' '.join(quoted)}")
    stage.say(_indented(output.decode("utf-8", "replace")))


def _indented(text: str) -> str:
    return "".join(f"    {line}\n" for line in text.splitlines())


def _tree(repository: Path) -> str:
    names = os.fsdecode(git.git(repository, "ls-files")).splitlines()
    return "".join(f"    {name}\n" for name in names)


def _url(index: Path) -> str:
    return (index / "simple").resolve().as_uri() + "/"
