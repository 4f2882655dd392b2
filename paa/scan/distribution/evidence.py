"""Every source that was asked which distribution provides an import, and what it answered."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from paa.edges.environment import installed_with
from paa.scan.distribution.mapping import MAPPING_PATH
from paa.scan.distribution.resolver import TABLE_EVIDENCE, Resolution, Resolver, Unknown, imported_modules, prefixes
from paa.scan.distribution.spelling import open_spellings

_MAPPING, _SIBLINGS, _TABLE = MAPPING_PATH, "packages of this repository", TABLE_EVIDENCE
_INSTALLED, _SPELLING, _INDEX = "installed here", "similar names", "index"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One source that was asked, in words for people.

    ``answer`` is the distribution that it names, several with ``or`` between them, or None; ``evidence`` says why, or
    why not. ``decided`` is true of the one step whose answer counts: it is the last.
    """

    source: str
    answer: str | None
    evidence: str
    decided: bool


def explain(resolver: Resolver, module: str, names: Sequence[str] = ()) -> tuple[Step, ...]:
    """Every step from the absolute import ``module`` (or ``from module import names``) to its distributions.

    The standard library, and files that are part of the package, are no business of this: they come before. Names that
    lead to the same distribution are explained once. Sources after the one that decided were not asked and are not
    told. What only this machine knows is told where nothing decided; no index is asked.
    """
    explained: dict[Resolution, str] = {}
    for name in imported_modules(module, names):
        explained.setdefault(resolver.resolve(name), name)
    return tuple(step for name in explained.values() for step in _steps(resolver, name))


def _steps(resolver: Resolver, module: str) -> Iterator[Step]:
    for source, known, silence in (
        (_MAPPING, resolver.from_mapping(module), "it has no line for"),
        (_SIBLINGS, resolver.from_siblings(module), "none of them is"),
    ):
        evidence = known.evidence if known else f"{silence} {_either(module)}"
        answer = known.distribution if known else None
        yield Step(source=source, answer=answer, evidence=evidence, decided=known is not None)
        if known:
            return
    found = resolver.from_table(module)
    if isinstance(found, Unknown):
        yield _undecided(found)
        yield from _proposals(resolver, found)
        return
    others = f"; instead of it: {', '.join(found.alternatives)}" if found.alternatives else ""
    yield Step(source=_TABLE, answer=found.distribution, evidence=f"{found.evidence}{others}", decided=True)


def _undecided(found: Unknown) -> Step:
    if found.namespace:
        evidence = f"{found.module!r} is a namespace that several distributions share"
    elif found.candidates:
        evidence = f"{found.module!r} can be either; only you know which"
        if len(found.candidates) == 1:
            evidence = found.candidates[0].evidence
    else:
        evidence = f"it does not have {found.module!r}"
    answer = " or ".join(item.distribution for item in found.candidates) or None
    return Step(source=_TABLE, answer=answer, evidence=evidence, decided=False)


def _proposals(resolver: Resolver, found: Unknown) -> Iterator[Step]:
    if found.namespace:
        return
    installed = installed_with((found.module,))[found.module]
    answer = " or ".join(name for name, _ in installed) or None
    evidence = ", ".join(f"{name} {version} has {found.module!r}" for name, version in installed)
    nothing = f"no installed distribution has {found.module!r}"
    yield Step(source=_INSTALLED, answer=answer, evidence=evidence or nothing, decided=False)
    similar = open_spellings(resolver).near(found.module)
    evidence = ", ".join(f"{item.spelling!r} is of {item.distribution}" for item in similar)
    nothing = f"no known name is spelled almost like {found.module!r}"
    answer = " or ".join(dict.fromkeys(item.distribution for item in similar)) or None
    yield Step(source=_SPELLING, answer=answer, evidence=evidence or nothing, decided=False)
    yield Step(source=_INDEX, answer=None, evidence="not asked: that needs --ask-index", decided=False)


def _either(module: str) -> str:
    return " or ".join(map(repr, prefixes(module)))
