"""``<package>/.paa/manifest.json`` inside every wheel: what it was made from. Two builds give the same bytes."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit, urlunsplit

from paa.documents.reading import SCHEMA, Node, close_document, open_document, parse_json
from paa.documents.rules import LINE, PACKAGE, PATH, SHA256, VERSION
from paa.documents.writing import dump, without_none
from paa.errors import ConfigError
from paa.model import InterfaceKind

# Where it lies below the import package.
MANIFEST_PATH = ".paa/manifest.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What a wheel says about itself.

    ``repository`` is the web address of the PPR; ``components`` are paths in it; ``artifacts`` maps paths below the
    package's artifacts to their SHA-256, ``links`` those of them that were fetched to where they come from.
    """

    package: str
    version: str
    fingerprint: str
    repository: str | None = None
    components: tuple[str, ...] = ()
    interfaces: tuple[InterfaceKind, ...] = ()
    artifacts: Mapping[str, str] = field(default_factory=dict)
    links: Mapping[str, str] = field(default_factory=dict)


def manifest_bytes(manifest: Manifest) -> bytes:
    """The manifest as a file: sorted, without user info in the repository's address."""
    return dump(
        {
            "schema": SCHEMA,
            "package": manifest.package,
            "version": manifest.version,
            "fingerprint": manifest.fingerprint,
            "repository": _without_user_info(manifest.repository),
            "components": sorted(manifest.components),
            "interfaces": sorted(kind.value for kind in manifest.interfaces),
            "artifacts": [
                without_none({"path": path, "sha256": digest, "url": manifest.links.get(path)})
                for path, digest in sorted(manifest.artifacts.items())
            ],
        }
    )


def parse_manifest(data: bytes) -> Manifest | None:
    """Read a manifest out of a wheel; None when it is not a whole one of a schema that this paa knows.

    A wheel on an index may be anybody's, so that a manifest that can't be read is no error here: it proves nothing.
    """
    source = MANIFEST_PATH
    try:
        top = open_document(parse_json(data, source), source)
        manifest = _read(top)
        close_document(top, source)
    except ConfigError:
        return None
    return manifest


def _read(top: Node) -> Manifest:
    artifacts = top.nodes("artifacts")
    # A later paa may know more interfaces than this one.
    kinds = {kind.value: kind for kind in InterfaceKind}
    interfaces = tuple(kinds[name] for name in top.texts("interfaces") if name in kinds)
    return Manifest(
        package=top.text("package", PACKAGE),
        version=top.text("version", VERSION),
        fingerprint=top.text("fingerprint", SHA256),
        repository=top.optional_text("repository", LINE),
        components=top.texts("components", PATH),
        interfaces=interfaces,
        artifacts={node.text("path", PATH): node.text("sha256", SHA256) for node in artifacts},
        links={node.text("path", PATH): url for node in artifacts if (url := node.optional_text("url", LINE))},
    )


def _without_user_info(address: str | None) -> str | None:
    """``address`` without user info, query and fragment, all of which can carry a token; None for what is no URL."""
    try:
        parts = urlsplit(address or "")
    except ValueError:
        return None
    if not parts.scheme or not parts.netloc:
        return None
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, "", ""))
