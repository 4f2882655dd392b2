"""A version that was released already is not made anew: what other tools make of the same sources has other bytes.

What an index lacks gets the files that were released, from an index that has them.
"""

import contextlib
import functools
import hashlib
import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from paa.build.backend import describe
from paa.build.build import BuildFailure, requires_dist
from paa.edges.files import write_atomic
from paa.edges.index import FILE_LIMIT, IndexReader, IndexUnavailableError, open_indexes
from paa.errors import BuildError, IndexReadError
from paa.model import BuiltRelease, Plan, Release
from paa.publish.gate import is_released
from paa.publish.targets import select_indexes
from paa.scan.repository import Repository

_ONE_TARGET_ONLY = "TWINE_"

logger = logging.getLogger(__name__)


def keep_released(
    repository: Repository,
    plan: Plan,
    built: Sequence[BuiltRelease],
    folder: Path,
    environment: Mapping[str, str],
) -> tuple[tuple[BuiltRelease, ...], tuple[BuildFailure, ...]]:
    """``built`` with the files that were released, where the plan knows them; and what no index has like that any more.

    In ``folder`` they replace what was built. ``environment`` is where credentials for reading are looked up. Raises
    FileError where a file can't be written.
    """
    if all(is_released(item) for item in built):
        return tuple(built), ()
    kept: list[BuiltRelease] = []
    lost: list[BuildFailure] = []
    down: set[str] = set()
    with _readers(repository, plan, environment) as find:
        for item in built:
            try:
                kept.append(item if is_released(item) else _fetched(item, folder, find, down))
            except BuildError as error:
                lost.append(BuildFailure(package=item.release.package, error=error))
    return tuple(kept), tuple(lost)


@contextlib.contextmanager
def _readers(
    repository: Repository, plan: Plan, environment: Mapping[str, str]
) -> Iterator[Callable[[str], IndexReader]]:
    """What opens the index of a name, once. ``TWINE_*`` is for the one target of a plan."""
    others = {key: value for key, value in environment.items() if not key.startswith(_ONE_TARGET_ONLY)}
    with contextlib.ExitStack() as stack:

        @functools.cache
        def find(name: str) -> IndexReader:
            known = environment if plan.indexes == (name,) else others
            return stack.enter_context(open_indexes(select_indexes(repository.config, (name,)), known))[0]

        yield find


def _fetched(built: BuiltRelease, folder: Path, find: Callable[[str], IndexReader], down: set[str]) -> BuiltRelease:
    """``built`` with the released files, from the first index that has them all. Raises BuildError.

    ``down`` collects the names of indexes that can't be reached, which are asked no more.
    """
    release = built.release
    for name in release.present_on:
        try:
            contents = None if name in down else _contents(find(name), release)
        except IndexReadError as error:
            down.update([name] if isinstance(error, IndexUnavailableError) else [])
            logger.info("%s %s is not read: %s", release.package, release.version, error.message)
            continue
        if contents is not None:
            for file, data in contents.items():
                write_atomic(folder / file, data)
            logger.info("%s %s: built with other bytes; the released ones are taken", release.package, release.version)
            files = tuple(describe(file, data) for file, data in contents.items())
            return replace(built, files=files, requires_dist=requires_dist(files, folder))
    message = (
        f"{release.package} {release.version} was released with other bytes than are built here now, and no index that"
        " can be read has those"
    )
    raise BuildError(message, advice=f"release the version after it: paa release {release.package} --all")


def _contents(reader: IndexReader, release: Release) -> Mapping[str, bytes] | None:
    """The released files as the index has them; None where it has not all of them, or not like that."""
    wanted = release.released_files
    served = {file.name: file for file in reader.files(release.distribution) if file.name in wanted}
    if served.keys() != wanted.keys():
        return None
    contents = {name: reader.read(served[name], limit_bytes=FILE_LIMIT) for name in sorted(wanted)}
    as_recorded = all(hashlib.sha256(data).hexdigest() == wanted[name] for name, data in contents.items())
    return contents if as_recorded else None
