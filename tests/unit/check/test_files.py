"""The rule ``files``: what paa builds passes, and everything else in it is found."""

import random
import tarfile
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from paa.check.files import check_files
from paa.errors import FileError
from paa.model import BuiltRelease
from tests.packages import MODULES, scan_files
from tests.unit.check.releases import (
    checked,
    described,
    package,
    renamed,
    rewrite_sdist,
    rewrite_wheel,
    texts,
)

pytestmark = pytest.mark.wrong_wheels("wheels are changed after they were built")

INFO = "tool-1.0.0.dist-info"
TOP = "tool-1.0.0"
Members = dict[str, bytes]
SdistMembers = dict[str, bytes | tarfile.TarInfo]


def add(name: str, data: bytes = b"x") -> Callable[[Members], None]:
    return lambda members: members.update({name: data})


def edit(name: str, old: bytes, new: bytes) -> Callable[[Members], None]:
    def change(members: Members) -> None:
        assert old in members[name]
        members[name] = members[name].replace(old, new)

    return change


def test_a_package_with_everything_passes(tmp_path: Path) -> None:
    metadata = '__package_metadata__ = {"readme": "docs/tool.rst", "name": "My.Tool"}\n'
    files: dict[str, str | bytes] = {
        f"{MODULES}/tool.py": f"from components.deep.x import a\n{metadata}",
        f"{MODULES}/components/deep/x.py": "a = 1\n",
        "cli/tool.py": "import click\n@click.group()\ndef cli(): pass\n",
        "artifacts/tool/deep/ü.bin": b"\0\1",
        "licenses/tool/LICENSE": "mine",
        "licenses/tool/third/LICENSE": "theirs",
        "docs/tool.rst": "Tool\n====\n",
    }
    state = scan_files(tmp_path, files)
    built = state.build(tmp_path / "dist", state.release("tool", "1.0rc1"))[0]
    assert texts(check_files(checked(tmp_path / "dist", built))) == ""


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (add("other/__init__.py"), "other/__init__.py does not belong into the wheel"),
        (add("tool.pth"), "tool.pth does not belong into the wheel"),
        (add(f"{INFO}/top_level.txt"), "top_level.txt does not belong into the wheel"),
        (add("other-1.0.dist-info/METADATA"), "expected one .dist-info folder, found 2"),
        (add("tool/extra.py"), "tool/extra.py is not the same in wheel and sdist"),
        (add("tool/__init__.py", b"changed = 1\n"), "tool/__init__.py is not the same in wheel and sdist"),
        (add("../tool.py"), "'../tool.py' leads out of the archive"),
        (add("/etc/tool.py"), "'/etc/tool.py' leads out of the archive"),
        (add("tool/../../x.py"), "'tool/../../x.py' leads out of the archive"),
        (add("tool\\x.py"), "leads out of the archive"),
        (add("tool/__pycache__/x.txt"), "tool/__pycache__/x.txt must not be shipped"),
        (add("tool/x.pyc"), "tool/x.pyc must not be shipped"),
        (add("tool/.git/config"), "tool/.git/config must not be shipped"),
        (lambda members: members.pop("tool/.paa/manifest.json"), "there is no manifest that names this release"),
        (lambda members: members.pop("tool/__init__.py"), "tool/__init__.py is missing"),
        (lambda members: members.pop("tool/artifacts/data.txt"), "the artifact data.txt is missing"),
        (lambda members: members.pop(f"{INFO}/METADATA"), f"{INFO}/METADATA is missing"),
        (edit("tool/artifacts/data.txt", b"data", b"other"), "the artifact data.txt is missing or not what"),
        (edit("tool/.paa/manifest.json", b'"fingerprint": "', b'"fingerprint": "0'), "there is no manifest that names"),
        (edit("tool/.paa/manifest.json", b'"version": "1.0.0"', b'"version": "1.0.1"'), "there is no manifest that"),
        (edit("tool/.paa/manifest.json", b'"package": "tool"', b'"package": "tools"'), "there is no manifest"),
        (edit(f"{INFO}/METADATA", b"Name: tool", b"Name: tools"), "METADATA says tools, not tool"),
        (edit(f"{INFO}/METADATA", b"Version: 1.0.0", b"Version: 1.0.1"), "METADATA says version 1.0.1, not 1.0.0"),
        (edit(f"{INFO}/METADATA", b"Version: 1.0.0", b"Version: one"), "METADATA says version one, not 1.0.0"),
    ],
)
def test_a_changed_wheel_is_found(tmp_path: Path, change: Callable[[Members], None], expected: str) -> None:
    assert expected in texts(check_files(rewrite_wheel(package(tmp_path), change)))


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (add("tool/data.txt"), "tool/data.txt is in the wheel or in its RECORD, but not in both"),
        (lambda members: members.pop("tool/tool.py"), "tool/tool.py is in the wheel or in its RECORD, but not in both"),
        (edit("tool/tool.py", b"import", b"IMPORT"), "tool/tool.py is not what the RECORD says"),
        (edit(f"{INFO}/RECORD", b"sha256=", b"md5="), "is not what the RECORD says"),
        (add(f"{INFO}/RECORD", b"tool/tool.py\n"), "this file can't be read: ValueError"),
        (add(f"{INFO}/RECORD", b"\xff"), "this file can't be read: UnicodeDecodeError"),
        (add(f"{INFO}/RECORD", b""), "is in the wheel or in its RECORD, but not in both"),
        (lambda members: members.pop(f"{INFO}/RECORD"), f"{INFO}/RECORD is missing"),
    ],
)
def test_a_record_that_is_wrong_is_found(tmp_path: Path, change: Callable[[Members], None], expected: str) -> None:
    assert expected in texts(check_files(rewrite_wheel(package(tmp_path), change, record=False)))


def link(name: str, target: str, kind: bytes = tarfile.SYMTYPE) -> Callable[[SdistMembers], None]:
    def change(members: SdistMembers) -> None:
        item = tarfile.TarInfo(name)
        item.type, item.linkname = kind, target
        members[name] = item

    return change


def put(name: str, data: bytes = b"x") -> Callable[[SdistMembers], None]:
    return lambda members: members.update({name: data})


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (link(f"{TOP}/tool/link.py", "/etc/passwd"), "tool/link.py is neither a file nor a folder"),
        (link(f"{TOP}/tool/hard.py", f"{TOP}/tool/tool.py", tarfile.LNKTYPE), "hard.py is neither a file nor a folder"),
        (link(f"{TOP}/tool/pipe", "", tarfile.FIFOTYPE), "pipe is neither a file nor a folder"),
        (put("other/file.txt"), "other/file.txt lies outside tool-1.0.0/"),
        (put("../file.txt"), "'../file.txt' leads out of the archive"),
        (put(f"{TOP}/../file.txt"), "leads out of the archive"),
        (put(f"{TOP}/other/__init__.py"), "other/__init__.py does not belong into the sdist"),
        (put(f"{TOP}/setup.py"), "setup.py does not belong into the sdist"),
        (put(f"{TOP}/tool/extra.py"), "tool/extra.py is not the same in wheel and sdist"),
        (put(f"{TOP}/tool/__init__.py", b"other = 1\n"), "tool/__init__.py is not the same in wheel and sdist"),
        (put(f"{TOP}/tool/x.pyc"), "x.pyc must not be shipped"),
        (lambda members: members.pop(f"{TOP}/PKG-INFO"), "PKG-INFO is missing"),
        (put(f"{TOP}/PKG-INFO", b"Name: tool\nVersion: 2\n"), "PKG-INFO says version 2, not 1.0.0"),
        (put(f"{TOP}/PKG-INFO", b"Name: other\nVersion: 1.0.0\n"), "PKG-INFO says other, not tool"),
    ],
)
def test_a_changed_sdist_is_found(tmp_path: Path, change: Callable[[SdistMembers], None], expected: str) -> None:
    assert expected in texts(check_files(rewrite_sdist(package(tmp_path), change)))


def test_a_link_in_a_wheel_is_found(tmp_path: Path) -> None:
    given = package(tmp_path)
    wheel = given.folder / given.built.files[0].name
    with zipfile.ZipFile(wheel, "a") as archive:
        item = zipfile.ZipInfo("tool/link.py")
        item.external_attr = 0o120777 << 16
        archive.writestr(item, "/etc/passwd")
    assert "tool/link.py is neither a file nor a folder" in texts(check_files(described(given)))


def test_a_member_that_is_there_twice_is_found(tmp_path: Path) -> None:
    given = package(tmp_path)
    with (
        zipfile.ZipFile(given.folder / given.built.files[0].name, "a") as archive,
        pytest.warns(UserWarning, match="Duplicate name"),
    ):
        archive.writestr("tool/tool.py", "other = 1\n")
    assert "a member is there twice" in texts(check_files(described(given)))


def test_a_changed_byte_is_found(tmp_path: Path) -> None:
    given = package(tmp_path)
    for file in given.built.files:
        path = given.folder / file.name
        path.write_bytes(path.read_bytes() + b"\0")
        assert f"{file.name}: this is not the file that was built" in texts(check_files(given))


def test_the_manifest_has_to_hold_the_planned_fingerprint(tmp_path: Path) -> None:
    given = package(tmp_path)
    release = replace(given.built.release, fingerprint="f" * 64)
    found = check_files(replace(given, built=replace(given.built, release=release)))
    assert texts(found) == "the manifest's fingerprint is not the planned one"


@pytest.mark.parametrize(
    ("suffix", "name", "expected"),
    [
        (".whl", "other-1.0.0-py3-none-any.whl", "the name says other, not tool"),
        (".whl", "tool-1.0.1-py3-none-any.whl", "the name says version 1.0.1, not 1.0.0"),
        (".whl", "tool.whl", "Invalid wheel filename"),
        (".tar.gz", "tool-2.0.tar.gz", "the name says version 2.0, not 1.0.0"),
        (".tar.gz", "tool.tar.gz", "Invalid sdist filename"),
    ],
)
def test_a_file_under_a_wrong_name_is_found(tmp_path: Path, suffix: str, name: str, expected: str) -> None:
    assert expected in texts(check_files(renamed(package(tmp_path), suffix, name)))


@pytest.mark.parametrize("keep", [0, 1])
def test_both_kinds_have_to_be_there(tmp_path: Path, keep: int) -> None:
    given = package(tmp_path)
    built = replace(given.built, files=given.built.files[keep : keep + 1])
    assert texts(check_files(replace(given, built=built))) == "expected one wheel and one sdist, found 1 files"


def test_a_file_that_is_gone_is_an_error(tmp_path: Path) -> None:
    given = package(tmp_path)
    (given.folder / given.built.files[1].name).unlink()
    with pytest.raises(FileError, match=r"tool-1\.0\.0\.tar\.gz"):
        check_files(given)


def test_a_damaged_archive_is_a_finding_and_never_a_crash(tmp_path: Path) -> None:
    given = package(tmp_path)
    dice = random.Random(7)  # noqa: S311  # the same damage in every run
    originals = {file.name: (given.folder / file.name).read_bytes() for file in given.built.files}
    for _ in range(300):
        for name, data in originals.items():
            damaged = bytearray(data[: dice.randrange(len(data))] if dice.random() < 0.2 else data)
            for _ in range(min(dice.choice((1, 3, 20)), len(damaged))):
                damaged[dice.randrange(len(damaged))] ^= 1 << dice.randrange(8)
            (given.folder / name).write_bytes(damaged)
            assert check_files(described(given)) is not None
            assert check_files(given), "a changed file has passed"
            (given.folder / name).write_bytes(data)


def project(built: BuiltRelease, folder: Path) -> str:
    return texts(check_files(checked(folder, built, generated=False)))


def test_what_a_project_s_own_backend_ships_is_its_business(tmp_path: Path) -> None:
    given = rewrite_wheel(package(tmp_path), add("templates/page.html"))
    assert "does not belong" in texts(check_files(given))
    assert project(given.built, given.folder) == ""
    rewrite_wheel(given, add("../page.html"))
    assert "leads out of the archive" in project(given.built, given.folder)
