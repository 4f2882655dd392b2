"""``paa refresh-module-artifacts``: fetch what the links of packages lead to, and pin it in ``artifacts.lock``."""

import os
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

import click

from paa.cli import output
from paa.cli.options import Settings, command, one_at_a_time
from paa.documents.artifacts_lock import ARTIFACTS_LOCK, artifacts_lock_bytes, parse_artifacts_lock, refreshed
from paa.edges.addresses import without_user_info
from paa.edges.cache import cache_folder
from paa.edges.download import Limits
from paa.edges.fetch import FetchError
from paa.edges.files import write_atomic
from paa.edges.large_files import is_pointer
from paa.edges.pinned import PinnedContents, open_pinned_contents
from paa.errors import FileError, PaaError
from paa.model import LinkedArtifact, Pin, ScannedPackage
from paa.scan.artifacts import RULE
from paa.scan.repository import disk_state, open_repository
from paa.scan.state import State, require_package, scan_state

_FAILED = 1
_MEBIBYTE = 1 << 20
_PAGE = (b"<!doctype html", b"<html")
_PAGE_NAMES = (".htm", ".html", ".xhtml")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Fetched:
    """What was fetched, and what could not be, by address."""

    pins: Mapping[str, Pin]
    failures: Mapping[str, PaaError]


@command("refresh-module-artifacts")
@click.argument("packages", nargs=-1)
@click.option(
    "--size-limit", type=click.IntRange(min=1), default=100, show_default=True, metavar="MIB", help="Per file."
)
@click.option(
    "--time-limit", type=click.IntRange(min=1), default=600, show_default=True, metavar="SECONDS", help="Per file."
)
def refresh_artifacts(settings: Settings, packages: tuple[str, ...], size_limit: int, time_limit: int) -> None:
    """Fetch what the links of PACKAGES (all, if none is named) lead to, and pin it in artifacts.lock.

    Links are artifacts/<package>/<name>.link and artifact_urls in the metadata. Commit artifacts.lock afterwards.
    """
    repository = open_repository(settings.directory, settings.config)
    limits = Limits(size_bytes=size_limit * _MEBIBYTE, seconds=time_limit)
    with one_at_a_time(repository.root):
        state = scan_state(repository, disk_state(repository))
        chosen = [require_package(state, name).package.name for name in packages] or list(state.scanned)
        old = _read_lock(state)
        links = [link for name in chosen for link in state.scanned[name].linked_artifacts]
        fetched = _fetch_all(settings, links, limits)
        pins = refreshed(old, fetched.pins.values(), _used(state), all_known=all(map(_is_known, _modules(state))))
        _tell(links, old, fetched)
        _write_lock(state, pins)
        after = scan_state(repository, disk_state(repository))
    code = max(_left(after, chosen, fetched), *(error.exit_code for error in fetched.failures.values()), 0)
    if code:
        raise click.exceptions.Exit(code)


def _read_lock(state: State) -> dict[str, Pin]:
    if ARTIFACTS_LOCK in state.tree.links:
        message = f"{ARTIFACTS_LOCK} is a symbolic link"
        raise FileError(message, advice="remove it, then run again")
    data = state.tree.read_one(ARTIFACTS_LOCK)
    return {} if data is None else parse_artifacts_lock(data)


def _modules(state: State) -> list[ScannedPackage]:
    return [item for item in state.scanned.values() if item.package.project is None]


def _is_known(scanned: ScannedPackage) -> bool:
    """Whether the package was read so far that all its links are known."""
    return bool(scanned.contents)


def _used(state: State) -> Collection[str]:
    return {link.url for item in state.scanned.values() for link in item.linked_artifacts}


def _fetch_all(settings: Settings, links: Iterable[LinkedArtifact], limits: Limits) -> _Fetched:
    names = {link.url: link.path for link in sorted(links, key=lambda link: (link.url, link.path), reverse=True)}
    pins: dict[str, Pin] = {}
    failures: dict[str, PaaError] = {}
    with (
        open_pinned_contents(cache_folder(os.environ)) as contents,
        output.progress("fetching", len(names), quiet=settings.quiet) as step,
    ):
        for url, name in sorted(names.items()):
            try:
                pins[url] = _fetch(contents, url, name, limits)
            except FetchError as error:
                failures[url] = error
            step.advance(name)
    return _Fetched(pins=pins, failures=failures)


def _fetch(contents: PinnedContents, url: str, name: str, limits: Limits) -> Pin:
    pin, data = contents.fetch(url, limits)
    shown = without_user_info(url)
    if is_pointer(data):
        message = f"{shown} gives a pointer of Git LFS, not the file that it stands for"
        raise FetchError(message, advice="link to where the file itself is served (on GitHub: media, not raw)")
    if data[:100].lstrip().lower().startswith(_PAGE) and not name.lower().endswith(_PAGE_NAMES):
        output.warn(f"{shown} gives a web page, and {name} is not one: does the link lead to the file itself?")
    return pin


def _tell(links: Iterable[LinkedArtifact], old: Mapping[str, Pin], fetched: _Fetched) -> None:
    rows = []
    for link in links:
        pin = fetched.pins.get(link.url)
        if pin is None:
            continue
        state = "new" if link.url not in old else "unchanged" if old[link.url] == pin else "changed"
        rows.append((state, link.source.path, link.path, f"{pin.size:,} bytes", pin.sha256[:12]))
    output.say_table(rows)
    for error in fetched.failures.values():
        output.fail(error.message, error.advice)


def _write_lock(state: State, pins: tuple[Pin, ...]) -> None:
    data = artifacts_lock_bytes(pins)
    old = state.tree.read_one(ARTIFACTS_LOCK)
    if data == old or (old is None and not pins):
        output.say(f"{ARTIFACTS_LOCK} is as it was" if pins else "no package links to artifacts")
        return
    write_atomic(state.repository.root / ARTIFACTS_LOCK, data)
    output.say(f"wrote {ARTIFACTS_LOCK}: commit it", style="green")


def _left(state: State, chosen: Collection[str], fetched: _Fetched) -> int:
    """Tell what still keeps links of the ``chosen`` packages from being shipped; the exit code for it."""
    code = 0
    if ARTIFACTS_LOCK not in state.tree.blobs and fetched.pins:
        output.fail(f"Git ignores {ARTIFACTS_LOCK}: no release would find it", "add !artifacts.lock to .gitignore")
        return _FAILED
    failed = {link.source for item in state.scanned.values() for link in item.linked_artifacts if not link.pin}
    for name in chosen:
        item = state.scanned[name]
        if item.package.project is None and not _is_known(item):
            output.fail(f"{name} can't be read, so its links may not all be known", "see 'paa list'")
            code = _FAILED
        for finding in item.errors:
            if finding.rule == RULE and finding.location not in failed:
                output.fail(f"{name}: {finding}", None)
                code = _FAILED
    return code


COMMANDS = {"refresh-module-artifacts": refresh_artifacts}
