"""``paa list --json``: the packages of a repository. docs/reference/formats.md describes the document."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from paa.documents.reading import SCHEMA
from paa.model import InterfaceKind


class PackageState(StrEnum):
    """How a package stands to its last release."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    BROKEN = "broken"


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedPackage:
    """One line of the list: ``path`` is the module, ``version`` the last released one (None before the first)."""

    package: str
    distribution: str
    path: str
    version: str | None
    state: PackageState
    interfaces: tuple[InterfaceKind, ...] = ()


def list_to_json(packages: Sequence[ListedPackage]) -> dict[str, object]:
    """The document of a list, sorted by package."""
    ordered = sorted(packages, key=lambda item: (item.package, item.path))
    return {"schema": SCHEMA, "packages": [listed_to_json(item) for item in ordered]}


def listed_to_json(item: ListedPackage) -> dict[str, object]:
    """The entry of one package."""
    return {
        "package": item.package,
        "distribution": item.distribution,
        "path": item.path,
        "version": item.version,
        "state": item.state.value,
        "interfaces": sorted(kind.value for kind in item.interfaces),
    }
