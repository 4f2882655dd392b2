"""Known names that an unknown one may be meant to be: misspelt, or a distribution's name where the import has another.

Nothing here ever decides. What is nearly a well-known name on an index is there to be taken for it.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from paa.scan.distribution.resolver import Candidate, Resolver
from paa.scan.standard_library import library_modules

STANDARD_LIBRARY, NAMESPACE = "the standard library", "many distributions"

_MOST = 3
# From so many letters on a name may have two mistakes; below so many, only a letter that is missing or one too many.
_LONG, _SHORT = 8, 4

_Place = tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Peer:
    """A known name: what to import, and of what. ``called`` is set where the name is not the import's own."""

    import_name: str
    distribution: str
    called: str | None = None
    well_known: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Spellings:
    """Every known name by its parent and its folded last part; ``shortened`` leads there with any letter left out."""

    peers: Mapping[_Place, tuple[_Peer, ...]]
    shortened: Mapping[_Place, frozenset[str]]

    def near(self, name: str) -> tuple[Candidate, ...]:
        """What the unknown import ``name`` may be meant to be, the nearest first, three at most.

        A candidate's ``spelling`` is what to import. Where ``name`` is the name of a distribution, however it is
        written, or differs in capitals only, that is the one answer.
        """
        parent, _, last = name.rpartition(".")
        folded = _folded(last)
        if same := self.peers.get((parent, folded)):
            return tuple(dict.fromkeys(_candidate(peer, distance=0) for peer in same))[:_MOST]
        others = {other for text in _shortened(folded) for other in self.shortened.get((parent, text), ())}
        near = {
            (distance, not peer.well_known, peer.import_name): _candidate(peer, distance=distance)
            for other in others
            for peer in self.peers[parent, other]
            if (distance := _distance(folded, other)) <= _allowed(folded, other, well_known=peer.well_known)
        }
        # Beside one that everybody knows, one that hardly anybody knows is not what was meant.
        sure = [key for key in near if key[:2] == (1, False)]
        ranked = {near[key].spelling: near[key] for key in sorted(sure or near, reverse=True)}
        return tuple(ranked.values())[::-1][:_MOST]


def open_spellings(resolver: Resolver) -> Spellings:
    """The names that ``resolver`` and the standard library know; takes some tens of milliseconds."""
    peers: dict[_Place, list[_Peer]] = defaultdict(list)
    for place, peer in _peers(resolver):
        if peer not in peers[place]:
            peers[place].append(peer)
    shortened: dict[_Place, set[str]] = defaultdict(set)
    for parent, folded in peers:
        for text in _shortened(folded):
            shortened[parent, text].add(folded)
    return Spellings(
        peers={place: tuple(found) for place, found in peers.items()},
        shortened={place: frozenset(found) for place, found in shortened.items()},
    )


def _peers(resolver: Resolver) -> Iterator[tuple[_Place, _Peer]]:
    table = resolver.table
    imports: dict[str, list[str]] = defaultdict(list)
    for name, distribution in sorted({**table.imports, **resolver.siblings, **resolver.mapping}.items()):
        parent, _, last = name.rpartition(".")
        if not last.startswith("_"):
            known = name in table.well_known
            yield (parent, _folded(last)), _Peer(import_name=name, distribution=distribution, well_known=known)
            for other in (distribution, *table.alternatives.get(name, ())):
                imports[other].append(name)
    for source, names in ((STANDARD_LIBRARY, library_modules()), (NAMESPACE, table.namespaces)):
        for name in sorted(names):
            if "." not in name:
                yield ("", _folded(name)), _Peer(import_name=name, distribution=source)
    distributions = {distribution: _shortest(names) for distribution, names in sorted(imports.items())}
    for called, name in {**distributions, **table.nicknames}.items():
        if _folded(called) not in {_folded(item) for item in imports[called] if "." not in item}:
            distribution = called if called in distributions else table.imports[name]
            peer = _Peer(import_name=name, distribution=distribution, called=called)
            yield ("", _folded(called)), replace(peer, well_known=name in table.well_known)


def _candidate(peer: _Peer, *, distance: int) -> Candidate:
    renamed = peer.called is not None and distance == 0
    if renamed:
        evidence = f"{peer.called} is imported as {peer.import_name!r}"
    else:
        evidence = f"of {peer.distribution}" if peer.called is None else f"what {peer.called} is imported as"
    return Candidate(distribution=peer.distribution, evidence=evidence, spelling=peer.import_name, renamed=renamed)


def _folded(name: str) -> str:
    return name.casefold().translate({ord(letter): None for letter in "-_."})


def _shortest(names: Iterable[str]) -> str:
    return min(names, key=lambda name: (name.count("."), len(name), name))


def _shortened(text: str) -> Iterator[str]:
    """``text``, and what is left of it without any one of its letters.

    Two texts that differ by one letter more, less, or other, or by two neighbours that changed places, share one.
    """
    yield text
    yield from (text[:index] + text[index + 1 :] for index in range(len(text)))


def _allowed(one: str, other: str, *, well_known: bool) -> int:
    """How many mistakes make ``one`` of ``other``. The first letter is hardly ever mistaken."""
    shorter = min(len(one), len(other))
    if not well_known and one[:1] != other[:1]:
        return 0
    if shorter < _SHORT:
        return 1 if len(one) != len(other) and one[:1] == other[:1] else 0
    return 2 if shorter >= _LONG else 1


def _distance(one: str, other: str) -> int:
    """How many letters were left out, put in, replaced, or changed places with their neighbour."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for index, letter in enumerate(one):
        last, before, row = before, row, [index + 1]
        for column, found in enumerate(other):
            cost = min(before[column + 1] + 1, row[column] + 1, before[column] + (letter != found))
            if index and column and letter == other[column - 1] and one[index - 1] == found:
                cost = min(cost, last[column - 1] + 1)
            row.append(cost)
    return row[-1]
