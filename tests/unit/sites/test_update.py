"""What changes at a place that shows sites."""

from pathlib import Path

import pytest

from paa.sites.build import MadeSite, Workshop
from paa.sites.extra_docs import former_addresses
from paa.sites.manifest import BuiltSite, Manifest, manifest_bytes, parse_manifest
from paa.sites.model import SiteSource
from paa.sites.update import Update, decide

THEME = "t" * 12


def source(name: str, version: str | None = "1.0", text: bytes = b"# A\n") -> SiteSource:
    return SiteSource(name=name, title=name or "all", version=version, files={"index.md": text})


def built(site: SiteSource, theme: str = THEME) -> BuiltSite:
    return BuiltSite(fingerprint=site.fingerprint(theme), version=site.version, theme=theme)


def decided(folder: Path, sites: list[SiteSource], manifest: Manifest, *there: str) -> Update:
    """The decision in a workshop that has built everything already."""
    catalogue = source("", None)
    made = {
        site.name: MadeSite(built=built(site), files={f"{site.name}/index.html".lstrip("/"): folder / "x"})
        for site in [*sites, catalogue]
    }
    workshop = Workshop(folder=folder, theme=THEME, made=made, shared={f"_paa/{THEME}/assets/a.js": folder / "a"})
    return decide(workshop, sites, catalogue, manifest, there)


def test_everything_is_new_on_an_empty_branch(tmp_path: Path) -> None:
    update = decided(tmp_path, [source("a"), source("b")], Manifest())
    assert update.made == ("a", "b")
    assert sorted(update.files) == [f"_paa/{THEME}/assets/a.js", "a/index.html", "b/index.html", "index.html"]
    assert update.removed == frozenset()
    assert parse_manifest(manifest_bytes(update.manifest)) == update.manifest


def test_a_site_that_is_there_is_left_alone_and_one_that_lost_its_page_is_made(tmp_path: Path) -> None:
    manifest = Manifest(sites={"a": built(source("a")), "b": built(source("b"))}, catalogue=built(source("", None)))
    update = decided(tmp_path, [source("a"), source("b")], manifest, "index.html", "a/index.html", "b/old.html")
    assert update.made == ("b",)
    assert update.unchanged == ("a",)
    assert update.removed == {"b/old.html"}
    assert "index.html" not in update.files


def test_themes_are_dropped_when_no_site_uses_them_any_more(tmp_path: Path) -> None:
    before = {"a": built(source("a"), "old"), "b": built(source("b"), "old")}
    manifest = Manifest(sites=before, catalogue=built(source("", None), "old"))
    there = ("index.html", "a/index.html", "b/index.html", "_paa/old/assets/a.js", "_paa/sites.json")
    assert "_paa/old/assets/a.js" not in decided(tmp_path, [source("a")], manifest, *there).removed
    update = decided(tmp_path, [source("a"), source("b")], manifest, *there)
    assert "_paa/old/assets/a.js" in update.removed
    assert "_paa/sites.json" not in update.removed


def test_a_package_called_simple_does_not_take_the_place_of_the_index(tmp_path: Path) -> None:
    update = decided(tmp_path, [source("simple")], Manifest(), "simple/dice/index.json")
    assert update.made == ()
    assert "static index" in update.skipped["simple"]
    assert decided(tmp_path, [source("simple")], Manifest()).made == ("simple",)


@pytest.mark.parametrize("data", [b"", b"{", b"[]", b'{"schema": 1}', b'{"schema": 99, "sites": []}', b"\xff"])
def test_a_manifest_that_can_not_be_read_says_nothing(data: bytes) -> None:
    assert parse_manifest(data) == Manifest()


def test_every_field_of_a_source_counts_in_its_fingerprint() -> None:
    one = source("a")
    others = [
        source("a", "1.1"),
        source("a", text=b"# B\n"),
        SiteSource(name="a", title="b", version="1.0", files=one.files),
        SiteSource(name="a", title="a", version="1.0", files=one.files, url="https://example.org/"),
        SiteSource(name="a", title="a", version="1.0", files=one.files, nav=["index.md"]),
        SiteSource(name="a", title="a", version="1.0", files=one.files, also={"x": "y"}),
        SiteSource(name="a", title="a", version="1.0", files={**one.files, "b.md": b""}),
    ]
    prints = {site.fingerprint(THEME) for site in [one, *others]} | {one.fingerprint("other")}
    assert len(prints) == len(others) + 2


def test_pages_of_folders_are_found_where_the_existing_tool_has_them() -> None:
    places = ["index.md", "a.md", "deep/a.md", "deep/b.md", "other/b.md", "deep/index.md", "img/x.png"]
    assert former_addresses(places) == {"b": "deep/b"}
