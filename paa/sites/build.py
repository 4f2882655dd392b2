"""Sources of sites → their files, for those that are not there already."""

import html
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from paa.edges.files import write_tree
from paa.edges.mkdocs import SiteJob, build_sites
from paa.sites.manifest import BuiltSite
from paa.sites.model import SiteSource
from paa.sites.theme import split_site, theme_folder

_CATALOGUE = "the catalogue"
_MOVED = """\
<!DOCTYPE html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <title>This page has moved</title>
    <meta name="robots" content="noindex">
    <meta http-equiv="refresh" content="0; url={target}">
  </head>
  <body>This page is <a href="{target}">here</a> now.</body>
</html>
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeSite:
    """A site as files: their places in the whole, and where they lie now. ``warnings`` are what MkDocs said."""

    built: BuiltSite
    files: Mapping[str, Path]
    warnings: tuple[str, ...] = ()


@dataclass(slots=True, kw_only=True)
class Workshop:
    """Builds what is asked for in ``folder``, each site once. ``shared`` are the files of the theme, by place."""

    folder: Path
    theme: str
    made: dict[str, MadeSite] = field(default_factory=dict)
    shared: dict[str, Path] = field(default_factory=dict)

    def make(self, sources: Iterable[SiteSource]) -> Mapping[str, MadeSite]:
        """The sites of ``sources`` by name. Raises as ``build_sites`` does, and FileError."""
        wanted = list(sources)
        new = [source for source in wanted if source.name not in self.made]
        told = build_sites([self._job(source) for source in new], theme_folder())
        for source in new:
            self.made[source.name] = self._collect(source, told.get(source.name or _CATALOGUE, ()))
        return {source.name: self.made[source.name] for source in wanted}

    def _job(self, source: SiteSource) -> SiteJob:
        place = self.folder / (source.name or "_catalogue")
        write_tree(place / "docs", source.files)
        return SiteJob(
            name=source.name or _CATALOGUE,
            title=source.title,
            docs=place / "docs",
            site=place / "site",
            url=source.url,
            nav=source.nav,
            search=bool(source.name),
        )

    def _collect(self, source: SiteSource, warnings: Sequence[str]) -> MadeSite:
        place = self.folder / (source.name or "_catalogue")
        files, shared = split_site(place / "site", source.files, source.name, self.theme)
        self.shared |= shared
        moved = {f"{source.name}/{old}/index.html": new for old, new in source.also.items()}
        forward = {path: _MOVED.format(target=f"../{html.escape(new)}/") for path, new in moved.items()}
        forward = {path: text for path, text in forward.items() if path not in files}
        write_tree(place / "moved", {path: text.encode() for path, text in forward.items()})
        built = BuiltSite(fingerprint=source.fingerprint(self.theme), version=source.version, theme=self.theme)
        return MadeSite(
            built=built,
            files={**files, **{path: place / "moved" / path for path in forward}},
            warnings=tuple(warnings),
        )
