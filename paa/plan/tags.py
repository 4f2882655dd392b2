"""The annotated tag of a release: its name, and its message with the trailers that prove what was released."""

import logging
import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from paa.documents.rules import is_file_name, is_package_name, is_sha256, is_version
from paa.errors import ConfigError
from paa.plan.pep440 import parse_version
from paa.plan.text import tidy

if TYPE_CHECKING:
    from paa.model import Burnt, Distribution, Release

log = logging.getLogger(__name__)

_PACKAGE = "{package}"
_VERSION = "{version}"
_SIGNATURE = re.compile(r"^-----BEGIN (?:PGP|SSH|SIGNED) (?:SIGNATURE|MESSAGE)-----", re.MULTILINE)
_SINGLE = ("Package", "Version", "Fingerprint", "Builder")
_TRAILER = re.compile(r"(Paa-[A-Za-z]+):[ \t]*(.*)")


@dataclass(frozen=True, slots=True, kw_only=True)
class TagRecord:
    """What a release tag says: ``floors`` maps siblings to versions, ``files`` the names of files to their SHA-256.

    ``indexes`` are those that have the release; None in a tag that does not say so, as of earlier versions of paa.
    """

    package: str
    version: str
    fingerprint: str
    builder: str
    floors: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict)
    indexes: tuple[str, ...] | None = None


def tag_message(release: "Release", files: "Sequence[Distribution]", builder: str) -> str:
    """The message of the annotated tag for ``release``: subject, notes, trailers; it ends with one line end.

    Git leaves it as it is in every clean-up mode: no line begins with ``#`` or ends with a space.
    """
    trailers = [
        ("Package", release.package),
        ("Version", release.version),
        ("Fingerprint", release.fingerprint),
        *(("Floor", f"{sibling} {version}") for sibling, version in sorted(release.floors.items())),
        *(("File", f"{file.sha256} {file.name}") for file in sorted(files, key=lambda file: file.name)),
        *(("Index", name) for name in sorted({*release.targets, *release.present_on})),
        ("Builder", builder),
    ]
    notes = "".join(f"- {note}\n" for note in map(tidy, release.notes) if note)
    block = "".join(f"Paa-{name}: {tidy(value)}\n" for name, value in trailers)
    return "\n".join(part for part in (f"{release.package} {release.version}\n", notes, block) if part)


def parse_tag_message(text: str) -> TagRecord | None:
    """Read a tag's message; None when it does not hold a whole record of ours.

    Trailers count in the last paragraph only, so that notes can't forge one; a signature after it and trailers of
    others in it are ignored. None is a bare tag: a request to release, not a proof of one.
    """
    found = _trailers(text)
    if not found:
        return None
    record = _record(found)
    if record is None:
        subject = tidy(text.strip("\n \t"))[:80]
        log.warning("a tag has trailers of paa that can't be read, and counts as a bare tag: %s", subject)
    return record


def _trailers(text: str) -> dict[str, list[str]]:
    """The trailers of paa in the last paragraph, by name without ``Paa-``."""
    signature = _SIGNATURE.search(text)
    message = (text[: signature.start()] if signature else text).replace("\r\n", "\n").strip("\n \t")
    paragraph = re.split(r"\n[ \t]*\n", message)[-1]
    found: dict[str, list[str]] = {}
    for line in paragraph.split("\n"):
        if trailer := _TRAILER.fullmatch(line):
            found.setdefault(trailer[1].removeprefix("Paa-"), []).append(trailer[2].strip())
    return found


def burnt_message(burnt: "Burnt") -> str:
    """The message of the tag object that records that a version is used up on an index."""
    trailers = (("Package", burnt.package), ("Version", burnt.version), ("Burnt", burnt.index))
    block = "".join(f"Paa-{name}: {tidy(value)}\n" for name, value in trailers)
    return f"{burnt.package} {burnt.version} is used up on {tidy(burnt.index)}\n\n{block}"


def parse_burnt_message(text: str) -> "Burnt | None":
    """Read such a message; None when it is another one, or damaged."""
    from paa.model import Burnt

    found = _trailers(text)
    if any(len(found.get(name, ())) != 1 for name in ("Package", "Version", "Burnt")):
        return None
    package, version, index = (found[name][0] for name in ("Package", "Version", "Burnt"))
    if not (is_package_name(package) and is_version(version) and index):
        return None
    return Burnt(package=package, version=version, index=index)


def tag_notes(text: str) -> tuple[str, ...]:
    """The notes in a tag's message as ``tag_message`` wrote them, without their dashes."""
    paragraphs = re.split(r"\n[ \t]*\n", text.replace("\r\n", "\n").strip("\n"))
    return tuple(line[2:] for block in paragraphs[1:2] for line in block.split("\n") if line.startswith("- "))


def tag_name(tag_format: str, package: str, version: str) -> str:
    """The name of the tag of a release. Raises ConfigError when ``tag_format`` has no ``{version}``."""
    if _VERSION not in tag_format:
        message = f"tag_format: {tag_format!r} has no {_VERSION}"
        raise ConfigError(message, advice=f"write it like {_PACKAGE}-v{_VERSION}")
    return tag_format.replace(_PACKAGE, package).replace(_VERSION, version)


def parse_tag_name(tag_format: str, tag: str, packages: Collection[str]) -> tuple[str, str] | None:
    """The package and the normalised version that ``tag`` names; None when it is no tag of this format.

    Package names may be spelled with hyphens for underscores. Without ``{package}`` the format fits only when there
    is one package. When a tag can be read in several ways, the one that ``tag_name`` writes is meant; None when that
    does not decide. Raises ConfigError as ``tag_name`` does. Many tags: give ``packages`` as a set or mapping.
    """
    readings = list(_readings(tag_format, tag, packages))
    written = [reading for reading in readings if tag_name(tag_format, *reading) == tag]
    chosen = sorted(set(written or readings))
    return chosen[0] if len(chosen) == 1 else None


def _readings(tag_format: str, tag: str, packages: Collection[str]) -> Iterator[tuple[str, str]]:
    head = tag_format.partition(_PACKAGE)[0]
    if head == tag_format:
        named = [("", next(iter(packages)))] if len(packages) == 1 else []
    elif _VERSION in head:
        named = list(_spellings(tag, packages, range(len(tag))))
    else:
        named = list(_spellings(tag, packages, (len(head),))) if tag.startswith(head) else []
    for text, package in named:
        before, _, after = tag_name(tag_format, text, _VERSION).partition(_VERSION)
        written = tag[len(before) : len(tag) - len(after)]
        version = parse_version(written)
        if version is not None and tag_name(tag_format, text, written) == tag:
            yield package, str(version)


def _spellings(tag: str, packages: Collection[str], starts: Collection[int]) -> Iterator[tuple[str, str]]:
    """Every piece of ``tag`` that spells a package, beginning at one of ``starts``, with that package."""
    for start in starts:
        for end in range(start + 1, len(tag) + 1):
            text = tag[start:end]
            package = text if text in packages else text.replace("-", "_")
            if package in packages:
                yield text, package


def _record(found: Mapping[str, Sequence[str]]) -> TagRecord | None:
    single = {name: found[name][0] for name in _SINGLE if len(found.get(name, ())) == 1}
    floors = [_pair(line) for line in found.get("Floor", ())]
    files = [_pair(line) for line in found.get("File", ())]
    indexes = found.get("Index", ())
    sound = (
        len(single) == len(_SINGLE)
        and is_package_name(single["Package"])
        and is_version(single["Version"])
        and is_sha256(single["Fingerprint"])
        and _are_pairs(floors, is_package_name, is_version)
        and _are_pairs(files, is_sha256, is_file_name)
        and len({sibling for sibling, _ in floors}) == len(floors)
        and len({name for _, name in files}) == len(files)
        and all(indexes)
    )
    if not sound:
        return None
    return TagRecord(
        package=single["Package"],
        version=single["Version"],
        fingerprint=single["Fingerprint"],
        builder=single["Builder"],
        floors=dict(floors),
        files={name: digest for digest, name in files},
        indexes=tuple(sorted(set(indexes))) or None,
    )


def _pair(line: str) -> tuple[str, str]:
    first, _, second = line.partition(" ")
    return first, second


def _are_pairs(pairs: Sequence[tuple[str, str]], first: Callable[[str], bool], second: Callable[[str], bool]) -> bool:
    return all(first(one) and second(other) for one, other in pairs)
