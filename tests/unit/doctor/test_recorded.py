"""Tags, tracking and notes as doctor reads them."""

import io
import zipfile
from pathlib import Path

import pytest
from packaging.version import Version

from paa.doctor.facts import TagState
from paa.doctor.recorded import is_noted, read_tags, read_tracking
from paa.doctor.wheel import read_wheel_facts
from paa.edges.git_tags import Tag
from paa.edges.tree import disk_tree
from paa.errors import IndexReadError
from paa.model import Bump, Distribution, DistributionKind, Release
from paa.plan.tags import tag_message
from tests.packages import build_package, wheel_path, write_tree

FORMAT = "{package}-v{version}"
FILE = Distribution(name="dice-1.0.0.tar.gz", size=1, sha256="a" * 64, kind=DistributionKind.SDIST)


def message(package: str = "dice", version: str = "1.0.0") -> str:
    release = Release(
        package=package,
        distribution=package,
        version=version,
        previous=None,
        bump=Bump.PATCH,
        fingerprint="f" * 64,
        notes=("Roll better",),
        floors={"words": "0.3.0"},
    )
    return tag_message(release, [FILE], "flit_core 3.12.0")


@pytest.mark.parametrize(
    ("name", "text", "state"),
    [
        ("dice-v1.0.0", message(), TagState.OURS),
        ("dice-v1.0", message(version="1.0"), TagState.OURS),
        ("refs/paa/releases/dice/1.0.0", message(), TagState.OURS),
        ("anything", message(), TagState.OURS),
        ("dice-v1.0.0", "", TagState.BARE),
        ("v1.0.0_dice", "", TagState.BARE),
        ("dice-v1.0.0", message().replace("Paa-Builder", "Builder"), TagState.BARE),
        ("dice-v1.0.0", message(version="1.0.1"), TagState.CONTRADICTING),
        ("dice-v1.0.0", message(package="words"), TagState.CONTRADICTING),
        ("dice-v1.0.0", message(package="removed"), TagState.CONTRADICTING),
    ],
)
def test_what_a_tag_is(name: str, text: str, state: TagState) -> None:
    found = read_tags([Tag(name=name, commit="c" * 40, message=text)], FORMAT, {"dice", "words"})
    assert {package: {str(version): tag.state for version, tag in tags.items()} for package, tags in found.items()} == {
        "dice": {str(Version("1.0" if name == "dice-v1.0" else "1.0.0")): state}
    }


def test_a_record_beside_a_bare_tag_counts() -> None:
    bare = Tag(name="dice-v1.0.0", commit="b" * 40, message="")
    record = Tag(name="refs/paa/releases/dice/1.0.0", commit="c" * 40, message=message())
    for tags in ([bare, record], [record, bare]):
        tag = read_tags(tags, FORMAT, {"dice"})["dice"][Version("1.0.0")]
        assert tag.state is TagState.OURS
        assert tag.sources is not None
        assert (tag.sources.commit, tag.sources.floors) == ("c" * 40, {"words": "0.3.0"})
        assert tag.files == {FILE.name: FILE.sha256}
        assert tag.notes == ("Roll better",)


@pytest.mark.parametrize("damaged", ["releases.json", "lsts_package_versions.yml"])
def test_a_broken_tracking_file_is_told_and_stops_nothing(tmp_path: Path, damaged: str) -> None:
    write_tree(tmp_path, {f".paa/tracking/{damaged}": b"<<<<<<< HEAD\n: ["})
    found = read_tracking(disk_tree(tmp_path))
    assert [damaged in problem.message for problem in found.problems] == [True]
    assert not found.of("dice").is_readable


def test_a_section_of_the_notes_is_known_by_its_version_however_it_is_written(tmp_path: Path) -> None:
    write_tree(tmp_path, {".paa/release_notes/dice.md": b"# Release notes\n\n### 1.0 (2026-01-01)\n\n    ### 0.9.0\n"})
    tree = disk_tree(tmp_path)
    assert is_noted(tree, "dice", Version("1.0.0"))
    assert not is_noted(tree, "dice", Version("0.9.0"))
    assert not is_noted(tree, "words", Version("1.0.0"))


def test_a_wheel_tells_its_manifest_and_its_builder(tmp_path: Path) -> None:
    built = build_package(tmp_path, {"python_modules/dice.py": '"""Roll dice."""\n'}, "dice", version="1.2.3")
    with wheel_path(tmp_path / "dist", built).open("rb") as stream:
        facts = read_wheel_facts(stream, "dice.whl")
    assert facts.manifest is not None
    assert (facts.manifest.package, facts.manifest.version) == ("dice", "1.2.3")
    assert facts.manifest.fingerprint == built.release.fingerprint
    assert facts.builder.startswith("flit_core 3.")


def test_what_is_no_wheel_is_an_error_and_an_empty_one_tells_nothing() -> None:
    with pytest.raises(IndexReadError, match="not a readable wheel"):
        read_wheel_facts(io.BytesIO(b"<html>"), "dice.whl")
    stream = io.BytesIO()
    zipfile.ZipFile(stream, "w").close()
    facts = read_wheel_facts(io.BytesIO(stream.getvalue()), "dice.whl")
    assert (facts.manifest, facts.floors, facts.builder) == (None, {}, "unknown")
