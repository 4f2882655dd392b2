"""What generated pipelines are made from: plain data, all of it known before anything is rendered."""

from dataclasses import dataclass
from enum import StrEnum

from paa.config.keys import TEST_SYSTEMS
from paa.model import Index, IndexKind

# The kinds that are branches of a Git repository: publishing to them needs leave to write to it, and no upload.
BRANCH_KINDS = (IndexKind.GITHUB_PAGES, IndexKind.GIT)

LOCK_FILE = ".paa/requirements.txt"


class Platform(StrEnum):
    """Where pipelines run."""

    GITHUB = "github"
    AZURE = "azure"


class Trigger(StrEnum):
    """What starts a release: a push to the default branch, or a tag that names package and version."""

    PUSH = "push"
    TAG = "tag"


class InstallSource(StrEnum):
    """Where pipelines install paa from: an index, or (in paa's own repository) the checkout that they work on."""

    INDEX = "index"
    CHECKOUT = "checkout"


@dataclass(frozen=True, slots=True, kw_only=True)
class PipelineOptions:
    """All that the text of generated files depends on: the same options give the same bytes.

    ``paa_version`` is the release of paa that pipelines install (PEP 440, no local label). ``indexes`` are those that
    pipelines publish to, each once: those of ``publish_to``, of ``prereleases_to`` and asked for by name, in this
    order. ``publish_to`` and ``prereleases_to`` are names among them. ``feeds`` are all configured feeds of Azure
    Artifacts by name, whether published to or not: what the drop-down of a manual run offers.

    ``python_version`` is what paa runs on; packages are tested on ``python_versions``, oldest first, and on
    ``test_systems``, names of ``paa.config.keys.TEST_SYSTEMS``.
    ``levels`` is the number of publish jobs with ``environment_per_package``, one per level of dependents (at least 1).
    ``tag_format`` has ``{package}`` and ``{version}``. ``lock`` asks for an install from ``lock_file`` with hashes.
    ``full`` asks for everything optional too. ``publish_on_push`` tells whether a push may publish without being asked:
    always on GitHub, on Azure where ``azure_publish_on_push`` is set.
    """

    paa_version: str
    indexes: tuple[Index, ...]
    publish_to: tuple[str, ...] = ("pypi",)
    prereleases_to: tuple[str, ...] = ("pypi",)
    feeds: tuple[Index, ...] = ()
    trigger: Trigger = Trigger.PUSH
    publish_on_push: bool = True
    environment_per_package: bool = False
    levels: int = 1
    # The newest Python that the tests of paa run on.
    python_version: str = "3.13"
    python_versions: tuple[str, ...] = ("3.11", "3.12", "3.13", "3.14", "3.15")
    test_systems: tuple[str, ...] = TEST_SYSTEMS
    default_branch: str = "main"
    tag_format: str = "{package}-v{version}"
    full: bool = False
    lock: bool = False
    lock_file: str = LOCK_FILE
    install_from: InstallSource = InstallSource.INDEX

    @property
    def branch_indexes(self) -> tuple[Index, ...]:
        """Those that are branches of a repository: published by the job that may write to it."""
        return tuple(index for index in self.indexes if index.kind in BRANCH_KINDS)

    @property
    def upload_indexes(self) -> tuple[Index, ...]:
        """All others: published by the job that holds the publishing identity."""
        return tuple(index for index in self.indexes if index.kind not in BRANCH_KINDS)
