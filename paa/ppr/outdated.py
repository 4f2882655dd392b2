"""Pipelines that are not what they would be made as now: the indexes have changed since, or paa has."""

from collections.abc import Iterator
from dataclasses import dataclass

from paa.ppr.generated import GENERATED_FILE
from paa.ppr.init import Request, plan_set_up, read_generated
from paa.ppr.options import Platform
from paa.ppr.upgrade import FileState
from paa.scan.repository import Repository

_OUT_OF_DATE = (FileState.CREATED, FileState.UPGRADED, FileState.MERGED, FileState.REMOVED, FileState.CONFLICT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outdated:
    """``paths`` are the files that setting up ``platform`` again would change."""

    platform: Platform
    paths: tuple[str, ...]


def outdated_pipelines(repository: Repository) -> Iterator[Outdated]:
    """What setting up the platforms of ``repository`` again would change; nothing is written.

    Raises what ``plan_set_up`` does, UsageError also for files that a newer paa has written.
    """
    if not (repository.root / GENERATED_FILE).is_file():
        return
    for platform in sorted(read_generated(repository.root, force=False).platforms):
        changes = plan_set_up(repository, Request(platform=platform)).changes
        paths = [item.path for item in changes if item.state in _OUT_OF_DATE and item.path.startswith(f".{platform}/")]
        if paths:
            yield Outdated(platform=platform, paths=tuple(paths))
