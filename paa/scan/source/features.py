"""A close look at a source text: which features of the language it uses, and which Python came with each.

By the syntax tree and the tokens, so that strings and comments don't count. Sources: "What's New in Python" 3.8 to
3.15, and PEP 572, 570, 614, 617, 634, 646, 654, 695, 696, 701, 750, 758, 798, 810.
"""

import ast
import io
import re
import tokenize
import warnings
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from paa.scan.source.fstrings import NEW_FSTRING, NewSyntaxError, read_old
from paa.scan.source.glances import Version

Found = tuple[Version, int, str]
Place = tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Need:
    """A feature of the language that a text uses: where it stands first, and the first Python that has it."""

    version: Version
    line: int
    feature: str


def newest_need(source: bytes) -> Need | None:
    """The feature of ``source`` that came last; None for what Python 3.7 can read, and for what can't be parsed."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            nodes = list(ast.walk(ast.parse(source)))
        text = _decoded(source)
        tokens = list(tokenize.generate_tokens(io.StringIO(text).readline))
    except (SyntaxError, ValueError, RecursionError, MemoryError, tokenize.TokenError):
        return None
    found = [item for node in nodes for item in (*_of_statement(node), *_of_expression(node), *_newer(node))]
    found += [*_parenthesised_with(tokens), *_fstrings(text, tokens)]
    if not found:
        return None
    newest = max(version for version, _, _ in found)
    line, feature = min((line, feature) for version, line, feature in found if version == newest)
    return Need(version=newest, line=line, feature=feature)


def _decoded(source: bytes) -> str:
    encoding, _ = tokenize.detect_encoding(io.BytesIO(source).readline)
    with io.TextIOWrapper(io.BytesIO(source), encoding) as stream:
        return stream.read()


def _of_statement(node: ast.AST) -> Iterator[Found]:
    match node:
        case ast.Match(lineno=line):
            yield (3, 10), line, "a match statement"
        case ast.TryStar(handlers=[handler, *_]):
            yield (3, 11), handler.lineno, "except*"
        case ast.Return(value=ast.Tuple() as value) if _is_bare(value) and _has_star(value.elts):
            yield (3, 8), node.lineno, "an unpacked value in a return without parentheses"
        case ast.For(iter=ast.Tuple() as value) if _is_bare(value) and _has_star(value.elts):
            yield (3, 9), node.lineno, "an unpacked value in a for without parentheses"
        case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
            for decorator in node.decorator_list:
                if not _is_plain_decorator(decorator):
                    yield (3, 9), decorator.lineno, "a decorator that is more than a name or a call"


def _of_expression(node: ast.AST) -> Iterator[Found]:
    match node:
        case ast.NamedExpr(lineno=line):
            yield (3, 8), line, "an assignment expression (:=)"
        case ast.arguments(posonlyargs=[first, *_]):
            yield (3, 8), first.lineno, "a positional-only parameter"
        case ast.Yield(value=ast.Tuple() as value) if _is_bare(value) and _has_star(value.elts):
            yield (3, 8), node.lineno, "an unpacked value in a yield without parentheses"
        case ast.Subscript(slice=ast.Tuple() as index) if _is_bare(index) and _has_star(index.elts):
            yield (3, 11), _star_line(index.elts), "an unpacked value in an index"
        case ast.Subscript(slice=ast.NamedExpr(lineno=line)):
            yield (3, 10), line, "an assignment expression as an index"
        case ast.arg(annotation=ast.Starred(lineno=line)):
            yield (3, 11), line, "an unpacked annotation of *args"


def _newer(node: ast.AST) -> Iterator[Found]:
    """What only parsers newer than Python 3.11's have nodes or fields for."""
    line = getattr(node, "lineno", 1)
    kind = type(node).__name__
    if parameters := getattr(node, "type_params", ()):
        yield (3, 12), parameters[0].lineno, "a list of type parameters"
        for parameter in parameters:
            if getattr(parameter, "default_value", None) is not None:
                yield (3, 13), parameter.lineno, "a type parameter with a default"
    if kind == "TypeAlias":
        yield (3, 12), line, "a type statement"
    elif kind == "TemplateStr":
        yield (3, 14), line, "a template string"
    elif isinstance(node, ast.ExceptHandler) and isinstance(node.type, ast.Tuple) and _is_bare(node.type):
        yield (3, 14), line, "an except clause without parentheses"
    elif getattr(node, "is_lazy", False):
        yield (3, 15), line, "a lazy import"
    elif isinstance(getattr(node, "elt", None), ast.Starred) or (kind == "DictComp" and not getattr(node, "value", 1)):
        yield (3, 15), line, "an unpacked value in a comprehension"


def _has_star(items: Iterable[ast.expr]) -> bool:
    return any(isinstance(item, ast.Starred) for item in items)


def _star_line(items: Iterable[ast.expr]) -> int:
    return next(item.lineno for item in items if isinstance(item, ast.Starred))


def _is_bare(items: ast.Tuple) -> bool:
    """Whether a tuple stands there without parentheses: then it begins where its first item does."""
    return bool(items.elts) and (items.lineno, items.col_offset) == (items.elts[0].lineno, items.elts[0].col_offset)


def _is_plain_decorator(node: ast.expr) -> bool:
    if isinstance(node, ast.Call):
        node = node.func
    while isinstance(node, ast.Attribute):
        node = node.value
    return isinstance(node, ast.Name)


def _parenthesised_with(tokens: list[tokenize.TokenInfo]) -> Iterator[Found]:
    """``with (a as b, c as d):``, which a tree doesn't tell from the form without parentheses."""
    for place, token in enumerate(tokens):
        if token.type == tokenize.NAME and token.string == "with" and _binds_in_parentheses(tokens, place + 1):
            yield (3, 9), token.start[0], "a with statement in parentheses"


def _binds_in_parentheses(tokens: list[tokenize.TokenInfo], place: int) -> bool:
    depth = 0
    while place < len(tokens):
        token = tokens[place]
        if token.type == tokenize.OP:
            depth += (token.string in "([{") - (token.string in ")]}")
        elif depth == 1 and token.type == tokenize.NAME and token.string == "as":
            return True
        if depth == 0 and token.type not in {tokenize.NL, tokenize.COMMENT}:
            return False
        place += 1
    return False


def _fstrings(text: str, tokens: Iterable[tokenize.TokenInfo]) -> Iterator[Found]:
    lines = [0, *(found.end() for found in re.finditer("\n", text))]
    for (row, column), end in _outer_fstrings(tokens):
        start = lines[row - 1] + column
        try:
            read_to, shows = read_old(text, start)
        except NewSyntaxError:
            read_to, shows = -1, False
        if read_to != lines[end[0] - 1] + end[1]:
            yield (3, 12), row, NEW_FSTRING
        elif shows:
            yield (3, 8), row, "an f-string that shows an expression ({x=})"


def _outer_fstrings(tokens: Iterable[tokenize.TokenInfo]) -> Iterator[tuple[Place, Place]]:
    """Where each f-string begins and ends that lies in no other; from 3.12 on it is many tokens."""
    depth, begin = 0, (1, 0)
    for token in tokens:
        name = tokenize.tok_name[token.type]
        if name == "STRING" and depth == 0 and "f" in token.string[: token.string.find(token.string[-1])].lower():
            yield token.start, token.end
        elif name in {"FSTRING_START", "TSTRING_START"}:
            begin = begin if depth else token.start
            depth += 1
        elif name in {"FSTRING_END", "TSTRING_END"}:
            depth -= 1
            if depth == 0 and name == "FSTRING_END":
                yield begin, token.end
