"""One hostile source with exactly what a scan has to make of it."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from paa.model import ScannedPackage
from tests.unit.scan.samples import shown_findings

MODULES = "python_modules"
MODULE = f"{MODULES}/pkg.py"
MAPPING = ".paa/package_mapping.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """The source of the module ``pkg``, with other files and settings where they matter, and what is expected.

    ``requires`` are requirements as they have to be written into metadata (PEP 508). Those in ``optional`` have to be
    there twice: in the extra that is named for their distribution and in ``all``; ``extras`` are other extras.
    Findings are ``severity rule place: some words of the message``; a place without a path is a line of the module.
    """

    name: str
    source: str | bytes
    requires: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()
    extras: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    findings: tuple[str, ...] = ()
    files: Mapping[str, str | bytes] = field(default_factory=dict)
    python: str = ""

    @property
    def tree(self) -> dict[str, str | bytes]:
        """Every file of the repository by path."""
        return {MODULE: self.source, **self.files}

    @property
    def settings(self) -> str:
        """The content of ``.paa.config``."""
        return f"requires_python: '{self.python}'\n" if self.python else ""

    def expected(self) -> list[str]:
        """The lines that ``found`` has to give."""
        extras = [(extra, text) for extra, texts in self.extras.items() for text in texts]
        extras += [
            (name, text) for text in self.optional for name in ("all", canonicalize_name(Requirement(text).name))
        ]
        in_extras = sorted(f"[{extra}] {text}" for extra, text in extras)
        return [*self.requires, *in_extras, *sorted(self.findings)]

    def found(self, scanned: ScannedPackage) -> list[str]:
        """What the scan gave, each finding in the words that are expected of it, or in all of its own."""
        required = [item.requirement for item in scanned.requirements if not item.extra]
        in_extras = sorted(f"[{item.extra}] {item.requirement}" for item in scanned.requirements if item.extra)
        return [*required, *in_extras, *sorted(_in_words(shown_findings(scanned), self.findings))]


def row(
    name: str,
    source: str | bytes,
    *requires: str,
    optional: str | tuple[str, ...] = (),
    findings: str | tuple[str, ...] = (),
    files: Mapping[str, str | bytes] | None = None,
    python: str = "",
) -> Row:
    """A row in short: ``optional`` may be requirements with spaces between them, ``findings`` just one."""
    return Row(
        name=name,
        source=source,
        requires=requires,
        optional=tuple(optional.split()) if isinstance(optional, str) else optional,
        findings=(findings,) if isinstance(findings, str) else findings,
        files=files or {},
        python=python,
    )


def _in_words(found: Iterable[str], expected: Iterable[str]) -> Iterator[str]:
    waiting = list(expected)
    for text in found:
        short = re.sub(rf" {MODULES}/(?:pkg\.py:(?=\d))?", " ", text, count=1)
        head, _, message = short.partition(": ")
        match = next((item for item in waiting if _says(item, head, message)), None)
        if match is not None:
            waiting.remove(match)
        yield short if match is None else match


def _says(expected: str, head: str, message: str) -> bool:
    expected_head, _, words = expected.partition(": ")
    return expected_head == head and bool(words) and words in message
