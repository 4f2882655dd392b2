"""Artifacts have names that can be unpacked anywhere, each its own, and never outside their folder."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paa.edges.files import is_inside
from paa.model import Location, Package
from paa.scan.artifacts import clash_findings, name_fault
from paa.scan.discover import discover
from tests.unit.scan.samples import make_config, make_tree

M = "python_modules"
SHARED = "artifacts_filepaths: {common/words.csv: data/words.csv, models: data/models, note.txt: data/note.link}\n"
FILES: dict[str, str | bytes] = {
    f"{M}/pkg.py": "",
    "artifacts/pkg/own.csv": "",
    "data/words.csv": "",
    "data/models/a.bin": "",
    "data/models/deep/b.bin.link": "",
    "data/note.link": "",
    "data/other.txt": "",
}
REFUSED = [
    *("", ".", "..", "../x", "a/../../x", "a/..", "/etc/passwd", "a//b", "a/", "./a", "..\\x", "a\\b", "C:\\x", "c:x"),
    *("a\nb", "a\0b", "\x1b[31m", "\u202ea", "\udcff", "a\x7f", "a|b", "a?b", "a*b", "a<b", 'a"b', "a,b"),
    *("CON", "con.txt", "a/NUL", "nul .csv", "Com1", "LPT9.tar.gz", "com¹", "AUX/x", "a.", "a ", "a./b", "conin$"),
    *("x" * 256, "ü" * 128, "a.pyc", "__pycache__/a.txt", "x/.git/config", ".DS_Store", "a.link"),
]


@pytest.mark.parametrize("place", REFUSED)
def test_names_that_lead_out_or_can_not_be_unpacked_everywhere_are_refused(place: str) -> None:
    assert name_fault(place)


@pytest.mark.parametrize(
    "place",
    ["a", "a/b/c.txt", ".hidden", "ü.csv", "a b.csv", "console.txt", "com10", "..a", "a..b", "link", "x" * 255, "-rf"],
)
def test_other_names_are_fine(place: str) -> None:
    assert name_fault(place) is None


@given(st.text(st.sampled_from("ab./\\:CON \n"), max_size=12))
def test_no_name_that_is_taken_leads_out(place: str) -> None:
    if name_fault(place) is None:
        assert is_inside(place)
        assert Path("folder", place).resolve().is_relative_to(Path("folder").resolve())


def found(folder: Path, files: dict[str, str | bytes], config: str = SHARED) -> Package:
    return discover(make_tree(folder, files), make_config(config))[0]


def test_the_settings_give_artifacts_to_every_package(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {**FILES, f"{M}/second.py": ""}
    first, second = discover(make_tree(tmp_path, files), make_config(SHARED))
    shared = {"common/words.csv": "data/words.csv", "models/a.bin": "data/models/a.bin"}
    assert first.artifacts == {**shared, "own.csv": "artifacts/pkg/own.csv"}
    assert second.artifacts == shared
    links = {"models/deep/b.bin": "data/models/deep/b.bin.link", "note.txt": "data/note.link"}
    assert first.artifact_links == second.artifact_links == links
    assert first.findings == second.findings == ()


@pytest.mark.parametrize(
    ("own", "gone"),
    [
        ("common/words.csv", {"common/words.csv"}),
        ("common/words.csv/x", {"common/words.csv"}),
        ("common/words.csv.link", {"common/words.csv"}),
        ("models", {"models/a.bin", "models/deep/b.bin"}),
        ("models/other.bin", {"models/a.bin", "models/deep/b.bin"}),
        ("note.txt", {"note.txt"}),
        ("note.txt.link", {"note.txt"}),
        ("common/other.csv", set()),
    ],
)
def test_what_a_package_has_itself_takes_the_place_of_the_shared(tmp_path: Path, own: str, gone: set[str]) -> None:
    path = f"artifacts/pkg/{own}"
    package = found(tmp_path, {**FILES, path: "mine"})
    places = {**package.artifacts, **package.artifact_links}
    everything = {"own.csv", "common/words.csv", "models/a.bin", "models/deep/b.bin", "note.txt"}
    assert places.keys() == (everything - gone) | {own.removesuffix(".link")}
    assert places[own.removesuffix(".link")] == path


@pytest.mark.parametrize("config", ["{a: gone.csv}", "{a: data/word}", "{a: data/words.csv/x}"])
def test_a_shared_artifact_that_is_not_there_blocks(tmp_path: Path, config: str) -> None:
    (finding,) = found(tmp_path, FILES, f"artifacts_filepaths: {config}\n").findings
    assert (finding.rule, finding.location) == ("artifact", Location(path=".paa.config"))
    assert finding.message.startswith("artifacts_filepaths: a: there is no file ")


def test_a_shared_artifact_that_is_a_symbolic_link_blocks(tmp_path: Path) -> None:
    (tmp_path / "secret").symlink_to("/etc/passwd")
    (finding,) = found(tmp_path, FILES, "artifacts_filepaths: {a: secret}\n").findings
    assert "links are not followed" in finding.message


def test_a_shared_artifact_with_a_hostile_name_blocks(tmp_path: Path) -> None:
    (finding,) = found(tmp_path, FILES, "artifacts_filepaths: {con.txt: data/words.csv}\n").findings
    assert str(finding).startswith("data/words.csv: 'con.txt' can't be unpacked on Windows")


def clashes(*places: str) -> list[str]:
    return [finding.message for finding in clash_findings((place, Location(path=f"at/{place}")) for place in places)]


def test_two_of_one_name_are_told_apart_or_refused() -> None:
    assert clashes("a", "b", "a/b".replace("/", "_"), "c/a", "c/b") == []
    assert clashes("a", "a") == ["the artifact 'a' is already there from at/a"]
    assert clashes("Data.csv", "data.csv") == ["the artifact 'data.csv' differs from 'Data.csv' only in case"]
    assert clashes("x/Ä", "X/a\u0308") == ["the artifact 'x/Ä' differs from 'X/a\u0308' only in case"]
    assert clashes("a", "A/b") == ["the artifact 'A/b' needs a folder where 'a' is a file"]
    assert clashes("a/b", "a/b/c/d") == ["the artifact 'a/b/c/d' needs a folder where 'a/b' is a file"]
