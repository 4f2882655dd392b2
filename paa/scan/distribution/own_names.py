"""Names of distributions that mean a package of this repository: the one that is scanned, or another."""

import copy
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from packaging.utils import canonicalize_name

from paa.model import Finding
from paa.scan.distribution.resolver import TABLE_EVIDENCE, Resolver
from paa.scan.merging import Wanted


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnNames:
    """The name on the index of the package that is scanned, and what gives those of the others, by package."""

    distribution: str
    distribution_of: Callable[[str], str]
    resolver: Resolver

    def is_own(self, item: Wanted) -> bool:
        """Whether it is the package itself: no requirement, but in an extra ``own[fast,nice]`` stands for others."""
        selects = item.extra is not None and item.requirement.extras
        return self._means_own(item.requirement.name) and not selects

    def named(self, item: Wanted) -> Wanted:
        """A sibling under its own distribution's name, which its metadata may have changed."""
        if item.sibling is None:
            return item
        requirement = copy.copy(item.requirement)
        requirement.name = self.distribution_of(item.sibling)
        extra = item.extra
        if extra == canonicalize_name(item.requirement.name):
            extra = canonicalize_name(requirement.name)
        return replace(item, requirement=requirement, extra=extra)

    def recognised(self, item: Wanted) -> Wanted:
        """A requirement that the user wrote, as a sibling where it is called like one."""
        return replace(item, sibling=self._sibling(item.requirement.name))

    def findings(self, wanted: Iterable[Wanted]) -> Iterator[Finding]:
        """Where a name means a package of this repository, and something from outside as well."""
        for item in wanted:
            name = item.requirement.name
            if item.sibling is not None and item.requirement.url:
                message = f"{name} is a package of this repository: it can't be taken from {item.requirement.url}"
                yield Finding(rule="name", message=message, location=item.location, advice="leave the address out")
            elif item.evidence.startswith(TABLE_EVIDENCE) and (holder := self._holder(name)):
                message = f"{name} provides this import, and {holder} of this repository has the same name"
                advice = "give the package another name: an index can have only one of them"
                yield Finding(rule="name", message=message, location=item.location, advice=advice)

    def _holder(self, name: str) -> str | None:
        sibling = self._sibling(name)
        if sibling is not None:
            return f"the package {sibling}"
        return "this package" if self._means_own(name) else None

    def _means_own(self, name: str) -> bool:
        return canonicalize_name(name) == canonicalize_name(self.distribution)

    def _sibling(self, name: str) -> str | None:
        sibling = self.resolver.sibling_named(name)
        if sibling is None or self._means_own(name):
            return None
        return sibling if canonicalize_name(self.distribution_of(sibling)) == canonicalize_name(name) else None
