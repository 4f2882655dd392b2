"""The actions that workflows use, each pinned to a commit: a table of facts (``data/actions.json``)."""

import json
from collections.abc import Mapping
from pathlib import Path

from paa.edges.files import read_bytes

_TABLE = Path(__file__).parent / "data" / "actions.json"


def action_pins() -> Mapping[str, str]:
    """How workflows refer to each action: its name and a commit, with the version in a comment behind it."""
    return {name: f"{name}@{pin['commit']} # {pin['version']}" for name, pin in json.loads(read_bytes(_TABLE)).items()}
