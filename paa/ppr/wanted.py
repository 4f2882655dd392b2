"""The texts that a repository is to have: pipelines, settings, parts of the README, and what keeps its folders."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType

from paa.config import CONFIG_FILE
from paa.documents.markdown import cell
from paa.edges.tree import Tree
from paa.model import ScannedPackage
from paa.plan.order import finished
from paa.ppr.folders import kept_folders
from paa.ppr.generated import Choices, Generated, Remembered
from paa.ppr.options import PipelineOptions, Platform
from paa.ppr.pipeline import make_pipeline
from paa.ppr.places import check_places, read_place
from paa.ppr.scaffold import EXAMPLE_FEED, readme_base_path, scaffold_texts
from paa.scan.repository import Repository, disk_state
from paa.scan.state import scan_state

# So many levels of dependents cost nothing but skipped jobs, and a new package fits in.
_FEWEST_LEVELS = 3
_README = "README.md"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """The texts to generate by path, and which of them are only there to begin with."""

    texts: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    starters: frozenset[str] = frozenset()


def pipeline_of(repository: Repository, platform: Platform, choices: Choices) -> PipelineOptions:
    """What the pipelines of ``repository`` are made from. Raises UsageError for an index that is not configured."""
    levels = _FEWEST_LEVELS
    if choices.environment_per_package:
        levels = max(levels, _depth(scan_state(repository, disk_state(repository)).scanned))
    return make_pipeline(repository.root, repository.config, platform, choices, levels)


def lock_texts(repository: Repository, pipeline: PipelineOptions, known: Generated, *, anew: bool) -> dict[str, str]:
    """The requirements with hashes, if pipelines install from them. ``anew``, or for another paa: from the index.

    Raises IndexReadError.
    """
    if not pipeline.lock:
        return {}
    from paa.ppr.lock_offer import lock_head, make_lock

    before = known.files.get(pipeline.lock_file, Remembered()).text
    if before is not None and before.startswith(lock_head(pipeline)) and not anew:
        return {pipeline.lock_file: before}
    return {pipeline.lock_file: make_lock(repository.config, pipeline, os.environ)}


def platform_texts(repository: Repository, platform: Platform, pipeline: PipelineOptions, known: Generated) -> Wanted:
    """All that setting up ``platform`` writes, but for folders. Raises FindingsError for a wrong template."""
    config = repository.config
    name = cell(repository.root.name or "Packages")
    texts = dict(scaffold_texts(platform, pipeline, name=name, module_dir=config.module_dir))
    base = readme_base_path(platform)
    texts[base] = _readme_base(repository.root, known, texts[base], base)
    texts |= _pipelines(platform, pipeline, disk_state(repository))
    return Wanted(texts=texts, starters=frozenset({CONFIG_FILE, base, EXAMPLE_FEED}))


def with_folders(wanted: Wanted, repository: Repository, *, full: bool) -> Wanted:
    """``wanted`` with what keeps the folders of the settings; what a user has put there instead is as good."""
    kept = kept_folders(repository.root, repository.config, full=full)
    return replace(wanted, texts={**wanted.texts, **dict.fromkeys(kept, "")}, starters=wanted.starters.union(kept))


def _pipelines(platform: Platform, pipeline: PipelineOptions, tree: Tree) -> Mapping[str, str]:
    if platform is Platform.GITHUB:
        from paa.ppr.github import github_files

        return github_files(pipeline, tree)
    from paa.ppr.azure import azure_files

    return azure_files(pipeline, tree)


def _readme_base(root: Path, known: Generated, text: str, path: str) -> str:
    """What people write into the README is theirs from the beginning: a README that is there, else ``text``, once."""
    before = known.files.get(path)
    if before is not None and before.text is not None:
        return before.text
    if not (root / _README).is_file() or (root / path).exists():
        return text
    check_places(root, (_README,))
    try:
        return (read_place(root, _README) or b"").decode().replace("\r\n", "\n")
    except UnicodeDecodeError:
        return text


def _depth(scanned: Mapping[str, ScannedPackage]) -> int:
    """In how many levels the packages need one another."""
    needs = {name: item.siblings for name, item in scanned.items()}
    levels: dict[str, int] = {}
    for name in finished(needs):
        levels[name] = 1 + max((levels.get(other, 0) for other in needs[name]), default=0)
    return max(levels.values(), default=0)
