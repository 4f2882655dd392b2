"""Unknown imports → the lines of the mapping file that are beyond doubt, and why the others are not.

A line is learnt where exactly one distribution was seen to hold the module: among those that are installed here, or,
where none is and the index may be asked, on the index. Nothing else is: what is nearly a known name may be a trap, and
what is ours or private is nobody else's to provide.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from packaging.utils import canonicalize_name

from paa.edges.files import read_bytes, write_atomic
from paa.errors import FileError
from paa.model import ScannedPackage
from paa.scan.distribution.index_answers import Ask, IndexAnswer
from paa.scan.distribution.mapping import MAPPING_PATH, parse_mapping, with_lines
from paa.scan.distribution.proposals import UNKNOWN_IMPORT, Proposal, propose
from paa.scan.distribution.resolver import Resolver, open_resolver
from paa.scan.scan import sibling_modules
from paa.scan.state import State


@dataclass(frozen=True, slots=True, kw_only=True)
class Lesson:
    """What was found out about one unknown import.

    ``distribution`` is set where exactly one was seen to hold it; ``evidence`` says how, or why there is no answer.
    """

    module: str
    distribution: str | None
    evidence: str


def unknown_imports(scanned: Iterable[ScannedPackage]) -> tuple[str, ...]:
    """The import names that a line of the mapping file would help, sorted; those of optional imports too."""
    found = {item.subject for package in scanned for item in package.findings if item.rule == UNKNOWN_IMPORT}
    return tuple(sorted(name for name in found if name))


def find_out(state: State, scanned: Iterable[ScannedPackage], ask: Ask | None) -> tuple[Lesson, ...]:
    """A lesson about every unknown import of ``scanned``, packages of ``state``; sorted by import name.

    ``ask`` asks an index; None where that is not allowed. It is never asked about names of the repository and private
    ones. Raises what ``ask`` raises.
    """
    resolver = open_resolver(state.tree, sibling_modules(item.package for item in state.scanned.values()))
    is_private = private_reason(state, resolver)
    proposals = propose(resolver, unknown_imports(scanned))
    return tuple(_lesson(proposal, is_private, ask) for _, proposal in sorted(proposals.items()))


def _lesson(proposal: Proposal, is_private: Callable[[str], str | None], ask: Ask | None) -> Lesson:
    module = proposal.unknown.module
    if reason := _doubt(proposal):
        return Lesson(module=module, distribution=None, evidence=reason)
    if len(proposal.installed) == 1:
        (found,) = proposal.installed
        return Lesson(module=module, distribution=found.distribution, evidence=found.evidence)
    if ask is None:
        return Lesson(module=module, distribution=None, evidence="no distribution that is installed here has it")
    if reason := is_private(module):
        return Lesson(module=module, distribution=None, evidence=f"the index was not asked: {reason}")
    return _from_index(module, ask(module))


def _doubt(proposal: Proposal) -> str | None:
    """Why nothing can be learnt about the import whatever an index says, if that is so."""
    unknown = proposal.unknown
    if unknown.namespace:
        return "it is a namespace that several distributions share"
    if proposal.near:
        return f"it is almost {' and '.join(repr(item.spelling) for item in proposal.near)}"
    if len(proposal.installed) > 1:
        names = ", ".join(item.distribution for item in proposal.installed)
        return f"several distributions that are installed here have it: {names}"
    listed = {canonicalize_name(item.distribution): item for item in unknown.candidates}
    if not listed:
        return None
    chosen = [listed[name] for item in proposal.installed if (name := canonicalize_name(item.distribution)) in listed]
    if chosen and not any(item.versions for item in chosen):
        return None
    return "only you know which one is meant: " + ", ".join(
        f"{item.distribution}{item.versions}" for item in unknown.candidates
    )


def _from_index(module: str, answers: tuple[IndexAnswer, ...]) -> Lesson:
    if not answers:
        return Lesson(module=module, distribution=None, evidence="no project on an index can be called like it")
    holders = [answer for answer in answers if answer.has]
    unseen = [answer for answer in answers if answer.has is None]
    if len(holders) == 1 and not unseen:
        return Lesson(module=module, distribution=holders[0].distribution, evidence=holders[0].evidence)
    if holders:
        told = "; ".join(f"{answer.distribution}: {answer.evidence}" for answer in (*holders, *unseen))
        return Lesson(module=module, distribution=None, evidence=f"it can be one of several: {told}")
    existing = [answer for answer in answers if answer.exists] or list(answers)
    told = "; ".join(f"{answer.distribution}: {answer.evidence}" for answer in existing)
    return Lesson(module=module, distribution=None, evidence=told)


def private_reason(state: State, resolver: Resolver) -> Callable[[str], str | None]:
    """A function that says why no index may be asked about an import name, None where one may be.

    Not to be asked about are names of the repository (packages, Python files, notebooks and folders that hold any),
    names beside those that the mapping file has, and what ``private_names`` lists.
    """
    files = [PurePosixPath(path) for path in state.tree.blobs if path.endswith((".py", ".ipynb"))]
    here = {canonicalize_name(name) for path in files for name in (path.stem, *path.parent.parts)}
    here |= {
        canonicalize_name(name) for item in state.scanned.values() for name in (item.distribution, item.package.name)
    }
    private_names = state.repository.config.private_names
    mapped = {name.partition(".")[0] for name in resolver.mapping}

    def reason(module: str) -> str | None:
        top = module.partition(".")[0]
        name = canonicalize_name(module)
        if canonicalize_name(top) in here:
            return f"{top!r} is a name of this repository"
        if private := next((own for own in private_names if name == own or name.startswith(f"{own}-")), None):
            return f"private_names lists {private!r}"
        if top in mapped and top not in resolver.table.namespaces:
            return f"{MAPPING_PATH} has other names of {top!r}, so it may be yours"
        return None

    return reason


def write_lines(root: Path, lines: Mapping[str, str]) -> None:
    """Add ``lines`` to the mapping file of the repository at ``root``; names that it has by now stay as they are.

    Atomic. Raises ConfigError for a file that can't be read, FileError where it can't be written or is a link.
    """
    path = root / MAPPING_PATH
    if path.resolve() != root.resolve() / MAPPING_PATH:
        message = f"{MAPPING_PATH} is a link, or in a folder that is one: paa does not write through links"
        raise FileError(message, advice="write the lines yourself, or put the file in place of the link")
    data = read_bytes(path) if path.exists() else None
    there = parse_mapping(data, MAPPING_PATH) if data is not None else {}
    if new := {name: distribution for name, distribution in lines.items() if name not in there}:
        write_atomic(path, with_lines(data, new))


def learnt_lines(lessons: Iterable[Lesson]) -> Mapping[str, str]:
    """The lines for the mapping file: import name → distribution."""
    return {lesson.module: lesson.distribution for lesson in lessons if lesson.distribution is not None}
