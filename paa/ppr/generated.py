"""``.paa/generated.json``: what paa has generated in a repository, so that it can tell its own text from the user's."""

import contextlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from paa.documents.reading import SCHEMA, Node, close_document, open_document, parse_json, twice
from paa.documents.rules import LINE, PATH, VERSION
from paa.documents.writing import dump, without_none
from paa.errors import ConfigError
from paa.ppr.options import Platform, Trigger

GENERATED_FILE = ".paa/generated.json"
_ADVICE = (
    "take its last good state from Git; without one, remove it: files that are as paa writes them are known again, and "
    "beside all others the new text is written"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """What pipelines were asked to be; it holds until something else is asked. ``indexes`` are those of ``--index``."""

    full: bool = False
    trigger: Trigger = Trigger.PUSH
    environment_per_package: bool = False
    indexes: tuple[str, ...] = ()
    lock: bool = False
    default_branch: str = "main"


@dataclass(frozen=True, slots=True, kw_only=True)
class Remembered:
    """One generated file: ``text`` is what paa last put there, None where it never did.

    ``offered`` is the text that was written beside the file (``<file>.new``) because it could not be put there. Once
    that is gone, the user has seen to it: what stands there then is the user's answer to it.
    """

    text: str | None = None
    offered: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Generated:
    """The whole document. ``paa`` is the version that wrote it (PEP 440), None before the first run."""

    paa: str | None = None
    platforms: Mapping[Platform, Choices] = field(default_factory=lambda: MappingProxyType({}))
    files: Mapping[str, Remembered] = field(default_factory=lambda: MappingProxyType({}))


def parse_generated(data: bytes) -> Generated:
    """Read the document. Raises ConfigError with every fault, and how to go on without losing anything."""
    with _damage_told():
        top = open_document(parse_json(data, GENERATED_FILE), GENERATED_FILE)
        version = top.text("paa", VERSION)
        platforms = [(node.choice("platform", Platform), _choices(node)) for node in top.nodes("platforms")]
        files = [
            (
                node.text("path", PATH),
                Remembered(text=node.optional_text("text"), offered=node.optional_text("offered")),
            )
            for node in top.nodes("files")
        ]
        for key, names in (("platforms", [name for name, _ in platforms]), ("files", [path for path, _ in files])):
            if repeated := twice(names):
                top.fault(key, f"{', '.join(repeated)} is there twice")
        close_document(top, GENERATED_FILE)
    return Generated(paa=version, platforms=dict(platforms), files=dict(files))


def generated_bytes(generated: Generated) -> bytes:
    """The content of the file: the same for the same state, sorted by name and path."""
    platforms = [
        {
            "platform": platform.value,
            "full": choices.full,
            "trigger": choices.trigger.value,
            "environment_per_package": choices.environment_per_package,
            "indexes": list(choices.indexes),
            "lock": choices.lock,
            "default_branch": choices.default_branch,
        }
        for platform, choices in sorted(generated.platforms.items())
    ]
    files = [
        {"path": path, **without_none({"text": item.text, "offered": item.offered})}
        for path, item in sorted(generated.files.items())
    ]
    return dump({"schema": SCHEMA, "paa": generated.paa, "platforms": platforms, "files": files})


def _choices(node: Node) -> Choices:
    return Choices(
        full=node.flag("full"),
        trigger=node.choice("trigger", Trigger),
        environment_per_package=node.flag("environment_per_package"),
        indexes=node.texts("indexes", LINE),
        lock=node.flag("lock"),
        default_branch=node.text("default_branch", LINE),
    )


@contextlib.contextmanager
def _damage_told() -> Iterator[None]:
    """Say of a damaged document what to do with this one; a newer schema has its own advice."""
    try:
        yield
    except ConfigError as error:
        if error.advice is not None and error.advice.startswith("upgrade paa"):
            raise
        first = error.message.partition("\n")[0]
        raise ConfigError(first, faults=error.faults, advice=_ADVICE) from error
