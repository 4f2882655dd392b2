"""What a wheel on an index says of itself: its manifest, the versions that it was built against, and its builder."""

import io
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from email.parser import BytesParser

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

from paa.documents.manifest import MANIFEST_PATH, Manifest, parse_manifest
from paa.edges.archives import UNREADABLE
from paa.errors import IndexReadError

# What flit_core writes about itself into WHEEL; anybody else is named as he names himself.
_FLIT = "flit "
_MEMBER_LIMIT = 4 << 20  # bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class WheelFacts:
    """``manifest`` is None in a wheel that paa did not make. ``floors`` maps normalised distributions to versions."""

    manifest: Manifest | None
    floors: Mapping[str, str]
    builder: str


def read_wheel_facts(stream: io.BufferedIOBase, name: str) -> WheelFacts:
    """Read the wheel in ``stream``; ``name`` is what messages call it. Raises IndexReadError for what is no wheel."""
    try:
        with zipfile.ZipFile(stream) as archive:
            manifest = _member(archive, f"/{MANIFEST_PATH}")
            metadata = _member(archive, ".dist-info/METADATA") or b""
            generator = _member(archive, ".dist-info/WHEEL") or b""
    except UNREADABLE as error:
        message = f"{name} on the index is not a readable wheel: {error}"
        raise IndexReadError(message) from error
    return WheelFacts(
        manifest=parse_manifest(manifest) if manifest is not None else None,
        floors=_floors(metadata),
        builder=_builder(generator),
    )


def _member(archive: zipfile.ZipFile, ending: str) -> bytes | None:
    name = next((name for name in archive.namelist() if name.endswith(ending)), None)
    if name is None:
        return None
    with archive.open(name) as member:
        return member.read(_MEMBER_LIMIT)


def _builder(generator: bytes) -> str:
    named = str(BytesParser().parsebytes(generator, headersonly=True).get("Generator", "")).strip() or "unknown"
    return f"flit_core {named.removeprefix(_FLIT)}" if named.startswith(_FLIT) else named


def _floors(metadata: bytes) -> Mapping[str, str]:
    floors: dict[str, str] = {}
    for text in BytesParser().parsebytes(metadata, headersonly=True).get_all("Requires-Dist") or []:
        try:
            requirement = Requirement(text)
        except InvalidRequirement:
            continue
        for specifier in requirement.specifier:
            if specifier.operator in {">=", "==", "~="}:
                floors[canonicalize_name(requirement.name)] = specifier.version
    return floors
