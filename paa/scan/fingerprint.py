"""The hash of everything that goes into a package: what decides whether it has changed.

SHA-256 of canonical JSON over the shipped paths with their content hashes, the settings that the user wrote, and the
requirements with siblings by name only. Shipped paths are those inside the package, so moving or renaming a folder of
the repository, together with its setting, changes no package. No version, floor, date or default of paa is in it, so
neither a release of a sibling nor an upgrade of paa changes it.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from types import MappingProxyType

from paa.config import Config, default_config
from paa.config.keys import Assembly
from paa.model import Requirement

# When this number changes, the fingerprints of earlier releases have to be computed again from their tagged commits.
FORMAT = 1

# The settings whose value ends up in a package.
_SHIPPED_SETTINGS = (
    "classifiers",
    "docs_url",
    "import_names",
    "internal_requirements",
    "license_label",
    "requires_python",
    "source_repo_url",
)

_NONE: Mapping[str, str] = MappingProxyType({})


def fingerprint(
    contents: Mapping[str, str],
    requirements: Iterable[Requirement],
    config: Config,
    artifacts: Mapping[str, str] = _NONE,
    *,
    merged: bool = False,
) -> str:
    """SHA-256 as 64 hexadecimal digits. ``contents`` maps each shipped path to the hash of its content.

    ``artifacts`` maps the places of artifacts to what is there, as far as ``contents`` does not say it: where a file of
    ``artifacts_filepaths`` comes from, what a link is pinned to. ``merged``: there are components to be merged.
    """
    default = default_config()
    document = {
        "format": FORMAT,
        "contents": dict(contents),
        "requirements": sorted([item.extra or "", item.sibling or item.requirement] for item in requirements),
        "settings": {
            name: _plain(getattr(config, name))
            for name in _SHIPPED_SETTINGS
            if getattr(config, name) != getattr(default, name)
        },
    }
    if artifacts:
        document["artifacts"] = dict(artifacts)
    if merged:
        document["assembly"] = Assembly.MERGE.value
    text = json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()


def _plain(value: object) -> object:
    return list(value) if isinstance(value, tuple) else value
