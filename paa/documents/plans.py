"""``paa plan --json`` ↔ Plan. docs/reference/formats.md describes the document."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from packaging.utils import canonicalize_name

import paa
from paa.documents.publish_settings import read_settings, settings_to_json
from paa.documents.reading import SCHEMA, Node, close_document, open_document, twice
from paa.documents.rules import COMMIT, DISTRIBUTION, FILE, LINE, PACKAGE, PATH, SHA256, SHOWN_PATH, VERSION
from paa.documents.writing import without_none
from paa.model import Blocked, Bump, Plan, Reason, Release


def plan_to_json(plan: Plan) -> dict[str, object]:
    """The document of a plan. ``releases`` keep their order; the rest is sorted where order means nothing."""
    document = document_of(plan, [release_to_json(release) for release in plan.releases])
    return document if plan.settings is None else document | {"settings": settings_to_json(plan.settings)}


def plan_from_json(document: object, source: str = "the plan") -> Plan:
    """Read the document of a plan. Raises ConfigError with every fault, each with its key path in ``source``."""
    top = open_document(document, source)
    plan = read_plan(top, [read_release(node) for node in top.nodes("releases")])
    settings = None if top.values.get("settings") is None else read_settings(top.node("settings"), plan.indexes)
    close_document(top, source)
    return replace(plan, settings=settings)


def document_of(plan: Plan, releases: Sequence[Mapping[str, object]]) -> dict[str, object]:
    """The document of ``plan`` around ``releases``, which are documents already."""
    blocked = sorted(plan.blocked, key=lambda item: (item.package, item.path or "", item.line or 0, item.reason))
    return {
        "schema": SCHEMA,
        "paa": paa.__version__,
        "index": plan.indexes[0] if plan.indexes else None,
        "indexes": list(plan.indexes),
        "commit": plan.commit,
        "builder": plan.builder,
        "provisional": plan.provisional,
        "releases": list(releases),
        "unchanged": sorted(plan.unchanged),
        "blocked": [_blocked_to_json(item) for item in blocked],
    }


def release_to_json(release: Release) -> dict[str, object]:
    """The document of one release."""
    document: dict[str, object] = {
        "package": release.package,
        "distribution": release.distribution,
        "version": release.version,
        "previous": release.previous,
        "bump": release.bump.value,
        "reasons": [_reason_to_json(reason) for reason in release.reasons],
        "notes": list(release.notes),
        "needs": sorted(release.needs),
        "floors": dict(sorted(release.floors.items())),
        "new_on_index": release.new_on_index,
        "targets": list(release.targets),
        "present_on": sorted(release.present_on),
        "fingerprint": release.fingerprint,
    }
    if release.released_files:
        document["released_files"] = dict(sorted(release.released_files.items()))
    return document


def _reason_to_json(reason: Reason) -> dict[str, object]:
    return without_none({"kind": reason.kind, "text": reason.text, "commit": reason.commit, "path": reason.path})


def _blocked_to_json(blocked: Blocked) -> dict[str, object]:
    place = {"path": blocked.path, "line": blocked.line, "advice": blocked.advice}
    return without_none({"package": blocked.package, "reason": blocked.reason, **place})


def read_plan(top: Node, releases: Sequence[Release]) -> Plan:
    """The plan around ``releases``, which were read already; faults are noted in ``top``."""
    indexes = top.texts("indexes", LINE)
    index = top.optional_text("index", LINE)
    if index != (indexes[0] if indexes else None):
        top.fault("index", "is not the first of indexes")
    plan = Plan(
        commit=top.optional_text("commit", COMMIT),
        indexes=indexes,
        builder=top.text("builder", LINE),
        releases=tuple(releases),
        unchanged=top.texts("unchanged", PACKAGE),
        blocked=tuple(_blocked(node) for node in top.nodes("blocked")),
        provisional=top.optional_text("provisional"),
    )
    _check_unique(top, plan)
    _check_order(top, plan.releases)
    return plan


def _check_unique(top: Node, plan: Plan) -> None:
    packages = [*(release.package for release in plan.releases), *plan.unchanged]
    packages += {item.package for item in plan.blocked}
    for package in twice(packages):
        top.fault("releases", f"the package {package} is there twice (in releases, unchanged or blocked)")
    distributions = [canonicalize_name(release.distribution) for release in plan.releases]
    for distribution in twice(distributions):
        top.fault("releases", f"the distribution {distribution} is there twice")
    for index in twice(plan.indexes):
        top.fault("indexes", f"{index} is there twice")
    for number, release in enumerate(plan.releases):
        for index in release.targets:
            if index and index not in plan.indexes:
                top.fault(f"releases[{number}].targets", f"{index} is not one of indexes")


def _check_order(top: Node, releases: Sequence[Release]) -> None:
    """Every release comes after those that it needs, which must be there."""
    known = {release.package for release in releases}
    earlier: set[str] = set()
    for number, release in enumerate(releases):
        for name in release.needs:
            if name and name not in known:
                top.fault(f"releases[{number}].needs", f"{name} is not one of the releases")
            elif name and name not in earlier:
                top.fault(f"releases[{number}].needs", f"{name} does not come before {release.package}")
        earlier.add(release.package)


def read_release(node: Node) -> Release:
    """One release; faults are noted in ``node``."""
    return Release(
        package=node.text("package", PACKAGE),
        distribution=node.text("distribution", DISTRIBUTION),
        version=node.text("version", VERSION),
        previous=node.optional_text("previous", VERSION),
        bump=node.choice("bump", Bump),
        fingerprint=node.text("fingerprint", SHA256),
        reasons=tuple(_reason(reason) for reason in node.nodes("reasons")),
        notes=node.texts("notes"),
        needs=node.texts("needs", PACKAGE),
        floors=node.text_map("floors", PACKAGE, VERSION),
        new_on_index=node.flag("new_on_index"),
        targets=node.optional_texts("targets", LINE) or (),
        present_on=node.optional_texts("present_on", LINE) or (),
        released_files=node.text_map("released_files", FILE, SHA256) if "released_files" in node.values else {},
    )


def _reason(node: Node) -> Reason:
    return Reason(
        kind=node.text("kind", LINE),
        text=node.text("text"),
        commit=node.optional_text("commit", COMMIT),
        path=node.optional_text("path", PATH),
    )


def _blocked(node: Node) -> Blocked:
    return Blocked(
        # What is blocked may be so for its name: any file can lie in the folder of the modules.
        package=node.text("package"),
        reason=node.text("reason"),
        path=node.optional_text("path", SHOWN_PATH),
        line=node.optional_number("line"),
        advice=node.optional_text("advice"),
    )
