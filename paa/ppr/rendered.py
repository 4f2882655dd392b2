"""Pipelines from templates: what a template of the repository's own makes is YAML, or it is an error."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from paa.config.document import DocumentError, compose
from paa.edges.templates import override_path, render
from paa.errors import FindingsError

if TYPE_CHECKING:
    from paa.edges.tree import Tree


def render_yaml(template: str, values: Mapping[str, object], tree: "Tree | None") -> str:
    """``render``. Raises FindingsError also where a template under ``.paa/templates`` makes no YAML."""
    text = render(template, values, tree)
    own = override_path(template)
    if tree is None or own not in tree.blobs:
        return text
    try:
        compose(text.encode())
    except DocumentError as error:
        place = f" (line {error.line} of what it makes)" if error.line else ""
        message = f"template {own}: {error.message}{place}"
        raise FindingsError(message, advice=f"correct {own}, or remove it to use paa's own") from error
    return text
