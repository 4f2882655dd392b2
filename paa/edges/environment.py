"""The distributions that are installed where paa runs, as their own metadata list them."""

from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING

from paa.edges.wheels import listed_modules

if TYPE_CHECKING:
    from importlib.metadata import Distribution


def installed_with(
    modules: Collection[str], *, path: Sequence[str] | None = None
) -> Mapping[str, tuple[tuple[str, str], ...]]:
    """For each of ``modules`` (dotted), name and version of the installed distributions that have it, sorted by name.

    What counts is RECORD (the wheel format's list of files), or the top-level names that setuptools leaves in editable
    installations. ``path`` is where to look, ``sys.path`` by default. A damaged installation counts as absent.
    The environment is read once for all ``modules``: some tens of milliseconds.
    """
    from importlib import metadata

    found: dict[str, set[tuple[str, str]]] = {module: set() for module in modules}
    if not found:
        return {}
    for distribution in metadata.distributions() if path is None else metadata.distributions(path=list(path)):
        try:
            has = _modules_of(distribution.read_text("RECORD") or "", found)
            has |= {*(distribution.read_text("top_level.txt") or "").split()} & found.keys()
            if has and (named := _name_and_version(distribution)):
                for module in has:
                    found[module].add(named)
        except (OSError, UnicodeDecodeError):
            continue
    return {module: tuple(sorted(distributions)) for module, distributions in found.items()}


def _name_and_version(distribution: "Distribution") -> tuple[str, str] | None:
    from packaging.utils import InvalidName, canonicalize_name

    if not (distribution.read_text("METADATA") or distribution.read_text("PKG-INFO")):
        return None
    headers = distribution.metadata
    if "Name" not in headers or "Version" not in headers:
        return None
    try:
        canonicalize_name(headers["Name"], validate=True)
    except InvalidName:
        return None  # It could be written into no requirement.
    return headers["Name"], headers["Version"]


def _modules_of(record: str, modules: Collection[str]) -> frozenset[str]:
    return listed_modules((line.partition(",")[0] for line in record.splitlines()), modules)
