"""User names and passwords for indexes: where they are looked for, in which order, and what each kind makes of them."""

import functools
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from paa.edges.stored_credentials import from_keyring, from_pypirc
from paa.edges.tokens import token_source
from paa.edges.variables import present
from paa.model import Index, IndexKind

_TOKEN_USER = "__token__"  # noqa: S105 (the user name for every API token, no secret)
# The user name that goes with a token that is given alone; docs/reference/indexes.md says where each rule is from.
_USERS_OF_TOKENS: Mapping[IndexKind, str] = {
    IndexKind.PYPI: _TOKEN_USER,
    IndexKind.TESTPYPI: _TOKEN_USER,
    IndexKind.AZURE: "paa",
    IndexKind.GITLAB: _TOKEN_USER,
    IndexKind.CODEARTIFACT: "aws",
    IndexKind.GOOGLE: "oauth2accesstoken",
    IndexKind.CLOUDSMITH: "token",
}
# What Gemfury takes in place of a password: there the token is the user name.
NO_PASSWORD = "NOPASS"  # noqa: S105 (no secret)
# Mostly they let nobody in without a login, and some then say that a project is not there.
_ALWAYS_PRIVATE = (IndexKind.AZURE, IndexKind.GITLAB, IndexKind.CODEARTIFACT, IndexKind.GOOGLE)
_TRUSTING = (IndexKind.PYPI, IndexKind.TESTPYPI)

Pair = tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """A user name and its password; ``password`` is None where it is still to be looked for.

    ``further`` looks in the other places, which may ask keyring or start a program, and gives both or nothing; it
    raises OutsideError. ``reading`` is what to read with, where that is not the same.
    """

    # Gemfury's tokens are user names.
    username: str = field(repr=False)
    password: str | None = field(default=None, repr=False)
    reading: "Credentials | None" = None
    further: Callable[[], "Credentials | None"] | None = field(default=None, repr=False, compare=False)

    def for_basic_authentication(self) -> tuple[bytes, bytes] | None:
        """Name and password as UTF-8 (RFC 7617), None without a password."""
        return None if self.password is None else (self.username.encode(), self.password.encode())

    def completed(self) -> "Credentials | None":
        """These, or what the other places have; None if there is no password anywhere. Raises OutsideError."""
        if self.password is not None:
            return self
        return None if self.further is None else self.further()


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A place where credentials may be: ``look`` gives name and password, ``is_there`` says whether it would.

    ``is_there`` starts no program. Both raise OutsideError.
    """

    name: str
    look: Callable[[], Pair | None]
    is_there: Callable[[], bool]


class ReadingLogin:
    """What goes along with the questions to one index: no more than the index asks for."""

    def __init__(self, index: Index, credentials: Credentials | None) -> None:
        self._given = (credentials.reading or credentials) if credentials is not None else None
        self._is_private = index.kind in _ALWAYS_PRIVATE
        self._has_looked = False
        self._found: Credentials | None = None

    def current(self) -> Credentials | None:
        """The login for the next question, None to ask without. Raises OutsideError."""
        if self._is_private:
            self.look_further()
        if self._given is None or self._given.password is None:
            return self._found
        return self._given

    def look_further(self) -> bool:
        """After a refusal: look in the other places, and say if something came of it. Raises OutsideError."""
        if self._has_looked or self._given is None or self._given.password is not None:
            return False
        self._has_looked = True
        self._found = self._given.completed()
        return self._found is not None


def variable_names(index_name: str, *, reading: bool = False) -> Pair:
    """The environment variables for an index of that name: the user name's and the password's."""
    stem = re.sub(r"[^A-Z0-9]", "_", index_name.upper()) + ("_READ" if reading else "")
    return f"PAA_{stem}_USERNAME", f"PAA_{stem}_PASSWORD"


def find_credentials(index: Index, *, environment: Mapping[str, str], only_target: bool) -> Credentials:
    """The credentials that ``environment`` holds for ``index``; they know where else to look.

    ``PAA_<NAME>_USERNAME`` and ``PAA_<NAME>_PASSWORD`` come first. ``TWINE_USERNAME`` and ``TWINE_PASSWORD`` name no
    index, so they count only if this index is the ``only_target``. ``PAA_<NAME>_READ_…`` are for reading alone. An
    empty value, and ``$(NAME)`` (what Azure Pipelines passes for a variable that nobody defined), are absent.
    """
    given = _from_environment(index, environment, only_target=only_target) or Credentials(username="")
    reading = _from_variables(index, environment, variable_names(index.name, reading=True))
    further = functools.cache(functools.partial(_look_further, index, environment, given.username))
    return Credentials(
        username=given.username,
        password=given.password,
        reading=reading if reading is not None and reading.password is not None else None,
        further=further,
    )


def source_of(index: Index, *, environment: Mapping[str, str], only_target: bool) -> str | None:
    """Where the credentials for ``index`` would come from; None if there are none. No program is started.

    Raises OutsideError for a place that can't be read.
    """
    for names in _variables(index, only_target=only_target):
        found = _from_variables(index, environment, names)
        if found is not None and found.password is not None:
            return names[1]
        if found is not None:
            return _first(further_sources(index, environment, found.username))
    if stored := _first(further_sources(index, environment, "")):
        return stored
    trusted = index.kind in _TRUSTING and present(environment.get("ACTIONS_ID_TOKEN_REQUEST_TOKEN"))
    return "trusted publishing" if trusted else None


def further_sources(index: Index, environment: Mapping[str, str], username: str) -> tuple[Source, ...]:
    """The places after the environment, in their order: keyring, ``.pypirc``, the kind's own token."""
    keyring = functools.cache(functools.partial(from_keyring, index, username))
    path = present(environment.get("PYPIRC_PATH"))
    pypirc = functools.cache(functools.partial(from_pypirc, index, username, path))
    own = token_source(index, {name: value for name, value in environment.items() if present(value)})
    stored = (
        Source(name="keyring", look=keyring, is_there=lambda: keyring() is not None),
        Source(name=".pypirc", look=pypirc, is_there=lambda: pypirc() is not None),
    )
    if own is None or username:
        return stored
    return (*stored, Source(name=own.name, look=own.fetch, is_there=own.is_there))


def credentials_advice(index_name: str) -> str:
    """What to set so that the index of that name knows us."""
    name_variable, password_variable = variable_names(index_name)
    return (
        f"set {name_variable} and {password_variable}"
        " (or TWINE_USERNAME and TWINE_PASSWORD if it is the only index), and check that they are right;"
        " pipelines know the indexes that were there when `paa init-ppr` was last run"
    )


def user_of_tokens(index: Index) -> str:
    """The user name that goes with a token on an index of that kind; empty where it is the user's own, or none."""
    return _USERS_OF_TOKENS.get(index.kind, "")


def with_user_of(index: Index, username: str, password: str) -> Credentials:
    """The credentials as the kind of ``index`` wants them, where the user name is not given."""
    if index.kind is IndexKind.GEMFURY and not username:
        return Credentials(username=password, password=NO_PASSWORD)
    return Credentials(username=username or user_of_tokens(index), password=password)


def _look_further(index: Index, environment: Mapping[str, str], username: str) -> Credentials | None:
    for source in further_sources(index, environment, username):
        pair = source.look()
        if pair is not None:
            return with_user_of(index, *pair)
    return None


def _first(sources: tuple[Source, ...]) -> str | None:
    return next((source.name for source in sources if source.is_there()), None)


def _variables(index: Index, *, only_target: bool) -> tuple[Pair, ...]:
    own = variable_names(index.name)
    return (own, ("TWINE_USERNAME", "TWINE_PASSWORD")) if only_target else (own,)


def _from_environment(index: Index, environment: Mapping[str, str], *, only_target: bool) -> Credentials | None:
    found = (_from_variables(index, environment, names) for names in _variables(index, only_target=only_target))
    return next((credentials for credentials in found if credentials is not None), None)


def _from_variables(index: Index, environment: Mapping[str, str], names: Pair) -> Credentials | None:
    username, password = (present(environment.get(name)) for name in names)
    if password is not None:
        return with_user_of(index, username or "", password)
    return None if username is None else Credentials(username=username)
