"""How Git reaches a remote of one repository from another: addresses, proxies, credentials."""

import os
import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from paa.edges.addresses import text_without_user_info
from paa.edges.git import find_top, run_git
from paa.errors import ConfigError, GitError

_LOCAL_SCOPES = ("local", "worktree")
# What decides how a remote is reached and who we are there; nothing that changes what is fetched or pushed.
_COPIED = re.compile(r"(?:http|credential|url|protocol|ssh)\..*|core\.(?:sshcommand|gitproxy|askpass)", re.IGNORECASE)
_COPIED_OF_REMOTE = ("url", "pushurl", "proxy", "proxyauthmethod", "uploadpack", "receivepack", "vcs")


@dataclass(frozen=True, slots=True, kw_only=True)
class Remote:
    """Another repository: ``address`` is the name of a remote of the repository at ``root``, or a URL or a path."""

    root: Path
    address: str = "origin"


def settings_for(remote: Remote, name: str) -> list[tuple[str, str]]:
    """The settings with which Git, in any other repository, reaches ``remote`` under ``name``, in order.

    Raises ConfigError for an address that is no remote or holds a password, GitError where Git fails.
    """
    found = _local_settings(remote.root)
    settings = [(key, value) for key, value in found if _COPIED.fullmatch(key)]
    prefix = f"remote.{remote.address}."
    own = [(key.removeprefix(prefix), value) for key, value in found if key.startswith(prefix)]
    if not any(key == "url" for key, _ in own):
        own = [("url", _given_address(remote))]
    top = find_top(remote.root) or remote.root
    for key, value in own:
        if key in _COPIED_OF_REMOTE:
            absolute = _absolute(value, top) if key in {"url", "pushurl"} else value
            settings.append((f"remote.{name}.{key}", absolute))
    # What the environment sets already must not be lost.
    inherited = int(os.environ.get("GIT_CONFIG_COUNT") or 0)
    given = [(os.environ[f"GIT_CONFIG_KEY_{n}"], os.environ[f"GIT_CONFIG_VALUE_{n}"]) for n in range(inherited)]
    return [*settings, *given]


def _local_settings(root: Path) -> list[tuple[str, str]]:
    done = run_git(root, "config", "--list", "-z", "--show-scope")
    if done.code != 0:
        message = f"git config failed in {root}: {text_without_user_info(done.error_text)}"
        raise GitError(message)
    fields = os.fsdecode(done.output).split("\0")
    pairs = zip(fields[::2], fields[1::2], strict=False)
    return [entry.partition("\n")[::2] for scope, entry in pairs if scope in _LOCAL_SCOPES]


def _given_address(remote: Remote) -> str:
    """The address if it can be one. Raises ConfigError."""
    address = remote.address
    if not re.search(r"[/\\:]", address):
        message = f"the repository {remote.root} has no remote {address!r}"
        raise ConfigError(message, advice=f"git remote add {address} ADDRESS, or name another under indexes: as remote")
    parts = urlsplit(address)
    if address.startswith("-") or parts.password is not None or (parts.scheme.startswith("http") and parts.username):
        message = "the address of a Git repository must hold no user name and no password"
        raise ConfigError(message, advice="take it out; Git asks its credential helper, or use ssh")
    return address


def _absolute(address: str, top: Path) -> str:
    """A path relative to the repository, as Git takes one in a remote, seen from anywhere."""
    has_host = "://" in address or re.match(r"[^/\\]+:", address)
    return address if has_host or Path(address).is_absolute() else str((top / address).absolute())
