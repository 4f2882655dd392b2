"""Links to artifacts: checked before anything is fetched, pinned or blocking, and never told with their secrets."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from paa.documents.artifacts_lock import artifacts_lock_bytes
from paa.edges.tree import disk_tree
from paa.model import LinkedArtifact, Location, Pin, ScannedPackage
from paa.scan.scan import scan
from tests.unit.scan.samples import make_config, scan_files, write

M = "python_modules"
URL = "https://example.org/model.bin"
OTHER = "https://example.org/words.csv?token=s3cret"
PIN = Pin(url=URL, sha256="a" * 64, size=5)
OTHER_PIN = Pin(url=OTHER, sha256="b" * 64, size=6)
Files = dict[str, str | bytes]
LOCK: Files = {"artifacts.lock": artifacts_lock_bytes([PIN, OTHER_PIN])}


def module(urls: object) -> str:
    return f"'''A package.'''\n__package_metadata__ = {{'artifact_urls': {urls!r}}}\n"


LINKED: Files = {
    f"{M}/pkg.py": module({"words.csv": OTHER}),
    f"{M}/good.py": "",
    "artifacts/pkg/deep/model.bin.link": f"{URL}\n",
}


def messages(scanned: ScannedPackage) -> list[str]:
    """What is wrong with the package, a line each; no message shows a secret."""
    texts = [str(finding) for finding in scanned.findings]
    assert not [text for text in texts if "s3cret" in text]
    return [text.partition("\n")[0] for text in texts]


def pkg(folder: Path, files: Mapping[str, str | bytes], config: str = "") -> ScannedPackage:
    return scan_files(folder, files, config)["pkg"]


def test_links_are_joined_with_their_pins(tmp_path: Path) -> None:
    found = pkg(tmp_path, {**LINKED, **LOCK})
    assert messages(found) == []
    assert found.fingerprint
    assert found.linked_artifacts == (
        LinkedArtifact(
            path="deep/model.bin", url=URL, source=Location(path="artifacts/pkg/deep/model.bin.link", line=1), pin=PIN
        ),
        LinkedArtifact(path="words.csv", url=OTHER, source=Location(path=f"{M}/pkg.py", line=2), pin=OTHER_PIN),
    )
    assert {"artifacts.lock", "artifacts/pkg/deep/model.bin.link"} < found.contents.keys()


def test_a_link_that_is_not_in_the_lock_blocks_its_package_alone(tmp_path: Path) -> None:
    found = scan_files(tmp_path, {**LINKED, "artifacts.lock": artifacts_lock_bytes([OTHER_PIN])})
    (text,) = messages(found["pkg"])
    assert text.startswith("artifacts/pkg/deep/model.bin.link:1: the artifact 'deep/model.bin' is not pinned: ")
    assert text.endswith("its address is not in artifacts.lock")
    (finding,) = found["pkg"].errors
    assert finding.advice == "run 'paa refresh-module-artifacts pkg' and commit artifacts.lock"
    assert found["pkg"].fingerprint == ""
    assert found["good"].findings == ()


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"<<<<<<<", "artifacts.lock is not JSON"),
        (b'{"schema": 2}', "artifacts.lock has schema 2"),
        (
            b'{"schema": 1, "artifacts": [{"url": "x"}]}',
            "artifacts.lock can't be used: artifacts[0].sha256: is missing",
        ),
    ],
)
def test_a_damaged_lock_blocks_who_needs_it(tmp_path: Path, data: bytes, reason: str) -> None:
    found = scan_files(tmp_path, {**LINKED, "artifacts.lock": data})
    assert [reason in text for text in messages(found["pkg"])] == [True, True]
    assert found["good"].findings == ()


def test_a_lock_that_is_a_symbolic_link_is_none(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").write_bytes(artifacts_lock_bytes([PIN, OTHER_PIN]))
    (tmp_path / "artifacts.lock").symlink_to("elsewhere")
    assert len(messages(pkg(tmp_path, LINKED))) == 2


ADDRESSES = [
    ("", "the address is missing"),
    ("\n", "the address is missing"),
    (f"\n{URL}", "the address is missing"),
    ("http://example.org/x?s3cret", "over https only, and this is 'http://example.org/x'"),
    ("ftp://example.org/x", "over https only"),
    ("file:///etc/passwd", "over https only"),
    ("//example.org/x", "over https only"),
    ("example.org/x", "over https only"),
    ("../other.bin", "over https only"),
    ("https://user:s3cret@example.org/x", "holds a user name or password"),
    ("https://s3cret@example.org/x", "holds a user name or password"),
    ("https://user:s3cret@evil.example@example.org/", "holds a user name or password"),
    ("https:///x", "names no host"),
    ("https://?x", "names no host"),
    ("https://:443/x", "names no host"),
    ("https://example.org:99999/x", "malformed"),
    ("https://[::1/x", "malformed"),
    ("https://example.org/a b", "is not an address"),
    ("https://example.org/\tb", "is not an address"),
    ("https://example.org\\@evil.example/", "is not an address"),
    ("https://ex\u00e4mple.org/", "is not an address"),
    ("https://example.org/\x1b[31m", "is not an address"),
    (b"\xff\xfeh\0t\0", "is not an address"),
    ("https://example.org/" + "x" * 2048, "is not an address"),
    ("version https://git-lfs.github.com/spec/v1\n#\n", "is not an address"),
]


@pytest.mark.parametrize(("text", "reason"), ADDRESSES)
def test_what_is_no_https_address_of_a_file_is_refused(tmp_path: Path, text: str | bytes, reason: str) -> None:
    found = pkg(tmp_path, {f"{M}/pkg.py": "", "artifacts/pkg/x.link": text})
    assert any(reason in line for line in messages(found)), messages(found)
    assert found.linked_artifacts == ()
    assert found.fingerprint == ""


@pytest.mark.parametrize(
    "text", [URL, f"{URL}\n", f"{URL}\r\n", f"\ufeff{URL}\n", f"  {URL}  \n\n# where it is from\n", f"{URL}\n#x\n \n"]
)
def test_the_first_line_is_the_address(tmp_path: Path, text: str) -> None:
    found = pkg(tmp_path, {f"{M}/pkg.py": "", "artifacts/pkg/x.link": text.encode(), **LOCK})
    assert messages(found) == []
    assert [link.url for link in found.linked_artifacts] == [URL]


def test_a_second_address_is_not_overlooked(tmp_path: Path) -> None:
    found = pkg(tmp_path, {f"{M}/pkg.py": "", "artifacts/pkg/x.link": f"{URL}\n\n{OTHER}\n", **LOCK})
    (text,) = messages(found)
    assert text.startswith("artifacts/pkg/x.link:3: a link holds one address")


@pytest.mark.parametrize(
    ("urls", "reason"),
    [
        ([URL], "artifact_urls must be a dictionary of name: address"),
        ("https://x", "artifact_urls must be a dictionary of name: address"),
        ({"a": 1}, "artifact_urls: 'a': name and address must be strings"),
        ({"a": [URL]}, "artifact_urls: 'a': name and address must be strings"),
        ({"../a": URL}, "artifact_urls: '../a' is not a path below the package's artifacts"),
        ({"/a": URL}, "artifact_urls: '/a' is not a path below the package's artifacts"),
        ({"a\\b": URL}, "can't be the name of a file in a package"),
        ({"NUL": URL}, "can't be unpacked on Windows"),
        ({"a\n": URL}, "can't be the name of a file in a package"),
        ({"a.link": URL}, "ends in .link"),
        ({"a": "http://user:s3cret@example.org"}, "over https only"),
    ],
)
def test_wrong_artifact_urls_are_told_with_their_line(tmp_path: Path, urls: object, reason: str) -> None:
    (text,) = messages(pkg(tmp_path, {f"{M}/pkg.py": module(urls), **LOCK}))
    assert text.startswith(f"{M}/pkg.py:2: ")
    assert reason in text


@pytest.mark.parametrize("urls", [None, {}])
def test_no_artifact_urls_are_none(tmp_path: Path, urls: object) -> None:
    found = pkg(tmp_path, {f"{M}/pkg.py": module(urls)})
    assert (messages(found), found.linked_artifacts) == ([], ())


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({"artifacts/pkg/model.bin": "", "artifacts/pkg/model.bin.link": URL}, "is already there from"),
        ({"artifacts/pkg/words.csv": ""}, "is already there from"),
        ({"artifacts/pkg/words.csv.link": URL}, "is already there from"),
        ({"artifacts/pkg/WORDS.csv": ""}, "only in case"),
        ({"artifacts/pkg/words.csv/deep.txt": ""}, "needs a folder where"),
    ],
)
def test_two_of_one_name_block(tmp_path: Path, files: Files, said: str) -> None:
    found = pkg(tmp_path, {f"{M}/pkg.py": module({"words.csv": OTHER}), **files, **LOCK})
    (text,) = messages(found)
    assert said in text
    assert found.fingerprint == ""


def test_two_names_may_share_an_address(tmp_path: Path) -> None:
    found = pkg(tmp_path, {f"{M}/pkg.py": module({"a": URL, "b/c": URL}), **LOCK})
    assert messages(found) == []
    assert [(link.path, link.pin) for link in found.linked_artifacts] == [("a", PIN), ("b/c", PIN)]


def test_a_link_that_is_a_symbolic_link_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "artifacts/pkg").mkdir(parents=True)
    (tmp_path / "artifacts/pkg/x.link").symlink_to("/etc/hostname")
    found = pkg(tmp_path, {f"{M}/pkg.py": ""})
    assert any("links are not followed into a package" in text for text in messages(found))
    assert found.linked_artifacts == ()


def test_code_in_git_lfs_is_told(tmp_path: Path) -> None:
    pointer = f"version https://git-lfs.github.com/spec/v1\noid sha256:{'0' * 64}\nsize 1\n"
    found = pkg(tmp_path, {f"{M}/pkg.py": pointer})
    assert messages(found) == [f"{M}/pkg.py:1: this file is a pointer of Git LFS, not code: keep code out of Git LFS"]


def test_where_artifacts_are_turned_off_links_count_for_nothing(tmp_path: Path) -> None:
    found = pkg(tmp_path, LINKED, "add_artifacts: false\n")
    assert (messages(found), found.linked_artifacts) == ([], ())


def mark(folder: Path, files: Files, config: str = "") -> str:
    found = pkg(folder, files, config)
    assert messages(found) == []
    return found.fingerprint


def lock(*pins: Pin) -> Files:
    return {"artifacts.lock": artifacts_lock_bytes(pins)}


def test_a_new_pin_is_a_change(tmp_path: Path) -> None:
    new = Pin(url=URL, sha256="c" * 64, size=5)
    assert mark(tmp_path / "a", {**LINKED, **LOCK}) != mark(tmp_path / "b", {**LINKED, **lock(new, OTHER_PIN)})


def test_what_the_lock_says_of_others_is_none(tmp_path: Path) -> None:
    other = Pin(url="https://example.org/other", sha256="d" * 64, size=1)
    assert mark(tmp_path / "a", {**LINKED, **LOCK}) == mark(tmp_path / "b", {**LINKED, **lock(PIN, OTHER_PIN, other)})


def test_a_new_token_for_the_same_bytes_is_no_change(tmp_path: Path) -> None:
    link = "artifacts/pkg/deep/model.bin.link"
    signed = Pin(url=f"{URL}?sig=new", sha256=PIN.sha256, size=5)
    files: Files = {**LINKED, link: f"{signed.url}\n", **lock(signed, OTHER_PIN)}
    assert mark(tmp_path / "a", files) == mark(tmp_path / "b", {**LINKED, **LOCK})


def test_another_address_or_name_is_a_change(tmp_path: Path) -> None:
    link = "artifacts/pkg/deep/model.bin.link"
    moved = Pin(url="https://example.org/v2/model.bin", sha256=PIN.sha256, size=5)
    renamed: Files = {name.replace("model", "net"): text for name, text in LINKED.items()}
    marks = {
        mark(tmp_path / "a", {**LINKED, **LOCK}),
        mark(tmp_path / "b", {**LINKED, link: moved.url, **lock(moved, OTHER_PIN)}),
        mark(tmp_path / "c", {**renamed, **LOCK}),
    }
    assert len(marks) == 3


def test_the_place_of_a_shared_artifact_counts(tmp_path: Path) -> None:
    files: Files = {f"{M}/pkg.py": "", "data/words.csv": "a\n"}
    marks = {
        mark(tmp_path / "a", files),
        mark(tmp_path / "b", files, "artifacts_filepaths: {words.csv: data/words.csv}\n"),
        mark(tmp_path / "c", files, "artifacts_filepaths: {deep/words.csv: data/words.csv}\n"),
        mark(tmp_path / "d", {**files, "data/words.csv": "b\n"}, "artifacts_filepaths: {words.csv: data/words.csv}\n"),
    }
    assert len(marks) == 4


def scanned(folder: Path) -> ScannedPackage:
    return next(item for item in scan(disk_tree(folder), make_config()) if item.package.name == "pkg")


def test_a_remembered_scan_sees_every_change_of_lock_and_links(tmp_path: Path) -> None:
    assert len(messages(pkg(tmp_path, LINKED))) == 2
    write(tmp_path, LOCK)
    pinned = scanned(tmp_path)
    assert messages(pinned) == []
    assert scanned(tmp_path) == pinned

    write(tmp_path, lock(PIN))
    assert len(messages(scanned(tmp_path))) == 1
    write(tmp_path, LOCK)
    assert scanned(tmp_path) == pinned
    write(tmp_path, {"artifacts/pkg/deep/model.bin.link": "https://example.org/new"})
    assert len(messages(scanned(tmp_path))) == 1
    (tmp_path / "artifacts.lock").unlink()
    assert len(messages(scanned(tmp_path))) == 2
