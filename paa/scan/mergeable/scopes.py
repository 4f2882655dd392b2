"""Which global names a source binds and reads, by Python's rules of scope (language reference, 4.2).

Where the rules leave it open, a name counts as read and as bound: merging is refused rather than wrong.
"""

import ast
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
# What is certain to have run when the module has: statements of its own level that hold no others.
_CERTAIN = (
    ast.Assign,
    ast.AugAssign,
    ast.Import,
    ast.ImportFrom,
    ast.FunctionDef,
    ast.AsyncFunctionDef,
    ast.ClassDef,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Binding:
    """One place that binds a global name.

    ``node`` is the import's alias, the assigned name, the definition … ``certain``: it has run whenever the module has.
    ``late``: it is in a function, and may run whenever that is called.
    """

    name: str
    line: int
    node: ast.AST
    certain: bool = False
    late: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class GlobalNames:
    """``bindings`` by name in the order of the source; ``reads``: name → the line where it is read first."""

    bindings: Mapping[str, tuple[Binding, ...]]
    reads: Mapping[str, int]


def is_deletion(binding: Binding) -> bool:
    """Whether it takes the name away: ``del name``."""
    return isinstance(getattr(binding.node, "ctx", None), ast.Del)


@dataclass(slots=True, kw_only=True)
class _Scope:
    """A namespace while its source is walked: what it binds and uses, and what it says about names of others."""

    parent: "_Scope | None" = None
    is_class: bool = False
    is_comprehension: bool = False
    bound: list[tuple[str, int, ast.AST]] = field(default_factory=list)
    used: list[tuple[str, int]] = field(default_factory=list)
    declared_global: set[str] = field(default_factory=set)
    declared_nonlocal: set[str] = field(default_factory=set)
    certain: set[int] = field(default_factory=set)


def global_names(tree: ast.Module) -> GlobalNames:
    """The global names of a module. Raises RecursionError for one that is nested too deeply."""
    walker = _Walker()
    for statement in tree.body:
        before = len(walker.top.bound)
        walker.visit(statement)
        if isinstance(statement, _CERTAIN) or (isinstance(statement, ast.AnnAssign) and statement.value is not None):
            walker.top.certain.update(range(before, len(walker.top.bound)))
    bindings: dict[str, list[Binding]] = {}
    reads: dict[str, int] = {}
    for scope in walker.scopes:
        for name, binding in _bindings(scope):
            bindings.setdefault(name, []).append(binding)
        for name, line in scope.used:
            if _is_global_read(scope, name):
                reads[name] = min(line, reads.get(name, line))
    return GlobalNames(bindings={name: tuple(found) for name, found in sorted(bindings.items())}, reads=reads)


def _bindings(scope: _Scope) -> Iterable[tuple[str, Binding]]:
    top = scope.parent is None
    for place, (name, line, node) in enumerate(scope.bound):
        if top or name in scope.declared_global:
            certain = place in scope.certain and not isinstance(node, ast.NamedExpr)
            yield name, Binding(name=name, line=line, node=node, certain=certain, late=_is_late(scope))


def _is_late(scope: _Scope | None) -> bool:
    """Whether ``scope`` is a function or in one; classes and comprehensions run where they stand."""
    while scope is not None and scope.parent is not None:
        if not scope.is_class and not scope.is_comprehension:
            return True
        scope = scope.parent
    return False


def _is_global_read(scope: _Scope, name: str) -> bool:
    if name in scope.declared_global:
        return True
    if name not in scope.declared_nonlocal and scope.parent is not None:
        own = any(name == bound for bound, _, _ in scope.bound)
        if own and not scope.is_class:
            return False
        if own:
            # Before it is bound in the class, the name means the global one.
            return True
    outer = scope.parent
    while outer is not None and outer.parent is not None:
        if not outer.is_class and name not in outer.declared_global and any(name == item[0] for item in outer.bound):
            return False
        outer = outer.parent
    return True


class _Walker(ast.NodeVisitor):
    """Sorts the names of a module into scopes."""

    def __init__(self) -> None:
        self.top = _Scope()
        self.scopes = [self.top]
        self.scope = self.top

    def _bind(self, name: str | None, node: ast.AST) -> None:
        if name is not None:
            self.scope.bound.append((name, getattr(node, "lineno", 1), node))

    def _inside(self, scope: _Scope, nodes: Iterable[ast.AST | None]) -> None:
        outer, self.scope = self.scope, scope
        self.scopes.append(scope)
        for node in nodes:
            if node is not None:
                self.visit(node)
        self.scope = outer

    def generic_visit(self, node: ast.AST) -> None:
        """Parts that bind a name which is no node of its own: handlers, patterns, parameters of types."""
        if isinstance(node, ast.ExceptHandler | ast.MatchAs | ast.MatchStar):
            self._bind(node.name, node)
        elif isinstance(node, ast.MatchMapping):
            self._bind(node.rest, node)
        elif type(node).__name__ in {"TypeVar", "TypeVarTuple", "ParamSpec"}:
            self._bind(getattr(node, "name", None), node)
        super().generic_visit(node)

    def visit_Name(self, node: ast.Name) -> None:  # the names that NodeVisitor calls
        """A name that is bound, deleted or read."""
        if isinstance(node.ctx, ast.Load):
            self.scope.used.append((node.id, node.lineno))
        else:
            self._bind(node.id, node)

    def visit_AugAssign(self, node: ast.AugAssign) -> None:
        """``x += 1`` reads what it binds."""
        if isinstance(node.target, ast.Name):
            self.scope.used.append((node.target.id, node.lineno))
        self.generic_visit(node)

    def visit_NamedExpr(self, node: ast.NamedExpr) -> None:
        """``(x := 1)`` binds in the scope around comprehensions."""
        scope = self.scope
        while scope.is_comprehension and scope.parent is not None:
            scope = scope.parent
        scope.bound.append((node.target.id, node.lineno, node))
        self.visit(node.value)

    def visit_Import(self, node: ast.Import) -> None:
        """``import a.b`` binds ``a``."""
        for alias in node.names:
            self._bind(alias.asname or alias.name.partition(".")[0], alias)

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        """A star binds names that the statement does not say."""
        for alias in node.names:
            if alias.name != "*":
                self._bind(alias.asname or alias.name, alias)

    def visit_Global(self, node: ast.Global) -> None:
        """Names of the module."""
        self.scope.declared_global.update(node.names)

    def visit_Nonlocal(self, node: ast.Nonlocal) -> None:
        """Names of a function around."""
        self.scope.declared_nonlocal.update(node.names)

    def visit(self, node: ast.AST) -> None:
        """Open a scope where one begins."""
        if isinstance(node, _FUNCTIONS):
            self._function(node)
        elif isinstance(node, ast.ClassDef):
            self._class(node)
        elif isinstance(node, _COMPREHENSIONS):
            first, *_ = node.generators
            self.visit(first.iter)
            inner = [child for child in ast.iter_child_nodes(node) if child is not first]
            scope = _Scope(parent=self.scope, is_comprehension=True)
            self._inside(scope, [first.target, *first.ifs, *inner])
        else:
            super().visit(node)

    def _function(self, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda) -> None:
        given = node.args
        parameters = [*given.posonlyargs, *given.args, *given.kwonlyargs, given.vararg, given.kwarg]
        around: list[ast.AST | None] = [*given.defaults, *given.kw_defaults]
        body: list[ast.AST] = []
        if isinstance(node, ast.Lambda):
            body.append(node.body)
        else:
            self._bind(node.name, node)
            around += [*node.decorator_list, *(item.annotation for item in parameters if item), node.returns]
            body += node.body
        for part in around:
            if part is not None:
                self.visit(part)
        scope = _Scope(parent=self._with_type_parameters(node))
        scope.bound += [(item.arg, item.lineno, item) for item in parameters if item is not None]
        self._inside(scope, body)

    def _class(self, node: ast.ClassDef) -> None:
        self._bind(node.name, node)
        for part in (*node.decorator_list, *node.bases, *node.keywords):
            self.visit(part)
        self._inside(_Scope(parent=self._with_type_parameters(node), is_class=True), node.body)

    def _with_type_parameters(self, node: ast.AST) -> _Scope:
        """The scope around a generic function or class (PEP 695): that of its parameters, where it has any."""
        parameters = getattr(node, "type_params", [])
        if not parameters:
            return self.scope
        scope = _Scope(parent=self.scope, is_comprehension=True)
        self._inside(scope, parameters)
        return scope
