"""Whether the syntax of a package's files is that of every Python that the package says it runs on."""

import re
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache

from packaging.specifiers import SpecifierSet

from paa.model import Finding, Location
from paa.scan.source.facts import SourceFacts
from paa.scan.source.fstrings import NEW_FSTRING, is_old, string_starts
from paa.scan.source.glances import RUNNING, Version

_PATCHES = range(40)
_PYTHONS: tuple[Version, ...] = ((2, 7), *((3, minor) for minor in range(1, 30)))
# What Python 3.11 says of f-strings that 3.12 reads.
_OLD_LIMITS = ("f-string expression part cannot include", "f-string: expressions nested too deeply")
# What the line with an error has where a newer Python would have read on, newest first.
_UNREAD: tuple[tuple[Version, str, re.Pattern[str]], ...] = (
    ((3, 15), "a lazy import", re.compile(r"\s*lazy\s+(?:import|from)\b")),
    ((3, 15), "an unpacked value in a comprehension", re.compile(r".*[\[({]\s*\*.*\bfor\b")),
    ((3, 14), "an except clause without parentheses", re.compile(r"\s*except\s+[^(:#]+,[^:#]*:")),
    ((3, 14), "a template string", re.compile(r""".*(?<![\w"'])(?:t|tr|rt)["']""", re.IGNORECASE)),
    ((3, 13), "a type parameter with a default", re.compile(r"\s*(?:(?:async\s+)?def|class|type)\s+\w+\s*\[[^(]*?=")),
    ((3, 12), "a list of type parameters", re.compile(r"\s*(?:(?:async\s+)?def|class)\s+\w+\s*\[")),
    ((3, 12), "a type statement", re.compile(r"(?:.*[;:])?\s*type\s+\w+\s*[\[=]")),
)


def syntax_findings(
    sources: Mapping[str, SourceFacts], requires_python: str, read: Callable[[str], bytes]
) -> Iterator[Finding]:
    """An error for each of ``sources`` (by path) that needs a newer Python than the oldest in ``requires_python``.

    An installer believes ``requires_python``: the package would be installed where it can't be imported. ``read`` gives
    the content of a file that has to be looked at closely.
    """
    oldest = _oldest(requires_python)
    suspects = {path for path, facts in sources.items() if oldest is not None and facts.may_need > oldest}
    if not suspects or oldest is None:
        return
    # Loaded only where there is something to look at.
    from paa.scan.source.features import newest_need

    for path in sorted(suspects):
        need = newest_need(read(path))
        if need is not None and need.version > oldest:
            newest = _shown(need.version)
            yield Finding(
                rule="syntax",
                message=f"{need.feature} needs Python {newest}, and requires_python {requires_python!r} admits "
                f"{_shown(oldest)}",
                location=Location(path=path, line=need.line),
                advice=f"set 'requires_python': '>={newest}' in __package_metadata__, or write it another way",
            )


def unread_feature(source: bytes, error: SyntaxError, running: Version = RUNNING) -> str | None:
    """Which Python would not find ``error`` in ``source``, as advice.

    None where nothing on the error's line looks like a feature that came after the ``running`` version.
    """
    lines = source.decode("utf-8", "replace").splitlines()
    text = lines[error.lineno - 1] if error.lineno and error.lineno <= len(lines) else ""
    found = [(version, feature) for version, feature, pattern in _UNREAD if pattern.match(text)]
    if error.msg.startswith(_OLD_LIMITS) or any(not is_old(text, start) for start in string_starts(text)):
        found.append(((3, 12), NEW_FSTRING))
    for version, feature in found:
        if version > running:
            return f"if this is {feature}, it takes Python {_shown(version)} to read it; paa runs on {_shown(running)}"
    return None


@lru_cache(maxsize=64)
def _oldest(requires_python: str) -> Version | None:
    """The oldest Python that is admitted, by any of its patch releases."""
    specifiers = SpecifierSet(requires_python)
    for version in _PYTHONS:
        if any(specifiers.contains(f"{_shown(version)}.{patch}") for patch in _PATCHES):
            return version
    return None


def _shown(version: Version) -> str:
    return f"{version[0]}.{version[1]}"
