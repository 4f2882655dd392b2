"""``paa indexes``."""

import os
from collections.abc import Mapping

import click

from paa.cli import output
from paa.cli.layout import say_pairs
from paa.cli.options import Settings, command, json_option
from paa.config import Config
from paa.documents.index_lists import InstallText, ListedIndex, indexes_to_json
from paa.documents.rules import is_distribution_name
from paa.edges.addresses import clone_url
from paa.edges.credentials import source_of, user_of_tokens
from paa.edges.git import remote_url
from paa.errors import UsageError
from paa.model import Index, IndexKind
from paa.publish.installing import Installer, branch_configuration, configuration, place_of
from paa.publish.targets import select_indexes
from paa.scan.repository import Repository, disk_state, open_repository
from paa.scan.scan import glance

_WITHOUT_LOGIN = {
    IndexKind.DIRECTORY: "none: it is a folder",
    IndexKind.GITHUB_PAGES: "those that Git has for the remote",
    IndexKind.GIT: "those that Git has for the remote",
}


@command("indexes")
@click.argument("names", nargs=-1)
@click.option(
    "--install-with",
    type=click.Choice([installer.value for installer in Installer]),
    help="Print how to install the packages from there, for this installer.",
)
@json_option
def indexes(settings: Settings, names: tuple[str, ...], install_with: str | None, *, as_json: bool) -> None:
    """Show the indexes that are configured: their addresses, where credentials come from, what is published there.

    NAMES limits it to these. Nothing is asked, and no secret is shown. --install-with is about the first of NAMES, or
    of publish_to.
    """
    repository = open_repository(settings.directory, settings.config)
    config = repository.config
    if install_with is not None:
        _show_installing(repository, select_indexes(config, names)[0], Installer(install_with), as_json=as_json)
        return
    listed = [_listed(index, config) for index in select_indexes(config, names or tuple(sorted(config.indexes)))]
    if as_json:
        output.say_json(indexes_to_json(listed))
        return
    for item in listed:
        _show(item)


def _listed(index: Index, config: Config) -> ListedIndex:
    return ListedIndex(
        index=index,
        credentials=_credentials(index, config),
        publish=index.name in config.publish_to,
        prereleases=index.name in config.prereleases_to,
    )


def _credentials(index: Index, config: Config) -> str | None:
    if index.kind in _WITHOUT_LOGIN:
        return None
    return source_of(index, environment=os.environ, only_target=config.publish_to == (index.name,))


def _show(item: ListedIndex) -> None:
    index = item.index
    goes = [what for what, is_so in (("releases", item.publish), ("pre-releases", item.prereleases)) if is_so]
    output.say(f"{index.name} ({index.kind})" + (f": {' and '.join(goes)} go there" if goes else ""))
    login = _WITHOUT_LOGIN.get(index.kind) or item.credentials or "none found"
    rows = (
        ("folder", None if index.path is None else str(index.path)),
        ("branch", index.branch),
        ("remote", (index.remote or "origin") if index.branch else None),
        ("upload", index.upload_url),
        ("read", index.simple_url),
        ("install", index.install_url),
        ("credentials", login),
    )
    say_pairs([(term, [value]) for term, value in rows if value is not None])


def _show_installing(repository: Repository, index: Index, installer: Installer, *, as_json: bool) -> None:
    found = glance(disk_state(repository), repository.config)
    packages = {item.distribution: item.package.name for item in found if is_distribution_name(item.distribution)}
    text = install_text(repository, index, installer, packages)
    if as_json:
        told = InstallText(installer=installer.value, index=index.name, text=text)
        output.say_json(indexes_to_json([_listed(index, repository.config)], told))
        return
    for line in text.splitlines():
        output.say(line)


def install_text(repository: Repository, index: Index, installer: Installer, packages: Mapping[str, str]) -> str:
    """What ``installer`` has to be told to install from ``index`` (resolved), without secrets.

    ``packages`` gives the package of each distribution. Raises UsageError for an installer that can't use the index.
    """
    if index.kind is IndexKind.GIT:
        return branch_configuration(installer, index, _address(repository, index), packages)
    return configuration(installer, place_of(index, user_of_tokens(index)), sorted(packages))


def _address(repository: Repository, index: Index) -> str:
    """The address that others clone the repository of a ``git`` index by."""
    remote = index.remote or "origin"
    configured = remote_url(repository.root, remote) if repository.in_git else None
    if configured is None and not any(mark in remote for mark in "/:"):
        message = f"index {index.name}: there is no remote {remote!r} to install from"
        raise UsageError(
            message, advice=f"git remote add {remote} …, or set indexes.{index.name}.remote in .paa.config"
        )
    return clone_url(configured or remote, repository.root)


COMMANDS = {"indexes": indexes}
