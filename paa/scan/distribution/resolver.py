"""Import name → distribution, with evidence. What is not certain stays unknown: a guess would be a wrong dependency.

A ``Resolver`` answers the same on every machine. What may be meant by an unknown name is in ``proposals.py``.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import takewhile
from pathlib import Path

from packaging.utils import canonicalize_name

from paa.edges.files import read_bytes
from paa.edges.tree import Tree
from paa.scan.distribution.mapping import MAPPING_PATH, parse_mapping

TABLE_EVIDENCE = "built-in table"

_TABLE = Path(__file__).parent.parent / "data" / "distributions.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A distribution that might provide an import. ``spelling`` is set where it provides a similar name instead.

    ``renamed`` says that the name is right, but that of the distribution: what to import is its ``spelling``.
    ``versions`` are those that have the import, as a specifier set, where not every one has it.
    """

    distribution: str
    evidence: str
    spelling: str | None = None
    renamed: bool = False
    versions: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """The distribution that provides an import, and how that is known.

    ``sibling`` is the package's name when it is one of this PPR; ``distribution`` is then derived from it and gives way
    to the name in the package's own metadata. ``alternatives`` are other builds of the same thing.
    """

    distribution: str
    evidence: str
    sibling: str | None = None
    alternatives: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Unknown:
    """No certain answer. ``module`` is the import name that a line of the mapping file would have to name.

    ``namespace`` says that the module is shared by many distributions, so that no line could ever be right for it.
    """

    module: str
    candidates: tuple[Candidate, ...] = ()
    namespace: bool = False


Resolution = Known | Unknown


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """The built-in facts. Keys are dotted import names that stand for themselves and for everything below them.

    ``alternatives`` are other builds of what ``imports`` names; ``undecided`` the distributions (with the versions
    that matter) of which only the user can know which one is meant; ``namespaces`` provide nothing themselves.
    For messages there are ``nicknames``, other names that people give to an import (``opencv`` for ``cv2``), and the
    imports that are so ``well_known`` that what is almost their name is meant to be it, or to be taken for it.
    """

    imports: Mapping[str, str]
    alternatives: Mapping[str, tuple[str, ...]]
    undecided: Mapping[str, tuple[str, ...]]
    namespaces: frozenset[str]
    nicknames: Mapping[str, str]
    well_known: frozenset[str]


@cache
def load_table() -> Table:
    """The built-in table, read once a process (about 2 ms). Raises FileError where the installation is damaged."""
    document = json.loads(read_bytes(_TABLE))
    imports = document["imports"]
    several = {key: value for key, value in imports.items() if isinstance(value, list)}
    return Table(
        imports=imports | {key: value[0] for key, value in several.items()},
        alternatives={key: tuple(value[1:]) for key, value in several.items()},
        undecided={key: tuple(value) for key, value in document["undecided"].items()},
        namespaces=frozenset(document["namespaces"]),
        nicknames=document["nicknames"],
        well_known=frozenset(document["well_known"]),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolver:
    """Finds the distribution of an import: first in the user's ``mapping``, then among ``siblings``, then in ``table``.

    ``mapping`` is import name → distribution (``parse_mapping``); ``siblings`` import name → package of this PPR.
    Within one source the longest dotted prefix wins. Import names are case-sensitive.
    """

    mapping: Mapping[str, str]
    siblings: Mapping[str, str]
    table: Table

    def resolve(self, module: str) -> Resolution:
        """The distribution of the absolute import ``module``, all of its dotted name: ``google.cloud.storage.blob``."""
        return self.from_mapping(module) or self.from_siblings(module) or self.from_table(module)

    def resolve_from(self, module: str, names: Sequence[str]) -> tuple[Resolution, ...]:
        """The distributions of ``from module import names``, each once; without names, of ``import module``.

        Every name is tried as a submodule, which it is below a namespace package: ``from google.cloud import storage``.
        """
        return tuple(dict.fromkeys(self.resolve(name) for name in imported_modules(module, names)))

    def from_mapping(self, module: str) -> Known | None:
        """What the mapping file says about ``module``, if it does."""
        name = next(filter(self.mapping.__contains__, prefixes(module)), None)
        if name is None:
            return None
        mapped = self.mapping[name]
        return Known(distribution=mapped, evidence=f"{MAPPING_PATH}: {name}", sibling=self.sibling_named(mapped))

    def from_siblings(self, module: str) -> Known | None:
        """The package of this PPR that ``module`` is, if it is one."""
        name = next(filter(self.siblings.__contains__, prefixes(module)), None)
        if name is None:
            return None
        sibling = self.siblings[name]
        return Known(distribution=sibling.replace("_", "-"), evidence="package of this repository", sibling=sibling)

    def from_table(self, module: str) -> Resolution:
        """What the built-in table says about ``module``; the table is the last to be asked."""
        for name in prefixes(module):
            if distribution := self.table.imports.get(name):
                others = self.table.alternatives.get(name, ())
                return Known(distribution=distribution, evidence=f"{TABLE_EVIDENCE}: {name}", alternatives=others)
            if undecided := self.table.undecided.get(name):
                return Unknown(module=name, candidates=tuple(map(_undecided, undecided)))
            if name in self.table.namespaces:
                break
        name, namespace = self.import_name(module)
        return Unknown(module=name, namespace=namespace)

    def import_name(self, module: str) -> tuple[str, bool]:
        """The name just below the deepest namespace that holds ``module``, and whether it is a namespace itself."""
        mapped = (parent for key in self.mapping for parent in prefixes(key.rpartition(".")[0]))
        shared = self.table.namespaces.union(mapped)
        owned = tuple(takewhile(lambda prefix: prefix not in shared, prefixes(module)))
        return (owned[-1], False) if owned else (module, module in shared)

    def sibling_named(self, distribution: str) -> str | None:
        """The package of this PPR whose module is called like ``distribution``; its metadata may say another name."""
        names = (re.sub(r"[-.]", "_", name) for name in (distribution, canonicalize_name(distribution)))
        return next((self.siblings[name] for name in names if name in self.siblings), None)


def open_resolver(tree: Tree, siblings: Iterable[str]) -> Resolver:
    """The resolver of the repository in ``tree``, whose packages are called ``siblings``.

    Raises ConfigError for a mapping file that can't be read, FileError or GitError when the tree can't be.
    """
    data = tree.read_one(MAPPING_PATH)
    return Resolver(
        mapping={} if data is None else parse_mapping(data, MAPPING_PATH),
        siblings={name: name for name in siblings},
        table=load_table(),
    )


def imported_modules(module: str, names: Sequence[str]) -> tuple[str, ...]:
    """What ``from module import names`` may import, by absolute names; ``module`` for ``*`` and no names."""
    return tuple(module if name == "*" else f"{module}.{name}" for name in names) or (module,)


def prefixes(module: str) -> Iterator[str]:
    """``a.b.c``, ``a.b``, ``a``: the dotted name and its parents, longest first."""
    while module:
        yield module
        module = module.rpartition(".")[0]


def _undecided(requirement: str) -> Candidate:
    """A candidate from the table's ``name`` or ``name <version``."""
    name, _, versions = requirement.partition(" ")
    reason = f": only versions {versions} have it, mark the import '#{versions}'" if versions else ""
    return Candidate(distribution=name, evidence=f"{TABLE_EVIDENCE}{reason}", versions=versions)
