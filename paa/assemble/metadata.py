"""Metadata and requirements → ``pyproject.toml`` (PEP 517, 621, 639), written with tomlkit so that it reads well."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from packaging.requirements import Requirement as Pep508
from packaging.specifiers import SpecifierSet

from paa.config import Config
from paa.model import Metadata, Requirement
from paa.plan.floors import sibling_specifier

if TYPE_CHECKING:
    from tomlkit.items import Table

BACKEND = "flit_core.buildapi"
BACKEND_REQUIREMENT = "flit_core>=3.12,<4"
# Knows import-names (PEP 794), and stamps core metadata 2.5 on everything.
_IMPORT_NAMES_REQUIREMENT = "flit_core>=4.2,<5"


def project_file(
    metadata: Metadata,
    version: str,
    dependencies: Mapping[str | None, tuple[str, ...]],
    package: str,
    documents: Sequence[str],
) -> bytes:
    """The ``pyproject.toml`` of a setup directory.

    ``dependencies`` maps an extra (None: always) to requirements; ``documents`` are the names of the README and, after
    it, of the licence files.
    """
    import tomlkit

    document = tomlkit.document()
    backend = tomlkit.table()
    requirement = _IMPORT_NAMES_REQUIREMENT if metadata.import_names else BACKEND_REQUIREMENT
    backend.update({"requires": [requirement], "build-backend": BACKEND})
    document["build-system"] = backend
    project = tomlkit.table()
    project.update({"name": metadata.distribution, "version": version, "description": metadata.description})
    project.update({"readme": documents[0], "requires-python": metadata.requires_python})
    if metadata.import_names:
        project["import-names"] = list(metadata.import_names)
    if metadata.license:
        project["license"] = metadata.license
    project["license-files"] = list(documents[1:])
    if metadata.authors:
        project["authors"] = [_author(name, address) for name, address in metadata.authors]
    if metadata.keywords:
        project["keywords"] = _lines(metadata.keywords)
    if metadata.classifiers:
        project["classifiers"] = _lines(metadata.classifiers)
    project["dependencies"] = _lines(dependencies.get(None, ()))
    _add_tables(project, metadata, dependencies, package)
    document["project"] = project
    document["tool"] = {"flit": {"module": {"name": package}}}
    # A string literal of the module can hold half a surrogate pair, which no file can.
    return tomlkit.dumps(document).encode("utf-8", "replace")


def resolved_dependencies(
    requirements: Iterable[Requirement], floors: Mapping[str, str], config: Config
) -> dict[str | None, tuple[str, ...]]:
    """Requirements as PEP 508 strings by extra (None: always), with siblings bound to the versions in ``floors``."""
    by_extra: dict[str | None, set[str]] = {}
    for requirement in requirements:
        by_extra.setdefault(requirement.extra, set()).add(_bound(requirement, floors, config))
    return {extra: tuple(sorted(texts, key=str.lower)) for extra, texts in by_extra.items()}


def _bound(requirement: Requirement, floors: Mapping[str, str], config: Config) -> str:
    parsed = Pep508(requirement.requirement)
    # A version that the user wrote in a mark stands; otherwise a sibling gets what it is built against.
    if requirement.sibling and not parsed.specifier and requirement.sibling in floors:
        parsed.specifier = SpecifierSet(sibling_specifier(floors[requirement.sibling], config.internal_requirements))
    return str(parsed)


def _add_tables(
    project: "Table", metadata: Metadata, dependencies: Mapping[str | None, tuple[str, ...]], package: str
) -> None:
    # An extra that the user has declared is there for whoever asks for it, also when it adds nothing.
    names = {*metadata.extras_require, *(extra for extra in dependencies if extra is not None)}
    extras = {extra: _lines(dependencies.get(extra, ())) for extra in sorted(names)}
    if extras:
        project["optional-dependencies"] = extras
    if metadata.urls:
        project["urls"] = dict(metadata.urls)
    scripts = dict(metadata.entry_points.get("console_scripts", {}))
    if metadata.command:
        scripts.setdefault(metadata.command, f"{package}.cli:cli")
    if scripts:
        project["scripts"] = scripts
    if gui := metadata.entry_points.get("gui_scripts"):
        project["gui-scripts"] = dict(gui)
    groups = {
        group: dict(entries)
        for group, entries in sorted(metadata.entry_points.items())
        if group not in {"console_scripts", "gui_scripts"}
    }
    if groups:
        project["entry-points"] = groups


def _author(name: str, address: str) -> dict[str, str]:
    return {key: value for key, value in (("name", name), ("email", address)) if value}


def _lines(texts: Iterable[str]) -> object:
    import tomlkit

    array = tomlkit.array()
    array.extend(list(texts))
    return array.multiline(len(array) > 1)
