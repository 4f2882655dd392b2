"""What the README's list tells about the packages of a commit."""

import logging
from collections.abc import Mapping

from paa.config import Config
from paa.edges.addresses import clone_url
from paa.edges.git import remote_url
from paa.edges.index_branches import branch_of
from paa.edges.tree import Tree
from paa.model import Index, IndexKind
from paa.publish.targets import select_indexes
from paa.record.files import README
from paa.record.model import ListedPackage, Listing
from paa.scan.repository import Repository
from paa.scan.scan import scan

log = logging.getLogger(__name__)


def read_listing(repository: Repository, tree: Tree) -> Listing | None:
    """The packages of ``tree`` and how they are installed; None where the README goes into a package.

    A list in such a README would change the package with each of its releases, and so release it for ever.
    """
    scanned = scan(tree, repository.config)
    shipping = sorted(item.package.name for item in scanned if README in item.contents)
    if shipping:
        log.warning("%s goes into %s, so that no list of packages is written into it", README, shipping[0])
        return None
    packages = tuple(
        ListedPackage(
            package=item.package.name,
            distribution=item.distribution,
            description=item.metadata.description if item.metadata else "",
            page=_page(repository.config, item.package.name),
        )
        for item in scanned
        if item.metadata is None or item.metadata.publish
    )
    return Listing(packages=packages, install=install_commands(repository))


def install_commands(repository: Repository) -> Mapping[str, str]:
    """What installs from each index of ``publish_to``, by its name, with PACKAGE for the name of the distribution."""
    indexes = select_indexes(repository.config, ())
    return {index.name: line for index in indexes if (line := _install(index, repository)) is not None}


def _page(config: Config, package: str) -> str | None:
    base = config.gh_pages_base_url
    return f"{base.rstrip('/')}/{package}/" if base and config.add_mkdocs_site else config.docs_url


def _install(index: Index, repository: Repository) -> str | None:
    """The command that installs from ``index``; None where no address of it can be told to others."""
    if index.kind is IndexKind.PYPI:
        return "pip install PACKAGE"
    if index.kind is IndexKind.GIT:
        address = _clone_address(index, repository)
        branch = branch_of(index).replace("{package}", "PACKAGE")
        return f'pip install "PACKAGE @ git+{address}@{branch}"' if address else None
    address = index.install_url or index.simple_url
    return f"pip install --index-url {address} PACKAGE" if address else None


def _clone_address(index: Index, repository: Repository) -> str | None:
    """Where others clone the repository of a ``git`` index from; None for a folder of this machine."""
    name = index.remote or "origin"
    configured = remote_url(repository.root, name) if repository.in_git else None
    address = clone_url(configured or name, repository.root)
    return None if address.startswith("file:") else address
