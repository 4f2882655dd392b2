"""Which files and links become artifacts of a package, and under which names. Nothing is read here, only listed.

A package's own are those below its folder in ``artifacts_dir``; ``artifacts_filepaths`` adds some to every package that
has nothing of its own in their place. A file ``<name>.link`` stands for the artifact ``<name>``.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from paa.config import Config
from paa.edges.tree import Tree
from paa.model import Finding, Location, Severity

RULE = "artifact"
LINK_SUFFIX = ".link"
_MOST_BYTES = 255  # of one part of a path, on nearly every file system
_COMPILED = (".pyc", ".pyo")
_UNWANTED = frozenset({"__pycache__", ".git", ".DS_Store"})
# Windows refuses all of these but the comma; flit_core 3.12 writes a wheel's RECORD (CSV) without quoting.
_FORBIDDEN = re.compile(r'[<>:"|?*,\\]')
_DEVICE = re.compile(r"(?:CON|PRN|AUX|NUL|CONIN\$|CONOUT\$|(?:COM|LPT)[0-9¹²³]) *(?:\..*)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Artifacts:
    """Artifacts by place: ``files`` of the repository, and ``links`` (the ``.link`` files); and what is wrong."""

    files: Mapping[str, str]
    links: Mapping[str, str]
    findings: tuple[Finding, ...] = ()


NO_ARTIFACTS = Artifacts(files={}, links={})


def name_fault(place: str) -> str | None:
    """Why ``place`` can't be the path of an artifact below the folder that it is unpacked into, or None if it can.

    What is refused could leave the folder, has no file name on one of the common systems (Windows: "Naming Files,
    Paths, and Namespaces"), or is never shipped.
    """
    parts = place.split("/")
    faults = {
        "can't be the name of a file in a package: not everywhere can it be unpacked": not place.isprintable()
        or _FORBIDDEN.search(place) is not None,
        "is not a path below the package's artifacts": not {"", ".", ".."}.isdisjoint(parts),
        "can't be unpacked on Windows, where such a name is reserved": any(map(_is_reserved, parts)),
        f"is too long: a name may have {_MOST_BYTES} bytes": any(
            len(part.encode(errors="replace")) > _MOST_BYTES for part in parts
        ),
        "is never shipped: it belongs into .gitignore": place.endswith(_COMPILED) or not _UNWANTED.isdisjoint(parts),
        f"ends in {LINK_SUFFIX}, which is for files that hold an address": place.endswith(LINK_SUFFIX),
    }
    return next((fault for fault, holds in faults.items() if holds), None)


def _is_reserved(part: str) -> bool:
    return part.endswith((".", " ")) or _DEVICE.fullmatch(part) is not None


def own_artifacts(place_to_path: Mapping[str, str]) -> Artifacts:
    """The artifacts that a package's folder holds, from what lies below it."""
    links = {place: path for place, path in place_to_path.items() if place.endswith(LINK_SUFFIX)}
    return Artifacts(
        files={place: path for place, path in place_to_path.items() if place not in links},
        links={place.removesuffix(LINK_SUFFIX): path for place, path in links.items()},
    )


def shared_artifacts(tree: Tree, config: Config) -> Artifacts:
    """The artifacts that ``artifacts_filepaths`` gives every package; a folder stands for all files in it."""
    found: dict[str, str] = {}
    findings = []
    for name, path in sorted(config.artifacts_filepaths.items()):
        if path in tree.blobs:
            # A link keeps its suffix, so that it is known for one.
            found[name + LINK_SUFFIX if _is_bare_link(name, path) else name] = path
            continue
        inside = {f"{name}/{file[len(path) + 1 :]}": file for file in tree.blobs if file.startswith(f"{path}/")}
        found |= inside
        if not inside:
            message = f"artifacts_filepaths: {name}: there is no file {path!r} in the repository, and no folder"
            location = Location(path=config.source or ".paa.config")
            advice = "correct the path or remove the entry; files that Git ignores are not part of the repository"
            findings.append(Finding(rule=RULE, message=message, location=location, advice=advice))
    own = own_artifacts(found)
    return Artifacts(files=own.files, links=own.links, findings=tuple(findings))


def _is_bare_link(name: str, path: str) -> bool:
    return path.endswith(LINK_SUFFIX) and not name.endswith(LINK_SUFFIX)


def package_artifacts(own: Artifacts, shared: Artifacts, config: Config) -> Artifacts:
    """The artifacts of one package: its own, and the shared ones in whose place it has none."""
    taken = {part for place in (*own.files, *own.links) for part in _with_parents(place)}
    names = [name.removesuffix(LINK_SUFFIX) for name, path in config.artifacts_filepaths.items()]
    replaced = tuple(name for name in names if name in taken)
    files = {**_not_below(replaced, shared.files), **own.files}
    links = {**_not_below(replaced, shared.links), **own.links}
    findings = [*shared.findings]
    for place, path in sorted(files.items()):
        # Repositories have them by accident, and none of them lacks anything without.
        if _is_compiled(place):
            del files[place]
            findings.append(_left_out(place, path))
    for place, path in sorted((*files.items(), *links.items())):
        if fault := name_fault(place):
            message = f"{place!r} {fault}"
            location = Location(path=path)
            findings.append(Finding(rule=RULE, message=message, location=location, advice="rename or remove it"))
    return Artifacts(files=files, links=links, findings=tuple(findings))


def _is_compiled(place: str) -> bool:
    return place.endswith(_COMPILED) or "__pycache__" in place.split("/")


def _left_out(place: str, path: str) -> Finding:
    return Finding(
        rule=RULE,
        message=f"{place!r} is left out: compiled files are not shipped",
        location=Location(path=path),
        advice="remove it, and add it to .gitignore",
        severity=Severity.WARNING,
    )


def _not_below(names: Iterable[str], places: Mapping[str, str]) -> dict[str, str]:
    kept = dict(places)
    for name in names:
        kept = {place: path for place, path in kept.items() if place != name and not place.startswith(f"{name}/")}
    return kept


def _with_parents(place: str) -> Iterator[str]:
    yield place
    yield from (str(folder) for folder in PurePosixPath(place).parents)


def clash_findings(places: Iterable[tuple[str, Location]]) -> Iterator[Finding]:
    """An error for each artifact that is another one's file or folder on a system that ignores case (and so on all).

    ``places`` may name one place several times, with the files that want it.
    """
    first: dict[str, tuple[str, Location]] = {}
    ordered = sorted(places, key=lambda item: (item[0], item[1].path))
    for place, location in ordered:
        key = _folded(place)
        if key in first:
            other, where = first[key]
            reason = f"is already there from {where.path}" if other == place else f"differs from {other!r} only in case"
            yield _clash(place, reason, location)
        else:
            first[key] = (place, location)
    for place, location in ordered:
        for folder in PurePosixPath(place).parents:
            if (clash := first.get(_folded(str(folder)))) is not None:
                yield _clash(place, f"needs a folder where {clash[0]!r} is a file", location)


def _clash(place: str, reason: str, location: Location) -> Finding:
    message = f"the artifact {place!r} {reason}"
    return Finding(rule=RULE, message=message, location=location, advice="rename or remove one of them")


def _folded(place: str) -> str:
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", place).casefold())
