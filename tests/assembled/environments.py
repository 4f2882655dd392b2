"""Wheels → the fewest environments in which each of them can be installed with all that it requires."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from packaging.requirements import Requirement
from packaging.utils import NormalizedName, canonicalize_name

from tests.assembled.wheels import Wheel


@dataclass(frozen=True, slots=True, kw_only=True)
class Arranged:
    """Wheels that are installed together, environment by environment; and those that can't be, each with the reason."""

    environments: tuple[tuple[Wheel, ...], ...]
    left_out: tuple[tuple[Wheel, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Supply:
    """Where requirements come from: wheels of the tests, and what ``elsewhere`` has (None: nothing that fits)."""

    wheels: Mapping[NormalizedName, Sequence[Wheel]]
    elsewhere: Callable[[Requirement], Wheel | None]


class MissingError(Exception):
    """A requirement can't be had without a network."""


def arrange(wheels: Sequence[Wheel], elsewhere: Callable[[Requirement], Wheel | None], python: str) -> Arranged:
    """Put ``wheels`` into environments for a Python of version ``python``; no two in one may shut each other out."""
    by_name: dict[NormalizedName, list[Wheel]] = {}
    for wheel in sorted(wheels, key=lambda wheel: (wheel.version, wheel.path)):
        by_name.setdefault(wheel.name, []).append(wheel)
    supply = Supply(wheels=by_name, elsewhere=elsewhere)
    environments: list[dict[str, Wheel]] = []
    left_out: list[tuple[Wheel, str]] = []
    for wheel in sorted(wheels, key=lambda wheel: (wheel.name, wheel.version, wheel.path)):
        try:
            _require_python(wheel, python)
            needed = _closure(wheel, supply)
        except MissingError as error:
            left_out.append((wheel, str(error)))
            continue
        _place(needed, environments)
    return Arranged(environments=tuple(map(_sorted, environments)), left_out=tuple(left_out))


def _require_python(wheel: Wheel, python: str) -> None:
    if not wheel.requires_python.contains(python, prereleases=True):
        message = f"requires Python {wheel.requires_python}"
        raise MissingError(message)


def _closure(wheel: Wheel, supply: Supply) -> dict[str, Wheel]:
    """``wheel`` and all that it requires here, by what nobody else may take in its environment."""
    found = {wheel.name: wheel}
    waiting = [(requirement, wheel) for requirement in _active(wheel, ())]
    seen: set[str] = set()
    while waiting:
        requirement, asking = waiting.pop()
        if str(requirement) in seen:
            continue
        seen.add(str(requirement))
        name = canonicalize_name(requirement.name)
        chosen = found.get(name) or _choose(requirement, asking, supply)
        if chosen is None or not requirement.specifier.contains(chosen.version, prereleases=True):
            message = f"requires {requirement}, which is not here"
            raise MissingError(message)
        found[name] = chosen
        waiting += [(needed, chosen) for needed in _active(chosen, requirement.extras)]
    return {key: item for item in found.values() for key in _keys(item)}


def _choose(requirement: Requirement, asking: Wheel, supply: Supply) -> Wheel | None:
    """The newest wheel that fits, of the same test if it has one: what two tests call the same is not the same."""
    candidates = [
        wheel
        for wheel in supply.wheels.get(canonicalize_name(requirement.name), ())
        if requirement.specifier.contains(wheel.version, prereleases=True)
    ]
    beside = [wheel for wheel in candidates if wheel.tests & asking.tests]
    return next(iter(reversed(beside or candidates)), None) or supply.elsewhere(requirement)


def _active(wheel: Wheel, extras: Iterable[str]) -> list[Requirement]:
    environments = [{"extra": extra} for extra in ("", *sorted(extras))]
    return [
        requirement
        for requirement in wheel.requires
        if requirement.marker is None or any(map(requirement.marker.evaluate, environments))
    ]


def _keys(wheel: Wheel) -> tuple[str, ...]:
    return (f"distribution {wheel.name}", *((f"package {wheel.package.lower()}",) if wheel.package else ()))


def _place(needed: Mapping[str, Wheel], environments: list[dict[str, Wheel]]) -> None:
    for environment in environments:
        if all(environment.get(key, wheel) is wheel for key, wheel in needed.items()):
            environment.update(needed)
            return
    environments.append(dict(needed))


def _sorted(environment: Mapping[str, Wheel]) -> tuple[Wheel, ...]:
    return tuple(sorted({id(wheel): wheel for wheel in environment.values()}.values(), key=lambda wheel: wheel.name))
