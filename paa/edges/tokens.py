"""Tokens that some kinds of index have a source of their own for: the CI system, or the cloud's command line."""

import functools
import logging
import shutil
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from paa.edges.run import run
from paa.errors import OutsideError
from paa.model import Index, IndexKind

_SECONDS = 60
_SHOWN_CHARACTERS = 300
_AZURE_HOST = "pkgs.dev.azure.com"
_FETCHING = threading.Lock()

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenSource:
    """Where a token comes from. ``fetch`` gives user name and token, ``is_there`` says whether it can be tried."""

    name: str
    fetch: Callable[[], tuple[str, str] | None]
    is_there: Callable[[], bool]


def token_source(index: Index, environment: Mapping[str, str]) -> TokenSource | None:
    """The source that the kind of ``index`` has; None for kinds without. Nothing is asked yet.

    ``environment`` holds the variables that are set to something. A token of the CI system goes to that system's own
    host alone.
    """
    match index.kind:
        case IndexKind.AZURE:
            own = _host(environment.get("SYSTEM_COLLECTIONURI", ""))
            return _variable("SYSTEM_ACCESSTOKEN", "paa", environment, usable=_host_of(index) in (_AZURE_HOST, own))
        case IndexKind.GITLAB:
            usable = _host_of(index) == environment.get("CI_SERVER_HOST", "").lower()
            return _variable("CI_JOB_TOKEN", "gitlab-ci-token", environment, usable=usable)
        case IndexKind.CODEARTIFACT:
            return _command("aws", (_codeartifact(index),), "aws", environment)
        case IndexKind.GOOGLE:
            return _command("gcloud", _google(environment), "oauth2accesstoken", environment)
        case _:
            return None


def _variable(name: str, user: str, environment: Mapping[str, str], *, usable: bool) -> TokenSource:
    token = environment.get(name) if usable else None
    return TokenSource(
        name=name,
        fetch=lambda: None if token is None else (user, token.strip()),
        is_there=lambda: token is not None,
    )


def _command(
    program: str, commands: tuple[tuple[str, ...], ...], user: str, environment: Mapping[str, str]
) -> TokenSource:
    return TokenSource(
        name=f"the command {program!r}",
        fetch=lambda: (user, _fetched(commands, tuple(sorted(environment.items())))),
        is_there=lambda: shutil.which(program, path=environment.get("PATH")) is not None,
    )


def _codeartifact(index: Index) -> tuple[str, ...]:
    # https://docs.aws.amazon.com/codeartifact/latest/ug/python-configure-twine.html
    where = ("--domain", index.domain or "", "--domain-owner", index.owner or "", "--region", index.region or "")
    printed = ("--query", "authorizationToken", "--output", "text")
    return ("aws", "codeartifact", "get-authorization-token", *where, *printed)


def _google(environment: Mapping[str, str]) -> tuple[tuple[str, ...], ...]:
    # https://cloud.google.com/artifact-registry/docs/python/authentication
    user = ("gcloud", "auth", "print-access-token")
    default = ("gcloud", "auth", "application-default", "print-access-token")
    return (default, user) if "GOOGLE_APPLICATION_CREDENTIALS" in environment else (user, default)


def _fetched(commands: tuple[tuple[str, ...], ...], environment: tuple[tuple[str, str], ...]) -> str:
    """The token that the first of ``commands`` that works prints, fetched once a run. Raises OutsideError."""
    with _FETCHING:
        return _fetch_once(commands, environment)


@functools.cache
def _fetch_once(commands: tuple[tuple[str, ...], ...], environment: tuple[tuple[str, str], ...]) -> str:
    problems = []
    for command in commands:
        logger.info("asking %s for a token", command[0])
        done = run(command, environment=dict(environment), seconds=_SECONDS)
        lines = done.output.decode("utf-8", "replace").split()
        if done.code == 0 and len(lines) == 1:
            return lines[0]
        # What it printed may hold a token, and is never shown.
        last = done.error_text.splitlines()[-1:] if done.code else ["it printed no token"]
        problems.append(f"{' '.join(command[:3])}: {''.join(last)[:_SHOWN_CHARACTERS] or f'exit code {done.code}'}")
    message = f"{commands[0][0]} gives no token: {'; '.join(problems)}"
    raise OutsideError(message, advice=f"log in with {commands[0][0]}, or set the credentials in the environment")


def _host_of(index: Index) -> str:
    return _host(index.upload_url or "")


def _host(address: str) -> str:
    try:
        return urlsplit(address).hostname or ""
    except ValueError:
        return ""
