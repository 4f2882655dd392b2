"""How an index is told who we are, found out once and shared by all sessions with it."""

import logging
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from paa.edges.addresses import is_plain_text
from paa.edges.credentials import Credentials, credentials_advice, with_user_of
from paa.edges.fetch import reason_of, without_frames
from paa.edges.index import check_url
from paa.edges.stored_credentials import from_pypirc
from paa.errors import OutsideError, UploadError
from paa.model import Index, IndexKind, Plan

if TYPE_CHECKING:
    import requests
    from twine.settings import Settings

_TAKE_TOKENS = (IndexKind.PYPI, IndexKind.TESTPYPI)
_NO_SERVERS = (IndexKind.DIRECTORY, IndexKind.GIT, IndexKind.GITHUB_PAGES)

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Login:
    """How to upload to the address ``url``; without ``authentication`` it is tried without any."""

    url: str
    authentication: "requests.auth.AuthBase | None" = field(repr=False)


def main_indexes(plan: Plan) -> tuple[str, ...]:
    """The indexes that a login for no index by name (``TWINE_*``) is for, where only ``plan`` says what there is.

    That is the one server that it uploads to, or the one in ``publish_to``. A job of a matrix publishes to one of
    several indexes, and must not send it the login of another.
    """
    settings = plan.settings
    servers = {item.name for item in settings.indexes if item.kind not in _NO_SERVERS} if settings else set()
    groups = [servers.intersection(names) for names in (plan.indexes, settings.publish_to if settings else ())]
    return tuple(sorted({name for group in groups if len(group) == 1 for name in group}))


def log_in(index: Index, credentials: Credentials | None) -> Login:
    """How to upload to ``index``, which must have its upload_url.

    Without a password in ``credentials`` the other places are searched (see Credentials); on PyPI and TestPyPI trusted
    publishing comes last. Other indexes are then tried without any. Raises UploadError.
    """
    import requests
    from twine.exceptions import TwineException
    from twine.settings import Settings

    url = check_url(index.name, index.upload_url, "upload_url")
    given = _completed(index, credentials)
    try:
        settings = Settings(
            non_interactive=True,
            disable_progress_bar=True,
            repository_url=url,
            username=given.username or None,
            password=given.password or None,
        )
        settings.check_repository_url()
        authentication = _authentication(index, given, settings)
    except TwineException as error:
        message = f"cannot log in to index {index.name}: {error}"
        raise UploadError(message, advice=credentials_advice(index.name)) from without_frames(error)
    except requests.exceptions.RequestException as error:
        message = f"cannot log in to index {index.name}: {reason_of(error)}"
        raise UploadError(message, advice=credentials_advice(index.name)) from without_frames(error)
    if authentication is not None and is_plain_text(url):
        logger.warning("the password for index %s goes through the network in plain text: use https", index.name)
    return Login(url=url, authentication=authentication)


def _authentication(index: Index, given: Credentials, settings: "Settings") -> "requests.auth.AuthBase | None":
    """How to log in; None to try without. A token from trusted publishing is renewed as it grows old."""
    from requests.auth import HTTPBasicAuth
    from twine.exceptions import NonInteractive

    if pair := given.for_basic_authentication():
        return HTTPBasicAuth(*pair)
    try:
        return settings.auth.authenticator
    except NonInteractive:
        if index.kind in _TAKE_TOKENS or given.username:
            raise
        return None


def _completed(index: Index, credentials: Credentials | None) -> Credentials:
    """``credentials`` with a password, if any place has one. Raises UploadError."""
    try:
        if credentials is None:
            stored = from_pypirc(index, "")
            found = None if stored is None else with_user_of(index, *stored)
        else:
            found = credentials.completed()
    except OutsideError as error:
        message = f"cannot log in to index {index.name}: {error.message}"
        # Not from the error: what it came from may quote a file with the password.
        raise UploadError(message, advice=error.advice) from None
    return found or credentials or Credentials(username="")
