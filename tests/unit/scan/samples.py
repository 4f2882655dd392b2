"""What the tests of the scan share: facts as short lines, and trees of real files."""

from collections.abc import Mapping
from pathlib import Path

from paa.config import Config, default_config, parse_config
from paa.edges.tree import Tree, disk_tree
from paa.model import ScannedPackage
from paa.scan.scan import scan
from paa.scan.source.facts import ImportFact, ImportKind, Mark, SourceFacts
from paa.scan.source.imports import read_source


def read(source: str | bytes) -> SourceFacts:
    """The facts of a source text."""
    return read_source(source.encode() if isinstance(source, str) else source)


def shown_mark(mark: Mark) -> str:
    """A mark as it would be written."""
    extras = f"[{','.join(mark.extras)}]" if mark.extras else ""
    return "#-" if mark.ignore else f"#{extras}{mark.specifier}"


def shown_import(fact: ImportFact) -> str:
    """``line: module (names) kind if marker, instead #mark``; what is as usual is left out."""
    text = f"{fact.line}: {'.' * fact.level}{fact.module}"
    text += f" ({', '.join(fact.names)})" if fact.names else ""
    text += f" {fact.kind.value}" if fact.kind is not ImportKind.REQUIRED else ""
    text += f" if {fact.marker}" if fact.marker else ""
    text += ", instead" if fact.fallback else ""
    return text + (f" {shown_mark(fact.mark)}" if fact.mark is not None else "")


def shown_imports(source: str | bytes) -> list[str]:
    """The imports of a source text without faults, each as one line."""
    facts = read(source)
    assert facts.faults == ()
    return [shown_import(fact) for fact in facts.imports]


def write(folder: Path, files: Mapping[str, str | bytes]) -> None:
    """Write files by path below ``folder``; text as UTF-8, unchanged."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)


def make_tree(folder: Path, files: Mapping[str, str | bytes]) -> Tree:
    """The tree of a new folder outside Git with ``files`` in it."""
    folder.mkdir(parents=True, exist_ok=True)
    write(folder, files)
    return disk_tree(folder)


def make_config(text: str = "") -> Config:
    """The settings that the text of a ``.paa.config`` gives."""
    if not text:
        return default_config()
    return parse_config(text.encode(), root=Path("/nowhere"), source=".paa.config", check_paths=False)


def scan_files(folder: Path, files: Mapping[str, str | bytes], config: str = "") -> dict[str, ScannedPackage]:
    """What scanning a new folder with ``files`` gives, by package."""
    return {item.package.name: item for item in scan(make_tree(folder, files), make_config(config))}


def shown_findings(scanned: ScannedPackage) -> list[str]:
    """The findings of a package as ``severity rule place: message``."""
    return [f"{item.severity.value} {item.rule} {item.location}: {item.message}" for item in scanned.findings]


def shown_requirements(scanned: ScannedPackage) -> list[str]:
    """The requirements of a package, those of an extra with its name in front."""
    return [f"{item.extra}: {item.requirement}" if item.extra else item.requirement for item in scanned.requirements]
