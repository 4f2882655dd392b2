"""The nouns that cross stages: frozen data, no behaviour beyond what can be read off the fields.

Paths are POSIX, relative to the root of the repository (the PPR), unless a name says otherwise.
``package`` is always the module's name (with underscores); ``distribution`` the name on an index.
"""

from paa.model.findings import Finding, Location, Severity
from paa.model.indexes import Index, IndexFile, IndexKind, Published, PublishState, Receipt
from paa.model.packages import (
    InterfaceKind,
    LinkedArtifact,
    Metadata,
    Package,
    Pin,
    Requirement,
    ScannedPackage,
    Standing,
)
from paa.model.releases import (
    Blocked,
    BuiltRelease,
    Bump,
    Distribution,
    DistributionKind,
    Outcome,
    Plan,
    Reason,
    Release,
    ReleaseSet,
    SetupDirectory,
)

__all__ = [
    "Blocked",
    "BuiltRelease",
    "Bump",
    "Distribution",
    "DistributionKind",
    "Finding",
    "Index",
    "IndexFile",
    "IndexKind",
    "InterfaceKind",
    "LinkedArtifact",
    "Location",
    "Metadata",
    "Outcome",
    "Package",
    "Pin",
    "Plan",
    "PublishState",
    "Published",
    "Reason",
    "Receipt",
    "Release",
    "ReleaseSet",
    "Requirement",
    "ScannedPackage",
    "SetupDirectory",
    "Severity",
    "Standing",
]
