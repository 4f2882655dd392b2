"""Reasons for requirements → requirements: what asks for the same distribution is put together, or found to clash."""

from collections.abc import Iterator
from dataclasses import dataclass

from packaging.markers import Marker
from packaging.requirements import Requirement as Pep508
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name
from packaging.version import Version

from paa.model import Finding, Location, Requirement

_ALL = "all"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """One reason for one requirement, before those for the same distribution are put together."""

    requirement: Pep508
    evidence: str
    location: Location
    extra: str | None = None
    sibling: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Required:
    """The requirements of a package, sorted, and what was found on the way."""

    requirements: tuple[Requirement, ...]
    findings: tuple[Finding, ...]


def merge(wanted: list[Wanted], findings: list[Finding]) -> Required:
    """Put together what asks for the same distribution: specifiers are intersected, extras joined, markers widened."""
    groups: dict[tuple[str, str], list[Wanted]] = {}
    for item in wanted:
        groups.setdefault((item.extra or "", canonicalize_name(item.requirement.name)), []).append(item)
    requirements = []
    for (extra, name), items in sorted(groups.items()):
        if extra and ("", name) in groups and not any(item.requirement.marker for item in groups["", name]):
            continue  # Required anyway: an extra of it would say nothing.
        if clash := _clash(name, items):
            findings.append(clash)
        requirements.append(_one(items, extra or None))
    requirements += _everything(requirements)
    return Required(requirements=tuple(requirements), findings=tuple(dict.fromkeys(findings)))


def _one(items: list[Wanted], extra: str | None) -> Requirement:
    merged = Pep508(str(items[0].requirement))
    merged.specifier = SpecifierSet(",".join(sorted({str(s) for item in items for s in item.requirement.specifier})))
    merged.extras = {extra_name for item in items for extra_name in item.requirement.extras}
    markers = sorted({str(item.requirement.marker) if item.requirement.marker else "" for item in items})
    merged.marker = None if "" in markers else Marker(" or ".join(f"({m})" if len(markers) > 1 else m for m in markers))
    return Requirement(
        requirement=str(merged),
        evidence=items[0].evidence,
        sources=tuple(sorted({item.location for item in items}, key=lambda place: (place.path, place.line or 0))),
        extra=extra,
        sibling=next((item.sibling for item in items if item.sibling), None),
    )


def _everything(requirements: list[Requirement]) -> Iterator[Requirement]:
    """The extra ``all``: everything that guarded imports and #! marks make optional."""
    seen = set()
    for item in requirements:
        if item.extra and item.extra != _ALL and not item.evidence.startswith("__package_metadata__"):
            if item.requirement not in seen:
                yield Requirement(
                    requirement=item.requirement,
                    evidence=item.evidence,
                    sources=item.sources,
                    extra=_ALL,
                    sibling=item.sibling,
                )
            seen.add(item.requirement)


def _clash(name: str, items: list[Wanted]) -> Finding | None:
    """An empty intersection of specifiers, found by trying every version they name and its neighbours."""
    specifiers = {str(item.requirement.specifier): item for item in items if item.requirement.specifier}
    if len(specifiers) < 2 and not any("," in text for text in specifiers):  # noqa: PLR2004  # one can't clash with itself
        return None
    together = SpecifierSet(",".join(specifiers))
    trials: set[Version] = {Version("0")}
    for specifier in together:
        version = Version(specifier.version.removesuffix(".*"))
        trials |= {
            version,
            Version(f"{version.public.partition('+')[0]}.post1"),
            Version(f"{version.major}.{version.minor}.{version.micro + 1}"),
        }
        trials |= {
            Version(f"{version.major}.{version.minor + 1}"),
            Version(f"{version.major + 1}"),
            Version(f"{version.base_version}.dev0"),
        }
        trials |= {
            Version(f"{version.major}.{version.minor}.{max(version.micro - 1, 0)}"),
            Version(f"{version.major}.{max(version.minor - 1, 0)}.999"),
        }
        trials |= {Version(f"{max(version.major - 1, 0)}.999")}
    if any(together.contains(trial, prereleases=True) for trial in trials):
        return None
    places = " and ".join(f"{text} at {item.location}" for text, item in sorted(specifiers.items()))
    message = f"no version of {name} satisfies {places}"
    return Finding(rule="requirement-clash", message=message, location=items[0].location, advice="make the marks agree")
