"""Tags as requests: what they ask for, and what was probably meant where they ask for nothing that there is."""

import pytest

from paa.errors import FindingsError
from paa.plan.requested import meant_version, read_request

FORMAT = "{package}-v{version}"


def asked(tag: str, *packages: str, tag_format: str = FORMAT) -> tuple[str, str]:
    request = read_request(tag, tag_format, frozenset(packages))
    assert request.tag == tag
    return request.package, request.version


def refused(tag: str, *packages: str, tag_format: str = FORMAT) -> str:
    with pytest.raises(FindingsError) as caught:
        asked(tag, *packages, tag_format=tag_format)
    return f"{caught.value.message} → {caught.value.advice}"


@pytest.mark.parametrize(
    ("tag", "version"),
    [
        ("v1.2.3", "1.2.3"),
        ("1.2.3", "1.2.3"),
        ("v0.1.0-beta.1", "0.1.0b1"),
        ("v0.1.0-alpha.2", "0.1.0a2"),
        ("0.1.0rc1", "0.1.0rc1"),
        ("v1.0.dev3", "1.0.dev3"),
        ("V1.2", "1.2"),
        ("foo-v1!2.0.post1", "1!2.0.post1"),
        ("v1.2_foo", "1.2"),
        ("foo-v1.2.3", "1.2.3"),
    ],
)
def test_one_package_takes_its_version_in_any_spelling(tag: str, version: str) -> None:
    assert asked(tag, "foo") == ("foo", version)


def test_several_packages_are_told_apart_by_the_format() -> None:
    assert asked("my-tool-v2.0-rc.1", "my_tool", "tool") == ("my_tool", "2.0rc1")
    assert asked("v2.0/tool", "my_tool", "tool", tag_format="v{version}/{package}") == ("tool", "2.0")
    assert "my_tool-v1.2.3 or tool-v1.2.3" in refused("v1.2.3", "my_tool", "tool")


def test_what_fits_several_packages_names_them() -> None:
    assert "1.0 of a or 1.0 of b" in refused("v1.0", "a", "b", tag_format="v{version}")


@pytest.mark.parametrize(
    ("tag", "meant"),
    [
        ("v0.1.0-test.1", "0.1.0.dev1"),
        ("foo-v0.1.0-test.1", "0.1.0.dev1"),
        ("v1.0-SNAPSHOT", "1.0.dev1"),
        ("v1.0.0-nightly.20260101", "1.0.0.dev20260101"),
        ("v1.0.0-rc.1.2", "1.0.0rc1"),
        ("v1.0.Final", "1.0"),
    ],
)
def test_what_is_no_version_names_what_was_probably_meant(tag: str, meant: str) -> None:
    text = refused(tag, "foo")
    assert "no version (PEP 440)" in text
    assert f"foo-v{meant}" in text


@pytest.mark.parametrize(
    "tag", ["latest", "bar-v1.0", "release/7", "", "-v1.0", "$(touch x)", "v", "foo-v", "foo-vx.y"]
)
def test_what_is_no_tag_of_a_package_says_how_they_are_written(tag: str) -> None:
    assert "written like" in refused(tag, "foo", "other")


def test_local_labels_can_t_be_released() -> None:
    assert "→ tag foo-v1.0" in refused("v1.0+mine", "foo")


def test_what_a_tag_holds_can_forge_nothing_and_fills_no_screen() -> None:
    text = refused(f"foo-v1.0-\u202e##vso[task.x]\u0085{'9' * 5000}", "foo")
    assert len(text) < 500
    assert "\u202e" not in text
    assert "\u0085" not in text


@pytest.mark.parametrize("text", ["1.2.x", "one", "", "1.2.3", "v1..2", "9" * 300 + "-test.1"])
def test_nothing_is_made_up_where_nothing_can_be_meant(text: str) -> None:
    assert meant_version(text) is None
