"""What is remembered of a settings file is what reading it again would give."""

import json
import sys
from pathlib import Path

import pytest

from paa.config.document import DocumentError, compose
from paa.edges.settings_memory import remembering

TEXT = b"""\
module_dir: modules
classifiers:
- 'Development Status :: 3 - Alpha'
indexes:
  company: {kind: pypiserver, upload_url: &address "https://index.example.org/"}
  other: {kind: generic, upload_url: *address}
pylint_threshold: 8.0
docs_url: null
use_commit_messages: on
empty: {}
none: []
module_dir: twice
"""


def test_what_was_read_is_not_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "cache" / "settings.json"
    assert remembering(file)(TEXT) == compose(TEXT)
    expected = compose(TEXT)
    monkeypatch.setitem(sys.modules, "yaml", None)
    assert remembering(file)(TEXT) == expected
    with pytest.raises(ImportError):
        remembering(file)(TEXT + b"another: text\n")


@pytest.mark.parametrize("text", [b"", b"# nothing\n", b"text\n", b"[1, 2]\n"])
def test_what_holds_no_settings_is_remembered_as_that(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: bytes
) -> None:
    expected = compose(text)
    remembering(tmp_path / "settings.json")(text)
    monkeypatch.setitem(sys.modules, "yaml", None)
    assert remembering(tmp_path / "settings.json")(text) == expected


def test_what_is_wrong_is_told_every_time(tmp_path: Path) -> None:
    for _ in range(2):
        with pytest.raises(DocumentError):
            remembering(tmp_path / "settings.json")(b"a: [\n")
        assert remembering(tmp_path / "settings.json")(b"a: !!python/name:os.system x\n").faults


def test_another_repository_state_is_remembered_beside_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "settings.json"
    texts = [TEXT, b"module_dir: other\n"]
    expected = [compose(text) for text in texts]
    for text in texts:
        remembering(file)(text)
    monkeypatch.setitem(sys.modules, "yaml", None)
    assert [remembering(file)(text) for text in texts] == expected


def test_the_memory_does_not_grow_without_end(tmp_path: Path) -> None:
    file = tmp_path / "settings.json"
    for number in range(30):
        remembering(file)(b"module_dir: m%d\n" % number)
    assert len(json.loads(file.read_bytes())["entries"]) < 10


@pytest.mark.parametrize(
    "entry",
    [1, [], [1], [1, 2], [1, "text"], [1, "text", "NOSUCH"], [1, [[1]], {}], [1, [[[1, "a", "TEXT"]]], {}], {}, "x"],
)
def test_a_damaged_memory_is_read_past(tmp_path: Path, entry: object) -> None:
    file = tmp_path / "settings.json"
    remembering(file)(TEXT)
    content = json.loads(file.read_bytes())
    content["entries"] = dict.fromkeys(content["entries"], entry)
    file.write_text(json.dumps(content))
    assert remembering(file)(TEXT) == compose(TEXT)
    assert remembering(file)(TEXT) == compose(TEXT)
