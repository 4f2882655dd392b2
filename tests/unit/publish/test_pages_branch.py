"""The ``github-pages`` index: the branch of a real bare repository, as a web server would show it."""

import hashlib
import subprocess
import sys
from pathlib import Path

import pytest

from paa.edges.git_settings import Remote
from paa.edges.git_store import open_store
from paa.edges.index import IndexReader, open_index
from paa.errors import GitError, IndexReadError, UploadError
from paa.model import Index, IndexKind
from paa.publish.pages_branch import PageFile, send_to_pages
from paa.publish.static_index import add_file
from paa.publish.upload import TemporaryUploadError
from tests.distributions import build
from tests.functional.command_line import clone, with_remote
from tests.repository import Repository
from tests.servers import Reply, scripted_index


@pytest.fixture
def remote(repository: Repository) -> Repository:
    """The bare remote of a repository that has one commit."""
    made = with_remote(repository)
    repository.write({"a.txt": "a\n"})
    repository.commit("Begin")
    repository.git("push", "--quiet", "origin", "main")
    return made


def send(repository: Repository, *paths: Path, distribution: str = "foo-bar") -> None:
    """Send files as one run does, with a store of its own."""
    with open_store(Remote(root=repository.path)) as store:
        for path in paths:
            send_to_pages(
                store, "gh-pages", PageFile(distribution=distribution, name=path.name, data=path.read_bytes())
            )


def reader(repository: Repository) -> IndexReader:
    return open_index(Index(name="p", kind=IndexKind.GITHUB_PAGES, root=repository.path, branch="gh-pages"))


def site(remote: Repository, *, below: str = "") -> dict[str, str]:
    """Path → blob of everything on the branch, as far as it is below a folder."""
    listed = (line.split("\t") for line in remote.git("ls-tree", "-r", "gh-pages").splitlines())
    return {path: head.split(" ")[2] for head, path in listed if path.startswith(below)}


def folder_blobs(root: Path) -> dict[str, str]:
    """The same of a folder's ``simple``, as Git would name the files."""
    found = {}
    for path in sorted((root / "simple").rglob("*")):
        if path.is_file():
            data = path.read_bytes()
            blob = hashlib.sha1(b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest()
            found[path.relative_to(root).as_posix()] = blob
    return found


def test_the_branch_holds_what_a_directory_index_would(
    repository: Repository, remote: Repository, tmp_path: Path
) -> None:
    before = repository.git("status", "--porcelain=v2", "--branch"), repository.git("for-each-ref")
    for name, version in (("foo-bar", "1.10"), ("other", "1.0"), ("foo-bar", "1.9")):
        made = build(tmp_path / "dist", name, version)
        send(repository, *made, distribution=name)
        for path in made:
            add_file(tmp_path / "index", name, path.name, path.read_bytes())
    assert site(remote, below="simple/") == folder_blobs(tmp_path / "index")
    assert site(remote).keys() - site(remote, below="simple/") == {".nojekyll"}
    assert (repository.git("status", "--porcelain=v2", "--branch"), repository.git("for-each-ref")) == before
    assert not (repository.path / ".git" / "shallow").exists()


def test_a_site_that_is_there_stays_as_it_is(repository: Repository, remote: Repository, tmp_path: Path) -> None:
    repository.git("switch", "--quiet", "--orphan", "gh-pages")
    repository.write({"index.html": "docs", "simple/guide.html": "a page of the docs", "_config.yml": "theme: x\n"})
    old = repository.commit("Docs")
    repository.git("push", "--quiet", "origin", "gh-pages")
    docs = site(remote)
    send(repository, *build(tmp_path / "dist", "foo-bar", "1.0"))
    now = site(remote)
    assert {path: now[path] for path in docs} == docs
    assert ".nojekyll" not in now
    assert remote.git("merge-base", "gh-pages", old) == old


def test_the_index_serves_the_very_bytes(repository: Repository, remote: Repository, tmp_path: Path) -> None:
    made = build(tmp_path / "dist", "foo-bar", "1.0")
    with reader(repository) as opened:
        assert opened.files("foo-bar") == ()
        send(repository, *made)
        found = opened.files("Foo.Bar")
        assert [file.name for file in found] == sorted(path.name for path in made)
        for file, path in zip(found, sorted(made), strict=True):
            assert opened.read(file, limit_bytes=1 << 20) == path.read_bytes()
        with pytest.raises(IndexReadError, match="larger"):
            opened.read(found[0], limit_bytes=10)
        assert opened.files("foo") == ()
    assert site(remote)


def test_the_same_again_makes_no_commit(repository: Repository, remote: Repository, tmp_path: Path) -> None:
    made = build(tmp_path / "dist", "foo-bar", "1.0")
    send(repository, *made)
    before = remote.git("rev-parse", "gh-pages")
    send(repository, *made)
    send(clone(remote, tmp_path / "shallow", "--depth=1", "--single-branch"), *made)
    assert remote.git("rev-parse", "gh-pages") == before


def test_other_bytes_are_never_put_over_what_is_there(
    repository: Repository, remote: Repository, tmp_path: Path
) -> None:
    send(repository, *build(tmp_path / "dist", "foo-bar", "1.0"))
    before = site(remote)
    for path in build(tmp_path / "other", "foo-bar", "1.0", content="value = 2\n"):
        with pytest.raises(UploadError, match="never overwritten"):
            send(repository, path)
    assert site(remote) == before


def on_branch(remote: Repository, folder: Path) -> Repository:
    made = clone(remote, folder, "--branch=gh-pages")
    made.git("config", "core.autocrlf", "false")
    return made


def test_pages_that_somebody_damaged_are_put_right(repository: Repository, remote: Repository, tmp_path: Path) -> None:
    first, second = build(tmp_path / "dist", "foo-bar", "1.0"), build(tmp_path / "dist", "foo-bar", "2.0")
    send(repository, *first, *second)
    before = site(remote)
    work = on_branch(remote, tmp_path / "work")
    (work.path / "simple" / "foo-bar" / "index.json").write_text('{"files": [{"filename": "x", "hashes": {}}]}')
    (work.path / "simple" / "foo-bar" / "index.html").unlink()
    (work.path / "simple" / "foo-bar" / f"{first[0].name}.metadata").unlink()
    (work.path / "simple" / "index.json").write_text("{")
    work.commit("Damage")
    work.git("push", "--quiet")
    send(repository, second[0])
    assert site(remote) == before


def test_a_yanked_file_stays_yanked(repository: Repository, remote: Repository, tmp_path: Path) -> None:
    wheel, sdist = build(tmp_path / "dist", "foo-bar", "1.0")
    send(repository, wheel, sdist)
    work = on_branch(remote, tmp_path / "work")
    work.write({"yanked.json": f'{{"schema": 1, "files": {{"{wheel.name}": "bad"}}}}'})
    work.commit("Yank")
    work.git("push", "--quiet")
    send(repository, *build(tmp_path / "dist", "foo-bar", "2.0"))
    page = remote.git("show", "gh-pages:simple/foo-bar/index.html")
    assert page.count('data-yanked="bad"') == 1
    with reader(repository) as opened:
        assert {file.name for file in opened.files("foo-bar") if file.yanked} == {wheel.name}


def test_what_is_no_distribution_is_refused(repository: Repository, remote: Repository, tmp_path: Path) -> None:
    path = tmp_path / "foo_bar-1.0.tar.gz"
    path.write_bytes(b"no archive")
    with pytest.raises(UploadError, match="no metadata"):
        send(repository, path)
    assert remote.git("branch", "--list", "gh-pages") == ""


@pytest.mark.parametrize("path", ["simple", "simple/foo-bar", "simple/index.html/there.txt"])
def test_a_file_where_the_index_needs_a_folder_stays(
    repository: Repository, remote: Repository, tmp_path: Path, path: str
) -> None:
    repository.git("switch", "--quiet", "--orphan", "gh-pages")
    repository.write({path: "of the docs"})
    repository.commit("Docs")
    repository.git("push", "--quiet", "origin", "gh-pages")
    before = site(remote)
    with pytest.raises(UploadError, match="is a file already"):
        send(repository, *build(tmp_path / "dist", "foo-bar", "1.0"))
    assert site(remote) == before


def test_a_remote_that_sends_no_more_than_it_must(repository: Repository, remote: Repository, tmp_path: Path) -> None:
    """Where the remote can leave out contents, old distributions are not fetched to add a new one."""
    remote.git("config", "uploadpack.allowFilter", "true")
    repository.git("remote", "set-url", "origin", remote.path.as_uri())
    old = build(tmp_path / "dist", "foo-bar", "1.0")
    send(repository, *old)
    with open_store(Remote(root=repository.path)) as store:
        new = build(tmp_path / "dist", "foo-bar", "2.0")[0]
        send_to_pages(store, "gh-pages", PageFile(distribution="foo-bar", name=new.name, data=new.read_bytes()))
        here = store.git("cat-file", "--batch-all-objects", "--batch-check=%(objectname)").decode().split()
    listed = site(remote)
    assert listed[f"simple/foo-bar/{new.name}"] in here
    assert not {listed[f"simple/foo-bar/{path.name}"] for path in old} & set(here)


def test_four_processes_at_once_lose_nothing(repository: Repository, remote: Repository, tmp_path: Path) -> None:
    made = [build(tmp_path / "dist", "foo-bar", f"1.{number}") for number in range(4)]
    script = (
        "import sys; from pathlib import Path\n"
        "from paa.edges.git_settings import Remote\n"
        "from paa.edges.git_store import open_store\n"
        "from paa.publish.pages_branch import PageFile, send_to_pages\n"
        "with open_store(Remote(root=Path(sys.argv[1]))) as store:\n"
        "    for name in map(Path, sys.argv[2:]):\n"
        "        file = PageFile(distribution='foo-bar', name=name.name, data=name.read_bytes())\n"
        "        send_to_pages(store, 'gh-pages', file)\n"
    )
    running = [subprocess.Popen([sys.executable, "-c", script, str(repository.path), *map(str, pair)]) for pair in made]
    assert [process.wait() for process in running] == [0] * 4
    for pair in made:
        for path in pair:
            add_file(tmp_path / "index", "foo-bar", path.name, path.read_bytes())
    assert site(remote, below="simple/") == folder_blobs(tmp_path / "index")


def test_an_index_that_cannot_be_reached_is_no_empty_one(repository: Repository, tmp_path: Path) -> None:
    repository.git("remote", "add", "origin", str(tmp_path / "gone.git"))
    with reader(repository) as opened, pytest.raises(IndexReadError, match="index p can't be read"):
        opened.files("foo-bar")
    with pytest.raises((UploadError, GitError), match="gone"):
        send(repository, *build(tmp_path / "dist", "foo-bar", "1.0"))


def test_what_may_work_later_is_told_from_what_will_not(repository: Repository, tmp_path: Path) -> None:
    wheel = build(tmp_path / "dist", "foo-bar", "1.0")[0]
    with scripted_index() as server:
        repository.git("remote", "add", "origin", f"{server.url}r.git")
        with pytest.raises(UploadError, match="not found") as gone:
            send(repository, wheel)
        assert type(gone.value) is UploadError
        server.pages["/r.git/info/refs"] = [Reply(status=503)]
        with pytest.raises(TemporaryUploadError, match="503"):
            send(repository, wheel)
    with pytest.raises(TemporaryUploadError, match=r"(?i)failed to connect|refused"):
        send(repository, wheel)
