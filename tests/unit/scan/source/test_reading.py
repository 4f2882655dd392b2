"""Source files → facts through the cache: it saves time, and changes nothing else."""

import json
import logging
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from paa.edges.cache import cache_file, cache_folder
from paa.edges.tree import Tree, disk_tree
from paa.scan.source.facts import SourceFacts
from paa.scan.source.imports import read_source
from paa.scan.source.reading import SourceReader, open_reader
from tests.unit.scan.samples import make_tree, write

KEY = "the code that reads"
FILES = {f"m{number}.py": f"import a{number} #>={number}\n" for number in range(5)}


@pytest.fixture
def cache(tmp_path: Path) -> Mapping[str, str]:
    """The environment of a run with a cache folder of its own."""
    return {"PAA_CACHE_DIR": str(tmp_path / "cache")}


@pytest.fixture
def tree(tmp_path: Path) -> Tree:
    return make_tree(tmp_path / "ppr", FILES)


def read_everything(tree: Tree, environment: Mapping[str, str]) -> dict[str, SourceFacts]:
    """One run: all files of the tree, and the cache kept for the next."""
    reader = open_reader(tree, KEY, environment)
    reader.read_all(tree.blobs)
    facts = {path: reader.read(path) for path in tree.blobs}
    reader.keep(reader.parsed, tree.blobs)
    return facts


def expected(tree: Tree) -> dict[str, SourceFacts]:
    return {path: read_source((tree.root / path).read_bytes()) for path in tree.blobs}


def cached(tree: Tree, environment: Mapping[str, str]) -> Path:
    return cache_file(cache_folder(environment), tree.root, "facts")


def test_results_are_equal_with_and_without_the_cache(tree: Tree, cache: Mapping[str, str]) -> None:
    assert read_everything(tree, cache) == expected(tree)
    assert cached(tree, cache).is_file()
    assert read_everything(tree, cache) == expected(tree)


def test_what_is_cached_is_not_parsed_again(tree: Tree, cache: Mapping[str, str]) -> None:
    read_everything(tree, cache)

    reader = open_reader(tree, KEY, cache)
    reader.read_all(tree.blobs)

    assert [reader.read(path) for path in tree.blobs] == list(expected(tree).values())
    assert reader.parsed == {}


def test_only_what_has_changed_is_parsed(tree: Tree, cache: Mapping[str, str]) -> None:
    read_everything(tree, cache)
    write(tree.root, {"m1.py": "import changed\n", "new.py": "import new\n"})
    changed = disk_tree(tree.root)

    reader = open_reader(changed, KEY, cache)
    reader.read_all(changed.blobs)

    assert set(reader.parsed) == {changed.blobs["m1.py"], changed.blobs["new.py"]}
    assert read_everything(changed, cache) == expected(changed)


def test_what_the_tree_no_longer_holds_is_dropped_in_the_end(tmp_path: Path, cache: Mapping[str, str]) -> None:
    files = {f"m{number}.py": f"import a{number}\n" for number in range(10)}
    tree = make_tree(tmp_path / "ppr", files)
    read_everything(tree, cache)
    for number in range(9):
        (tree.root / f"m{number}.py").unlink()

    read_everything(disk_tree(tree.root), cache)

    assert len(json.loads(cached(tree, cache).read_bytes())["entries"]) == 1


DAMAGE = [
    b"",
    b"{",
    b"\xff\xfe\x00",
    b"[]",
    b"5",
    b"null",
    b'"text"',
    b'{"x": 1}',
]


@pytest.mark.parametrize("damage", DAMAGE, ids=[damage[:10].decode("latin-1") for damage in DAMAGE])
def test_a_damaged_cache_is_as_none(tree: Tree, cache: Mapping[str, str], damage: bytes) -> None:
    read_everything(tree, cache)
    cached(tree, cache).write_bytes(damage)

    assert read_everything(tree, cache) == expected(tree)
    assert read_everything(tree, cache) == expected(tree)


@pytest.mark.parametrize(
    "value", [None, 5, "text", [], [1] * 9, {}, [[["a"]], [], None, None, None, None, False, [], []]]
)
def test_a_damaged_entry_is_read_again(tree: Tree, cache: Mapping[str, str], value: object) -> None:
    read_everything(tree, cache)
    content = json.loads(cached(tree, cache).read_bytes())
    content["entries"][tree.blobs["m1.py"]] = value
    cached(tree, cache).write_text(json.dumps(content), encoding="utf-8")

    reader = open_reader(tree, KEY, cache)
    assert reader.read("m1.py") == expected(tree)["m1.py"]
    reader.keep(reader.parsed)
    blob = tree.blobs["m1.py"]
    assert open_reader(tree, KEY, cache).stored[blob] == json.loads(reader.parsed[blob])
    assert read_everything(tree, cache) == expected(tree)


def test_a_cache_cut_off_at_any_place_is_never_fatal(tree: Tree, cache: Mapping[str, str]) -> None:
    read_everything(tree, cache)
    whole = cached(tree, cache).read_bytes()
    for length in range(0, len(whole), max(len(whole) // 23, 1)):
        cached(tree, cache).write_bytes(whole[:length])
        assert read_everything(tree, cache) == expected(tree)


def test_what_other_code_has_stored_is_not_used(tree: Tree, cache: Mapping[str, str]) -> None:
    read_everything(tree, cache)

    assert open_reader(tree, KEY, cache).stored
    assert open_reader(tree, "other code", cache).stored == {}


def test_another_repository_has_a_file_of_its_own(tree: Tree, cache: Mapping[str, str]) -> None:
    assert cache_file(cache_folder(cache), tree.root / "elsewhere", "facts") != cached(tree, cache)


@pytest.mark.parametrize("blocked", ["folder is a file", "file is a folder", "read-only"])
def test_a_cache_that_cannot_be_written_costs_time_and_nothing_else(
    tree: Tree, cache: Mapping[str, str], blocked: str
) -> None:
    file = cached(tree, cache)
    if blocked == "folder is a file":
        Path(cache["PAA_CACHE_DIR"]).write_bytes(b"")
    elif blocked == "file is a folder":
        file.mkdir(parents=True)
    else:
        file.parent.mkdir(parents=True)
        file.parent.chmod(0o500)
        if os.access(file.parent, os.W_OK):
            pytest.skip("this user may write everywhere")

    assert read_everything(tree, cache) == expected(tree)
    assert read_everything(tree, cache) == expected(tree)


RUN = """
import sys
from pathlib import Path
from paa.edges.tree import disk_tree
from paa.scan.source.reading import open_reader
tree = disk_tree(Path(sys.argv[1]))
sys.stdin.readline()
for _ in range(30):
    reader = open_reader(tree, "the code that reads", {"PAA_CACHE_DIR": sys.argv[2]})
    reader.stored.clear()
    reader.read_all(tree.blobs)
    reader.keep(reader.parsed)
"""


def test_two_processes_may_write_it_at_once(tree: Tree, cache: Mapping[str, str]) -> None:
    arguments = [sys.executable, "-c", RUN, str(tree.root), cache["PAA_CACHE_DIR"]]
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[4])}
    running = [subprocess.Popen(arguments, stdin=subprocess.PIPE, env=environment) for _ in range(2)]
    for process in running:
        assert process.stdin is not None
        process.stdin.write(b"\n")
        process.stdin.flush()

    # What is there meanwhile is always whole.
    while any(process.poll() is None for process in running):
        assert read_everything(tree, cache) == expected(tree)

    for process in running:
        process.communicate()
        assert process.returncode == 0
    assert read_everything(tree, cache) == expected(tree)
    assert [path.name for path in cached(tree, cache).parent.iterdir()] == [cached(tree, cache).name]


def test_equal_files_are_read_once(tmp_path: Path, cache: Mapping[str, str]) -> None:
    tree = make_tree(tmp_path / "ppr", {"a.py": "import x\n", "b.py": "import x\n"})
    reader = open_reader(tree, KEY, cache)

    reader.read_all(tree.blobs)

    assert len(reader.parsed) == 1
    assert reader.read("a.py") is reader.read("b.py")


def test_a_link_has_no_facts(tmp_path: Path, cache: Mapping[str, str]) -> None:
    (tmp_path / "outside.py").write_text("import secret\n", encoding="utf-8")
    (tmp_path / "ppr").mkdir()
    (tmp_path / "ppr/a.py").symlink_to(tmp_path / "outside.py")
    (tmp_path / "ppr/b.py").symlink_to("nowhere")
    tree = make_tree(tmp_path / "ppr", {})

    assert read_everything(tree, cache) == {"a.py": SourceFacts(), "b.py": SourceFacts()}


def test_a_file_that_cannot_be_read_is_a_fault_of_its_own(tree: Tree, cache: Mapping[str, str]) -> None:
    (tree.root / "m1.py").unlink()  # After it was listed.
    reader = open_reader(tree, KEY, cache)

    reader.read_all(tree.blobs)
    facts = {path: reader.read(path) for path in tree.blobs}
    reader.keep(reader.parsed, tree.blobs)

    (fault,) = facts.pop("m1.py").faults
    assert (fault.rule, fault.blocks) == ("file", True)
    assert "m1.py" in fault.message
    assert facts == {path: read_source((tree.root / path).read_bytes()) for path in facts}


def test_the_cache_lies_outside_the_work_tree_by_default(tree: Tree, home: Path) -> None:
    before = sorted(tree.root.rglob("*"))

    reader = open_reader(tree, KEY)
    reader.read_all(tree.blobs)
    reader.keep(reader.parsed)

    assert sorted(tree.root.rglob("*")) == before
    assert reader.file.is_file()
    assert reader.file.is_relative_to(home)


def test_nothing_is_said_of_the_cache_but_to_the_log(
    tree: Tree, cache: Mapping[str, str], caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    Path(cache["PAA_CACHE_DIR"]).write_bytes(b"")

    with caplog.at_level(logging.DEBUG):
        read_everything(tree, cache)

    assert capsys.readouterr() == ("", "")
    assert {record.levelno for record in caplog.records} == {logging.DEBUG}


def test_a_reader_starts_with_nothing_known(tree: Tree, cache: Mapping[str, str]) -> None:
    reader = open_reader(tree, KEY, cache)

    assert isinstance(reader, SourceReader)
    assert (reader.known, reader.parsed, reader.stored) == ({}, {}, {})
