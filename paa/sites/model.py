"""Sites before they are built."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from paa.documents.markdown import cell
from paa.edges.mkdocs import Nav
from paa.model import ScannedPackage


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedSite:
    """A package as the catalogue and its own site tell of it; ``version`` is None before its first release."""

    scanned: ScannedPackage
    version: str | None
    floors: Mapping[str, str] = field(default_factory=dict)
    new_notes: tuple[str, ...] | None = None

    @property
    def package(self) -> str:
        """The name of the package, and of the folder of its site."""
        return self.scanned.package.name

    @property
    def description(self) -> str:
        """What it is, as Markdown that is nothing but text."""
        # An address in it is no link either, as MkDocs would make one of it.
        return cell(self.scanned.metadata.description if self.scanned.metadata else "").replace("://", "&#58;//")


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteSource:
    """The Markdown of one site and what belongs to it, by path; ``name`` is its folder, empty for the catalogue.

    ``also`` maps addresses that pages had with the existing tool to where they are now.
    """

    name: str
    title: str
    version: str | None
    files: Mapping[str, bytes]
    nav: Nav = ()
    url: str | None = None
    also: Mapping[str, str] = field(default_factory=dict)

    def fingerprint(self, theme: str) -> str:
        """The SHA-256 of all that the site is made from; ``theme`` stands for what it is made with."""
        digest = hashlib.sha256()
        settings = [theme, self.title, self.version, list(self.nav), self.url, dict(sorted(self.also.items()))]
        digest.update(json.dumps(settings, sort_keys=True).encode())
        for path, data in sorted(self.files.items()):
            digest.update(f"\n{path}\n{hashlib.sha256(data).hexdigest()}".encode("utf-8", "surrogateescape"))
        return digest.hexdigest()
