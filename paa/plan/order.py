"""The order of releases: what is needed comes first. Cycles are found and named, never broken silently."""

from collections.abc import Mapping, Sequence
from graphlib import CycleError, TopologicalSorter


def cycles(needs: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """Every package that is on a cycle of ``needs`` (package → siblings), with the cycle spelled out."""
    remaining = {package: set(siblings) & set(needs) for package, siblings in needs.items()}
    found: dict[str, str] = {}
    while True:
        try:
            TopologicalSorter(remaining).prepare()
        except CycleError as error:
            # graphlib gives each node before the one that needs it; read backwards it says "a needs b".
            members = list(reversed(error.args[1]))
            text = " → ".join(members)
            found.update(dict.fromkeys(members, text))
            remaining = {
                package: siblings - set(members) for package, siblings in remaining.items() if package not in members
            }
        else:
            return found


def in_order(needs: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """Packages with what each needs before it; by name where nothing else decides. ``needs`` must hold no cycle."""
    sorter = TopologicalSorter({package: sorted(set(siblings) & set(needs)) for package, siblings in needs.items()})
    sorter.prepare()
    ordered: list[str] = []
    while sorter.is_active():
        ready = sorted(sorter.get_ready())
        ordered += ready
        sorter.done(*ready)
    return tuple(ordered)
