"""Results of earlier scans, taken again for packages none of whose inputs has changed.

What a result depends on is written beside it: the content hash of every file that was looked into, and one key for all
that concerns every package alike (settings, mapping, which files and packages there are, the code that scans).
"""

import hashlib
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from paa.edges.cache import cache_file, cache_folder, load_cache, store_cache
from paa.edges.tree import Tree
from paa.errors import FileError
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
    """What earlier scans found under ``key``: module → how it was found, its inputs with hashes, the result."""

    tree: Tree
    file: Path
    key: str
    packages: Mapping[str, Any]

    def recall(self, package: Package) -> ScannedPackage | None:
        """The result for ``package`` if it was found the same and every input has the content it had; else None."""
        entry: Any = self.packages.get(package.module)
        try:
            found, inputs, result = entry
            if found != _package(package) or any(self.tree.blobs.get(path) != blob for path, blob in inputs.items()):
                return None
            return _scanned(package, result)
        except (TypeError, ValueError, AttributeError, FileError):
            # Nothing there, a damaged cache, a file that can't be read: the package is scanned again.
            return None

    def keep(self, scanned: Iterable[ScannedPackage], modules: Mapping[str, str]) -> None:
        """Store ``scanned`` for the next run, beside what is stored of modules that are still there.

        ``modules`` maps the packages of the repository to their modules: a sibling's name is read from its module.
        """
        blobs = self.tree.blobs
        packages = {module: entry for module, entry in self.packages.items() if module in blobs}
        for item in scanned:
            # What could not be read this time may be readable the next.
            if item.contents and not any(finding.rule == "file" for finding in item.findings):
                packages[item.package.module] = [_package(item.package), _inputs(item, blobs, modules), _result(item)]
        store_cache(self.file, {"key": self.key, "packages": packages})


def memory_key(*parts: object) -> str:
    """One hash over everything that every result depends on: ``parts``, and the files of the scanner itself."""
    folder = Path(__file__).parent
    code = sorted(
        (path.name, status.st_mtime_ns, status.st_size)
        for path in (*folder.glob("*.py"), *folder.glob("data/*.json"))
        for status in (path.stat(),)
    )
    return hashlib.sha256(repr((code, *parts)).encode("utf-8", "surrogateescape")).hexdigest()


def open_memory(tree: Tree, key: str) -> Memory:
    """What is stored for the repository of ``tree``; empty when it was written under another key."""
    file = cache_file(cache_folder(os.environ), tree.root, "scanned")
    content = load_cache(file)
    packages = content.get("packages") if content.get("key") == key else None
    return Memory(tree=tree, file=file, key=key, packages=packages if isinstance(packages, dict) else {})


def _inputs(scanned: ScannedPackage, blobs: Mapping[str, str], modules: Mapping[str, str]) -> dict[str, str | None]:
    looked_for = {modules[name] for item in scanned.requirements if (name := item.sibling or "") in modules}
    if scanned.metadata is not None and scanned.metadata.readme:
        looked_for.add(scanned.metadata.readme)  # Also where it is not there: it may come.
    return {**{path: blobs.get(path) for path in looked_for}, **scanned.contents}


def _package(package: Package) -> list[object]:
    interfaces = [[kind.value, path] for kind, path in package.interfaces.items()]
    findings = [str(finding) for finding in package.findings]
    return [package.name, interfaces, findings, package.notebook, list(package.artifacts), list(package.license_files)]


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
    metadata, docstring, version, program, repository, components, requirements, findings, contents, mark = result
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
