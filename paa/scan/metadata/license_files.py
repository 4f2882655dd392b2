"""Licence files of packages, by what they are: a package's own come before those that the repository shares."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import PurePosixPath

from paa.config import Config
from paa.edges.tree import Tree
from paa.model import Finding, Location, Severity

_NAME = re.compile(r"(?:LICEN[CS]ES?|COPYING|(?P<notice>NOTICE)|(?P<authors>AUTHORS))(?![A-Za-z]).*", re.IGNORECASE)
_NOT_TEXT = frozenset({".cfg", ".ini", ".ipynb", ".json", ".link", ".py", ".pyi", ".sh", ".toml", ".yaml", ".yml"})


class _Kind(StrEnum):
    LICENSE = "license"
    NOTICE = "notice"
    AUTHORS = "authors"


@dataclass(frozen=True, slots=True, kw_only=True)
class LicenseFiles:
    """Licence files by kind, sorted, and what is wrong with those that can't be shipped."""

    paths: Mapping[_Kind, tuple[str, ...]]
    findings: tuple[Finding, ...]


def shared_license_files(tree: Tree, config: Config) -> LicenseFiles:
    """What packages without files of their own ship: the configured files, else those at the top of the repository."""
    found = _sorted_out(tree, (path for path in tree.blobs if "/" not in path), Severity.WARNING)
    paths, findings = dict(found.paths), list(found.findings)
    for kind, key, path in (
        (_Kind.LICENSE, "license_path", config.license_path),
        (_Kind.NOTICE, "notice_path", config.notice_path),
    ):
        if path is not None:
            paths[kind] = (path,) if path in tree.blobs and path not in tree.links else ()
            findings += _configured_findings(tree, f"{config.source}: {key}", path)
    return LicenseFiles(paths=paths, findings=tuple(findings))


def package_license_files(
    tree: Tree, own: Iterable[str], shared: LicenseFiles
) -> tuple[tuple[str, ...], tuple[Finding, ...]]:
    """The licence files of a package that has the files ``own`` in its folder, sorted, and what is wrong with them."""
    found = _sorted_out(tree, own, Severity.ERROR)
    paths = [path for kind in _Kind for path in found.paths.get(kind) or shared.paths.get(kind, ())]
    # What is wrong with shared files concerns only those who lack their own.
    concerned = () if _Kind.LICENSE in found.paths and _Kind.NOTICE in found.paths else shared.findings
    return tuple(sorted(paths)), (*found.findings, *concerned)


def _sorted_out(tree: Tree, paths: Iterable[str], severity: Severity) -> LicenseFiles:
    found: dict[_Kind, tuple[str, ...]] = {}
    findings = []
    for path in sorted(paths):
        kind = _kind(path)
        if kind is not None and path in tree.links:
            message = "a licence file that is a symbolic link is not shipped: links are not followed into a package"
            findings.append(_finding(path, message, "put the file itself there", severity))
        elif kind is not None:
            found[kind] = (*found.get(kind, ()), path)
    return LicenseFiles(paths=found, findings=tuple(findings))


def _kind(path: str) -> _Kind | None:
    file = PurePosixPath(path)
    match = _NAME.fullmatch(file.name)
    if match is None or file.suffix.lower() in _NOT_TEXT:
        return None
    return _Kind.NOTICE if match["notice"] else _Kind.AUTHORS if match["authors"] else _Kind.LICENSE


def _configured_findings(tree: Tree, key: str, path: str) -> Iterator[Finding]:
    if path in tree.links:
        advice = "name the file that it leads to"
        yield _finding(path, f"{key}: a symbolic link; links are not followed into a package", advice, Severity.ERROR)
    elif path not in tree.blobs:
        message = f"{key}: the file is not in the repository: no package could ship it"
        yield _finding(path, message, "add it, and commit it", Severity.ERROR)


def _finding(path: str, message: str, advice: str, severity: Severity) -> Finding:
    return Finding(rule="license", message=message, location=Location(path=path), advice=advice, severity=severity)


def text_finding(path: str, data: bytes) -> Finding | None:
    """An error for a licence file that is not UTF-8, which licence files are (PEP 639)."""
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        message = f"this licence file is not UTF-8 (PEP 639): {error.reason}"
        location = Location(path=path, line=line)
        return Finding(rule="license", message=message, location=location, advice="save it as UTF-8")
    return None
