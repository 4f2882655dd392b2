"""Which packages a change may break: what their tests, and those of what needs them, have to show."""

import re
from collections.abc import Collection, Iterable, Mapping

from paa.config import Config
from paa.model import Plan, ScannedPackage

# Where a project keeps its tests, below its own folder.
PROJECT_TESTS = ("tests", "test")
# Jobs get these names as variables, and Azure puts the values of others where `$(name)` stands in one: secrets too.
_NAME = re.compile(r"[A-Za-z0-9_.-]+")


def tests_of(item: ScannedPackage, config: Config) -> tuple[str, ...]:
    """The folders in which the tests of a package may be."""
    project = item.package.project
    if project is not None:
        return tuple(name if project == "." else f"{project}/{name}" for name in PROJECT_TESTS)
    folder = item.package.name if config.tests_dir == "." else f"{config.tests_dir}/{item.package.name}"
    return (folder,)


def affected(
    plan: Plan, scanned: Mapping[str, ScannedPackage], changed: Collection[str], config: Config
) -> tuple[str, ...]:
    """The packages to test, sorted: what ``plan`` releases or has blocked, what needs these, whose tests changed.

    ``changed`` are the paths that a change touches. What all tests share (files in the folder of the tests that belong
    to no package) affects every package. Packages that opt out of releases are affected by changes of their files.
    What has no name for a package, and is blocked for that, has no tests either.
    """
    found = {release.package for release in plan.releases} | {item.package for item in plan.blocked}
    found |= {
        name
        for name, item in scanned.items()
        if item.metadata is not None and not item.metadata.publish and not item.contents.keys().isdisjoint(changed)
    }
    found = _with_dependents(found & scanned.keys(), scanned)
    found |= _tests_changed(scanned, changed, config)
    return tuple(sorted(name for name in found if _NAME.fullmatch(name)))


def _with_dependents(names: Iterable[str], scanned: Mapping[str, ScannedPackage]) -> set[str]:
    needed_by: dict[str, list[str]] = {}
    for name, item in scanned.items():
        for sibling in {one.sibling for one in item.requirements if one.sibling}:
            needed_by.setdefault(sibling, []).append(name)
    found: set[str] = set()
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += needed_by.get(name, ())
    return found


def _tests_changed(scanned: Mapping[str, ScannedPackage], changed: Collection[str], config: Config) -> set[str]:
    owners = {f"{folder}/": item for item in scanned.values() for folder in tests_of(item, config)}
    found: set[str] = set()
    for path in changed:
        own = [item.package for folder, item in owners.items() if path.startswith(folder)]
        found |= {package.name for package in own}
        shared = config.tests_dir != "." and path.startswith(f"{config.tests_dir}/")
        if shared and all(package.project is not None for package in own):
            return set(scanned)
    return found
