"""The pages of a ``directory`` index: entries in, bytes out. The same entries give the same bytes.

HTML as in PEP 503 with PEP 592 (yanks), PEP 629 (version), PEP 658 and 714 (core metadata); JSON as in PEP 691 and 700,
without upload times, which would differ from copy to copy.
"""

import html
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from paa.edges.index import version_of

_HEAD = """\
<!DOCTYPE html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="pypi:repository-version" content="1.0">
    <title>{title}</title>
  </head>
  <body>
    <h1>{title}</h1>
"""
_NOT_OURS = "not a page that paa made"
_TAIL = "  </body>\n</html>\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What a page says of a file's content; ``metadata_sha256`` belongs to the ``.metadata`` file beside it, if any."""

    requires_python: str | None = None
    metadata_sha256: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One file as a project page lists it; ``yanked`` is the reason of a yank, None for a file that is not yanked."""

    name: str
    version: str
    size: int
    sha256: str
    facts: Facts
    yanked: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """What a page says of one file."""

    sha256: str
    size: int
    facts: Facts


def project_html(project: str, entries: Sequence[Entry]) -> bytes:
    """``simple/<project>/index.html``."""
    lines = [f"    <a {_attributes(entry)}>{html.escape(entry.name)}</a><br>\n" for entry in entries]
    return (_HEAD.format(title=f"Links for {html.escape(project)}") + "".join(lines) + _TAIL).encode()


def project_json(project: str, entries: Sequence[Entry]) -> bytes:
    """``simple/<project>/index.json``."""
    versions = list(dict.fromkeys(entry.version for entry in entries))
    files = [_json_file(entry) for entry in entries]
    return _json({"meta": {"api-version": "1.1"}, "name": project, "versions": versions, "files": files})


def in_order(project: str, found: Mapping[str, Listed], yanked: Mapping[str, str]) -> list[Entry]:
    """The entries of a page, by version and name, from file name → what is known of the file."""
    versions = {name: version for name in found if (version := version_of(name, project)) is not None}
    return [
        Entry(
            name=name,
            version=str(versions[name]),
            size=found[name].size,
            sha256=found[name].sha256,
            facts=found[name].facts,
            yanked=yanked.get(name),
        )
        for name in sorted(versions, key=lambda name: (versions[name], name))
    ]


def root_html(projects: Sequence[str]) -> bytes:
    """``simple/index.html``."""
    lines = [f'    <a href="{quote(name)}/">{html.escape(name)}</a><br>\n' for name in projects]
    return (_HEAD.format(title="Simple index") + "".join(lines) + _TAIL).encode()


def root_json(projects: Sequence[str]) -> bytes:
    """``simple/index.json``."""
    return _json({"meta": {"api-version": "1.1"}, "projects": [{"name": name} for name in projects]})


def parse_project_json(page: bytes) -> Mapping[str, Listed]:
    """File name → what is listed of it, from a page that ``project_json`` made. Raises ValueError for any other."""
    try:
        return {str(file["filename"]): _listed(file) for file in json.loads(page)["files"]}
    except (KeyError, TypeError, AttributeError, RecursionError) as error:
        raise ValueError(_NOT_OURS) from error


def parse_root_json(page: bytes) -> list[str]:
    """The projects on a page that ``root_json`` made. Raises ValueError for any other."""
    try:
        return [str(project["name"]) for project in json.loads(page)["projects"]]
    except (KeyError, TypeError, RecursionError) as error:
        raise ValueError(_NOT_OURS) from error


def _attributes(entry: Entry) -> str:
    attributes = {"href": f"{quote(entry.name)}#sha256={entry.sha256}"}
    if entry.facts.requires_python is not None:
        attributes["data-requires-python"] = entry.facts.requires_python
    if entry.facts.metadata_sha256 is not None:
        attributes["data-core-metadata"] = f"sha256={entry.facts.metadata_sha256}"
    if entry.yanked is not None:
        attributes["data-yanked"] = entry.yanked
    return " ".join(f'{name}="{html.escape(value)}"' for name, value in attributes.items())


def _json_file(entry: Entry) -> dict[str, object]:
    file: dict[str, object] = {
        "filename": entry.name,
        "url": quote(entry.name),
        "hashes": {"sha256": entry.sha256},
        "size": entry.size,
        "yanked": False if entry.yanked is None else entry.yanked or True,
    }
    if entry.facts.requires_python is not None:
        file["requires-python"] = entry.facts.requires_python
    if entry.facts.metadata_sha256 is not None:
        file["core-metadata"] = {"sha256": entry.facts.metadata_sha256}
    return file


def _listed(file: dict[str, Any]) -> Listed:
    sha256, size = file["hashes"]["sha256"], file["size"]
    if not isinstance(sha256, str) or not isinstance(size, int) or not re.fullmatch("[0-9a-f]{64}", sha256):
        raise ValueError(_NOT_OURS)
    facts = Facts(
        requires_python=_string_or_none(file.get("requires-python")),
        metadata_sha256=_string_or_none(file.get("core-metadata", {}).get("sha256")),
    )
    return Listed(sha256=sha256, size=size, facts=facts)


def _string_or_none(value: object) -> str | None:
    if value is None or isinstance(value, str):
        return value
    raise ValueError(_NOT_OURS)


def _json(document: dict[str, object]) -> bytes:
    return (json.dumps(document, ensure_ascii=False) + "\n").encode()  # indenting would take ten times as long
