"""One source text → its imports, marks, docstring and metadata. By AST, from bytes; user code is never run.

Only statements are walked: an import can't stand in an expression, and walking every node costs a third of a scan.
"""

import ast
import warnings
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from paa.scan.conditions import NEVER, Names, both, branches
from paa.scan.facts import Fault, ImportFact, ImportKind, Mark, SourceFacts
from paa.scan.literals import Literal, read_literal
from paa.scan.marks import read_marks

METADATA_NAME = "__package_metadata__"
COMMAND_NAME = "__cli_metadata__"
_GUARDS = frozenset({"ImportError", "ModuleNotFoundError", "Exception", "BaseException"})


@dataclass(frozen=True, slots=True, kw_only=True)
class _Context:
    """Where a statement stands: under which marker, guarded against ImportError, at module level or deeper."""

    marker: str = ""
    guarded: bool = False
    top: bool = True


def read_source(source: bytes) -> SourceFacts:
    """Everything that ``source`` says about itself.

    Never raises for what the bytes hold: what does not parse gives a blocking fault with its line.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(source)
    except SyntaxError as error:
        return SourceFacts(faults=(Fault(rule="syntax", message=f"syntax error: {error.msg}", line=error.lineno),))
    except (ValueError, RecursionError, MemoryError) as error:
        return SourceFacts(faults=(Fault(rule="syntax", message=f"this file can't be parsed: {error}"),))
    names = _constant_names(tree)
    statements = list(_walk(tree.body, names))
    marks = read_marks(source)
    imports = [fact for statement, context in statements for fact in _import_facts(statement, context)]
    imports, faults = _marked(imports, statements, marks.on_line)
    metadata = read_literal(tree, METADATA_NAME)
    command, command_fault = _command(read_literal(tree, COMMAND_NAME))
    bindings = sorted({name for statement, context in statements if context.top for name in _bound(statement)})
    if b"import_module" in source or b"__import__" in source:
        imports += _dynamic(tree)
    imports += marks.optional
    return SourceFacts(
        imports=tuple(sorted(imports, key=lambda fact: (fact.line, fact.module, fact.names))),
        added=marks.added,
        docstring=ast.get_docstring(tree),
        metadata=metadata.value,
        metadata_line=metadata.line,
        command=command,
        defines_version="__version__" in bindings,
        bindings=tuple(bindings),
        faults=(*faults, *marks.faults, *metadata.faults, *command_fault),
    )


def _walk(body: list[ast.stmt], names: Names) -> Iterator[tuple[ast.stmt, _Context]]:
    """Every statement with its context. A stack instead of recursion: a long elif chain is as deep as it is long."""
    stack: list[tuple[list[ast.stmt], _Context]] = [(body, _Context())]
    while stack:
        statements, context = stack.pop()
        for statement in statements:
            yield statement, context
            stack.extend(_bodies(statement, context, names))


def _bodies(statement: ast.stmt, context: _Context, names: Names) -> Iterator[tuple[list[ast.stmt], _Context]]:
    match statement:
        case ast.If(test=test, body=body, orelse=orelse):
            taken, other = branches(test, names)
            yield body, replace(context, marker=both(context.marker, taken))
            yield orelse, replace(context, marker=both(context.marker, other))
        case ast.Try() | ast.TryStar():
            guarded = replace(context, guarded=context.guarded or any(map(_guards, statement.handlers)))
            yield statement.body, guarded
            yield statement.orelse, guarded
            yield statement.finalbody, context
            for handler in statement.handlers:
                # A fallback is as optional as what it stands in for.
                yield handler.body, replace(context, guarded=context.guarded or _guards(handler))
        case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
            yield statement.body, replace(context, top=False)
        case ast.With() | ast.AsyncWith():
            yield statement.body, replace(context, guarded=context.guarded or any(map(_suppresses, statement.items)))
        case ast.For() | ast.AsyncFor() | ast.While():
            yield statement.body, context
            yield statement.orelse, context
        case ast.Match(cases=cases):
            for case in cases:
                yield case.body, context


def _guards(handler: ast.ExceptHandler) -> bool:
    return handler.type is None or any(name in _GUARDS for name in _exception_names(handler.type))


def _suppresses(item: ast.withitem) -> bool:
    call = item.context_expr
    if not isinstance(call, ast.Call) or not ast.unparse(call.func).endswith("suppress"):
        return False
    return any(name in _GUARDS for argument in call.args for name in _exception_names(argument))


def _exception_names(node: ast.expr) -> Iterator[str]:
    for item in node.elts if isinstance(node, ast.Tuple) else (node,):
        if isinstance(item, ast.Name):
            yield item.id
        elif isinstance(item, ast.Attribute):
            yield item.attr


def _import_facts(statement: ast.stmt, context: _Context) -> Iterator[ImportFact]:
    kind = ImportKind.OPTIONAL if context.guarded else ImportKind.REQUIRED
    marker = context.marker
    if marker == NEVER:
        kind, marker = ImportKind.TYPE_ONLY, ""
    if isinstance(statement, ast.Import):
        for alias in statement.names:
            yield ImportFact(module=alias.name, line=statement.lineno, kind=kind, marker=marker)
    elif isinstance(statement, ast.ImportFrom):
        names = tuple(alias.name for alias in statement.names)
        yield ImportFact(
            module=statement.module or "",
            names=names,
            level=statement.level,
            line=statement.lineno,
            kind=kind,
            marker=marker,
        )


def _marked(
    imports: list[ImportFact],
    statements: Iterable[tuple[ast.stmt, _Context]],
    on_line: Iterable[tuple[int, Mark | Fault]],
) -> tuple[list[ImportFact], list[Fault]]:
    """Attach each mark to the import statement that it stands behind; behind other code it is a plain comment."""
    spans = [
        (statement.lineno, statement.end_lineno or statement.lineno, statement.col_offset, len(statement.names))
        for statement, _ in statements
        if isinstance(statement, ast.Import | ast.ImportFrom)
    ]
    marks: dict[int, list[Mark]] = {}
    faults = []
    for line, mark in on_line:
        # Of several statements on a line, the last is the one that the comment stands behind.
        owner = max((span for span in spans if span[0] <= line <= span[1]), key=lambda span: span[2], default=None)
        if owner is None:
            continue
        start, _, _, count = owner
        if isinstance(mark, Fault):
            faults.append(mark)
        elif count > 1 and not mark.ignore and sum(fact.line == start for fact in imports) > 1:
            message = "one mark behind several imports: which one does it mean?"
            faults.append(Fault(rule="mark", message=message, line=line, advice="give each import a line of its own"))
        else:
            marks.setdefault(start, []).append(mark)
    last = {fact.line: number for number, fact in enumerate(imports)}
    merged = [
        replace(fact, mark=_merged(marks[fact.line]))
        if fact.line in marks and _applies(fact, number, last, marks)
        else fact
        for number, fact in enumerate(imports)
    ]
    return merged, faults


def _applies(fact: ImportFact, number: int, last: dict[int, int], marks: dict[int, list[Mark]]) -> bool:
    return last[fact.line] == number or all(mark.ignore for mark in marks[fact.line])


def _merged(marks: list[Mark]) -> Mark:
    if any(mark.ignore for mark in marks):
        return Mark(ignore=True)
    extras = tuple(sorted({extra for mark in marks for extra in mark.extras}))
    return Mark(extras=extras, specifier=",".join(sorted({mark.specifier for mark in marks if mark.specifier})))


def _constant_names(tree: ast.Module) -> dict[str, ast.expr]:
    """Module-level names bound once, to an expression that a condition can be followed into."""
    found: dict[str, ast.expr] = {}
    seen: set[str] = set()
    for statement in tree.body:
        if isinstance(statement, ast.ImportFrom) and statement.module in {"sys", "os", "platform"}:
            for alias in statement.names:
                found[alias.asname or alias.name] = ast.Attribute(ast.Name(statement.module), alias.name)
        elif isinstance(statement, ast.Assign | ast.AnnAssign) and statement.value is not None:
            for name in _bound(statement):
                if name in seen:
                    found.pop(name, None)
                elif not isinstance(statement.value, ast.Tuple):
                    found[name] = statement.value
                seen.add(name)
    return found


def _bound(statement: ast.stmt) -> Iterator[str]:
    """The names that a statement binds in its own scope (nested bodies are statements of their own)."""
    targets: list[ast.expr] = []
    match statement:
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            yield name
        case ast.Import(names=aliases) | ast.ImportFrom(names=aliases):
            yield from (alias.asname or alias.name.partition(".")[0] for alias in aliases)
        case ast.Assign():
            targets = statement.targets
        case ast.AnnAssign() | ast.AugAssign() | ast.For() | ast.AsyncFor():
            targets = [statement.target]
        case ast.With() | ast.AsyncWith():
            targets = [item.optional_vars for item in statement.items if item.optional_vars]
    for target in targets:
        yield from (
            node.id for node in ast.walk(target) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
        )


def _dynamic(tree: ast.Module) -> list[ImportFact]:
    """``importlib.import_module("a")`` and ``__import__("a")`` with a literal."""
    return [
        ImportFact(module=node.args[0].value, line=node.lineno, kind=ImportKind.DYNAMIC)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and ast.unparse(node.func).rpartition(".")[2] in {"import_module", "__import__"}
        and node.args
        and isinstance(node.args[0], ast.Constant)
        and isinstance(node.args[0].value, str)
    ]


def _command(literal: Literal) -> tuple[str | None, tuple[Fault, ...]]:
    if literal.value is None:
        return None, literal.faults
    name = literal.value.get("name")
    if name is None or isinstance(name, str):
        return name, literal.faults
    message = f"{COMMAND_NAME}: name must be a string"
    return None, (*literal.faults, Fault(rule="metadata", message=message, line=literal.line))
