"""A plan and what was built for it, as the tests of this folder use them."""

from pathlib import Path
from typing import Any

from paa.documents.details import PackageDetails, PackageFile, PassedImport
from paa.documents.graphs import Graph, GraphPackage, GraphRequirement
from paa.documents.index_lists import InstallText, ListedIndex
from paa.documents.listing import ListedPackage, PackageState
from paa.documents.reasons import Explanation, Occurrence, ReasonCommit, ReasonStep
from paa.model import (
    Blocked,
    BuiltRelease,
    Bump,
    Distribution,
    DistributionKind,
    Finding,
    Index,
    IndexKind,
    InterfaceKind,
    Location,
    Metadata,
    Outcome,
    Package,
    Plan,
    PublishSettings,
    Reason,
    Release,
    ReleaseSet,
    Requirement,
    ScannedPackage,
    Severity,
)

COMMIT = "0123456789abcdef0123456789abcdef01234567"

TEXT_TOOLS = Release(
    package="text_tools",
    distribution="text-tools",
    version="1.3.0",
    previous="1.2.4",
    bump=Bump.MINOR,
    fingerprint="a" * 64,
    reasons=(
        Reason(kind="changed", text="python_modules/text_tools.py changed", path="python_modules/text_tools.py"),
        Reason(kind="commit", text="[text_tools][.+.] Wrap by words", commit=COMMIT),
    ),
    notes=("Wrap by words",),
)
REPORT = Release(
    package="report",
    distribution="report",
    version="0.0.1",
    previous=None,
    bump=Bump.FIRST,
    fingerprint="b" * 64,
    reasons=(Reason(kind="new", text="never released"),),
    needs=("text_tools",),
    floors={"text_tools": "1.3.0"},
    new_on_index=True,
)
PLAN = Plan(
    commit=COMMIT,
    indexes=("local", "company"),
    builder="flit_core 4.2.0",
    releases=(TEXT_TOOLS, REPORT),
    unchanged=("calendar_days", "colours"),
    blocked=(
        Blocked(package="broken", reason="'(' was never closed", path="python_modules/broken.py", line=12),
        Blocked(package="taken", reason="the name belongs to somebody else", advice="choose another name"),
    ),
)
SETTINGS = PublishSettings(
    indexes=(
        Index(
            name="company",
            kind=IndexKind.AZURE,
            organization="contoso",
            project="The platform",
            feed="data",
            upload_url="https://feeds.example.org/data/upload/",
            simple_url="https://feeds.example.org/data/simple/",
            install_url="https://feeds.example.org/group/simple/",
        ),
        Index(
            name="data",
            kind=IndexKind.CODEARTIFACT,
            domain="d",
            owner="123456789012",
            region="eu-west-1",
            repository="r",
            upload_url="https://d.example.org/",
            simple_url="https://d.example.org/simple/",
        ),
        Index(name="local", kind=IndexKind.DIRECTORY, path=Path("/srv/index").absolute()),
        Index(
            name="pages",
            kind=IndexKind.GITHUB_PAGES,
            url="https://example.github.io/tools",
            simple_url="https://example.github.io/tools/simple/",
            branch="gh-pages",
        ),
        Index(name="private", kind=IndexKind.GIT, branch="dist/{package}", remote="git@github.com:example/dist.git"),
    ),
    publish_to=("local", "company"),
    prereleases_to=("data",),
    adopt=("text-tools",),
    distributions=("report", "text-tools"),
    projects=("text-tools",),
    repository="https://github.com/example/tools",
)


def built(release: Release, *requires: str, checks: dict[str, Outcome] | None = None) -> BuiltRelease:
    """``release`` with a wheel and an sdist."""
    stem = f"{release.distribution.replace('-', '_')}-{release.version}"
    return BuiltRelease(
        release=release,
        files=(
            Distribution(name=f"{stem}-py3-none-any.whl", size=2741, sha256="c" * 64, kind=DistributionKind.WHEEL),
            Distribution(name=f"{stem}.tar.gz", size=2390, sha256="d" * 64, kind=DistributionKind.SDIST),
        ),
        requires_dist=requires,
        checks=checks or {},
    )


RELEASE_SET = ReleaseSet(
    plan=PLAN,
    releases=(
        built(TEXT_TOOLS, checks={"import": Outcome.PASSED, "metadata": Outcome.PASSED}),
        built(REPORT, "text-tools>=1.3.0", checks={"import": Outcome.FAILED}),
    ),
)


def put(document: dict[str, Any], at: str, value: object) -> None:
    """Spoil ``document``: put ``value`` at the dotted path ``at``."""
    *path, last = (int(key) if key.isdigit() else key for key in at.split("."))
    place: Any = document
    for key in path:
        place = place[key]
    place[last] = value


REQUIREMENTS = (
    Requirement(
        requirement="text-tools",
        evidence="package of this repository",
        sources=(Location(path="python_modules/report.py", line=3), Location(path="python_modules/report.py")),
        sibling="text_tools",
    ),
    Requirement(requirement="rich>=14", evidence="built-in table: rich", sources=(), extra="rich"),
)
FINDINGS = (
    Finding(
        rule="mark",
        message="it says nothing",
        location=Location(path="python_modules/report.py", line=4),
        advice="remove it",
        severity=Severity.WARNING,
    ),
    Finding(rule="name", message="it is taken"),
)
DETAILS = PackageDetails(
    listed=ListedPackage(
        package="report",
        distribution="report",
        path="python_modules/report.py",
        version="1.0",
        state=PackageState.CHANGED,
        interfaces=(InterfaceKind.CLI,),
    ),
    scanned=ScannedPackage(
        package=Package(name="report", module="python_modules/report.py"),
        metadata=Metadata(
            distribution="report",
            description="Reports.",
            requires_python=">=3.11",
            authors=(("Ann", "ann@example.com"),),
            license="MIT",
            keywords=("reports",),
            classifiers=("Topic :: Office/Business",),
            urls={"Homepage": "https://example.com/"},
            readme="README.md",
            import_names=("report",),
            command="report",
            entry_points={"plugins": {"report": "report:plugin"}},
        ),
        repository="https://example.com/repository",
        components=("python_modules/components/words.py",),
        requirements=REQUIREMENTS,
        findings=FINDINGS,
        fingerprint="c" * 64,
    ),
    files=(
        PackageFile(path="python_modules/report.py", place="report/__init__.py"),
        PackageFile(path="data.link", place="report/artifacts/data", url="https://example.com/data"),
        PackageFile(path="README.md"),
    ),
    imports=(PassedImport(module="rich", kind="optional", location=Location(path="python_modules/report.py", line=5)),),
    floors={"text_tools": "1.3.0"},
)
EMPTY_DETAILS = PackageDetails(
    listed=ListedPackage(
        package="not-a-name", distribution="not-a-name", path="x.py", version=None, state=PackageState.BROKEN
    ),
    scanned=ScannedPackage(package=Package(name="not-a-name", module="x.py")),
)
EXPLANATION = Explanation(
    package="report",
    asked="text_tools",
    distributions=("text-tools",),
    requirements=REQUIREMENTS,
    occurrences=(
        Occurrence(
            location=Location(path="python_modules/components/words.py", line=3),
            text="import text_tools",
            kind="required",
            says="it is imported",
            module="text_tools",
            marker='os_name == "nt"',
            route=(Location(path="python_modules/report.py", line=2),),
            steps=(ReasonStep(source="the table", answer="text-tools", evidence="it is there", decided=True),),
            commit=ReasonCommit(sha=COMMIT, date="2026-03-01", subject="Begin"),
        ),
        Occurrence(location=Location(path="x.py"), text="", kind="stated", says="the mark there asks for it"),
    ),
    notes=("there is more",),
    near=("text",),
    floors={"text_tools": "1.3.0"},
)
INDEXES = [
    ListedIndex(
        index=Index(
            name="data",
            kind=IndexKind.GITLAB,
            path=Path("/srv/index"),
            upload_url="https://h/up/",
            simple_url="https://h/simple/",
            install_url="https://h/group/",
            branch="dist/{package}",
            remote="https://h/x.git",
        ),
        credentials="PAA_DATA_PASSWORD",
        publish=True,
    ),
    ListedIndex(index=Index(name="a", kind=IndexKind.GIT), prereleases=True),
]
INSTALL_TEXT = InstallText(installer="pip", index="data", text="pip install a\n")
GRAPH = Graph(
    packages=(
        GraphPackage(
            package="report",
            distribution="report",
            level=2,
            needs=("text_tools",),
            optional=("words",),
            requirements=(
                GraphRequirement(requirement="click>=8", distribution="click"),
                GraphRequirement(requirement="rich", distribution="rich", extra="rich"),
            ),
            components=("python_modules/components/words.py",),
        ),
        GraphPackage(package="text_tools", distribution="text-tools", level=1, broken=True),
        GraphPackage(package="words", distribution="words", level=None, needs=("words_more",)),
        GraphPackage(package="words_more", distribution="words-more", level=None, needs=("words",)),
    ),
    cycles=(("words", "words_more"),),
)
