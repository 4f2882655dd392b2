"""``paa graph --format json``: who needs whom. docs/reference/formats.md describes the document."""

from collections.abc import Mapping
from dataclasses import dataclass

from paa.documents.reading import SCHEMA
from paa.documents.writing import without_none


@dataclass(frozen=True, slots=True, kw_only=True)
class GraphRequirement:
    """A requirement from outside the repository: ``distribution`` is its name alone, ``extra`` where it belongs."""

    requirement: str
    distribution: str
    extra: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GraphPackage:
    """A package and what it needs.

    ``needs`` are the packages of the repository that it always needs, ``optional`` those that only extras of it need.
    ``level`` says when it can be released: level 1 needs no other package, each level only those below it; None on a
    cycle, and for what needs a package on a cycle. ``broken``: it has errors, so more may be missing here.
    """

    package: str
    distribution: str
    level: int | None
    needs: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()
    requirements: tuple[GraphRequirement, ...] = ()
    components: tuple[str, ...] = ()
    broken: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Graph:
    """Packages by name, all sorted; ``cycles`` are groups of packages that need one another."""

    packages: tuple[GraphPackage, ...]
    cycles: tuple[tuple[str, ...], ...] = ()

    @property
    def levels(self) -> Mapping[int | None, tuple[GraphPackage, ...]]:
        """The packages by level, lowest first, those without one last."""
        found: dict[int | None, list[GraphPackage]] = {}
        for item in sorted(self.packages, key=lambda item: (item.level is None, item.level or 0)):
            found.setdefault(item.level, []).append(item)
        return {level: tuple(items) for level, items in found.items()}

    def is_on_cycle(self, package: str, needed: str) -> bool:
        """Whether the need of ``package`` for ``needed`` is one of those that make a cycle."""
        return any(package in members and needed in members for members in self.cycles)


def graph_to_json(graph: Graph) -> dict[str, object]:
    """The document of a graph."""
    return {
        "schema": SCHEMA,
        "packages": [_package_to_json(item) for item in graph.packages],
        "cycles": [list(members) for members in graph.cycles],
    }


def _package_to_json(item: GraphPackage) -> dict[str, object]:
    return {
        "package": item.package,
        "distribution": item.distribution,
        "level": item.level,
        "broken": item.broken,
        "needs": list(item.needs),
        "optional": list(item.optional),
        "requirements": [
            without_none({"requirement": one.requirement, "distribution": one.distribution, "extra": one.extra})
            for one in item.requirements
        ],
        "components": list(item.components),
    }
