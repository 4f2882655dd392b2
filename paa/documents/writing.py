"""Write a JSON document: the same content gives the same bytes."""

import json
from collections.abc import Mapping


def dump(document: Mapping[str, object]) -> bytes:
    """``document`` as indented JSON with a line end. ASCII alone, so that every console and pipe passes it on whole.

    Keys stand in the order in which the document has them; whoever makes a document sorts what has no order.
    """
    return json.dumps(document, indent=2, allow_nan=False).encode("ascii") + b"\n"


def without_none(document: Mapping[str, object]) -> dict[str, object]:
    """``document`` without the keys whose value is None: how optional values are left out."""
    return {key: value for key, value in document.items() if value is not None}
