"""What the pipeline of Azure DevOps can be made from: every combination that changes what is written."""

from collections.abc import Mapping
from itertools import product

from paa.model import Index, IndexKind
from paa.ppr.options import InstallSource, PipelineOptions, Trigger

PYPI = Index(name="pypi", kind=IndexKind.PYPI)
PAGES = Index(name="static", kind=IndexKind.GITHUB_PAGES, url="https://example.github.io/tools/", branch="gh-pages")
# Names that YAML takes for something else, if it is let, and a project with a space.
FEEDS = (
    Index(name="no", kind=IndexKind.AZURE, organization="contoso", feed="data"),
    Index(name="Data-2", kind=IndexKind.AZURE, organization="contoso", project="My Project", feed="1e3"),
    Index(name="ml", kind=IndexKind.AZURE, organization="contoso", project="0e984725", feed="ml.models"),
)
BRANCHES = ("main", """it's+a"b"$(touch)`y`#!ü""")


def azure_options(*feeds: Index, **changes: object) -> PipelineOptions:
    """Options for ``feeds``, the first of which releases go to; to PyPI where there is none."""
    used = feeds[:1] or (PYPI,)
    names = tuple(index.name for index in used)
    values: dict[str, object] = {
        "paa_version": "1.2.3",
        "indexes": used,
        "publish_to": names,
        "prereleases_to": names,
        "feeds": feeds,
        "publish_on_push": False,
    }
    return PipelineOptions(**{**values, **changes})  # type: ignore[arg-type]  # the caller names the fields


def azure_option_sets() -> Mapping[str, PipelineOptions]:
    """Every combination, by a name that says which it is."""
    switches = (False, True)
    axes = product((0, 1, 3), Trigger, switches, InstallSource, switches, range(len(BRANCHES)))
    return {
        f"{feeds}-{trigger}-{on_push}-{source}-{lock}-{branch}": azure_options(
            *FEEDS[:feeds],
            trigger=trigger,
            publish_on_push=on_push,
            install_from=source,
            lock=lock,
            default_branch=BRANCHES[branch],
            tag_format="{package}/v{version}+x" if branch else "{package}-v{version}",
        )
        for feeds, trigger, on_push, source, lock, branch in axes
    }
