"""The patterns, held against the tools that decide: packaging and Git."""

import subprocess

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.utils import InvalidName, canonicalize_name
from packaging.version import InvalidVersion, Version

from paa.config.rules import DISTRIBUTION, SPECIFIERS, TAG_FORMAT, VERSION, Rule, broken

_WORDS = [
    "a",
    "b",
    "c",
    "rc",
    "alpha",
    "BETA",
    "pre",
    "preview",
    "post",
    "rev",
    "r",
    "dev",
    "DEV",
    "v",
    "V",
    "x",
    "é",
    "٣",
]
_VERSION_PIECES = st.sampled_from([*_WORDS, "0", "1", "20", "2026", ".", "-", "_", "+", "!", "*", ".*", " ", "\n"])
_VERSIONS = st.lists(_VERSION_PIECES, max_size=8).map("".join)
_OPERATORS = st.sampled_from(["==", "!=", "~=", ">=", "<=", ">", "<", "=", "=>", "", ">= ", "== ", "~"])
_CLAUSES = st.tuples(_OPERATORS, _VERSIONS).map("".join)
_TAG_PIECES = st.sampled_from(
    ["{package}", "{version}", "/", ".", "-", "@", "v", ".lock", "é", "~", "^", ":", "?", "[", "\\", " "]
)


@given(_VERSIONS)
@settings(max_examples=500, deadline=None)
def test_versions_are_those_of_packaging(text: str) -> None:
    try:
        Version(text)
        known = text == text.strip()  # packaging takes white space around a version
    except InvalidVersion:
        known = False
    assert (broken(text, VERSION) is None) is known


@given(st.lists(_CLAUSES, min_size=1, max_size=3))
@settings(max_examples=500, deadline=None)
def test_specifiers_are_those_of_packaging(clauses: list[str]) -> None:
    text = ",".join(clauses)
    try:
        SpecifierSet(text)
        # packaging passes over empty clauses and white space around the whole; here both are mistakes.
        known = text == text.strip() and all(clause.strip() for clause in text.split(","))
    except InvalidSpecifier:
        known = False
    assert (broken(text, SPECIFIERS) is None) is known


@given(st.text(alphabet="aZ0._- é\n", max_size=6))
@settings(deadline=None)
def test_names_are_those_of_packaging(text: str) -> None:
    try:
        canonicalize_name(text, validate=True)
        known = True
    except InvalidName:
        known = False
    assert (broken(text, DISTRIBUTION) is None) is known


@given(st.lists(_TAG_PIECES, max_size=6).map("".join))
@settings(max_examples=150, deadline=None)
def test_tag_formats_are_those_that_git_takes(text: str) -> None:
    tag = text.replace("{package}", "a_package").replace("{version}", "1!2.0rc1.post2.dev3+local.4")
    done = subprocess.run(["git", "check-ref-format", f"refs/tags/{tag}"], check=False)
    known = done.returncode == 0 and "{version}" in text and not tag.startswith("-")
    assert (broken(text, TAG_FORMAT) is None) is known


@pytest.mark.parametrize(
    "text",
    [
        "1" * 50_000 + "!",
        "1." * 50_000,
        ">=1," * 50_000,
        "a-" * 50_000,
        ">=" + "1-1" * 50_000,
        "{version}" * 10_000 + "{",
    ],
    ids=lambda text: text[:12],
)
@pytest.mark.parametrize("rules", [VERSION, SPECIFIERS, DISTRIBUTION, TAG_FORMAT])
def test_long_texts_are_refused_before_anyone_gives_up(text: str, rules: tuple[Rule, ...]) -> None:
    # A pattern that backtracks without bound would run into the time-out of the test.
    assert broken(text, rules) is not None
