"""``paa indexes --json``: the indexes that are configured. docs/reference/formats.md describes the document."""

from collections.abc import Sequence
from dataclasses import dataclass

from paa.documents.reading import SCHEMA
from paa.documents.writing import without_none
from paa.model import Index


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedIndex:
    """An index as it is used: ``index`` is resolved, ``credentials`` names the place that they come from.

    ``publish`` and ``prereleases`` say whether releases and pre-releases go there.
    """

    index: Index
    credentials: str | None = None
    publish: bool = False
    prereleases: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class InstallText:
    """What ``installer`` is told of the index of that name."""

    installer: str
    index: str
    text: str


def indexes_to_json(indexes: Sequence[ListedIndex], told: InstallText | None = None) -> dict[str, object]:
    """The document of a list of indexes, sorted by name, with what an installer is told if that was asked for."""
    ordered = sorted(indexes, key=lambda item: item.index.name)
    document: dict[str, object] = {"schema": SCHEMA, "indexes": [listed_to_json(item) for item in ordered]}
    if told is not None:
        document["install_with"] = {"installer": told.installer, "index": told.index, "text": told.text}
    return document


def listed_to_json(item: ListedIndex) -> dict[str, object]:
    """The entry of one index. Nothing in it is a secret."""
    index = item.index
    places = {
        "path": None if index.path is None else str(index.path),
        "upload_url": index.upload_url,
        "simple_url": index.simple_url,
        "install_url": index.install_url,
        "branch": index.branch,
        "remote": index.remote,
        "credentials": item.credentials,
    }
    return {
        "name": index.name,
        "kind": index.kind.value,
        **without_none(places),
        "publish": item.publish,
        "prereleases": item.prereleases,
    }
