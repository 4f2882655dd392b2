import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.version import Version

from paa.errors import ConfigError, FindingsError
from paa.model import Bump
from paa.plan.pep440 import is_prerelease, last_version, parse_version
from paa.plan.versions import larger, next_version

NUMBER = st.integers(min_value=0, max_value=10**9)


@st.composite
def versions(draw: st.DrawFn) -> str:
    """PEP 440 versions of every form, written normally or not."""
    epoch = draw(st.sampled_from(["", "", "1!", "2!"]))
    release = ".".join(map(str, draw(st.lists(NUMBER, min_size=1, max_size=5))))
    pre = draw(st.sampled_from(["", "", "a1", "b2", "rc0", "-RC.3", ".c"]))
    post = draw(st.sampled_from(["", "", ".post0", ".post3", "-1", "rev"]))
    dev = draw(st.sampled_from(["", "", ".dev0", "dev4"]))
    local = draw(st.sampled_from(["", "", "+dirty", "+ubuntu-1"]))
    return f"{draw(st.sampled_from(['', 'v']))}{epoch}{release}{pre}{post}{dev}{local}"


BUMPS = st.sampled_from(list(Bump))


@pytest.mark.parametrize(
    ("last", "patch", "minor", "major"),
    [
        ("1.2.3", "1.2.4", "1.3.0", "2.0.0"),
        ("0.0.1", "0.0.2", "0.1.0", "1.0.0"),
        ("1.2.9", "1.2.10", "1.3.0", "2.0.0"),
        ("5", "5.0.1", "5.1", "6"),
        ("1.2", "1.2.1", "1.3", "2.0"),
        ("1.2.3.4", "1.2.4", "1.3.0", "2.0.0"),
        ("2024.11.20.7.1", "2024.11.21", "2024.12.0", "2025.0.0"),
        ("1!2.0", "1!2.0.1", "1!2.1", "1!3.0"),
        ("v1.02.3", "1.2.4", "1.3.0", "2.0.0"),
        ("1.3.0rc1", "1.3.0", "1.3.0", "2.0.0"),
        ("1.3.1a1", "1.3.1", "1.4.0", "2.0.0"),
        ("1.3b2", "1.3", "1.3", "2.0"),
        ("2.0.0.dev3", "2.0.0", "2.0.0", "2.0.0"),
        ("2.1.0.dev3", "2.1.0", "2.1.0", "3.0.0"),
        ("1!2.0rc1", "1!2.0", "1!2.0", "1!2.0"),
        ("0.0.0.dev0", "0.0.0", "0.1.0", "1.0.0"),
        ("1.2.3.4rc1", "1.2.3.4", "1.3.0", "2.0.0"),
        ("1.0rc1.post2", "1.0", "1.0", "1.0"),
        ("1.2.3.post1", "1.2.4", "1.3.0", "2.0.0"),
        ("1.2.3.post1.dev2", "1.2.4", "1.3.0", "2.0.0"),
        ("1.2.3+dirty", "1.2.4", "1.3.0", "2.0.0"),
    ],
)
def test_each_bump_moves_its_part(last: str, patch: str, minor: str, major: str) -> None:
    moved = [next_version([last], bump, default="0.0.1") for bump in (Bump.PATCH, Bump.MINOR, Bump.MAJOR)]
    assert moved == [patch, minor, major]


@pytest.mark.parametrize("bump", [Bump.NONE, Bump.FIRST, Bump.EXACT])
def test_who_releases_again_moves_at_least_the_patch(bump: Bump) -> None:
    assert next_version(["1.2.3"], bump, default="0.0.1") == "1.2.4"


def test_the_highest_by_pep_440_counts_and_old_tags_that_are_no_versions_do_not() -> None:
    released = ["1.10.0", "1.9.0", "2.0.x", "release-7", "", "1.10.0rc1", "9" * 5000]
    assert next_version(released, Bump.PATCH, default="0.0.1") == "1.10.1"
    assert str(last_version(released)) == "1.10.0"


def test_an_epoch_is_higher_than_any_number_without_it() -> None:
    assert str(last_version(["2024.1", "1!1.0"])) == "1!1.0"
    assert next_version(["2024.1", "1!1.0"], Bump.PATCH, default="0.0.1") == "1!1.0.1"


@pytest.mark.parametrize("released", [[], ["nightly", "release-candidate"]])
@pytest.mark.parametrize(("default", "expected"), [("0.0.1", "0.0.1"), ("v1.00", "1.0"), ("1.0.dev0", "1.0.dev0")])
def test_the_first_release_has_the_default_whatever_is_asked(released: list[str], default: str, expected: str) -> None:
    for bump in Bump:
        assert next_version(released, bump, default=default) == expected


@pytest.mark.parametrize("default", ["", "one", "1.0+local", "1..0"])
def test_a_default_that_cannot_be_released_is_a_fault_of_the_configuration(default: str) -> None:
    with pytest.raises(ConfigError, match="default_version"):
        next_version([], Bump.PATCH, default=default)


@pytest.mark.parametrize(
    ("exact", "expected"),
    [
        ("1.3", "1.3"),
        ("v2.0.0-RC.1", "2.0.0rc1"),
        ("1.2.4.dev1", "1.2.4.dev1"),
        ("1!0.1", "1!0.1"),
        ("1.2.3.post1",) * 2,
    ],
)
def test_an_exact_version_above_the_last_is_taken_as_it_is(exact: str, expected: str) -> None:
    assert next_version(["1.2.3"], Bump.EXACT, default="0.0.1", exact=exact) == expected


@pytest.mark.parametrize("exact", ["1.2.3", "1.2.3.0", "v1.2.3", "1.2.2", "0.9", "1.2.3rc1", "1.2.3.dev1"])
def test_an_exact_version_that_is_not_above_the_last_is_an_error_with_both(exact: str) -> None:
    with pytest.raises(FindingsError) as caught:
        next_version(["1.2.3+dirty", "1.0"], Bump.EXACT, default="0.0.1", exact=exact)
    assert str(Version(exact)) in caught.value.message
    assert "1.2.3 is already released" in caught.value.message
    assert caught.value.advice


@pytest.mark.parametrize("exact", ["", "latest", "1.2.x", "9" * 5000, "\u0661.\u0662"])
def test_an_exact_version_that_is_none_is_an_error(exact: str) -> None:
    with pytest.raises(FindingsError, match="PEP 440"):
        next_version([], Bump.EXACT, default="0.0.1", exact=exact)


def test_a_local_label_cannot_be_asked_for() -> None:
    with pytest.raises(FindingsError, match="local label"):
        next_version(["1.0"], Bump.EXACT, default="0.0.1", exact="2.0+fork")


def test_an_exact_first_version_needs_no_default() -> None:
    assert next_version([], Bump.FIRST, default="0.0.1", exact="3.0") == "3.0"


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (Bump.PATCH, Bump.MINOR, Bump.MINOR),
        (Bump.MAJOR, Bump.MINOR, Bump.MAJOR),
        (Bump.NONE, Bump.PATCH, Bump.PATCH),
        (Bump.FIRST, Bump.MAJOR, Bump.FIRST),
        (Bump.EXACT, Bump.MAJOR, Bump.EXACT),
        (Bump.EXACT, Bump.FIRST, Bump.EXACT),
    ],
)
def test_the_larger_bump_decides(one: Bump, other: Bump, expected: Bump) -> None:
    assert larger(one, other) is larger(other, one) is expected


@pytest.mark.parametrize(
    ("version", "expected"),
    [("1.0", False), ("1.0rc1", True), ("1.0.dev1", True), ("1.0.post1", False), ("1.0+x", False)],
)
def test_prereleases_are_those_of_pep_440(version: str, expected: bool) -> None:  # noqa: FBT001
    assert is_prerelease(version) is expected


def test_what_is_no_version_is_neither_prerelease_nor_release() -> None:
    with pytest.raises(FindingsError):
        is_prerelease("0.1.0-test.1")


@given(st.lists(versions() | st.text(max_size=20), max_size=8), BUMPS)
def test_the_next_version_is_normal_and_above_all_that_was_released(released: list[str], bump: Bump) -> None:
    moved = next_version(released, bump, default="0.0.1")
    assert str(Version(moved)) == moved
    assert Version(moved).local is None
    known = [version for text in released if (version := parse_version(text))]
    assert all(Version(moved) > version for version in known)
    assert moved == "0.0.1" or known


@given(st.lists(versions(), min_size=1, max_size=8), versions())
def test_an_exact_version_is_taken_or_refused_but_never_below_what_was_released(
    released: list[str], exact: str
) -> None:
    try:
        moved = next_version(released, Bump.EXACT, default="0.0.1", exact=exact)
    except FindingsError:
        assert Version(exact).local or any(Version(Version(old).public) >= Version(exact) for old in released)
    else:
        assert all(Version(moved) > Version(old) for old in released)
