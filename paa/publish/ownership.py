"""Whose project it is that an index has under our name. Looked at again right before the first file is sent."""

import logging
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

from paa.documents.distributions import Part, manifest_in, read_parts, read_served
from paa.documents.manifest import Manifest
from paa.edges.index import FILE_LIMIT, version_of
from paa.errors import ArchiveError
from paa.model import BuiltRelease, DistributionKind, IndexFile
from paa.publish.channel import Channel

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """What speaks for a project being ours.

    ``holds_ours``: a file of ours is there, with our bytes. ``was_judged``: the plan found the project on that index,
    and found that it is ours. ``adopted`` holds names (normalised) that the configuration claims. ``manifest`` is the
    one in the wheel that is going to be sent.
    """

    built: BuiltRelease
    holds_ours: bool
    was_judged: bool
    adopted: Collection[str]
    manifest: Manifest | None


def is_ours(claim: Claim, served: Sequence[IndexFile], ask_manifest: Callable[[], Manifest | None]) -> bool:
    """Whether the project that serves these files is ours; what is not there at all, is.

    ``ask_manifest`` gets the manifest in its newest wheel; it is called only where nothing else decides.
    """
    from packaging.utils import canonicalize_name
    from packaging.version import Version

    release = claim.built.release
    if not served or claim.was_judged or claim.holds_ours:
        return True
    if canonicalize_name(release.distribution) in claim.adopted:
        return True
    versions = {version_of(file.name, release.distribution) for file in served}
    if release.previous is not None and Version(release.previous) in versions:
        return True
    theirs, mine = ask_manifest(), claim.manifest
    if theirs is None:
        return False
    here = None if mine is None else mine.repository
    if theirs.repository is not None:
        # Copies of one template have the same sources: the address decides where there is one.
        return theirs.repository == here
    return (theirs.package, theirs.fingerprint) == (release.package, release.fingerprint)


def newest_manifest(channel: Channel, distribution: str, served: Sequence[IndexFile]) -> Manifest | None:
    """The manifest in the newest wheel of a project; None where there is none of ours. Raises IndexReadError."""
    wheels = [
        (version, file.name, file)
        for file in served
        if file.name.endswith(".whl") and (version := version_of(file.name, distribution)) is not None
    ]
    if not wheels:
        return None
    newest = max(wheels, key=lambda item: item[:2])[2]
    with channel.connection() as destination, destination.reader.open(newest, limit_bytes=FILE_LIMIT) as stream:
        return manifest_in(read_served(stream, newest.name, Part.MANIFEST))


def built_manifest(built: BuiltRelease, folder: Path) -> Manifest | None:
    """The manifest in the wheel of ``built`` in ``folder``; None where there is no such wheel, or no manifest in it."""
    for file in built.files:
        if file.kind is DistributionKind.WHEEL:
            try:
                with (folder / file.name).open("rb") as stream:
                    return manifest_in(read_parts(stream, file.name, Part.MANIFEST))
            except (ArchiveError, OSError) as error:
                logger.info("the wheel tells nothing about its repository: %s", error)
    return None
