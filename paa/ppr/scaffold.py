"""What a repository begins with beside its pipelines: settings, the parts of the README, an example of a feed."""

from collections.abc import Mapping

from paa.edges.templates import render
from paa.ppr.options import PipelineOptions, Platform

EXAMPLE_FEED = ".azure/feeds/example_feed.yml"
KEEP = ".gitkeep"
# Made first: where packages come from. The others are made when .paa.config names them, or on request.
_FIRST_FOLDERS = ("module_dir", "dependencies_dir", "example_notebooks_path", "tests_dir")
_ALL_FOLDERS = (
    *_FIRST_FOLDERS,
    "licenses_dir",
    "cli_dir",
    "api_routes_dir",
    "streamlit_dir",
    "mcp_dir",
    "artifacts_dir",
    "drawio_dir",
    "extra_docs_dir",
    "skills_dir",
)
_RELEASES = {
    Platform.GITHUB: "A push to `{branch}` releases what has changed.",
    Platform.AZURE: "Packages are published by a run of the pipeline, for which a feed and a package are chosen.",
}
_RELEASED_BY_TAG = "A tag that names package and version releases it."


def readme_base_path(platform: Platform) -> str:
    """Where the part of the README that people write is kept."""
    return f".{platform}/docs/README_base.md"


def scaffold_texts(platform: Platform, pipeline: PipelineOptions, *, name: str, module_dir: str) -> Mapping[str, str]:
    """The parts of the README, and on Azure the example of a feed, by path; ``name`` is that of the repository."""
    base = readme_base_path(platform)
    by_tag = pipeline.trigger.value == "tag"
    release = _RELEASED_BY_TAG if by_tag else _RELEASES[platform].format(branch=pipeline.default_branch)
    values = {"name": name, "module_dir": module_dir, "release": release, "base": base}
    texts = {
        base: render("scaffold/README_base.md.j2", values),
        f".{platform}/tools/update_README.sh": render("scaffold/update_README.sh.j2", values),
    }
    if platform is Platform.AZURE:
        texts[EXAMPLE_FEED] = example_feed()
    return texts


def example_feed() -> str:
    """The example of a file that defines a feed."""
    return render("scaffold/example_feed.yml.j2", {})


def folder_keys(named: frozenset[str], *, beginning: bool, full: bool) -> tuple[str, ...]:
    """The settings whose folders are made: those in ``named``, those to begin with, and all with ``full``."""
    return tuple(key for key in _ALL_FOLDERS if full or key in named or (beginning and key in _FIRST_FOLDERS))
