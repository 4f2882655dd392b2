"""The rule ``metadata``: what twine's strict check refuses is a finding, with twine's reason."""

import logging
import random
import zipfile
from pathlib import Path

import pytest

from paa.check.metadata import check_metadata
from paa.check.model import CheckInput
from tests.packages import build_package
from tests.unit.check.releases import MODULE, checked, described, package, rewrite_wheel, texts

pytestmark = pytest.mark.wrong_wheels("wheels are changed after they were built")

INFO = "tool-1.0.0.dist-info"


def test_what_paa_builds_passes(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert check_metadata(package(tmp_path)) == ()
    assert capfd.readouterr() == ("", "")


def _with_broken_readme(folder: Path) -> CheckInput:
    """A wheel whose README nobody can render; paa itself makes none."""

    def change(members: dict[str, bytes]) -> None:
        members[f"{INFO}/METADATA"] = members[f"{INFO}/METADATA"].replace(b"Text.", b".. image:: ")

    files = {MODULE: '__package_metadata__ = {"readme": "tool.rst"}\n', "tool.rst": "Title\n=====\n\nText.\n"}
    return rewrite_wheel(checked(folder / "dist", build_package(folder, files, "tool")), change)


def test_a_readme_that_can_t_be_rendered_is_refused_with_its_line(tmp_path: Path) -> None:
    (found,) = check_metadata(_with_broken_readme(tmp_path))
    assert found.message.startswith("tool-1.0.0-py3-none-any.whl: twine's strict check fails")
    assert "line 4" in found.message


def test_a_warning_is_refused_as_strict_does(tmp_path: Path) -> None:
    def change(members: dict[str, bytes]) -> None:
        text = members[f"{INFO}/METADATA"]
        members[f"{INFO}/METADATA"] = text.replace(b"Description-Content-Type: text/markdown\n", b"")

    found = check_metadata(rewrite_wheel(package(tmp_path), change))
    assert "`long_description_content_type` missing" in texts(found)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"Metadata-Version: 2.4", b"Metadata-Version: 99.0"),
        (b"Name: tool\n", b""),
        (b"Version: 1.0.0\n", b""),
        (b"Version: 1.0.0", b"Version: one"),
        (b"Requires-Python: >=3.11", b"Requires-Python: newish"),
    ],
)
def test_metadata_that_no_index_takes_are_refused(tmp_path: Path, old: bytes, new: bytes) -> None:
    def change(members: dict[str, bytes]) -> None:
        assert old in members[f"{INFO}/METADATA"]
        members[f"{INFO}/METADATA"] = members[f"{INFO}/METADATA"].replace(old, new)

    found = check_metadata(rewrite_wheel(package(tmp_path), change))
    assert [finding.message.partition(":")[0] for finding in found] == ["tool-1.0.0-py3-none-any.whl"]


def test_a_damaged_file_is_a_finding_and_never_a_crash(tmp_path: Path) -> None:
    given = package(tmp_path)
    dice = random.Random(3)  # noqa: S311  # the same damage in every run
    originals = {file.name: (given.folder / file.name).read_bytes() for file in given.built.files}
    for _ in range(60):
        for name, data in originals.items():
            damaged = bytearray(data[: dice.randrange(len(data))] if dice.random() < 0.2 else data)
            for _ in range(min(dice.choice((1, 20)), len(damaged))):
                damaged[dice.randrange(len(damaged))] = dice.randrange(256)
            (given.folder / name).write_bytes(damaged)
            check_metadata(described(given))
            (given.folder / name).write_bytes(data)


def test_a_file_that_is_gone_has_not_passed(tmp_path: Path) -> None:
    given = package(tmp_path)
    (given.folder / given.built.files[0].name).unlink()
    assert len(check_metadata(given)) == 1


def test_an_archive_without_metadata_has_not_passed(tmp_path: Path) -> None:
    given = package(tmp_path)
    with zipfile.ZipFile(given.folder / given.built.files[0].name, "w") as wheel:
        wheel.writestr("tool.py", "")
    assert len(check_metadata(described(given))) == 1


def test_twine_s_own_output_goes_nowhere_else(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    logger = logging.getLogger("twine.commands.check")
    before = (list(logger.handlers), logger.propagate)
    check_metadata(_with_broken_readme(tmp_path))
    assert capfd.readouterr() == ("", "")
    assert caplog.records == []
    assert (list(logger.handlers), logger.propagate) == before
