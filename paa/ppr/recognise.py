"""What package-auto-assembler has put into a repository: told by the words that make each of its files what it is."""

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from paa.ppr.options import Platform

# Path → what stands in every version of the template, also once a user has changed other things in it.
_MARKS: Mapping[str, tuple[bytes, ...]] = MappingProxyType(
    {
        ".github/workflows/publish.yml": (b"paa make-package", b"find_and_process_changed_files.sh"),
        ".github/workflows/tests.yml": (b"paa extract-module-requirements", b"find_and_process_changed_files.sh"),
        ".github/tools/update_README.sh": (b".github/tools/update_gh_pages_links.sh",),
        ".azure/azure-pipelines.yml": (b"template: jobs/publish.yml", b"Package-auto-assembler workflow"),
        ".azure/jobs/publish.yml": (b"paa make-package", b"assemble_pypirc.sh"),
        ".azure/jobs/tests.yml": (b"paa extract-module-requirements", b"find_and_process_changed_files.sh"),
        ".azure/tools/update_README.sh": (b".azure/tools/update_aasf_links.sh",),
    }
)
_SCRIPTS = ("find_and_process_changed_files", "get_paa_change_dirs", "update_tox_requirements")
# Scripts that its workflows call and ours do not.
_LEFT_OVER = (
    *(f"{folder}/tools/{name}.sh" for folder in (".azure", ".github") for name in _SCRIPTS),
    ".azure/tools/assemble_pip_conf.sh",
    ".azure/tools/assemble_pypirc.sh",
    ".azure/tools/update_aasf_links.sh",
    ".github/tools/restore_checkpoint_history.sh",
    ".github/tools/snapshot_checkpoint_history.sh",
    ".github/tools/update_gh_pages_links.sh",
)


def is_existing_tools(path: str, content: bytes | None) -> bool:
    """Whether the file at ``path`` with that content comes from a template of the existing tool."""
    marks = _MARKS.get(path)
    return marks is not None and content is not None and all(mark in content for mark in marks)


def left_over(root: Path, platform: Platform) -> tuple[str, ...]:
    """The scripts for ``platform`` that only the existing tool's workflows use, as far as they are there; sorted."""
    return tuple(sorted(path for path in _LEFT_OVER if path.startswith(f".{platform}/") and (root / path).is_file()))
