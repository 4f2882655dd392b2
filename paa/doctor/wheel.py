"""What a wheel on an index says of itself: its manifest, the versions that it was built against, and its builder."""

import io
from collections.abc import Mapping
from dataclasses import dataclass

from paa.documents.distributions import Part, floors_in, headers, manifest_in, read_served
from paa.documents.manifest import Manifest

# What flit_core writes about itself into WHEEL; anybody else is named as he names himself.
_FLIT = "flit "


@dataclass(frozen=True, slots=True, kw_only=True)
class WheelFacts:
    """``manifest`` is None in a wheel that paa did not make. ``floors`` maps normalised distributions to versions."""

    manifest: Manifest | None
    floors: Mapping[str, str]
    builder: str


def read_wheel_facts(stream: io.BufferedIOBase, name: str) -> WheelFacts:
    """Read the wheel in ``stream``; ``name`` is its file name. Raises IndexReadError for what is no wheel."""
    parts = read_served(stream, name, Part.MANIFEST, Part.METADATA, Part.BUILDER)
    return WheelFacts(
        manifest=manifest_in(parts), floors=floors_in(parts), builder=_builder(parts.get(Part.BUILDER, b""))
    )


def _builder(generator: bytes) -> str:
    named = str(headers(generator).get("Generator", "")).strip() or "unknown"
    return f"flit_core {named.removeprefix(_FLIT)}" if named.startswith(_FLIT) else named
