"""What a global name of a source stands for, followed through imports: two names of one origin are one thing."""

import ast
from collections.abc import Mapping
from dataclasses import dataclass

from paa.scan.mergeable.scopes import Binding
from paa.scan.mergeable.sources import Imported, Leads, Source, described


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """What a name stands for: a name of the source ``path``, a component (``name`` empty), or something from outside.

    ``copied`` is the name of another source whose value was taken under a name of its own: (path, name).
    """

    path: str = ""
    name: str = ""
    outside: str = ""
    copied: tuple[str, str] | None = None

    @property
    def is_component(self) -> bool:
        """Whether it is the module object of a component."""
        return bool(self.path) and not self.name


@dataclass(frozen=True, slots=True, kw_only=True)
class Origins:
    """The sources of a package, by path, and what the aliases in their imports mean, by the identity of the node.

    What only describes a component is no name of it; ``module`` is the path of the package's module.
    """

    module: str
    sources: Mapping[str, Source]
    imported: Mapping[int, Imported]
    external: Mapping[int, str]

    def bindings(self, path: str) -> dict[str, tuple[Binding, ...]]:
        """What the source binds, through stars too, and without what only describes its file."""
        source = self.sources[path]
        descriptions = () if path == self.module else described(source)
        left_out = {id(node) for statement in descriptions for node in ast.walk(statement)}
        found = {
            name: kept
            for name, all_bound in source.names.bindings.items()
            if (kept := tuple(binding for binding in all_bound if id(binding.node) not in left_out))
        }
        for statement in source.imports:
            for item in statement.imported:
                if item.leads is Leads.TO_ALL_NAMES:
                    for name in self.public_names(item.path):
                        binding = Binding(name=name, line=statement.node.lineno, node=item.alias, certain=statement.top)
                        found[name] = (*found.get(name, ()), binding)
        return found

    def public_names(self, path: str) -> tuple[str, ...]:
        """What ``from … import *`` takes from a component, sorted."""
        exported = exported_names(self.sources[path])
        if exported is not None:
            return exported
        return tuple(sorted(name for name in self.bindings(path) if not name.startswith("_")))

    def origin(self, path: str, name: str) -> Origin:
        """What ``name`` of the source stands for. Raises RecursionError for imports that go round in a circle."""
        own = Origin(path=path, name=name)
        targets = {self._target(binding, name) for binding in self.bindings(path).get(name, ())}
        if len(targets) != 1:
            return own
        return targets.pop() or own

    def _target(self, binding: Binding, name: str) -> Origin | None:
        if id(binding.node) in self.external:
            return Origin(outside=self.external[id(binding.node)])
        item = self.imported.get(id(binding.node))
        if item is None:
            return None
        if item.leads is Leads.TO_COMPONENT:
            return Origin(path=item.path)
        if item.leads not in {Leads.TO_NAME, Leads.TO_ALL_NAMES}:
            return None
        taken = name if item.leads is Leads.TO_ALL_NAMES else item.name
        origin = self.origin(item.path, taken)
        return origin if origin.is_component or taken == name else Origin(copied=(item.path, taken))


def origins_of(module: str, sources: Mapping[str, Source]) -> Origins:
    """What is known of the imports of ``sources``."""
    imported = {
        id(item.alias): item
        for source in sources.values()
        for statement in source.imports
        for item in statement.imported
        if item.leads is not Leads.OUT
    }
    external: dict[int, str] = {}
    for source in sources.values():
        for node in ast.walk(source.tree):
            if isinstance(node, ast.Import | ast.ImportFrom):
                external |= {id(alias): text for alias in node.names if (text := _outside(node, alias))}
    return Origins(
        module=module,
        sources=sources,
        imported=imported,
        external={node: text for node, text in external.items() if node not in imported},
    )


def _outside(node: ast.Import | ast.ImportFrom, alias: ast.alias) -> str:
    """What an import from outside binds its name to, as a text that is the same for the same thing."""
    if isinstance(node, ast.ImportFrom):
        return f"{alias.name} of {node.module}" if not node.level else ""
    return alias.name if alias.asname else alias.name.partition(".")[0]


def exported_names(source: Source) -> tuple[str, ...] | None:
    """The names in ``__all__`` where it is one literal, sorted; None where there is none."""
    for statement in source.tree.body:
        match statement:
            case (
                ast.Assign(targets=[ast.Name(id="__all__")], value=ast.List(elts=items) | ast.Tuple(elts=items))
                | ast.AnnAssign(target=ast.Name(id="__all__"), value=ast.List(elts=items) | ast.Tuple(elts=items))
            ):
                values = {item.value for item in items if isinstance(item, ast.Constant)}
                return tuple(sorted(value for value in values if isinstance(value, str)))
    return None
