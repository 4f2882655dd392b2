import json
from copy import deepcopy
from dataclasses import replace
from typing import Any

import pytest

from paa.documents.plans import plan_from_json, plan_to_json
from paa.documents.release_sets import release_set_from_json, release_set_to_json
from paa.documents.writing import dump
from paa.errors import ConfigError
from paa.model import Index, IndexKind
from paa.publish.targets import resolve_index
from tests.unit.documents.samples import PLAN, RELEASE_SET, SETTINGS, put

PUBLISHABLE = replace(PLAN, settings=SETTINGS)
COMPANY, DATA, LOCAL, PAGES, PRIVATE = range(5)


def document() -> dict[str, Any]:
    """The document of a plan with settings, ready to be spoilt."""
    return deepcopy(plan_to_json(PUBLISHABLE))


def faults(spoilt: object) -> tuple[str, ...]:
    with pytest.raises(ConfigError) as caught:
        plan_from_json(spoilt, "plan.json")
    return caught.value.faults


def test_the_settings_survive_being_a_file() -> None:
    assert plan_from_json(json.loads(dump(plan_to_json(PUBLISHABLE)))) == PUBLISHABLE


def test_a_plan_without_settings_is_read_as_before() -> None:
    assert "settings" not in plan_to_json(PLAN)
    assert plan_from_json({**document(), "settings": None}).settings is None


def test_no_release_set_has_settings_since_jobs_that_run_code_of_the_repository_write_it() -> None:
    written = release_set_to_json(replace(RELEASE_SET, plan=PUBLISHABLE))
    assert "settings" not in written
    assert release_set_from_json({**written, "settings": document()["settings"]}).plan.settings is None


@pytest.mark.parametrize("kind", IndexKind)
def test_an_index_of_every_kind_is_read_as_it_was_resolved(kind: IndexKind) -> None:
    keys = {
        "url": "https://x.example.org/y",
        "organization": "o",
        "project": "p",
        "feed": "f",
        "domain": "d",
        "owner": "123456789012",
        "region": "eu-west-1",
        "location": "us",
        "repository": "r",
        "account": "a",
    }
    name = kind.value if kind in {IndexKind.PYPI, IndexKind.TESTPYPI} else "mine"
    addresses = {"upload_url": "https://x.example.org/u/", "simple_url": "https://x.example.org/s/"}
    given = {
        IndexKind.DIRECTORY: {"path": SETTINGS.indexes[LOCAL].path},
        IndexKind.GIT: {"branch": "dist/{package}"},
        IndexKind.GITHUB_PAGES: {"url": keys["url"], "branch": "gh-pages"},
    }.get(kind, {key: keys[key] for key in _keys_of(kind)} | addresses)
    index = resolve_index(Index(name=name, kind=kind, **given))  # type: ignore[arg-type]  # its keys, by name
    plan = replace(
        PLAN,
        indexes=(name,),
        releases=(),
        settings=replace(SETTINGS, indexes=(index,), publish_to=(name,), prereleases_to=(name,)),
    )
    assert plan_from_json(plan_to_json(plan)) == plan


def _keys_of(kind: IndexKind) -> tuple[str, ...]:
    return {
        IndexKind.AZURE: ("organization", "feed"),
        IndexKind.GITLAB: ("project",),
        IndexKind.CODEARTIFACT: ("domain", "owner", "region", "repository"),
        IndexKind.GOOGLE: ("project", "location", "repository"),
        IndexKind.ARTIFACTORY: ("url", "repository"),
        IndexKind.NEXUS: ("url", "repository"),
        IndexKind.CLOUDSMITH: ("owner", "repository"),
        IndexKind.GEMFURY: ("account",),
    }.get(kind, ())


@pytest.mark.parametrize(
    ("at", "value", "fault"),
    [
        ("settings", "here", 'settings: "here" is not an object'),
        ("settings.indexes", {}, "settings.indexes: {} is not an array"),
        ("settings.indexes", [], "settings.indexes: company is missing"),
        ("settings.publish_to", ["elsewhere"], "settings.indexes: elsewhere is missing"),
        ("settings.prereleases_to", ["elsewhere"], "settings.indexes: elsewhere is missing"),
        ("settings.prereleases_to", None, "settings.prereleases_to: null is not an array"),
        ("settings.adopt", ["../x"], 'settings.adopt[0]: "../x" is not the name of a distribution'),
        ("settings.repository", "https://ann:s3cret@example.org/x", "settings.repository: has user info before '@'"),
        ("settings.repository", "file:///etc", "settings.repository: is not an http or https address"),
        ("settings.repository", 1, "settings.repository: 1 is not a text"),
        (f"settings.indexes.{COMPANY}.name", "../x", "settings.indexes[0].name: is not a name for an index"),
        (f"settings.indexes.{COMPANY}.name", None, "settings.indexes[0].name: is missing"),
        (f"settings.indexes.{COMPANY}.name", "pypi", "settings.indexes[0].kind: the index pypi is of kind pypi"),
        (f"settings.indexes.{COMPANY}.name", "local", "settings.indexes: local is there twice"),
        (f"settings.indexes.{COMPANY}.kind", "ftp", 'settings.indexes[0].kind: "ftp" is not one of pypi, '),
        (f"settings.indexes.{COMPANY}.upload_url", None, "settings.indexes[0].upload_url: is missing"),
        (f"settings.indexes.{COMPANY}.simple_url", "", "settings.indexes[0].simple_url: "),
        (f"settings.indexes.{COMPANY}.upload_url", "file:///x", "settings.indexes[0].upload_url: is not an http"),
        (f"settings.indexes.{COMPANY}.upload_url", "https://x/?a=b", "settings.indexes[0].upload_url: has a query"),
        (f"settings.indexes.{COMPANY}.upload_url", "https://x/\n", "settings.indexes[0].upload_url: "),
        (f"settings.indexes.{COMPANY}.install_url", "https://a:b@x/", "settings.indexes[0].install_url: has user info"),
        (f"settings.indexes.{COMPANY}.feed", "a/../b", "settings.indexes[0].feed: is not a name"),
        (f"settings.indexes.{DATA}.owner", "me", "settings.indexes[1].owner: is not the number of an AWS account"),
        (f"settings.indexes.{DATA}.domain", None, "settings.indexes[1].domain: is missing"),
        (f"settings.indexes.{LOCAL}.path", "../index", "settings.indexes[2].path: ../index is not absolute"),
        (f"settings.indexes.{LOCAL}.path", None, "settings.indexes[2].path: is missing"),
        (f"settings.indexes.{PAGES}.branch", "-x", "settings.indexes[3].branch: is no name for a Git branch"),
        (f"settings.indexes.{PAGES}.url", None, "settings.indexes[3].url: is missing"),
        (f"settings.indexes.{PRIVATE}.branch", "main", "settings.indexes[4].branch: lacks {package}"),
        (f"settings.indexes.{PRIVATE}.branch", None, "settings.indexes[4].branch: is missing"),
        (f"settings.indexes.{PRIVATE}.remote", "--upload-pack=x", "settings.indexes[4].remote: is neither the name"),
        (f"settings.indexes.{PRIVATE}.remote", "ext::sh -c x", "settings.indexes[4].remote: is neither the name"),
        (f"settings.indexes.{PRIVATE}.remote", "https://a:b@x/y", "settings.indexes[4].remote: has a user name"),
    ],
)
def test_each_fault_is_told_with_its_key_path(at: str, value: object, fault: str) -> None:
    spoilt = document()
    put(spoilt, at, value)
    assert [found for found in faults(spoilt) if found.startswith(fault)], faults(spoilt)


def test_no_message_shows_a_password() -> None:
    spoilt = document()
    for at in ("settings.repository", "settings.indexes.0.upload_url", "settings.indexes.4.remote"):
        put(spoilt, at, "https://ann:s3cret@example.org/x")
    assert len(faults(spoilt)) >= 3
    assert "s3cret" not in str(faults(spoilt))
