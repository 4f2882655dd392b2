"""One source text → its imports, marks, docstring and metadata. By AST, from bytes; user code is never run."""

import ast
import functools
import io
import tokenize
import warnings
from collections import Counter
from collections.abc import Callable, Iterator

from paa.edges.large_files import is_pointer
from paa.scan.metadata.syntax import unread_feature
from paa.scan.source.bindings import all_bound, bound, constant_names
from paa.scan.source.compiling import is_suspect, require_compiled
from paa.scan.source.exports import exports, file_names
from paa.scan.source.facts import Fault, ImportFact, ImportKind, Mark, SourceFacts
from paa.scan.source.glances import newest_possible
from paa.scan.source.literals import Literal, read_command, read_literal, without_surrogates
from paa.scan.source.markers import NEVER
from paa.scan.source.marks import file_marks, marks_behind, merge_marks
from paa.scan.source.statements import Place, Placed, last_name, marker_of, walk

METADATA_NAME = "__package_metadata__"
COMMAND_NAME = "__cli_metadata__"
# What is said of a source that Python has no stack for.
TOO_DEEP = "this file can't be parsed: it is nested too deeply"
_DYNAMIC_NAMES = frozenset({"import_module", "__import__"})


def read_source(source: bytes) -> SourceFacts:
    """Everything that ``source`` says about itself.

    Never raises for what the bytes hold: what does not parse gives a blocking fault with its line.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(source)
        # The parser lets through what the interpreter refuses in a file: bytes in comments that don't decode.
        text = _decoded(source)
        if is_suspect(source, tree):
            require_compiled(source)
    except SyntaxError as error:
        if is_pointer(source):
            return _unreadable("this file is a pointer of Git LFS, not code: keep code out of Git LFS", 1)
        return _unreadable(f"syntax error: {error.msg}", error.lineno, unread_feature(source, error))
    except UnicodeDecodeError as error:
        message = f"this file is not {error.encoding.upper()}: {error.reason} (PEP 263)"
        return _unreadable(message, source.count(b"\n", 0, error.start) + 1)
    except (RecursionError, MemoryError):
        return _unreadable(TOO_DEEP)
    except ValueError as error:
        return _unreadable(f"this file can't be parsed: {error}")
    return _facts(source, text, tree)


def _unreadable(message: str, line: int | None = None, advice: str | None = None) -> SourceFacts:
    return SourceFacts(faults=(Fault(rule="syntax", message=message, line=line or None, advice=advice),))


def _decoded(source: bytes) -> str:
    """The text with the line ends that Python sees. Raises SyntaxError or UnicodeDecodeError."""
    encoding = "utf-8-sig"
    if any(b"coding" in line for line in source.split(b"\n", 2)[:2]):
        with io.BytesIO(source) as stream:
            encoding, _ = tokenize.detect_encoding(stream.readline)
    return source.decode(encoding).replace("\r\n", "\n").replace("\r", "\n")


def _facts(source: bytes, text: str, tree: ast.Module) -> SourceFacts:
    # No statement imports on a line without the word, and only imports are looked for in functions and classes.
    statements = list(walk(tree, _lines_of("import", text)))
    times = functools.cache(lambda: all_bound(walk(tree)))
    imports, faults = _read_imports(text, tree, statements, times)
    if b"import_module" in source or b"__import__" in source:
        imports += _dynamic(tree)
    marks = file_marks(text, times)
    nothing = Literal()
    metadata = read_literal(statements, METADATA_NAME) if METADATA_NAME in text else nothing
    cli = read_literal(statements, COMMAND_NAME) if COMMAND_NAME in text else nothing
    command, command_faults = read_command(cli, COMMAND_NAME)
    bindings = sorted({name for statement, place in statements if place.top for name in bound(statement)})
    docstring = ast.get_docstring(tree)
    return SourceFacts(
        imports=tuple(sorted([*imports, *marks.optional], key=lambda fact: (fact.line, fact.module, fact.names))),
        added=tuple(marks.added),
        docstring=None if docstring is None else without_surrogates(docstring),
        metadata=metadata.value,
        metadata_line=metadata.line,
        metadata_lines=metadata.lines,
        command=command,
        command_line=cli.lines.get("name", cli.line),
        defines_version="__version__" in bindings,
        runs_as_program=any(_is_main_guard(statement) for statement in tree.body),
        bindings=tuple(bindings),
        exports=exports(statements) if b"__all__" in source else (),
        file_names=file_names(tree, source),
        may_need=newest_possible(text),
        faults=(*faults, *marks.faults, *metadata.faults, *command_faults),
    )


def _lines_of(word: str, text: str) -> list[int]:
    """The numbers of the lines that ``word`` begins on, in order."""
    found: list[int] = []
    line, last = 1, 0
    place = text.find(word)
    while place >= 0:
        line += text.count("\n", last, place)
        found.append(line)
        last, place = place, text.find(word, place + 1)
    return found


def _is_main_guard(statement: ast.stmt) -> bool:
    """``if __name__ == "__main__":``, either way round."""
    match statement:
        case (
            ast.If(test=ast.Compare(ast.Name("__name__"), [ast.Eq()], [ast.Constant("__main__")]))
            | ast.If(test=ast.Compare(ast.Constant("__main__"), [ast.Eq()], [ast.Name("__name__")]))
        ):
            return True
    return False


def _read_imports(
    text: str, tree: ast.Module, statements: list[Placed], times: Callable[[], Counter[str]]
) -> tuple[list[ImportFact], list[Fault]]:
    lines = text.encode().split(b"\n")
    names = functools.cache(lambda: constant_names(tree, times))
    known: dict[Place, str] = {}
    imports: list[ImportFact] = []
    faults: list[Fault] = []
    for statement, place in statements:
        if isinstance(statement, ast.Import | ast.ImportFrom):
            marks = marks_behind(lines, statement)
            faults += (mark for mark in marks if isinstance(mark, Fault))
            mark = merge_marks([mark for mark in marks if isinstance(mark, Mark)])
            if mark is not None and not mark.ignore and isinstance(statement, ast.Import) and len(statement.names) > 1:
                faults.append(_ambiguous(statement.lineno))
            marker = marker_of(place, names(), known) if place.tested else ""
            imports += _import_facts(statement, place, marker, mark)
    return imports, faults


def _ambiguous(line: int) -> Fault:
    message = "one mark behind several imports: which one does it mean?"
    return Fault(rule="mark", message=message, line=line, advice="give each import a line of its own")


def _import_facts(
    statement: ast.Import | ast.ImportFrom, place: Place, marker: str, mark: Mark | None
) -> Iterator[ImportFact]:
    kind = ImportKind.OPTIONAL if place.guarded else ImportKind.REQUIRED
    if marker == NEVER:
        kind, marker = ImportKind.TYPE_ONLY, ""
    imported: list[tuple[str, tuple[str, ...]]] = [(alias.name, ()) for alias in statement.names]
    level = 0
    if isinstance(statement, ast.ImportFrom):
        imported = [(statement.module or "", tuple(alias.name for alias in statement.names))]
        level = statement.level
    for module, names in imported:
        yield ImportFact(
            module=module,
            names=names,
            level=level,
            line=statement.lineno,
            kind=kind,
            marker=marker,
            fallback=place.fallback,
            mark=mark,
        )


def _dynamic(tree: ast.Module) -> Iterator[ImportFact]:
    """``importlib.import_module("a")`` and ``__import__("a")`` with a literal."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and last_name(node.func) in _DYNAMIC_NAMES:
            given = [*node.args[:1], *(keyword.value for keyword in node.keywords if keyword.arg == "name")]
            match given:
                case [ast.Constant(value=str(module)), *_]:
                    yield ImportFact(module=without_surrogates(module), line=node.lineno, kind=ImportKind.DYNAMIC)
