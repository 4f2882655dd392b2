"""What `paa init-config` writes, and the pages that are generated."""

import json
from pathlib import Path

import pytest

from paa.config import default_config, load_config
from paa.config.keys import KEYS, Group
from paa.config.reference import reference_files, reference_page
from paa.config.text import config_files, config_text
from tests.unit.config.reading import read

REFERENCE = Path(__file__).parents[3] / "docs/reference"
UPDATE = (
    'python -c "from pathlib import Path; from paa.config.reference import reference_files; '
    "[Path('docs/reference', name).write_bytes(data) for name, data in reference_files().items()]\""
)


@pytest.mark.parametrize("full", [False, True])
def test_what_is_written_means_the_defaults(full: bool, tmp_path: Path) -> None:  # noqa: FBT001 (a parameter of the test)
    for name, data in config_files(full=full).items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(data)
    written, default = load_config(tmp_path), default_config()
    assert [getattr(written, key.name) for key in KEYS] == [getattr(default, key.name) for key in KEYS]


def test_the_full_text_has_every_key_and_what_it_means() -> None:
    text = config_text(full=True)
    for key in KEYS:
        assert f"\n# {key.documentation}\n{key.name}: " in text


def test_the_first_text_is_short() -> None:
    assert len(config_text(full=False).splitlines()) < 45
    assert "module_dir: python_modules\n" in config_text(full=False)


@pytest.mark.parametrize("full", [False, True])
def test_editors_find_the_schema(full: bool) -> None:  # noqa: FBT001 (a parameter of the test)
    files = config_files(full=full)
    first = files[".paa.config"].decode().splitlines()[0]
    schema = first.removeprefix("# yaml-language-server: $schema=")
    assert json.loads(files[schema])["title"] == ".paa.config"


def test_what_is_uncommented_and_changed_is_read() -> None:
    text = config_text(full=True).replace("add_artifacts: true", "add_artifacts: false")
    assert read(text).add_artifacts is False


@pytest.mark.parametrize("name", sorted(reference_files()))
def test_the_reference_is_up_to_date(name: str) -> None:
    assert (REFERENCE / name).read_bytes() == reference_files()[name], f"update it: {UPDATE}"


def test_the_reference_has_every_key_once() -> None:
    page = reference_page()
    assert all(page.count(f"| `{key.name}` |") == 1 for key in KEYS)
    assert all(f"## {group.value}\n" in page for group in Group)
    assert {key.group for key in KEYS} == set(Group)
