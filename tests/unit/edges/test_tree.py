"""States of a repository: what is in a commit, and what is on disk."""

import os
import subprocess
from pathlib import Path

import pytest

from paa.edges.tree import Tree, blob_hash, commit_tree, disk_tree, loaded_tree
from paa.errors import FileError, GitError
from tests.repository import Repository


def contents(tree: Tree) -> dict[str, bytes]:
    """Everything in a tree that is no link."""
    return tree.read(path for path in tree.blobs if path not in tree.links)


@pytest.fixture
def filled(repository: Repository) -> Repository:
    repository.write({"a.txt": "a\n", "sub/b.txt": "b\n", "sub/ü ä.txt": "c\n", ".gitignore": "ignored\n"})
    repository.commit("Begin")
    return repository


def test_a_commit_is_read_as_it_was(filled: Repository) -> None:
    commit = filled.git("rev-parse", "HEAD")
    filled.write({"a.txt": "changed\n", "new.txt": "new\n"})
    tree = commit_tree(filled.path, commit)
    assert contents(tree) == {
        ".gitignore": b"ignored\n",
        "a.txt": b"a\n",
        "sub/b.txt": b"b\n",
        "sub/ü ä.txt": b"c\n",
    }
    assert tree.commit == commit
    assert tree.changed == frozenset()
    assert tree.read_one("a.txt") == b"a\n"
    assert tree.read_one("missing") is None


def test_a_folder_below_is_read_on_its_own(filled: Repository) -> None:
    folder = filled.path / "sub"
    filled.write({"sub/new.txt": "new\n", "elsewhere.txt": "x"})
    assert set(commit_tree(folder, filled.git("rev-parse", "HEAD")).blobs) == {"b.txt", "ü ä.txt"}
    tree = disk_tree(folder)
    assert set(tree.blobs) == {"b.txt", "ü ä.txt", "new.txt"}
    assert tree.changed == {"new.txt"}


def test_the_disk_is_what_is_tracked_and_what_is_not_ignored(filled: Repository) -> None:
    filled.write({"a.txt": "changed\n", "new/n.txt": "n\n", "ignored": "x", "staged.txt": "s\n"})
    filled.git("add", "staged.txt")
    (filled.path / "sub" / "b.txt").unlink()
    tree = disk_tree(filled.path)
    assert contents(tree) == {
        ".gitignore": b"ignored\n",
        "a.txt": b"changed\n",
        "new/n.txt": b"n\n",
        "staged.txt": b"s\n",
        "sub/ü ä.txt": b"c\n",
    }
    assert tree.changed == {"a.txt", "new/n.txt", "staged.txt", "sub/b.txt"}
    assert tree.commit is None


def test_hashes_are_gits_own_wherever_a_content_lies(filled: Repository) -> None:
    filled.write({"a.txt": "changed\n", "new.txt": "new\n"})
    hashes = dict(disk_tree(filled.path).blobs)
    for path, digest in hashes.items():
        assert digest == filled.git("hash-object", path)
    filled.commit("All of it")
    assert dict(commit_tree(filled.path, "HEAD").blobs) == hashes
    assert dict(disk_tree(filled.path).blobs) == hashes


def test_hashes_in_a_repository_with_sha_256(tmp_path: Path) -> None:
    repository = Repository(tmp_path / "long")
    repository.path.mkdir()
    repository.git("init", "--quiet", "--object-format=sha256")
    repository.write({"a.txt": "a\n"})
    repository.commit("Begin")
    repository.write({"a.txt": "changed\n"})
    assert disk_tree(repository.path).blobs["a.txt"] == repository.git("hash-object", "a.txt")
    assert blob_hash(b"a\n", sha256=True) == commit_tree(repository.path, "HEAD").blobs["a.txt"]


def test_before_the_first_commit_everything_has_changed(repository: Repository) -> None:
    repository.write({"a.txt": "a\n", "b.txt": "b\n"})
    repository.git("add", "a.txt")
    tree = disk_tree(repository.path)
    assert tree.changed == {"a.txt", "b.txt"}
    assert contents(tree) == {"a.txt": b"a\n", "b.txt": b"b\n"}


@pytest.mark.skipif(os.name == "nt", reason="links need a privilege there")
def test_links_are_listed_and_never_followed(filled: Repository, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("secret")
    (filled.path / "link").symlink_to(tmp_path / "secret")
    (filled.path / "folder").symlink_to(tmp_path)
    untracked = disk_tree(filled.path)
    assert {"link", "folder"} <= untracked.links
    filled.commit("Links")
    assert {"link", "folder"} <= commit_tree(filled.path, "HEAD").links
    tree = disk_tree(filled.path)
    assert tree.links == {"link", "folder"}
    assert all("secret" not in path or path == "secret" for path in tree.blobs)
    assert b"secret" not in b"".join(contents(tree).values())
    # A link that became a file is a file.
    (filled.path / "link").unlink()
    filled.write({"link": "mine\n"})
    changed = disk_tree(filled.path)
    assert changed.links == {"folder"}
    assert changed.read_one("link") == b"mine\n"


def test_another_repository_inside_is_not_looked_into(filled: Repository) -> None:
    inner = Repository(filled.path / "inner")
    inner.path.mkdir()
    inner.git("init", "--quiet")
    inner.write({"theirs.txt": "x"})
    inner.commit("Theirs")
    assert "inner/theirs.txt" not in contents(disk_tree(filled.path))
    filled.git("-c", "advice.addEmbeddedRepo=false", "add", "inner")
    filled.git("commit", "--quiet", "--message", "A submodule")
    inner.write({"theirs.txt": "changed"})
    tree = disk_tree(filled.path)
    assert "inner" in tree.links
    assert "inner/theirs.txt" not in contents(tree)


def test_files_of_a_merge_that_is_under_way(filled: Repository) -> None:
    filled.git("checkout", "--quiet", "-b", "topic")
    filled.write({"a.txt": "topic\n"})
    filled.commit("Topic")
    filled.git("checkout", "--quiet", "main")
    filled.write({"a.txt": "main\n"})
    filled.commit("Main")
    merged = subprocess.run(["git", "merge", "topic"], cwd=filled.path, capture_output=True, check=False)
    assert merged.returncode == 1
    tree = disk_tree(filled.path)
    assert b"<<<<<<<" in (tree.read_one("a.txt") or b"")
    assert "a.txt" in tree.changed


def test_what_a_sparse_checkout_leaves_out_is_not_on_disk(filled: Repository) -> None:
    filled.git("sparse-checkout", "set", "--no-cone", "/a.txt", "/.gitignore")
    assert not (filled.path / "sub").exists()
    assert contents(disk_tree(filled.path)).keys() == {"a.txt", ".gitignore"}
    assert "sub/b.txt" in commit_tree(filled.path, "HEAD").blobs


def test_a_file_that_is_not_needed_is_not_read(filled: Repository) -> None:
    """It can be listed although it can't be read: only who asks for its hash or content hears of that."""
    filled.write({"new.txt": "new\n"})
    tree = disk_tree(filled.path)
    (filled.path / "new.txt").unlink()
    assert "new.txt" in tree.blobs
    assert "new.txt" in list(tree.blobs)
    assert len(tree.blobs) == 5
    with pytest.raises(FileError, match=r"new\.txt"):
        tree.blobs["new.txt"]
    with pytest.raises(KeyError):
        tree.blobs["missing"]


def test_outside_git_every_file_counts_but_hidden_ones_and_build_output(tmp_path: Path) -> None:
    folder = Repository(tmp_path / "folder")
    kept = {
        "a.py": "a\n",
        "sub/dist/b.py": "b\n",
        ".paa.config": "",
        ".paa/package_mapping.json": "{}",
        "sub/build.py": "",
    }
    skipped = {
        "dist/a.whl": "",
        "build/x.py": "",
        "sub/__pycache__/x.pyc": "",
        "node_modules/x.py": "",
        ".venv/x.py": "",
        "sub/.hidden/x.py": "",
    }
    folder.write({**kept, **skipped})
    tree = disk_tree(folder.path)
    assert contents(tree) == {path: content.encode() for path, content in kept.items()}
    assert tree.changed == set(kept)
    assert tree.blobs["a.py"] == blob_hash(b"a\n")


@pytest.mark.skipif(os.name == "nt", reason="needs links and pipes")
def test_outside_git_links_are_listed_and_pipes_are_not(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "link").symlink_to("nowhere")
    (folder / "up").symlink_to(tmp_path)
    os.mkfifo(folder / "pipe")
    tree = disk_tree(folder)
    assert set(tree.blobs) == tree.links == {"link", "up"}


def test_a_missing_object_is_an_error_that_says_how_to_get_it(filled: Repository) -> None:
    tree = commit_tree(filled.path, "HEAD")
    digest = tree.blobs["a.txt"]
    (filled.path / ".git" / "objects" / digest[:2] / digest[2:]).unlink()
    with pytest.raises(GitError) as caught:
        tree.read_one("a.txt")
    assert caught.value.advice


def test_a_tree_that_was_loaded_holds_what_it_was_given(filled: Repository) -> None:
    whole = commit_tree(filled.path, "HEAD")
    part = loaded_tree(whole, whole.read(["a.txt"]))
    assert dict(part.blobs) == {"a.txt": whole.blobs["a.txt"]}
    assert part.read_one("a.txt") == b"a\n"
    assert part.read_one("sub/b.txt") is None
