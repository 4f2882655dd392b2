"""What the indexes have of one package → what that means: ours or not, made already, taken by something else.

Whether a package is released is judged for each index on its own.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from packaging.utils import canonicalize_name

from paa.config import Config
from paa.model import ScannedPackage
from paa.plan.pep440 import parse_version
from paa.plan.published import PublishedProject
from paa.plan.records import History

Projects = Mapping[str, PublishedProject]


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A version that at least one index has and that was made from the planned sources.

    ``floors`` are what its wheel requires at least: normalised distribution name → version. ``taken_on`` names the
    index where something else has this version, None where it can be completed everywhere.
    """

    version: str
    floors: Mapping[str, str]
    taken_on: str | None = None


def stranger(
    item: ScannedPackage, history: History, projects: Projects, config: Config, repository: str | None
) -> str | None:
    """The first index on which the package's name belongs to somebody else; None when there is none.

    It is ours where the newest wheel names this repository or a release that is recorded here, where a record of ours
    names a version that the index has, and where the settings say so (``adopt``). The same sources say so too, unless
    the wheel names another repository: copies of one template have the same sources.
    """
    if canonicalize_name(item.distribution) in config.adopt:
        return None
    for index, project in projects.items():
        if project.versions and not _is_ours(item, history, index, project, repository):
            return index
    return None


def _is_ours(
    item: ScannedPackage, history: History, index: str, project: PublishedProject, repository: str | None
) -> bool:
    manifest = project.manifest
    if manifest is not None:
        if manifest.repository is not None and manifest.repository == repository:
            return True
        known = {*history.fingerprints, *((item.fingerprint,) if manifest.repository is None else ())}
        if manifest.package == item.package.name and manifest.fingerprint in known:
            return True
    return bool(history.versions_on(index) & project.versions)


def made_already(item: ScannedPackage, history: History, projects: Projects, repository: str | None) -> Made | None:
    """The version that indexes have of these very sources, if it is newer than every release that is recorded.

    What was made in a repository at another address has other bytes, so it can't be that. A version on the index that
    carries the planned fingerprint is that release: completed, never re-versioned.
    """
    found = [
        (version, project)
        for project in projects.values()
        if project.manifest is not None
        and project.manifest.repository in {None, repository}
        and (project.manifest.package, project.manifest.fingerprint) == (item.package.name, item.fingerprint)
        and (version := parse_version(project.manifest.version)) is not None
    ]
    if not found:
        return None
    version, project = max(found, key=lambda pair: pair[0])
    proven = [parse_version(one.version) for one in history.releases if one.fingerprint is not None]
    if any(other is not None and version <= other for other in proven):
        return None
    text = str(version)
    return Made(version=text, floors=project.floors, taken_on=taken_on(item, text, projects))


def taken_on(item: ScannedPackage, version: str, projects: Projects) -> str | None:
    """The first index whose ``version`` was made from something else, as far as its newest wheel tells."""
    for index, project in projects.items():
        manifest = project.manifest
        if manifest is None or parse_version(manifest.version) != parse_version(version):
            continue
        if (manifest.package, manifest.fingerprint) != (item.package.name, item.fingerprint):
            return index
    return None


def have(version: str, projects: Projects) -> tuple[str, ...]:
    """The indexes that have ``version``."""
    wanted = parse_version(version)
    return tuple(index for index, project in projects.items() if _holds(project.versions, wanted))


def _holds(versions: Collection[str], wanted: object) -> bool:
    return any(parse_version(version) == wanted for version in versions)
