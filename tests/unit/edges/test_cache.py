"""The cache: kept outside the work tree, and nothing is lost with it."""

import logging
from pathlib import Path

import pytest

from paa.edges.cache import cache_file, cache_folder, compact, load_cache, store_cache, work_lock


def test_what_was_stored_is_found_again(tmp_path: Path) -> None:
    path = cache_file(tmp_path, Path("/repository"), "facts")
    assert load_cache(path, "key") == {}
    store_cache(path, "key", {"a": compact([1, None, "ü"]), "b": compact({})})
    assert load_cache(path, "key") == {"a": [1, None, "ü"], "b": {}}


def test_what_was_stored_under_another_key_is_not_there(tmp_path: Path) -> None:
    path = cache_file(tmp_path, Path("/repository"), "facts")
    store_cache(path, "one", {"a": "1"})
    assert load_cache(path, "other") == {}
    store_cache(path, "other", {"b": "2"})
    assert load_cache(path, "one") == {}
    assert load_cache(path, "other") == {"b": 2}


def test_each_repository_and_kind_of_facts_has_a_file_of_its_own(tmp_path: Path) -> None:
    files = {
        cache_file(tmp_path, Path("/one"), "1"),
        cache_file(tmp_path, Path("/two"), "1"),
        cache_file(tmp_path, Path("/one"), "2"),
    }
    assert len(files) == 3
    assert all(path.is_relative_to(tmp_path) for path in files)


@pytest.mark.parametrize("content", [b"", b"{", b"[1]", b"null", b"\xff", b'"text"', b'{"key":"key","entries":[]}'])
def test_a_damaged_cache_is_empty(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "cache.json"
    path.write_bytes(content)
    assert load_cache(path, "key") == {}


def test_a_cache_that_can_t_be_written_is_told_to_the_log_alone(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").write_text("x")
    with caplog.at_level(logging.DEBUG):
        store_cache(tmp_path / "file" / "cache.json", "key", {})
    assert "was not written" in caplog.text


def test_the_folder_is_the_one_that_was_chosen_or_the_users(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.platform", "linux")
    assert cache_folder({"PAA_CACHE_DIR": str(tmp_path)}) == tmp_path
    assert cache_folder({"XDG_CACHE_HOME": str(tmp_path)}) == tmp_path / "paa"
    assert cache_folder({}) == Path.home() / ".cache" / "paa"


def test_a_user_without_a_home_has_no_cache_and_no_lock(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def homeless() -> Path:
        message = "Could not determine home directory."
        raise RuntimeError(message)

    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setattr(Path, "home", homeless)
    folder = cache_folder({})
    store_cache(cache_file(folder, tmp_path, "facts"), "key", {"a": "1"})
    assert load_cache(cache_file(folder, tmp_path, "facts"), "key") == {}
    assert work_lock(folder, tmp_path) is None


def test_the_lock_of_a_repository_is_always_the_same_file(tmp_path: Path) -> None:
    first = work_lock(tmp_path / "cache", Path("/one"))
    assert first is not None
    assert first == work_lock(tmp_path / "cache", Path("/one"))
    assert first != work_lock(tmp_path / "cache", Path("/two"))
    assert first.is_file()
