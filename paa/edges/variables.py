"""Environment variables as CI systems pass them."""

import re
from collections.abc import Mapping

_UNDEFINED_AZURE_VARIABLE = re.compile(r"\$\([\w.-]+\)")


def present(value: str | None) -> str | None:
    """``value`` without white space around it; None where that says nothing.

    Empty is what GitHub passes for a secret or an input that nobody set, ``$(NAME)`` what Azure Pipelines passes for a
    variable that nobody defined.
    """
    stripped = (value or "").strip()
    return None if not stripped or _UNDEFINED_AZURE_VARIABLE.fullmatch(stripped) else stripped


def variable(environment: Mapping[str, str], name: str) -> str | None:
    """The value of the variable ``name`` in ``environment``; None where that is absent or says nothing."""
    return present(environment.get(name))
