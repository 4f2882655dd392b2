"""``__package_metadata__`` and its like: read without being run, and nothing is guessed."""

import pytest

from paa.scan.source.facts import facts_from_json, facts_to_json
from tests.unit.scan.samples import read

READ: list[tuple[str, object]] = [
    ("__package_metadata__ = {}", {}),
    ("__package_metadata__ = {'name': 'a'}", {"name": "a"}),
    ("__package_metadata__: dict[str, str] = {'name': 'a'}", {"name": "a"}),
    ("__package_metadata__ = __meta__ = {'name': 'a'}", {"name": "a"}),
    (
        "__package_metadata__ = {'name': 'a' 'b', 'x': -1, 'y': 1.5, 'z': None}",
        {"name": "ab", "x": -1, "y": 1.5, "z": None},
    ),
    (
        "__package_metadata__ = {'keywords': ['a', ('b', 'c')], 'publish': False}",
        {"keywords": ["a", ["b", "c"]], "publish": False},
    ),
    ("__package_metadata__ = {\n  'name':  # why\n    'a',\n}", {"name": "a"}),
    ("__package_metadata__ = {'description': '''a \"b\"\n# c\n'''}", {"description": 'a "b"\n# c\n'}),
    ("__package_metadata__ = ({'name': 'a'})", {"name": "a"}),
    ("__package_metadata__ = {'name': 'a'}; x = 1", {"name": "a"}),
    # Reading it changes nothing.
    ("__package_metadata__ = {'name': 'a'}\nprint(__package_metadata__['name'])", {"name": "a"}),
    ("__package_metadata__ = {'name': 'a'}\n__author__ = __package_metadata__.get('author')", {"name": "a"}),
    ("__package_metadata__ = {'name': 'a'}\nif __package_metadata__['name']: pass", {"name": "a"}),
    ("__package_metadata__: dict\n__package_metadata__ = {'name': 'a'}", {"name": "a"}),
    # Not the module's own.
    ("def f():\n    __package_metadata__ = {'name': 'a'}", None),
    ("class A:\n    __package_metadata__ = {'name': 'a'}", None),
    ("'''\n__package_metadata__ = {'name': 'example'}\n'''", None),
    ("# __package_metadata__ = {'name': 'a'}", None),
    ("my__package_metadata__ = {'name': 'a'}", None),
    ("x.__package_metadata__ = {'name': 'a'}", None),
    ("print('__package_metadata__')", None),
    ("__package_metadata__: dict", None),
]


@pytest.mark.parametrize(("source", "expected"), READ, ids=[source for source, _ in READ])
def test_plain_literals(source: str, expected: object) -> None:
    facts = read(f"{source}\n")

    assert facts.faults == ()
    assert facts.metadata == expected


FAULTS = [
    # Computed.
    ("__package_metadata__ = dict(name='a')", 1, "computed"),
    ("__package_metadata__ = {'name': NAME}", 1, "computed"),
    ("__package_metadata__ = {'name': 'a' + 'b'}", 1, "computed"),
    ("__package_metadata__ = {'name': f'a'}", 1, "computed"),
    ("__package_metadata__ = {**OTHER}", 1, "computed"),
    ("__package_metadata__ = {'version': open('v').read()}", 1, "computed"),
    ("__package_metadata__ = json.load(file)", 1, "computed"),
    ("__package_metadata__ = {k: 1 for k in x}", 1, "computed"),
    # No plain value.
    ("__package_metadata__ = {'name': b'a'}", 1, "no plain value"),
    ("__package_metadata__ = {'name': {'a', 'b'}}", 1, "no plain value"),
    ("__package_metadata__ = {'name': 1+2j}", 1, "no plain value"),
    ("__package_metadata__ = {'name': ...}", 1, "no plain value"),
    ("__package_metadata__ = {1: 'a'}", 1, "no plain value"),
    ("__package_metadata__ = {('a',): 'a'}", 1, "no plain value"),
    ("__package_metadata__ = {[]: 'a'}", 1, "no plain value"),
    ("__package_metadata__ = {'name': 'half \\ud800'}", 1, "no plain value"),
    ("__package_metadata__ = {'\\ud800': 'half'}", 1, "no plain value"),
    ("__package_metadata__ = {'x': 0x" + "f" * 5000 + "}", 1, "no plain value"),
    ("__package_metadata__ = {'x': " + "[" * 30 + "]" * 30 + "}", 1, "no plain value"),
    # Which of two is meant?
    ("__package_metadata__ = {\n'name': 'a',\n'name': 'b'}", 3, "name stands there twice: keep one"),
    ("__package_metadata__ = {'x': {'a': 1,\n 'a': 2}}", 2, "x.a stands there twice"),
    # The line is that of what is wrong.
    ("__package_metadata__ = {\n'name': 'a',\n'author': me,\n}", 3, "author is computed"),
    ("__package_metadata__ = {\n'keywords': [\n'a',\nb'c']}", 4, "keywords.1 is no plain value, but of type bytes"),
    ("__package_metadata__ = {\n'x': {\n**OTHER}}", 3, "x is computed, with '**' in it"),
    # No dictionary.
    ("x = 1\n__package_metadata__ = ['a']", 2, "must be a dictionary, not list"),
    ("__package_metadata__ = None", 1, "must be a dictionary, not NoneType"),
    ("__package_metadata__ = 'a'", 1, "must be a dictionary, not str"),
    # Not a plain assignment.
    ("if x:\n    __package_metadata__ = {}", 2, "not a plain assignment"),
    ("try:\n    pass\nfinally:\n    __package_metadata__ = {}", 4, "not a plain assignment"),
    ("for x in y:\n    __package_metadata__ = {}", 2, "not a plain assignment"),
    ("for __package_metadata__ in y: pass", 1, "not a plain assignment"),
    ("with x as __package_metadata__: pass", 1, "not a plain assignment"),
    ("__package_metadata__, x = {}, 1", 1, "not a plain assignment"),
    ("from a import __package_metadata__", 1, "not a plain assignment"),
    ("import a as __package_metadata__", 1, "not a plain assignment"),
    ("def __package_metadata__(): pass", 1, "not a plain assignment"),
    ("class __package_metadata__: pass", 1, "not a plain assignment"),
    # Changed afterwards.
    ("__package_metadata__ = {}\n\n__package_metadata__ = {'name': 'a'}", 3, "more than once"),
    ("__package_metadata__ = {}\n__package_metadata__['name'] = 'a'", 2, "more than once"),
    ("__package_metadata__ = {}\n__package_metadata__['a']['b'] = 'a'", 2, "more than once"),
    ("__package_metadata__ = {}\n__package_metadata__.update(name='a')", 2, "more than once"),
    ("__package_metadata__ = {}\n__package_metadata__ |= {'name': 'a'}", 2, "more than once"),
    ("__package_metadata__ = {'a': 1}\n__package_metadata__['a'] += 1", 2, "more than once"),
    ("__package_metadata__ = {'a': 1}\ndel __package_metadata__['a']", 2, "more than once"),
    ("__package_metadata__ = {}\ndel __package_metadata__", 2, "more than once"),
    ("__package_metadata__ = {}\nif x:\n    __package_metadata__['name'] = 'a'", 3, "more than once"),
    ("if x:\n    __package_metadata__ = {}\nelse:\n    __package_metadata__ = {}", 4, "more than once"),
]


@pytest.mark.parametrize(("source", "line", "message"), FAULTS, ids=[source[:60] for source, *_ in FAULTS])
def test_what_is_computed_or_changed_is_a_fault_with_its_line(source: str, line: int, message: str) -> None:
    facts = read(f"{source}\n")

    (fault,) = facts.faults
    assert facts.metadata is None
    assert (fault.rule, fault.line, fault.blocks) == ("metadata", line, True)
    assert message in fault.message
    assert fault.advice


def test_the_line_of_the_dictionary_is_known_for_what_is_wrong_in_it() -> None:
    assert read("\n\n__package_metadata__ = {\n'name': 'a'}\n").metadata_line == 3
    assert read("import a\n").metadata_line is None


def test_lines_are_kept_where_they_are_not_those_of_what_something_stands_in() -> None:
    facts = read("__package_metadata__ = {'a': 1,\n 'b': {'c': 2,\n  'd': [3,\n   4]},\n 'e':\n  5}\n")

    assert facts.metadata == {"a": 1, "b": {"c": 2, "d": [3, 4]}, "e": 5}
    assert facts.metadata_lines == {"b": 2, "b.d": 3, "b.d.1": 4, "e": 5}
    assert facts_from_json(facts_to_json(facts)) == facts


@pytest.mark.parametrize(
    ("source", "line", "message"),
    [
        ("__cli_metadata__ = {\n'name': 'a',\n'help': 'b'}", 3, "unknown key 'help'; the only one is 'name'"),
        ("__cli_metadata__ = {\n'name': ['a']}", 2, "name must be a string, not list"),
        ("__cli_metadata__ = ['a']", 1, "must be a dictionary, not list"),
    ],
)
def test_what_is_wrong_with_the_metadata_of_a_command(source: str, line: int, message: str) -> None:
    facts = read(f"{source}\n")

    (fault,) = facts.faults
    assert fault.line == line
    assert message in fault.message
    assert fault.message.startswith("__cli_metadata__")


def test_user_code_is_never_run() -> None:
    facts = read("__package_metadata__ = {'name': [print('run'), exit(3)]}\nraise SystemExit('run')\n")

    assert [fault.rule for fault in facts.faults] == ["metadata"]
