"""The JSON document of doctor holds to its schema, and the example in docs/reference is real output."""

import json
from copy import deepcopy
from dataclasses import replace
from datetime import date
from typing import Any

from jsonschema import Draft202012Validator
from packaging.version import Version

from paa.doctor.evidence import Evidence, FoundTag, Sources, Tracked
from paa.doctor.examine import examine
from paa.doctor.facts import Origin, TagState
from paa.doctor.new_names import new_names
from paa.doctor.observe import Observed
from paa.doctor.recorded import TrackingFiles
from paa.doctor.repair import Repaired
from paa.doctor.report import Report, report_to_json
from paa.doctor.setup import Advice, CredentialSource
from paa.doctor.workflows import PublishingWorkflow
from paa.documents.tracking import TrackedRelease
from paa.errors import ConfigError, IndexReadError, OutsideError
from paa.model import Index, IndexFile, IndexKind, Package, Published, PublishState, ScannedPackage
from paa.publish.targets import resolve_index
from paa.record import Recorded
from tests.unit.documents.test_reference import PAGE, leaves, schema, strict

FILES = tuple(
    IndexFile(name=name, url=f"https://example.org/{name}", sha256="a" * 64)
    for name in ("text_tools-1.3.0-py3-none-any.whl", "text_tools-1.3.0.tar.gz")
)
SOURCES = Sources(fingerprint="f" * 64, commit="c" * 40, builder="flit_core 3.12.0")
EVIDENCE = Evidence(
    package="text_tools",
    distribution="text-tools",
    tag_format="{package}-v{version}",
    tags={
        Version("1.3.0"): FoundTag(
            name="text_tools-v1.3.0",
            state=TagState.OURS,
            sources=SOURCES,
            files={file.name: "a" * 64 for file in FILES},
        )
    },
    tracked=Tracked(
        release=TrackedRelease(package="text_tools", version="1.2.4", fingerprint="e" * 64, commit="b" * 40)
    ),
    noted=frozenset({Version("1.3.0")}),
    served={"company": FILES},
    final_targets=("company",),
    prerelease_targets=("company",),
    origin=Origin.OURS,
    fingerprint="f" * 64,
    sources=SOURCES,
)
SHALLOW = Advice(
    topic="shallow",
    text="this clone is shallow: commits and tags that a release needs may be missing",
    then="git fetch --unshallow --tags (in CI: fetch the whole history)",
)
REPORT = Report(
    indexes=("company",),
    observed=Observed(evidence=(EVIDENCE,), unreadable={}, tracking=TrackingFiles(releases={}, existing_tool=None)),
    examined=examine([EVIDENCE]),
    advice=(SHALLOW,),
    credentials=(CredentialSource(index="company", source="PAA_COMPANY_PASSWORD"),),
)
PUBLISHED = Published(
    package="words", distribution="words", version="1.0", index="company", state=PublishState.FAILED, reason="no"
)
FULL = replace(
    REPORT,
    observed=Observed(
        evidence=(EVIDENCE,),
        unreadable={"company": IndexReadError("no", advice="wait")},
        tracking=TrackingFiles(releases={}, existing_tool=None, problems=(ConfigError("broken"),)),
    ),
    new_names=(
        new_names(
            resolve_index(Index(name="pypi", kind=IndexKind.PYPI)),
            [ScannedPackage(package=Package(name="dice", module="dice.py"))],
            "https://github.com/example/tools",
            PublishingWorkflow(name="publish.yml"),
            date(2026, 1, 1),
        ),
    ),
    repaired=Repaired(
        published=(PUBLISHED,),
        recorded=(Recorded(tags=("a-v1",), pushed=("main",), refused=("b-v1",)),),
        failures={"words 1.0": OutsideError("no")},
    ),
)


def document(report: Report) -> Any:  # noqa: ANN401  # any document
    return json.loads(json.dumps(report_to_json(report)))


def test_real_output_holds_to_the_schema_and_has_no_key_that_it_leaves_out() -> None:
    Draft202012Validator.check_schema(schema("doctor"))
    described = strict(schema("doctor"))
    assert isinstance(described, dict)
    for report in (REPORT, FULL):
        Draft202012Validator(described).validate(document(report))


def test_the_schema_refuses_what_has_another_type_anywhere() -> None:
    validator = Draft202012Validator(schema("doctor"))
    whole = document(FULL)
    for path in leaves(whole):
        spoilt = deepcopy(whole)
        place = spoilt
        for key in path[:-1]:
            place = place[key]
        place[path[-1]] = 0.5
        assert not validator.is_valid(spoilt), path


def test_the_example_on_the_page_is_real_output() -> None:
    section = PAGE.partition("## The diagnosis\n")[2]
    example = section.partition("```json\n")[2].partition("```")[0]
    assert example == json.dumps(report_to_json(REPORT), indent=2) + "\n"


def test_the_exit_code_is_3_for_an_index_1_for_work_to_do_and_0_else() -> None:
    healthy = replace(
        EVIDENCE,
        tracked=Tracked(
            release=TrackedRelease(package="text_tools", version="1.3.0", fingerprint="f" * 64, commit="c" * 40)
        ),
    )
    well = replace(REPORT, examined=examine([healthy]))
    assert [report.exit_code for report in (FULL, REPORT, well)] == [3, 1, 0]
    failed = replace(well, repaired=Repaired(failures={"words 1.0": OutsideError("no")}))
    assert failed.exit_code == 1
