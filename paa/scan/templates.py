"""The repository's own templates for packages, tried on a package before anything of it is planned."""

from collections.abc import Iterator, Mapping

from paa.edges.templates import (
    ALIAS_TEMPLATE,
    MAIN_TEMPLATE,
    README_TEMPLATE,
    OwnTemplateError,
    override_path,
    render,
)
from paa.edges.tree import Tree
from paa.model import Finding, Location, ScannedPackage
from paa.scan.readme.findings import NOTEBOOK_SUFFIX, SIZE_LIMIT, readme_source, too_long
from paa.scan.source.facts import SourceFacts

RULE = "template"


def template_findings(templates: Tree, scanned: ScannedPackage, facts: SourceFacts) -> Iterator[Finding]:
    """An error for each of ``templates`` that can't be filled for ``scanned``, or gives something of no use.

    ``templates`` holds those of the repository, and nothing else; ``facts`` are those of the package's module.
    """
    package = {"package": scanned.package.name, "components": ()}
    if "__path__" not in facts.bindings:
        yield from _code_findings(templates, ALIAS_TEMPLATE, package)
    if scanned.runs_as_program:
        yield from _code_findings(templates, MAIN_TEMPLATE, package)
    source = readme_source(scanned)
    if (source is None or source.lower().endswith(NOTEBOOK_SUFFIX)) and scanned.metadata is not None:
        text = scanned.docstring or scanned.metadata.description
        values = {"distribution": scanned.distribution, "text": text, "title": True}
        found = _filled(templates, README_TEMPLATE, values)
        size = len(found.encode("utf-8", "replace")) if isinstance(found, str) else 0
        if isinstance(found, Finding):
            yield found
        elif size > SIZE_LIMIT:
            yield _finding(README_TEMPLATE, None, too_long(size), "put the details into a page of documentation")


def _code_findings(templates: Tree, name: str, values: Mapping[str, object]) -> Iterator[Finding]:
    found = _filled(templates, name, values)
    if isinstance(found, Finding):
        yield found
        return
    try:
        compile(found, name, "exec", dont_inherit=True)
    except (SyntaxError, ValueError) as error:
        message = f"what this template gives is not Python: {error}"
        yield _finding(name, None, message, f"correct {override_path(name)}, or remove it to use paa's own")


def _filled(templates: Tree, name: str, values: Mapping[str, object]) -> str | Finding:
    """The text, empty where the repository has no template of that name; or why there is none."""
    if override_path(name) not in templates.blobs:
        return ""
    try:
        return render(name, values, templates)
    except OwnTemplateError as error:
        return _finding(name, error.line, f"this template can't be filled: {error.reason}", error.advice)


def _finding(name: str, line: int | None, message: str, advice: str | None) -> Finding:
    return Finding(rule=RULE, message=message, location=Location(path=override_path(name), line=line), advice=advice)
