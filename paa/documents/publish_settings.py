"""The settings in a plan's document ↔ PublishSettings: what publishing needs where there is no repository.

An index is held to the rules that its entry in ``.paa.config`` has, so no address in it has a user name or a password.
"""

from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any

from packaging.utils import canonicalize_name

from paa.config.index_kinds import ADDRESSES, FIELDS_BY_NAME, KINDS_BY_NAME, KindFields, rules_of
from paa.config.rules import INDEX_NAME, INDEX_URL, URL, Rule, broken
from paa.config.settings import BUILT_IN_INDEXES
from paa.documents.reading import Node, twice
from paa.documents.rules import DISTRIBUTION, LINE
from paa.model import Index, IndexKind, PublishSettings

_INSTALL_URL = "install_url"
_WITHOUT_UPLOADS = (IndexKind.DIRECTORY, IndexKind.GITHUB_PAGES, IndexKind.GIT)


def settings_to_json(settings: PublishSettings) -> dict[str, object]:
    """The document of the settings, indexes by name."""
    return {
        "indexes": [_index_to_json(index) for index in sorted(settings.indexes, key=lambda index: index.name)],
        "publish_to": list(settings.publish_to),
        "prereleases_to": list(settings.prereleases_to),
        "adopt": sorted(settings.adopt),
        "distributions": sorted(settings.distributions),
        "projects": sorted(settings.projects),
        "repository": settings.repository,
    }


def read_settings(node: Node, planned: Collection[str]) -> PublishSettings:
    """The settings of a plan whose releases go to the indexes ``planned``; faults are noted in ``node``."""
    indexes = tuple(_read_index(item) for item in node.nodes("indexes"))
    settings = PublishSettings(
        indexes=indexes,
        publish_to=node.texts("publish_to", LINE),
        prereleases_to=node.texts("prereleases_to", LINE),
        adopt=_names_in(node, "adopt"),
        distributions=_names_in(node, "distributions"),
        projects=_names_in(node, "projects"),
        repository=_obeying(node, "repository", URL),
    )
    names = [index.name for index in indexes]
    for name in twice(names):
        node.fault("indexes", f"{name} is there twice")
    for name in sorted({*planned, *settings.publish_to, *settings.prereleases_to} - {*names, ""}):
        node.fault("indexes", f"{name} is missing")
    return settings


def _names_in(node: Node, key: str) -> tuple[str, ...]:
    return tuple(sorted({canonicalize_name(name) for name in node.texts(key, DISTRIBUTION)}))


def _index_to_json(index: Index) -> dict[str, object]:
    values = {name: getattr(index, name) for name in _names(KINDS_BY_NAME[index.kind])}
    texts = {name: value.as_posix() if isinstance(value, Path) else value for name, value in values.items()}
    return {"name": index.name, "kind": index.kind.value, **{key: text for key, text in texts.items() if text}}


def _names(fields: KindFields) -> tuple[str, ...]:
    """All that an index of a kind is described by, its addresses included, wherever they come from."""
    further = () if fields.kind in _WITHOUT_UPLOADS else (*ADDRESSES, _INSTALL_URL)
    pages = ("simple_url",) if fields.kind is IndexKind.GITHUB_PAGES else ()
    return tuple(dict.fromkeys((*fields.names, *further, *pages)))


def _required(fields: KindFields) -> Sequence[str]:
    """What publishing can't do without."""
    if fields.kind in _WITHOUT_UPLOADS:
        return (*fields.needed, *(name for name, _ in fields.defaults))
    return ADDRESSES if fields.replaceable else (*fields.needed, *ADDRESSES)


def _read_index(node: Node) -> Index:
    name = _obeying(node, "name", INDEX_NAME) or ""
    kind = node.choice("kind", IndexKind)
    if name in BUILT_IN_INDEXES and kind.value != name:
        node.fault("kind", f"the index {name} is of kind {name}")
    fields = KINDS_BY_NAME[kind]
    values: dict[str, Any] = {field: _obeying(node, field, _rules(kind, field)) for field in _names(fields)}
    for field in ("name", *_required(fields)):
        if node.values.get(field) is None:
            node.fault(field, "is missing")
    path = values.pop("path", None)
    if path is not None and not Path(path).is_absolute():
        node.fault("path", f"{path} is not absolute")
    return Index(name=name, kind=kind, path=None if path is None else Path(path), **values)


def _rules(kind: IndexKind, field: str) -> tuple[Rule, ...]:
    return rules_of(kind, field) if field in FIELDS_BY_NAME else INDEX_URL


def _obeying(node: Node, key: str, rules: tuple[Rule, ...]) -> str | None:
    """The text of ``key`` if it keeps to ``rules``; a fault is noted, without the value, which may hold a password."""
    text = node.optional_text(key, LINE)
    if text and (rule := broken(text, rules)):
        node.fault(key, rule.message)
        return None
    return text
