"""``__package_metadata__``, the docstring and the configuration → Metadata. Every fault is found in one go."""

import difflib
import posixpath
from collections.abc import Mapping
from dataclasses import dataclass

from paa.config import Config
from paa.model import Finding, Location, Metadata, Severity
from paa.scan.metadata.fields import (
    NAME,
    classifiers,
    description,
    entry_points,
    extras,
    keywords,
    license_expression,
    urls,
)
from paa.scan.metadata.people import authors
from paa.scan.metadata.values import MetadataReader
from paa.scan.source.facts import SourceFacts
from paa.scan.standard_library import DEFAULT_REQUIRES_PYTHON

KEYS = (
    "name", "description", "author", "author_email", "url", "docs_url", "project_urls", "keywords", "classifiers",
    "requires_python", "readme", "license", "extras_require", "install_requires", "artifact_urls", "publish",
    "variants", "entry_points",
)  # fmt: skip
_COMING = ("variants",)
_IGNORED = ("version",)
_MARKER_KEYWORD = "aa-paa-tool"
# What setup.py, pyproject.toml and other languages call the same.
_OTHER_NAMES: Mapping[str, str] = {
    "authors": "author",
    "bugtrack_url": "project_urls",
    "console_scripts": "entry_points",
    "dependencies": "install_requires",
    "download_url": "project_urls",
    "email": "author_email",
    "extras": "extras_require",
    "gui_scripts": "entry_points",
    "home_page": "url",
    "homepage": "url",
    "license_expression": "license",
    "license_label": "license",
    "long_description": "readme",
    "maintainer": "author",
    "maintainer_email": "author_email",
    "maintainers": "author",
    "optional_dependencies": "extras_require",
    "python_requires": "requires_python",
    "repository": "project_urls",
    "requires": "install_requires",
    "scripts": "entry_points",
    "source": "project_urls",
    "summary": "description",
    "tags": "keywords",
    "urls": "project_urls",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Described:
    """The metadata of a package, or None with the findings that kept it from being known."""

    metadata: Metadata | None
    findings: tuple[Finding, ...]


def describe(name: str, path: str, facts: SourceFacts, config: Config, repository: str | None) -> Described:
    """The metadata of the module ``name`` at ``path``. ``repository`` is the https address of the sources, if known."""
    reader = MetadataReader(
        values=facts.metadata or {},
        lines=facts.metadata_lines,
        location=Location(path=path, line=facts.metadata_line),
        findings=[],
    )
    _check_keys(reader)
    distribution = reader.text("name", NAME) or name.replace("_", "-")
    expression = license_expression(reader, config)
    readme = reader.text("readme")
    metadata = Metadata(
        distribution=distribution,
        description=description(reader, facts.docstring, distribution),
        requires_python=reader.specifier("requires_python") or config.requires_python or DEFAULT_REQUIRES_PYTHON,
        authors=authors(reader),
        license=expression,
        keywords=tuple(dict.fromkeys((*keywords(reader), _MARKER_KEYWORD))),
        classifiers=tuple(dict.fromkeys(classifiers(reader, config, licensed=expression is not None))),
        urls=urls(reader, config, repository),
        readme=posixpath.normpath(readme) if readme else None,
        extras_require=extras(reader),
        install_requires=reader.requirements("install_requires", reader.values.get("install_requires")),
        entry_points=entry_points(reader),
        command=facts.command,
        publish=reader.boolean("publish", default=True),
        import_names=(name,) if config.import_names else (),
    )
    findings = tuple(sorted(reader.findings, key=lambda finding: (finding.location and finding.location.line) or 0))
    failed = any(finding.severity is Severity.ERROR for finding in findings)
    return Described(metadata=None if failed else metadata, findings=findings)


def given_name(facts: SourceFacts) -> str | None:
    """The name on the index that a module gives itself, if it is one."""
    name = (facts.metadata or {}).get("name")
    return name if isinstance(name, str) and NAME.fullmatch(name) else None


def _check_keys(reader: MetadataReader) -> None:
    for key in reader.values:
        if key in _COMING:
            reader.fault(key, f"{key} is not supported yet", "remove it, or stay with what the other keys give")
        elif key in _IGNORED:
            advice = "remove it; 'paa plan' shows the next version, and what decides it"
            reader.fault(key, f"{key} is not read: paa numbers releases itself", advice, Severity.WARNING)
        elif key not in KEYS:
            close = [_OTHER_NAMES.get(key.lower(), ""), *difflib.get_close_matches(key.lower(), KEYS, n=1)]
            meant = next(filter(None, close), None)
            hint = None if meant else f"known keys: {', '.join(KEYS)}"
            reader.fault(key, f"unknown key {key!r}" + (f"; did you mean {meant!r}?" if meant else ""), hint)
