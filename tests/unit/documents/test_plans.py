import json
from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import paa
from paa.documents.plans import plan_from_json, plan_to_json
from paa.documents.reading import parse_json
from paa.documents.writing import dump
from paa.errors import ConfigError
from paa.model import Blocked, Bump, Plan, Reason, Release
from tests.unit.documents.samples import COMMIT, PLAN, put

Document = dict[str, Any]


def document() -> Document:
    """The document of the sample plan, ready to be spoilt."""
    return deepcopy(plan_to_json(PLAN))


def faults(spoilt: object) -> tuple[str, ...]:
    with pytest.raises(ConfigError) as caught:
        plan_from_json(spoilt, "plan.json")
    assert "plan.json" in caught.value.message
    assert caught.value.advice
    assert all(fault in caught.value.message for fault in caught.value.faults)
    return caught.value.faults


def test_a_plan_is_read_as_it_was_written() -> None:
    assert plan_from_json(plan_to_json(PLAN)) == PLAN


def test_a_plan_survives_being_a_file() -> None:
    assert plan_from_json(parse_json(dump(plan_to_json(PLAN)), "plan.json")) == PLAN


def test_an_empty_plan_is_a_plan() -> None:
    plan = Plan(commit=None, indexes=(), builder="flit_core 4.2.0", provisional="no index was asked")
    assert plan_from_json(plan_to_json(plan)) == plan
    assert plan_to_json(plan)["index"] is None


def test_the_keys_are_those_of_the_reference() -> None:
    written = document()
    assert written["schema"] == 1
    assert written["index"] == "local"
    assert list(written["releases"][0]["reasons"][0]) == ["kind", "text", "path"]
    assert list(written["releases"][0]["reasons"][1]) == ["kind", "text", "commit"]
    assert list(written["blocked"][0]) == ["package", "reason", "path", "line"]
    assert list(written["blocked"][1]) == ["package", "reason", "advice"]
    assert written["releases"][1]["previous"] is None


def test_what_has_no_order_is_sorted_and_releases_are_not() -> None:
    plan = Plan(
        commit=None,
        indexes=("z", "a"),
        builder="flit_core 4.2.0",
        unchanged=("z", "a"),
        blocked=(Blocked(package="y", reason="r"), Blocked(package="b", reason="r")),
        releases=PLAN.releases[::-1],
    )
    written = plan_to_json(plan)
    assert (written["indexes"], written["unchanged"]) == (["z", "a"], ["a", "z"])
    assert [item["package"] for item in written["blocked"]] == ["b", "y"]  # type: ignore[attr-defined]  # a document
    assert [item["package"] for item in written["releases"]] == ["report", "text_tools"]  # type: ignore[attr-defined]


def test_the_same_plan_gives_the_same_ascii_bytes() -> None:
    data = dump(plan_to_json(PLAN))
    assert data == dump(plan_to_json(plan_from_json(json.loads(data))))
    assert data.endswith(b"\n}\n")
    assert dump({"text": "\u00e9\u2028\udcff"}).isascii()


def test_unknown_keys_of_a_later_paa_are_ignored() -> None:
    written = document()
    written["later"] = written["releases"][0]["later"] = {"x": 1}
    assert plan_from_json(written) == PLAN


@pytest.mark.parametrize(
    ("writer", "words"),
    [("9.9", "by paa 9.9"), (None, "by a newer paa"), (7, "by a newer paa"), ("\x1b[2J", "by a newer paa")],
)
def test_a_later_schema_names_who_wrote_it_and_asks_to_upgrade(writer: object, words: str) -> None:
    with pytest.raises(ConfigError) as caught:
        plan_from_json({"schema": 2, "paa": writer, "releases": "of another form"}, "plan.json")
    assert "plan.json has schema 2" in caught.value.message
    assert words in caught.value.message
    assert f"paa {paa.__version__}" in caught.value.message
    assert "upgrade" in (caught.value.advice or "")


@pytest.mark.parametrize("schema", [0, -1, "1", True, 1.5, None, [1]])
def test_any_other_schema_is_a_fault(schema: object) -> None:
    assert any(fault.startswith("schema: ") for fault in faults({**document(), "schema": schema}))


@pytest.mark.parametrize("spoilt", [None, [], "plan", 1, [{"schema": 1}]])
def test_what_is_no_object_is_refused(spoilt: object) -> None:
    assert faults(spoilt) == ()


def test_an_empty_object_lacks_everything_at_once() -> None:
    missing = ["schema", "indexes", "builder", "unchanged", "blocked", "releases"]
    assert sorted(faults({})) == sorted(f"{key}: is missing" for key in missing)


@pytest.mark.parametrize(
    ("at", "value", "fault"),
    [
        ("commit", "HEAD", 'commit: "HEAD" is not the full hash of a commit'),
        ("commit", COMMIT[:7], "commit: "),
        ("builder", "", "builder: "),
        ("builder", "a\nb", "builder: "),
        ("index", "company", "index: is not the first of indexes"),
        ("index", None, "index: is not the first of indexes"),
        ("indexes", "local", "indexes: "),
        ("indexes", ["local", "local"], "indexes: local is there twice"),
        ("indexes", ["local", 1], "indexes[1]: 1 is not"),
        ("provisional", True, "provisional: true is not a text"),
        ("unchanged", ["../x"], 'unchanged[0]: "../x" is not the name of a module'),
        ("unchanged", ["report"], "releases: the package report is there twice"),
        ("unchanged", ["broken"], "releases: the package broken is there twice"),
        ("blocked", {}, "blocked: {} is not an array"),
        ("blocked.0", "broken", 'blocked[0]: "broken" is not an object'),
        ("blocked.0.line", "12", 'blocked[0].line: "12" is not a whole number from 0'),
        ("blocked.0.line", -1, "blocked[0].line: -1 is not"),
        ("blocked.0.line", True, "blocked[0].line: true is not"),
        ("blocked.0.path", "/etc/passwd", "blocked[0].path: "),
        ("releases", None, "releases: null is not an array"),
        ("releases.0", 7, "releases[0]: 7 is not an object"),
        ("releases.0.package", "text-tools", "releases[0].package: "),
        ("releases.0.package", "class", "releases[0].package: "),
        ("releases.0.package", "_private", "releases[0].package: "),
        ("releases.0.package", "a/b", "releases[0].package: "),
        ("releases.0.package", "caf\u00e9", "releases[0].package: "),
        ("releases.0.package", "a" * 256, "releases[0].package: "),
        ("releases.0.package", "report", "releases: the package report is there twice"),
        ("releases.0.distribution", "../text-tools", "releases[0].distribution: "),
        ("releases.0.distribution", "-x", "releases[0].distribution: "),
        ("releases.0.distribution", "Report", "releases: the distribution report is there twice"),
        ("releases.0.version", "1.3.x", "releases[0].version: "),
        ("releases.0.version", "v1.3.0", "releases[0].version: "),
        ("releases.0.version", 1.3, "releases[0].version: 1.3 is not"),
        ("releases.0.version", "1." * 200 + "0", "releases[0].version: "),
        ("releases.0.previous", "old", "releases[0].previous: "),
        ("releases.0.bump", "huge", 'releases[0].bump: "huge" is not one of first, patch'),
        ("releases.0.bump", ["patch"], "releases[0].bump: "),
        ("releases.0.fingerprint", "a" * 63, "releases[0].fingerprint: "),
        ("releases.0.fingerprint", "A" * 64, "releases[0].fingerprint: "),
        ("releases.0.notes", ["x", None], "releases[0].notes[1]: null is not a text"),
        ("releases.0.new_on_index", 1, "releases[0].new_on_index: 1 is not true or false"),
        ("releases.0.reasons.0.kind", "", "releases[0].reasons[0].kind: "),
        ("releases.0.reasons.0.path", "../x", "releases[0].reasons[0].path: "),
        ("releases.0.reasons.1.commit", "x", "releases[0].reasons[1].commit: "),
        ("releases.1.needs", ["nowhere"], "releases[1].needs: nowhere is not one of the releases"),
        ("releases.1.needs", ["report"], "releases[1].needs: report does not come before report"),
        ("releases.0.needs", ["report"], "releases[0].needs: report does not come before text_tools"),
        ("releases.1.floors", ["text_tools"], "releases[1].floors: "),
        ("releases.1.floors", {"text_tools": "x"}, 'releases[1].floors.text_tools: "x" is not'),
        ("releases.1.floors", {"../x": "1.0"}, 'releases[1].floors.../x: "../x" is not'),
    ],
)
def test_each_fault_is_told_with_its_key_path(at: str, value: object, fault: str) -> None:
    spoilt = document()
    put(spoilt, at, value)
    assert [found for found in faults(spoilt) if found.startswith(fault)]


def test_all_faults_are_told_at_once() -> None:
    spoilt = document()
    spoilt["releases"][0]["version"] = "x"
    spoilt["releases"][1]["fingerprint"] = None
    del spoilt["releases"][1]["needs"]
    assert [fault.partition(":")[0] for fault in faults(spoilt)] == [
        "releases[0].version",
        "releases[1].fingerprint",
        "releases[1].needs",
    ]


def test_a_long_value_is_cut_in_the_message() -> None:
    assert all(len(fault) < 200 for fault in faults({**document(), "builder": "\n" * 10_000}))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{",
        b"\xff\xfe",
        b"[1,]",
        b'{"schema": NaN}',
        b'{"schema": 1, "schema": 2}',
        b"[" * 100_000,
        b"9" * 10_000,
        b"schema: 1",
    ],
)
def test_bytes_that_are_no_json_are_refused(data: bytes) -> None:
    with pytest.raises(ConfigError, match=r"plan\.json is not JSON"):
        parse_json(data, "plan.json")


def test_a_byte_order_mark_does_no_harm() -> None:
    assert parse_json(b'\xef\xbb\xbf{"schema": 1}', "plan.json") == {"schema": 1}


NAMES = st.from_regex(r"[A-Za-z][a-z0-9_]{0,8}9", fullmatch=True)
VERSIONS = st.sampled_from(["1.0", "0.0.1", "1!2.0rc1", "3.dev0", "1.0+dirty"])
DIGESTS = st.text(alphabet="0123456789abcdef", min_size=64, max_size=64)


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    """Plans that hold together, with any text where a text may stand."""
    names = draw(st.lists(NAMES, max_size=6, unique_by=str.lower))
    cut, end = sorted(draw(st.tuples(*[st.integers(0, len(names))] * 2)))
    releases = []
    for number, name in enumerate(names[:cut]):
        needs = draw(st.sets(st.sampled_from(names[:number]))) if number else set()
        releases.append(
            Release(
                package=name,
                distribution=name,
                version=draw(VERSIONS),
                previous=draw(st.none() | VERSIONS),
                bump=draw(st.sampled_from(Bump)),
                fingerprint=draw(DIGESTS),
                reasons=tuple(Reason(kind="new", text=text) for text in draw(st.lists(st.text(), max_size=2))),
                notes=tuple(draw(st.lists(st.text(), max_size=2))),
                needs=tuple(sorted(needs)),
                floors=draw(st.dictionaries(NAMES, VERSIONS, max_size=2)),
                new_on_index=draw(st.booleans()),
                released_files=draw(st.dictionaries(NAMES.map("{}.whl".format), DIGESTS, max_size=2)),
            )
        )
    indexes = draw(st.lists(NAMES, max_size=2, unique=True))
    return Plan(
        commit=draw(st.none() | st.just(COMMIT)),
        indexes=tuple(indexes),
        builder="flit_core 4.2.0",
        releases=tuple(releases),
        unchanged=tuple(sorted(names[cut:end])),
        blocked=tuple(Blocked(package=name, reason=draw(st.text())) for name in sorted(names[end:])),
        provisional=draw(st.none() | st.text()),
    )


@given(plans())
def test_every_plan_is_read_as_it_was_written(plan: Plan) -> None:
    assert plan_from_json(parse_json(dump(plan_to_json(plan)), "plan.json")) == plan
