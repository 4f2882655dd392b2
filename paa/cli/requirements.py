"""``paa extract-module-requirements``: what packages need; and finding out where that is not known yet."""

import contextlib
import functools
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

import click

from paa.cli import output
from paa.cli.options import Settings, command, one_at_a_time
from paa.errors import FindingsError, UsageError
from paa.model import ScannedPackage
from paa.scan.distribution.mapping import MAPPING_PATH
from paa.scan.repository import disk_state, open_repository
from paa.scan.scan import require_no_errors
from paa.scan.state import State, require_package, scan_state

if TYPE_CHECKING:
    from paa.scan.distribution.index_answers import Ask
    from paa.scan.distribution.learning import Lesson


def learning_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """``--learn`` and ``--ask-index`` for a command; ``learn_imports`` does what they ask for."""
    options = (
        click.option(
            "--learn", is_flag=True, help=f"Write to {MAPPING_PATH} which distribution has an unknown import."
        ),
        click.option("--ask-index", metavar="NAME", help="Ask this index about unknown imports too, such as pypi."),
    )
    for option in reversed(options):
        function = option(function)
    return function


@command("extract-module-requirements")
@click.argument("packages", nargs=-1)
@click.option("--show-extra", is_flag=True, help="Also print optional requirements, with their extra.")
@learning_options
def extract_requirements(
    settings: Settings, packages: tuple[str, ...], *, show_extra: bool, learn: bool, ask_index: str | None
) -> None:
    """Print the requirements of PACKAGES as they are on disk, one a line, sorted; siblings included.

    Without PACKAGES, of all together.
    """
    repository = open_repository(settings.directory, settings.config)
    state = scan_state(repository, disk_state(repository))
    if learn or ask_index:
        state = learn_imports(state, packages, ask_index, write=learn)
    chosen = _chosen(state, packages)
    _require_no_errors(chosen)
    lines = {
        _line(requirement.requirement, requirement.extra)
        for scanned in chosen
        for requirement in scanned.requirements
        if show_extra or not requirement.extra
    }
    for line in sorted(lines, key=lambda text: (text.lower(), text)):
        output.say(line)


def learn_imports(state: State, packages: Sequence[str], ask_index: str | None, *, write: bool) -> State:
    """Find out which distributions have the unknown imports of ``packages`` (all for none), and say so on stderr.

    ``ask_index`` names the index that may be asked, None for none. With ``write``, what is beyond doubt goes into the
    mapping file. Returns the state as it is then. Raises UsageError for an index or package that there is not, and
    OutsideError when the index can't be read.
    """
    from paa.scan.distribution.learning import find_out, learnt_lines, write_lines

    root = state.repository.root
    with _asker(state, ask_index) as ask, one_at_a_time(root) if write else contextlib.nullcontext():
        lessons = find_out(state, _chosen(state, packages), ask)
        lines = learnt_lines(lessons)
        _report(lessons, write=write)
        if not write or not lines:
            return state
        write_lines(root, lines)
    tree = disk_state(state.repository)
    if MAPPING_PATH not in tree.blobs:
        message = f"{MAPPING_PATH} was written, but Git ignores it, so that it does not count"
        raise UsageError(message, advice="take it out of .gitignore: it belongs to the sources")
    output.warn(f"{MAPPING_PATH} was written: look at it, then commit it")
    return scan_state(state.repository, tree)


@contextlib.contextmanager
def _asker(state: State, index_name: str | None) -> Iterator["Ask | None"]:
    """What asks the index of that name; None where none may be asked."""
    if index_name is None:
        yield None
        return
    from paa.edges.index import open_indexes
    from paa.publish.targets import select_indexes
    from paa.scan.distribution.index_answers import ask_index, bounded

    indexes = select_indexes(state.repository.config, (index_name,))
    with open_indexes(indexes, os.environ) as (reader,):
        yield bounded(functools.partial(ask_index, reader, index_name))


def _report(lessons: Iterable["Lesson"], *, write: bool) -> None:
    verb = "learnt" if write else "found"
    for lesson in lessons:
        known = lesson.distribution is not None
        told = f"{verb}: {lesson.module} is of {lesson.distribution}" if known else f"not {verb}: {lesson.module}"
        output.warn(f"{told} ({lesson.evidence})")
    if not write and any(lesson.distribution for lesson in lessons):
        output.warn(f"nothing was written: with --learn, {MAPPING_PATH} gets what was found")


def _chosen(state: State, names: Sequence[str]) -> list[ScannedPackage]:
    return [require_package(state, name) for name in names] or list(state.scanned.values())


def _require_no_errors(chosen: Iterable[ScannedPackage]) -> None:
    """Raise FindingsError with the errors of all, if there is one."""
    errors = []
    for scanned in chosen:
        try:
            require_no_errors(scanned)
        except FindingsError as error:
            errors.append(error.message)
    if errors:
        raise FindingsError("\n".join(errors))


def _line(requirement: str, extra: str | None) -> str:
    if extra is None:
        return requirement
    joined = " and " if ";" in requirement else "; "
    return f'{requirement}{joined}extra == "{extra}"'


COMMANDS = {"extract-module-requirements": extract_requirements}
