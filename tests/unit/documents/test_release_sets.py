from copy import deepcopy
from dataclasses import replace
from typing import Any

import pytest

from paa.documents.plans import plan_from_json
from paa.documents.reading import parse_json
from paa.documents.release_sets import release_set_from_json, release_set_to_json
from paa.documents.writing import dump
from paa.errors import ConfigError
from paa.model import Bump, ReleaseSet
from tests.unit.documents.samples import PLAN, RELEASE_SET, REPORT, TEXT_TOOLS, built, put

Document = dict[str, Any]


def document() -> Document:
    """The document of the sample build, ready to be spoilt."""
    return deepcopy(release_set_to_json(RELEASE_SET))


def faults(spoilt: object) -> tuple[str, ...]:
    with pytest.raises(ConfigError) as caught:
        release_set_from_json(spoilt, "dist/paa-release.json")
    assert "dist/paa-release.json" in caught.value.message
    return caught.value.faults


def test_a_build_is_read_as_it_was_written() -> None:
    data = dump(release_set_to_json(RELEASE_SET))
    assert release_set_from_json(parse_json(data, "x")) == RELEASE_SET
    assert dump(release_set_to_json(release_set_from_json(parse_json(data, "x")))) == data


def test_the_document_of_a_build_is_also_one_of_a_plan() -> None:
    assert plan_from_json(document()) == PLAN


def test_a_release_that_was_not_built_is_still_known_to_those_that_need_it() -> None:
    written = release_set_to_json(ReleaseSet(plan=PLAN, releases=RELEASE_SET.releases[1:]))
    read = release_set_from_json(written)
    assert read.plan == PLAN
    assert [item.release.package for item in read.releases] == ["report"]
    assert read.releases[0].release.needs == ("text_tools",)


def test_what_was_built_beyond_the_plan_comes_last_and_is_not_unchanged() -> None:
    extra = replace(REPORT, package="colours", distribution="colours", version="2.0+dirty", bump=Bump.NONE, needs=())
    releases = ReleaseSet(plan=PLAN, releases=(built(extra), *RELEASE_SET.releases))
    read = release_set_from_json(release_set_to_json(releases))
    assert [item.release.package for item in read.releases] == ["text_tools", "report", "colours"]
    assert read.plan.unchanged == ("calendar_days",)


def test_files_requirements_and_checks_are_sorted() -> None:
    release = replace(built(TEXT_TOOLS, "z", "a"), files=built(TEXT_TOOLS).files[::-1])
    written: Any = release_set_to_json(ReleaseSet(plan=PLAN, releases=(release,)))
    assert [file["kind"] for file in written["releases"][0]["files"]] == ["wheel", "sdist"]
    assert written["releases"][0]["requires_dist"] == ["a", "z"]


def test_a_distribution_name_unlike_its_file_names_is_the_same_name() -> None:
    spoilt = document()
    spoilt["releases"][0]["distribution"] = "Text.Tools"
    assert release_set_from_json(spoilt).releases[0].release.distribution == "Text.Tools"


def test_an_epoch_stands_in_file_names() -> None:
    release = replace(TEXT_TOOLS, version="1!2.0rc1")
    releases = ReleaseSet(plan=replace(PLAN, releases=(release,)), releases=(built(release),))
    assert release_set_from_json(release_set_to_json(releases)) == releases


@pytest.mark.parametrize(
    ("at", "value", "fault"),
    [
        ("files.0.name", "../text_tools-1.3.0-py3-none-any.whl", "releases[0].files[0].name: "),
        ("files.0.name", "/tmp/text_tools-1.3.0-py3-none-any.whl", "releases[0].files[0].name: "),  # noqa: S108
        ("files.0.name", "x\\text_tools-1.3.0-py3-none-any.whl", "releases[0].files[0].name: "),
        ("files.0.name", ".text_tools-1.3.0-py3-none-any.whl", "releases[0].files[0].name: "),
        ("files.0.name", "text_tools-1.3.0-py3-none-any.whl\n", "releases[0].files[0].name: "),
        ("files.0.name", "text_tools-1.3.0.zip", "releases[0].files[0].name: "),
        ("files.0.name", 1, "releases[0].files[0].name: "),
        (
            "files.0.name",
            "other-1.3.0-py3-none-any.whl",
            "releases[0].files[0].name: other-1.3.0-py3-none-any.whl is not",
        ),
        ("files.0.name", "text_tools-1.3.1-py3-none-any.whl", "releases[0].files[0].name: "),
        ("files.0.name", "text_tools.whl", "releases[0].files[0].name: "),
        ("files.0.name", "text_tools-1.3.0.tar.gz", "releases[0].files[0].kind: "),
        ("files.1.name", "text_tools-1.3.1.tar.gz", "releases[0].files[1].name: "),
        ("files.1.name", "text_tools-1.3.0+dirty.tar.gz", "releases[0].files[1].name: "),
        ("files.0.kind", "egg", 'releases[0].files[0].kind: "egg" is not one of wheel, sdist'),
        ("files.0.kind", "sdist", "releases[0].files[0].kind: text_tools-1.3.0-py3-none-any.whl is not a sdist"),
        ("files.0.size", -1, "releases[0].files[0].size: -1"),
        ("files.0.size", 1.0, "releases[0].files[0].size: 1.0"),
        ("files.0.size", None, "releases[0].files[0].size: null"),
        ("files.0.sha256", "c" * 63, "releases[0].files[0].sha256: "),
        ("files.0.sha256", "C" * 64, "releases[0].files[0].sha256: "),
        ("files.0.sha256", "g" * 64, "releases[0].files[0].sha256: "),
        ("files", {}, "releases[0].files: "),
        ("files", [None], "releases[0].files[0]: null is not an object"),
        ("requires_dist", "x", "releases[0].requires_dist: "),
        ("requires_dist", ["x\nProvides-Extra: y"], "releases[0].requires_dist[0]: "),
        ("checks", [], "releases[0].checks: "),
        (
            "checks",
            {"import": "skipped"},
            'releases[0].checks.import: "skipped" is not one of passed, failed',
        ),
        ("version", "1.3.1", "releases[0].files[0].name: text_tools-1.3.0-py3-none-any.whl is not a file of"),
        ("needs", ["nowhere"], "releases[0].needs: nowhere is not one of the releases"),
    ],
)
def test_each_fault_is_told_with_its_key_path(at: str, value: object, fault: str) -> None:
    spoilt = document()
    put(spoilt, f"releases.0.{at}", value)
    assert [found for found in faults(spoilt) if found.startswith(fault)]


def test_a_file_belongs_to_one_release() -> None:
    spoilt = document()
    spoilt["releases"][0]["files"][1] = spoilt["releases"][0]["files"][0]
    assert faults(spoilt) == ("releases: the file text_tools-1.3.0-py3-none-any.whl is there twice",)


def test_the_document_of_a_plan_is_none_of_a_build() -> None:
    spoilt = document()
    for release in spoilt["releases"]:
        del release["files"], release["requires_dist"], release["checks"]
    assert {fault.partition("]")[2] for fault in faults(spoilt)} == {
        ".files: is missing",
        ".requires_dist: is missing",
        ".checks: is missing",
    }
