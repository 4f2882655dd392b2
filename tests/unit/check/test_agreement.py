from dataclasses import replace
from typing import Any

import pytest

from paa.check.agreement import as_planned, require_publishable, select_releases
from paa.documents.plans import plan_from_json, plan_to_json
from paa.documents.release_sets import release_set_from_json, release_set_to_json
from paa.errors import ConfigError, UsageError
from paa.model import Plan, Release, ReleaseSet
from tests.unit.documents.samples import PLAN, RELEASE_SET, SETTINGS, put

PUBLISHABLE = plan_from_json(plan_to_json(replace(PLAN, settings=SETTINGS)))


def document() -> dict[str, Any]:
    """What ``paa-release.json`` says, ready to be spoilt."""
    return release_set_to_json(RELEASE_SET)


def held(spoilt: dict[str, Any]) -> ReleaseSet:
    return as_planned(PUBLISHABLE, release_set_from_json(spoilt), "dist/paa-release.json")


def test_what_was_built_as_planned_comes_back_with_the_plan() -> None:
    found = held(document())
    assert found.plan is PUBLISHABLE
    assert [item.release for item in found.releases] == list(PUBLISHABLE.releases)
    assert [item.files for item in found.releases] == [item.files for item in RELEASE_SET.releases]
    assert [item.checks for item in found.releases] == [item.checks for item in RELEASE_SET.releases]


def test_a_shard_has_only_some_releases() -> None:
    part = replace(PUBLISHABLE, releases=PUBLISHABLE.releases[:1])
    found = held(release_set_to_json(ReleaseSet(plan=part, releases=RELEASE_SET.releases[:1])))
    assert [item.release.package for item in found.releases] == ["text_tools"]
    assert found.plan is PUBLISHABLE


def test_what_was_not_built_is_still_planned() -> None:
    found = held(release_set_to_json(ReleaseSet(plan=PLAN, releases=RELEASE_SET.releases[1:])))
    assert [item.release.package for item in found.releases] == ["report"]
    assert [release.package for release in found.plan.releases] == ["text_tools", "report"]


def _as_version(spoilt: dict[str, Any], version: str) -> None:
    """The second release, as another version from its files to its metadata."""
    put(spoilt, "releases.1.version", version)
    for number, ending in enumerate(("-py3-none-any.whl", ".tar.gz")):
        put(spoilt, f"releases.1.files.{number}.name", f"report-{version}{ending}")


def _as_distribution(spoilt: dict[str, Any], name: str) -> None:
    put(spoilt, "releases.1.distribution", name)
    for number, ending in enumerate(("-py3-none-any.whl", ".tar.gz")):
        put(spoilt, f"releases.1.files.{number}.name", f"{name}-0.0.1{ending}")


def _with_more(spoilt: dict[str, Any], name: str) -> None:
    extra = {**spoilt["releases"][1], "package": name, "distribution": name, "needs": []}
    extra["files"] = [{**extra["files"][0], "name": f"{name}-0.0.1-py3-none-any.whl"}]
    spoilt["releases"].append(extra)


@pytest.mark.parametrize(
    ("spoil", "fault"),
    [
        (lambda one: _as_version(one, "99.0"), "releases[1].version: '99.0' here, '0.0.1' in the plan (report)"),
        (lambda one: _as_distribution(one, "requests"), "releases[1].distribution: 'requests' here, 'report' in"),
        (lambda one: _with_more(one, "extra"), "releases[2]: extra is not in the plan"),
        (lambda one: _with_more(one, "later"), "releases[2]: later is not in the plan"),
        (lambda one: put(one, "releases.1.package", "reports"), "releases[1]: reports is not in the plan"),
        (lambda one: put(one, "releases.1.fingerprint", "0" * 64), "releases[1].fingerprint: "),
        (lambda one: put(one, "releases.1.floors", {}), "releases[1].floors: {} here, "),
        (lambda one: put(one, "releases.1.floors", {"text_tools": "1.0"}), "releases[1].floors: "),
        (lambda one: put(one, "releases.1.needs", []), "releases[1].needs: () here, ('text_tools',) in the plan"),
        (lambda one: put(one, "releases.1.targets", ["company"]), "releases[1].targets: ('company',) here"),
        (lambda one: put(one, "releases.1.present_on", ["local"]), "releases[1].present_on: "),
        (lambda one: put(one, "releases.1.new_on_index", False), "releases[1].new_on_index: False here, True in"),  # noqa: FBT003  # a value
        (lambda one: put(one, "releases.1.previous", "0.0.0"), "releases[1].previous: '0.0.0' here, None in"),
        (lambda one: put(one, "releases.1.notes", ["Bought by us"]), "releases[1].notes: ('Bought by us',) here"),
        (lambda one: put(one, "commit", "f" * 40), "commit: 'ffff"),
        (lambda one: put(one, "commit", None), "commit: None here, "),
        (lambda one: put(one, "builder", "flit_core 0.1"), "builder: 'flit_core 0.1' here, "),
        (lambda one: one.update(index="company", indexes=["company", "local"]), "indexes: ('company', 'local') here"),
        (lambda one: put(one, "provisional", "not asked"), "provisional: 'not asked' here, None in the plan"),
    ],
)
def test_whatever_else_it_says_is_refused_by_name(spoil: Any, fault: str) -> None:  # noqa: ANN401  # a function
    spoilt = document()
    spoil(spoilt)
    with pytest.raises(ConfigError) as caught:
        held(spoilt)
    assert caught.value.message.startswith("dist/paa-release.json is not what was planned:")
    assert [found for found in caught.value.faults if found.startswith(fault)], caught.value.faults


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("../report-0.0.1.tar.gz", "is not the name of"),
        ("/etc/report-0.0.1.tar.gz", "is not the name of"),
        ("a\\report-0.0.1.tar.gz", "is not the name of"),
        ("report-0.0.1.tar.gz\n", "is not the name of"),
        ("-report-0.0.1.tar.gz", "is not the name of"),
        ("report-0.0.1.zip", "is not the name of"),
        ("requests-0.0.1.tar.gz", "is not a file of report 0.0.1"),
        ("report-0.0.2.tar.gz", "is not a file of report 0.0.1"),
        ("report_-0.0.1.tar.gz", "is not a file of report 0.0.1"),
        ("text_tools-1.3.0.tar.gz", "is not a file of report 0.0.1"),
    ],
)
def test_the_names_of_files_are_those_of_the_release(name: str, why: str) -> None:
    spoilt = document()
    put(spoilt, "releases.1.files.1.name", name)
    with pytest.raises(ConfigError, match=why):
        held(spoilt)


def test_a_long_value_is_cut() -> None:
    spoilt = document()
    put(spoilt, "releases.1.notes", ["x" * 100_000])
    with pytest.raises(ConfigError) as caught:
        held(spoilt)
    assert len(caught.value.message) < 1000


def test_only_a_plan_with_settings_that_is_not_provisional_can_be_published() -> None:
    require_publishable(PUBLISHABLE, "plan.json")
    with pytest.raises(UsageError, match=r"plan\.json is provisional.*: not asked"):
        require_publishable(replace(PUBLISHABLE, provisional="not asked"), "plan.json")
    with pytest.raises(UsageError, match=r"plan\.json doesn't say what the indexes are"):
        require_publishable(PLAN, "plan.json")


@pytest.mark.parametrize(
    ("names", "found"),
    [
        ((), {"text_tools", "report"}),
        (("text-tools",), {"text_tools"}),
        (("Text.Tools", "text_tools"), {"text_tools"}),
        (("report",), {"report"}),
    ],
)
def test_packages_are_named_by_module_or_distribution(names: tuple[str, ...], found: set[str]) -> None:
    assert select_releases(PLAN, names) == found


def test_the_name_of_a_distribution_that_is_unlike_its_module_s_counts() -> None:
    release: Release = replace(PLAN.releases[0], distribution="acme-text")
    assert select_releases(replace(PLAN, releases=(release,)), ("acme_text",)) == {"text_tools"}


def test_a_name_that_the_plan_does_not_release_is_refused() -> None:
    with pytest.raises(UsageError, match="the plan does not release colours, nothing") as caught:
        select_releases(PLAN, ("nothing", "report", "colours"))
    assert caught.value.advice == "it releases report, text_tools"
    with pytest.raises(UsageError):
        select_releases(Plan(commit=None, indexes=(), builder="x"), ("report",))
