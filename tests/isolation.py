"""The environment that tests run in: nothing of the machine's user, and no way out but for tests that ask for one."""

import os
from collections.abc import Mapping
from pathlib import Path

# Nothing listens there: what goes through it is refused at once.
_NO_WAY_OUT = "http://127.0.0.1:9"
_LOOPBACK = "127.0.0.1,localhost,::1"

_GIT_CONFIG = """\
[user]
    name = Tester
    email = tester@example.org
[init]
    defaultBranch = main
[core]
    autocrlf = false
[commit]
    gpgSign = false
[tag]
    gpgSign = false
[gc]
    auto = 0
[maintenance]
    auto = false
"""

# Settings, credentials and marks of CI systems that change what paa, Git, pip, uv or twine do.
_FOREIGN_PREFIXES = (
    "ACTIONS_",
    "BUILDKITE",
    "CI_",
    "CIRCLE",
    "GITHUB_",
    "GITLAB_",
    "GIT_",
    "PAA_",
    "PIP_",
    "SYSTEM_",
    "TWINE_",
    "UV_",
)
_FOREIGN_NAMES = frozenset(
    {
        "ALL_PROXY",
        "CI",
        "CLICOLOR_FORCE",
        "CONDA_PREFIX",
        "FORCE_COLOR",
        "HTTPS_PROXY",
        "HTTP_PROXY",
        "NETRC",
        "NO_PROXY",
        "PYPIRC_PATH",
        "PYTHON_KEYRING_BACKEND",
        "SOURCE_DATE_EPOCH",
        "TF_BUILD",
        "VIRTUAL_ENV",
    }
)
# A test that may use the network needs the machine's way to it: these variables, and what pip and uv have of that kind.
_ROUTE_NAMES = frozenset({"ALL_PROXY", "HTTPS_PROXY", "HTTP_PROXY", "NO_PROXY", "NETRC"})
_ROUTE_PREFIXES = ("PIP_", "UV_")
_ROUTE_WORDS = ("CACHE", "CERT", "CONFIG_FILE", "FIND_LINKS", "HOST", "INDEX", "PROXY", "RETRIES", "TIMEOUT", "TLS")


def isolated_environment(original: Mapping[str, str], *, home: Path, network: bool) -> dict[str, str]:
    """The environment for a test, from the one that pytest was started in.

    ``home`` becomes the user's home, with caches and settings below it. With ``network`` the machine's proxies and the
    settings of pip and uv stay, also those that lie in the real home; without, every program that honours the proxy
    variables is refused at once, save on loopback.
    """
    environment = {name: value for name, value in original.items() if not _is_foreign(name)}
    environment |= {
        "HOME": str(home),
        "USERPROFILE": str(home),
        "XDG_CACHE_HOME": str(home / ".cache"),
        "XDG_CONFIG_HOME": str(home / ".config"),
        "XDG_DATA_HOME": str(home / ".local" / "share"),
        "XDG_STATE_HOME": str(home / ".local" / "state"),
        "GIT_CONFIG_GLOBAL": str(home / ".gitconfig"),
        "GIT_CONFIG_SYSTEM": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_CEILING_DIRECTORIES": str(home.parent),
        "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring",
    }
    return environment | (_route(original) if network else _no_route())


def prepare_home(home: Path) -> None:
    """Make the folder ``home`` with Git's settings in it: who commits, and ``main`` as the first branch."""
    home.mkdir(parents=True, exist_ok=True)
    (home / ".gitconfig").write_text(_GIT_CONFIG, encoding="utf-8")


def _is_foreign(name: str) -> bool:
    return name.upper().startswith(_FOREIGN_PREFIXES) or name.upper() in _FOREIGN_NAMES


def _is_route(name: str) -> bool:
    upper = name.upper()
    if upper.startswith(_ROUTE_PREFIXES):
        return any(word in upper for word in _ROUTE_WORDS)
    return upper in _ROUTE_NAMES


def _no_route() -> dict[str, str]:
    proxies = dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"), _NO_WAY_OUT) | {"NO_PROXY": _LOOPBACK}
    lower_case = {name.lower(): value for name, value in proxies.items()}
    return proxies | lower_case | {"PIP_CONFIG_FILE": os.devnull, "PIP_RETRIES": "0", "UV_NO_CONFIG": "1"}


def _route(original: Mapping[str, str]) -> dict[str, str]:
    real_home = Path(original.get("HOME") or original.get("USERPROFILE") or Path.home())
    settings = Path(original.get("XDG_CONFIG_HOME") or real_home / ".config")
    caches = Path(original.get("XDG_CACHE_HOME") or real_home / ".cache")
    route = {"PIP_CACHE_DIR": str(caches / "pip"), "UV_CACHE_DIR": str(caches / "uv")}
    # The later wins, as in pip itself.
    for name, path in (
        ("PIP_CONFIG_FILE", real_home / ".pip" / "pip.conf"),
        ("PIP_CONFIG_FILE", real_home / "Library" / "Application Support" / "pip" / "pip.conf"),
        ("PIP_CONFIG_FILE", settings / "pip" / "pip.conf"),
        ("UV_CONFIG_FILE", settings / "uv" / "uv.toml"),
    ):
        if path.is_file():
            route[name] = str(path)
    return route | {name: value for name, value in original.items() if _is_route(name)}
