"""Feeds that files in ``.azure/feeds`` define."""

from pathlib import Path

import pytest

from paa.config import Config, load_config, parse_config
from paa.config.load import is_feed_file
from paa.errors import ConfigError
from paa.model import Index, IndexKind
from tests.unit.config.reading import NOWHERE

DATA = b"feed_name: data\norganization: contoso\nproject_guid: 11111111-2222-3333-4444-555555555555\n"


def read(settings: str, **files: bytes) -> Config:
    feeds = {f".azure/feeds/{name}.yml": data for name, data in files.items()}
    return parse_config(settings.encode(), root=NOWHERE, source=".paa.config", feeds=feeds)


def faults(settings: str, **files: bytes) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        read(settings, **files)
    return [fault.removeprefix(".azure/feeds/") for fault in caught.value.faults]


def test_a_file_is_an_index_that_has_its_name() -> None:
    config = read("publish_to: team_a", team_a=DATA)
    assert config.indexes["team_a"] == Index(
        name="team_a",
        kind=IndexKind.AZURE,
        organization="contoso",
        project="11111111-2222-3333-4444-555555555555",
        feed="data",
    )
    assert {"pypi", "testpypi"} <= config.indexes.keys()


def test_they_stand_beside_those_of_the_settings() -> None:
    config = read("indexes: {a: {kind: testpypi}}\npublish_to: [a, b]", b=DATA)
    assert [config.indexes[name].kind for name in config.publish_to] == [IndexKind.TESTPYPI, IndexKind.AZURE]


def test_a_template_of_variables_is_read_as_well() -> None:
    lines = b"variables:\n" + b"".join(b"  " + line for line in DATA.splitlines(keepends=True))
    assert read("", data=lines).indexes["data"] == read("", data=DATA).indexes["data"]


def test_a_fault_in_a_template_of_variables_has_its_line_and_key() -> None:
    said = faults("", data=b"variables:\n  feed_name: data\n  organisation: contoso\n")
    assert "data.yml:3: variables.organisation: unknown key; did you mean 'organization'?" in said


def test_a_feed_on_a_server_of_ones_own_has_addresses() -> None:
    addresses = b"upload_url: https://tfs.example.org/upload/\nsimple_url: https://tfs.example.org/simple/\n"
    index = read("", data=DATA + addresses).indexes["data"]
    assert (index.upload_url, index.simple_url) == (
        "https://tfs.example.org/upload/",
        "https://tfs.example.org/simple/",
    )
    assert faults("", data=DATA + b"upload_url: ftp://tfs.example.org/\n")[0].startswith("data.yml:4: upload_url:")


def test_a_feed_of_the_whole_organization_has_no_project() -> None:
    assert read("", a=b"feed_name: f\norganization: c\nproject_guid: ''\n").indexes["a"].project is None


@pytest.mark.parametrize(
    ("settings", "files", "said"),
    [
        (
            "x: 1\nindexes:\n  data: {kind: pypi}",
            {"data": DATA},
            "data.yml:1: the index 'data' is there already, as 'data' in .paa.config, line 3; rename",
        ),
        (
            "indexes: {my-data: {kind: pypi}}",
            {"my_data": DATA},
            "my_data.yml:1: the index 'my_data' is there already, as 'my-data' in .paa.config, line 1; rename",
        ),
        ("", {"pypi": DATA}, "pypi.yml:1: the index 'pypi' is there already, and needs no file; rename"),
        ("indexes: {a: {kind: pypi}}", {"a_read": DATA}, "a_read.yml:1: shares PAA_A_READ_… with the index as 'a' in"),
        (
            "",
            {"a": DATA, "a-read": DATA},
            "a.yml:1: shares PAA_A_READ_… with the index by .azure/feeds/a-read.yml; rename",
        ),
        (
            "",
            {"a": DATA, "A": DATA},
            "a.yml:1: the index 'a' is there already, by .azure/feeds/A.yml; rename this file or remove one",
        ),
    ],
)
def test_no_name_stands_for_two_indexes(settings: str, files: dict[str, bytes], said: str) -> None:
    assert any(fault.startswith(said) for fault in faults(settings, **files))


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (
            b"feed_nam: a\norganization: c",
            ["a.yml:1: feed_nam: unknown key; did you mean 'feed_name'?", "a.yml:1: lacks"],
        ),
        (b"\norganization: c", ["a.yml:2: lacks 'feed_name'"]),
        (b"organization: c\nfeed_name: a/b", ["a.yml:2: feed_name: 'a/b' is not a name; letters"]),
        (b"organization: c\nfeed_name: [a]", ["a.yml:2: feed_name: found a list, expected a name"]),
        (b"- a", ["a.yml:1: found a list, expected a mapping with 'feed_name' and 'organization'"]),
        (b"", ["a.yml:1: found nothing, expected a mapping"]),
        (b"a: [", ["a.yml:1: not valid YAML"]),
        (b"\xff", ["a.yml:1: not UTF-8"]),
        (DATA + b"token: hunter2", ["a.yml:4: token: unknown key"]),
    ],
)
def test_what_is_wrong_is_named_with_file_and_line(data: bytes, said: list[str]) -> None:
    found = faults("", a=data)
    assert len(found) == len(said)
    assert all(fault.startswith(start) for fault, start in zip(found, said, strict=True)), found
    assert "hunter2" not in str(found)


def test_faults_of_all_files_come_at_once() -> None:
    assert len(faults("nonsense: 1", a=b"", b=b"")) == 3


def test_a_name_that_can_not_be_one_is_refused() -> None:
    (fault,) = faults("", **{"a b": DATA})
    assert fault.startswith("a b.yml:1: the file is named for its index, and 'a b' is not a name for an index;")
    assert fault.endswith("beginning with a letter; rename it")


def test_a_faulty_file_is_not_also_called_missing() -> None:
    assert len(faults("publish_to: a", a=b"organization: c")) == 1


def test_they_are_read_from_the_disk(tmp_path: Path) -> None:
    folder = tmp_path / ".azure" / "feeds"
    folder.mkdir(parents=True)
    (folder / "data.yml").write_bytes(DATA)
    (folder / "README.md").write_text("no feed")
    (folder / "old.yml").mkdir()
    with pytest.raises(ConfigError, match=r"old\.yml is not a file"):
        load_config(tmp_path)
    (folder / "old.yml").rmdir()
    config = load_config(tmp_path)
    assert config.source is None
    assert sorted(config.indexes) == ["data", "pypi", "testpypi"]


@pytest.mark.parametrize(
    ("path", "is_one"),
    [
        (".azure/feeds/a.yml", True),
        (".azure/feeds/a.yaml", True),
        (".azure/feeds/sub/a.yml", False),
        (".azure/feeds/a.md", False),
        ("x/.azure/feeds/a.yml", False),
    ],
)
def test_which_files_define_feeds(path: str, *, is_one: bool) -> None:
    assert is_feed_file(path) is is_one
