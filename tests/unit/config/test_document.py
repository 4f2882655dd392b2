"""Files that are hostile, damaged, or not settings at all."""

import contextlib
import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from paa.config import default_config, parse_config
from paa.errors import ConfigError
from tests.unit.config.reading import NOWHERE, SOURCE, error, faults, read


@pytest.fixture(params=["libyaml", "python"])
def loader(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Both of PyYAML's parsers: the fast one is not there on every machine."""
    if request.param == "python":
        monkeypatch.delattr(yaml, "CSafeLoader", raising=False)
    elif not hasattr(yaml, "CSafeLoader"):
        pytest.skip("PyYAML was built without libyaml")
    return str(request.param)


def test_python_objects_are_never_made(tmp_path: Path, loader: str) -> None:
    mark = tmp_path / f"ran-{loader}"
    found = faults(f"docs_url: !!python/object/apply:os.mkdir ['{mark}']\nmodule_dir: !!python/name:os.system x\n")
    assert not mark.exists()
    assert found[0] == "1: the tag '!!python/object/apply:os.mkdir' is not allowed here; remove it"
    assert "2: the tag '!!python/name:os.system' is not allowed here; remove it" in found


@pytest.mark.usefixtures("loader")
@pytest.mark.parametrize("tag", ["!mine", "!!binary", "!!set", "!!omap", "!!python/tuple"])
@pytest.mark.parametrize("value", ["x", "[a]", "{a: b}"])
def test_tags_are_refused_wherever_they_stand(tag: str, value: str) -> None:
    assert f"2: the tag {tag!r} is not allowed here; remove it" in faults(f"\nclassifiers: {tag} {value}\n")


def test_a_tag_on_the_whole_file_is_refused() -> None:
    assert faults("--- !!python/object:os.system\nmodule_dir: x\n")[0].startswith("1: the tag")


@pytest.mark.usefixtures("loader")
def test_aliases_do_not_expand_without_bound() -> None:
    lines = ["classifiers: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"key{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 12)]
    (fault,) = faults("\n".join(lines))
    assert fault == "5: more than 100000 values, with aliases counted as what they stand for"


@pytest.mark.usefixtures("loader")
def test_aliases_that_stay_small_are_followed() -> None:
    config = read("classifiers: &c [a, b]\nallowed_licenses: *c\nmodule_dir: &m mods\ntests_dir: *m\n")
    assert config.classifiers == config.allowed_licenses == ("a", "b")
    assert config.tests_dir == "mods"


@pytest.mark.usefixtures("loader")
@pytest.mark.parametrize(
    "text", ["classifiers: &a [*a]", "indexes: &a {b: *a}", "module_dir: *never", "? &a [*a]\n: b"]
)
def test_an_alias_can_not_contain_itself_or_stand_for_nothing(text: str) -> None:
    (fault,) = faults(text)
    assert fault.startswith("1: the alias *")


@pytest.mark.parametrize("bracket", ["[", "{a: ", "- ", "? "])
def test_deep_nesting_ends_in_an_error_and_not_in_a_crash(bracket: str) -> None:
    # In a process of its own: what this guards against would take the test runner along.
    script = (
        "import sys\nfrom pathlib import Path\n"
        "from paa.config import parse_config\nfrom paa.errors import ConfigError\n"
        "try:\n    parse_config(sys.stdin.buffer.read(), root=Path(), source='s')\n"
        "except ConfigError as error:\n    print(error)\n"
    )
    text = ("classifiers: " if bracket in "[{" else "") + bracket * 200_000
    done = subprocess.run(
        [sys.executable, "-c", script],
        input=text.encode()[: 1 << 20],
        capture_output=True,
        check=False,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    assert done.returncode == 0
    assert done.stdout.decode().splitlines()[1] == "  s:1: nested more than 16 levels deep"


@pytest.mark.usefixtures("loader")
@pytest.mark.parametrize("opening", ["[", "{a: "])
def test_nesting_is_refused_where_it_gets_too_deep(opening: str) -> None:
    closing = {"[": "]", "{a: ": "}"}[opening]
    assert faults(f"\n\nclassifiers: {opening * 40}{closing * 40}") == ("3: nested more than 16 levels deep",)


def test_a_file_larger_than_any_settings_is_refused() -> None:
    assert faults(b"#" * ((1 << 20) + 1)) == (" larger than 1024 KiB, which no settings file is",)


@pytest.mark.usefixtures("loader")
@pytest.mark.parametrize(
    "text", ["", "\n\n", "# nothing\n", "---\n", "null\n", "~", "''", "---\n...\n", "\ufeff# mark\n"]
)
def test_an_empty_file_means_the_defaults(text: str) -> None:
    config = read(text)
    assert config.source == SOURCE
    assert {name: getattr(config, name) for name in config.__slots__ if name != "source"} == {
        name: getattr(default_config(), name) for name in config.__slots__ if name != "source"
    }


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("- module_dir", "a list"),
        ("module_dir", "the text 'module_dir'"),
        ("3", "the number 3"),
        ("no", "the boolean no"),
    ],
)
def test_the_file_holds_a_mapping(text: str, found: str) -> None:
    assert faults(f"# settings\n{text}") == (f"2: found {found}, expected a mapping of keys to values",)


@pytest.mark.usefixtures("loader")
@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("module_dir: x\n\ttests_dir: y\n", 2),
        ("module_dir: x\nclassifiers: [a\ntests_dir: b\n", 3),
        ("module_dir: 'x\n", 1),
        ("a: b: c\n", 1),
        ("module_dir: x\n  tests_dir: y\n", 2),
        ("module_dir: @x\n", 1),
        ("module_dir: !x!y z\n", 1),
        ("\n\n%BAD\n", 3),
        ("module_dir: {{ cookiecutter.dir }}x\n", 1),
    ],
)
def test_what_is_not_yaml_is_named_with_its_line(text: str, line: int) -> None:
    (fault,) = faults(text)
    assert fault.startswith(f"{line}: not valid YAML: ")


@pytest.mark.usefixtures("loader")
def test_syntax_errors_do_not_show_the_text_around_them() -> None:
    message = str(error("upload_url: https://user:hunter2@host/: [\n  hunter2: }\n"))
    assert "hunter2" not in message


@pytest.mark.usefixtures("loader")
def test_only_one_document_is_read() -> None:
    assert faults("module_dir: x\n---\nmodule_dir: y\n") == ("2: a second document begins; only one is read",)


@pytest.mark.usefixtures("loader")
@pytest.mark.parametrize(
    ("data", "fault"),
    [
        (b"module_dir: x\ntests_dir: caf\xe9\n", "2: not UTF-8: byte 0xe9 can't stand here; save the file as UTF-8"),
        ("module_dir: x".encode("utf-16"), "1: not UTF-8: byte 0xff can't stand here; save the file as UTF-8"),
        (b"a: 1\r\nb: \x80", "2: not UTF-8: byte 0x80 can't stand here; save the file as UTF-8"),
        (b"\n\nmodule_dir: a\x00b", "3: the control character U+0000 is not allowed in YAML; remove it"),
        (b"module_dir: \x1b[31mred", "1: the control character U+001B is not allowed in YAML; remove it"),
        (b"\x89PNG\r\n\x1a\n", "1: not UTF-8: byte 0x89 can't stand here; save the file as UTF-8"),
        (b"module_dir: \xed\xa0\x80", "1: not UTF-8: byte 0xed can't stand here; save the file as UTF-8"),
    ],
)
def test_bytes_that_are_no_text(data: bytes, fault: str) -> None:
    assert faults(data) == (fault,)


@pytest.mark.usefixtures("loader")
def test_half_a_character_is_refused() -> None:
    (fault,) = faults('\nmodule_dir: "\\ud800"')
    assert fault.startswith("2: ")


@pytest.mark.usefixtures("loader")
@pytest.mark.parametrize(
    "data", [b"\xef\xbb\xbfmodule_dir: caf\xc3\xa9\r\n", "%YAML 1.1\n---\nmodule_dir: café".encode()]
)
def test_byte_order_marks_line_ends_and_directives_are_fine(data: bytes) -> None:
    assert read(data).module_dir == "café"


@pytest.mark.usefixtures("loader")
def test_merge_keys_are_refused() -> None:
    found = faults("indexes:\n  a: &a {kind: pypi}\n  b:\n    <<: *a\n")
    assert "4: merge keys (<<) are not supported; write the entries out" in found


def test_keys_have_to_be_plain() -> None:
    assert faults("[a, b]: c\n{d: e}: f\n") == ("1: a list can't be a key", "2: a mapping can't be a key")


@given(st.binary(max_size=200))
@settings(deadline=None)
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    with contextlib.suppress(ConfigError):
        assert parse_config(data, root=NOWHERE, source=SOURCE).source == SOURCE


# fmt: off
_PIECES = st.sampled_from((
    "module_dir", "indexes", "kind", "pypi", "projects", "path", ": ", "\n", "\n  ", "- ", "[", "]", "{", "}", ", ",
    "&a ", "*a ", "!!str ", "!x ", "'", '"',
    "1.10", "yes", "null", "<<", "|\n", ">", "\\", "#", "%", "---", "..", "/", "\t",
))
# fmt: on


@given(st.lists(_PIECES, max_size=40).map("".join))
@settings(deadline=None)
def test_any_yaml_is_read_or_refused(text: str) -> None:
    with contextlib.suppress(ConfigError):
        assert read(text).source == SOURCE
