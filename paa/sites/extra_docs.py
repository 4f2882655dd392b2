"""Pages that the user wrote for a package's site: ``extra_docs/<package>/``, and where the existing tool has them."""

from collections.abc import Iterable, Mapping
from pathlib import PurePosixPath

from paa.config import Config
from paa.edges.files import is_inside
from paa.edges.large_files import with_large_files
from paa.edges.tree import Tree
from paa.scan.readme.notebook import read_notebook
from paa.scan.readme.notebook_markdown import notebook_markdown

_PAGE, _NOTEBOOK = ".md", ".ipynb"
# What only its own program can show.
_NO_PAGES = (".drawio",)


def extra_pages(tree: Tree, config: Config, package: str) -> dict[str, bytes]:
    """The pages and files of one package, by their places in its site; notebooks as the Markdown that they become.

    What lies in ``extra_docs/<package>/`` keeps its place. Beside that folder ``<package>.md`` is the page
    ``description``, and ``<package>-x.md`` the page ``x``. Links are not followed. Raises NotebookError.
    """
    places = {path: place for path in tree.blobs if (place := _place(path, config.extra_docs_dir, package)) is not None}
    places |= {path: place for path, place in config.docs_file_paths.items() if path in tree.blobs}
    chosen = {path: place for path, place in places.items() if _is_shown(path, place) and path not in tree.links}
    contents = with_large_files(tree.root, tree.read(chosen))
    return dict(_page(chosen[path], path, data) for path, data in sorted(contents.items()))


def former_addresses(places: Iterable[str]) -> Mapping[str, str]:
    """Where the existing tool shows the pages of folders: at the top. By those addresses, the ones that they have."""
    pages = [PurePosixPath(place) for place in places if place.endswith(_PAGE)]
    top = {page.stem for page in pages if len(page.parts) == 1}
    found: dict[str, str] = {}
    for page in pages:
        if len(page.parts) > 1 and page.stem not in {*top, "index", "README"}:
            found.setdefault(page.stem, page.with_suffix("").as_posix())
    return found


def _place(path: str, folder: str, package: str) -> str | None:
    if not path.startswith(f"{folder}/"):
        return None
    name = path.removeprefix(f"{folder}/")
    if name.startswith(f"{package}/"):
        return name.removeprefix(f"{package}/")
    if name == f"{package}{_PAGE}":
        return "description.md"
    return name.removeprefix(f"{package}-") if name.startswith(f"{package}-") and "/" not in name else None


def _is_shown(path: str, place: str) -> bool:
    hidden = any(part.startswith((".", "_")) for part in PurePosixPath(place).parts)
    return is_inside(place) and not hidden and not path.lower().endswith(_NO_PAGES)


def _page(place: str, path: str, data: bytes) -> tuple[str, bytes]:
    if not place.endswith(_NOTEBOOK):
        return place, data
    text = notebook_markdown(read_notebook(data, path), None)
    return f"{place.removesuffix(_NOTEBOOK)}{_PAGE}", text.encode("utf-8", "replace")
