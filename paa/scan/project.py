"""A folder with its own ``pyproject.toml`` as a package of the repository (``projects:`` in the configuration)."""

import re
import tomllib
from collections.abc import Iterator

from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.utils import canonicalize_name

from paa.config import Config, default_config
from paa.edges.tree import Tree
from paa.model import Finding, Location, Metadata, Package, ScannedPackage
from paa.scan.fingerprint import fingerprint
from paa.scan.standard_library import DEFAULT_REQUIRES_PYTHON

_NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?")
# What no distribution of a project ships, as far as paa can know: what a backend picks is its own business, so
# everything else counts as shipped, and a change to it is a change.
_NOT_SHIPPED = frozenset({"tests", "test", "docs", "doc"})


def scan_project(tree: Tree, config: Config, package: Package) -> ScannedPackage:
    """Read the project's table; everything tracked below its folder but tests, docs and hidden files is its content."""
    if package.findings:
        return ScannedPackage(package=package, findings=package.findings)
    data = tree.read_one(package.module) or b""
    try:
        table = tomllib.loads(data.decode("utf-8")).get("project")
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        return _broken(package, f"this file can't be read: {error}")
    name = table.get("name") if isinstance(table, dict) else None
    if not isinstance(table, dict) or not isinstance(name, str) or not _NAME.fullmatch(name):
        return _broken(package, "[project] has no valid name")
    requires_python = table.get("requires-python", DEFAULT_REQUIRES_PYTHON)
    try:
        SpecifierSet(requires_python if isinstance(requires_python, str) else "?")
    except InvalidSpecifier:
        return _broken(package, f"[project] requires-python: {requires_python!r} is not a version specifier")
    module_name = canonicalize_name(name).replace("-", "_")
    found = Package(name=module_name, module=package.module, project=package.project)
    contents = {path: tree.blobs[path] for path in _contents(tree, package.project or ".", config)}
    metadata = Metadata(
        distribution=name,
        description=str(table.get("description", name)),
        requires_python=requires_python,
    )
    return ScannedPackage(
        package=found, metadata=metadata, contents=contents, fingerprint=fingerprint(contents, (), default_config())
    )


def _broken(package: Package, message: str) -> ScannedPackage:
    finding = Finding(rule="project", message=message, location=Location(path=package.module), advice="see PEP 621")
    return ScannedPackage(package=package, findings=(finding,))


def _contents(tree: Tree, folder: str, config: Config) -> Iterator[str]:
    prefix = "" if folder == "." else f"{folder}/"
    skipped = _NOT_SHIPPED | {config.tests_dir}
    for path in sorted(tree.blobs):
        if path.startswith(prefix) and path not in tree.links:
            first, _, rest = path[len(prefix) :].partition("/")
            if not first.startswith(".") and not (rest and first in skipped):
                yield path
