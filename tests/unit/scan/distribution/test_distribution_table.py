"""The built-in table itself: what must hold for every one of its facts."""

import json
import re
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import paa.scan
from paa.scan.distribution.resolver import load_table
from paa.scan.standard_library import availability

_FILE = Path(paa.scan.__file__).parent / "data" / "distributions.json"
_DOCUMENT = json.loads(_FILE.read_bytes())
_IMPORTS: dict[str, str | list[str]] = _DOCUMENT["imports"]
_UNDECIDED: dict[str, list[str]] = _DOCUMENT["undecided"]
_NAMESPACES: list[str] = _DOCUMENT["namespaces"]


def _distributions() -> list[str]:
    values = [[value] if isinstance(value, str) else value for value in _IMPORTS.values()]
    return [name for names in values for name in names]


def test_it_holds_at_least_600_distributions() -> None:
    assert len({canonicalize_name(name) for name in _distributions()}) >= 600


def test_sections_are_sorted_without_duplicates_or_overlap() -> None:
    pairs = json.loads(_FILE.read_bytes(), object_pairs_hook=list)
    sections = {key: value for key, value in pairs if key != "schema"}
    for section in ("imports", "undecided"):
        keys = [key for key, _ in sections[section]]
        assert keys == sorted(set(keys)), section
    assert sorted(set(_NAMESPACES)) == _NAMESPACES
    assert not _IMPORTS.keys() & _UNDECIDED.keys()
    assert not _IMPORTS.keys() & set(_NAMESPACES)
    assert not _UNDECIDED.keys() & set(_NAMESPACES)


def test_every_key_can_be_imported() -> None:
    for key in (*_IMPORTS, *_UNDECIDED, *_NAMESPACES):
        assert all(part.isidentifier() for part in key.split(".")), key


def test_every_distribution_has_a_valid_name_in_one_spelling() -> None:
    spellings: dict[str, set[str]] = {}
    for name in _distributions():
        spellings.setdefault(canonicalize_name(name, validate=True), set()).add(name)
    assert [names for names in spellings.values() if len(names) > 1] == []


def test_a_list_has_a_default_and_alternatives() -> None:
    for key, value in _IMPORTS.items():
        assert isinstance(value, str) or len(set(value)) == len(value) >= 2, key


def test_what_only_the_user_can_decide_names_distributions_or_the_versions_that_count() -> None:
    for key, values in _UNDECIDED.items():
        assert values, key
        for value in values:
            name, _, versions = value.partition(" ")
            assert Requirement(value).name == name
            assert re.fullmatch(r"(<[0-9.]+)?", versions), value


def test_no_module_of_the_standard_library_is_a_distribution() -> None:
    assert [key for key in (*_IMPORTS, *_UNDECIDED) if availability(key) is not None] == []


def test_every_shared_parent_is_a_namespace() -> None:
    known = {*_IMPORTS, *_UNDECIDED}
    for key in known:
        parents = [key.rsplit(".", count)[0] for count in range(1, key.count(".") + 1)]
        if not any(parent in known for parent in parents):
            assert set(parents) <= set(_NAMESPACES), key


def test_every_namespace_has_something_below_it_or_blocks_what_is_above() -> None:
    known = {*_IMPORTS, *_UNDECIDED}
    for namespace in _NAMESPACES:
        below = any(key.startswith(f"{namespace}.") for key in known)
        above = any(namespace.startswith(f"{key}.") for key in known)
        assert below or above, namespace


def test_nicknames_lead_to_imports_and_are_none_themselves() -> None:
    nicknames: dict[str, str] = _DOCUMENT["nicknames"]
    assert list(nicknames) == sorted(nicknames)
    assert [name for name in nicknames if name in _IMPORTS] == []
    assert [name for name in nicknames.values() if name not in _IMPORTS] == []
    spelled = {key.casefold().replace("_", "") for key in _IMPORTS if "." not in key}
    assert [name for name in nicknames if name.casefold().replace("_", "") in spelled] == []


def test_what_is_well_known_is_known() -> None:
    well_known: list[str] = _DOCUMENT["well_known"]
    assert well_known == sorted(set(well_known))
    assert [name for name in well_known if name not in _IMPORTS] == []


@pytest.mark.parametrize("key", ["google", "azure", "opentelemetry", "zope", "jaraco", "backports", "sphinxcontrib"])
def test_well_known_namespaces_belong_to_nobody(key: str) -> None:
    assert key in _NAMESPACES


def test_what_is_loaded_is_what_is_written() -> None:
    table = load_table()
    assert table.imports["yaml"] == "PyYAML"
    assert set(table.imports) == set(_IMPORTS)
    assert all(isinstance(name, str) for name in table.imports.values())
    assert table.alternatives["psycopg2"] == ("psycopg2-binary",)
    assert table.namespaces == frozenset(_NAMESPACES)
    assert load_table() is table


def test_the_docs_have_every_default_and_what_can_take_its_place() -> None:
    page = (Path(__file__).parents[4] / "docs/explanation/distributions.md").read_text(encoding="utf-8")
    rows = [
        f"| `{key}` | {value[0]} | {', '.join(value[1:])} |"
        for key, value in _IMPORTS.items()
        if isinstance(value, list)
    ]
    assert re.findall(r"^\| `[^`]+` \| [^|]+ \| [^|`]+ \|$", page, re.MULTILINE) == rows
