"""Reasons for requirements → requirements: what asks for the same distribution is put together, or found to clash."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from packaging.markers import Marker
from packaging.requirements import Requirement as Pep508
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

from paa.model import Finding, Location, Requirement
from paa.scan.environments import held_together

_ALL = "all"
_BY_USER = "__package_metadata__"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """One reason for one requirement, before those for the same distribution are put together.

    ``alternatives`` are distributions that would do as well, if one of them is asked for.
    """

    requirement: Pep508
    evidence: str
    location: Location
    extra: str | None = None
    sibling: str | None = None
    alternatives: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Required:
    """The requirements of a package, sorted, and what was found on the way."""

    requirements: tuple[Requirement, ...]
    findings: tuple[Finding, ...]


def as_stated(wanted: Iterable[Wanted], stated: Iterable[Wanted]) -> Iterator[Wanted]:
    """What imports ask for, with the build of the same thing that is ``stated`` by name in place of the default.

    What a mark asks for holds for that build. Where several builds are stated, with markers that tell them apart, they
    say all there is to say.
    """
    asked = {canonicalize_name(item.requirement.name): item for item in stated if item.extra is None}
    for item in wanted:
        chosen = [asked[name] for name in map(canonicalize_name, item.alternatives) if name in asked]
        if not chosen:
            yield item
        elif len(chosen) == 1 and item.extra is None and canonicalize_name(item.requirement.name) not in asked:
            requirement = named(chosen[0].requirement.name)
            requirement.specifier, requirement.extras = item.requirement.specifier, item.requirement.extras
            requirement.marker = item.requirement.marker
            yield replace(item, requirement=requirement, evidence=chosen[0].evidence)


def merge(wanted: Iterable[Wanted], findings: Iterable[Finding], requires_python: str = "") -> Required:
    """Put together what asks for the same distribution: specifiers are intersected, extras joined, markers widened.

    ``requires_python`` says on which Pythons what is asked for has to agree.
    """
    groups: dict[tuple[str, str], list[Wanted]] = {}
    for item in wanted:
        groups.setdefault((item.extra or "", canonicalize_name(item.requirement.name)), []).append(item)
    requirements: list[Requirement] = []
    found = list(findings)
    for (extra, name), items in sorted(groups.items()):
        base = groups.get(("", name), []) if extra else []
        if not all(map(_marker, base)) and not any(map(_adds, items)):
            continue  # Required anyway: an extra of it would say nothing.
        found += _clashes(name, [*base, *items], requires_python)
        requirements += _by_marker(items, extra or None, requires_python)
    requirements += _everything(requirements)
    requirements.sort(key=lambda item: (item.extra or "", item.requirement.lower()))
    return Required(requirements=tuple(requirements), findings=tuple(dict.fromkeys(found)))


def _adds(item: Wanted) -> bool:
    requirement = item.requirement
    return bool(requirement.specifier or requirement.extras or requirement.url) or item.evidence.startswith(_BY_USER)


def _marker(item: Wanted) -> str:
    return str(item.requirement.marker) if item.requirement.marker else ""


def _by_marker(items: Sequence[Wanted], extra: str | None, requires_python: str) -> Iterator[Requirement]:
    """One requirement for all that ask the same under different markers; others stand side by side (PEP 508)."""
    by_marker: dict[str, list[Wanted]] = {}
    for item in items:
        by_marker.setdefault(_marker(item), []).append(item)
    joined = {marker: _joined(group) for marker, group in sorted(by_marker.items())}
    always = joined.get("")
    same: dict[str, list[str]] = {}
    for marker, merged in joined.items():
        covered = always is not None and _covers(always, merged)
        same.setdefault(str(always if covered else merged), []).append(marker)
    for _, markers in sorted(same.items()):
        merged = joined[markers[0]]
        if not _hold_everywhere(markers, requires_python):
            merged.marker = Marker(markers[0] if len(markers) == 1 else " or ".join(f"({text})" for text in markers))
        group = [item for marker in markers for item in by_marker[marker]]
        yield Requirement(
            requirement=str(merged),
            evidence=group[0].evidence,
            sources=tuple(sorted({item.location for item in group}, key=lambda place: (place.path, place.line or 0))),
            extra=extra,
            sibling=next((item.sibling for item in group if item.sibling), None),
        )


def _covers(always: Pep508, other: Pep508) -> bool:
    """Whether ``other`` asks for nothing that ``always`` does not."""
    asked = set(other.specifier) <= set(always.specifier) and other.extras <= always.extras
    return asked and other.url in {None, always.url}


def _hold_everywhere(markers: Sequence[str], requires_python: str) -> bool:
    """Whether there is no marker, or one of several holds on every Python that the package allows."""
    return "" in markers or (len(markers) > 1 and all(held_together(markers, requires_python)))


def _joined(items: Sequence[Wanted]) -> Pep508:
    """What ``items`` ask for together, without their markers."""
    merged = named(items[0].requirement.name)
    merged.url = next((item.requirement.url for item in items if item.requirement.url), None)
    merged.specifier = SpecifierSet() if merged.url else _together(items)
    merged.extras = {name for item in items for name in item.requirement.extras}
    return merged


def _together(items: Iterable[Wanted]) -> SpecifierSet:
    return SpecifierSet(",".join(sorted({str(part) for item in items for part in item.requirement.specifier})))


def named(distribution: str) -> Pep508:
    """A requirement of ``distribution``, a valid name, and nothing more, for the caller to fill in."""
    # Not parsed: that is a tenth of a scan, and parsing is also what copying one does.
    requirement = Pep508.__new__(Pep508)
    requirement.name = distribution
    requirement.url = None
    requirement.extras = set()
    requirement.specifier = SpecifierSet()
    requirement.marker = None
    return requirement


def _everything(requirements: Sequence[Requirement]) -> Iterator[Requirement]:
    """The extra ``all``: everything that guarded imports and #! marks make optional."""
    seen = {item.requirement for item in requirements if item.extra == _ALL}
    for item in requirements:
        if item.extra and item.extra != _ALL and not item.evidence.startswith(_BY_USER):
            if item.requirement not in seen:
                yield Requirement(
                    requirement=item.requirement,
                    evidence=item.evidence,
                    sources=item.sources,
                    extra=_ALL,
                    sibling=item.sibling,
                )
            seen.add(item.requirement)


def _clashes(name: str, items: Sequence[Wanted], requires_python: str) -> Iterator[Finding]:
    """Where no version satisfies all that holds at once, under the markers that hold together."""
    if not _contradict(items):
        return
    markers = {_marker(item) for item in items} - {""}
    clashing: list[frozenset[str]] = []
    for held in sorted(held_together(markers, requires_python), key=lambda held: (len(held), sorted(held))):
        group = [item for item in items if _marker(item) in {"", *held}]
        if not any(smaller <= held for smaller in clashing) and _contradict(group):
            clashing.append(held)
            places = " and ".join(f"{text} at {item.location}" for text, item in sorted(_asked(group).items()))
            message = f"no version of {name} satisfies {places}"
            advice = "make what is asked for agree"
            yield Finding(rule="requirement-clash", message=message, location=group[-1].location, advice=advice)


def _contradict(items: Sequence[Wanted]) -> bool:
    if any(item.requirement.url for item in items):
        return len(_asked(items)) > 1
    return any(item.requirement.specifier for item in items) and _together(items).is_unsatisfiable()


def _asked(items: Sequence[Wanted]) -> dict[str, Wanted]:
    """What is asked for, each with the first that does."""
    asked: dict[str, Wanted] = {}
    for item in items:
        text = f"@ {item.requirement.url}" if item.requirement.url else str(item.requirement.specifier)
        if text:
            asked.setdefault(text, item)
    return asked
