import hashlib
import http.server
import json
import shutil
import signal
import subprocess
import sys
import threading
import zipfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from paa.edges.index import open_index
from paa.edges.index_pages import parse_page
from paa.errors import FileError, IndexReadError, UploadError
from paa.model import Index, IndexKind
from paa.publish.file_facts import core_metadata
from paa.publish.static_index import add_file, build_pages
from tests.distributions import build


def add(root: Path, *files: Path, distribution: str = "foo-bar") -> list[bool]:
    return [add_file(root, distribution, path.name, path.read_bytes()) for path in files]


def pip(*arguments: str, folder: Path) -> None:
    command = [sys.executable, "-m", "pip", "--isolated", "--disable-pip-version-check", "--no-cache-dir", *arguments]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def snapshot(root: Path) -> dict[str, bytes]:
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in sorted(root.rglob("*")) if path.is_file()}


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    return build(tmp_path / "dist", "foo-bar", "1.0")


@pytest.fixture
def web(tmp_path: Path) -> Iterator[tuple[str, list[str]]]:
    """A plain web server over ``index/``: its address, and the paths that it was asked for."""
    paths: list[str] = []

    class Handler(http.server.SimpleHTTPRequestHandler):
        def log_request(self, code: object = "-", _: object = "-") -> None:
            paths.append(f"{self.path.rpartition('/')[2]} {code}")

    handler = partial(Handler, directory=str(tmp_path / "index"))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/simple/", paths
        server.shutdown()
        thread.join()


def test_pip_installs_from_the_folder(tmp_path: Path, files: tuple[Path, Path]) -> None:
    root = tmp_path / "an index"
    assert add(root, *files) == [True, True]
    url = (root / "simple").as_uri() + "/"
    pip("install", "--no-deps", "--index-url", url, "--target", str(tmp_path / "there"), "foo.bar", folder=tmp_path)
    assert (tmp_path / "there" / "foo_bar.py").read_text() == "value = 1\n"


def test_pip_reads_the_metadata_files_from_a_plain_web_server(
    tmp_path: Path, files: tuple[Path, Path], web: tuple[str, list[str]]
) -> None:
    url, paths = web
    add(tmp_path / "index", *files)
    target = ["--target", str(tmp_path / "there")]
    pip("install", "--no-deps", "--only-binary", ":all:", "--index-url", url, *target, "foo-bar", folder=tmp_path)
    assert (tmp_path / "there" / "foo_bar.py").is_file()
    assert f"{files[0].name}.metadata 200" in paths


@pytest.mark.skipif(shutil.which("uv") is None, reason="needs uv")
def test_uv_installs_from_the_folder_and_from_a_web_server(
    tmp_path: Path, files: tuple[Path, Path], web: tuple[str, list[str]]
) -> None:
    add(tmp_path / "index", *files)
    for number, url in enumerate([(tmp_path / "index" / "simple").as_uri() + "/", web[0]]):
        target = tmp_path / f"there{number}"
        command = ["uv", "pip", "install", "--no-cache", "--python", sys.executable, "--target", str(target)]
        subprocess.run([*command, "--default-index", url, "foo-bar"], check=True, capture_output=True)
        assert (target / "foo_bar.py").is_file()


def test_pip_takes_no_file_for_another_python(tmp_path: Path) -> None:
    root = tmp_path / "index"
    add(root, *build(tmp_path / "dist", "foo-bar", "1.0"))
    newer = build(tmp_path / "dist", "foo-bar", "2.0")[0]
    patched = newer.read_bytes()
    rebuilt = tmp_path / newer.name
    with zipfile.ZipFile(newer) as source, zipfile.ZipFile(rebuilt, "w") as target:
        for member in source.infolist():
            target.writestr(member, source.read(member).replace(b"Requires-Python: >=3.9,<4", b"Requires-Python: >=99"))
    assert patched != rebuilt.read_bytes()
    add(root, rebuilt)
    url = (root / "simple").as_uri() + "/"
    pip("download", "--no-deps", "--index-url", url, "-d", str(tmp_path / "got"), "foo-bar", folder=tmp_path)
    assert [path.name for path in (tmp_path / "got").iterdir()] == ["foo_bar-1.0-py3-none-any.whl"]


def test_the_pages_say_all_that_installers_ask_for(tmp_path: Path, files: tuple[Path, Path]) -> None:
    wheel, sdist = files
    add(tmp_path / "index", wheel, sdist)
    folder = tmp_path / "index" / "simple" / "foo-bar"
    metadata = (folder / f"{wheel.name}.metadata").read_bytes()
    assert b"\nName: foo-bar\n" in metadata
    hashes = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in files}
    page = (folder / "index.html").read_text()
    assert '<meta name="pypi:repository-version" content="1.0">' in page
    assert (
        f'<a href="{wheel.name}#sha256={hashes[wheel.name]}" data-requires-python="&gt;=3.9,&lt;4"'
        f' data-core-metadata="sha256={hashlib.sha256(metadata).hexdigest()}">{wheel.name}</a>'
    ) in page
    assert f'<a href="{sdist.name}#sha256={hashes[sdist.name]}" data-requires-python="&gt;=3.9,&lt;4">' in page
    document = json.loads((folder / "index.json").read_bytes())
    assert document["name"] == "foo-bar"
    assert document["versions"] == ["1.0"]
    assert [(file["filename"], file["size"], file["hashes"]["sha256"]) for file in document["files"]] == [
        (path.name, path.stat().st_size, hashes[path.name]) for path in (wheel, sdist)
    ]


def test_html_json_and_folder_tell_the_same(tmp_path: Path, files: tuple[Path, Path]) -> None:
    root = tmp_path / "index"
    add(root, *files)
    folder = root / "simple" / "foo-bar"
    url = folder.as_uri() + "/"
    html = parse_page((folder / "index.html").read_bytes(), url=url, content_type="text/html", distribution="foo-bar")
    json_type = "application/vnd.pypi.simple.v1+json"
    document = parse_page((folder / "index.json").read_bytes(), url=url, content_type=json_type, distribution="foo-bar")
    with open_index(Index(name="local", kind=IndexKind.DIRECTORY, path=root)) as reader:
        assert list(html) == list(document) == list(reader.files("foo-bar"))


def test_files_are_in_the_order_of_their_versions(tmp_path: Path) -> None:
    root = tmp_path / "index"
    for version in ("1.10", "1.9", "1.10rc1"):
        add(root, *build(tmp_path / "dist", "foo-bar", version))
    document = json.loads((root / "simple" / "foo-bar" / "index.json").read_bytes())
    assert document["versions"] == ["1.9", "1.10rc1", "1.10"]


def test_the_bytes_do_not_depend_on_the_order_of_adding(tmp_path: Path) -> None:
    made = [path for version in ("1.0", "2.0") for path in build(tmp_path / "dist", "foo-bar", version)]
    other = build(tmp_path / "dist", "other", "1.0")
    add(tmp_path / "a", *made)
    add(tmp_path / "a", *other, distribution="other")
    add(tmp_path / "b", *other, distribution="other")
    add(tmp_path / "b", *reversed(made))
    assert snapshot(tmp_path / "a") == snapshot(tmp_path / "b")
    before = snapshot(tmp_path / "a")
    build_pages(tmp_path / "a")
    assert snapshot(tmp_path / "a") == before
    assert json.loads(before["simple/index.json"])["projects"] == [{"name": "foo-bar"}, {"name": "other"}]
    assert '<a href="foo-bar/">foo-bar</a>' in before["simple/index.html"].decode()


def test_the_same_file_again_changes_nothing(tmp_path: Path, files: tuple[Path, Path]) -> None:
    root = tmp_path / "index"
    add(root, *files)
    before = {path: path.stat().st_mtime_ns for path in root.rglob("*")}
    assert add(root, *files) == [False, False]
    assert {path: path.stat().st_mtime_ns for path in root.rglob("*")} == before


def test_other_bytes_under_the_name_are_refused(tmp_path: Path, files: tuple[Path, Path]) -> None:
    root = tmp_path / "index"
    add(root, *files)
    before = snapshot(root)
    other = build(tmp_path / "other", "foo-bar", "1.0", content="value = 2\n")[0]
    with pytest.raises(UploadError, match="never overwritten"):
        add(root, other)
    assert snapshot(root) == before


@pytest.mark.parametrize(
    ("name", "distribution"),
    [
        ("../foo_bar-1.0-py3-none-any.whl", "foo-bar"),
        ("foo_bar-1.0-py3-none-any.whl", "foo"),
        ("foo_bar-1.0-py3-none-any.whl", "../foo-bar"),
        ("..", ".."),
        ("index.html", "foo-bar"),
    ],
)
def test_names_that_do_not_fit_are_refused(
    tmp_path: Path, files: tuple[Path, Path], name: str, distribution: str
) -> None:
    with pytest.raises((UploadError, IndexReadError)):
        add_file(tmp_path / "index", distribution, name, files[0].read_bytes())
    assert not (tmp_path / "index").exists()


@pytest.mark.parametrize("name", ["foo_bar-1.0-py3-none-any.whl", "foo_bar-1.0.tar.gz", "foo_bar-1.0.zip"])
@pytest.mark.parametrize("data", [b"", b"PK\x03\x04 no archive", b"\x1f\x8b\x08 no archive"])
def test_what_is_no_archive_is_refused(tmp_path: Path, name: str, data: bytes) -> None:
    assert core_metadata(name, data) is None
    with pytest.raises(UploadError, match="no metadata"):
        add_file(tmp_path / "index", "foo-bar", name, data)
    assert not (tmp_path / "index").exists()


def test_a_damaged_file_on_the_index_stays_there_and_its_page_says_nothing_of_its_content(
    tmp_path: Path, files: tuple[Path, Path]
) -> None:
    root = tmp_path / "index"
    add(root, *files)
    damaged = root / "simple" / "foo-bar" / files[0].name
    damaged.write_bytes(b"<html>")
    build_pages(root)
    listed = {entry["filename"]: entry for entry in json.loads((damaged.parent / "index.json").read_bytes())["files"]}
    assert damaged.read_bytes() == b"<html>"
    assert "requires-python" not in listed[files[0].name]
    assert listed[files[1].name]["requires-python"] == ">=3.9,<4"


def test_a_truncated_file_is_refused(tmp_path: Path, files: tuple[Path, Path]) -> None:
    for path in files:
        with pytest.raises(UploadError):
            add_file(tmp_path / "index", "foo-bar", path.name, path.read_bytes()[:-200])


def test_a_run_that_was_killed_before_the_pages_is_put_right(tmp_path: Path, files: tuple[Path, Path]) -> None:
    add(tmp_path / "whole", *files)
    root = tmp_path / "index"
    add(root, files[0])
    folder = root / "simple" / "foo-bar"
    (folder / files[1].name).write_bytes(files[1].read_bytes())
    (folder / f".{files[1].name}.4711.123456.tmp").write_bytes(b"half")
    (folder / f"{files[0].name}.metadata").unlink()
    (root / "simple" / "index.json").write_bytes(b'{"proj')
    assert add(root, files[1]) == [False]
    assert snapshot(root) == snapshot(tmp_path / "whole")


def test_pages_that_somebody_damaged_are_made_again(tmp_path: Path, files: tuple[Path, Path]) -> None:
    root = tmp_path / "index"
    add(root, *files)
    before = snapshot(root)
    folder = root / "simple" / "foo-bar"
    for damage in (
        b"{",
        b'{"files": [1]}',
        b'{"files": [{"filename": "x", "hashes": {"sha256": "y"}, "requires-python": 1}]}',
    ):
        (folder / "index.json").write_bytes(damage)
        (folder / "index.html").unlink(missing_ok=True)
        assert add(root, files[0]) == [False]
        assert snapshot(root) == before


def test_building_the_pages_believes_only_the_files(tmp_path: Path, files: tuple[Path, Path]) -> None:
    root = tmp_path / "index"
    add(root, *files)
    before = snapshot(root)
    page = root / "simple" / "foo-bar" / "index.json"
    page.write_bytes(page.read_bytes().replace(b">=3.9,<4", b">=99"))
    (root / "simple" / "empty").mkdir()
    (root / "simple" / "Not_Ours").mkdir()
    build_pages(root)
    assert snapshot(root) == before


def test_a_yanked_file_stays_yanked(tmp_path: Path, files: tuple[Path, Path]) -> None:
    root = tmp_path / "index"
    add(root, *files)
    (root / "yanked.json").write_text(json.dumps({"schema": 1, "files": {files[0].name: 'a "bad" one'}}))
    build_pages(root)
    add(root, *build(tmp_path / "dist", "foo-bar", "2.0"))
    folder = root / "simple" / "foo-bar"
    assert 'data-yanked="a &quot;bad&quot; one"' in (folder / "index.html").read_text()
    yanked = {file["filename"]: file["yanked"] for file in json.loads((folder / "index.json").read_bytes())["files"]}
    assert yanked[files[0].name] == 'a "bad" one'
    assert yanked[files[1].name] is False


def test_a_damaged_list_of_yanks_is_an_error_that_names_it(tmp_path: Path, files: tuple[Path, Path]) -> None:
    (tmp_path / "index").mkdir()
    (tmp_path / "index" / "yanked.json").write_text('{"files": []}')
    with pytest.raises(IndexReadError, match=r"yanked\.json"):
        add(tmp_path / "index", *files)


def test_a_folder_that_cannot_be_written_is_an_error(tmp_path: Path, files: tuple[Path, Path]) -> None:
    (tmp_path / "index").write_bytes(b"a file")
    with pytest.raises(FileError, match="index"):
        add(tmp_path / "index", files[0])


def test_two_writers_at_once_list_everything(tmp_path: Path) -> None:
    root = tmp_path / "index"
    made = [build(tmp_path / "dist", f"pkg{number}", "1.0") for number in range(4)]
    script = (
        "import sys; from pathlib import Path; from paa.publish.static_index import add_file\n"
        "for name in sys.argv[3:]: add_file(Path(sys.argv[1]), sys.argv[2], Path(name).name, Path(name).read_bytes())"
    )
    running = [
        subprocess.Popen([sys.executable, "-c", script, str(root), f"pkg{number}", *map(str, pair)])
        for number, pair in enumerate(made)
    ]
    assert [process.wait() for process in running] == [0] * 4
    projects = json.loads((root / "simple" / "index.json").read_bytes())["projects"]
    assert [project["name"] for project in projects] == ["pkg0", "pkg1", "pkg2", "pkg3"]


def test_two_writers_of_one_project_at_once_list_everything(tmp_path: Path) -> None:
    root = tmp_path / "index"
    made = [build(tmp_path / "dist", "foo-bar", f"1.{number}") for number in range(6)]
    script = (
        "import sys; from pathlib import Path; from paa.publish.static_index import add_file\n"
        "for name in sys.argv[2:]: add_file(Path(sys.argv[1]), 'foo-bar', Path(name).name, Path(name).read_bytes())"
    )
    halves = [[str(path) for pair in half for path in pair] for half in (made[::2], made[1::2])]
    running = [subprocess.Popen([sys.executable, "-c", script, str(root), *half]) for half in halves]
    assert [process.wait() for process in running] == [0, 0]
    add(tmp_path / "alone", *(path for pair in made for path in pair))
    assert snapshot(root) == snapshot(tmp_path / "alone")


_KILLED_WRITER = """
import os, signal, sys
from pathlib import Path
from paa.publish.static_index import add_file

left = [int(sys.argv[1])]

def watch(event, arguments):
    if event in ("os.rename", "os.link", "os.remove") or (event == "open" and arguments[1] == "xb"):
        left[0] -= 1
        if left[0] == 0:
            os.kill(os.getpid(), signal.SIGKILL)

sys.addaudithook(watch)
for name in map(Path, sys.argv[3:]):
    add_file(Path(sys.argv[2]), "foo-bar", name.name, name.read_bytes())
"""


@pytest.mark.skipif(sys.platform == "win32", reason="needs SIGKILL")
def test_a_writer_that_is_killed_leaves_an_index_that_can_be_read_and_written(tmp_path: Path) -> None:
    """Killed right before each single change of the file system that it makes, one after the other."""
    first, second = build(tmp_path / "dist", "foo-bar", "1.0"), build(tmp_path / "dist", "foo-bar", "2.0")
    add(tmp_path / "whole", *first, *second)
    for effect in range(1, 100):
        root = tmp_path / f"index{effect}"
        add(root, *first)
        done = subprocess.run([sys.executable, "-c", _KILLED_WRITER, str(effect), root, *second], check=False)
        require_sound(root / "simple" / "foo-bar", first)
        add(root, *second)
        assert snapshot(root) == snapshot(tmp_path / "whole"), effect
        if done.returncode == 0:
            break
        assert done.returncode == -signal.SIGKILL
    assert effect > 10


def require_sound(folder: Path, files: tuple[Path, ...]) -> None:
    """What installers are told is whole and true, and at least ``files`` are there."""
    document = json.loads((folder / "index.json").read_bytes())
    page = (folder / "index.html").read_bytes()
    listed = parse_page(page, url=folder.as_uri() + "/", content_type="text/html", distribution="foo-bar")
    told = {file["filename"]: file["hashes"]["sha256"] for file in document["files"]}
    told |= {file.name: file.sha256 for file in listed}
    assert {path.name for path in files} <= told.keys()
    for name, sha256 in told.items():
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == sha256
    for file in document["files"]:
        if "core-metadata" in file:
            metadata = (folder / f"{file['filename']}.metadata").read_bytes()
            assert hashlib.sha256(metadata).hexdigest() == file["core-metadata"]["sha256"]
