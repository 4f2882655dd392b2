"""What a package does, as its user sees it, mirrored and merged: imported here, looked at, and forgotten again."""

import importlib
import sys
import types
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from paa.assemble.merging.merge import MergedSources, merge
from paa.assemble.sources import rewrite_imports
from paa.scan.components import Layout

MODULE = "python_modules/pkg.py"
COMPONENTS = "python_modules/components"
_DEEP = 3


def layout(paths: Mapping[str, object]) -> Layout:
    folders = {str(folder) for path in paths if path.startswith(COMPONENTS) for folder in Path(path).parents}
    return Layout(
        package="pkg",
        module_dir="python_modules",
        dependencies_dir=COMPONENTS,
        paths=frozenset(paths),
        folders=frozenset(folders),
    )


def merged(files: Mapping[str, str | bytes]) -> MergedSources:
    """``files`` (a module, components, interfaces, all shipped) merged. Raises FindingsError."""
    contents = {path: text.encode() if isinstance(text, str) else text for path, text in files.items()}
    components = frozenset(path for path in contents if path.startswith(f"{COMPONENTS}/"))
    return merge(layout(contents), contents, components)


def write_mirrored(files: Mapping[str, str], site: Path) -> Path:
    own = layout(files)
    for path, text in files.items():
        place = site / ("pkg/__init__.py" if path == MODULE else own.shipped_path(path))
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(rewrite_imports(text.encode(), own, path))
    return site


def write_merged(module: bytes, site: Path) -> Path:
    (site / "pkg").mkdir(parents=True)
    (site / "pkg/__init__.py").write_bytes(module)
    return site


@contextmanager
def imported(site: Path) -> Iterator[None]:
    """Let ``pkg`` be found in ``site``, and nothing of it be left."""
    sys.path.insert(0, str(site))
    importlib.invalidate_caches()
    try:
        yield
    finally:
        sys.path.remove(str(site))
        for name in [name for name in sys.modules if name == "pkg" or name.startswith("pkg.")]:
            del sys.modules[name]


def observed(site: Path) -> object:
    """The public names of the package, what they are, and what its functions give, called one after another, twice."""
    found: dict[str, object] = {}
    with imported(site):
        try:
            exec("from pkg import *", found)  # noqa: S102  # what a star brings is the question
        except Exception as error:  # noqa: BLE001  # whatever it is, the other one has to do the same
            return type(error)
        names = sorted(found.keys() - {"__builtins__", "components"})
        values = [(name, shown(found[name])) for name in names]
        functions = [value for name in names if isinstance(value := found[name], types.FunctionType)]
        results = [attempt(function) for _ in range(2) for function in functions]
        return values, results, [(name, shown(getattr(sys.modules["pkg"], name))) for name in names]


def attempt(function: Callable[[], object]) -> object:
    try:
        return shown(function())
    except Exception as error:  # noqa: BLE001  # likewise
        return type(error)


def shown(value: object, depth: int = 0) -> object:
    """A value without what tells the two ways apart by design: in which module something is said to be."""
    if isinstance(value, types.ModuleType):
        return "module" if value.__name__.startswith("pkg") else value.__name__
    if isinstance(value, types.FunctionType):
        return "function", value.__name__, value.__doc__
    if isinstance(value, type) and value.__module__.startswith("pkg"):
        own = [(name, shown(item, depth + 1)) for name, item in sorted(vars(value).items()) if name[0] != "_"]
        return "class", value.__qualname__, own if depth < _DEEP else None
    if isinstance(value, list | tuple):
        return [shown(item, depth + 1) for item in value]
    return repr(value) if isinstance(value, int | str | type) or value is None else type(value).__name__
