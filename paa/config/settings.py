"""The settings of a repository, as every stage reads them."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from paa.config.keys import KEYS, Assembly, InternalRequirements
from paa.model import Index, IndexKind

# Where the settings are, below the root of a repository.
CONFIG_FILE = ".paa.config"

# The indexes that need no entry: their kind says everything.
BUILT_IN_INDEXES: Mapping[str, Index] = {
    kind.value: Index(name=kind.value, kind=kind) for kind in (IndexKind.PYPI, IndexKind.TESTPYPI)
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """The content of ``.paa.config``, with defaults in place of what is absent; see ``keys.py`` for what each means.

    Paths are POSIX, relative to the root, without a trailing slash; ``.`` is the root itself. ``indexes`` always has
    ``pypi`` and ``testpypi``. Every name in ``publish_to`` and ``prereleases_to`` is in ``indexes``. Names in ``adopt``
    and ``private_names`` are normalised (PEP 503). ``source`` is the file that the settings came from, None for the
    defaults. ``names_prereleases_to`` says whether ``prereleases_to`` is in there, or ``publish_to`` stands for it.
    """

    source: str | None
    module_dir: str
    dependencies_dir: str
    example_notebooks_path: str
    licenses_dir: str
    cli_dir: str
    api_routes_dir: str
    streamlit_dir: str
    mcp_dir: str
    artifacts_dir: str
    drawio_dir: str
    extra_docs_dir: str
    tests_dir: str
    skills_dir: str
    use_commit_messages: bool
    check_vulnerabilities: bool
    check_dependencies_licenses: bool
    add_artifacts: bool
    add_mkdocs_site: bool
    pylint_threshold: float
    assembly: Assembly
    make_package_check_dependencies_compatibility: bool | None
    test_install_check_dependencies_compatibility: bool | None
    make_package_check_full_dependencies_compatibility: bool | None
    test_install_check_full_dependencies_compatibility: bool | None
    license_path: str | None
    notice_path: str | None
    license_label: str | None
    license_badge: str | None
    allowed_licenses: tuple[str, ...]
    docs_url: str | None
    source_repo_url: str | None
    source_repo_name: str | None
    classifiers: tuple[str, ...]
    import_names: bool
    kernel_name: str | None
    docs_file_paths: Mapping[str, str]
    artifacts_filepaths: Mapping[str, str]
    default_version: str
    python_version: str | None
    requires_python: str | None
    gh_pages_base_url: str | None
    docker_username: str | None
    azure_publish_on_push: bool
    test_systems: tuple[str, ...]
    indexes: Mapping[str, Index]
    publish_to: tuple[str, ...]
    prereleases_to: tuple[str, ...]
    names_prereleases_to: bool
    adopt: tuple[str, ...]
    private_names: tuple[str, ...]
    tag_format: str
    internal_requirements: InternalRequirements
    projects: tuple[str, ...]


@cache
def default_config() -> Config:
    """The settings of a repository without ``.paa.config``."""
    return make_config({}, source=None)


def make_config(values: Mapping[str, Any], *, source: str | None) -> Config:
    """The settings with ``values`` (by key, each of the type that its field has) and defaults for all other keys."""
    settings: dict[str, Any] = {key.name: key.default for key in KEYS} | {
        "docs_file_paths": {},
        "artifacts_filepaths": {},
        "indexes": dict(BUILT_IN_INDEXES),
    }
    settings.update(values)
    named = bool(settings["prereleases_to"])
    settings["prereleases_to"] = settings["prereleases_to"] or settings["publish_to"]
    return Config(source=source, names_prereleases_to=named, **settings)
