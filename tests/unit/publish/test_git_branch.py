"""The ``git`` index: what a real bare repository has after pushes, and what pip and uv install from it."""

import io
import subprocess
import sys
import tarfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from paa.edges.git_settings import Remote
from paa.edges.git_store import GitStore, open_store
from paa.edges.index import IndexReader, open_index
from paa.errors import UploadError
from paa.model import Index, IndexKind
from paa.publish.git_branch import Sending, send_to_branch
from tests.distributions import build
from tests.functional.command_line import clone, with_remote
from tests.repository import Repository

TAG = "refs/tags/dist/foo_bar-v1.0"
BRANCH = "refs/heads/dist/foo_bar"


@pytest.fixture
def remote(repository: Repository) -> Repository:
    """The bare remote of a repository that has one commit."""
    made = with_remote(repository)
    repository.write({"a.txt": "a\n"})
    repository.commit("Begin")
    repository.git("push", "--quiet", "origin", "main")
    return made


@pytest.fixture
def opened() -> Iterator[Callable[[Repository], GitStore]]:
    """Opens stores that end with the test."""
    with ExitStack() as stack:
        yield lambda repository: stack.enter_context(open_store(Remote(root=repository.path)))


def sending(path: Path) -> Sending:
    return Sending(
        package="foo_bar", distribution="foo-bar", name=path.name, data=path.read_bytes(), branch="dist/foo_bar"
    )


def send(repository: Repository, *paths: Path) -> None:
    """Send files as one run does, with a store of its own."""
    with open_store(Remote(root=repository.path)) as store:
        for path in paths:
            send_to_branch(store, sending(path))


def reader(repository: Repository) -> IndexReader:
    return open_index(Index(name="g", kind=IndexKind.GIT, root=repository.path, branch="dist/{package}"))


def references(remote: Repository) -> dict[str, str]:
    lines = remote.git("for-each-ref", "--format=%(refname) %(objectname)").splitlines()
    return dict(line.split(" ") for line in lines)


def files_of(remote: Repository, thing: str) -> dict[str, str]:
    names = remote.git("ls-tree", "-r", "--name-only", thing).splitlines()
    return {name: remote.git("show", f"{thing}:{name}") for name in names}


def test_the_tag_has_what_the_sdist_has_and_nothing_else(
    repository: Repository, remote: Repository, tmp_path: Path
) -> None:
    wheel, sdist = build(tmp_path / "dist", "foo-bar", "1.0")
    before = repository.git("status", "--porcelain=v2", "--branch"), repository.git("for-each-ref")
    send(repository, wheel, sdist)
    with tarfile.open(sdist) as archive:
        names = {member.name.partition("/")[2] for member in archive if member.isfile()}
    assert set(files_of(remote, TAG)) == names == {"pyproject.toml", "foo_bar.py", "PKG-INFO"}
    assert files_of(remote, TAG)["foo_bar.py"] == "value = 1"
    there = references(remote)
    assert there[TAG] == there[BRANCH]
    assert set(there) == {
        "refs/heads/main", TAG, BRANCH,
        f"refs/paa/dist/foo-bar/{wheel.name}", f"refs/paa/dist/foo-bar/{sdist.name}",
    }  # fmt: skip
    # The repository that was released from has not changed in any way, and it is not shallow.
    assert (repository.git("status", "--porcelain=v2", "--branch"), repository.git("for-each-ref")) == before
    assert not (repository.path / ".git" / "shallow").exists()
    assert not (repository.path / ".git" / "FETCH_HEAD").exists()


def test_the_index_serves_the_very_bytes(repository: Repository, remote: Repository, tmp_path: Path) -> None:
    made = build(tmp_path / "dist", "foo-bar", "1.0")
    with reader(repository) as opened:
        assert opened.files("foo-bar") == ()
        send(repository, *made)
        found = opened.files("Foo.Bar")
        assert [file.name for file in found] == sorted(path.name for path in made)
        assert {file.name: opened.read(file, limit_bytes=1 << 20) for file in found} == {
            path.name: path.read_bytes() for path in made
        }
        assert opened.files("foo") == ()
    del remote


def test_the_same_again_changes_nothing_and_another_clone_makes_the_same_objects(
    repository: Repository, remote: Repository, tmp_path: Path
) -> None:
    made = build(tmp_path / "dist", "foo-bar", "1.0")
    send(repository, *made)
    before = references(remote)
    send(repository, *made)
    send(clone(remote, tmp_path / "shallow", "--depth=1"), *made)
    assert references(remote) == before
    for name in before.keys() - {"refs/heads/main"}:
        remote.git("update-ref", "-d", name)
    send(clone(remote, tmp_path / "other"), *made)
    assert references(remote) == before


def test_other_bytes_are_never_put_over_what_is_there(
    repository: Repository, remote: Repository, tmp_path: Path
) -> None:
    send(repository, *build(tmp_path / "dist", "foo-bar", "1.0"))
    before = references(remote)
    for path in build(tmp_path / "other", "foo-bar", "1.0", content="value = 2\n"):
        with pytest.raises(UploadError, match="other bytes"):
            send(repository, path)
    assert references(remote) == before


def test_the_same_bytes_in_a_commit_that_was_made_otherwise_are_the_same(
    repository: Repository, remote: Repository, tmp_path: Path
) -> None:
    wheel, sdist = build(tmp_path / "dist", "foo-bar", "1.0")
    send(repository, wheel, sdist)
    reference = f"refs/paa/dist/foo-bar/{wheel.name}"
    made = Repository(remote.path).git(
        "-c", "user.name=x", "-c", "user.email=x@example.org", "commit-tree", "-m", "Other", f"{reference}^{{tree}}"
    )
    remote.git("update-ref", reference, made)
    send(repository, wheel)
    assert references(remote)[reference] == made
    # What holds no such file is no file.
    remote.git("update-ref", reference, references(remote)["refs/heads/main"])
    with pytest.raises(UploadError, match="does not hold the file"):
        send(repository, wheel)


@pytest.mark.parametrize("annotated", [False, True])
def test_a_tag_of_somebody_else_is_refused(
    repository: Repository, remote: Repository, tmp_path: Path, *, annotated: bool
) -> None:
    repository.git("tag", *(["--annotate", "--message=mine"] if annotated else []), "dist/foo_bar-v1.0")
    repository.git("push", "--quiet", "origin", "dist/foo_bar-v1.0")
    before = references(remote)
    with pytest.raises(UploadError, match=r"dist/foo_bar-v1\.0 is there and leads to other files"):
        send(repository, build(tmp_path / "dist", "foo-bar", "1.0")[1])
    assert references(remote) == before


def test_a_tag_that_was_moved_is_found_out_by_the_next_run(
    repository: Repository, remote: Repository, tmp_path: Path
) -> None:
    made = build(tmp_path / "dist", "foo-bar", "1.0")
    send(repository, *made)
    remote.git("update-ref", TAG, references(remote)["refs/heads/main"])
    with pytest.raises(UploadError, match="leads to other files"):
        send(repository, *made)


def test_a_lost_tag_or_branch_comes_back_as_it_was(repository: Repository, remote: Repository, tmp_path: Path) -> None:
    made = build(tmp_path / "dist", "foo-bar", "1.0")
    send(repository, *made)
    before = references(remote)
    for lost in (TAG, BRANCH):
        remote.git("update-ref", "-d", lost)
        if lost == TAG:
            remote.git("update-ref", "-d", BRANCH)
        send(repository, *made)
        assert references(remote) == before


def test_a_push_that_stopped_after_the_tag_is_completed(
    repository: Repository, remote: Repository, tmp_path: Path
) -> None:
    send(repository, *build(tmp_path / "dist", "foo-bar", "1.0"))
    older = references(remote)
    made = build(tmp_path / "dist", "foo-bar", "1.1")
    send(repository, *made)
    whole = references(remote)
    # A remote that takes no push as a whole, and a process that was killed after the first reference.
    remote.git("update-ref", BRANCH, older[BRANCH])
    remote.git("update-ref", "-d", f"refs/paa/dist/foo-bar/{made[1].name}")
    send(repository, *made)
    assert references(remote) == whole


def test_the_branch_is_the_newest_final_version(repository: Repository, remote: Repository, tmp_path: Path) -> None:
    def branch_after(version: str) -> str:
        send(repository, build(tmp_path / "dist", "foo-bar", version)[1])
        return next(line for line in files_of(remote, BRANCH)["PKG-INFO"].splitlines() if "Version: " in line[:9])

    assert branch_after("1.0rc1") == "Version: 1.0rc1"
    assert branch_after("1.10") == "Version: 1.10"
    assert branch_after("1.9") == "Version: 1.10"
    assert branch_after("2.0b1") == "Version: 1.10"
    assert branch_after("2.0") == "Version: 2.0"
    assert remote.git("log", "--format=%s", BRANCH).splitlines() == ["foo-bar 2.0", "foo-bar 1.10", "foo-bar 1.0rc1"]
    assert {name for name in references(remote) if name.startswith("refs/tags/")} == {
        f"refs/tags/dist/foo_bar-v{version}" for version in ("1.0rc1", "1.10", "1.9", "2.0b1", "2.0")
    }


def test_a_branch_with_somebody_elses_work_is_left_alone(
    repository: Repository, remote: Repository, tmp_path: Path
) -> None:
    repository.git("push", "--quiet", "origin", "main:refs/heads/dist/foo_bar")
    before = references(remote)
    with pytest.raises(UploadError, match="holds something that paa did not put there"):
        send(repository, build(tmp_path / "dist", "foo-bar", "1.0")[1])
    assert references(remote) == before


def hostile_sdist(path: Path, member: str, kind: bytes = tarfile.REGTYPE) -> Path:
    with tarfile.open(path, "w:gz") as archive:
        for name, content in (("foo_bar-1.0/pyproject.toml", b"[project]\n"), (member, b"x")):
            info = tarfile.TarInfo(name)
            info.size = len(content)
            if name == member and kind != tarfile.REGTYPE:
                info.type, info.linkname, info.size = kind, "/etc/passwd", 0
            archive.addfile(info, io.BytesIO(content))
    return path


@pytest.mark.parametrize(
    ("member", "kind"),
    [
        ("foo_bar-1.0/link", tarfile.SYMTYPE),
        ("foo_bar-1.0/link", tarfile.LNKTYPE),
        ("foo_bar-1.0/device", tarfile.CHRTYPE),
        ("foo_bar-1.0/../up.txt", tarfile.REGTYPE),
        ("foo_bar-1.0//etc/passwd", tarfile.REGTYPE),
        ("/foo_bar-1.0/absolute", tarfile.REGTYPE),
        ("elsewhere/file", tarfile.REGTYPE),
        ("foo_bar-1.0/.git/hooks/post-checkout", tarfile.REGTYPE),
        ("foo_bar-1.0/sub/.GIT/config", tarfile.REGTYPE),
        ("foo_bar-1.0/pyproject.toml", tarfile.REGTYPE),
    ],
)
def test_an_sdist_that_would_leave_its_folder_is_refused(
    repository: Repository, remote: Repository, tmp_path: Path, member: str, kind: bytes
) -> None:
    before = references(remote)
    with pytest.raises(UploadError, match=r"foo_bar-1\.0\.tar\.gz holds"):
        send(repository, hostile_sdist(tmp_path / "foo_bar-1.0.tar.gz", member, kind))
    assert references(remote) == before


def test_a_file_that_is_a_folder_too_is_refused(repository: Repository, remote: Repository, tmp_path: Path) -> None:
    path = hostile_sdist(tmp_path / "foo_bar-1.0.tar.gz", "foo_bar-1.0/pyproject.toml/x")
    before = references(remote)
    with pytest.raises(UploadError, match="is a file already"):
        send(repository, path)
    assert references(remote) == before


def test_a_program_in_the_sdist_stays_one(repository: Repository, remote: Repository, tmp_path: Path) -> None:
    path = tmp_path / "foo_bar-1.0.tar.gz"
    with tarfile.open(path, "w:gz") as archive:
        for name, mode in (("pyproject.toml", 0o644), ("run.sh", 0o755)):
            info = tarfile.TarInfo(f"foo_bar-1.0/{name}")
            info.mode = mode
            archive.addfile(info, io.BytesIO())
    send(repository, path)
    assert [line.split()[0] for line in remote.git("ls-tree", TAG).splitlines()] == ["100644", "100755"]


def test_a_release_that_somebody_pushed_meanwhile_is_built_upon(
    repository: Repository, remote: Repository, tmp_path: Path, opened: Callable[[Repository], GitStore]
) -> None:
    first, second = (build(tmp_path / "dist", "foo-bar", version)[1] for version in ("1.0", "1.1"))
    store = opened(repository)
    push = store.push

    def push_late(wanted: dict[str, str]) -> object:
        store.push = push  # type: ignore[method-assign]
        send(clone(remote, tmp_path / "other"), first)
        return push(wanted)

    store.push = push_late  # type: ignore[assignment,method-assign]
    send_to_branch(store, sending(second))
    assert remote.git("log", "--format=%s", BRANCH).splitlines() == ["foo-bar 1.1", "foo-bar 1.0"]


def test_a_remote_that_refuses_is_quoted(repository: Repository, remote: Repository, tmp_path: Path) -> None:
    hook = remote.path / "hooks" / "pre-receive"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\necho 'not on a Friday' >&2\nexit 1\n")
    hook.chmod(0o755)
    with pytest.raises(UploadError, match="not on a Friday") as caught:
        send(repository, *build(tmp_path / "dist", "foo-bar", "1.0"))
    assert type(caught.value) is UploadError


def test_a_remote_that_takes_no_push_as_a_whole_gets_it_in_parts(
    repository: Repository, remote: Repository, tmp_path: Path
) -> None:
    remote.git("config", "receive.advertiseAtomic", "false")
    send(repository, *build(tmp_path / "dist", "foo-bar", "1.0"))
    assert {TAG, BRANCH} <= references(remote).keys()


def test_two_processes_at_once_do_what_one_does(repository: Repository, remote: Repository, tmp_path: Path) -> None:
    made = [path for version in ("1.0", "1.1", "1.2") for path in build(tmp_path / "dist", "foo-bar", version)]
    script = (
        "import sys; from pathlib import Path\n"
        "from paa.edges.git_settings import Remote\n"
        "from paa.edges.git_store import open_store\n"
        "from paa.publish.git_branch import Sending, send_to_branch\n"
        "with open_store(Remote(root=Path(sys.argv[1]))) as store:\n"
        "    for path in map(Path, sys.argv[2:]):\n"
        "        send_to_branch(store, Sending(package='foo_bar', distribution='foo-bar', name=path.name,\n"
        "                                      data=path.read_bytes(), branch='dist/foo_bar'))\n"
    )
    command = [sys.executable, "-c", script, str(repository.path), *map(str, made)]
    running = [subprocess.Popen(command) for _ in range(2)]
    assert [process.wait() for process in running] == [0, 0]
    at_once = references(remote)
    for name in at_once.keys() - {"refs/heads/main"}:
        remote.git("update-ref", "-d", name)
    send(repository, *made)
    assert references(remote) == at_once
