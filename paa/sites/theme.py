"""The theme of all sites of a place, kept once: 500 copies of it would not fit into what GitHub Pages serves."""

import hashlib
import re
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath

from paa.edges.files import read_bytes
from paa.edges.mkdocs import mkdocs_versions
from paa.edges.templates import templates_folder
from paa.sites.manifest import FOLDER

ASSETS = "assets"
# For languages other than English, and for debuggers.
_LEFT_OUT = re.compile(r"assets/javascripts/lunr/|.*\.map$")
# What only the top of a web server has: pages of another place, or none.
_TOP_ONLY = frozenset({"404.html", "sitemap.xml", "sitemap.xml.gz"})
_ADDRESS = re.compile(r"""(?P<before>(?:href|src)="|"search": ")(?P<up>(?:\.\./|\./)*)assets/(?P<path>[^"?#]+)""")


def theme_folder() -> Path:
    """Templates and styles that come before those of the theme."""
    return templates_folder() / "docs" / "theme"


def theme_name() -> str:
    """A short name that changes with everything that the theme is made from."""
    digest = hashlib.sha256("\n".join(mkdocs_versions()).encode())
    folder = theme_folder()
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        digest.update(path.relative_to(folder).as_posix().encode() + b"\0" + read_bytes(path))
    return digest.hexdigest()[:12]


def split_site(site: Path, docs: Iterable[str], name: str, theme: str) -> tuple[dict[str, Path], dict[str, Path]]:
    """The files of a built site by their places, and those of the theme; pages are changed to load the one copy.

    ``docs`` are the paths of the user's files; ``name`` is the folder of the site, empty for the top.
    """
    own = {f"{ASSETS}/{path.removeprefix(f'{ASSETS}/')}" for path in docs if path.startswith(f"{ASSETS}/")}
    pages, shared = {}, {}
    for path, file in _files(site):
        if path in _TOP_ONLY or _LEFT_OUT.match(path):
            continue
        if path.startswith(f"{ASSETS}/") and path not in own:
            shared[f"{FOLDER}/{theme}/{path}"] = file
        else:
            pages[f"{name}/{path}" if name else path] = file
    kept = {path.removeprefix(f"{FOLDER}/{theme}/{ASSETS}/") for path in shared}
    for file in pages.values():
        if file.suffix == ".html":
            text = file.read_text(encoding="utf-8")
            file.write_text(_with_shared(text, kept, "../" if name else "", theme), encoding="utf-8")
    return pages, shared


def _with_shared(page: str, shared: Iterable[str], up: str, theme: str) -> str:
    known = frozenset(shared)

    def address(match: re.Match[str]) -> str:
        if match["path"] not in known:
            return match[0]
        return f"{match['before']}{up}{match['up']}{FOLDER}/{theme}/{ASSETS}/{match['path']}"

    return _ADDRESS.sub(address, page)


def _files(folder: Path) -> Iterator[tuple[str, Path]]:
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            yield PurePosixPath(path.relative_to(folder)).as_posix(), path
