"""The nouns that cross stages: frozen data, no behaviour beyond what can be read off the fields.

Paths are POSIX, relative to the root of the repository (the PPR), unless a name says otherwise.
``package`` is always the module's name (with underscores); ``distribution`` the name on an index.

A name is loaded with its module when it is first asked for: to make a class of data takes time, and a command that only
looks at packages needs few of them.
"""

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from paa.model.findings import Finding, Location, Severity
    from paa.model.indexes import Burnt, Index, IndexFile, IndexKind, Published, PublishState, Receipt
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
        PublishSettings,
        Reason,
        Release,
        ReleaseSet,
        SetupDirectory,
    )

_HOMES = {
    "Blocked": "releases",
    "BuiltRelease": "releases",
    "Bump": "releases",
    "Burnt": "indexes",
    "Distribution": "releases",
    "DistributionKind": "releases",
    "Finding": "findings",
    "Index": "indexes",
    "IndexFile": "indexes",
    "IndexKind": "indexes",
    "InterfaceKind": "packages",
    "LinkedArtifact": "packages",
    "Location": "findings",
    "Metadata": "packages",
    "Outcome": "releases",
    "Package": "packages",
    "Pin": "packages",
    "Plan": "releases",
    "PublishSettings": "releases",
    "PublishState": "indexes",
    "Published": "indexes",
    "Reason": "releases",
    "Receipt": "indexes",
    "Release": "releases",
    "ReleaseSet": "releases",
    "Requirement": "packages",
    "ScannedPackage": "packages",
    "SetupDirectory": "releases",
    "Severity": "findings",
    "Standing": "packages",
}

__all__ = [
    "Blocked",
    "BuiltRelease",
    "Bump",
    "Burnt",
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
    "PublishSettings",
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


def __getattr__(name: str) -> object:
    """Load ``name`` (PEP 562)."""
    if name not in _HOMES:
        message = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(message)
    found = getattr(importlib.import_module(f"{__name__}.{_HOMES[name]}"), name)
    globals()[name] = found
    return found
