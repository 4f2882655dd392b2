"""Which licence files go along with a package, and what is said about those that can't."""

from pathlib import Path

import pytest

from paa.edges.tree import disk_tree
from paa.model import ScannedPackage
from paa.scan.scan import scan
from tests.unit.scan.samples import make_config, shown_findings, write

MODULE = "python_modules/pkg.py"


def scanned(folder: Path, there: tuple[str, ...], config: str = "", links: tuple[str, ...] = ()) -> ScannedPackage:
    write(folder, {MODULE: "", **dict.fromkeys(there, "text")})
    for name in links:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).symlink_to("/etc/hostname")
    (found,) = scan(disk_tree(folder), make_config(config))
    return found


TAKEN = [
    # A package's own file stands for the shared one of its kind, and for no other.
    (("LICENSE", "NOTICE", "licenses/pkg/NOTICE"), ("LICENSE", "licenses/pkg/NOTICE")),
    (("LICENSE", "NOTICE", "licenses/pkg/LICENSE"), ("NOTICE", "licenses/pkg/LICENSE")),
    (
        ("LICENSE", "NOTICE", "licenses/pkg/LICENSE", "licenses/pkg/NOTICE"),
        ("licenses/pkg/LICENSE", "licenses/pkg/NOTICE"),
    ),
    (("LICENSE", "AUTHORS", "licenses/pkg/COPYING.txt"), ("AUTHORS", "licenses/pkg/COPYING.txt")),
    (("LICENSE", "licenses/pkg/third party/LICENSE [x], ü.txt"), ("licenses/pkg/third party/LICENSE [x], ü.txt",)),
    (("licenses/other/LICENSE",), ()),
    ((), ()),
]


@pytest.mark.parametrize(("there", "taken"), TAKEN, ids=[" ".join(there) for there, _ in TAKEN])
def test_the_licence_files_of_a_package(tmp_path: Path, there: tuple[str, ...], taken: tuple[str, ...]) -> None:
    found = scanned(tmp_path / "ppr", there)

    assert found.package.license_files == taken
    # No licence is nobody's fault: much code is private.
    assert found.findings == ()


def test_a_configured_file_stands_for_those_of_its_kind_at_the_top(tmp_path: Path) -> None:
    there = ("LICENSE", "NOTICE", "law/terms.md")

    assert scanned(tmp_path / "ppr", there, "license_path: law/terms.md\n").package.license_files == (
        "NOTICE",
        "law/terms.md",
    )


def test_a_package_s_own_licence_that_is_a_link_is_an_error(tmp_path: Path) -> None:
    found = scanned(tmp_path / "ppr", ("LICENSE",), links=("licenses/pkg/LICENSE",))

    (finding,) = found.errors
    assert (finding.rule, str(finding.location)) == ("license", "licenses/pkg/LICENSE")
    assert "symbolic link is not shipped" in finding.message


def test_a_shared_licence_that_is_a_link_is_a_warning_for_those_who_need_it(tmp_path: Path) -> None:
    found = scanned(tmp_path / "one", (), links=("LICENSE",))
    own = scanned(tmp_path / "two", ("licenses/pkg/LICENSE", "licenses/pkg/NOTICE"), links=("LICENSE",))

    (finding,) = shown_findings(found)
    assert finding.startswith("warning license LICENSE: a licence file that is a symbolic link is not shipped")
    assert found.package.license_files == ()
    assert own.findings == ()


@pytest.mark.parametrize("key", ["license_path", "notice_path"])
def test_a_configured_file_that_is_not_there_is_an_error(tmp_path: Path, key: str) -> None:
    found = scanned(tmp_path / "ppr", ("LICENSE",), f"{key}: law/terms.md\n")

    (finding,) = found.errors
    assert (finding.rule, str(finding.location)) == ("license", "law/terms.md")
    assert f".paa.config: {key}: the file is not in the repository" in finding.message


def test_a_configured_file_that_is_a_link_is_an_error(tmp_path: Path) -> None:
    found = scanned(tmp_path / "ppr", (), "license_path: terms\n", links=("terms",))

    (finding,) = found.errors
    assert "license_path: a symbolic link" in finding.message
    assert found.package.license_files == ()
