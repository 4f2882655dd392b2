"""What a version was released as, for plans in which it is completed: the files that its tag records. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from paa.edges.git_tags import Tag
from paa.model import Plan, Release
from paa.plan.tags import parse_tag_message

_Key = tuple[str, str, str]


def with_released_files(plan: Plan, tags: Iterable[Tag]) -> Plan:
    """``plan`` with the names and hashes of what ``tags`` say was released already; see ``Release.released_files``."""
    wanted = {_key(release) for release in plan.releases if release.present_on}
    if not wanted:
        return plan
    files: dict[_Key, Mapping[str, str]] = {}
    for tag in tags:
        record = parse_tag_message(tag.message)
        if record is not None and (key := (record.package, record.version, record.fingerprint)) in wanted:
            files.setdefault(key, record.files)
    releases = (replace(release, released_files=files.get(_key(release), {})) for release in plan.releases)
    return replace(plan, releases=tuple(releases))


def _key(release: Release) -> _Key:
    return release.package, release.version, release.fingerprint
