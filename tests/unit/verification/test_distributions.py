"""The comparison of the built-in table with wheels, and its record."""

import json
import re
from pathlib import Path

import pytest

from paa.scan.distribution.resolver import load_table
from tests.distributions import install, pack_wheel
from tests.servers import scripted_index
from verification import distributions
from verification.distributions import Checked, compare, entries, main, read_record, updated
from verification.wheels import Installed, look

_DOCS = Path(__file__).parents[3] / "docs/explanation/distributions.md"


@pytest.fixture(autouse=True)
def record(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    path = tmp_path / "record.json"
    path.write_text('{\n  "zope.interface": ["7.0", "wheel", "2020-01-01"]\n}\n')
    monkeypatch.setattr(distributions, "RECORD", path)
    return path


def _write(folder: Path, name: str, version: str, *files: str) -> None:
    folder.mkdir(exist_ok=True)
    path = folder / f"{name.replace('-', '_')}-{version}-py3-none-any.whl"
    path.write_bytes(pack_wheel(name, version, files))


def test_an_entry_is_every_import_name_of_a_distribution() -> None:
    found = entries(load_table())
    assert found["PyYAML"] == ("_yaml", "yaml")
    assert found["psycopg2-binary"] == ("psycopg2",)
    assert {"google.api", "google.rpc"} <= set(found["googleapis-common-protos"])
    assert "setuptools <82" not in found


def test_wheels_in_a_folder_are_compared_by_their_newest(
    tmp_path: Path, record: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _write(tmp_path / "wheels", "requests", "1.0", "nothing.py")
    _write(tmp_path / "wheels", "requests", "2.0", "requests/__init__.py")
    _write(tmp_path / "wheels", "pyyaml", "6.0", "_yaml/__init__.py")
    (tmp_path / "wheels" / "six-1.0-py3-none-any.whl").write_bytes(b"no wheel")
    assert main(["--wheels", str(tmp_path / "wheels")]) == 1
    out = capsys.readouterr().out
    assert "WRONG  PyYAML 6.0 does not have yaml\n" in out
    assert re.search(r"2 compared, 1 wrong, \d{4} could not be checked", out)
    written = json.loads(record.read_bytes())
    assert sorted(written) == ["requests", "zope.interface"]
    assert written["requests"][:2] == ["2.0", "wheel"]


def test_what_is_installed_is_compared(tmp_path: Path) -> None:
    install(tmp_path, "PyYAML", "6.0", ["yaml/__init__.py"])
    install(tmp_path, "editable", "1.0", ["__editable__.pth"])
    source = Installed([str(tmp_path)])
    assert compare("PyYAML", ["yaml", "_yaml"], look(source, "PyYAML")) == Checked(
        distribution="PyYAML", version="6.0", wrong=("_yaml",)
    )
    assert look(source, "editable") == look(source, "absent") == "no wheel of it: installed"


def test_an_index_is_asked_about_the_names_that_are_given_alone(
    monkeypatch: pytest.MonkeyPatch, record: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with scripted_index() as server:
        server.parts = True
        server.files["requests-2.0-py3-none-any.whl"] = pack_wheel("requests", "2.0", ["requests/__init__.py"])
        monkeypatch.setenv("PIP_INDEX_URL", f"{server.url}simple/".replace("://", "://somebody:pass%20word@"))
        assert main(["--index", "Requests", "six"]) == 0
    asked = [seen.path for seen in server.seen]
    assert asked == ["/simple/requests/", "/files/requests-2.0-py3-none-any.whl", "/simple/six/"]
    assert {seen.headers.get("Authorization") for seen in server.seen} == {"Basic c29tZWJvZHk6cGFzcyB3b3Jk"}
    out = capsys.readouterr().out
    assert "right  requests 2.0\n?      six: no wheel of it: index\n" in out
    assert "127.0.0.1" not in out
    assert json.loads(record.read_bytes())["requests"][:2] == ["2.0", "index"]


def test_a_whole_index_is_never_asked_by_mistake() -> None:
    with pytest.raises(SystemExit, match="which ones"):
        main(["--index"])
    with pytest.raises(SystemExit, match="not in the table: nunpy"):
        main(["--index", "nunpy"])


def test_what_turned_out_wrong_leaves_the_record() -> None:
    before = {"a": ["1", "wheel", "2020-01-01"], "b": ["1", "wheel", "2020-01-01"]}
    checked = [Checked(distribution="a", version="2", wrong=("a",)), Checked(distribution="b", reason="no wheel")]
    assert updated(before, checked, "wheel") == {"b": ["1", "wheel", "2020-01-01"]}


def test_the_record_is_about_the_table_and_the_docs_say_how_much_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(distributions, "RECORD", Path(distributions.__file__).with_name("distributions.json"))
    record, known = read_record(), entries(load_table())
    assert list(record) == sorted(record)
    assert record.keys() <= known.keys()
    newest = max(day for _, _, day in record.values())
    said = f"{len(record)} of {len(known):,} distributions, the last of them on {newest}"
    assert said in " ".join(_DOCS.read_text(encoding="utf-8").split())
