"""Every key of ``.paa.config``, once: validation, JSON Schema, generated text and the reference page come from here."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType


class InternalRequirements(StrEnum):
    """How a package requires another one of the same repository."""

    FLOOR = "floor"
    COMPATIBLE = "compatible"
    EXACT = "exact"


class Assembly(StrEnum):
    """How a module and its components become an import package."""

    MIRROR = "mirror"
    MERGE = "merge"


TEST_SYSTEMS = ("linux", "macos", "windows")


class ValueType(StrEnum):
    """What a key takes; the value of the member is how messages and the reference page say it."""

    FOLDER = "a folder in the repository"
    FILE = "a file in the repository"
    PATHS = "a mapping of paths to paths"
    BOOLEAN = "true or false"
    SCORE = "a number from 0 to 10"
    TEXT = "text"
    MARKDOWN = "Markdown text"
    TEXTS = "a list of texts"
    URL = "an http or https address"
    REPOSITORY_URL = "an http or https address; a user name in it is left out"
    VERSION = "a version in quotes"
    PYTHON_VERSION = "a version of Python in quotes"
    SPECIFIERS = "version specifiers in quotes"
    CHOICE = "one of a few words"
    CHOICES = "a list of some of these"
    INDEXES = "a mapping of names to indexes"
    INDEX_NAMES = "the name of an index, or a list of them"
    TAG_FORMAT = "text with {package} and {version}"
    DISTRIBUTIONS = "a list of names of distributions"
    PROJECTS = "a list of mappings with `path`"


class Group(StrEnum):
    """The parts of the reference page, in its order."""

    FOLDERS = "Folders"
    BEHAVIOUR = "Behaviour"
    COMPATIBILITY = "Compatibility of dependencies"
    LICENCES = "Licences"
    METADATA = "Metadata and documentation"
    FILES = "Single files"
    VERSIONS = "Versions"
    PLATFORM = "Platform"
    INDEXES = "Indexes"
    RELEASES = "Releases"


Default = str | bool | float | tuple[str, ...] | Mapping[str, str] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """One key of the file.

    ``default`` is the value as ``Config`` holds it. ``existing`` tells whether package-auto-assembler has the key too,
    ``essential`` whether it stands in the file that a newcomer gets.
    """

    name: str
    value_type: ValueType
    group: Group
    documentation: str
    default: Default = None
    choices: tuple[str, ...] = field(default=())
    existing: bool = True
    essential: bool = False


_G, _T = Group, ValueType
_NO_PATHS: Mapping[str, str] = MappingProxyType({})

# A table reads best with its rows aligned.
# fmt: off
KEYS: tuple[Key, ...] = (
    Key(name="module_dir", value_type=_T.FOLDER, group=_G.FOLDERS, default="python_modules", essential=True,
        documentation="Modules: each `*.py` file directly in it becomes a package."),
    Key(name="dependencies_dir", value_type=_T.FOLDER, group=_G.FOLDERS, default="python_modules/components",
        documentation="Components: local code that modules import and that is shipped inside their packages."),
    Key(name="example_notebooks_path", value_type=_T.FOLDER, group=_G.FOLDERS, default="example_notebooks",
        documentation="Notebooks: `<package>.ipynb` becomes the package's README."),
    Key(name="licenses_dir", value_type=_T.FOLDER, group=_G.FOLDERS, default="licenses",
        documentation="Licences of single packages: `<package>/LICENSE` and `<package>/NOTICE`."),
    Key(name="cli_dir", value_type=_T.FOLDER, group=_G.FOLDERS, default="cli",
        documentation="Command lines: `<package>.py` with a click group named `cli`."),
    Key(name="api_routes_dir", value_type=_T.FOLDER, group=_G.FOLDERS, default="api_routes",
        documentation="FastAPI routes: `<package>.py` with a `router`."),
    Key(name="streamlit_dir", value_type=_T.FOLDER, group=_G.FOLDERS, default="streamlit",
        documentation="Streamlit apps: `<package>.py`."),
    Key(name="mcp_dir", value_type=_T.FOLDER, group=_G.FOLDERS, default="mcp",
        documentation="MCP servers: `<package>.py` with a server named `mcp`."),
    Key(name="artifacts_dir", value_type=_T.FOLDER, group=_G.FOLDERS, default="artifacts",
        documentation="Artifacts: files and `*.link` files of `<package>/` are shipped inside the package."),
    Key(name="drawio_dir", value_type=_T.FOLDER, group=_G.FOLDERS, default="drawio",
        documentation="Diagrams: `<package>.drawio`."),
    Key(name="extra_docs_dir", value_type=_T.FOLDER, group=_G.FOLDERS, default="extra_docs",
        documentation="Pages of documentation: `<package>/` goes into the package's documentation site."),
    Key(name="tests_dir", value_type=_T.FOLDER, group=_G.FOLDERS, default="tests",
        documentation="Tests: `<package>/`. They are not shipped, and a change to them releases nothing."),
    Key(name="skills_dir", value_type=_T.FOLDER, group=_G.FOLDERS, default="skills", existing=False,
        documentation="Agent skills: `<package>/<skill>/SKILL.md` is shipped inside the package."),

    Key(name="use_commit_messages", value_type=_T.BOOLEAN, group=_G.BEHAVIOUR, default=True, essential=True,
        documentation="Let commit messages decide how far a version moves; otherwise every release is a patch."),
    Key(name="check_vulnerabilities", value_type=_T.BOOLEAN, group=_G.BEHAVIOUR, default=False,
        documentation="Check dependencies for known vulnerabilities. Not there yet: warned of."),
    Key(name="check_dependencies_licenses", value_type=_T.BOOLEAN, group=_G.BEHAVIOUR, default=False,
        documentation="Check the licences of dependencies against `allowed_licenses`. Not there yet: warned of."),
    Key(name="add_artifacts", value_type=_T.BOOLEAN, group=_G.BEHAVIOUR, default=True, essential=True,
        documentation="Ship artifacts inside packages."),
    Key(name="add_mkdocs_site", value_type=_T.BOOLEAN, group=_G.BEHAVIOUR, default=False, essential=True,
        documentation="Make a documentation site for each package."),
    Key(name="pylint_threshold", value_type=_T.SCORE, group=_G.BEHAVIOUR, default=8.0,
        documentation="The lowest score of pylint that passes. Not there yet: no score is taken."),
    Key(name="assembly", value_type=_T.CHOICE, group=_G.BEHAVIOUR, default=Assembly.MIRROR, existing=False,
        choices=tuple(Assembly),
        documentation="Keep modules and components as files of their own (mirror), or make one module of them (merge),"
                      " which refuses what it can't merge faithfully."),

    Key(name="make_package_check_dependencies_compatibility", value_type=_T.BOOLEAN, group=_G.COMPATIBILITY,
        documentation="Compare the requirements of a package with one another in `make-package`."),
    Key(name="test_install_check_dependencies_compatibility", value_type=_T.BOOLEAN, group=_G.COMPATIBILITY,
        documentation="Compare the requirements of a package with one another in `test-install`."),
    Key(name="make_package_check_full_dependencies_compatibility", value_type=_T.BOOLEAN, group=_G.COMPATIBILITY,
        documentation="Have an installer resolve all requirements of a package in `make-package`."),
    Key(name="test_install_check_full_dependencies_compatibility", value_type=_T.BOOLEAN, group=_G.COMPATIBILITY,
        documentation="Have an installer resolve all requirements of a package in `test-install`."),

    Key(name="license_path", value_type=_T.FILE, group=_G.LICENCES,
        documentation="The licence file of packages that have none in `licenses_dir`."),
    Key(name="notice_path", value_type=_T.FILE, group=_G.LICENCES,
        documentation="The notice file of packages that have none in `licenses_dir`."),
    Key(name="license_label", value_type=_T.TEXT, group=_G.LICENCES, essential=True,
        documentation="The licence of packages that name none, such as `mit` or `Apache-2.0`."),
    Key(name="license_badge", value_type=_T.MARKDOWN, group=_G.LICENCES,
        documentation="A badge for READMEs."),
    Key(name="allowed_licenses", value_type=_T.TEXTS, group=_G.LICENCES, default=(),
        documentation="The licences that dependencies may have."),

    Key(name="docs_url", value_type=_T.URL, group=_G.METADATA,
        documentation="Where the documentation of packages that name none is found."),
    Key(name="source_repo_url", value_type=_T.REPOSITORY_URL, group=_G.METADATA, essential=True,
        documentation="Where the repository can be browsed; used for links in metadata and release notes."),
    Key(name="source_repo_name", value_type=_T.TEXT, group=_G.METADATA,
        documentation="The name of the repository."),
    Key(name="classifiers", value_type=_T.TEXTS, group=_G.METADATA, default=(),
        documentation="Trove classifiers of every package."),
    Key(name="import_names", value_type=_T.BOOLEAN, group=_G.METADATA, default=False, existing=False,
        documentation="Say in the metadata what can be imported (`Import-Name`, core metadata 2.5), "
        "which not every index takes."),
    Key(name="kernel_name", value_type=_T.TEXT, group=_G.METADATA,
        documentation="The Jupyter kernel that runs notebooks."),

    Key(name="docs_file_paths", value_type=_T.PATHS, group=_G.FILES, default=_NO_PATHS,
        documentation="More pages of documentation: file in the repository to name in the site."),
    Key(name="artifacts_filepaths", value_type=_T.PATHS, group=_G.FILES, default=_NO_PATHS,
        documentation="Artifacts of every package: name below its artifacts to file or folder in the repository."),

    Key(name="default_version", value_type=_T.VERSION, group=_G.VERSIONS, default="0.0.1",
        documentation="The version of a first release."),
    Key(name="python_version", value_type=_T.PYTHON_VERSION, group=_G.VERSIONS,
        documentation="The version of Python for commands that need one."),
    Key(name="requires_python", value_type=_T.SPECIFIERS, group=_G.VERSIONS, existing=False,
        documentation="The versions of Python that packages support; those with upstream support if not given."),

    Key(name="gh_pages_base_url", value_type=_T.URL, group=_G.PLATFORM,
        documentation="The address of the repository's GitHub Pages."),
    Key(name="docker_username", value_type=_T.TEXT, group=_G.PLATFORM,
        documentation="A user name of Docker Hub, for workflows that push images."),
    Key(name="azure_publish_on_push", value_type=_T.BOOLEAN, group=_G.PLATFORM, default=False, existing=False,
        documentation="Let a push to the default branch release to `publish_to` on Azure, too; otherwise it only plans."
                      " Run `paa init-ppr --azure` after a change."),

    Key(name="test_systems", value_type=_T.CHOICES, group=_G.PLATFORM, default=TEST_SYSTEMS, existing=False,
        choices=TEST_SYSTEMS,
        documentation="The systems on which pipelines test packages. Run `paa init-ppr` after a change."),

    Key(name="indexes", value_type=_T.INDEXES, group=_G.INDEXES, default=_NO_PATHS, existing=False,
        documentation="Package indexes by name, each with its `kind`; `pypi` and `testpypi` need no entry."),
    Key(name="publish_to", value_type=_T.INDEX_NAMES, group=_G.INDEXES, default=("pypi",), existing=False,
        essential=True,
        documentation="The indexes that releases are published to."),
    Key(name="prereleases_to", value_type=_T.INDEX_NAMES, group=_G.INDEXES, default=(), existing=False,
        documentation="The indexes that pre-releases are published to; those of `publish_to` if not given."),
    Key(name="adopt", value_type=_T.DISTRIBUTIONS, group=_G.INDEXES, default=(), existing=False,
        documentation="Projects on the indexes that are ours though nothing there says so."),
    Key(name="private_names", value_type=_T.DISTRIBUTIONS, group=_G.INDEXES, default=(), existing=False,
        documentation="Names that `--ask-index` never asks about; `acme` stands for `acme.x` and `acme_x` too."),

    Key(name="tag_format", value_type=_T.TAG_FORMAT, group=_G.RELEASES, default="{package}-v{version}", existing=False,
        documentation="The name of a release's Git tag."),
    Key(name="internal_requirements", value_type=_T.CHOICE, group=_G.RELEASES, default=InternalRequirements.FLOOR,
        choices=tuple(InternalRequirements), existing=False,
        documentation="Require other packages of the repository as `>=` (floor), `~=` (compatible) or `==` (exact)."),
    Key(name="projects", value_type=_T.PROJECTS, group=_G.RELEASES, default=(), existing=False,
        documentation="Folders with a `pyproject.toml` of their own that are released like packages."),
)
# fmt: on

KEYS_BY_NAME: Mapping[str, Key] = MappingProxyType({key.name: key for key in KEYS})
