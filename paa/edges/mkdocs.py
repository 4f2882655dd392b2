"""MkDocs: builds sites from Markdown, in processes of its own, without the network and without the user's settings."""

import html
import importlib.metadata
import importlib.util
import json
import os
import sys
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from paa.edges import mkdocs_program
from paa.edges.files import read_bytes, temporary_folder, translated
from paa.edges.installer import without_upload_secrets
from paa.edges.run import run
from paa.errors import FindingsError, MissingExtraError, OutsideError

_NEEDED = ("mkdocs", "material")
_DISTRIBUTIONS = ("mkdocs", "mkdocs-material")
_SECONDS_PER_SITE = 120.0
# From here on another process pays for its start.
_SMALLEST_SHARE = 4

Nav = Sequence["str | Mapping[str, str | Nav]"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteJob:
    """A site to be built: from the Markdown files in ``docs`` into the new folder ``site``; ``url`` is its address."""

    name: str
    title: str
    docs: Path
    site: Path
    url: str | None = None
    nav: Nav = field(default_factory=tuple)
    search: bool = True


def require_mkdocs() -> None:
    """Raise MissingExtraError where what makes sites is not installed."""
    if any(importlib.util.find_spec(name) is None for name in _NEEDED):
        feature = "making package sites"
        raise MissingExtraError(feature, "docs")


def mkdocs_versions() -> tuple[str, ...]:
    """What the bytes of a site depend on beside its pages."""
    return tuple(f"{name} {importlib.metadata.version(name)}" for name in _DISTRIBUTIONS)


def build_sites(jobs: Sequence[SiteJob], theme: Path) -> dict[str, tuple[str, ...]]:
    """Build them all; return what MkDocs warned of, by name. ``theme`` holds templates that come before the theme's.

    Raises FindingsError for a site that MkDocs refuses, OutsideError when it fails otherwise.
    """
    if not jobs:
        return {}
    count = max(1, min(os.cpu_count() or 1, len(jobs) // _SMALLEST_SHARE))
    shares = [jobs[number::count] for number in range(count)]
    found: dict[str, tuple[str, ...]] = {}
    with ThreadPoolExecutor(max_workers=count) as pool:
        for share in pool.map(lambda share: _build_share(share, theme), shares):
            found |= share
    return found


def _build_share(jobs: Sequence[SiteJob], theme: Path) -> dict[str, tuple[str, ...]]:
    with temporary_folder("paa-mkdocs-") as folder:
        asked, result = folder / "asked.json", folder / "result.json"
        sites = [{"name": job.name, "settings": _settings(job, theme, folder)} for job in jobs]
        with translated("write", asked):
            asked.write_text(json.dumps({"result": str(result), "sites": sites}), encoding="utf-8")
        environment = without_upload_secrets(os.environ) | {"NO_MKDOCS_2_WARNING": "1", "PYTHONUTF8": "1"}
        done = run(
            # -P: a module of the user's beside the program must not be taken for one of the library's.
            [sys.executable, "-P", str(Path(mkdocs_program.__file__)), str(asked)],
            folder=folder,
            environment=environment,
            seconds=_SECONDS_PER_SITE * len(jobs),
        )
        if done.code != 0 or not result.exists():
            reason = (done.error_text.splitlines() or [f"exit code {done.code}"])[-1]
            message = f"MkDocs could not build the sites of {', '.join(job.name for job in jobs[:3])} …: {reason}"
            raise OutsideError(message, advice="pip install --upgrade 'paa[docs]', then run again")
        told = json.loads(read_bytes(result))
    if "failed" in told:
        name, reason = told["failed"]
        message = f"the site of {name} can't be built: {reason}"
        raise FindingsError(message, advice="correct its pages, then run again")
    return {name: tuple(warnings) for name, warnings in told.items()}


def _settings(job: SiteJob, theme: Path, folder: Path) -> Mapping[str, object]:
    """The settings of MkDocs. Nothing in them loads anything from elsewhere when the site is looked at."""
    return {
        "config_file_path": str(folder / "mkdocs.yml"),
        # Themes put it into their pages as it is.
        "site_name": html.escape(job.title),
        "site_url": job.url,
        "docs_dir": str(job.docs),
        "site_dir": str(job.site),
        "use_directory_urls": True,
        "nav": job.nav or None,
        "theme": {
            "name": "material",
            "custom_dir": str(theme),
            "font": False,
            "language": "en",
            "palette": [
                _palette("light", "default", "material/weather-night", "Switch to dark mode"),
                _palette("dark", "slate", "material/weather-sunny", "Switch to light mode"),
            ],
            "features": ["content.code.copy", "navigation.sections", "navigation.top", "search.highlight"],
        },
        "plugins": ["search"] if job.search else [],
        # The way up to the catalogue is no page of this site.
        "validation": {"nav": {"not_found": "ignore"}, "links": {"unrecognized_links": "ignore"}},
        "extra_css": ["assets/stylesheets/paa.css"],
        "markdown_extensions": [_EXTENSION_SETTINGS.get(name, name) for name in _EXTENSIONS],
    }


def _palette(media: str, scheme: str, icon: str, name: str) -> Mapping[str, object]:
    return {
        "media": f"(prefers-color-scheme: {media})",
        "scheme": scheme,
        "primary": "indigo",
        "accent": "indigo",
        "toggle": {"icon": icon, "name": name},
    }


_EXTENSIONS = (
    "admonition",
    "attr_list",
    "def_list",
    "footnotes",
    "md_in_html",
    "tables",
    "toc",
    "pymdownx.details",
    "pymdownx.highlight",
    "pymdownx.inlinehilite",
    "pymdownx.magiclink",
    "pymdownx.superfences",
    "pymdownx.tabbed",
    "pymdownx.tasklist",
    "pymdownx.tilde",
)
_EXTENSION_SETTINGS = {
    name: {name: settings}
    for name, settings in (
        ("toc", {"permalink": True}),
        ("pymdownx.tabbed", {"alternate_style": True}),
        ("pymdownx.tasklist", {"custom_checkbox": True}),
        ("pymdownx.tilde", {"subscript": False}),
    )
}
