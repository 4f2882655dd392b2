"""Addresses of repositories and indexes: what may be shown of them, and where a repository can be browsed."""

import re
from pathlib import Path
from urllib.parse import quote, urlsplit, urlunsplit

_USER_INFO = re.compile(r"(?<=://)[^/\s]*@")
_AZURE_SSH = re.compile(r"/?v3/([^/]+)/([^/]+)/([^/]+)/?")


def without_user_info(url: str) -> str:
    """``url`` fit for a message: no user name, no password, no query, no fragment."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return "<malformed URL>"
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, "", ""))


def text_without_user_info(text: str) -> str:
    """``text`` with the user info of every URL in it left out, so that no token reaches a message."""
    return _USER_INFO.sub("", text)


def is_plain_text(url: str) -> bool:
    """Whether what is sent to ``url`` can be read on the way: http to another machine."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        return True
    is_here = host in {"localhost", "::1"} or host.endswith(".localhost") or host.startswith("127.")
    return parts.scheme != "https" and not is_here


def web_url(url: str) -> str | None:
    """The web address of a repository from its remote URL; None for a local path. User info is left out.

    An address that is http or https already keeps its port; from any other, the port says nothing about the web.
    """
    host, colon, path = url.partition(":")
    # The short form of ssh; a single letter before the colon is a drive.
    if "://" not in url and colon and len(host) > 1 and not url.startswith(("/", ".")):
        url = f"ssh://{host}/{path}"
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return None
    if parts.scheme not in {"http", "https", "ssh", "git"} or not parts.hostname:
        return None
    if parts.hostname == "ssh.dev.azure.com" and (match := _AZURE_SSH.fullmatch(parts.path)):
        return f"https://dev.azure.com/{match[1]}/{match[2]}/_git/{match[3]}"
    is_web = parts.scheme in {"http", "https"}
    place = f"{parts.hostname}:{port}" if is_web and port else parts.hostname
    path = parts.path.removesuffix("/").removesuffix(".git")
    return urlunsplit((parts.scheme if is_web else "https", place, path, "", ""))


def clone_url(url: str, root: Path) -> str:
    """The address of a repository as a URL that installers take after ``git+``; ``root`` is what a path is relative to.

    Passwords are left out, and user names too unless the address is ssh's, which needs one.
    """
    if "://" not in url:
        host, colon, path = url.partition(":")
        if colon and len(host) > 1 and not url.startswith(("/", ".")):
            return f"ssh://{host}/{path.removeprefix('/')}"
        return (root / url).resolve().as_uri()
    scheme, _, rest = url.partition("://")
    authority, slash, path = rest.partition("/")
    login, _, place = authority.rpartition("@")
    user = f"{login.partition(':')[0]}@" if login and scheme == "ssh" else ""
    return f"{scheme}://{user}{place}{slash}{path}"


def file_url(repository: str, path: str, tag: str, *, raw: bool) -> str | None:
    """Where ``path`` of the repository can be seen as it is at ``tag``: its page, or its bytes (``raw``).

    ``repository`` is the web address of the repository. None where the host is not known to show files so; Azure shows
    no bytes without a login.
    """
    base = web_url(repository)
    host = urlsplit(base).netloc if base else ""
    where, name = quote(path), quote(tag)
    if "github" in host:
        # GitHub serves SVG as text unless it is asked to clean it.
        clean = "?sanitize=true" if raw and path.lower().endswith(".svg") else ""
        return f"{base}/{'raw' if raw else 'blob'}/{name}/{where}{clean}"
    if "gitlab" in host:
        return f"{base}/-/{'raw' if raw else 'blob'}/{name}/{where}"
    if host == "bitbucket.org":
        return f"{base}/{'raw' if raw else 'src'}/{name}/{where}"
    if host in {"codeberg.org", "gitea.com"}:
        return f"{base}/{'raw' if raw else 'src'}/tag/{name}/{where}"
    if base and "/_git/" in base and not raw:
        return f"{base}?path=/{where}&version=GT{name}"
    return None
