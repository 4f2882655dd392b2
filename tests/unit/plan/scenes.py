"""Packages, histories and indexes as the tests of the plan make them up, and the plan for them."""

import re
from collections.abc import Collection, Mapping, Sequence

from paa.config import Config
from paa.config.settings import BUILT_IN_INDEXES, make_config
from paa.documents.manifest import Manifest
from paa.model import Finding, Index, IndexKind, Metadata, Package, Plan, Requirement, ScannedPackage
from paa.plan.commits import Commit
from paa.plan.plan import make_plan
from paa.plan.prereleases import Stage
from paa.plan.published import Ask, PublishedProject
from paa.plan.records import History, Recorded
from paa.plan.work import PlanInput

HEAD = "c" * 40
BASE = "b" * 40
PRINT, OTHER_PRINT = "1" * 64, "2" * 64
REPOSITORY = "https://git.example.org/tools"

Projects = Mapping[str, PublishedProject]


def scanned(
    name: str,
    *,
    needs: Sequence[str] = (),
    fingerprint: str = PRINT,
    findings: Sequence[Finding] = (),
    publish: bool = True,
) -> ScannedPackage:
    """A package whose module is its only file; ``needs`` may have specifiers, as a mark gives them."""
    distribution = name.replace("_", "-")
    return ScannedPackage(
        package=Package(name=name, module=f"python_modules/{name}.py"),
        metadata=Metadata(distribution=distribution, description="", requires_python=">=3.11", publish=publish),
        requirements=tuple(
            Requirement(
                requirement=need.replace("_", "-"),
                evidence="sibling",
                sources=(),
                sibling=re.split("[<>=]", need)[0],
            )
            for need in needs
        ),
        findings=tuple(findings),
        contents={f"python_modules/{name}.py": "0" * 40},
        fingerprint=fingerprint,
    )


def recorded(
    name: str,
    version: str = "1.0.0",
    *,
    fingerprint: str | None = PRINT,
    floors: Mapping[str, str] | None = None,
    indexes: tuple[str, ...] | None = None,
) -> Recorded:
    """A release that the repository knows of."""
    return Recorded(
        package=name, version=version, fingerprint=fingerprint, commit=BASE, floors=floors or {}, indexes=indexes
    )


def history(*releases: Recorded) -> History:
    """The releases of one package; the last of them is the last."""
    return History(releases=releases, last=releases[-1] if releases else None)


def released(name: str, version: str = "1.0.0", *, fingerprint: str | None = PRINT) -> History:
    """The history of a package that was released once."""
    return history(recorded(name, version, fingerprint=fingerprint))


def settings(**given: object) -> Config:
    """The configuration of a repository that releases to the index ``local``; ``other`` and ``test`` are there too."""
    indexes = {name: Index(name=name, kind=IndexKind.DIRECTORY) for name in ("local", "other", "test")}
    return make_config({"publish_to": ("local",), "indexes": {**BUILT_IN_INDEXES, **indexes}, **given}, source=None)


def plan(
    packages: Sequence[ScannedPackage],
    *,
    history: Mapping[str, History] | None = None,
    index: Projects | Ask | None = None,
    commits: Sequence[Commit] | None = (),
    config: Config | None = None,
    names: Sequence[str] | None = None,
    indexes: tuple[str, ...] | None = None,
    stage: Stage | None = None,
    again: Collection[str] = (),
) -> Plan:
    """The plan of HEAD for the indexes of ``publish_to``.

    ``index`` is what every index has (None: nothing), ``commits`` None a history that HEAD does not descend from. Any
    commit may ask for an unchanged package.
    """
    settled = config or settings()
    projects = index if callable(index) else lambda _, name: (index or {}).get(name, PublishedProject())
    given = PlanInput(
        scanned=packages,
        history=history or {},
        config=settled,
        commit=HEAD,
        indexes=settled.publish_to if indexes is None else indexes,
        builder="flit_core 3.12.0",
        repository=REPOSITORY,
        commits_since=lambda _since: commits,
        ask=projects,
        asked_for=lambda unchanged: {name: [each.sha for each in commits or ()] for name in unchanged},
        stage=stage,
        again=frozenset(again),
    )
    return make_plan(given, names)


def commit(subject: str, *packages: str, body: str = "", sha: str = HEAD) -> Commit:
    """A commit that changed the modules of ``packages``."""
    return Commit(sha=sha, subject=subject, body=body, paths=tuple(f"python_modules/{name}.py" for name in packages))


def on_index(
    *versions: str,
    package: str = "a",
    fingerprint: str = OTHER_PRINT,
    repository: str | None = None,
    floors: Mapping[str, str] | None = None,
) -> PublishedProject:
    """A project whose newest wheel, that of the last of ``versions``, has a manifest of paa."""
    manifest = Manifest(package=package, version=versions[-1], fingerprint=fingerprint, repository=repository)
    return PublishedProject(versions=frozenset(versions), manifest=manifest, floors=floors or {})


def per_index(**projects: Projects) -> Ask:
    """Index → what it has."""
    return lambda index, name: projects.get(index, {}).get(name, PublishedProject())


def versions(made: Plan) -> dict[str, str]:
    """Package → planned version, in release order."""
    return {release.package: release.version for release in made.releases}


def kinds(made: Plan, package: str) -> list[str]:
    """The kinds of the reasons for a release."""
    return [reason.kind for release in made.releases if release.package == package for reason in release.reasons]


def reasons(made: Plan) -> dict[str, str]:
    """Blocked package → why."""
    return {blocked.package: blocked.reason for blocked in made.blocked}
