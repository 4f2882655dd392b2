"""Reasons for requirements are put together, or found to clash."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.requirements import Requirement as Pep508
from packaging.specifiers import SpecifierSet
from packaging.version import Version

from paa.model import Location
from paa.scan.merging import Required, Wanted, merge


def want(requirement: str, line: int = 1, extra: str | None = None, evidence: str = "built-in table: x") -> Wanted:
    return Wanted(
        requirement=Pep508(requirement), evidence=evidence, location=Location(path="a.py", line=line), extra=extra
    )


def shown(required: Required) -> list[str]:
    return [f"{item.extra}: {item.requirement}" if item.extra else item.requirement for item in required.requirements]


MERGED = [
    (["b", "a", "C"], ["a", "b", "C"]),
    (["a", "a"], ["a"]),
    (["PyYAML", "pyyaml>=6", "pyyaml"], ["PyYAML>=6"]),
    (["a>=1", "a<2", "a!=1.5"], ["a!=1.5,<2,>=1"]),
    (["a==1.2", "a==1.2"], ["a==1.2"]),
    (["a>=1", "a>=1.0"], ["a>=1,>=1.0"]),
    (["a[x]", "a[y]>=2"], ["a[x,y]>=2"]),
    # Under markers.
    (['a; os_name == "nt"', "a"], ["a"]),
    (['a; os_name == "nt"', 'a; os_name == "nt"'], ['a; os_name == "nt"']),
    (['a; os_name == "nt"', 'a; os_name == "posix"'], ['a; os_name == "nt" or os_name == "posix"']),
    (
        ['a==1; python_version < "3.12"', 'a==2; python_version >= "3.12"'],
        ['a==1; python_version < "3.12"', 'a==2; python_version >= "3.12"'],
    ),
    (['a>=2; os_name == "nt"', "a>=1"], ["a>=1", 'a>=2; os_name == "nt"']),
    (['a[x]; os_name == "nt"', "a"], ["a", 'a[x]; os_name == "nt"']),
    (
        ['a; os_name == "nt" or os_name == "java"', 'a; python_version < "3.12" and os_name == "posix"'],
        ['a; (os_name == "nt" or os_name == "java") or (python_version < "3.12" and os_name == "posix")'],
    ),
    # Where one of the markers always holds, none is needed.
    (['a; python_version < "3.12"', 'a; python_version >= "3.12"'], ["a"]),
    (['a; sys_platform == "win32"', 'a; sys_platform != "win32"'], ["a"]),
    (
        ['a; sys_platform == "win32"', 'a; os_name == "posix"'],
        ['a; os_name == "posix" or sys_platform == "win32"'],
    ),
    # What is asked for anyway is not asked for again under a marker.
    (["a>=1", 'a; os_name == "nt"'], ["a>=1"]),
    (["a[x]>=1,<3", 'a[x]<3; os_name == "nt"'], ["a[x]<3,>=1"]),
    # By address.
    (["a @ https://example.org/a.whl", 'a; os_name == "nt"'], ["a@ https://example.org/a.whl"]),
    (["a @ https://example.org/a.whl", "a"], ["a@ https://example.org/a.whl"]),
]


@pytest.mark.parametrize(("given_texts", "expected"), MERGED, ids=[" + ".join(texts) for texts, _ in MERGED])
def test_what_asks_for_one_distribution_is_put_together(given_texts: list[str], expected: list[str]) -> None:
    required = merge([want(text) for text in given_texts], [])

    assert required.findings == ()
    assert [str(Pep508(text)) for text in shown(required)] == [str(Pep508(text)) for text in expected]
    assert (
        shown(merge([want(text) for text in reversed(given_texts)], []))[0].lower().startswith(expected[0][0].lower())
    )


CLASHES = [
    (["a==1", "a==2"], "no version of a satisfies ==1 at a.py:1 and ==2 at a.py:2"),
    (["a>=2", "a==1.0"], "==1.0 at a.py:2 and >=2 at a.py:1"),
    (["a<1", "a>1"], "<1 at a.py:1 and >1 at a.py:2"),
    (["a>=1,<1"], "no version of a satisfies <1,>=1 at a.py:1"),
    (["a~=1.4", "a>=2"], ">=2 at a.py:2 and ~=1.4 at a.py:1"),
    (["a==1.*", "a!=1.*"], "!=1.* at a.py:2 and ==1.* at a.py:1"),
    (["a===oops", "a>=1"], "===oops at a.py:1 and >=1 at a.py:2"),
    (["a===one", "a===two"], "===one at a.py:1 and ===two at a.py:2"),
    (["a==1", 'a==2; os_name == "nt"'], "==1 at a.py:1 and ==2 at a.py:2"),
    (['a==1; os_name == "nt"', 'a==2; os_name == "nt"'], "==1 at a.py:1 and ==2 at a.py:2"),
    (
        ['a<2; python_version < "3.13"', 'a>=2; python_version >= "3.12"'],
        "no version of a satisfies <2 at a.py:1 and >=2 at a.py:2",
    ),
    (['a<2; os_name == "nt"', 'a>=2; sys_platform == "win32"'], "<2 at a.py:1 and >=2 at a.py:2"),
    (['a<2; os_name == "nt"', 'a>=2; python_version >= "3.12"'], "<2 at a.py:1 and >=2 at a.py:2"),
    (['a<2; "x86" in platform_machine', 'a>=2; platform_release >= "6.1"'], "<2 at a.py:1 and >=2 at a.py:2"),
    (["a>=1", 'a<2; os_name == "nt"', 'a!=1.*; os_name == "nt"'], "!=1.* at a.py:3 and <2 at a.py:2 and >=1 at a.py:1"),
    (["a @ https://example.org/a.whl", "a>=1"], ">=1 at a.py:2 and @ https://example.org/a.whl at a.py:1"),
    (["a @ https://example.org/1", "a @ https://example.org/2"], "@ https://example.org/1 at a.py:1 and @"),
]


@pytest.mark.parametrize(("given_texts", "message"), CLASHES, ids=[" + ".join(texts) for texts, _ in CLASHES])
def test_an_empty_intersection_names_both_places(given_texts: list[str], message: str) -> None:
    (finding,) = merge([want(text, line) for line, text in enumerate(given_texts, 1)], []).findings

    assert finding.rule == "requirement-clash"
    assert finding.severity.value == "error"
    assert message in finding.message


FITTING = [
    ["a>=1", "a<1.0.0.1"],
    ["a>1", "a<1.0.1"],
    ["a>1!2", "a<1!4"],
    ["a>1!2,<1!2.0.1"],
    ["a>=1.0a1", "a<1.0rc1"],
    ["a>1.0.post1", "a<1.0.post3"],
    ["a<0.0.1", "a!=0"],
    ["a>=1.2,<1.3", "a!=1.2.0,!=1.2.1,!=1.2.2"],
    ["a!=1.*", "a>=1,<3"],
    ["a===1.0+local", "a>=1"],
    ["a==2", 'a==2.0; os_name == "nt"'],
    ['a<2; python_version < "3.12"', 'a>=2; python_version >= "3.12"'],
    ['a<2; python_full_version < "3.12.4"', 'a>=2; python_full_version >= "3.12.4"'],
    ['a<2; os_name == "nt"', 'a>=2; sys_platform == "linux"'],
    ['a<2; sys_platform == "plan9"', 'a>=2; os_name == "posix"'],
    ['a<2; implementation_name == "pypy"', 'a>=2; platform_python_implementation == "CPython"'],
    ['a<2; platform_machine == "arm64"', 'a>=2; platform_machine != "arm64"'],
]


@pytest.mark.parametrize("given_texts", FITTING, ids=[" + ".join(texts) for texts in FITTING])
def test_a_narrow_intersection_is_no_clash(given_texts: list[str]) -> None:
    assert merge([want(text) for text in given_texts], []).findings == ()


VERSIONS = st.sampled_from(("0", "0.1", "1", "1.0.1", "1.2", "1.2.3", "2", "2.0.dev1", "2rc1", "2.0.post1", "1!0.5"))
SPECIFIERS = st.lists(
    st.tuples(st.sampled_from(("==", "!=", "<", "<=", ">", ">=")), VERSIONS).map("".join), min_size=1, max_size=4
)


@given(SPECIFIERS, VERSIONS)
def test_what_a_version_satisfies_is_never_called_a_clash(specifiers: list[str], version: str) -> None:
    together = SpecifierSet(",".join(specifiers))

    clashes = merge([want(f"a{specifier}", line) for line, specifier in enumerate(specifiers)], []).findings

    if together.contains(Version(version), prereleases=True):
        assert clashes == ()


def test_what_contradicts_only_where_the_package_can_t_be_is_no_clash() -> None:
    wanted = [want('a<2; python_version < "3.10"'), want('a>=2; python_version >= "3.9"', 2)]

    assert merge(wanted, [], ">=3.11").findings == ()
    assert len(merge(wanted, [], ">=3.9").findings) == 1


def test_a_clash_is_told_once_however_many_markers_hold_where_it_is() -> None:
    wanted = [want("a<2"), want('a>=2; os_name == "nt"', 2), want('a!=1; python_version >= "3.12"', 3)]

    (finding,) = merge(wanted, []).findings

    assert finding.message == "no version of a satisfies <2 at a.py:1 and >=2 at a.py:2"


def test_sources_of_all_reasons_are_kept_in_order() -> None:
    (found,) = merge([want("a", 9), want("a>=1", 2), want("a", 9)], []).requirements

    assert [place.line for place in found.sources] == [2, 9]


EXTRAS = [
    # extra and requirement …, expected
    ([("a", "a")], ["a: a", "all: a"]),
    ([("a", "a"), ("b", "b>=1")], ["a: a", "all: a", "all: b>=1", "b: b>=1"]),
    ([(None, "a"), ("a", "a")], ["a"]),
    ([(None, 'a; os_name == "nt"'), ("a", "a")], ['a; os_name == "nt"', "a: a", "all: a"]),
    # A constraint on what is required anyway is not lost.
    ([(None, "a"), ("a", "a>=2")], ["a", "a: a>=2", "all: a>=2"]),
    ([(None, "a"), ("a", "a[x]")], ["a", "a: a[x]", "all: a[x]"]),
]


@pytest.mark.parametrize(("given_pairs", "expected"), EXTRAS)
def test_optional_requirements(given_pairs: list[tuple[str | None, str]], expected: list[str]) -> None:
    assert shown(merge([want(text, extra=extra) for extra, text in given_pairs], [])) == expected


def test_extras_of_the_users_own_stay_as_they_are_and_out_of_all() -> None:
    by_user = "__package_metadata__: extras_require.dev"
    wanted = [want("a"), want("a", extra="dev", evidence=by_user), want("b>=1", extra="dev", evidence=by_user)]

    assert shown(merge(wanted, [])) == ["a", "dev: a", "dev: b>=1"]


def test_an_all_of_the_users_own_is_added_to() -> None:
    by_user = "__package_metadata__: extras_require.all"
    wanted = [want("a", extra="all", evidence=by_user), want("b", extra="b"), want("a", extra="a")]

    assert shown(merge(wanted, [])) == ["a: a", "all: a", "all: b", "b: b"]


def test_an_optional_version_that_contradicts_the_required_one_is_a_clash() -> None:
    (finding,) = merge([want("a<2", 1), want("a>=2", 2, extra="a")], []).findings

    assert "<2 at a.py:1 and >=2 at a.py:2" in finding.message
