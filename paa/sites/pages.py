"""A package → the Markdown of its site: overview, the user's pages, installation, release notes."""

import html
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from packaging.requirements import Requirement as Pep508

from paa.assemble.metadata import resolved_dependencies
from paa.assemble.readme import readme, released_sources
from paa.config import Config
from paa.documents.markdown import cell, code, code_block
from paa.edges.clock import today
from paa.edges.mkdocs import Nav
from paa.edges.templates import render
from paa.edges.tree import Tree
from paa.errors import FindingsError
from paa.record.files import notes_path, with_notes
from paa.scan.readme.findings import readme_source
from paa.sites.extra_docs import extra_pages, former_addresses
from paa.sites.flavour import python_markdown
from paa.sites.model import ListedSite, SiteSource

INDEX_PAGE, INSTALLATION_PAGE, NOTES_PAGE = "index.md", "installation.md", "release-notes.md"
_TITLE = re.compile(r"\s*# +(?P<title>[^\n]*?)[ #]*(?:\n|$)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What all sites have in common.

    ``listed`` are the packages by name. ``places`` gives for a package what each installer has to be told, by index and
    installer; ``base_url`` is where the catalogue is found, if that is known.
    """

    tree: Tree
    config: Config
    listed: Mapping[str, ListedSite]
    places: Mapping[str, Mapping[str, Mapping[str, str]]] = field(default_factory=dict)
    base_url: str | None = None


def site_source(around: Surroundings, item: ListedSite) -> SiteSource:
    """The site of one package. Raises FindingsError for a README or a notebook that can't be read."""
    own = extra_pages(around.tree, around.config, item.package)
    notes = _notes(around.tree, item)
    made = {INDEX_PAGE: _overview(around, item), INSTALLATION_PAGE: _installation(around, item)}
    if notes is not None:
        made[NOTES_PAGE] = notes
    files = {**made, **own}
    base = around.base_url
    return SiteSource(
        name=item.package,
        title=item.scanned.distribution,
        version=item.version,
        files=files,
        nav=[*_nav([place for place in sorted(files) if place.endswith(".md")]), {"All packages": "../"}],
        url=f"{base.rstrip('/')}/{item.package}/" if base else None,
        also=former_addresses(files),
    )


def _overview(around: Surroundings, item: ListedSite) -> bytes:
    text = _readme(around, item)
    match = _TITLE.match(text)
    install = next(iter(around.places.get(item.package, {}).values()), {})
    values = {
        "title": match["title"] if match else cell(item.scanned.distribution),
        "facts": " · ".join(_facts(item)),
        "install": code_block(install["pip"], "bash") if "pip" in install else "",
        "text": text[match.end() :].lstrip("\n") if match else text,
    }
    return _render("docs/index.md.j2", values, around.tree)


def _facts(item: ListedSite) -> Iterator[str]:
    metadata = item.scanned.metadata
    yield f"Version {cell(item.version)}" if item.version else "Not released yet"
    if metadata is not None:
        yield f"Python {cell(metadata.requires_python)}"
        if metadata.license:
            yield cell(metadata.license)
    if item.scanned.repository and not set(item.scanned.repository) & set("()<>[] "):
        yield f"[Source]({item.scanned.repository})"


def _readme(around: Surroundings, item: ListedSite) -> str:
    """The README as the distribution has it; reStructuredText and plain text as text."""
    scanned = item.scanned
    source = readme_source(scanned)
    if scanned.metadata is None or scanned.package.project is not None or not (source or scanned.docstring):
        return item.description
    contents = around.tree.read([source] if source else [])
    released = released_sources(around.tree, around.config, scanned, item.version or "0")
    name, data = readme(around.tree, contents, scanned, scanned.metadata, released)
    text = data.decode()
    return python_markdown(text) if name.endswith(".md") else code_block(text, "rst" if name.endswith(".rst") else "")


def _installation(around: Surroundings, item: ListedSite) -> bytes:
    places = [
        {
            "name": cell(index),
            "installers": [
                {"name": installer, "block": _indented(code_block(text, "bash" if installer == "pip" else "toml"))}
                for installer, text in texts.items()
            ],
        }
        for index, texts in around.places.get(item.package, {}).items()
    ]
    python = item.scanned.metadata.requires_python if item.scanned.metadata else ""
    values = {"places": places, "python": cell(python), "requirements": list(_requirements(around, item))}
    return _render("docs/installation.md.j2", values, around.tree)


def _requirements(around: Surroundings, item: ListedSite) -> Iterator[Mapping[str, str]]:
    siblings = {one.scanned.distribution: one for one in around.listed.values() if one.version is not None}
    found = resolved_dependencies(item.scanned.requirements, item.floors, around.config)
    for extra, texts in sorted(found.items(), key=lambda pair: pair[0] or ""):
        for text in texts:
            sibling = siblings.get(Pep508(text).name)
            # A `|` would end the cell.
            shown = cell(text) if "|" in text else code(text)
            yield {
                "shown": f"[{shown}](../../{sibling.package}/)" if sibling else shown,
                "extra": f"extra {code(extra)}" if extra else "always",
            }


def _notes(tree: Tree, item: ListedSite) -> bytes | None:
    data = tree.read_one(notes_path(item.package))
    if item.version is not None and item.new_notes is not None:
        data = with_notes(data, item.version, today(), item.new_notes)
    return data if data and data.strip() else None


def _nav(places: Sequence[str]) -> list[str | Mapping[str, str | Nav]]:
    """Overview first, then the user's pages with folders as sections, then what paa adds."""
    first = [{"Overview": INDEX_PAGE}]
    last = [{"Installation": INSTALLATION_PAGE}, {"Release notes": NOTES_PAGE}]
    own = [place for place in places if place not in {INDEX_PAGE, INSTALLATION_PAGE, NOTES_PAGE}]
    own.sort(key=lambda place: (place != "description.md", place))
    sections: dict[str, list[str]] = {}
    for place in own:
        sections.setdefault(PurePosixPath(place).parent.as_posix(), []).append(place)
    named: list[str | Mapping[str, str | Nav]] = [*first, *sections.pop(".", [])]
    named += [{_section(folder): pages} for folder, pages in sorted(sections.items())]
    return [*named, *(entry for entry in last if next(iter(entry.values())) in places)]


def _section(folder: str) -> str:
    words = " / ".join(part.replace("_", " ").replace("-", " ").capitalize() for part in folder.split("/"))
    return html.escape(words)


def _indented(text: str) -> str:
    return "".join(f"    {line}\n" if line.strip() else "\n" for line in text.splitlines())


def _render(name: str, values: Mapping[str, object], tree: Tree) -> bytes:
    try:
        return render(name, values, tree).encode("utf-8", "replace")
    except UnicodeError as error:
        message = f"template {name}: {error}"
        raise FindingsError(message) from error
