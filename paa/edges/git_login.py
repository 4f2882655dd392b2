"""The token in ``PAA_GIT_TOKEN``, for a remote that is reached over https: how Git gets it, and nobody else.

It is given to one process of Git at a time, by its environment: never as an argument, which others on the machine can
see, and never written anywhere. It goes to the address of the remote alone, and not along when that leads elsewhere.
"""

import base64
import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from paa.edges.addresses import is_plain_text, text_without_user_info, without_user_info
from paa.edges.git import run_git
from paa.edges.variables import variable
from paa.errors import ConfigError

TOKEN_VARIABLE = "PAA_GIT_TOKEN"  # noqa: S105 (the name of a variable)
# What GitHub asks for beside a token (any other host that takes tokens as passwords takes any name).
_USER = "x-access-token"
# Nobody is asked for another password, and what Git writes about its work shows neither headers nor settings.
_QUIET = {
    "GIT_ASKPASS": "",
    "SSH_ASKPASS": "",
    "GIT_TRACE_REDACT": "1",
    # An empty one would count as none, and the user's settings would hold.
    "GIT_TRACE2_CONFIG_PARAMS": "paa.nothing",
    "GIT_TRACE2_ENV_VARS": "PAA_NOTHING",
}
# A JSON Web Token, as Azure Pipelines gives it to a run (System.AccessToken); what people make there is none.
_WEB_TOKEN = re.compile(r"eyJ[\w-]+\.[\w-]+\.[\w-]+")
_REFUSED = re.compile(
    r"Authentication failed|could not read (?:Username|Password)|returned error: 40[13]|HTTP Basic: Access denied"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Login:
    """How to reach the addresses of a remote with a token; without one, Git's own ways hold.

    ``settings`` are keys and values of Git's configuration. ``secrets`` are the texts that no message may show.
    """

    settings: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    secrets: tuple[str, ...] = field(default=(), repr=False)

    def variables(self, given: Mapping[str, str]) -> dict[str, str]:
        """What has to come into the environment ``given`` of a process of Git; nothing without a token."""
        return self.quiet | configured(self.settings, given) if self.settings else {}

    @property
    def quiet(self) -> dict[str, str]:
        """What keeps that process from asking anybody, and from telling."""
        return dict(_QUIET) if self.settings else {}

    def cleaned(self, text: str) -> str:
        """``text`` of Git's without anything secret."""
        for secret in self.secrets:
            text = text.replace(secret, "***")
        return text_without_user_info(text)

    def explained(self, text: str) -> str:
        """What Git says, without anything secret; where the token was not taken, that comes first."""
        words = self.cleaned(text)
        return f"the token in {TOKEN_VARIABLE} was not taken: {words}" if self.is_refused(text) else words

    def is_refused(self, text: str) -> bool:
        """Whether these words of Git's say that the token was not taken."""
        return bool(self.settings) and bool(_REFUSED.search(text))


def configured(settings: Iterable[tuple[str, str]], given: Mapping[str, str]) -> dict[str, str]:
    """The variables that tell Git ``settings``, after those that ``given`` tells it."""
    count = int(given.get("GIT_CONFIG_COUNT") or 0)
    variables: dict[str, str] = {}
    for number, (key, value) in enumerate(settings, start=count):
        variables |= {f"GIT_CONFIG_KEY_{number}": key, f"GIT_CONFIG_VALUE_{number}": value}
        count = number + 1
    return variables | {"GIT_CONFIG_COUNT": str(count)}


def login_at(root: Path, remote: str) -> Login:
    """How to log in at ``remote``: a name of one of the repository at ``root``, or an address. Raises ConfigError."""
    if variable(os.environ, TOKEN_VARIABLE) is None:
        return Login()
    found: list[str] = []
    for which in ((), ("--push",)):
        # With insteadOf applied, as Git does before it asks.
        done = run_git(root, "remote", "get-url", *which, "--all", remote)
        found += os.fsdecode(done.output).splitlines() if done.code == 0 else [remote]
    return login_for(found, os.environ)


def login_for(addresses: Iterable[str], environment: Mapping[str, str]) -> Login:
    """How to log in at ``addresses``, those of one remote, with the token of ``environment``, if there is one.

    Addresses that are not reached over http get none. Raises ConfigError where it would go over the network in clear.
    """
    token = variable(environment, TOKEN_VARIABLE)
    wanted = dict.fromkeys(address for address in addresses if address.startswith(("http://", "https://")))
    if token is None or not wanted:
        return Login()
    if not token.isascii() or not token.isprintable() or " " in token:
        message = f"{TOKEN_VARIABLE} holds something else than a token"
        raise ConfigError(message, advice="set it to the token alone, on one line")
    settings: list[tuple[str, str]] = []
    secrets = {token}
    for address in wanted:
        if is_plain_text(address):
            message = f"{TOKEN_VARIABLE} is not sent to {without_user_info(address)}: others could read it on the way"
            raise ConfigError(message, advice="give the remote an https address")
        header = _header(address, token)
        secrets.add(header.rpartition(" ")[2])
        key = f"http.{_plain(address)}"
        # An empty header takes away those that are set already: two of a kind are refused.
        settings += [(f"{key}.extraHeader", ""), (f"{key}.extraHeader", header), (f"{key}.followRedirects", "false")]
    return Login(settings=(*settings, ("credential.helper", "")), secrets=tuple(sorted(secrets, key=len, reverse=True)))


def _header(address: str, token: str) -> str:
    """What GitHub and most hosts take: a password (RFC 7617). Azure takes a run's own token as a bearer (RFC 6750)."""
    if _WEB_TOKEN.fullmatch(token) and "/_git/" in address:
        return f"Authorization: Bearer {token}"
    return f"Authorization: Basic {base64.b64encode(f'{_USER}:{token}'.encode()).decode()}"


def _plain(address: str) -> str:
    """The address as Git compares it with what it asks: without user name, query and fragment."""
    parts = urlsplit(address)
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, "", ""))
