"""The indexes that a command is about, with all addresses: those of the settings, and those of a plan."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from paa.config.faults import did_you_mean
from paa.config.index_kinds import KINDS_BY_NAME
from paa.errors import ConfigError, UsageError
from paa.model import Index, IndexKind, Plan, PublishSettings
from paa.model.names import normalized
from paa.publish.kinds import ADDRESSES, Addresses

if TYPE_CHECKING:
    from pathlib import Path

    from paa.config.settings import Config


# They are no servers that take uploads; what they need is checked where they are opened.
BRANCHES = (IndexKind.GITHUB_PAGES, IndexKind.GIT)
_WITHOUT_UPLOADS = (IndexKind.DIRECTORY, *BRANCHES)


def resolve_index(index: Index) -> Index:
    """``index`` with everything filled in that its kind determines; what the configuration says stays.

    Raises ConfigError if something is still missing, or if an address holds a user name or a password.
    """
    from paa.edges.index import check_url

    fields = KINDS_BY_NAME[index.kind]
    given = index.upload_url is not None and index.simple_url is not None and fields.replaceable
    missing = [name for name in fields.needed if getattr(index, name) is None]
    if missing and not given:
        message = f"index {index.name}: an index of kind {index.kind} needs {' and '.join(missing)}"
        raise ConfigError(message, advice=f"set it under indexes.{index.name} in .paa.config")
    found = Addresses() if given else ADDRESSES[index.kind](index)
    resolved = replace(
        index,
        upload_url=index.upload_url or found.upload_url,
        simple_url=index.simple_url or found.simple_url,
        # Whoever gives an address of his own for reading means installers too.
        install_url=index.install_url or (None if index.simple_url else found.install_url),
    )
    if index.kind not in _WITHOUT_UPLOADS:
        check_url(index.name, resolved.upload_url, "upload_url")
        check_url(index.name, resolved.simple_url, "simple_url")
    return resolved


def select_indexes(config: "Config", names: Sequence[str]) -> tuple[Index, ...]:
    """The configured indexes of those names, resolved, each once, in the order given; ``publish_to`` for no names.

    Raises UsageError for a name that is not configured, ConfigError as ``resolve_index`` does.
    """
    return tuple(resolve_index(index) for index in named_indexes(config, names))


def named_indexes(config: "Config", names: Sequence[str]) -> tuple[Index, ...]:
    """The same as they are configured, for when nothing is going to be asked. Raises UsageError likewise."""
    wanted = tuple(dict.fromkeys(names or config.publish_to))
    for name in wanted:
        if name not in config.indexes:
            message = f"there is no index {name!r}{did_you_mean(name, config.indexes)}"
            advice = f"configured: {', '.join(sorted(config.indexes))}; others are added under indexes: in .paa.config"
            raise UsageError(message, advice=advice)
    return tuple(config.indexes[name] for name in wanted)


def publish_settings(
    config: "Config", planned: Sequence[str], address: str | None, distributions: Mapping[str, bool]
) -> PublishSettings:
    """What a plan whose releases go to the indexes ``planned`` has to carry, so that any machine can publish them.

    ``address`` is where the sources can be seen, ``distributions`` are those of all packages of the repository, each
    with whether it is a project's (what is no valid name, as of a file that is blocked for it, is left out). Raises
    ConfigError as ``resolve_index`` does.
    """
    from paa.documents.rules import is_distribution_name
    from paa.edges.addresses import without_user_info

    names = (*planned, *config.publish_to, *config.prereleases_to)
    known = {normalized(name): own for name, own in sorted(distributions.items()) if is_distribution_name(name)}
    return PublishSettings(
        indexes=select_indexes(config, names),
        publish_to=config.publish_to,
        prereleases_to=config.prereleases_to,
        adopt=tuple(sorted(config.adopt)),
        distributions=tuple(sorted(known)),
        projects=tuple(sorted(name for name, own in known.items() if own)),
        repository=None if address is None else without_user_info(address),
    )


def planned_indexes(plan: Plan, names: Sequence[str], root: "Path | None") -> tuple[Index, ...]:
    """The indexes of ``plan`` (which has settings) of those names, each once; all that it releases to for no names.

    What is a branch of a Git repository belongs to that at ``root``. Raises UsageError for an index that the plan
    releases nothing to, and for such a branch where there is no repository.
    """
    known = {index.name: index for index in plan.settings.indexes} if plan.settings else {}
    wanted = tuple(dict.fromkeys(names or plan.indexes))
    for name in wanted:
        if name not in plan.indexes or name not in known:
            message = f"the plan releases nothing to an index {name!r}"
            raise UsageError(message, advice=f"it releases to {', '.join(plan.indexes) or 'none'}")
        if known[name].kind in BRANCHES and root is None:
            message = f"index {name} is on branches of a Git repository, and this is not in one"
            advice = "run it in a clone of the repository with its remote, or publish to other indexes with --index"
            raise UsageError(message, advice=advice)
    return tuple(_at(known[name], root) for name in wanted)


def further_indexes(plan: Plan, targets: Sequence[Index], root: "Path | None") -> tuple[Index, ...]:
    """The other indexes in the settings of ``plan``, as far as they can be read from here."""
    names = {index.name for index in targets}
    others = tuple(index for index in (plan.settings.indexes if plan.settings else ()) if index.name not in names)
    return tuple(_at(index, root) for index in others if index.kind not in BRANCHES or root is not None)


def _at(index: Index, root: "Path | None") -> Index:
    return replace(index, root=root) if index.kind in BRANCHES else index
