"""The quick reader of ``releases.json`` says what the strict one says, or nothing."""

import json
import string
from collections.abc import Sequence

import hypothesis.strategies as st
import pytest
from hypothesis import given

from paa.documents.as_written import Written, read_as_written
from paa.documents.tracking import TrackedRelease, parse_tracking, tracking_bytes
from paa.documents.writing import dump
from paa.errors import ConfigError

PRINT = "0123456789abcdef" * 4
NAMES = st.from_regex(r"[A-Za-z][A-Za-z0-9_]{0,8}", fullmatch=True)
VERSIONS = st.lists(st.integers(0, 30), min_size=1, max_size=4).map(lambda parts: ".".join(map(str, parts)))
ENTRIES = st.fixed_dictionaries(
    {
        "package": NAMES | st.sampled_from(["class", "a b", "_a", "ä", ""]),
        "version": VERSIONS | st.sampled_from(["1.0rc1", "1!2.0+local.1", "01", "v1", " 1", ""]),
        "fingerprint": st.sampled_from([PRINT, PRINT.upper(), PRINT[1:]]),
        "commit": st.sampled_from(["c" * 40, "c" * 64, "c" * 41]),
        "floors": st.dictionaries(NAMES, VERSIONS | st.just("x"), max_size=3),
    },
    optional={"indexes": st.none() | st.lists(st.text(max_size=4) | st.sampled_from(["pypi", "a, b", " "]))},
)


def strictly(data: bytes) -> Sequence[Written]:
    """What the strict reader says: a key that nobody asks for takes the document out of the form that paa writes."""
    top, rest = data[: data.index(b"{") + 1], data[data.index(b"{") + 1 :]
    strange = top + b'"strange": 1, ' + rest
    assert read_as_written(strange) is None
    return [
        (item.package, item.version, item.fingerprint, item.commit, item.floors, item.indexes)
        for item in parse_tracking(strange)
    ]


def release(package: str, *indexes: str, **floors: str) -> TrackedRelease:
    return TrackedRelease(
        package=package, version="1.2.3", fingerprint=PRINT, commit="c" * 40, floors=floors, indexes=indexes or None
    )


WHOLE = tracking_bytes([release("a", "pypi", "test"), release("b_2", b="1.0", c="2"), release("c3", "pypi")])


def test_what_paa_writes_is_read_quickly_and_says_the_same() -> None:
    assert read_as_written(WHOLE) == strictly(WHOLE)
    assert len(strictly(WHOLE)) == 3
    without = tracking_bytes([TrackedRelease(package="a", version="1", fingerprint=PRINT, commit="c" * 64, indexes=())])
    assert read_as_written(without) == strictly(without) == [("a", "1", PRINT, "c" * 64, {}, ())]


@given(st.lists(ENTRIES, min_size=1, max_size=4))
def test_whatever_is_written_is_read_as_the_strict_reader_reads_it(entries: list[dict[str, object]]) -> None:
    data = dump({"schema": 1, "releases": entries})
    quick = read_as_written(data)
    if quick is not None:
        assert quick == strictly(data)


def test_no_change_of_a_single_character_is_read_otherwise() -> None:
    letters = b'"\\,:{}[] \n\r\tag01_.-\x00\x7f\xc3'
    text = tracking_bytes([release("a", "pypi", "test"), release("b", a="1")])
    changed = {text[:at] + text[at + 1 :] for at in range(len(text))}
    for letter in letters:
        new = bytes([letter])
        changed |= {text[:at] + new + text[at + 1 :] for at in range(len(text))}
        changed |= {text[:at] + new + text[at:] for at in range(len(text))}
    read = {data: quick for data in sorted(changed) if (quick := read_as_written(data)) is not None}
    # Other names, versions, hashes and indexes can be read, and nearly nothing else.
    assert len(changed) > 20_000
    assert 500 < len(read) < 5_000
    for data, quick in read.items():
        assert quick == strictly(data)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{}",
        b"\xef\xbb\xbf" + WHOLE,
        WHOLE.replace(b"\n", b"\r\n"),
        WHOLE.rstrip(),
        WHOLE + b"\n",
        WHOLE + WHOLE,
        WHOLE[:-20],
        WHOLE[:-6] + b",\n  ]\n}\n",
        # An entry, the end, and more entries.
        WHOLE[:-8] + b"\n    }\n  ]\n}\n" + WHOLE[len(b'{\n  "schema": 1,\n  "releases": [\n') :],
        WHOLE.replace(b'"schema": 1', b'"schema": 2'),
        WHOLE.replace(b'"schema": 1', b'"schema": true'),
        WHOLE.replace(b'      "package": "a"', b'      "package": "a",\n      "package": "a"'),
        WHOLE.replace(b'"package": "a"', b'"package": "class"'),
        WHOLE.replace(b'"package": "a"', b'"package": "' + b"a" * 256 + b'"'),
        WHOLE.replace(b'"1.2.3"', b'"1.2.03"'),
        WHOLE.replace(b'"b": "1.0"', b'"b": "one"'),
        WHOLE.replace(b'"b": "1.0"', b'"def": "1.0"'),
        WHOLE.replace(b'"c": "2"', b'"b": "2"'),
        WHOLE.replace(b'"pypi"', b'"   "'),
        WHOLE.replace(b'"pypi"', b'"p\\u0079pi"'),
        WHOLE.replace(b'"pypi"', '"ü"'.encode()),
        WHOLE.replace(b'"indexes"', b'"floors"'),
        WHOLE.replace(b"    {\n", b"<<<<<<< HEAD\n    {\n", 1),
        WHOLE.replace(b"    },\n", b"    },\n=======\n>>>>>>> theirs\n", 1),
    ],
)
def test_what_is_not_as_paa_writes_it_is_left_to_the_strict_reader(data: bytes) -> None:
    assert read_as_written(data) is None


@pytest.mark.parametrize("marker", [b"<<<<<<< HEAD\n", b"=======\n", b">>>>>>> theirs\n"])
def test_the_marks_of_a_conflict_are_an_error_wherever_they_stand(marker: bytes) -> None:
    lines = WHOLE.splitlines(keepends=True)
    for at in range(len(lines) + 1):
        with pytest.raises(ConfigError, match=r"releases\.json is not JSON"):
            parse_tracking(b"".join([*lines[:at], marker, *lines[at:]]))


def test_what_is_not_as_paa_writes_it_and_in_order_says_the_same() -> None:
    for data in (json.dumps(json.loads(WHOLE)).encode(), WHOLE.replace(b"\n", b"\r\n"), b"\xef\xbb\xbf" + WHOLE):
        assert read_as_written(data) is None
        assert parse_tracking(data) == parse_tracking(WHOLE)


def test_a_text_of_every_printable_character_can_be_the_name_of_an_index() -> None:
    for letter in string.printable.strip():
        data = tracking_bytes([release("a", f"x{letter}y")])
        assert parse_tracking(data) == (release("a", f"x{letter}y"),)
