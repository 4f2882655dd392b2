"""Why a package does not require something that none of its files names, and what may have been meant."""

from packaging.requirements import Requirement as Pep508
from packaging.utils import canonicalize_name

from paa.look.question import Question
from paa.scan.distribution.resolver import Known
from paa.scan.scan import find_package
from paa.scan.standard_library import availability

_MOST = 3


def why_not(question: Question, asked: str) -> str:
    """One sentence about ``asked``, which no import and no mark of the package leads to."""
    package = question.scanned.package.name
    if question.scanned.package.project is not None:
        return f"{package} is a project: what it requires is written in {question.scanned.package.module}"
    sibling = find_package(question.state.scanned.values(), asked)
    if sibling is question.scanned:
        return f"{asked} is the package itself; why it is released, and as which version: paa plan {package}"
    if sibling is not None:
        return f"{asked} is another package of this repository, and no file of {package} imports it"
    if availability(asked) is not None:
        return f"{asked} is in the standard library, and no file of {package} imports it"
    return _by_provider(question, asked)


def _by_provider(question: Question, asked: str) -> str:
    package = question.scanned.package.name
    resolution = question.sources.resolver.resolve(asked)
    if isinstance(resolution, Known):
        return f"{resolution.distribution} provides the import {asked}, and no file of {package} imports that"
    if names := _provided(question, asked):
        return f"{asked} provides the import {' or '.join(names)}, and no file of {package} imports that"
    return f"no file of {package} imports it, and no mark or metadata asks for it"


def _provided(question: Question, asked: str) -> list[str]:
    """Some of the import names that a distribution is known to provide."""
    name = canonicalize_name(asked)
    known = {**question.sources.resolver.table.imports, **question.sources.resolver.mapping}
    return sorted(module for module, provider in known.items() if canonicalize_name(provider) == name)[:_MOST]


def near_names(question: Question, asked: str) -> tuple[str, ...]:
    """What the package requires or imports under almost the same name, best first."""
    import difflib

    names = {Pep508(item.requirement).name for item in question.scanned.requirements}
    names |= {item.module for item in question.imports if item.resolution is not None}
    lower = {name.lower(): name for name in sorted(names, reverse=True)}
    found = difflib.get_close_matches(asked.lower(), sorted(lower), n=_MOST)
    return tuple(lower[name] for name in found)
