"""A package and a name → why the package requires that distribution, or why it does not."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from packaging.requirements import Requirement as Pep508
from packaging.utils import canonicalize_name

from paa.documents.reasons import Explanation, Occurrence, ReasonStep
from paa.look.details import released_floors
from paa.look.lines import read_lines
from paa.look.question import AskedImport, Question, open_question
from paa.look.sources import Route, routes
from paa.look.why_not import near_names, why_not
from paa.model import Location, Requirement, ScannedPackage
from paa.plan.history import read_history
from paa.scan.distribution.evidence import Step, explain
from paa.scan.requirements import Verdict
from paa.scan.state import State


def explain_requirement(state: State, scanned: ScannedPackage, asked: str) -> Explanation:
    """Why ``scanned``, one of the packages of ``state``, requires ``asked``, or why not.

    ``asked`` is the name of a distribution, else of an import (dotted or not). Raises ConfigError for a mapping file
    or a tracking file that can't be read, GitError where the sources can't be.
    """
    question = open_question(state, scanned)
    targets, chosen = _chosen(question, asked)
    requirements = tuple(item for item in scanned.requirements if _name(item) in targets)
    occurrences = _occurrences(question, chosen, requirements)
    found = bool(requirements or occurrences)
    notes = [] if found else [why_not(question, asked)]
    if requirements and any(canonicalize_name(asked) in question.distributions(item)[1:] for item in chosen):
        notes.append(f"{asked} would do as well: it is taken where a mark '#@ {asked}' asks for it")
    if scanned.errors:
        notes.append(f"{scanned.package.name} has errors, so this may not be all: paa show {scanned.package.name}")
    return Explanation(
        package=scanned.package.name,
        asked=asked,
        distributions=tuple(sorted(targets)),
        requirements=requirements,
        occurrences=occurrences,
        notes=tuple(notes),
        near=() if found else near_names(question, asked),
        floors=released_floors(scanned, read_history(state)),
    )


def _name(requirement: Requirement) -> str:
    return canonicalize_name(Pep508(requirement.requirement).name)


def _chosen(question: Question, asked: str) -> tuple[frozenset[str], list[AskedImport]]:
    """The distributions that are meant (normalised names), and the imports that lead to them or are called so."""
    name = canonicalize_name(asked)
    found = [item for item in question.imports if name in question.distributions(item)]
    if any(_name(item) == name for item in question.scanned.requirements):
        return frozenset({name}), found
    if found:
        # Of several builds of the same thing, another one is what is required.
        return _providers(question, found), found
    called = [item for item in question.imports if _is_called(item, asked)]
    targets = _providers(question, called)
    others = [item for item in question.imports if targets.intersection(question.distributions(item)[:1])]
    return targets, [*called, *(item for item in others if item not in called)]


def _providers(question: Question, items: Sequence[AskedImport]) -> frozenset[str]:
    return frozenset(name for item in items for name in question.distributions(item)[:1])


def _is_called(item: AskedImport, asked: str) -> bool:
    """Whether an import is the one of this name, of something below it, or of a file of the package called so."""
    if item.verdict is Verdict.LOCAL:
        return asked in {item.module, *item.module.split(".")[-2:]}
    top = item.module.partition(".")[0]
    return f"{item.module}.".startswith(f"{asked}.") or canonicalize_name(top) == canonicalize_name(asked)


def _occurrences(
    question: Question, chosen: Sequence[AskedImport], requirements: Sequence[Requirement]
) -> tuple[Occurrence, ...]:
    """Every place that asks for it or could have: the module first, then by path and line."""
    package = question.scanned.package
    reached = routes(question.sources, (package.module, *sorted(package.interfaces.values())))
    # A statement that imports several modules is told once.
    statements: dict[tuple[Location, str], list[AskedImport]] = {}
    for item in chosen:
        statements.setdefault((item.location, item.fact.module), []).append(item)
    found = [_imported(question, items, reached) for items in statements.values()]
    seen = {item.location for item in found}
    for requirement in requirements:
        places = (_with_line(question, place) for place in requirement.sources)
        new = [place for place in places if place not in seen]
        found += (_stated(question, requirement, place, reached) for place in new)
        seen.update(new)
    lines = read_lines(question.state.repository, question.state.tree, seen)
    found.sort(key=lambda item: (item.location.path != package.module, item.location.path, item.location.line or 0))
    return tuple(
        replace(item, text=lines.texts.get(item.location, ""), commit=lines.commits.get(item.location))
        for item in found
    )


def _imported(question: Question, items: Sequence[AskedImport], reached: Mapping[str, Route]) -> Occurrence:
    item = items[0]
    kind, says = question.verdict_on(item)
    # Modules of one distribution have one and the same explanation.
    explained = {question.distributions(other) or other.module: other.module for other in reversed(items)}
    steps = [step for module in reversed(explained.values()) for step in explain(question.sources.resolver, module)]
    return Occurrence(
        location=item.location,
        text="",
        kind=kind,
        says=says,
        module="." * item.fact.level + item.fact.module,
        marker=item.fact.marker,
        route=reached.get(item.path, ()),
        steps=tuple(map(_step, steps)) if item.verdict is Verdict.OUTSIDE else (),
    )


def _step(step: Step) -> ReasonStep:
    return ReasonStep(source=step.source, answer=step.answer, evidence=step.evidence, decided=step.decided)


def _with_line(question: Question, place: Location) -> Location:
    """A place in the module without a line is its metadata."""
    facts = question.sources.facts.get(place.path)
    return place if place.line or facts is None else replace(place, line=facts.metadata_line)


def _stated(question: Question, requirement: Requirement, place: Location, reached: Mapping[str, Route]) -> Occurrence:
    """A place that writes a requirement down: a mark, or the metadata."""
    facts = question.sources.facts.get(place.path)
    marked = facts is not None and place.line in {line for _, line in facts.added}
    says = "the mark #@ there asks for it" if marked else f"{requirement.evidence} asks for it"
    return Occurrence(location=place, text="", kind="stated", says=says, route=reached.get(place.path, ()))
