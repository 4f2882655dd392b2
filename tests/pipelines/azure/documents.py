"""YAML as Azure Pipelines reads it: scalars stay text, plain ones know that they are; no key stands twice."""

from collections.abc import Hashable
from pathlib import Path

import yaml

from tests.pipelines.azure.errors import PipelineError


class Plain(str):
    """A scalar without quotes: ``true``, numbers and nothing at all mean what they are."""

    __slots__ = ()


class _Loader(yaml.SafeLoader):
    pass


def _scalar(loader: _Loader, node: yaml.Node) -> str:
    assert isinstance(node, yaml.ScalarNode)
    text = loader.construct_scalar(node)
    return Plain(text) if node.style is None else str(text)


def _mapping(loader: _Loader, node: yaml.Node) -> dict[Hashable, object]:
    assert isinstance(node, yaml.MappingNode)
    values: dict[Hashable, object] = {}
    for key_node, value_node in node.value:
        key = str(loader.construct_object(key_node, deep=True))
        if key in values:
            message = f"line {key_node.start_mark.line + 1}: the key {key!r} stands twice"
            raise PipelineError(message)
        values[key] = loader.construct_object(value_node, deep=True)
    return values


def _sequence(loader: _Loader, node: yaml.Node) -> list[object]:
    assert isinstance(node, yaml.SequenceNode)
    return loader.construct_sequence(node, deep=True)


# Every scalar is text: Azure decides by the place where it stands.
_Loader.yaml_implicit_resolvers = {}
_Loader.add_constructor("tag:yaml.org,2002:str", _scalar)
_Loader.add_constructor("tag:yaml.org,2002:map", _mapping)
_Loader.add_constructor("tag:yaml.org,2002:seq", _sequence)


def read_document(path: Path) -> dict[str, object]:
    """The mapping that stands in the file ``path``. Raises PipelineError."""
    if not path.is_file():
        message = f"there is no file {path}"
        raise PipelineError(message)
    return parse_document(path.read_text(encoding="utf-8"), str(path))


def parse_document(text: str, source: str) -> dict[str, object]:
    """The mapping that ``text`` is. Raises PipelineError, naming ``source``."""
    if "&" in text and any(isinstance(event, yaml.AliasEvent) for event in yaml.parse(text, Loader=yaml.SafeLoader)):
        message = f"{source}: anchors are not supported by Azure"
        raise PipelineError(message)
    try:
        loaded = yaml.load(text, Loader=_Loader)  # noqa: S506 (built on SafeLoader)
    except yaml.YAMLError as error:
        message = f"{source}: {error}"
        raise PipelineError(message) from error
    if not isinstance(loaded, dict):
        message = f"{source}: a mapping is expected"
        raise PipelineError(message)
    return loaded


def as_boolean(value: object, what: str) -> bool:
    """``value`` as a boolean. Raises PipelineError."""
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value.lower() in ("true", "false"):
        return value.lower() == "true"
    message = f"{what}: {value!r} is neither true nor false"
    raise PipelineError(message)
