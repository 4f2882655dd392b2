"""Finding the file, and failing to."""

import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from types import NoneType
from typing import get_args, get_origin, get_type_hints

import pytest

from paa.config import Config, default_config, load_config
from paa.config.keys import KEYS
from paa.errors import ConfigError

EXISTING_TOOL = """\
license_path: './LICENSE'
license_label: 'mit'
license_badge: '[![License](https://img.example.org/license)](https://example.org/blob/main/LICENSE)'
allowed_licenses: ['mit', 'apache-2.0', 'lgpl-3.0',
 'bsd-3-clause', '-', 'mpl-2.0']
classifiers:
- 'Development Status :: 3 - Alpha'
- 'Programming Language :: Python :: 3.10'
use_commit_messages: True
add_mkdocs_site: True
pylint_threshold: 8.0
gh_pages_base_url: https://someone.example.org/reusables
source_repo_url: https://example.org/someone/reusables
source_repo_name: reusables
docker_username: someone
docs_url: null
notice_path: ''
mcp_dir: "  "
"""


def python(script: str, *arguments: str, folder: Path) -> str:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(
        [sys.executable, "-c", script, *arguments],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


def test_a_file_of_the_existing_tool_is_read(tmp_path: Path) -> None:
    (tmp_path / "LICENSE").write_text("MIT")
    (tmp_path / ".paa.config").write_text(EXISTING_TOOL)
    config = load_config(tmp_path)
    assert config.source == ".paa.config"
    assert config.license_path == "LICENSE"
    assert config.allowed_licenses == ("mit", "apache-2.0", "lgpl-3.0", "bsd-3-clause", "-", "mpl-2.0")
    assert config.classifiers == ("Development Status :: 3 - Alpha", "Programming Language :: Python :: 3.10")
    assert config.add_mkdocs_site is True
    assert config.pylint_threshold == 8.0
    assert config.docker_username == "someone"
    assert (config.docs_url, config.notice_path, config.mcp_dir) == (None, None, "mcp")


def test_no_file_means_the_defaults_and_needs_no_yaml(tmp_path: Path) -> None:
    assert load_config(tmp_path) == default_config()
    script = (
        "import sys\nfrom pathlib import Path\nbefore = set(sys.modules)\nfrom paa.config import load_config\n"
        "load_config(Path())\nprint(sorted({'yaml', 'packaging', 'difflib', 'json'} & (set(sys.modules) - before)))\n"
    )
    assert python(script, folder=tmp_path) == "[]\n"


def test_the_defaults_of_folders_are_those_of_the_existing_tool() -> None:
    config = default_config()
    assert config.module_dir == "python_modules"
    assert config.dependencies_dir == "python_modules/components"
    assert config.example_notebooks_path == "example_notebooks"
    same = ("licenses", "cli", "api_routes", "streamlit", "mcp", "artifacts", "drawio", "extra_docs", "tests", "skills")
    assert all(getattr(config, f"{name}_dir") == name for name in same)
    assert config.source is None


def test_another_file_can_be_named(tmp_path: Path) -> None:
    (tmp_path / ".paa.config").write_text("module_dir: one")
    (tmp_path / "conf").mkdir()
    other = tmp_path / "conf/paa.yaml"
    other.write_text("module_dir: two")
    for file in (Path("conf/paa.yaml"), other):
        config = load_config(tmp_path, file)
        assert (config.module_dir, config.source) == ("two", "conf/paa.yaml")
    outside = tmp_path / "root"
    outside.mkdir()
    assert load_config(outside, other).source == str(other)
    other.write_text("module_dir: [")
    with pytest.raises(ConfigError, match=r"conf/paa\.yaml:1: not valid YAML"):
        load_config(tmp_path, Path("conf/paa.yaml"))


def test_a_named_file_has_to_exist(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"^the settings file conf\.yaml does not exist$") as caught:
        load_config(tmp_path, Path("conf.yaml"))
    assert caught.value.exit_code == 2
    assert caught.value.advice


def test_a_folder_or_a_pipe_in_place_of_the_file(tmp_path: Path) -> None:
    (tmp_path / ".paa.config").mkdir()
    with pytest.raises(ConfigError, match=r"^\.paa\.config is not a file$"):
        load_config(tmp_path)
    (tmp_path / ".paa.config").rmdir()
    os.mkfifo(tmp_path / ".paa.config")
    with pytest.raises(ConfigError, match=r"^\.paa\.config is not a file$"):
        load_config(tmp_path)


def test_a_link_to_nowhere_is_not_the_same_as_no_file(tmp_path: Path) -> None:
    (tmp_path / ".paa.config").symlink_to("missing")
    with pytest.raises(ConfigError, match=r"^\.paa\.config can't be read: No such file or directory$"):
        load_config(tmp_path)


def test_a_file_that_may_not_be_read(tmp_path: Path) -> None:
    file = tmp_path / ".paa.config"
    file.write_text("module_dir: x")
    file.chmod(0)
    if os.access(file, os.R_OK):
        pytest.skip("this user may read everything")
    with pytest.raises(ConfigError, match=r"^\.paa\.config can't be read: Permission denied$"):
        load_config(tmp_path)


def test_a_path_through_a_file(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ConfigError, match="does not exist"):
        load_config(tmp_path, Path("file/paa.yaml"))


def test_a_huge_file_is_not_read_to_its_end(tmp_path: Path) -> None:
    with (tmp_path / ".paa.config").open("wb") as stream:
        stream.truncate(1 << 40)
    with pytest.raises(ConfigError, match="larger than 1024 KiB"):
        load_config(tmp_path)


def test_loading_changes_nothing_and_gives_the_same_again(tmp_path: Path) -> None:
    (tmp_path / ".paa.config").write_text("indexes: {local: {kind: directory, path: index}}\npublish_to: local\n")
    before = sorted(tmp_path.rglob("*"))
    assert load_config(tmp_path) == load_config(tmp_path)
    assert sorted(tmp_path.rglob("*")) == before


def test_config_has_a_field_of_the_right_type_for_every_key() -> None:
    assert {field.name for field in fields(Config)} == {key.name for key in KEYS} | {"source", "names_prereleases_to"}
    types, config = get_type_hints(Config), default_config()
    for name, annotated in types.items():
        value = getattr(config, name)
        allowed = get_args(annotated) if NoneType in get_args(annotated) else (annotated,)
        origins = tuple(get_origin(one) or one for one in allowed)
        assert isinstance(value, origins), name
        assert not isinstance(value, Mapping) or type(value) is dict, name
