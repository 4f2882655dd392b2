"""What ``paa plan`` writes beside what it prints: its document, a summary, and outputs for the next jobs."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from paa.cli.options import Settings
from paa.cli.summaries import add_summary
from paa.documents.plans import plan_to_json
from paa.documents.writing import dump
from paa.edges.files import write_atomic
from paa.model import Plan
from paa.plan.shards import Shard, cut
from paa.plan.state import repository_address
from paa.scan.state import State


@dataclass(frozen=True, slots=True, kw_only=True)
class Explained:
    """A plan, and what is told about it: ``affected`` are the packages to test."""

    state: State
    plan: Plan
    shards: tuple[Shard, ...]
    affected: tuple[str, ...]
    document: dict[str, Any]


def explained(state: State, made: Plan, options: Mapping[str, Any]) -> Explained:
    """The plan as far as ``options`` want it explained.

    Raises UsageError for ``--since`` with what is no commit, FindingsError where there are more levels than jobs.
    """
    for_jobs = options["github_output"] or options["azure_output"]
    shards = cut(made.releases, state.scanned, options["shards"]) if for_jobs or options["shards"] else ()
    document: dict[str, Any] = plan_to_json(made)
    if for_jobs or options["shards"]:
        document["shards"] = [{"shard": each.number, "packages": list(each.packages)} for each in shards]
    affected: tuple[str, ...] = ()
    if for_jobs or options["since"]:
        since, affected = _compared(state, made, options["since"])
        document |= {"affected": list(affected)} | ({} if since is None else {"since": since})
    found = Explained(state=state, plan=made, shards=shards, affected=affected, document=document)
    if options["levels"]:
        from paa.cli.ci_outputs import check_levels

        check_levels(made, _kinds(found), options["levels"])
    return found


def write_files(settings: Settings, found: Explained, done: str | None, options: Mapping[str, Any]) -> None:
    """Write ``--output`` and ``--summary``; ``done`` says why a tag has nothing left to ask for. Raises FileError."""
    if options["target"]:
        write_atomic(settings.directory / options["target"], dump(found.document))
    if options["summary"]:
        from paa.plan.summary import plan_markdown

        address = repository_address(found.state.repository)
        text = plan_markdown(found.plan, address, preview="since" in found.document, done=done)
        add_summary(settings.directory / options["summary"], text)


def set_outputs(found: Explained, options: Mapping[str, Any]) -> None:
    """Tell the next jobs. Raises UsageError outside of GitHub, FileError when its file can't be written."""
    if not (options["github_output"] or options["azure_output"]):
        return
    from paa.cli.ci_outputs import CiPlan, say_azure, write_github

    given = CiPlan(
        plan=found.plan,
        shards=found.shards,
        kinds=_kinds(found),
        affected=found.affected,
        levels=options["levels"] or 0,
    )
    if options["github_output"]:
        write_github(given, os.environ)
    if options["azure_output"]:
        say_azure(given)


def _kinds(found: Explained) -> Mapping[str, Any]:
    return {name: index.kind for name, index in found.state.repository.config.indexes.items()}


def _compared(state: State, made: Plan, revision: str | None) -> tuple[dict[str, Any] | None, tuple[str, ...]]:
    """What the commits since ``revision`` say (a document), and the packages to test."""
    from paa.edges.git import changed_paths
    from paa.plan.affected import affected
    from paa.plan.since import find_since

    repository = state.repository
    since = find_since(repository, revision) if revision else None
    changed = changed_paths(repository.root, since, "HEAD") if since else ()
    said = _said(state, since) if since else None
    return said, affected(made, state.scanned, changed, repository.config)


def _said(state: State, since: str) -> dict[str, Any]:
    from paa.plan.since import said_since

    packages = [
        {
            "package": item.package,
            "bump": item.bump.value,
            "version": item.exact,
            "commits": [{"commit": each.sha, "subject": each.subject} for each in item.commits],
        }
        for item in said_since(state, since)
    ]
    return {"commit": since, "packages": packages}
