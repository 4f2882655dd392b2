"""User names and passwords for indexes, from the environment; and how to keep them out of what people read."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from paa.model import Index, IndexKind

_TOKEN_USER = "__token__"  # noqa: S105 (PyPI's user name for every API token, no secret)
_UNDEFINED_AZURE_VARIABLE = re.compile(r"\$\([^()]*\)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """A user name and its password; ``password`` is None where only the name is known (keyring may have the rest)."""

    username: str
    password: str | None = field(default=None, repr=False)

    def for_basic_authentication(self) -> tuple[bytes, bytes] | None:
        """Name and password as UTF-8 (RFC 7617), None without a password."""
        return None if self.password is None else (self.username.encode(), self.password.encode())


def variable_names(index_name: str) -> tuple[str, str]:
    """The environment variables for an index of that name: the user name's and the password's."""
    stem = re.sub(r"[^A-Z0-9]", "_", index_name.upper())
    return f"PAA_{stem}_USERNAME", f"PAA_{stem}_PASSWORD"


def find_credentials(index: Index, *, environment: Mapping[str, str], only_target: bool) -> Credentials | None:
    """The credentials that ``environment`` holds for ``index``, or None.

    ``PAA_<NAME>_USERNAME`` and ``PAA_<NAME>_PASSWORD`` come first. ``TWINE_USERNAME`` and ``TWINE_PASSWORD`` name no
    index, so they count only if this index is the ``only_target``. An empty value, and ``$(NAME)`` (what Azure
    Pipelines passes for a variable that nobody defined), are absent.
    """
    pairs = [variable_names(index.name)]
    if only_target:
        pairs.append(("TWINE_USERNAME", "TWINE_PASSWORD"))
    for name_variable, password_variable in pairs:
        username = _present(environment.get(name_variable))
        password = _present(environment.get(password_variable))
        if password is not None:
            takes_tokens = index.kind in (IndexKind.PYPI, IndexKind.TESTPYPI)
            return Credentials(username=username or (_TOKEN_USER if takes_tokens else ""), password=password)
        if username is not None:
            return Credentials(username=username)
    return None


def credentials_advice(index_name: str) -> str:
    """What to set so that the index of that name knows us."""
    name_variable, password_variable = variable_names(index_name)
    return (
        f"set {name_variable} and {password_variable}"
        " (or TWINE_USERNAME and TWINE_PASSWORD if it is the only index), and check that they are right"
    )


def _present(value: str | None) -> str | None:
    stripped = (value or "").strip()
    return None if not stripped or _UNDEFINED_AZURE_VARIABLE.fullmatch(stripped) else stripped
