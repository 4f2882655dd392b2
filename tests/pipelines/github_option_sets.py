"""What pipelines can be made from: every combination that changes what is written."""

from collections.abc import Mapping
from itertools import product

from paa.model import Index, IndexKind
from paa.ppr.options import InstallSource, PipelineOptions, Trigger

PYPI = Index(name="pypi", kind=IndexKind.PYPI)
TESTPYPI = Index(name="testpypi", kind=IndexKind.TESTPYPI)
# A name that YAML takes for a boolean, if it is let.
PRIVATE = Index(
    name="no", kind=IndexKind.PYPISERVER, upload_url="https://feed.example/", simple_url="https://feed.example/"
)
FEED = Index(name="data-science", kind=IndexKind.AZURE, organization="example", project="tools", feed="data")
PAGES = Index(name="static", kind=IndexKind.GITHUB_PAGES, url="https://example.github.io/tools/", branch="gh-pages")
GIT = Index(name="installs", kind=IndexKind.GIT, branch="dist/{package}")
FOLDER = Index(name="folder", kind=IndexKind.DIRECTORY)

INDEXES: Mapping[str, tuple[Index, ...]] = {
    "pypi": (PYPI,),
    "both": (PYPI, TESTPYPI),
    "private": (PRIVATE,),
    "mixed": (PYPI, TESTPYPI, PRIVATE, FEED, PAGES, GIT, FOLDER),
    "branches": (PAGES, GIT),
    "folder": (FOLDER,),
}
_BRANCHES = ("main", """it's+a "b" $(touch x) `y` #!ü""")


def pipeline_options(*indexes: Index, **changes: object) -> PipelineOptions:
    """Options for ``indexes`` (PyPI, unless told otherwise), all of which releases go to."""
    used = indexes or (PYPI,)
    names = tuple(index.name for index in used)
    values: dict[str, object] = {"paa_version": "1.2.3", "indexes": used, "publish_to": names, "prereleases_to": names}
    return PipelineOptions(**{**values, **changes})  # type: ignore[arg-type]  # the caller names the fields


def option_sets() -> Mapping[str, PipelineOptions]:
    """Every combination, by a name that says which it is; the second branch is in the half without a lock."""
    axes = product(INDEXES, Trigger, (False, True), InstallSource, (False, True), range(len(_BRANCHES)))
    return {
        f"{indexes}-{trigger}-{per_package}-{source}-{lock}-{branch}": pipeline_options(
            *INDEXES[indexes],
            trigger=trigger,
            environment_per_package=per_package,
            levels=3,
            install_from=source,
            lock=lock,
            default_branch=_BRANCHES[branch],
            tag_format="{package}/v{version}+x" if branch else "{package}-v{version}",
        )
        for indexes, trigger, per_package, source, lock, branch in axes
        if not (lock and branch)
    }
