"""Packages as they are found and scanned, and their setup directories."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from paa.model.findings import Finding, Location, Severity


class InterfaceKind(StrEnum):
    """The optional companions of a module that give its package a way to be run."""

    CLI = "cli"
    API = "api"
    STREAMLIT = "streamlit"
    MCP = "mcp"


@dataclass(frozen=True, slots=True, kw_only=True)
class Package:
    """A package as found in the repository, before anything is read: its module and its companion files.

    ``artifacts`` maps places below the package's artifacts to files of the repository, ``artifact_links`` places to the
    ``.link`` files that hold the address of what is shipped there. A project (``projects:`` in the configuration) has
    ``project`` set to its folder, ``module`` to its ``pyproject.toml``, and no companions.
    """

    name: str
    module: str
    interfaces: Mapping[InterfaceKind, str] = field(default_factory=dict)
    notebook: str | None = None
    artifacts: Mapping[str, str] = field(default_factory=dict)
    artifact_links: Mapping[str, str] = field(default_factory=dict)
    license_files: tuple[str, ...] = ()
    project: str | None = None
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Pin:
    """What an address of an artifact gave when it was last refreshed; ``size`` is in bytes."""

    url: str
    sha256: str
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkedArtifact:
    """An artifact that is fetched. ``path`` is its place below the package's artifacts, ``source`` what names ``url``.

    ``pin`` is what ``artifacts.lock`` has for the address; None where it has nothing, which blocks the package.
    """

    path: str
    url: str
    source: Location
    pin: Pin | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Requirement:
    """One dependency of a package, with where it comes from.

    ``requirement`` is a PEP 508 string without the ``extra == …`` marker; ``extra`` is the extra that it
    belongs to, if any. ``sibling`` is the package's name when another package of the PPR provides it; such a
    requirement carries no version until the plan gives it a floor.
    """

    requirement: str
    evidence: str
    sources: tuple[Location, ...]
    extra: str | None = None
    sibling: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Metadata:
    """What the user wrote about a package, after defaults: the input of ``[project]`` and nothing derived from time."""

    distribution: str
    description: str
    requires_python: str
    authors: tuple[tuple[str, str], ...] = ()
    license: str | None = None
    keywords: tuple[str, ...] = ()
    classifiers: tuple[str, ...] = ()
    urls: Mapping[str, str] = field(default_factory=dict)
    readme: str | None = None
    extras_require: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    install_requires: tuple[str, ...] = ()
    entry_points: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    command: str | None = None
    publish: bool = True
    import_names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ScannedPackage:
    """A package and all that scanning learnt about it.

    ``contents`` maps every repository file that is shipped or decides what is shipped to its content hash.
    ``defines_version`` says that the module binds ``__version__`` itself, ``runs_as_program`` that it has code for
    being run; ``repository`` is the https address of the sources, if there is one. ``fingerprint`` is empty and
    ``metadata`` may be None where ``findings`` hold an error.
    """

    package: Package
    metadata: Metadata | None = None
    docstring: str | None = None
    defines_version: bool = False
    runs_as_program: bool = False
    repository: str | None = None
    components: tuple[str, ...] = ()
    requirements: tuple[Requirement, ...] = ()
    linked_artifacts: tuple[LinkedArtifact, ...] = ()
    findings: tuple[Finding, ...] = ()
    contents: Mapping[str, str] = field(default_factory=dict)
    fingerprint: str = ""

    @property
    def errors(self) -> tuple[Finding, ...]:
        """The findings that block this package."""
        return tuple(finding for finding in self.findings if finding.severity is Severity.ERROR)

    @property
    def distribution(self) -> str:
        """The name on the index; the module's name with hyphens until the metadata is known."""
        return self.metadata.distribution if self.metadata else self.package.name.replace("_", "-")

    @property
    def siblings(self) -> tuple[str, ...]:
        """Names of the packages of this PPR that this one requires outside of extras, sorted."""
        return tuple(sorted({r.sibling for r in self.requirements if r.sibling and r.extra is None}))


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What can be said about a scanned package at a glance: enough to list it, and to see that it has not changed.

    The fields are those of ``ScannedPackage`` and of its metadata.
    """

    package: Package
    distribution: str
    fingerprint: str
    publish: bool = True
    findings: tuple[Finding, ...] = ()

    @property
    def errors(self) -> tuple[Finding, ...]:
        """The findings that block this package."""
        if not self.findings:
            return ()
        return tuple(finding for finding in self.findings if finding.severity is Severity.ERROR)
