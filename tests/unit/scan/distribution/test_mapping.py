"""The mapping file: read with all its faults, and written without touching what the user wrote."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paa.errors import ConfigError
from paa.scan.distribution.mapping import MAPPING_PATH, parse_mapping, with_lines


def test_a_mapping_file_is_read() -> None:
    data = '\ufeff{\r\n "b.c": "Some.Dist_1",\r\n "a": "x"}\n'.encode()
    assert list(parse_mapping(data, MAPPING_PATH).items()) == [("a", "x"), ("b.c", "Some.Dist_1")]
    assert parse_mapping(b"{}", MAPPING_PATH) == {}


def test_every_fault_of_a_mapping_file_is_told_at_once() -> None:
    data = rb"""{"a": 1, "b": "x>=1", "a": "y", "1c": "z", "": "z", "d.": "z", "e": {"f": "g"}, "h": "",
        "i": "../x", "j": "x\n", "k": "caf\u00e9", "l": null, "m": ["x"], "good": "fine"}"""
    with pytest.raises(ConfigError) as caught:
        parse_mapping(data, MAPPING_PATH)
    faults = caught.value.faults
    assert len(faults) == 13
    assert "'a' is there 2 times" in faults
    assert [key for key in "behijklm" if not any(fault.startswith(f"'{key}':") for fault in faults)] == []
    assert MAPPING_PATH in str(caught.value)
    assert caught.value.advice is not None
    assert not any("good" in fault for fault in faults)


@pytest.mark.parametrize(
    "data", [b"", b"[]", b'"x"', b"null", b"{", b"{'a': 'b'}", b'{"a": "b"} x', b"\xff\xfe", b"[" * 99999]
)
def test_a_mapping_file_that_is_no_json_object_is_a_fault(data: bytes) -> None:
    with pytest.raises(ConfigError, match="package_mapping"):
        parse_mapping(data, MAPPING_PATH)


NEW = {"b": "B-dist", "a.c": "A"}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (None, '{\n  "a.c": "A",\n  "b": "B-dist"\n}\n'),
        ("{}", '{\n  "a.c": "A",\n  "b": "B-dist"\n}'),
        ("{}\n", '{\n  "a.c": "A",\n  "b": "B-dist"\n}\n'),
        ("{\n}\n", '{\n  "a.c": "A",\n  "b": "B-dist"\n}\n'),
        ('{"z": "Z"}', '{"z": "Z", "a.c": "A", "b": "B-dist"}'),
        ('{ "z": "Z" }\n', '{ "z": "Z", "a.c": "A", "b": "B-dist" }\n'),
        ('{\n    "z": "Z"\n}\n', '{\n    "z": "Z",\n    "a.c": "A",\n    "b": "B-dist"\n}\n'),
        ('{\n\t"z":"Z",\n\t"y":"Y"\n}', '{\n\t"z":"Z",\n\t"y":"Y",\n\t"a.c": "A",\n\t"b": "B-dist"\n}'),
        ('{\r\n "z": "Z"\r\n}\r\n', '{\r\n "z": "Z",\r\n "a.c": "A",\r\n "b": "B-dist"\r\n}\r\n'),
        ('\ufeff{\n  "z": "Z"\n}\n\n', '\ufeff{\n  "z": "Z",\n  "a.c": "A",\n  "b": "B-dist"\n}\n\n'),
        ('{\n  "z": "Z"}', '{\n  "z": "Z",\n  "a.c": "A",\n  "b": "B-dist"\n}'),
    ],
)
def test_lines_are_added_and_the_rest_stays_as_it_was(before: str | None, after: str) -> None:
    data = before.encode() if before is not None else None
    written = with_lines(data, NEW)
    assert written.decode() == after
    assert parse_mapping(written, MAPPING_PATH) == {**(parse_mapping(data, MAPPING_PATH) if data else {}), **NEW}


_NAMES = st.from_regex(r"[a-z_]{1,4}(\.[a-zé]{1,3})?", fullmatch=True)
_DISTRIBUTIONS = st.from_regex(r"[a-z]([a-z.-]{0,5}[a-z0-9])?", fullmatch=True)
_LINES = st.dictionaries(_NAMES, _DISTRIBUTIONS, max_size=4)


@given(
    there=_LINES, new=_LINES, indent=st.sampled_from([None, 0, 1, 4, "\t"]), spaces=st.sampled_from(["", "\n", " \r\n"])
)
def test_whatever_is_there_it_holds_all_lines_afterwards(
    there: dict[str, str], new: dict[str, str], indent: int | str | None, spaces: str
) -> None:
    before = f"{spaces}{json.dumps(there, indent=indent)}{spaces}".encode()
    lines = {name: distribution for name, distribution in new.items() if name not in there}
    written = with_lines(before, lines) if lines else before
    assert parse_mapping(written, MAPPING_PATH) == {**there, **lines}
