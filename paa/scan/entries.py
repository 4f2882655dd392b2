"""Scanned packages as JSON texts, for the memory of earlier scans and between processes."""

from collections.abc import Mapping
from typing import Any

from paa.documents.artifacts_lock import ARTIFACTS_LOCK
from paa.edges.cache import compact
from paa.model import (
    Finding,
    LinkedArtifact,
    Location,
    Metadata,
    Package,
    Pin,
    Requirement,
    ScannedPackage,
    Severity,
    Standing,
)


def encoded(scanned: ScannedPackage, blobs: Mapping[str, str], modules: Mapping[str, str]) -> tuple[str, str]:
    """The JSON texts of two entries: the result in full, and at a glance.

    Each says how the package was found and what its result depends on. ``modules`` maps the packages of the repository
    to their modules: a sibling's name is read from its module.
    """
    found, inputs = how_found(scanned.package), _inputs(scanned, blobs, modules)
    publish = scanned.metadata is None or scanned.metadata.publish
    glance = [scanned.distribution, scanned.fingerprint, publish, _findings(scanned)]
    return compact([found, inputs, _result(scanned)]), compact([found, inputs, glance])


def decoded(package: Package, entry: Any) -> ScannedPackage:  # noqa: ANN401  # the shape is what is being tested
    """The result in an entry. Raises TypeError or ValueError for what is none."""
    _, _, result = entry
    return _scanned(package, result)


def decoded_standing(package: Package, entry: Any) -> Standing:  # noqa: ANN401  # likewise
    """What an entry at a glance says. Raises TypeError or ValueError for what is none."""
    _, _, (distribution, mark, publish, findings) = entry
    found = _from_findings(findings) if findings else ()
    return Standing(package=package, distribution=distribution, fingerprint=mark, publish=publish, findings=found)


def is_lasting(scanned: ScannedPackage) -> bool:
    """Whether the next scan may take this result: what could not be read this time may be readable then."""
    return bool(scanned.contents) and not any(finding.rule == "file" for finding in scanned.findings)


def _inputs(scanned: ScannedPackage, blobs: Mapping[str, str], modules: Mapping[str, str]) -> dict[str, str | None]:
    looked_for = {modules[name] for item in scanned.requirements if (name := item.sibling or "") in modules}
    if scanned.metadata is not None and scanned.metadata.readme:
        looked_for.add(scanned.metadata.readme)  # Also where it is not there: it may come.
    if scanned.linked_artifacts:
        looked_for.add(ARTIFACTS_LOCK)
    return {**{path: blobs.get(path) for path in looked_for}, **scanned.contents}


def how_found(package: Package) -> list[object]:
    """What tells one finding of a package from another: its companions, and what is wrong with them."""
    companions = package.interfaces or package.notebook or package.artifacts or package.artifact_links
    if not companions and not package.findings:
        # As most are: there are thousands of them.
        return [package.name, *package.license_files]
    interfaces = [[kind.value, path] for kind, path in package.interfaces.items()]
    findings = [str(finding) for finding in package.findings]
    artifacts = [dict(package.artifacts), dict(package.artifact_links)]
    return [package.name, interfaces, findings, package.notebook, artifacts, list(package.license_files)]


def _result(scanned: ScannedPackage) -> list[object]:
    return [
        _metadata(scanned.metadata) if scanned.metadata else None,
        scanned.docstring,
        scanned.defines_version,
        scanned.runs_as_program,
        scanned.repository,
        list(scanned.components),
        [
            [
                item.requirement,
                item.evidence,
                [[place.path, place.line] for place in item.sources],
                item.extra,
                item.sibling,
            ]
            for item in scanned.requirements
        ],
        _findings(scanned),
        dict(scanned.contents),
        [
            [
                item.path,
                item.url,
                [item.source.path, item.source.line],
                [item.pin.url, item.pin.sha256, item.pin.size] if item.pin else None,
            ]
            for item in scanned.linked_artifacts
        ],
        scanned.fingerprint,
    ]


def _findings(scanned: ScannedPackage) -> list[object]:
    return [
        [
            item.rule,
            item.message,
            [item.location.path, item.location.line] if item.location else None,
            item.advice,
            item.severity.value,
            item.subject,
        ]
        for item in scanned.findings
    ]


def _from_findings(findings: Any) -> tuple[Finding, ...]:  # noqa: ANN401  # the shape is what is being tested
    return tuple(
        Finding(
            rule=rule,
            message=message,
            location=Location(path=place[0], line=place[1]) if place else None,
            advice=advice,
            severity=Severity(severity),
            subject=subject,
        )
        for rule, message, place, advice, severity, subject in findings
    )


def _scanned(package: Package, result: Any) -> ScannedPackage:  # noqa: ANN401  # the shape is what is being tested
    metadata, docstring, version, program, repository, components, requirements, findings, *rest = result
    contents, links, mark = rest
    return ScannedPackage(
        package=package,
        metadata=None if metadata is None else _from_metadata(metadata),
        docstring=docstring,
        defines_version=version,
        runs_as_program=program,
        repository=repository,
        components=tuple(components),
        requirements=tuple(
            Requirement(
                requirement=requirement,
                evidence=evidence,
                sources=tuple(Location(path=path, line=line) for path, line in sources),
                extra=extra,
                sibling=sibling,
            )
            for requirement, evidence, sources, extra, sibling in requirements
        ),
        findings=_from_findings(findings),
        contents=contents,
        linked_artifacts=tuple(
            LinkedArtifact(
                path=path,
                url=url,
                source=Location(path=source[0], line=source[1]),
                pin=Pin(url=pin[0], sha256=pin[1], size=pin[2]) if pin else None,
            )
            for path, url, source, pin in links
        ),
        fingerprint=mark,
    )


def _metadata(metadata: Metadata) -> list[object]:
    return [
        metadata.distribution,
        metadata.description,
        metadata.requires_python,
        [list(author) for author in metadata.authors],
        metadata.license,
        list(metadata.keywords),
        list(metadata.classifiers),
        dict(metadata.urls),
        metadata.readme,
        {extra: list(texts) for extra, texts in metadata.extras_require.items()},
        list(metadata.install_requires),
        {group: dict(entries) for group, entries in metadata.entry_points.items()},
        metadata.command,
        metadata.publish,
        list(metadata.import_names),
    ]


def _from_metadata(value: Any) -> Metadata:  # noqa: ANN401  # likewise
    (
        name,
        description,
        python,
        authors,
        licence,
        keywords,
        classifiers,
        urls,
        readme,
        extras,
        install,
        points,
        *rest,
    ) = value
    command, publish, import_names = rest
    return Metadata(
        distribution=name,
        description=description,
        requires_python=python,
        authors=tuple((author, address) for author, address in authors),
        license=licence,
        keywords=tuple(keywords),
        classifiers=tuple(classifiers),
        urls=urls,
        readme=readme,
        extras_require={extra: tuple(texts) for extra, texts in extras.items()},
        install_requires=tuple(install),
        entry_points=points,
        command=command,
        publish=publish,
        import_names=tuple(import_names),
    )
