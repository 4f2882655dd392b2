"""What the README's list tells about the packages of a commit."""

import logging

from paa.config import Config
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
    indexes = select_indexes(repository.config, ())
    install = {index.name: line for index in indexes if (line := _install(index)) is not None}
    return Listing(packages=packages, install=install)


def _page(config: Config, package: str) -> str | None:
    base = config.gh_pages_base_url
    return f"{base.rstrip('/')}/{package}/" if base and config.add_mkdocs_site else config.docs_url


def _install(index: Index) -> str | None:
    """The command that installs from ``index``; None where no address of it can be told."""
    if index.kind is IndexKind.PYPI:
        return "pip install PACKAGE"
    address = index.install_url or index.simple_url
    return f"pip install --index-url {address} PACKAGE" if address else None
