"""In which order the sources run, and where each component has to stand so that this stays so."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from paa.model import Location
from paa.scan.mergeable.sources import ImportStatement, Leads, Source

_TAKES_FROM = frozenset({Leads.TO_COMPONENT, Leads.TO_NAME, Leads.TO_ALL_NAMES})


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """Why a package can't be merged, and where."""

    location: Location
    reason: str

    def __str__(self) -> str:
        return f"{self.location}: {self.reason}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """How sources run.

    ``merged`` are those that run with the module, in order, the module last. ``placed`` maps an import statement (by
    the identity of its node) to the components that run for the first time there, in order.
    """

    merged: tuple[str, ...]
    placed: Mapping[int, tuple[str, ...]]
    refusals: tuple[Refusal, ...]


@dataclass(slots=True, kw_only=True)
class _Run:
    """How far the sources have run."""

    sources: Mapping[str, Source]
    done: dict[str, None] = field(default_factory=dict)
    active: list[str] = field(default_factory=list)
    placed: dict[int, tuple[str, ...]] = field(default_factory=dict)
    refusals: list[Refusal] = field(default_factory=list)


def run_order(sources: Mapping[str, Source], module: str) -> Order:
    """Follow the imports of ``module`` as Python does. Raises RecursionError where they go too deep.

    Refused: components that import each other in a circle, and those that are imported late or under a condition
    before they have run.
    """
    run = _Run(sources=sources)
    _visit(run, module)
    return Order(merged=tuple(run.done), placed=run.placed, refusals=tuple(run.refusals))


def _visit(run: _Run, path: str) -> None:
    run.active.append(path)
    for statement in run.sources[path].imports:
        if statement.for_types:
            continue
        if statement.top:
            new = []
            for file in statement.files:
                if file not in run.done and file not in run.active:
                    _visit(run, file)
                    new.append(file)
            run.placed[id(statement.node)] = tuple(new)
        run.refusals += _refused(run, path, statement)
    run.active.pop()
    run.done[path] = None


def _refused(run: _Run, path: str, statement: ImportStatement) -> Iterator[Refusal]:
    location = Location(path=path, line=statement.node.lineno)
    needed = {item.path for item in statement.imported if item.leads in _TAKES_FROM}
    for file in statement.files:
        if file in run.active and file in needed:
            circle = " → ".join([*run.active[run.active.index(file) :], file])
            yield Refusal(location=location, reason=f"components that import each other in a circle: {circle}")
        elif file not in run.done and file not in run.active:
            reason = f"{file} is imported late or under a condition, and would run as soon as the package is imported"
            yield Refusal(location=location, reason=reason)
