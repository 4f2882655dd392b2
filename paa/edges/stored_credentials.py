"""Logins that are stored on the machine: keyring and ``.pypirc``."""

import configparser
import logging
from urllib.parse import urlsplit

from paa.errors import OutsideError
from paa.model import Index, IndexKind

_AZURE_HOST = "pkgs.dev.azure.com"
# Where older organizations have their feeds as well, ORGANIZATION in front of it.
_OLD_AZURE_DOMAIN = "pkgs.visualstudio.com"

logger = logging.getLogger(__name__)


def from_keyring(index: Index, username: str) -> tuple[str, str] | None:
    """What keyring has for the upload address or the Simple API's, as twine and pip ask it; None without one.

    A keyring that can't be asked (no backend, locked) has nothing; it is told in the log.
    """
    try:
        import keyring
        import keyring.errors
    except ImportError:
        return None
    for address in (index.upload_url, index.simple_url):
        if address is None:
            continue
        try:
            found = keyring.get_credential(address, username or None)
        except (keyring.errors.KeyringError, OSError, RuntimeError) as error:
            logger.info("keyring can't be asked for index %s: %s", index.name, type(error).__name__)
            return None
        if found is not None and found.password:
            return found.username or username, found.password
    return None


def from_pypirc(index: Index, username: str, path: str | None = None) -> tuple[str, str] | None:
    """What ``.pypirc`` (or the file ``path`` instead) has for ``index``; None without a fitting section.

    A section fits that has the upload address, or the name of the index (of the feed on Azure) and the same host; the
    latter counts first. Raises OutsideError for a file that can't be read.
    """
    from twine.exceptions import TwineException
    from twine.utils import DEFAULT_CONFIG_FILE, get_config

    file = path or DEFAULT_CONFIG_FILE
    try:
        sections = get_config(file)
    except (configparser.Error, TwineException, OSError, UnicodeDecodeError):
        message = f"{file} can't be read"
        # Not from the error: configparser's texts quote the line, and with it the password.
        raise OutsideError(message, advice="correct it, or set the credentials in the environment") from None
    fitting = []
    for name, section in sections.items():
        repository, user = section.get("repository") or "", section.get("username") or ""
        named = name in (index.name, index.feed) and _is_on_host_of(index, repository)
        password = section.get("password")
        if password and username in ("", user) and (named or _is_same(repository, index.upload_url)):
            fitting.append((not named, name, user, password))
    if not fitting:
        return None
    _, _, user, password = min(fitting)
    return user, password


def _is_same(address: str, other: str | None) -> bool:
    return other is not None and address.rstrip("/") == other.rstrip("/")


def _is_on_host_of(index: Index, address: str) -> bool:
    """Whether ``address`` is on the same host as ``index``; on Azure an organization may have one of its own, too."""
    scheme, host = _origin(index.upload_url or "")
    hosts = [host]
    if index.kind is IndexKind.AZURE and host == _AZURE_HOST and index.organization:
        hosts.append(f"{index.organization}.{_OLD_AZURE_DOMAIN}".lower())
    return _origin(address) in [(scheme, each) for each in hosts]


def _origin(address: str) -> tuple[str, str]:
    parts = urlsplit(address)
    return parts.scheme, parts.netloc.rpartition("@")[2].lower()
