"""What one index has of a distribution, as the plan needs it: versions, and who made the newest release."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from paa.documents.manifest import Manifest


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedProject:
    """A distribution on one index.

    ``whole`` are those of ``versions`` that have a wheel and an sdist. ``manifest`` is that of the newest wheel, None
    where it has none of ours; ``floors`` are the lower bounds that this wheel requires: normalised distribution name →
    version.
    """

    versions: frozenset[str] = frozenset()
    whole: frozenset[str] = frozenset()
    manifest: Manifest | None = None
    floors: Mapping[str, str] = field(default_factory=dict)


# Asked for the name of an index and that of a distribution; raises IndexReadError.
Ask = Callable[[str, str], PublishedProject]
