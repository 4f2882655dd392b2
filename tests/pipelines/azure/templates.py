"""Template expressions: what a pipeline is before it runs. ``${{ }}``, if, elseif, else, each, insert, template."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath

from tests.pipelines.azure.documents import read_document
from tests.pipelines.azure.errors import PipelineError
from tests.pipelines.azure.evaluation import Context, IgnoringCase, evaluate, to_boolean, to_text
from tests.pipelines.azure.expressions import expression_end
from tests.pipelines.azure.parameters import bind

_DIRECTIVE = re.compile(r"\$\{\{\s*(?P<word>if|elseif|else|each|insert)\b(?P<rest>.*?)\}\}", re.DOTALL)
_EACH = re.compile(r"\s*(?P<name>[A-Za-z_][A-Za-z0-9_]*)\s+in\s+(?P<list>.+)", re.DOTALL)
_PLACES = ("stages", "jobs", "steps", "variables")


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """Where an expression stands: the repository's ``root``, the ``file`` (path below it), and what has a name."""

    root: Path
    file: PurePosixPath
    names: Mapping[str, object] = field(default_factory=dict)

    def value(self, expression: str) -> object:
        """What ``expression`` is here. Raises PipelineError with the file."""
        try:
            return evaluate(expression, Context(names=self.names))
        except PipelineError as error:
            message = f"{self.file}: {error}"
            raise PipelineError(message) from error

    def with_name(self, name: str, value: object) -> "Scope":
        """The same, with one more name."""
        return replace(self, names={**self.names, name: value})


def expand(node: object, scope: Scope) -> object:
    """``node`` without template expressions. Raises PipelineError."""
    match node:
        case dict():
            return _mapping(node, scope)
        case list():
            return _sequence(node, scope)
        case str():
            return expand_text(node, scope)
        case _:
            return node


def expand_text(text: str, scope: Scope) -> object:
    """A scalar: the value itself if it is nothing but one expression, else text."""
    parts = [*_parts(text)]
    if not any(is_expression for _, is_expression in parts):
        return text
    if len(parts) == 1:
        return scope.value(parts[0][0])
    return "".join(to_text(scope.value(part)) if is_expression else part for part, is_expression in parts)


def _parts(text: str) -> Iterator[tuple[str, bool]]:
    at = 0
    while (begin := text.find("${{", at)) >= 0:
        if begin > at:
            yield text[at:begin], False
        end = expression_end(text, begin + 3, "}}")
        yield text[begin + 3 : end].strip(), True
        at = end + 2
    if at < len(text):
        yield text[at:], False


def _mapping(node: Mapping[str, object], scope: Scope) -> dict[str, object]:
    made: dict[str, object] = {}
    chain = _Chain(scope)
    for key, value in node.items():
        found = _DIRECTIVE.fullmatch(key.strip())
        if found is None:
            chain.end()
            _add(made, {to_text(expand_text(key, scope)): expand(value, scope)}, scope)
        elif found["word"] == "insert":
            chain.end()
            _add(made, _as_mapping(expand(value, scope), scope), scope)
        elif found["word"] == "each":
            chain.end()
            for inner in _each(found["rest"], scope):
                _add(made, _as_mapping(expand(value, inner), scope), scope)
        elif chain.takes(found["word"], found["rest"]):
            _add(made, _as_mapping(expand(value, scope), scope), scope)
    return made


def _sequence(node: Sequence[object], scope: Scope) -> list[object]:
    made: list[object] = []
    chain = _Chain(scope)
    for item in node:
        key, value = next(iter(item.items())) if isinstance(item, dict) and len(item) == 1 else ("", None)
        found = _DIRECTIVE.fullmatch(key.strip())
        if found is None:
            chain.end()
            made.extend(_items(item, scope))
        elif found["word"] == "insert":
            message = f"{scope.file}: insert stands in mappings only"
            raise PipelineError(message)
        elif found["word"] == "each":
            chain.end()
            for inner in _each(found["rest"], scope):
                made.extend(_as_list(expand(value, inner), scope))
        elif chain.takes(found["word"], found["rest"]):
            made.extend(_as_list(expand(value, scope), scope))
    return made


def _items(item: object, scope: Scope) -> list[object]:
    if isinstance(item, dict) and "template" in item:
        return _included(item, scope)
    if isinstance(item, dict) and any(_DIRECTIVE.fullmatch(key.strip()) for key in item):
        return [_mapping(item, scope)]
    made = expand(item, scope)
    # A list where an item stands is put in its place.
    return made if isinstance(made, list) else [made]


class _Chain:
    """An if with its elseif and else: which of them holds."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope
        self._is_open = False
        self._is_decided = False

    def takes(self, word: str, condition: str) -> bool:
        if word == "if":
            self._is_open, self._is_decided = True, False
        elif not self._is_open:
            message = f"{self._scope.file}: {word} without an if before it"
            raise PipelineError(message)
        if word == "else":
            self._is_open = False
        holds = not self._is_decided and (word == "else" or to_boolean(self._scope.value(condition)))
        self._is_decided = self._is_decided or holds
        return holds

    def end(self) -> None:
        self._is_open = False


def _each(rest: str, scope: Scope) -> Iterator[Scope]:
    found = _EACH.fullmatch(rest)
    if found is None:
        message = f"{scope.file}: each{rest}: not 'each NAME in LIST'"
        raise PipelineError(message)
    items = scope.value(found["list"])
    if isinstance(items, dict):
        items = [{"key": key, "value": value} for key, value in items.items()]
    if not isinstance(items, list):
        message = f"{scope.file}: each{rest}: this is no list"
        raise PipelineError(message)
    for item in items:
        yield scope.with_name(found["name"], IgnoringCase(item) if isinstance(item, dict) else item)


def _included(item: Mapping[str, object], scope: Scope) -> list[object]:
    unknown = item.keys() - {"template", "parameters"}
    if unknown:
        message = f"{scope.file}: a template takes no {', '.join(sorted(unknown))}"
        raise PipelineError(message)
    path = _resolved(to_text(expand(item["template"], scope)), scope)
    document = read_document(scope.root / path)
    unknown = document.keys() - {"parameters", *_PLACES}
    places = [place for place in _PLACES if place in document]
    if unknown or len(places) != 1:
        message = f"{path}: a template has parameters and one of {', '.join(_PLACES)}, not {', '.join(document)}"
        raise PipelineError(message)
    given = expand(item.get("parameters", {}), scope)
    if not isinstance(given, dict):
        message = f"{scope.file}: parameters of {path}: no mapping"
        raise PipelineError(message)
    bound = bind(document.get("parameters"), given, str(path))
    inner = Scope(root=scope.root, file=path, names={**_global(scope), "parameters": bound})
    made = expand(document[places[0]], inner)
    if places[0] == "variables" and isinstance(made, dict):
        return [{"name": name, "value": value} for name, value in made.items()]
    return _as_list(made, inner)


def _global(scope: Scope) -> dict[str, object]:
    return {name: value for name, value in scope.names.items() if name == "variables"}


def _resolved(name: str, scope: Scope) -> PurePosixPath:
    if "@" in name:
        message = f"{scope.file}: {name}: templates of other repositories are not known here"
        raise PipelineError(message)
    path = PurePosixPath(name.lstrip("/")) if name.startswith("/") else scope.file.parent / name
    parts: list[str] = []
    for part in path.parts:
        if part == ".." and not parts:
            message = f"{scope.file}: {name} lies outside of the repository"
            raise PipelineError(message)
        parts = parts[:-1] if part == ".." else [*parts, part]
    return PurePosixPath(*parts)


def _add(made: dict[str, object], more: Mapping[str, object], scope: Scope) -> None:
    if twice := made.keys() & more.keys():
        message = f"{scope.file}: {', '.join(sorted(twice))}: there twice once expressions are replaced"
        raise PipelineError(message)
    made.update(more)


def _as_mapping(value: object, scope: Scope) -> Mapping[str, object]:
    if isinstance(value, dict):
        return value
    message = f"{scope.file}: a mapping is expected, not {value!r}"
    raise PipelineError(message)


def _as_list(value: object, scope: Scope) -> list[object]:
    if isinstance(value, list):
        return value
    message = f"{scope.file}: a list is expected, not {value!r}"
    raise PipelineError(message)
