"""The page at the top: all packages that have been released, each with its version, and what it is."""

from collections.abc import Collection, Mapping
from urllib.parse import quote

from paa.documents.markdown import cell, code_block
from paa.edges.templates import render
from paa.edges.tree import Tree
from paa.sites.model import ListedSite, SiteSource
from paa.sites.pages import INDEX_PAGE, Surroundings


def catalogue_source(
    around: Surroundings, title: str, source: str | None, sites: Collection[str], install: Mapping[str, str]
) -> SiteSource:
    """The catalogue. ``sites`` are the packages that have a site; ``source`` is the address of the repository.

    ``install`` tells by index what installs from there, with PACKAGE for the name.
    """
    values = {
        "title": cell(title),
        "source": f"From [{cell(source)}]({quote(source, safe=':/?#=&%~,;@+$')})" if source else "",
        "packages": [_row(item, item.package in sites, around.config.docs_url) for item in _released(around)],
        "commands": [
            {"index": cell(name), "block": code_block(text, "bash")} for name, text in sorted(install.items())
        ],
    }
    return SiteSource(
        name="",
        title=title,
        version=None,
        files={INDEX_PAGE: _bytes("docs/catalogue.md.j2", values, around.tree)},
        nav=[INDEX_PAGE],
        url=f"{around.base_url.rstrip('/')}/" if around.base_url else None,
    )


def _released(around: Surroundings) -> list[ListedSite]:
    return [item for _, item in sorted(around.listed.items()) if item.version is not None]


def _row(item: ListedSite, has_site: bool, docs_url: str | None) -> Mapping[str, str]:  # noqa: FBT001  # one of two rows
    name = cell(item.scanned.distribution)
    links = f"[installation]({item.package}/installation/)"
    page = f"[{name}]({item.package}/)" if has_site else name
    if not has_site:
        links = f"[documentation]({quote(docs_url, safe=':/?#=&%~,;@+$')})" if docs_url else ""
    return {"name": page, "version": cell(item.version or ""), "description": item.description, "links": links}


def _bytes(name: str, values: Mapping[str, object], tree: Tree) -> bytes:
    return render(name, values, tree).encode("utf-8", "replace")
