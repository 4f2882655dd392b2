"""docs/reference says what the functions do: schemas hold for real output, and the examples are real output."""

import json
import re
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

import paa
from paa.documents.artifacts_lock import artifacts_lock_bytes, parse_artifacts_lock
from paa.documents.details import details_to_json
from paa.documents.graphs import Graph, graph_to_json
from paa.documents.index_lists import indexes_to_json
from paa.documents.listing import ListedPackage, PackageState, list_to_json
from paa.documents.manifest import Manifest, manifest_bytes, parse_manifest
from paa.documents.plans import plan_from_json, plan_to_json
from paa.documents.reasons import Explanation, explanation_to_json
from paa.documents.release_sets import release_set_from_json, release_set_to_json
from paa.model import Bump, IndexKind, InterfaceKind, Pin, Plan, ReleaseSet
from paa.plan.tags import parse_tag_message, tag_message
from paa.ppr.generated import Generated, generated_bytes, parse_generated
from paa.ppr.report import set_up_to_json
from paa.ppr.upgrade import FileState
from paa.publish.installing import Installer
from tests.unit.documents.samples import (
    DETAILS,
    EMPTY_DETAILS,
    EXPLANATION,
    GRAPH,
    INDEXES,
    INSTALL_TEXT,
    PLAN,
    RELEASE_SET,
    SETTINGS,
)
from tests.unit.ppr.samples import FOLDERS, GENERATED, KEPT, SET_UP

REFERENCE = Path(__file__).parents[3] / "docs" / "reference"
PAGE = (REFERENCE / "formats.md").read_text(encoding="utf-8")

MANIFEST = Manifest(
    package="text_tools",
    version="1.3.0",
    fingerprint="a" * 64,
    repository="https://github.com/example/tools",
    components=("python_modules/components/words.py",),
    interfaces=tuple(InterfaceKind),
    artifacts={"model.bin": "c" * 64, "stop_words.txt": "b" * 64},
    links={"model.bin": "https://models.example.org/model.bin"},
)
LIST = [
    ListedPackage(package=state.value, distribution="x-y", path="x.py", version=version, state=state, interfaces=kinds)
    for state, version, kinds in zip(
        PackageState, [None, "1.0", "2.0rc1", None], [tuple(InterfaceKind), (), (), ()], strict=True
    )
]
PUBLISHABLE = replace(PLAN, settings=SETTINGS)
PIN = Pin(url="https://models.example.org/model.bin", sha256="c" * 64, size=3)
OUTPUT = {
    "plan": [
        plan_to_json(PUBLISHABLE),
        plan_to_json(Plan(commit=None, indexes=(), builder="x", provisional="offline")),
    ],
    "release": [release_set_to_json(RELEASE_SET), release_set_to_json(ReleaseSet(plan=PLAN, releases=()))],
    "manifest": [
        json.loads(manifest_bytes(MANIFEST)),
        json.loads(manifest_bytes(Manifest(package="a", version="1", fingerprint="0" * 64))),
    ],
    "list": [list_to_json(LIST), list_to_json([])],
    "show": [details_to_json(DETAILS), details_to_json(EMPTY_DETAILS)],
    "why": [explanation_to_json(EXPLANATION), explanation_to_json(Explanation(package="a", asked="b"))],
    "graph": [graph_to_json(GRAPH), graph_to_json(Graph(packages=()))],
    "indexes": [indexes_to_json(INDEXES, INSTALL_TEXT), indexes_to_json([])],
    "generated": [json.loads(generated_bytes(item)) for item in (GENERATED, Generated(paa="0.1.0"))],
    "set-up": [set_up_to_json(SET_UP, KEPT, dry_run=False), set_up_to_json(FOLDERS, {}, dry_run=True)],
    "artifacts-lock": [json.loads(artifacts_lock_bytes(pins)) for pins in ([PIN], [])],
}
NAMES = sorted(OUTPUT)


def schema(name: str) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((REFERENCE / f"{name}.schema.json").read_text(encoding="utf-8"))
    return loaded


def strict(node: object) -> object:
    """The schema with no other keys allowed than those it describes."""
    if isinstance(node, list):
        return [strict(item) for item in node]
    if not isinstance(node, dict):
        return node
    closed = {key: strict(value) for key, value in node.items()}
    if "properties" in node and "additionalProperties" not in node and isinstance(node["properties"], dict):
        closed["additionalProperties"] = False
    return closed


def leaves(document: object, *path: str | int) -> Iterator[tuple[str | int, ...]]:
    """The paths of all values of a document."""
    if path:
        yield path
    if isinstance(document, dict):
        for key, value in document.items():
            yield from leaves(value, *path, key)
    elif isinstance(document, list):
        for number, value in enumerate(document):
            yield from leaves(value, *path, number)


@pytest.mark.parametrize("name", NAMES)
def test_real_output_holds_to_the_schema_and_has_no_key_that_it_leaves_out(name: str) -> None:
    Draft202012Validator.check_schema(schema(name))
    described = strict(schema(name))
    assert isinstance(described, dict)
    for document in OUTPUT[name]:
        Draft202012Validator(described).validate(json.loads(json.dumps(document)))


@pytest.mark.parametrize("name", NAMES)
def test_the_schema_refuses_what_has_another_type_anywhere(name: str) -> None:
    validator = Draft202012Validator(schema(name))
    document = json.loads(json.dumps(OUTPUT[name][0]))
    for path in leaves(document):
        spoilt = deepcopy(document)
        place = spoilt
        for key in path[:-1]:
            place = place[key]
        place[path[-1]] = 0.5
        assert not validator.is_valid(spoilt), path


@pytest.mark.parametrize("name", NAMES)
def test_the_schema_wants_every_key_that_is_always_written(name: str) -> None:
    first, second = (json.loads(json.dumps(document)) for document in OUTPUT[name])
    validator = Draft202012Validator(schema(name))
    for key in (first.keys() & second.keys()) - {"paa"}:
        assert not validator.is_valid({other: value for other, value in first.items() if other != key}), key


def test_the_schemas_agree_on_what_they_share() -> None:
    plan, release, manifest = (schema(name)["$defs"] for name in ("plan", "release", "manifest"))
    shared = plan.keys() & release.keys() - {"release"}
    assert {key: plan[key] for key in shared} == {key: release[key] for key in shared}
    assert {key: plan[key] for key in manifest} == manifest
    built = release["release"]["properties"]
    assert {key: built[key] for key in plan["release"]["properties"]} == plan["release"]["properties"]
    assert built.keys() - plan["release"]["properties"].keys() == {"files", "requires_dist", "checks"}


def test_the_schemas_of_what_is_looked_at_agree_on_what_they_share() -> None:
    listed, show, why, graph = (schema(name) for name in ("list", "show", "why", "graph"))
    assert listed["$defs"]["listed"]["properties"].items() <= show["properties"].items()
    assert set(listed["$defs"]["listed"]["required"]) < set(show["required"])
    for other in (listed, why, graph):
        shared = other["$defs"].keys() & show["$defs"].keys()
        assert {key: other["$defs"][key] for key in shared} == {key: show["$defs"][key] for key in shared}


def test_the_schemas_list_every_bump_and_interface() -> None:
    assert schema("plan")["$defs"]["release"]["properties"]["bump"]["enum"] == [bump.value for bump in Bump]
    kinds = sorted(kind.value for kind in InterfaceKind)
    assert schema("manifest")["properties"]["interfaces"]["items"]["enum"] == kinds
    assert schema("list")["$defs"]["listed"]["properties"]["interfaces"]["items"]["enum"] == kinds


def test_the_schema_lists_all_that_becomes_of_a_file() -> None:
    state = schema("set-up")["$defs"]["file"]["properties"]["state"]
    assert state["enum"] == [state.value for state in FileState]


def test_the_schema_lists_every_kind_of_index_and_installer() -> None:
    parts = schema("indexes")["$defs"]
    assert parts["index"]["properties"]["kind"]["enum"] == [kind.value for kind in IndexKind]
    assert schema("plan")["$defs"]["index"]["properties"]["kind"]["enum"] == [kind.value for kind in IndexKind]
    installers = [installer.value for installer in Installer]
    assert parts["install_with"]["properties"]["installer"]["enum"] == installers


def example(heading: str, language: str) -> str:
    """The first code block of ``language`` below ``heading`` on the page."""
    section = PAGE.split(f"## {heading}\n")[1].split("\n## ")[0]
    found = re.search(rf"^```{language}\n(.*?)^```$", section, re.MULTILINE | re.DOTALL)
    assert found, heading
    return found[1]


def test_the_examples_of_the_page_are_real() -> None:
    plan = json.loads(example("The plan", "json"))
    assert plan_to_json(plan_from_json(plan)) == {**plan, "paa": paa.__version__}
    build = json.loads(example("The release set", "json"))
    assert release_set_to_json(release_set_from_json(build)) == {**build, "paa": paa.__version__}
    text = example("The manifest", "json")
    manifest = parse_manifest(text.encode())
    assert manifest is not None
    assert manifest_bytes(manifest).decode() == text
    lock = example("The lock of linked artifacts", "json")
    assert artifacts_lock_bytes(parse_artifacts_lock(lock.encode()).values()).decode() == lock
    generated = example("What was generated", "json")
    assert generated_bytes(parse_generated(generated.encode())).decode() == generated
    for heading, name in (
        ("The list of packages", "list"),
        ("The details of a package", "show"),
        ("The reasons for a requirement", "why"),
        ("The graph", "graph"),
        ("The list of indexes", "indexes"),
        ("What was set up", "set-up"),
    ):
        described = strict(schema(name))
        assert isinstance(described, dict)
        Draft202012Validator(described).validate(json.loads(example(heading, "json")))


def test_the_tag_of_the_page_is_what_is_written_for_the_release_set_of_the_page() -> None:
    build = release_set_from_json(json.loads(example("The release set", "json")))
    text = example("The tag of a release", "text")
    assert text in {tag_message(item.release, item.files, build.plan.builder) for item in build.releases}
    assert parse_tag_message(text) is not None


def test_the_page_names_every_key() -> None:
    for name in NAMES:
        properties = {
            key for node in [schema(name), *schema(name)["$defs"].values()] for key in node.get("properties", {})
        }
        for key in properties:
            assert f"`{key}`" in PAGE or f'"{key}"' in PAGE, f"{name}: {key}"
