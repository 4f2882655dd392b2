"""Contents that are looked into once packages are known, many at once, and packages with what was found there."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from paa.edges.tree import Tree
from paa.errors import PaaError
from paa.model import Finding, Location, ScannedPackage


def readable(tree: Tree, paths: Sequence[str]) -> dict[str, bytes | Finding]:
    """The content of each path, or why it can't be read."""
    try:
        return dict(tree.read(paths))
    except PaaError:
        return {path: _content(tree, path) for path in paths}


def _content(tree: Tree, path: str) -> bytes | Finding:
    try:
        return tree.read((path,))[path]
    except PaaError as error:
        return Finding(rule="file", message=error.message, location=Location(path=path), advice=error.advice)


def with_findings(scanned: ScannedPackage, findings: Iterable[Finding]) -> ScannedPackage:
    """``scanned`` with more findings. A package that gets an error loses its fingerprint, as with any other error."""
    changed = replace(scanned, findings=(*scanned.findings, *findings))
    return replace(changed, fingerprint="") if changed.errors else changed
