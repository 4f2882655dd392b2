"""Facts as they are cached: what comes out is what went in, and what was not written by us comes out as nothing."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paa.scan.source.facts import SourceFacts, facts_from_json, facts_to_json
from tests.unit.scan.samples import read

SOURCE = '''"""Docstring."""
import a #[x]>=1
from . import b
if TYPE_CHECKING:
    import c
try:
    import d
except ImportError:
    import e #-
#@ f>=1
__package_metadata__ = {"name": "g", "keywords": ["h"], "publish": True, "x": [1, 1.5, None]}
__cli_metadata__ = {"name": "i"}
import j #>=oops
'''


def stored(facts: SourceFacts) -> Any:  # noqa: ANN401  # what JSON holds
    return json.loads(json.dumps(facts_to_json(facts)))


def test_what_comes_out_is_what_went_in() -> None:
    facts = read(SOURCE)

    assert facts.faults
    assert facts.metadata
    assert facts_from_json(stored(facts)) == facts
    assert facts_from_json(stored(SourceFacts())) == SourceFacts()


JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=5)),
    lambda inner: st.one_of(st.lists(inner, max_size=10), st.dictionaries(st.text(max_size=3), inner, max_size=3)),
    max_leaves=20,
)


@given(JSON)
def test_any_other_value_comes_out_as_nothing(value: object) -> None:
    assert facts_from_json(value) is None


@pytest.mark.parametrize("place", range(9))
@pytest.mark.parametrize("value", [5, "text", [5], [[]], [["x", 1, 2]], {"a": 1}, None])
def test_one_wrong_part_is_never_fatal(place: int, value: object) -> None:
    damaged = stored(read(SOURCE))
    damaged[place] = value

    facts = facts_from_json(damaged)

    if facts is not None:
        assert facts_from_json(stored(facts)) == facts


@pytest.mark.parametrize("place", range(8))
def test_one_wrong_part_of_an_import_is_never_fatal(place: int) -> None:
    values: tuple[object, ...] = (None, 5.5, "text", [], {}, [[]])
    for value in values:
        damaged = stored(read(SOURCE))
        damaged[0][0][place] = value

        facts = facts_from_json(damaged)

        if facts is not None:
            assert facts_from_json(stored(facts)) == facts
