"""What changes at a place that shows sites: pure decisions over what is there."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from paa.plan.pep440 import parse_version
from paa.sites.build import Workshop
from paa.sites.manifest import FOLDER, BuiltSite, Manifest
from paa.sites.model import SiteSource

CATALOGUE_PAGE = "index.html"
# What MkDocs leaves at the top of every site: so the existing tool's sites are told from folders of the user's own.
_MKDOCS = re.compile(r"(?:search/search_index\.json|sitemap\.xml)$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Update:
    """What is to be written and to be taken away, and what is there then.

    ``made`` and ``unchanged`` are packages; ``skipped`` are those whose site was not made, with the reason.
    """

    manifest: Manifest
    files: Mapping[str, Path] = field(default_factory=dict)
    removed: frozenset[str] = frozenset()
    made: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    skipped: Mapping[str, str] = field(default_factory=dict)


def decide(
    workshop: Workshop,
    sources: Sequence[SiteSource],
    catalogue: SiteSource,
    manifest: Manifest,
    there: Collection[str],
) -> Update:
    """Build what is not there yet, and say what else changes. ``there`` are the paths of all files of the place.

    A site of a later version stays, and a page of somebody else's at the top. Raises as ``Workshop.make`` does.
    """
    skipped = _skipped(sources, manifest, there)
    chosen = [source for source in sources if source.name not in skipped]
    changed = [source for source in chosen if not _is_there(source, manifest, there, workshop.theme)]
    takes_top = manifest.catalogue is not None or CATALOGUE_PAGE not in there
    new_catalogue = takes_top and not _is_current(catalogue, manifest.catalogue, there, workshop.theme)
    made = workshop.make([*changed, *([catalogue] if new_catalogue else [])])
    if not takes_top:
        skipped[""] = f"{CATALOGUE_PAGE} is there and paa did not make it"
    after = Manifest(
        sites={**manifest.sites, **{name: site.built for name, site in made.items() if name}},
        catalogue=made[""].built if "" in made else manifest.catalogue,
    )
    files = {path: file for site in made.values() for path, file in site.files.items()}
    if made:
        files |= workshop.shared
    return Update(
        manifest=after,
        files=files,
        removed=frozenset(_gone([name for name in made if name], manifest, after, there)) - files.keys(),
        made=tuple(source.name for source in changed),
        unchanged=tuple(source.name for source in chosen if source.name not in made),
        skipped=skipped,
    )


def _skipped(sources: Iterable[SiteSource], manifest: Manifest, there: Collection[str]) -> dict[str, str]:
    indexed = any(path.startswith("simple/") and path.endswith("/index.json") for path in there)
    found = {}
    for source in sources:
        before = manifest.sites.get(source.name)
        if source.name == "simple" and indexed:
            found[source.name] = "its folder is that of the static index"
        elif before is not None and _is_later(before, source.version):
            found[source.name] = f"the site of a later version, {before.version}, is there"
    return found


def _is_later(before: BuiltSite, version: str | None) -> bool:
    known, own = parse_version(before.version or ""), parse_version(version or "")
    return known is not None and (own is None or known > own)


def _is_there(source: SiteSource, manifest: Manifest, there: Collection[str], theme: str) -> bool:
    return f"{source.name}/{CATALOGUE_PAGE}" in there and _is_current(
        source, manifest.sites.get(source.name), there, theme
    )


def _is_current(source: SiteSource, before: BuiltSite | None, there: Collection[str], theme: str) -> bool:
    return (
        before is not None
        and before.fingerprint == source.fingerprint(theme)
        and (CATALOGUE_PAGE in there if not source.name else True)
    )


def _gone(made: Collection[str], before: Manifest, after: Manifest, there: Collection[str]) -> Iterable[str]:
    """Files of former sites of the packages in ``made``, and themes that no site uses any more."""
    old_themes = {f"{FOLDER}/{theme}/" for theme in before.themes - after.themes}
    folders = {name for name in made if name in before.sites or _is_mkdocs(name, there)}
    for path in there:
        if path.partition("/")[0] in folders or any(path.startswith(theme) for theme in old_themes):
            yield path


def _is_mkdocs(name: str, there: Collection[str]) -> bool:
    return any(path.startswith(f"{name}/") and _MKDOCS.match(path.removeprefix(f"{name}/")) for path in there)
