"""What paa has put beside the other files of a branch of pages: which sites, made from what, of which version."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from paa.documents.reading import SCHEMA, close_document, open_document, parse_json
from paa.documents.rules import LINE, PACKAGE, SHA256, VERSION
from paa.documents.writing import dump
from paa.errors import ConfigError

# No module, and so no package, has a name that begins so.
FOLDER = "_paa"
MANIFEST = f"{FOLDER}/sites.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class BuiltSite:
    """A site that is there: the hash of what it was made from, the version shown, the theme that its pages load."""

    fingerprint: str
    version: str | None
    theme: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """The sites by package, and the catalogue."""

    sites: Mapping[str, BuiltSite] = field(default_factory=dict)
    catalogue: BuiltSite | None = None

    @property
    def themes(self) -> frozenset[str]:
        """The themes that are still in use."""
        used = {site.theme for site in self.sites.values()}
        return frozenset(used | ({self.catalogue.theme} if self.catalogue else set()))


def manifest_bytes(manifest: Manifest) -> bytes:
    """The content of the file, sorted by package."""
    sites = [{"package": name, **_entry(site)} for name, site in sorted(manifest.sites.items())]
    catalogue = None if manifest.catalogue is None else _entry(manifest.catalogue)
    return dump({"schema": SCHEMA, "sites": sites, "catalogue": catalogue})


def parse_manifest(data: bytes | None) -> Manifest:
    """Read the file; what can't be read says nothing, so that all sites are made again."""
    if data is None:
        return Manifest()
    try:
        top = open_document(parse_json(data, MANIFEST), MANIFEST)
        sites = {
            node.text("package", PACKAGE): BuiltSite(
                fingerprint=node.text("fingerprint", SHA256),
                version=node.optional_text("version", VERSION),
                theme=node.text("theme", LINE),
            )
            for node in top.nodes("sites")
        }
        catalogue = None
        if top.values.get("catalogue") is not None:
            node = top.node("catalogue")
            catalogue = BuiltSite(
                fingerprint=node.text("fingerprint", SHA256), version=None, theme=node.text("theme", LINE)
            )
        close_document(top, MANIFEST)
    except ConfigError:
        return Manifest()
    return Manifest(sites=sites, catalogue=catalogue)


def _entry(site: BuiltSite) -> Mapping[str, object]:
    return {"fingerprint": site.fingerprint, "version": site.version, "theme": site.theme}
