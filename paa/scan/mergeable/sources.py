"""The sources that are to be merged, each with its names and with what its imports of components mean."""

import ast
import re
from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from enum import StrEnum

from paa.errors import FindingsError
from paa.scan.components import Layout, LocalImport, local_import
from paa.scan.mergeable.scopes import GlobalNames, global_names
from paa.scan.source.edits import encoding_of, parse
from paa.scan.source.facts import ImportFact, ImportKind
from paa.scan.source.imports import read_source

# PEP 263: what names the encoding in one of the first two lines.
_COOKIE = re.compile(r"^([ \t\f]*#.*?coding[:=][ \t]*)([-\w.]+)")


class Leads(StrEnum):
    """Where one imported name leads."""

    OUT = "out of the package"
    TO_ITSELF = "to the package itself"
    TO_FOLDER = "to a folder of components"
    TO_COMPONENT = "to a component"
    TO_NAME = "to a name in a component"
    TO_ALL_NAMES = "to all names of a component"
    NOWHERE = "to what is not shipped"


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """One name of an import statement: ``path`` is the component that it leads to, ``name`` what it takes from there.

    ``place`` is the component or folder without a suffix, for what is not shipped too.
    """

    alias: ast.alias
    leads: Leads
    path: str = ""
    name: str = ""
    place: str = ""

    @property
    def bound(self) -> str:
        """The name that it binds."""
        return self.alias.asname or self.alias.name.partition(".")[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportStatement:
    """An import that touches components; ``files`` are those that it runs, in order.

    ``top``: it stands by itself at the top level, so it runs once, where it stands. ``for_types``: it never runs.
    """

    node: ast.Import | ast.ImportFrom
    imported: tuple[Imported, ...]
    files: tuple[str, ...]
    top: bool
    for_types: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A source as UTF-8 with plain line feeds, its tree and its global names; ``imports`` in the order of the text.

    ``for_types`` are the lines of imports that only type checkers see.
    """

    path: str
    text: bytes
    tree: ast.Module
    names: GlobalNames
    imports: tuple[ImportStatement, ...]
    for_types: frozenset[int]


class TooDeepError(FindingsError):
    """The source at ``path`` is nested too deeply to be looked into."""

    def __init__(self, path: str) -> None:
        super().__init__(f"{path} is nested too deeply")
        self.path = path


def read(layout: Layout, contents: Mapping[str, bytes], components: AbstractSet[str]) -> dict[str, Source]:
    """The sources of a package, by path; ``components`` are the paths of the components among them.

    Raises TooDeepError.
    """
    sources = {path: _read(layout, path, content, components) for path, content in contents.items()}
    return {path: _settled(source, sources) for path, source in sources.items()}


def _settled(source: Source, sources: Mapping[str, Source]) -> Source:
    """What an ``__init__.py`` binds itself comes before a component of that name in its folder."""
    imports = tuple(
        replace(statement, imported=tuple(_settled_name(source, item, sources) for item in statement.imported))
        for statement in source.imports
    )
    return replace(source, imports=imports)


def _settled_name(source: Source, item: Imported, sources: Mapping[str, Source]) -> Imported:
    init = f"{item.place}/__init__.py"
    if not item.name or item.leads is not Leads.TO_COMPONENT or init not in sources or init == source.path:
        return item
    binds = item.name in sources[init].names.bindings
    return replace(item, leads=Leads.TO_NAME, path=init) if binds else item


def _read(layout: Layout, path: str, content: bytes, components: AbstractSet[str]) -> Source:
    text = _normalised(content)
    try:
        tree = parse(text)
        names = global_names(tree)
    except RecursionError as error:
        raise TooDeepError(path) from error
    facts = read_source(content).imports
    for_types = frozenset(fact.line for fact in facts if fact.kind is ImportKind.TYPE_ONLY)
    top = {id(statement) for statement in tree.body}
    statements = sorted(
        (node for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom)),
        key=lambda node: (node.lineno, node.col_offset),
    )
    imports = []
    for node in statements:
        found = _resolved(layout, path, node, components)
        if found is not None:
            imported, files = found
            statement = ImportStatement(
                node=node,
                imported=imported,
                files=files,
                top=id(node) in top,
                for_types=node.lineno in for_types,
            )
            imports.append(statement)
    return Source(path=path, text=text.encode(), tree=tree, names=names, imports=tuple(imports), for_types=for_types)


def _normalised(content: bytes) -> str:
    text = content.decode(encoding_of(content)).removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    lines = text.split("\n", 2)
    return "\n".join([*(_COOKIE.sub(r"\1utf-8", line) for line in lines[:2]), *lines[2:]])


def _resolved(
    layout: Layout, path: str, node: ast.Import | ast.ImportFrom, components: AbstractSet[str]
) -> tuple[tuple[Imported, ...], tuple[str, ...]] | None:
    """What each name of the statement leads to, and the files that run; None when all of it leads out."""
    imported: list[Imported] = []
    files: list[str] = []
    if isinstance(node, ast.ImportFrom):
        names = tuple(alias.name for alias in node.names)
        fact = ImportFact(module=node.module or "", names=names, level=node.level, line=node.lineno)
        local = local_import(layout, path, fact)
        if local is None:
            return None
        files += local.files
        imported += (_taken(local, alias, components) for alias in node.names)
    else:
        for alias in node.names:
            local = local_import(layout, path, ImportFact(module=alias.name, line=node.lineno))
            files += local.files if local is not None else ()
            imported.append(_whole(local, alias, components))
        if all(item.leads is Leads.OUT for item in imported):
            return None
    return tuple(imported), tuple(dict.fromkeys(file for file in files if file in components))


def _whole(local: LocalImport | None, alias: ast.alias, components: AbstractSet[str]) -> Imported:
    """``import a.b``."""
    if local is None:
        return Imported(alias=alias, leads=Leads.OUT)
    if not local.target:
        return Imported(alias=alias, leads=Leads.TO_ITSELF)
    file = file_of(local.target, components)
    if file is None:
        # A folder has no file of its own; what is not shipped has none either.
        leads = Leads.NOWHERE if local.fault else Leads.TO_FOLDER
        return Imported(alias=alias, leads=leads, place=local.target)
    return Imported(alias=alias, leads=Leads.TO_COMPONENT, path=file, place=local.target)


def _taken(local: LocalImport, alias: ast.alias, components: AbstractSet[str]) -> Imported:
    """``from a import b``."""
    if not local.target:
        return Imported(alias=alias, leads=Leads.TO_ITSELF)
    if local.by_name:
        return Imported(alias=alias, leads=Leads.TO_FOLDER, place=local.target)
    file = file_of(local.target, components)
    if alias.name == "*":
        leads = Leads.TO_ALL_NAMES if file else Leads.NOWHERE
        return Imported(alias=alias, leads=leads, path=file or "", place=local.target)
    submodule = dict(local.submodules).get(alias.name)
    if submodule is not None and (inner := file_of(submodule, components)) is not None:
        return Imported(alias=alias, leads=Leads.TO_COMPONENT, path=inner, name=alias.name, place=local.target)
    if file is None:
        return Imported(alias=alias, leads=Leads.NOWHERE, name=alias.name, place=local.target)
    return Imported(alias=alias, leads=Leads.TO_NAME, path=file, name=alias.name, place=local.target)


def file_of(place: str, components: AbstractSet[str]) -> str | None:
    """The shipped file of the component at ``place`` (a path without a suffix)."""
    candidates = (f"{place}/__init__.py", f"{place}.py")
    return next((path for path in candidates if path in components), None)


def literal_assignment(statement: ast.stmt) -> str | None:
    """The name that a statement binds to a value written out, if it does that and nothing else."""
    match statement:
        case (
            ast.Assign(targets=[ast.Name(id=name)], value=value)
            | ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value)
        ):
            return name if _is_literal(value) else None
    return None


def _is_literal(value: ast.expr) -> bool:
    try:
        ast.literal_eval(value)
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return False
    return True


def described(source: Source) -> Iterator[ast.stmt]:
    """The statements of a component that only describe its file, such as ``__author__ = "…"`` and ``__all__``.

    They go with the file: nothing in it reads those names.
    """
    for statement in source.tree.body:
        name = literal_assignment(statement)
        if name is not None and name.startswith("__") and name.endswith("__") and name not in source.names.reads:
            bindings = source.names.bindings[name]
            if len(bindings) == 1:
                yield statement
