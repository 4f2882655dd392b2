"""The JSON documents that paa writes and others read ↔ the model. The one home of their keys.

Reading is strict: a document of another schema number is refused, and all faults are told at once with their key paths.
"""

from paa.documents.listing import ListedPackage, PackageState, list_to_json
from paa.documents.manifest import MANIFEST_PATH, Manifest, manifest_bytes, parse_manifest
from paa.documents.plans import plan_from_json, plan_to_json
from paa.documents.reading import parse_json
from paa.documents.release_sets import release_set_from_json, release_set_to_json
from paa.documents.writing import dump

__all__ = [
    "MANIFEST_PATH",
    "ListedPackage",
    "Manifest",
    "PackageState",
    "dump",
    "list_to_json",
    "manifest_bytes",
    "parse_json",
    "parse_manifest",
    "plan_from_json",
    "plan_to_json",
    "release_set_from_json",
    "release_set_to_json",
]
