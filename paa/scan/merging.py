"""Reasons for requirements → requirements: what asks for the same distribution is put together, or found to clash."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from packaging.markers import Marker
from packaging.requirements import Requirement as Pep508
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

from paa.model import Finding, Location, Requirement

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


def merge(wanted: Iterable[Wanted], findings: Iterable[Finding]) -> Required:
    """Put together what asks for the same distribution: specifiers are intersected, extras joined, markers widened."""
    groups: dict[tuple[str, str], list[Wanted]] = {}
    for item in wanted:
        groups.setdefault((item.extra or "", canonicalize_name(item.requirement.name)), []).append(item)
    always = {
        name: [item for item in items if not _marker(item)] for (extra, name), items in groups.items() if not extra
    }
    requirements: list[Requirement] = []
    found = list(findings)
    for (extra, name), items in sorted(groups.items()):
        base = always.get(name, []) if extra else []
        if base and not any(map(_adds, items)):
            continue  # Required anyway: an extra of it would say nothing.
        found += _clashes(name, items, base)
        requirements += _by_marker(items, extra or None)
    requirements += _everything(requirements)
    requirements.sort(key=lambda item: (item.extra or "", item.requirement.lower()))
    return Required(requirements=tuple(requirements), findings=tuple(dict.fromkeys(found)))


def _adds(item: Wanted) -> bool:
    requirement = item.requirement
    return bool(requirement.specifier or requirement.extras or requirement.url) or item.evidence.startswith(_BY_USER)


def _marker(item: Wanted) -> str:
    return str(item.requirement.marker) if item.requirement.marker else ""


def _by_marker(items: Sequence[Wanted], extra: str | None) -> Iterator[Requirement]:
    """One requirement for all that ask the same under different markers; others stand side by side (PEP 508)."""
    by_marker: dict[str, list[Wanted]] = {}
    for item in items:
        by_marker.setdefault(_marker(item), []).append(item)
    same: dict[str, list[str]] = {}
    for marker, group in sorted(by_marker.items()):
        same.setdefault(str(_joined(group)), []).append(marker)
    for _, markers in sorted(same.items()):
        group = [item for marker in markers for item in by_marker[marker]]
        merged = _joined(group)
        if "" not in markers:
            merged.marker = Marker(markers[0] if len(markers) == 1 else " or ".join(f"({text})" for text in markers))
        yield Requirement(
            requirement=str(merged),
            evidence=group[0].evidence,
            sources=tuple(sorted({item.location for item in group}, key=lambda place: (place.path, place.line or 0))),
            extra=extra,
            sibling=next((item.sibling for item in group if item.sibling), None),
        )


def _joined(items: Sequence[Wanted]) -> Pep508:
    """What ``items`` ask for together, without their markers."""
    merged = Pep508(items[0].requirement.name)
    merged.url = next((item.requirement.url for item in items if item.requirement.url), None)
    merged.specifier = _together(items)
    merged.extras = {name for item in items for name in item.requirement.extras}
    return merged


def _together(items: Iterable[Wanted]) -> SpecifierSet:
    return SpecifierSet(",".join(sorted({str(part) for item in items for part in item.requirement.specifier})))


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


def _clashes(name: str, items: Sequence[Wanted], base: Sequence[Wanted]) -> Iterator[Finding]:
    """No version satisfies all that holds at once: what is asked for always (``base`` too), and under one marker."""
    always = [*base, *(item for item in items if not _marker(item))]
    for marker in sorted({_marker(item) for item in items}):
        group = [*always, *(item for item in items if marker and _marker(item) == marker)]
        asked = {
            text: item
            for item in reversed(group)
            if (text := f"@ {item.requirement.url}" if item.requirement.url else str(item.requirement.specifier))
        }
        urls = {item.requirement.url for item in group if item.requirement.url}
        if len(urls) > 1 or (urls and len(asked) > 1) or _together(group).is_unsatisfiable():
            places = " and ".join(f"{text} at {item.location}" for text, item in sorted(asked.items()))
            message = f"no version of {name} satisfies {places}"
            advice = "make what is asked for agree"
            yield Finding(rule="requirement-clash", message=message, location=group[-1].location, advice=advice)
