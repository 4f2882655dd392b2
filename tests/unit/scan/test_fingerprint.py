"""The fingerprint changes with what goes into a package, and with nothing else."""

import os
from collections.abc import Mapping
from pathlib import Path

import pytest

from paa.edges.tree import commit_tree, disk_tree
from paa.model import Location, Requirement
from paa.scan.fingerprint import fingerprint
from paa.scan.scan import scan
from tests.repository import Repository
from tests.unit.scan.samples import make_config, scan_files

M = "python_modules"
FILES: dict[str, str | bytes] = {
    f"{M}/pkg.py": '"""A package."""\nimport sib\nimport requests\nfrom .components import c\n',
    f"{M}/sib.py": "x = 1\n",
    f"{M}/components/c.py": "",
    "cli/pkg.py": "cli = 1\n",
    "artifacts/pkg/data.csv": "1,2\n",
    "LICENSE": "Do as you like.\n",
    "example_notebooks/pkg.ipynb": '{"cells": []}',
}


def mark(folder: Path, changes: Mapping[str, str | bytes] | None = None, config: str = "") -> str:
    found = scan_files(folder, {**FILES, **(changes or {})}, config)["pkg"]
    assert found.errors == ()
    assert len(found.fingerprint) == 64
    return found.fingerprint


CHANGES = [
    {f"{M}/pkg.py": '"""A package."""\nimport sib\nimport requests\nfrom .components import c\n#\n'},
    {f"{M}/components/c.py": "#\n"},
    {f"{M}/components/__init__.py": ""},
    {"cli/pkg.py": "cli = 2\n"},
    {"mcp/pkg.py": ""},
    {"artifacts/pkg/data.csv": "1,3\n"},
    {"artifacts/pkg/more.csv": ""},
    {"LICENSE": "Do as we like.\n"},
    {"licenses/pkg/LICENSE": ""},
    {"example_notebooks/pkg.ipynb": '{"cells": [{"cell_type": "raw", "source": ""}]}'},
    {".paa/package_mapping.json": '{"requests": "requests-fork"}'},
]


@pytest.mark.parametrize("changes", CHANGES, ids=[" ".join(change) for change in CHANGES])
def test_it_changes_with_what_goes_into_the_package(tmp_path: Path, changes: dict[str, str | bytes]) -> None:
    assert mark(tmp_path / "new", changes) != mark(tmp_path / "old")


@pytest.mark.parametrize(
    "config",
    [
        "license_label: mit",
        "docs_url: https://example.org/",
        "classifiers: ['Typing :: Typed']",
        "requires_python: '>=3.12'",
        "internal_requirements: exact",
        "source_repo_url: https://example.org/x",
        "import_names: true",
    ],
)
def test_it_changes_with_the_settings_that_end_up_in_it(tmp_path: Path, config: str) -> None:
    assert mark(tmp_path / "new", config=config) != mark(tmp_path / "old")


NO_CHANGES = [
    {f"{M}/sib.py": "x = 2\n"},
    {f"{M}/new.py": ""},
    {f"{M}/components/unused.py": "import numpy\n"},
    {"tests/pkg/test_pkg.py": ""},
    {"README.md": "", "docs/index.md": "", ".github/workflows/publish.yml": ""},
    {".paa/tracking/releases.json": "{}", ".paa/release_notes/pkg.md": ""},
    {"artifacts/sib/data.csv": ""},
]


@pytest.mark.parametrize("changes", NO_CHANGES, ids=[" ".join(change) for change in NO_CHANGES])
def test_it_does_not_change_with_anything_else(tmp_path: Path, changes: dict[str, str | bytes]) -> None:
    assert mark(tmp_path / "new", changes) == mark(tmp_path / "old")


@pytest.mark.parametrize(
    "config", ["pylint_threshold: 5", "default_version: '1.0'", "requires_python:", "tests_dir: checks"]
)
def test_it_does_not_change_with_settings_of_no_effect_on_it(tmp_path: Path, config: str) -> None:
    assert mark(tmp_path / "new", config=config) == mark(tmp_path / "old")


MOVES = [
    ("module_dir: src\ndependencies_dir: src/components", {f"{M}/": "src/"}),
    ("dependencies_dir: shared/components", {f"{M}/components/": "shared/components/"}),
    ("cli_dir: commands", {"cli/": "commands/"}),
    ("artifacts_dir: data/artifacts", {"artifacts/": "data/artifacts/"}),
    ("example_notebooks_path: notebooks", {"example_notebooks/": "notebooks/"}),
    ("license_path: legal/LICENSE", {"LICENSE": "legal/LICENSE"}),
]


@pytest.mark.parametrize(("config", "moved"), MOVES, ids=[config for config, _ in MOVES])
def test_it_does_not_change_with_the_folders_of_the_repository(
    tmp_path: Path, config: str, moved: Mapping[str, str]
) -> None:
    files = dict(FILES)
    for old, new in moved.items():
        files = {path.replace(old, new, 1) if path.startswith(old) else path: text for path, text in files.items()}
    found = scan_files(tmp_path / "new", files, config)["pkg"]
    assert found.errors == ()
    assert found.fingerprint == mark(tmp_path / "old")


def test_it_changes_with_the_place_of_a_component_inside_the_package(tmp_path: Path) -> None:
    files = {f"{M}/pkg.py": "from .components import *\n", f"{M}/components/__init__.py": "__all__ = ['a', 'b']\n"}
    one = scan_files(tmp_path / "one", {**files, f"{M}/components/a.py": ""})["pkg"]
    two = scan_files(tmp_path / "two", {**files, f"{M}/components/b.py": ""})["pkg"]
    assert "" != one.fingerprint != two.fingerprint


def test_merging_counts_where_there_is_something_to_merge(tmp_path: Path) -> None:
    assert mark(tmp_path / "merged", config="assembly: merge") != mark(tmp_path / "mirrored")
    alone = [
        scan_files(tmp_path / config[-5:], FILES, config)["sib"].fingerprint
        for config in ("assembly: merge", "assembly: mirror")
    ]
    assert alone[0] == alone[1] != ""


def test_it_is_the_same_everywhere(tmp_path: Path, repository: Repository) -> None:
    repository.write(FILES)
    commit = repository.commit("first")
    umask = os.umask(0o077)
    try:
        elsewhere = mark(tmp_path / "with spaces and ü" / "deep")
    finally:
        os.umask(umask)

    states = (disk_tree(repository.path), commit_tree(repository.path, commit))

    found = {item.fingerprint for tree in states for item in scan(tree, make_config()) if item.package.name == "pkg"}
    assert found == {elsewhere}


def test_it_does_not_depend_on_the_order_of_anything() -> None:
    contents = {"a": "1", "b": "2"}
    requirements = [
        Requirement(requirement=text, evidence="", sources=(Location(path="a"),), extra=extra)
        for text, extra in (("x", None), ("y", "e"))
    ]

    first = fingerprint(contents, requirements, make_config())

    assert fingerprint(dict(reversed(contents.items())), requirements[::-1], make_config()) == first
    assert fingerprint(contents, requirements[:1], make_config()) != first


def test_a_sibling_counts_by_name_and_not_by_version_or_place() -> None:
    def with_sibling(requirement: str, line: int) -> str:
        item = Requirement(
            requirement=requirement, evidence="", sources=(Location(path="a", line=line),), sibling="sib"
        )
        return fingerprint({}, [item], make_config())

    assert with_sibling("sib", 1) == with_sibling("sib>=2.0", 9)


def test_paths_that_are_no_utf_8_can_be_hashed() -> None:
    assert len(fingerprint({os.fsdecode(b"a\xff"): "1"}, (), make_config())) == 64
