"""What setting up did, as the JSON document of ``paa init-ppr --json`` and ``paa init-paa --json``."""

from collections.abc import Mapping

import paa
from paa.documents.reading import SCHEMA
from paa.documents.writing import without_none
from paa.ppr.init import BESIDE, SetUp
from paa.ppr.next_steps import next_steps
from paa.ppr.upgrade import Change


def set_up_to_json(set_up: SetUp, kept: Mapping[str, str], *, dry_run: bool) -> dict[str, object]:
    """The document. ``kept`` says where replaced files are kept, by path."""
    return {
        "schema": SCHEMA,
        "paa": paa.__version__,
        "platform": None if set_up.platform is None else set_up.platform.value,
        "dry_run": dry_run,
        "options": _options(set_up),
        "files": [_file(change, kept.get(change.path)) for change in set_up.changes],
        "left_over": list(set_up.left_over),
        "ignored": list(set_up.ignored),
        "next": list(next_steps(set_up)),
    }


def _options(set_up: SetUp) -> dict[str, object] | None:
    pipeline = set_up.pipeline
    if pipeline is None:
        return None
    return {
        "full": pipeline.full,
        "trigger": pipeline.trigger.value,
        "environment_per_package": pipeline.environment_per_package,
        "indexes": [index.name for index in pipeline.indexes],
        "lock": pipeline.lock,
        "default_branch": pipeline.default_branch,
    }


def _file(change: Change, kept_at: str | None) -> dict[str, object]:
    offered = change.remembered is not None and change.remembered.offered is not None
    return without_none(
        {
            "path": change.path,
            "state": change.state.value,
            "beside": f"{change.path}{BESIDE}" if offered else None,
            "kept_at": kept_at,
        }
    )
