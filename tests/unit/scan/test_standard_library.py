"""Which module is in the standard library of which CPython."""

import importlib.util
import json
import sys
from pathlib import Path

import pytest

import paa.scan
from paa.errors import ConfigError
from paa.scan.standard_library import (
    DEFAULT_REQUIRES_PYTHON,
    SUPPORTED_PYTHONS,
    Availability,
    availability,
    missing_versions,
)

_DOCUMENT = json.loads((Path(paa.scan.__file__).parent / "data" / "standard_library.json").read_bytes())
_TOP_LEVEL = [name for name in (*_DOCUMENT["always"], *_DOCUMENT["partly"]) if "." not in name]
_RUNNING = sys.version_info[:2]


def _covers(name: str, version: tuple[int, int]) -> bool:
    found = availability(name)
    return found is not None and found.covers(version)


@pytest.mark.skipif(not (3, 10) <= _RUNNING <= (3, 15), reason="the table covers CPython 3.8 to 3.15")
def test_the_table_is_that_of_the_running_interpreter() -> None:
    table = {name for name in _TOP_LEVEL if _covers(name, _RUNNING)}
    assert table - {"__main__"} == sys.stdlib_module_names


@pytest.mark.skipif(not (3, 8) <= _RUNNING <= (3, 15), reason="the table covers CPython 3.8 to 3.15")
@pytest.mark.parametrize("name", [name for name in _DOCUMENT["partly"] if "." in name])
def test_submodules_are_there_when_the_table_says_so(name: str) -> None:
    if name.startswith("tkinter.") and importlib.util.find_spec("_tkinter") is None:
        pytest.skip("this interpreter was built without tkinter")
    try:
        found = importlib.util.find_spec(name) is not None
    except ModuleNotFoundError:  # The parent is not there, or is no package yet.
        found = False
    assert found == _covers(name, _RUNNING)


def test_every_module_stands_in_one_section_in_order() -> None:
    always, partly = _DOCUMENT["always"], list(_DOCUMENT["partly"])
    assert _DOCUMENT["schema"] == 1
    assert always == sorted(set(always))
    assert partly == sorted(partly)
    assert not set(always) & set(partly)


def test_every_limited_module_has_a_range_inside_what_the_table_covers() -> None:
    for name in _DOCUMENT["partly"]:
        found = availability(name)
        assert found is not None
        since, until = found.since or (3, 8), found.until or (3, 15)
        assert (3, 8) <= since <= until <= (3, 15)
        assert (since, until) != ((3, 8), (3, 15))


@pytest.mark.parametrize(
    ("name", "since", "until"),
    [
        ("tomllib", (3, 11), None),
        ("zoneinfo", (3, 9), None),
        ("graphlib", (3, 9), None),
        ("distutils", None, (3, 11)),
        ("distutils.core", None, (3, 11)),
        ("imp", None, (3, 11)),
        ("asyncore", None, (3, 11)),
        ("cgi", None, (3, 12)),
        ("lib2to3.pgen2", None, (3, 12)),
        ("binhex", None, (3, 10)),
        ("annotationlib", (3, 14), None),
        ("compression.zstd", (3, 14), None),
        ("profiling.sampling", (3, 15), None),
        ("sre_parse", None, (3, 14)),
        ("_peg_parser", (3, 9), (3, 9)),
        ("asyncio.taskgroups", (3, 11), None),
        ("string.templatelib", (3, 14), None),
        ("os.path", None, None),
        ("__future__", None, None),
        ("winreg", None, None),
    ],
)
def test_first_and_last_version(name: str, since: tuple[int, int] | None, until: tuple[int, int] | None) -> None:
    assert availability(name) == Availability(since=since, until=until)


@pytest.mark.parametrize(
    "name", ["", ".", ".os", "numpy", "OS", "jsons", "os_path", "größe", "typing_extensions", "test"]
)
def test_what_never_was_in_the_library(name: str) -> None:
    assert availability(name) is None


@pytest.mark.parametrize(
    ("name", "requires_python", "missing"),
    [
        ("os", "", ()),
        ("tomllib", DEFAULT_REQUIRES_PYTHON, ()),
        ("tomllib", ">=3.9", ("3.9", "3.10")),
        ("tomllib", ">=3.6", ("3.8", "3.9", "3.10")),
        ("tomllib", ">=3.10.7", ("3.10",)),
        ("tomllib", "==3.10.4", ("3.10",)),
        ("distutils", DEFAULT_REQUIRES_PYTHON, ("3.12", "3.13", "3.14", "3.15")),
        ("distutils.core", ">=3.11,<3.12", ()),
        ("imp", ">=3.11,!=3.12.*", ("3.13", "3.14", "3.15")),
        ("annotationlib", "~=3.13", ("3.13",)),
        ("tomllib", "<3", ()),
        ("numpy", ">=3.14", ("3.14", "3.15")),
    ],
)
def test_missing_versions(name: str, requires_python: str, missing: tuple[str, ...]) -> None:
    assert missing_versions(name, requires_python) == missing


def test_a_specifier_that_does_not_parse_is_a_fault_of_the_configuration() -> None:
    with pytest.raises(ConfigError, match=r"'3\.11 or so' is not a version specifier") as caught:
        missing_versions("tomllib", "3.11 or so")
    assert caught.value.advice is not None


def test_the_default_admits_exactly_the_supported_versions() -> None:
    assert missing_versions("never_in_the_library", DEFAULT_REQUIRES_PYTHON) == SUPPORTED_PYTHONS
