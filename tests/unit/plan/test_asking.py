"""What the indexes have of a distribution, read from real folders."""

import zipfile
from pathlib import Path

import pytest

from paa.documents.manifest import MANIFEST_PATH, Manifest, manifest_bytes
from paa.edges.index import IndexReader, open_index
from paa.errors import IndexReadError
from paa.model import Index, IndexKind
from paa.plan.asking import asker
from paa.plan.published import PublishedProject

pytestmark = pytest.mark.wrong_wheels("wheels are written by hand, with nothing but what is read")

PRINT = "1" * 64


def manifest(version: str, package: str = "text_tools") -> Manifest:
    return Manifest(package=package, version=version, fingerprint=PRINT, repository="https://git.example.org/tools")


def add_wheel(
    index: Path, version: str, *, inside: bytes | None = None, requires: tuple[str, ...] = (), metadata: bool = True
) -> Path:
    """Put a wheel of text-tools into the folder of an index; ``inside`` is its manifest."""
    folder = index / "simple" / "text-tools"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"text_tools-{version}-py3-none-any.whl"
    lines = ["Metadata-Version: 2.4", "Name: text-tools", f"Version: {version}"]
    lines += [f"Requires-Dist: {text}" for text in requires]
    with zipfile.ZipFile(path, "w") as wheel:
        wheel.writestr("text_tools/__init__.py", "")
        if inside is not None:
            wheel.writestr(f"text_tools/{MANIFEST_PATH}", inside)
        if metadata:
            wheel.writestr(f"text_tools-{version}.dist-info/METADATA", "\n".join(lines) + "\n\nRequires-Dist: no>=1\n")
    return path


def ask(path: Path, distribution: str = "text-tools") -> PublishedProject:
    index = Index(name=path.name, kind=IndexKind.DIRECTORY, path=path)
    return asker({path.name: open_index(index)}.__getitem__)(path.name, distribution)


def test_what_no_index_has_is_nothing(tmp_path: Path) -> None:
    assert ask(tmp_path / "index") == PublishedProject()


def test_the_newest_wheel_tells_who_made_it_and_against_what(tmp_path: Path) -> None:
    add_wheel(tmp_path, "1.9", inside=manifest_bytes(manifest("1.9")), requires=("old>=1",))
    requires = ("Word_Count>=1.2", "exact==2.0", "near~=3.0", "range>=1,<2", "none", "not a requirement!")
    add_wheel(tmp_path, "1.10", inside=manifest_bytes(manifest("1.10")), requires=requires)
    found = ask(tmp_path)
    assert found.versions == {"1.9", "1.10"}
    assert found.manifest == manifest("1.10")
    assert found.floors == {"word-count": "1.2", "exact": "2.0", "range": "1"}


def test_a_project_of_sdists_alone_has_versions_and_no_manifest(tmp_path: Path) -> None:
    folder = tmp_path / "simple" / "text-tools"
    folder.mkdir(parents=True)
    (folder / "text_tools-2.0.tar.gz").write_bytes(b"x")
    (folder / "notes.txt").write_bytes(b"x")
    assert ask(tmp_path) == PublishedProject(versions=frozenset({"2.0"}))


@pytest.mark.parametrize("inside", [None, b"", b"{", b'{"schema": 99}', b'{"schema": 1, "package": "../x"}'])
def test_a_wheel_without_a_manifest_that_we_know_proves_nothing(tmp_path: Path, inside: bytes | None) -> None:
    add_wheel(tmp_path, "1.0", inside=inside)
    found = ask(tmp_path)
    assert found.versions == {"1.0"}
    assert found.manifest is None


def test_a_wheel_without_metadata_has_no_floors(tmp_path: Path) -> None:
    add_wheel(tmp_path, "1.0", inside=manifest_bytes(manifest("1.0")), metadata=False)
    assert ask(tmp_path).floors == {}
    assert ask(tmp_path).manifest == manifest("1.0")


def test_a_wheel_that_is_none_is_an_error_that_names_it(tmp_path: Path) -> None:
    add_wheel(tmp_path, "1.0").write_bytes(b"not a wheel")
    with pytest.raises(IndexReadError, match=r"text_tools-1\.0-py3-none-any\.whl on the index is not a readable wheel"):
        ask(tmp_path)


def test_a_wheel_whose_metadata_are_no_text_is_read_as_far_as_it_goes(tmp_path: Path) -> None:
    """Anybody may have put it there, under the name of a package that is planned."""
    wheel = add_wheel(tmp_path, "1.0", metadata=False)
    with zipfile.ZipFile(wheel, "a") as archive:
        lines = b"Requires-Dist: caf\xe9>=1\nRequires-Dist: words==1.*\nRequires-Dist: dice>=2\n"
        archive.writestr("text_tools-1.0.dist-info/METADATA", lines)
    assert ask(tmp_path).floors == {"dice": "2"}


def test_a_wheel_that_is_locked_is_an_error_that_names_it(tmp_path: Path) -> None:
    """Somebody else's: an archive may ask for a password."""
    wheel = add_wheel(tmp_path, "1.0", inside=manifest_bytes(manifest("1.0")))
    data = bytearray(wheel.read_bytes())
    for signature, flags in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        place = data.find(signature)
        while place >= 0:
            data[place + flags] |= 1
            place = data.find(signature, place + 4)
    wheel.write_bytes(data)
    with pytest.raises(IndexReadError, match=r"text_tools-1\.0-py3-none-any\.whl on the index is not a readable wheel"):
        ask(tmp_path)


def test_each_index_is_asked_for_itself_and_once(tmp_path: Path) -> None:
    add_wheel(tmp_path / "one", "1.0", inside=manifest_bytes(manifest("1.0")))
    add_wheel(tmp_path / "two", "1.1", inside=manifest_bytes(manifest("1.1")), requires=("b>=7",))
    opened: list[str] = []

    def find(name: str) -> IndexReader:
        opened.append(name)
        return open_index(Index(name=name, kind=IndexKind.DIRECTORY, path=tmp_path / name))

    asking = asker(find)
    one, two = asking("one", "text-tools"), asking("two", "text-tools")
    assert one == PublishedProject(versions=frozenset({"1.0"}), manifest=manifest("1.0"))
    assert two == PublishedProject(versions=frozenset({"1.1"}), manifest=manifest("1.1"), floors={"b": "7"})
    assert asking("one", "text-tools") is one
    assert opened == ["one", "two"]
