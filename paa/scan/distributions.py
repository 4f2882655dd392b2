"""Import name → distribution, with evidence. What is not certain stays unknown: a guess would be a wrong dependency.

``Resolver.resolve`` answers the same on every machine. What only this machine can tell (``Resolver.propose``) is shown
to the user, who decides by writing a line into the mapping file.
"""

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import takewhile
from pathlib import Path

from packaging.utils import InvalidName, canonicalize_name

from paa.edges.environment import installed_with
from paa.edges.files import read_bytes
from paa.errors import ConfigError
from paa.model import Finding, Location

MAPPING_PATH = ".paa/package_mapping.json"

_TABLE = Path(__file__).parent / "data" / "distributions.json"
_EVIDENCE = "built-in table"
_SIMILARITY = 0.8
_MOST_PROPOSED = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A distribution that might provide an import. ``spelling`` is set where it provides a similar name instead."""

    distribution: str
    evidence: str
    spelling: str | None = None


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
    """

    imports: Mapping[str, str]
    alternatives: Mapping[str, tuple[str, ...]]
    undecided: Mapping[str, tuple[str, ...]]
    namespaces: frozenset[str]


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
        names = tuple(_prefixes(module))
        if name := next(filter(self.mapping.__contains__, names), None):
            mapped = self.mapping[name]
            return Known(distribution=mapped, evidence=f"{MAPPING_PATH}: {name}", sibling=self._sibling_named(mapped))
        if name := next(filter(self.siblings.__contains__, names), None):
            sibling = self.siblings[name]
            return Known(distribution=sibling.replace("_", "-"), evidence="package of this repository", sibling=sibling)
        return self._from_table(module)

    def resolve_from(self, module: str, names: Sequence[str]) -> tuple[Resolution, ...]:
        """The distributions of ``from module import names``, each once; without names, of ``import module``.

        Every name is tried as a submodule, which it is below a namespace package: ``from google.cloud import storage``.
        """
        modules = [module if name == "*" else f"{module}.{name}" for name in names] or [module]
        return tuple(dict.fromkeys(self.resolve(name) for name in modules))

    def propose(self, module: str, *, path: Sequence[str] | None = None) -> tuple[Candidate, ...]:
        """What could be meant by an unknown import: installed distributions that have it, else similar known names.

        Depends on the machine and takes tens of milliseconds: for error messages only, never a dependency by itself.
        ``path`` is where to look for installed distributions, ``sys.path`` by default.
        """
        name, namespace = self._import_name(module)
        if not name or namespace:
            return ()
        installed = (
            Candidate(distribution=distribution, evidence=f"{version}, installed here, has it")
            for distribution, version in installed_with(name, path=path)[:_MOST_PROPOSED]
        )
        return tuple(installed) or self._similar(name)

    def _from_table(self, module: str) -> Resolution:
        for name in _prefixes(module):
            if distribution := self.table.imports.get(name):
                others = self.table.alternatives.get(name, ())
                return Known(distribution=distribution, evidence=f"{_EVIDENCE}: {name}", alternatives=others)
            if undecided := self.table.undecided.get(name):
                return Unknown(module=name, candidates=tuple(map(_undecided, undecided)))
            if name in self.table.namespaces:
                break
        name, namespace = self._import_name(module)
        return Unknown(module=name, namespace=namespace)

    def _import_name(self, module: str) -> tuple[str, bool]:
        """The name just below the deepest namespace that holds ``module``, and whether it is a namespace itself."""
        mapped = (parent for key in self.mapping for parent in _prefixes(key.rpartition(".")[0]))
        shared = self.table.namespaces.union(mapped)
        owned = tuple(takewhile(lambda prefix: prefix not in shared, _prefixes(module)))
        return (owned[-1], False) if owned else (module, module in shared)

    def _sibling_named(self, distribution: str) -> str | None:
        names = (re.sub(r"[-.]", "_", name) for name in (distribution, canonicalize_name(distribution)))
        return next((self.siblings[name] for name in names if name in self.siblings), None)

    def _similar(self, name: str) -> tuple[Candidate, ...]:
        """Known names at the same place in the tree that are spelled almost like ``name``."""
        from difflib import get_close_matches

        known = {**self.table.imports, **self.siblings, **self.mapping}
        parent, _, last = name.rpartition(".")
        peers: dict[str, str] = {}
        for key in sorted(known):
            place, _, peer = key.rpartition(".")
            if place == parent and not peer.startswith("_"):
                peers.setdefault(peer.casefold(), key)
        matches = get_close_matches(last.casefold(), list(peers), n=_MOST_PROPOSED, cutoff=_SIMILARITY)
        return tuple(
            Candidate(distribution=known[peers[match]], evidence="similar spelling", spelling=peers[match])
            for match in matches
        )


def parse_mapping(data: bytes, source: str) -> Mapping[str, str]:
    """The content of the mapping file: a JSON object of import name (dotted or not) → distribution name (PEP 508).

    ``source`` names the file in messages. Raises ConfigError with every fault.
    """
    advice = f'{source} is a JSON object such as {{"yaml": "PyYAML", "google.cloud.storage": "google-cloud-storage"}}'
    try:
        # Objects become tuples of pairs, so that a key that is given twice is seen.
        pairs = json.loads(data.decode("utf-8-sig"), object_pairs_hook=tuple)
    except (ValueError, RecursionError) as error:
        message = f"{source} is not JSON in UTF-8: {error}"
        raise ConfigError(message, advice=advice) from error
    if faults := tuple(_mapping_faults(pairs)):
        message = f"{source} has faults:"
        raise ConfigError(message, faults=faults, advice=advice)
    return dict(sorted(pairs))


def unknown_finding(
    module: str, location: Location, candidates: Sequence[Candidate], *, namespace: bool = False
) -> Finding:
    """The error for an import of which no distribution is known; ``module`` and ``namespace`` are from ``Unknown``."""
    spellings = [item for item in candidates if item.spelling is not None]
    providers = [item for item in candidates if item.spelling is None]
    message = f"it is not known which distribution provides the import {module!r}"
    if namespace:
        message = f"{module!r} is a namespace that several distributions share: it does not say which one is needed"
        advice = f"import the module below {module!r} that is used, or mark the import '#-' and add '#@ DISTRIBUTION'"
        return Finding(rule="unknown-import", message=message, location=location, advice=advice)
    if providers:
        message += f"; it may be {' or '.join(f'{item.distribution} ({item.evidence})' for item in providers)}"
    if spellings:
        message += f"; did you mean {' or '.join(f'{item.spelling!r} (of {item.distribution})' for item in spellings)}?"
    names = dict.fromkeys(item.distribution for item in providers) or ("DISTRIBUTION",)
    lines = " or ".join(f'"{module}": "{name}"' for name in names)
    correction = "correct the spelling, or " if spellings else ""
    advice = f"{correction}add to the JSON object in {MAPPING_PATH} the line {lines}"
    return Finding(rule="unknown-import", message=message, location=location, advice=advice)


def _prefixes(module: str) -> Iterator[str]:
    """``a.b.c``, ``a.b``, ``a``: the dotted name and its parents, longest first."""
    while module:
        yield module
        module = module.rpartition(".")[0]


def _undecided(requirement: str) -> Candidate:
    """A candidate from the table's ``name`` or ``name <version``."""
    name, _, versions = requirement.partition(" ")
    reason = f": only versions {versions} have it, mark the import '#{versions}'" if versions else ""
    return Candidate(distribution=name, evidence=f"{_EVIDENCE}{reason}")


def _mapping_faults(pairs: object) -> Iterator[str]:
    if not isinstance(pairs, tuple):
        yield "it holds something else than a JSON object"
        return
    times = Counter(key for key, _ in pairs)
    yield from (f"{key!r} is there {count} times" for key, count in sorted(times.items()) if count > 1)
    for key, value in pairs:
        if not all(part.isidentifier() for part in key.split(".")):
            yield f"{key!r} is not the name of a module"
        try:
            canonicalize_name(value if isinstance(value, str) else "", validate=True)
        except InvalidName:
            yield f"{key!r}: {value!r} is not the name of a distribution (a version belongs to a mark at the import)"
