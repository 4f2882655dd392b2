"""Results of earlier scans, taken again for packages none of whose inputs has changed.

What a result depends on is written beside it: the content hash of every file that was looked into, and one key for all
that concerns every package alike (settings, mapping, which files and packages there are, the code that scans).
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from paa.model import (
    Finding,
    Location,
    Metadata,
    Package,
    Requirement,
    ScannedPackage,
    Severity,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Memory:
    """What was stored under ``key``: package name → its description as found, its inputs, and the result."""

    key: str
    packages: Mapping[str, Any]


def memory_key(*parts: object) -> str:
    """One hash over everything that every result depends on, the scanner's own files included."""
    folder = Path(__file__).parent
    code = sorted(
        (path.name, status.st_mtime_ns, status.st_size)
        for path in (*folder.glob("*.py"), *folder.glob("data/*.json"))
        for status in (path.stat(),)
    )
    return hashlib.sha256(repr((code, *parts)).encode("utf-8", "surrogateescape")).hexdigest()


def open_memory(content: Mapping[str, object], key: str) -> Memory:
    """The memory in a cache file's ``content``; empty when it was written under another key."""
    packages = content.get("packages") if content.get("key") == key else None
    return Memory(key=key, packages=packages if isinstance(packages, dict) else {})


def recall(memory: Memory, package: Package, blobs: Mapping[str, str]) -> ScannedPackage | None:
    """The result for ``package`` if it was found the same and every input has the content it had; else None."""
    entry: Any = memory.packages.get(package.name)
    try:
        found, inputs, result = entry
        if found != _package(package) or any(blobs.get(path) != blob for path, blob in inputs.items()):
            return None
        return _scanned(package, result)
    except (TypeError, ValueError, AttributeError):
        # Nothing there, or a damaged file: the package is scanned again.
        return None


def memory_content(
    key: str, results: Iterable[tuple[ScannedPackage, Mapping[str, str]]], old: Memory
) -> dict[str, object]:
    """The content of the cache file: each result with its inputs (path → content hash), over what is kept of ``old``."""
    packages = dict(old.packages)
    for scanned, inputs in results:
        packages[scanned.package.name] = [_package(scanned.package), dict(inputs), _result(scanned)]
    return {"key": key, "packages": packages}


def _package(package: Package) -> list[object]:
    interfaces = [[kind.value, path] for kind, path in package.interfaces.items()]
    return [package.module, interfaces, package.notebook, list(package.artifacts), list(package.license_files)]


def _result(scanned: ScannedPackage) -> list[object]:
    return [
        _metadata(scanned.metadata) if scanned.metadata else None,
        scanned.docstring,
        scanned.defines_version,
        scanned.keeps_own_name,
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
        [
            [
                item.rule,
                item.message,
                [item.location.path, item.location.line] if item.location else None,
                item.advice,
                item.severity.value,
            ]
            for item in scanned.findings
        ],
        dict(scanned.contents),
        scanned.fingerprint,
    ]


def _scanned(package: Package, result: Any) -> ScannedPackage:  # noqa: ANN401  # the shape is what is being tested
    metadata, docstring, defines_version, keeps_own_name, components, requirements, findings, contents, mark = result
    return ScannedPackage(
        package=package,
        metadata=None if metadata is None else _from_metadata(metadata),
        docstring=docstring,
        defines_version=defines_version,
        keeps_own_name=keeps_own_name,
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
        findings=tuple(
            Finding(
                rule=rule,
                message=message,
                location=Location(path=place[0], line=place[1]) if place else None,
                advice=advice,
                severity=Severity(severity),
            )
            for rule, message, place, advice, severity in findings
        ),
        contents=contents,
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
    command, publish = rest
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
    )
