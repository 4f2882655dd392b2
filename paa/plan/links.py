"""Addresses of commits and changes on the web page of the repository, in the manner of its host."""

import re
from urllib.parse import quote, unquote, urlsplit

_AZURE_SSH = re.compile(r"/v3/([^/]+)/([^/]+)/([^/]+)")
_SHA = re.compile(r"[0-9a-f]{7,64}")
_CHANGE = re.compile(r"([#!])([0-9]{1,9})")


def commit_link(repository: str, sha: str) -> str | None:
    """The page of commit ``sha``; None when ``repository`` is no web address or ``sha`` no hash.

    ``repository`` is the http(s) address of the repository. User info, query and fragment are left out of the link.
    """
    base = _base(repository)
    if base is None or not _SHA.fullmatch(sha):
        return None
    if _is_gitlab(base):
        return f"{base}/-/commit/{sha}"
    return f"{base}/commits/{sha}" if "//bitbucket.org/" in base else f"{base}/commit/{sha}"


def change_link(repository: str, reference: str) -> str | None:
    """The page of the change or issue that ``#12`` or ``!12`` means on this host; None where it means nothing."""
    base, match = _base(repository), _CHANGE.fullmatch(reference)
    if base is None or match is None:
        return None
    sign, number = match.groups()
    if _is_azure(base):
        return f"{base}/pullrequest/{number}" if sign == "!" else None
    if _is_gitlab(base):
        return f"{base}/-/merge_requests/{number}" if sign == "!" else f"{base}/-/issues/{number}"
    if "//bitbucket.org/" in base:
        return f"{base}/pull-requests/{number}" if sign == "#" else None
    return f"{base}/pull/{number}" if sign == "#" else None


def _base(repository: str) -> str | None:
    """The address without user info and ``.git``, safe inside a Markdown link."""
    try:
        parts = urlsplit(repository.strip())
        host, port = parts.hostname, parts.port
    except ValueError:
        return None
    if parts.scheme not in {"http", "https"} or not host or not re.fullmatch(r"[A-Za-z0-9.-]+", host):
        return None
    path = unquote(parts.path).rstrip("/").removesuffix(".git")
    if host in {"ssh.dev.azure.com", "vs-ssh.visualstudio.com"} and (azure := _AZURE_SSH.fullmatch(path)):
        host, path = "dev.azure.com", f"/{azure[1]}/{azure[2]}/_git/{azure[3]}"
    if not path or any(ord(letter) < ord(" ") for letter in path):
        return None
    return f"{parts.scheme}://{host}{f':{port}' if port else ''}{quote(path, safe='/~')}"


def _is_azure(base: str) -> bool:
    return "/_git/" in base


def _is_gitlab(base: str) -> bool:
    return "gitlab" in base.split("/")[2]
