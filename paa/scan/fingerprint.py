"""The hash of everything that goes into a package: what decides whether it has changed.

SHA-256 of canonical JSON over the shipped paths with their content hashes, the settings that the user wrote, and the
requirements with siblings by name only. No version, floor, date or default of paa is in it, so neither a release of
a sibling nor an upgrade of paa changes it.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping

from paa.config import Config, default_config
from paa.model import Requirement

# When this number changes, the fingerprints of earlier releases have to be computed again from their tagged commits.
FORMAT = 1

# The settings whose value ends up in a package.
_SHIPPED_SETTINGS = (
    "assembly",
    "classifiers",
    "dependencies_dir",
    "docs_url",
    "internal_requirements",
    "license_label",
    "requires_python",
    "source_repo_url",
)


def fingerprint(contents: Mapping[str, str], requirements: Iterable[Requirement], config: Config) -> str:
    """SHA-256 as 64 hexadecimal digits. ``contents`` maps each shipped path to the hash of its content."""
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
    text = json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()


def _plain(value: object) -> object:
    return list(value) if isinstance(value, tuple) else value
